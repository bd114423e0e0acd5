"""One row of a reservation sheet: the columns there are, and what a row asks for.

A row's **identity** is what makes it the same sale wherever it stands: hotel, stay, party, room, rate and guest. From
it comes the row's request key when the sheet has none, so the same row in a corrected file, in another order or saved
as XLSX instead of CSV is the same sale and makes no second one. Two rows that are alike in one file are two sales:
they are told apart by counting.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.errors import InvalidInput
from domain.reservation import Guarantee, ReservationState
from integration.ports.sheets import Cell
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.recognise_guest import clean_email
from integration.usecases.sheet_cells import ages_of, amount_of, codes_of, day_of, text_of, whole_of
from integration.usecases.sheet_columns import folded
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "key": ("request_key", "anahtar"),
    "reservation_id": ("reservation", "rezervasyon no", "rezervasyon"),
    "hotel": ("hotel_id", "otel"),
    "status": ("state", "durum"),
    "check_in": ("arrival", "giriş", "giriş tarihi", "geliş"),
    "check_out": ("departure", "çıkış", "çıkış tarihi", "ayrılış"),
    "nights": ("gece", "geceleme", "gece sayısı"),
    "adults": ("yetişkin", "yetişkin sayısı"),
    "child_ages": ("children", "çocuk yaşları", "çocuk"),
    "rooms": ("oda sayısı", "oda adedi"),
    "room_type": ("oda tipi", "oda"),
    "rate_plan": ("rate", "fiyat planı", "fiyat tipi"),
    "currency": ("para birimi", "döviz"),
    "market": ("pazar",),
    "promo": ("promotion", "kampanya"),
    "guarantee": ("garanti",),
    "expected_total": ("total", "toplam", "beklenen tutar", "tutar"),
    "guest_id": ("misafir no",),
    "name": ("guest", "guest name", "ad soyad", "misafir", "adı soyadı"),
    "phone": ("telephone", "telefon", "cep", "cep telefonu"),
    "email": ("e-mail", "e-posta", "eposta"),
    "language": ("dil",),
    "nationality": ("country", "uyruk", "ülke"),
    "requests": ("special requests", "özel istekler", "istekler"),
    "note": ("notes", "not", "notlar", "açıklama"),
}
_STATES = {
    "hold": ReservationState.HOLD, "bekletme": ReservationState.HOLD,
    "option": ReservationState.OPTION, "opsiyon": ReservationState.OPTION,
    "confirmed": ReservationState.CONFIRMED, "confirm": ReservationState.CONFIRMED, "kesin": ReservationState.CONFIRMED,
    "onayli": ReservationState.CONFIRMED,
}  # fmt: skip
_GUARANTEES = {
    "card": Guarantee.CARD, "kart": Guarantee.CARD, "kredi_karti": Guarantee.CARD,
    "agency": Guarantee.AGENCY, "acente": Guarantee.AGENCY, "acenta": Guarantee.AGENCY,
    "company": Guarantee.COMPANY, "firma": Guarantee.COMPANY, "sirket": Guarantee.COMPANY,
    "deposit": Guarantee.DEPOSIT, "depozito": Guarantee.DEPOSIT, "on_odeme": Guarantee.DEPOSIT,
}  # fmt: skip
_MOST_KEY = 200


@dataclass(frozen=True, slots=True)
class RowSale:
    """What a row asks for. `key`: the sheet's own; `known_id`: the reservation it was exported from; `expected`: amount
    and currency (None: the sale's)."""

    key: str | None
    known_id: str | None
    request: BookRequest
    expected: tuple[Decimal, str | None] | None
    identity: str

    @property
    def wish(self) -> StayWish:
        """Dates, party, room type and rate plan; a row always has them."""
        if self.request.wish is None:
            raise InvalidInput("Booking by dates needs a room type and a rate plan.", field="room_type")
        return self.request.wish


def sale_of(desk: Desk, cells: Mapping[str, Cell], hotel_id: str | None) -> RowSale:
    """The sale a row asks for, checked as far as the row alone tells. InvalidInput names the column."""
    wish = _wish(cells, hotel_id)
    hotel = desk.hotel(wish.hotel_id)
    wish = replace(wish, hotel_id=hotel.hotel_id)
    request = BookRequest(
        to=_state(cells),
        request_key="",
        wish=wish,
        guest_id=_text(cells, "guest_id"),
        card=_card(cells),
        guarantee=_guarantee(cells),
        requests=codes_of(cells.get("requests"), "requests"),
        note=_text(cells, "note"),
    )
    key = _text(cells, "key")
    if key is not None and not (key.isascii() and key.isprintable() and len(key) <= _MOST_KEY):
        raise InvalidInput("A key is at most {most} printable ASCII characters.", most=_MOST_KEY, field="key")
    expected = amount_of(cells.get("expected_total"), "expected_total")
    return RowSale(key, _text(cells, "reservation_id"), request, expected, _identity(desk, request, wish))


def _text(cells: Mapping[str, Cell], column: str) -> str | None:
    return text_of(cells.get(column), column) or None


def _needed(cells: Mapping[str, Cell], column: str) -> str:
    text = _text(cells, column)
    if text is None:
        raise InvalidInput("Nothing stands under {column}.", column=column, field=column)
    return text


def _wish(cells: Mapping[str, Cell], hotel_id: str | None) -> StayWish:
    check_in = day_of(cells.get("check_in"), "check_in")
    adults = whole_of(cells.get("adults"), "adults")
    if check_in is None or adults is None:
        raise InvalidInput(
            "Nothing stands under {column}.", column="adults" if check_in else "check_in", field="check_in"
        )
    rooms = whole_of(cells.get("rooms"), "rooms")
    return StayWish(
        check_in=check_in,
        nights=_nights(cells, check_in),
        adults=adults,
        child_ages=ages_of(cells.get("child_ages"), "child_ages"),
        rooms=1 if rooms is None else rooms,
        hotel_id=_text(cells, "hotel") or hotel_id,
        room_type=_needed(cells, "room_type").upper(),
        rate_plan=_needed(cells, "rate_plan").upper(),
        currency=(_text(cells, "currency") or "").upper() or None,
        market=(_text(cells, "market") or "").upper() or None,
        promo=_text(cells, "promo"),
        language=_text(cells, "language"),
    )


def _nights(cells: Mapping[str, Cell], check_in: date) -> int:
    nights, check_out = whole_of(cells.get("nights"), "nights"), day_of(cells.get("check_out"), "check_out")
    if check_out is None:
        if nights is None:
            raise InvalidInput("Nothing stands under {column}.", column="nights", field="nights")
        return nights
    between = (check_out - check_in).days
    if nights is not None and nights != between:
        raise InvalidInput(
            "From check_in to check_out are {between} nights, not {nights}.",
            between=between,
            nights=nights,
            field="nights",
        )
    return between


def _state(cells: Mapping[str, Cell]) -> ReservationState:
    typed = _needed(cells, "status")
    found = _STATES.get(folded(typed))
    if found is None:
        raise InvalidInput(
            "{text} under {column} is none of {words}.",
            text=typed[:40], column="status", words="hold, option, confirmed", field="status",
        )  # fmt: skip
    return found


def _guarantee(cells: Mapping[str, Cell]) -> Guarantee | None:
    typed = _text(cells, "guarantee")
    if typed is None:
        return None
    found = _GUARANTEES.get(folded(typed))
    if found is None:
        raise InvalidInput(
            "{text} under {column} is none of {words}.",
            text=typed[:40], column="guarantee", words=", ".join(Guarantee), field="guarantee",
        )  # fmt: skip
    return found


def _card(cells: Mapping[str, Cell]) -> GuestCard | None:
    name, phone, email = (_text(cells, one) for one in ("name", "phone", "email"))
    if not (name or phone or email):
        if _text(cells, "guest_id") is None:
            raise InvalidInput("Say who the guest is: a guest id, or telephone and name.", field="guest")
        return None
    if not name and _text(cells, "guest_id") is None:
        raise InvalidInput("Nothing stands under {column}.", column="name", field="name")
    return GuestCard(name, phone, email, _text(cells, "language"), _text(cells, "nationality"))


def _identity(desk: Desk, request: BookRequest, wish: StayWish) -> str:
    stay = (wish.hotel_id, wish.check_in.isoformat(), wish.nights, wish.rooms, wish.room_type, wish.rate_plan)
    terms = (wish.adults, sorted(wish.child_ages), wish.currency, wish.market, (wish.promo or "").upper())
    return json.dumps([*stay, *terms, *_who(desk, request)], ensure_ascii=True)


def _who(desk: Desk, request: BookRequest) -> tuple[str, ...]:
    """The guest in one spelling."""
    card = request.card
    if request.guest_id is not None or card is None:
        return (request.guest_id or "",)
    phone = desk.phones.normalise(card.phone, card.nationality or "TR") if card.phone else ""
    email = clean_email(card.email) if card.email else ""
    return phone, "" if phone else email, folded(card.name or "") or (card.name or "")
