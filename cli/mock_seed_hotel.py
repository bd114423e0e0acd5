"""The hotel file's half of the mock's seed document: products, codes, rules, texts.

One function per list of the document. A rate plan appears once per currency,
under the code the PMS knows it by; days that return every year become dated
rows for the days the seed covers; factors and amounts are texts, so nothing is
rounded on the way.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from scenarios.schema.codes import Requirements
from scenarios.schema.hotel import Hotel
from scenarios.schema.rates import Cancellation, RatePlan, Restriction
from scenarios.schema.selling import Promotion
from scenarios.schema.types import Currency, Period
from scenarios.seasons import PriceCalendar, next_occurrence

Json = dict[str, Any]

MEALS = {
    "RO": (False, False, False),
    "BB": (True, False, False),
    "HB": (True, False, True),
    "FB": (True, True, True),
    "AI": (True, True, True),
    "UAI": (True, True, True),
}
RULES = {
    "stop_sale": "Closed",
    "cta": "ClosedForArrival",
    "ctd": "ClosedForDeparture",
    "min_stay": "MinimumLengthOfStay",
    "max_stay": "MaximumLengthOfStay",
    "min_stay_through": "MinimumStayThrough",
    "max_stay_through": "MaximumStayThrough",
    "min_advance": "MinimumAdvanceBooking",
    "max_advance": "MaximumAdvanceBooking",
}


def products(hotel: Hotel, calendar: PriceCalendar) -> Json:
    """Give room types, packages and rate plans, each plan once for every currency it has a code in."""
    return {
        "room_types": [
            {
                "code": room.code,
                "description": room.name.en,
                "long_description": room.description,
                "room_class": room.room_class,
                "rooms": room.rooms,
                "overbooking": room.overbooking,
                "max_adults": room.max_adults,
                "max_children": room.max_children,
                "max_occupancy": room.max_occupancy,
                "features": list(room.features),
            }
            for room in hotel.room_types
        ],
        "packages": [
            {
                "code": code,
                "description": package.name.en,
                "amount": f"{package.prices[currency]:.2f}",
                "currency": currency,
                "rhythm": "EveryNight" if package.rhythm == "every_night" else "ArrivalNight",
                "included": package.included,
            }
            for package in hotel.packages
            for currency, code in sorted(package.codes.items())
        ],
        "rate_plans": [
            _rate_plan(hotel, calendar, plan, currency) for plan in hotel.rate_plans for currency in sorted(plan.codes)
        ],
    }


def _rate_plan(hotel: Hotel, calendar: PriceCalendar, plan: RatePlan, currency: Currency) -> Json:
    breakfast, lunch, dinner = MEALS[plan.board]
    packages = {package.code: package.codes[currency] for package in hotel.packages}
    return {
        "code": plan.codes[currency],
        "description": plan.name.en,
        "currency": currency,
        "market_code": plan.market_codes[currency],
        "source_code": plan.source_code,
        "meal_plan": plan.board,
        "breakfast": breakfast,
        "lunch": lunch,
        "dinner": dinner,
        "packages": [packages[code] for code in plan.packages],
        "cancellation": _cancellation(plan.cancellation),
        "deposit": _deposit(hotel, plan),
        **_bookable(plan, calendar),
        "prices": [
            {
                "room_type": row.room_type,
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "amount": f"{row.amount:.2f}",
            }
            for room in hotel.room_types
            for row in calendar.rows(plan, currency, room)
        ],
        "single_factor": str(plan.single_factor),
        "extra_adult_factor": str(plan.extra_adult_factor),
        "child_rules": [
            {"order": rule.order, "from_age": rule.from_age, "to_age": rule.to_age, "factor": str(rule.factor)}
            for rule in plan.child_rules
        ],
    }


def _cancellation(terms: Cancellation) -> Json:
    penalty: Json = {"basis": "nights", "value": terms.penalty_nights}
    if terms.penalty_percent is not None:
        penalty = {"basis": "percent", "value": int(terms.penalty_percent)}
    return {
        "free_until_days": terms.free_until_days,
        "penalty": penalty,
        "no_show_percent": int(terms.no_show_percent),
        "text": terms.text.en,
    }


def _deposit(hotel: Hotel, plan: RatePlan) -> Json:
    deposit = hotel.deposit_of(plan)
    return {"nights": deposit.nights} if deposit.percent is None else {"percent": str(deposit.percent)}


def _bookable(plan: RatePlan, calendar: PriceCalendar) -> Json:
    if plan.bookable_from is None or plan.bookable_to is None:
        return {}
    period = next_occurrence(Period(start=plan.bookable_from, end=plan.bookable_to), calendar.first, calendar.last)
    if period is None:
        return {}
    return {"bookable_from": period[0].isoformat(), "bookable_to": period[1].isoformat()}


def code_lists(hotel: Hotel) -> Json:
    """Give the plain code lists of the hotel."""
    turnaways = {reason.pms_code: reason for reason in reversed(hotel.lost_reasons)}
    return {
        "guarantees": [
            {
                "code": item.code,
                "description": item.description,
                "on_hold": False,
                "reserve_inventory": item.reserve_inventory,
                "requirements": _requirements(item.requirements),
            }
            for item in hotel.guarantees
        ],
        "cancel_reasons": [item.model_dump() for item in hotel.cancel_reasons],
        "turnaway_codes": [
            {"code": code, "description": reason.labels.en, "kind": reason.kind.capitalize()}
            for code, reason in sorted(turnaways.items())
        ],
        "market_codes": [item.code for item in hotel.codes.markets],
        "source_codes": [item.code for item in hotel.codes.sources],
        "payment_methods": [item.pms_code for item in hotel.codes.payment_methods],
        "comment_types": [item.code for item in hotel.codes.comment_types],
        "preferences": [item.model_dump() for item in hotel.codes.preferences],
    }


def _requirements(asked: Requirements) -> Json:
    return {"deposit": asked.deposit, "credit_card": asked.credit_card, "phone": asked.phone}


def restriction_rows(hotel: Hotel, rule: Restriction, first: date, last: date) -> Iterator[Json]:
    """Yield a rule once for every stretch of days between `first` and `last`, and for every code of its plan."""
    plans: Iterable[str | None] = (None,)
    if rule.rate_plan is not None:
        plans = sorted(hotel.rate_plan(rule.rate_plan).codes.values())
    for start, end in rule.period.occurrences(first, last):
        for plan in plans:
            optional = {
                "unit": rule.unit,
                "room_type": rule.room_type,
                "rate_plan": plan,
                "weekdays": list(rule.weekdays),
            }
            yield {
                "code": RULES[rule.rule],
                **{key: value for key, value in optional.items() if value},
                **({"weekdays": list(rule.weekdays)} if rule.weekdays else {}),
                "start": start.isoformat(),
                "end": end.isoformat(),
            }


def promotion_rows(hotel: Hotel, item: Promotion, start: date, last: date) -> Iterator[Json]:
    """Yield the campaign with its next stay days from `start` on, or nothing when there are none."""
    stay: tuple[date, date] | None = (start, last)
    if item.start is not None and item.end is not None:
        stay = next_occurrence(Period(start=item.start, end=item.end), start, last)
    if stay is None:
        return
    row = {
        "code": item.code,
        "name": item.name.en,
        "rate_plans": [code for plan in item.rate_plans for code in sorted(hotel.rate_plan(plan).codes.values())],
        "percent": str(item.percent),
        "start": stay[0].isoformat(),
        "end": stay[1].isoformat(),
    }
    if item.sell_days is not None:
        row["sell_end"] = (start + timedelta(days=item.sell_days)).isoformat()
    yield row


def script_rows(hotel: Hotel) -> list[Json]:
    """Give each script line once for every language of the hotel."""
    return [
        {"type": script.step, "language": language, "text": script.text.get(language)}
        for script in hotel.scripts
        for language in hotel.hotel.languages
    ]


def sell_message_rows(hotel: Hotel, first: date, last: date) -> list[Json]:
    """Give each reminder once for every stretch of days, and for every code of its plan."""
    return [
        {
            "code": message.code,
            "text": message.text.en,
            "start": start.isoformat(),
            "end": end.isoformat(),
            **({"rate_plan": plan} if plan else {}),
            **({"room_type": message.room_type} if message.room_type else {}),
        }
        for message in hotel.sell_messages
        for start, end in message.period.occurrences(first, last)
        for plan in (sorted(hotel.rate_plan(message.rate_plan).codes.values()) if message.rate_plan else [None])
    ]
