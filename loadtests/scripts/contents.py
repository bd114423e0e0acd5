"""What must be in an answer: a status of 200 with the wrong price is worse than an error.

Each function makes a check: `Answer -> slug of what is wrong`, empty when it is right. What the answer is held against
was known before it came: the dates that were asked for, the price that was quoted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from loadtests.scripts.steps import Answer, Body, Check

TIMED = frozenset({"hold", "option"})


@dataclass(frozen=True, slots=True)
class Wish:
    """The stay that was asked for."""

    hotel_id: str
    check_in: date
    nights: int
    adults: int
    child_ages: tuple[int, ...] = ()

    @property
    def check_out(self) -> date:
        """The day of departure."""
        return self.check_in + timedelta(days=self.nights)

    def body(self) -> Body:
        """As the service takes it."""
        return {
            "hotel": self.hotel_id,
            "check_in": self.check_in.isoformat(),
            "nights": self.nights,
            "adults": self.adults,
            "child_ages": list(self.child_ages),
        }


def quoted(wish: Wish, belongs: Mapping[str, str], now: datetime) -> Check:
    """An offer for just this stay, in its call or case, still valid, whose choices are numbered from 1 and add up."""

    def check(answer: Answer) -> str:
        body = answer.body
        if not body.get("offer_id") or not isinstance(body.get("choices"), list):
            return "wrong_offer"
        found = _elsewhere(body, belongs) or wrong_stay(body, wish)
        if found:
            return found
        if (instant_of(body.get("valid_until")) or now) <= now:
            return "wrong_validity"
        if [one.get("pick") for one in body["choices"]] != list(range(1, len(body["choices"]) + 1)):
            return "wrong_choices"
        return next((found for one in body["choices"] if (found := wrong_choice(one, body["currency"], wish))), "")

    return check


def wrong_stay(body: Body, wish: Wish) -> str:
    """Hotel, days or party are others than were asked for."""
    if body.get("hotel_id") != wish.hotel_id:
        return "wrong_hotel"
    days = (wish.check_in.isoformat(), wish.check_out.isoformat())
    if (body.get("check_in"), body.get("check_out")) != days:
        return "wrong_dates"
    party = (body.get("adults"), sorted(body.get("child_ages", ())))
    return "" if party == (wish.adults, sorted(wish.child_ages)) else "wrong_party"


def wrong_choice(choice: Body, currency: str, wish: Wish) -> str:
    """A choice that cannot be sold, or whose nights are not those of the stay or do not add up to its total."""
    total, nightly = amount_of(choice.get("total")), choice.get("nightly", [])
    if total is None or total <= 0 or choice["total"].get("currency") != currency:
        return "wrong_price"
    prices = [amount_of(one.get("price")) for one in nightly]
    nights = [(wish.check_in + timedelta(days=one)).isoformat() for one in range(wish.nights)]
    if [one.get("night") for one in nightly] != nights:
        return "wrong_nights"
    if sum((one for one in prices if one is not None), Decimal(0)) != total:
        return "wrong_price"
    return "" if int(choice.get("available_rooms") or 0) >= 1 else "wrong_rooms"


@dataclass(frozen=True, slots=True)
class Sale:
    """What a reservation must look like: the stay, the choice it was made from, and where it belongs."""

    wish: Wish
    total: Mapping[str, str]
    room_type: str
    rate_plan: str
    belongs: Mapping[str, str] = field(default_factory=dict)
    reservation_id: str = ""
    pms_ref: str = ""


def reserved(sale: Sale, status: str, now: datetime) -> Check:
    """A reservation in this state and in the PMS, at the price that was quoted, with time left when it has an end."""

    def check(answer: Answer) -> str:
        body = answer.body
        if not body.get("reservation_id") or body.get("status") != status:
            return "wrong_status"
        if not body.get("pms_ref"):
            return "wrong_pms_ref"
        found = wrong_stay(body, sale.wish) or _another(body, sale)
        if found:
            return found
        if not is_same_money(body.get("total"), sale.total):
            return "wrong_price"
        ends = instant_of(body.get("expires_at"))
        if status in TIMED and (ends is None or ends <= now):
            return "wrong_deadline"
        return "" if status in TIMED or ends is None else "wrong_deadline"

    return check


def _another(body: Body, sale: Sale) -> str:
    held = {"reservation_id": sale.reservation_id, "pms_ref": sale.pms_ref}
    if any(wanted and body.get(name) != wanted for name, wanted in held.items()):
        return "wrong_reservation"
    if (body.get("room_type"), body.get("rate_plan")) != (sale.room_type, sale.rate_plan):
        return "wrong_room"
    return _elsewhere(body, sale.belongs)


def _elsewhere(body: Body, belongs: Mapping[str, str]) -> str:
    """It stands in another call or case."""
    return next((f"wrong_{name.removesuffix('_id')}" for name, one in belongs.items() if body.get(name) != one), "")


def has(**wanted: object) -> Check:
    """The keys of the answer with just these values; None: any value but none."""

    def check(answer: Answer) -> str:
        for name, value in wanted.items():
            found = answer.body.get(name)
            if (found is None or found == "") if value is None else found != value:
                return f"wrong_{name}"
        return ""

    return check


def all_of(*checks: Check) -> Check:
    """The first thing that is wrong."""

    def check(answer: Answer) -> str:
        return next((found for one in checks if (found := one(answer))), "")

    return check


def is_same_money(found: Any, wanted: Mapping[str, str]) -> bool:  # noqa: ANN401 - JSON
    """Whether two sums are equal, in the same currency."""
    amount = amount_of(found)
    return amount is not None and amount == amount_of(wanted) and found["currency"] == wanted["currency"]


def amount_of(money: Any) -> Decimal | None:  # noqa: ANN401 - JSON
    """The amount; None for what is no money."""
    try:
        return Decimal(money["amount"])
    except (TypeError, KeyError, InvalidOperation, ValueError):
        return None


def instant_of(text: Any) -> datetime | None:  # noqa: ANN401 - JSON
    """The instant; None for what is none."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def told_reservation(answer: Answer) -> Mapping[str, Any]:
    """What the journal keeps of a reservation."""
    body = answer.body
    total, paid = body.get("total") or {}, body.get("paid") or {}
    names = ("status", "pms_ref", "check_in", "check_out", "room_type", "rate_plan", "call_id", "case_id", "hotel_id")
    return {
        "ref": text_of(body.get("reservation_id")),
        **{name: text_of(body.get(name)) for name in names},
        "rooms": body.get("rooms") or 1,
        "total": text_of(total.get("amount")),
        "currency": text_of(total.get("currency")),
        "paid": text_of(paid.get("amount")),
    }


def told_case(answer: Answer) -> Mapping[str, Any]:
    """What the journal keeps of a write on a case."""
    body = answer.body
    found = text_of(body.get("case_id"))
    return {"ref": found, "case_id": found, "status": text_of(body.get("status"))}


def told_call(answer: Answer) -> Mapping[str, Any]:
    """What the journal keeps of a call."""
    body = answer.body
    call, case = text_of(body.get("call_id")), text_of(body.get("case_id"))
    return {"ref": call, "call_id": call, "case_id": case, "status": text_of(body.get("outcome") or "open")}


def told_sending(answer: Answer) -> Mapping[str, Any]:
    """What the journal keeps of a message that went out."""
    body = answer.body
    return {
        "ref": text_of(body.get("outbox_id")),
        "case_id": text_of(body.get("case_id")),
        "status": text_of(body.get("status")),
    }


def text_of(value: object) -> str:
    """As the journal has it: nothing is the empty text."""
    return value if isinstance(value, str) else ""
