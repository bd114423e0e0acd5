"""The body of a quote: what the agent reads out, in the guest's language, and the house's own comparison beside it.

`script[]`, alerts and the cancellation sentence are made here from the offer's own figures, never stored. `house_only`
is left out of everything that is meant for a guest: build that with `offer_body`.
"""

from collections.abc import Mapping
from datetime import date

from domain.access import Actor, Permission
from domain.availability import Alert, AlertCode
from domain.hotel import HotelTerms
from domain.money import Money
from domain.offer import Alternative, AlternativeKind, Choice, ClosedRoom, Offer, Upsell
from integration.ports.records import Note, OtherSellerRate
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.quote_stay import Quote
from integration.usecases.reading_rates import ROOM_UPGRADE
from integration.usecases.remembering import ByObject
from integration.usecases.views import day, instant, money, party_body, stay_body
from integration.usecases.wording import alert_text, board_label, cancellation_sentence, fill_script


def quote_body(desk: Desk, quote: Quote, actor: Actor, reader: str | None = None) -> Body:
    """An offer with what only the house may see; alerts in the language of its `reader` (default: the guest's)."""
    body = offer_body(desk, quote.offer, reader=reader)
    if actor.may(Permission.SELL):
        body["house_only"] = [_other_seller(one) for one in quote.house_only]
    return body


def offer_body(desk: Desk, offer: Offer, notes: tuple[Note, ...] = (), reader: str | None = None) -> Body:
    """An offer without a word that is not for the guest (notes are the house's: given only when asked for)."""
    hotel = desk.hotel(offer.hotel_id)
    eyes = reader or offer.language
    return {
        "offer_id": offer.offer_id,
        "hotel_id": offer.hotel_id,
        **stay_body(offer.stay),
        **party_body(offer.party),
        "rooms": offer.rooms,
        "currency": offer.currency,
        "language": offer.language,
        "created_at": instant(offer.created_at),
        "valid_until": instant(offer.valid_until),
        "call_id": offer.call_id,
        "case_id": offer.case_id,
        "purpose": offer.purpose,
        "promo": {"code": offer.promo, "check": offer.promo_note} if offer.promo else None,
        "requests": list(offer.requests),
        "group_lead": offer.is_group,
        "script": list(script_of(desk, hotel, offer)),
        "choices": _choices(desk, hotel, offer, eyes),
        "closed": [_closed(desk, hotel, one, eyes) for one in offer.closed],
        "alternatives": [_alternative(one) for one in offer.alternatives],
        **({"notes": [{"at": instant(n.at), "actor": n.actor, "text": n.text} for n in notes]} if notes else {}),
    }


_bodies: ByObject[list[Body]] = ByObject()


def _choices(desk: Desk, hotel: HotelTerms, offer: Offer, eyes: str) -> list[Body]:
    """Bodies of the choices; they hold nothing that is this offer's alone."""
    rest = offer.language, eyes, offer.stay, hotel.today(offer.created_at)
    objects = desk.phrases, hotel, offer.choices
    return _bodies.get(objects, rest, lambda: [_choice(desk, hotel, offer, one, eyes) for one in offer.choices])


def _choice(desk: Desk, hotel: HotelTerms, offer: Offer, choice: Choice, eyes: str) -> Body:
    one, language = choice.candidate, offer.language
    return {
        "pick": choice.number,
        "kind": choice.kind.value,
        "room_type": one.room_type,
        "room_name": hotel.room_types[one.room_type].called(language),
        "rate_plan": one.rate_plan,
        "rate_name": hotel.rate_plans[one.rate_plan].called(language),
        "board": one.board,
        "board_name": board_label(desk.phrases, language, one.board),
        "package": one.package,
        "total": money(one.total),
        "nightly": [{"night": day(night.night), "price": money(night.price)} for night in one.nightly],
        "deposit": money(one.deposit),
        "available_rooms": one.available_rooms,
        "availability": one.availability.value,
        "alerts": [_alert(desk, hotel, eyes, alert) for alert in one.alerts],
        "cancellation_policy": cancellation_sentence(
            desk.phrases, language, one.cancellation, offer.stay, one.nightly, hotel.today(offer.created_at)
        ),
        "upsells": [_upsell(hotel, language, upsell) for upsell in choice.upsells],
    }


def _alert(desk: Desk, hotel: HotelTerms, language: str, alert: Alert) -> Body:
    text = alert_text(desk.phrases, language, alert, hotel.zone)
    return {"level": alert.level.value, "code": alert.code.value, "text": text}


def _upsell(hotel: HotelTerms, language: str, upsell: Upsell) -> Body:
    return {"code": upsell.code, "label": _upsell_name(hotel, language, upsell.code), "price": money(upsell.price)}


