"""Bodies: our values in the words of the contract, as JSON-able dicts.

Keys are lower snake_case, instants ISO 8601 UTC with `Z`, days `YYYY-MM-DD`, money `{"amount": "4350.00", "currency":
"EUR"}`. CLI and service print the same bodies. A guest is shown by `guest_body`, masked for whoever may not see clear.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from domain.access import Actor, Permission, mask_email, mask_id, mask_name, mask_phone
from domain.case import Call, Case
from domain.guest import CallerCard, GuestProfile, IdentityKind, Stay
from domain.money import Money
from domain.reservation import HistoryLine, Reservation
from domain.stay import Party, StayDates
from integration.usecases.answers import Body


def instant(moment: datetime | None) -> str | None:
    """`2027-07-01T10:00:00Z`; milliseconds only when there are any."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")


def down_body(since: datetime) -> Body:
    """What stands where the PMS's truth is missing."""
    return {"state": "down", "since": instant(since)}


def day(value: date | None) -> str | None:
    """`2027-07-01`."""
    return value.isoformat() if value is not None else None


def money(value: Money | None) -> Body | None:
    """Amount as a decimal string, and its currency."""
    return {"amount": str(value.amount), "currency": value.currency} if value is not None else None


def stay_body(stay: StayDates) -> Body:
    """Dates of a stay."""
    return {"check_in": day(stay.check_in), "check_out": day(stay.check_out), "nights": stay.night_count}


def party_body(party: Party) -> Body:
    """Guests of one room."""
    return {"adults": party.adults, "child_ages": list(party.child_ages)}


def reservation_body(one: Reservation) -> Body:
    """A reservation without anybody's name in it."""
    return {
        "reservation_id": one.reservation_id,
        "hotel_id": one.hotel_id,
        "status": one.state.value,
        "pms_ref": one.pms_ref,
        "expires_at": instant(one.expires_at),
        **stay_body(one.stay),
        **party_body(one.party),
        "rooms": one.rooms,
        "room_type": one.room_type,
        "rate_plan": one.rate_plan,
        "board": one.board,
        "total": money(one.total),
        "nightly": [{"night": day(night.night), "price": money(night.price)} for night in one.nightly],
        "deposit_due": money(one.deposit_due),
        "paid": money(one.paid),
        "guarantee": one.guarantee.value if one.guarantee else None,
        "guest_id": one.guest_id,
        "requests": list(one.requests),
        "request_key": one.request_key,
        "offer_id": one.offer_id,
        "call_id": one.call_id,
        "case_id": one.case_id,
        "created_at": instant(one.created_at),
        "created_by": one.created_by,
    }


def seen_body(one: Reservation, now: datetime) -> Body:
    """A reservation as it is looked at; `overdue`: its deadline has passed and it has not been let go yet."""
    return {**reservation_body(one), "overdue": one.is_due(now)}


def history_body(line: HistoryLine) -> Body:
    """One line of a reservation's history."""
    return {
        "at": instant(line.at),
        "actor": line.actor,
        "action": line.action,
        "from": line.from_state.value if line.from_state else None,
        "to": line.to_state.value if line.to_state else None,
        **({"detail": dict(line.detail)} if line.detail else {}),
    }


def guest_body(guest: GuestProfile | None, actor: Actor, *, revealed: bool = False) -> Body | None:
    """A guest; name, telephone and e-mail masked for a role that may not see clear."""
    if guest is None:
        return None
    clear = revealed or actor.may(Permission.SEE_CLEAR)
    return {
        "guest_id": guest.guest_id,
        "name": guest.full_name if clear else mask_name(guest.full_name),
        "language": guest.language,
        "nationality": guest.nationality,
        "vip": guest.is_vip,
        "identities": [
            {"kind": one.kind.value, "value": _shown(one.kind, one.value, clear=clear), "scope": one.scope}
            for one in guest.identities
        ],
        "masked": not clear,
    }


def guests_body(found: Iterable[GuestProfile], actor: Actor, down_since: datetime | None) -> Body:
    """Guests that match; `pms` when it is down, so that only those we know ourselves are here."""
    body: Body = {"guests": [guest_body(one, actor) for one in found]}
    return body if down_since is None else {**body, "pms": down_body(down_since)}


def _shown(kind: IdentityKind, value: str, *, clear: bool) -> str:
    if clear or kind is IdentityKind.PMS_PROFILE:
        return value
    return _MASKS.get(kind, mask_id)(value)


_MASKS: dict[IdentityKind, Callable[[str], str]] = {
    IdentityKind.PHONE: mask_phone,
    IdentityKind.EMAIL: mask_email,
    IdentityKind.OTA_RELAY: mask_email,
}


def past_stay_body(stay: Stay) -> Body:
    """A stay as the PMS knows it."""
    return {
        "pms_ref": stay.pms_ref,
        "hotel_id": stay.hotel_id,
        "check_in": day(stay.check_in),
        "check_out": day(stay.check_out),
        "status": stay.status,
        "room_type": stay.room_type,
        "rate_plan": stay.rate_code,
        "total": money(stay.total),
    }


def card_body(card: CallerCard, actor: Actor) -> Body:
    """What pops up for a caller. `notes` are the house's own words and are for every role; not `pms_read`: the PMS did
    not answer, so what it knows is missing.
    """
    return {
        "guest": guest_body(card.guest, actor),
        "repeat": card.is_repeat,
        "segment": card.segment,
        "stays": [past_stay_body(stay) for stay in card.stays],
        "preferences": [{"group": one.group, "code": one.code, "text": one.text} for one in card.preferences],
        "notes": list(card.notes),
        "candidates": [guest_body(one, actor) for one in card.candidates],
        "pms_read": card.is_pms_read,
    }


def whole_guest_body(card: CallerCard, actor: Actor) -> Body:
    """A guest who is known, and what the hotel knows of him, in one level."""
    body = card_body(card, actor)
    del body["candidates"]
    return {**(body.pop("guest") or {}), **body}


def call_body(call: Call, case: Case | None = None) -> Body:
    """A call; `lead` is its case's lead status."""
    return {
        "call_id": call.call_id,
        "case_id": call.case_id,
        "hotel_id": call.hotel_id,
        "direction": call.direction.value,
        "actor": call.actor,
        "started_at": instant(call.started_at),
        "ended_at": instant(call.ended_at),
        "outcome": call.outcome.value if call.outcome else None,
        "lost_reason": call.lost_reason,
        "due": day(call.due_on),
        "guest_id": call.guest_id,
        **({"lead": case.lead_status.value if case.lead_status else None} if case is not None else {}),
    }
