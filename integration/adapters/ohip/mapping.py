"""From the PMS's words to ours: counts, restrictions, guarantees, other dates, scripts.

* Room counts are those without allowed overbooking and without tentative bookings.
* A restriction for another booking channel is not ours [inf]; one for a room class or a rate category, which the hotel
  file does not know, is kept as `other`, which breaks nothing: the availability itself says whether a rate can be sold.
* Weekday flags narrow a rule: it becomes one rule for each run of such days inside the stay.
* `LOSNotAvailable` names forbidden lengths 1..7; for the stay asked about it becomes the nearest allowed length.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import date, timedelta

from domain.availability import Restriction, RestrictionKind
from domain.stay import StayDates
from integration.adapters.ohip import wire
from integration.ports.pms import (
    AlternateDates,
    GuaranteeType,
    RateQuestion,
    RoomCounts,
)

_DAY = timedelta(days=1)


RESTRICTION_KINDS = {
    "Closed": RestrictionKind.CLOSED,
    "ClosedForArrival": RestrictionKind.CLOSED_TO_ARRIVAL,
    "ClosedForDeparture": RestrictionKind.CLOSED_TO_DEPARTURE,
    "MinimumLengthOfStay": RestrictionKind.MIN_STAY,
    "MaximumLengthOfStay": RestrictionKind.MAX_STAY,
    "MinimumStayThrough": RestrictionKind.MIN_STAY_THROUGH,
    "MaximumStayThrough": RestrictionKind.MAX_STAY_THROUGH,
    "MinimumAdvanceBooking": RestrictionKind.MIN_ADVANCE,
    "MaximumAdvanceBooking": RestrictionKind.MAX_ADVANCE,
}
_OPENINGS = frozenset({"Open", "OpenForArrival", "OpenForDeparture"})
_LONGEST_FLAG = 7


def room_counts(inventory: wire.Inventory | None, stay: StayDates) -> RoomCounts:
    """Rooms left by room type and night of the stay; never below zero."""
    available: dict[tuple[str, date], int] = {}
    nights = tuple(stay.nights())
    for hotel in inventory.hotel_inventories if inventory is not None else ():
        for level in hotel.room_type_inventories:
            for count in level.inventory_counts:
                if count.start_date is None:
                    continue
                left = max(0, count.available_count)
                end = count.end_date or count.start_date
                if count.start_date == end:
                    available[level.code, end] = left
                    continue
                available.update(((level.code, night), left) for night in nights if count.start_date <= night <= end)
    return RoomCounts(available)


def restrictions(answer: wire.Restrictions | None, stay: StayDates) -> tuple[Restriction, ...]:
    """Restrictions that touch the stay, its day of departure included."""
    outer = answer.restrictions_by_date_range if answer is not None else None
    inner = outer.restrictions_by_date_range if outer is not None else None
    found: list[Restriction] = []
    for one in inner.restriction_sets if inner is not None else ():
        found += _restriction(one, stay)
    return tuple(found)


def _restriction(one: wire.RestrictionSet, stay: StayDates) -> Iterator[Restriction]:
    status = one.restriction_status or wire.RestrictionStatus()
    scope = one.restriction_control or wire.RestrictionControl()
    if one.start is None or status.code in _OPENINGS or scope.booking_channel_code:
        return
    kind, unit = _kind(status, stay)
    if kind is None:
        return
    if scope.room_class or scope.rate_plan_category:
        kind = RestrictionKind.OTHER
    for start, end in _runs(one, one.start, one.end or one.start, stay):
        yield Restriction(kind, start, end, unit, scope.room_type or None, scope.rate_plan_code or None)


def _kind(status: wire.RestrictionStatus, stay: StayDates) -> tuple[RestrictionKind | None, int | None]:
    """Our kind and unit; None when the rule has nothing to say about a stay of this length."""
    if status.code != "LOSNotAvailable":
        kind = RESTRICTION_KINDS.get(status.code, RestrictionKind.OTHER)
        return kind, status.unit
    flags = (status.los1, status.los2, status.los3, status.los4, status.los5, status.los6, status.los7)
    forbidden = {length for length, flag in enumerate(flags, start=1) if flag}
    length = stay.night_count
    if length not in forbidden:
        return None, None
    longer = next(n for n in range(length + 1, _LONGEST_FLAG + 2) if n not in forbidden)
    shorter = next((n for n in range(length - 1, 0, -1) if n not in forbidden), None)
    if longer > _LONGEST_FLAG and shorter is not None:
        return RestrictionKind.MAX_STAY, shorter
    return RestrictionKind.MIN_STAY, longer


def _runs(one: wire.RestrictionSet, start: date, end: date, stay: StayDates) -> Iterator[tuple[date, date]]:
    """The rule's days: as they are, or, when it stands on some weekdays only, the runs of such days in the stay."""
    flags = (one.monday, one.tuesday, one.wednesday, one.thursday, one.friday, one.saturday, one.sunday)
    if end < stay.check_in or start > stay.check_out:
        return
    if all(flags) or not any(flags):
        yield start, end
        return
    day, last, began = max(start, stay.check_in), min(end, stay.check_out), None
    while day <= last:
        if flags[day.weekday()] and began is None:
            began = day
        if began is not None and not flags[day.weekday()]:
            yield began, day - _DAY
            began = None
        day += _DAY
    if began is not None:
        yield began, last


def guarantees(answer: wire.Guarantees | None) -> tuple[GuaranteeType, ...]:
    """Guarantee codes; one that does not say so takes no room out of stock."""
    return tuple(
        GuaranteeType(one.guarantee_code, deducts=one.reserve_inventory, on_hold=one.on_hold)
        for one in (answer.res_guarantees if answer is not None else ())
        if one.guarantee_code
    )


def alternate_dates(
    question: RateQuestion, room_type: str, rate_code: str, answer: wire.Alternates | None
) -> tuple[AlternateDates, ...]:
    """Other arrivals on which the room type can be had, without a price: what `rateAmount` is of is [unv]."""
    nights = question.stay.night_count
    return tuple(
        AlternateDates(StayDates.of_nights(one.day, nights), room_type, rate_code, None)
        for one in (answer.alternates if answer is not None else ())
        if one.status == "Available" and one.day is not None and one.day != question.stay.check_in
    )


def script_texts(script: wire.Script | None, messages: wire.SellMessages | None, language: str) -> tuple[str, ...]:
    """The script, then the sell messages of the language (or of none); each text once."""
    texts: dict[str, None] = {}
    if script is not None and script.script:
        texts[_plain(script.script)] = None
    listed = messages.sell_messages.sell_message if messages is not None and messages.sell_messages is not None else ()
    for one in listed:
        if one.message and one.language_code.casefold() in {"", language.casefold()}:
            texts[one.message] = None
    return tuple(texts)


def _plain(text: str) -> str:
    """Base64 ("format byte" [spec]); a text that is not, as it is."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text
