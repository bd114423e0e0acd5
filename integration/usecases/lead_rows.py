"""One row of a lead sheet: the columns there are, and the lead a row brings.

A row's **identity** is what makes it the same lead wherever it stands: hotel, guest, channel, source, days and party.
From it comes the row's request key when the sheet has none, so the same row in a corrected file, in another order or
saved as XLSX instead of CSV brings no second lead. Only new leads come in: how a lead went on is decided here, on what
happens here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from domain.case import LeadStatus
from domain.contact import Channel
from domain.errors import InvalidInput, Refused
from domain.hotel import HotelTerms
from integration.ports.sheets import Cell
from integration.usecases.desk import Desk
from integration.usecases.lead_add import LeadCard
from integration.usecases.lead_wish import LeadWish
from integration.usecases.recognise_guest import clean_email
from integration.usecases.sheet_cells import ages_of, day_of, text_of, whole_of
from integration.usecases.sheet_columns import folded
from integration.usecases.write_guest import GuestCard

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "key": ("request_key", "anahtar"),
    "lead_id": ("lead", "case_id", "fırsat no", "dosya no"),
    "hotel": ("hotel_id", "otel"),
    "status": ("state", "durum"),
    "channel": ("kanal",),
    "name": ("guest", "guest name", "full name", "ad soyad", "misafir", "adı soyadı", "isim"),
    "phone": ("telephone", "mobile", "telefon", "cep", "cep telefonu"),
    "email": ("e-mail", "mail", "e-posta", "eposta"),
    "language": ("dil",),
    "nationality": ("country", "uyruk", "ülke"),
    "source": ("campaign", "kaynak", "kampanya"),
    "check_in": ("arrival", "giriş", "giriş tarihi", "geliş"),
    "check_out": ("departure", "çıkış", "çıkış tarihi", "ayrılış"),
    "nights": ("gece", "geceleme", "gece sayısı"),
    "adults": ("yetişkin", "yetişkin sayısı"),
    "child_ages": ("children", "çocuk yaşları", "çocuk"),
    "rooms": ("oda sayısı", "oda adedi"),
    "note": ("notes", "text", "message", "not", "notlar", "mesaj", "açıklama", "istek"),
    "opened_at": ("opened", "created", "açılış", "kayıt tarihi"),
    "assignee": ("agent", "temsilci", "sorumlu"),
    "lost_reason": ("kayıp nedeni",),
}
"""Of these `opened_at`, `assignee` and `lost_reason` are written out and passed over when a file comes in."""

_CHANNELS = {one.value: one for one in Channel} | {
    "telefon": Channel.PHONE, "telephone": Channel.PHONE, "call": Channel.PHONE, "cagri": Channel.PHONE,
    "web": Channel.WEB_FORM, "form": Channel.WEB_FORM, "website": Channel.WEB_FORM, "web_formu": Channel.WEB_FORM,
    "chat": Channel.WEB_CHAT, "canli_destek": Channel.WEB_CHAT, "e_posta": Channel.EMAIL, "eposta": Channel.EMAIL,
    "e_mail": Channel.EMAIL, "mail": Channel.EMAIL, "acente": Channel.PARTNER, "acenta": Channel.PARTNER,
    "agency": Channel.PARTNER, "fuar": Channel.PARTNER, "fair": Channel.PARTNER,
}  # fmt: skip
_STATES = {one.value: one for one in LeadStatus} | {
    "": LeadStatus.OPEN, "new": LeadStatus.OPEN, "yeni": LeadStatus.OPEN, "acik": LeadStatus.OPEN,
    "devam_ediyor": LeadStatus.IN_PROGRESS, "kazanildi": LeadStatus.WON, "kaybedildi": LeadStatus.LOST,
}  # fmt: skip
_MOST_KEY = 200


@dataclass(frozen=True, slots=True)
class LeadRow:
    """What a row brings. `key`: the sheet's own; `known_id`: the case it was exported from."""

    key: str | None
    known_id: str | None
    card: LeadCard
    identity: str


