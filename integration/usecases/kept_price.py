"""A price that was decided, as text: kept in the intent of a change, so that it is not decided twice.

A change whose process dies after the PMS took it must be finished at the price that was sent, not at what the same
stay would cost by then. The text holds the nights and the deposit; everything else follows from the rate plan.
"""

import json
from datetime import date
from decimal import Decimal

from domain.availability import Availability
from domain.hotel import HotelTerms
from domain.money import Money
from domain.offer import Candidate
from domain.rates import NightPrice
from integration.usecases.change_wish import Target


def priced_text(candidate: Candidate) -> str:
    """JSON text: currency, amount of each night for all rooms, deposit."""
    nightly = [[one.night.isoformat(), str(one.price.amount)] for one in candidate.nightly]
    kept = {"currency": candidate.total.currency, "nightly": nightly, "deposit": str(candidate.deposit.amount)}
    return json.dumps(kept, separators=(",", ":"))


def priced_from(hotel: HotelTerms, target: Target, text: str) -> Candidate:
    """The candidate whose price was kept."""
    kept = json.loads(text)
    currency, plan = kept["currency"], hotel.rate_plan(target.rate_plan)
    nightly = tuple(
        NightPrice(date.fromisoformat(day), Money(Decimal(amount), currency)) for day, amount in kept["nightly"]
    )
    return Candidate(
        room_type=target.room_type,
        rate_plan=plan.code,
        rate_code=target.rate_code,
        board=plan.board.value,
        package=plan.package,
        nightly=nightly,
        total=sum((one.price for one in nightly), Money.zero(currency)),
        available_rooms=target.question.rooms,
        availability=Availability.FREE,
        alerts=(),
        cancellation=plan.cancellation,
        deposit=Money(Decimal(kept["deposit"]), currency),
    )
