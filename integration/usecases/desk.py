"""The desk: everything a use case works with, handed to it as one value.

`bootstrap` builds it once; tests build it from fakes. `point` is called at named moments of a write ("intent_stored",
"pms_answered", ...): it does nothing in the field and lets a test stop the process exactly there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.errors import InvalidInput, NotFound
from domain.hotel import HotelTerms
from integration.ports.hooks import Hook
from integration.ports.outbound import Carriers, NoCarriers
from integration.ports.pms import Pms
from integration.ports.pulls import Pull
from integration.ports.season_plans import NoPlans, SeasonPlans
from integration.ports.serving import Serving, UsualServing
from integration.ports.store import Store
from integration.ports.surroundings import Clock, Ids, Line, Names, OpenLine, Phones, Phrases


def _nothing(_name: str) -> None:
    """Pass by."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports and hotels. `hotels` by hotel id, `hooks` by the name in their URL; `carriers`: the ways out;
    `pulls`: what we fetch from, by name; `plans`: seasons as they were planned."""

    pms: Pms
    store: Store
    clock: Clock
    ids: Ids
    phones: Phones
    names: Names
    phrases: Phrases
    hotels: Mapping[str, HotelTerms]
    point: Callable[[str], None] = field(default=_nothing)
    line: Line = field(default_factory=OpenLine)
    serving: Serving = field(default_factory=UsualServing)
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    carriers: Carriers = field(default_factory=NoCarriers)
    pulls: Mapping[str, Pull] = field(default_factory=dict)
    plans: SeasonPlans = field(default_factory=NoPlans)

    def hook(self, name: str) -> Hook | None:
        """How what came in under a name is read: of an endpoint, or of something we fetch from."""
        pull = self.pulls.get(name)
        return pull.hook if pull is not None else self.hooks.get(name)

    def may_ask(self, hotel_id: str) -> bool:
        """Whether it makes sense to ask the hotel's PMS: it is not given up, or it is time to try it again."""
        return self.line.down_since(hotel_id) is None or self.line.is_trial_due(hotel_id)

    def hotel(self, hotel_id: str | None) -> HotelTerms:
        """The hotel asked for; the only one when there is one. NotFound, or InvalidInput when it must be named."""
        if hotel_id:
            found = self.hotels.get(hotel_id.upper())
            if found is None:
                raise NotFound("There is no hotel {hotel}.", hotel=hotel_id, hint=", ".join(self.hotels), field="hotel")
            return found
        if len(self.hotels) != 1:
            raise InvalidInput("Name the hotel.", hint=", ".join(self.hotels), field="hotel")
        return next(iter(self.hotels.values()))