def lead_of(desk: Desk, cells: Mapping[str, Cell], hotel_id: str | None) -> LeadRow:
    """The lead of a row, checked as far as the row alone tells. InvalidInput names the column; Refused for a lead that
    is not new."""
    _check_new(cells)
    hotel = desk.hotel(_text(cells, "hotel") or hotel_id)
    key = _text(cells, "key")
    if key is not None and not (key.isascii() and key.isprintable() and len(key) <= _MOST_KEY):
        raise InvalidInput("A key is at most {most} printable ASCII characters.", most=_MOST_KEY, field="key")
    names = ("name", "phone", "email", "language", "nationality")
    card = LeadCard(
        guest=GuestCard(*(_text(cells, name) for name in names)),
        channel=_channel(cells),
        text=_text(cells, "note"),
        hotel_id=hotel.hotel_id,
        wish=_wish(cells).checked(),
    )
    return LeadRow(key, _text(cells, "lead_id"), card, _identity(desk, hotel, card))


def _text(cells: Mapping[str, Cell], column: str) -> str | None:
    return text_of(cells.get(column), column) or None


def _check_new(cells: Mapping[str, Cell]) -> None:
    typed = _text(cells, "status") or ""
    status = _STATES.get(folded(typed))
    if status is None:
        raise _none_of(typed, "status", "open, in_progress, won, lost")
    if status is not LeadStatus.OPEN:
        raise Refused("Only new leads come in; this one is {status}.", status=status.value, field="status")


def _channel(cells: Mapping[str, Cell]) -> Channel:
    """Where it came from; leads in files are mostly those of a web form."""
    typed = _text(cells, "channel")
    if typed is None:
        return Channel.WEB_FORM
    found = _CHANNELS.get(folded(typed))
    if found is None:
        raise _none_of(typed, "channel", ", ".join(one for one in Channel if one is not Channel.PAYMENT))
    return found


def _none_of(typed: str, column: str, words: str) -> InvalidInput:
    return InvalidInput(
        "{text} under {column} is none of {words}.", text=typed[:40], column=column, words=words, field=column
    )


def _wish(cells: Mapping[str, Cell]) -> LeadWish:
    check_in, check_out = day_of(cells.get("check_in"), "check_in"), day_of(cells.get("check_out"), "check_out")
    nights = whole_of(cells.get("nights"), "nights")
    if check_in is not None and check_out is not None:
        between = (check_out - check_in).days
        if nights not in {None, between}:
            raise InvalidInput(
                "From check_in to check_out are {between} nights, not {nights}.",
                between=between, nights=nights, field="nights",
            )  # fmt: skip
        nights = between
    elif check_out is not None:
        raise InvalidInput("Nothing stands under {column}.", column="check_in", field="check_in")
    return LeadWish(
        check_in=check_in,
        nights=nights,
        adults=whole_of(cells.get("adults"), "adults"),
        child_ages=ages_of(cells.get("child_ages"), "child_ages"),
        rooms=whole_of(cells.get("rooms"), "rooms"),
        source=" ".join((_text(cells, "source") or "").split()),
    )


def _identity(desk: Desk, hotel: HotelTerms, card: LeadCard) -> str:
    """In one spelling, and without the note: a note that was put right makes no second lead."""
    who, wish = card.guest, card.wish
    phone = desk.phones.normalise(who.phone, who.nationality or "TR") if who.phone else ""
    email = clean_email(who.email) if who.email else ""
    guest = (phone, "" if phone else email, folded(who.name or "") or (who.name or ""))
    wanted = {**wish.facts(), "source": wish.source.casefold(), "child_ages": sorted(wish.child_ages)}
    return json.dumps(["lead", hotel.hotel_id, card.channel.value, *guest, wanted], sort_keys=True)
