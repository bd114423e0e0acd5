"""Judging and pricing a draft, and moving its stock: the part that create, change and reinstate share."""

from pms_mock.engine.availability import Party, judged
from pms_mock.engine.call import Call
from pms_mock.engine.days import nights
from pms_mock.engine.draft import Draft
from pms_mock.engine.pricing import Night, extras_of, party_factor, price_list, priced, promotion_for
from pms_mock.engine.restrictions import Asked, met, scoped, spelled
from pms_mock.engine.stock import Taken, give_back, take, tentative
from pms_mock.protocol.problem import refused

_STAY = "reservations.roomStay"


def judge(call: Call, draft: Draft, *, restricted: bool = True) -> None:
    """Refuse a stay that the hotel would not sell: occupancy always, restrictions unless told otherwise."""
    room, plan = call.hotel.room_types[draft.room_type], call.hotel.rate_plans[draft.rate_plan]
    asked = Asked(draft.arrival, draft.departure, call.today)
    rows = scoped(met(call.hotel, asked), room, plan) if restricted else []
    status, why = judged(room, plan, asked, Party(draft.adults, draft.child_ages, draft.units), rows)
    if status == "RestrictedDueToOccupancy":
        raise refused("RSV00004", "The room type does not hold the party", f"{_STAY}.guestCounts", detail=room.code)
    if status != "Available" and restricted:
        detail = "; ".join(spelled(row) for row in rows) or why
        raise refused("RSV00003", "The stay is restricted", _STAY, detail=detail)


def price(call: Call, draft: Draft, kept: dict[str, Night] | None = None) -> list[Night]:
    """Each night's price: the one sent, else the one kept from before, else the list's; refuses a night without one."""
    hotel, plan = call.hotel, call.hotel.rate_plans[draft.rate_plan]
    promotion = promotion_for(hotel, plan, [draft.promotion], call.today)
    if draft.promotion and promotion is None:
        raise refused("RSV00016", "The promotion does not apply to this rate plan now", f"{_STAY}.promotion")
    stay, packages = nights(draft.arrival, draft.departure), extras_of(hotel, plan, draft.packages)
    amounts = price_list(call.connection, hotel, draft.arrival, draft.departure).get(
        (draft.rate_plan, draft.room_type), {}
    )
    known_days = {**dict.fromkeys(draft.sent, 0), **dict.fromkeys(kept or {}, 0)}
    factor = party_factor(plan, draft.adults, draft.child_ages)
    listed = priced(hotel, {**known_days, **amounts}, stay, factor=factor, promotion=promotion, packages=packages)
    if listed is None:
        raise refused("RSV00017", "The rate has no price for every night", f"{_STAY}.roomRates", detail=draft.rate_plan)
    return [_chosen(draft, night, (kept or {}).get(night.day)) for night in listed]


def hold_stock(call: Call, draft: Draft, *, force: bool = False) -> None:
    """Take the rooms of a deducting guarantee; count those of a tentative one."""
    taken = taken_by(draft)
    if call.hotel.guarantees[draft.guarantee].deducts:
        take(call.connection, call.hotel, taken, guard=call.guard, force=force)
    else:
        tentative(call.connection, call.hotel, taken, 1)


def free_stock(call: Call, draft: Draft, *, deducts: bool, since: str = "") -> None:
    """Give back what `hold_stock` took."""
    if deducts:
        give_back(call.connection, call.hotel, taken_by(draft), since)
    else:
        tentative(call.connection, call.hotel, taken_by(draft), -1)


def taken_by(draft: Draft) -> Taken:
    """The stock a draft concerns."""
    return Taken(draft.room_type, draft.arrival, draft.departure, draft.units)


def _chosen(draft: Draft, night: Night, kept: Night | None) -> Night:
    if night.day in draft.sent:
        return Night(night.day, *draft.sent[night.day], night.extras)
    return kept or night