def _upsell_name(hotel: HotelTerms, language: str, code: str) -> str:
    """What the hotel file calls it; the bare code once the hotel no longer has it."""
    if code.startswith(ROOM_UPGRADE):
        room = hotel.room_types.get(code.removeprefix(ROOM_UPGRADE))
        return room.called(language) if room else code
    item = next((one for one in hotel.upsells if one.code == code), None)
    return item.labels.get(language) or item.labels.get("en", code) if item else code


def _closed(desk: Desk, hotel: HotelTerms, room: ClosedRoom, eyes: str) -> Body:
    return {
        "room_type": room.room_type,
        "room_name": hotel.room_types[room.room_type].called(eyes),
        "rate_plan": room.rate_plan,
        "availability": room.availability.value,
        "alerts": [_alert(desk, hotel, eyes, alert) for alert in room.alerts],
    }


def _alternative(one: Alternative) -> Body:
    return {
        "kind": one.kind.value,
        "hotel_id": one.hotel_id,
        **stay_body(one.stay),
        "room_type": one.room_type,
        "rate_plan": one.rate_plan,
        "total": money(one.total),
    }


def _other_seller(one: OtherSellerRate) -> Body:
    return {
        "seller": one.seller,
        "night": day(one.stay_on),
        "room_type": one.room_type,
        "board": one.board,
        "price": money(one.price),
        "seen_on": day(one.seen_on),
    }


def script_of(desk: Desk, hotel: HotelTerms, offer: Offer) -> tuple[str, ...]:
    """The hotel's script lines for the moment of the call, filled with the offer's own figures."""
    return fill_script(desk.phrases, offer.language, hotel.script, script_values(desk, hotel, offer), _moments(offer))


def _moments(offer: Offer) -> tuple[str, ...]:
    """What there is to say: the offer (its package, that few are left) and the closing, or the way out."""
    if offer.is_group:
        return ()
    if not offer.choices:
        return ("min_stay",) if _min_stay(offer) is not None else ("alternative",)
    first = offer.choices[0].candidate
    few = any(alert.code is AlertCode.FEW_LEFT for alert in first.alerts)
    extra = (*(("package",) if first.package else ()), *(("few_left",) if few else ()))
    return ("offer", *extra, "close")


_TIME = slice(11, 16)


def script_values(desk: Desk, hotel: HotelTerms, offer: Offer) -> Mapping[str, object]:
    """Placeholders of script lines: money, days and numbers as values, written in the guest's language when filled."""
    values: dict[str, object] = {
        "hotel": hotel.name,
        "agent_name": offer.actor,
        "check_in": offer.stay.check_in,
        "check_out": offer.stay.check_out,
        "nights": offer.stay.night_count,
        "adults": offer.party.adults,
        "children": len(offer.party.child_ages),
        "rooms": offer.rooms,
        "currency": offer.currency,
        "valid_until": offer.valid_until.astimezone(hotel.zone).isoformat()[_TIME],
        "hold_minutes": int(hotel.rules.hold.total_seconds() // 60) or None,
        "min_stay": _min_stay(offer),
    }
    if offer.choices:
        values.update(_first_choice(desk, hotel, offer))
    return values


def _min_stay(offer: Offer) -> int | None:
    """The shortest longer stay that can really be sold from the same arrival; None when there is none."""
    lengths = [
        one.stay.night_count
        for one in offer.alternatives
        if one.kind is AlternativeKind.OTHER_DATES
        and one.stay.check_in == offer.stay.check_in
        and one.stay.night_count > offer.stay.night_count
    ]
    return min(lengths, default=None)


_firsts: ByObject[Mapping[str, object]] = ByObject()


def _first_choice(desk: Desk, hotel: HotelTerms, offer: Offer) -> Mapping[str, object]:
    today = hotel.today(offer.created_at)
    rest = offer.language, offer.stay, today
    return _firsts.get((desk.phrases, hotel, offer.choices), rest, lambda: _said_of_first(desk, hotel, offer, today))


def _said_of_first(desk: Desk, hotel: HotelTerms, offer: Offer, today: date) -> Mapping[str, object]:
    first, language = offer.choices[0].candidate, offer.language
    package = hotel.packages.get(first.package or "")
    return {
        "room_type": hotel.room_types[first.room_type].called(language),
        "rate_plan": hotel.rate_plans[first.rate_plan].called(language),
        "board": board_label(desk.phrases, language, first.board),
        "package": package.called(language) if package else None,
        "total": first.total,
        "per_night": Money(first.total.amount / offer.stay.night_count, first.total.currency),
        "deposit": first.deposit,
        "available_rooms": first.available_rooms,
        "cancellation_policy": cancellation_sentence(
            desk.phrases, language, first.cancellation, offer.stay, first.nightly, today
        ),
    }
