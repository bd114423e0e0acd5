"""A desk of fakes: one hotel, a store in memory, a PMS in memory, a clock that stands still until it is moved."""

from dataclasses import dataclass

from domain.hotel import HotelTerms
from integration.adapters.names import GuestNames
from integration.adapters.phones import GuestPhones
from integration.adapters.store import open_store
from integration.usecases.desk import Desk
from tests.builders import a_hotel
from tests.fakes.pms import FakePms
from tests.fakes.surroundings import FakeClock, FakeIds, FakePhrases


@dataclass(frozen=True)
class Office:
    """A desk and the fakes behind it."""

    desk: Desk
    pms: FakePms
    clock: FakeClock
    hotel: HotelTerms


def an_office(hotel: HotelTerms | None = None) -> Office:
    """A desk for one hotel."""
    clock = FakeClock()
    terms = hotel or a_hotel()
    pms = FakePms(clock)
    store = open_store(None, inline=True, create=True)
    desk = Desk(pms, store, clock, FakeIds(), GuestPhones(), GuestNames(), FakePhrases(), {terms.hotel_id: terms})
    return Office(desk, pms, clock, terms)
