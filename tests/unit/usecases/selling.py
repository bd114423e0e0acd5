"""Short words for use-case tests: an agent, a quote, a hold."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.access import Actor, Role
from domain.reservation import ReservationState
from integration.usecases.answers import Answer
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.quote_stay import Quote, StayWish, quote_stay
from integration.usecases.write_guest import GuestCard
from tests.fakes.desk import Office

AGENT = Actor("agent7", Role.OPERATOR)
CHIEF = Actor("chief", Role.SUPERVISOR)
ADMIN = Actor("root", Role.ADMIN)
ARRIVAL = date(2027, 7, 10)
CALLER = GuestCard("Ayşe Yılmaz", "0532 111 22 33")


def a_wish(**over: Any) -> StayWish:
    """A week in July for two and a child of six."""
    return replace(StayWish(ARRIVAL, 7, 2, (6,)), **over)


async def quoted(office: Office, **over: Any) -> Quote:
    """A stored quote."""
    return await quote_stay(office.desk, AGENT, a_wish(**over))


async def booked(
    office: Office, key: str = "key-1", to: ReservationState = ReservationState.HOLD, **over: Any
) -> Answer:
    """A hold (or more) from the first choice of a fresh quote."""
    quote = await quoted(office)
    request = BookRequest(to, key, offer_id=quote.offer.offer_id, pick=1, card=CALLER)
    return await book_stay(office.desk, AGENT, replace(request, **over))
