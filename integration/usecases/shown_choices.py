"""What is shown of a reading: two or three choices with what may be added, and the rooms that are closed.

All of it follows from the PMS's answer, so it is remembered while that is kept. A reading with restrictions or with
rooms that we hold ourselves is worked out anew each time.
"""

from dataclasses import dataclass

from domain.choosing import choose
from domain.hotel import HotelTerms
from domain.offer import Choice, ClosedRoom
from integration.usecases.reading_rates import Reading, candidates_of, closed_of, upsells_for
from integration.usecases.remembering import ByObject
from integration.usecases.stay_wish import StayWish


@dataclass(frozen=True, slots=True)
class Shown:
    """Choices in the order they are read out, and what does not sell."""

    choices: tuple[Choice, ...]
    closed: tuple[ClosedRoom, ...]


_remembered: ByObject[Shown] = ByObject()


def shown_of(hotel: HotelTerms, reading: Reading, wish: StayWish) -> Shown:
    """The choices for a wish. Of the wish only board and purpose count here; the rest is in the question."""
    if reading.rules or reading.ours:
        return _worked_out(hotel, reading, wish)
    rest = reading.question, reading.today, wish.board, wish.purpose
    objects = hotel, reading.answer, reading.counts
    return _remembered.get(objects, rest, lambda: _worked_out(hotel, reading, wish))


def _worked_out(hotel: HotelTerms, reading: Reading, wish: StayWish) -> Shown:
    candidates = [one for one in candidates_of(hotel, reading) if _wanted(hotel, wish, one.rate_plan)]
    choices = [
        Choice(
            one.number,
            one.kind,
            one.candidate,
            upsells_for(hotel, one.candidate, candidates, reading.question, purpose=wish.purpose),
        )
        for one in choose(candidates, hotel.room_types, reading.question.party)
    ]
    return Shown(tuple(choices), closed_of(hotel, reading))


def _wanted(hotel: HotelTerms, wish: StayWish, rate_plan: str) -> bool:
    return wish.board is None or hotel.rate_plans[rate_plan].board.value == wish.board.upper()
