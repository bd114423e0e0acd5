"""Which "no": a sold-out room, a stop-sale and a minimum stay are three different answers to a guest.

`Availability` names the state of a room type on a rate plan for a stay; `Restriction` is the hotel's rule behind it. An
`Alert` is what the agent sees: **red** cannot be sold as asked, **yellow** can be sold with a change or is nearly gone,
**green** is free. Alerts carry a code and parameters; sentences are made at the edge, in the reader's language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.stay import StayDates


class Availability(StrEnum):
    """FREE can be sold; every other value says which no."""

    FREE = "free"
    HELD = "held"
    OPTIONED = "optioned"
    SOLD = "sold"
    CLOSED = "closed"
    RESTRICTED = "restricted"


class RestrictionKind(StrEnum):
    """The PMS's restriction codes, in our words."""

    CLOSED = "closed"
    CLOSED_TO_ARRIVAL = "closed_to_arrival"
    CLOSED_TO_DEPARTURE = "closed_to_departure"
    MIN_STAY = "min_stay"
    MAX_STAY = "max_stay"
    MIN_STAY_THROUGH = "min_stay_through"
    MAX_STAY_THROUGH = "max_stay_through"
    MIN_ADVANCE = "min_advance"
    MAX_ADVANCE = "max_advance"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A rule on `[start, end]`, both days included. No scope: the whole house, every plan. `unit` in nights or days."""

    kind: RestrictionKind
    start: date
    end: date
    unit: int | None = None
    room_type: str | None = None
    rate_code: str | None = None

    def concerns(self, room_type: str, rate_code: str) -> bool:
        """Whether it is about this room type on this (PMS) rate code."""
        return self.room_type in {None, room_type} and self.rate_code in {None, rate_code}

    def covers(self, day: date) -> bool:
        """Whether the rule stands on a day."""
        return self.start <= day <= self.end

    def breaks(self, stay: StayDates, today: date) -> bool:
        """Whether the stay goes against it. A rule that needs a number and has none binds nobody."""
        if self.unit is None and self.kind in _NEEDS_UNIT:
            return False
        return _BREAKS[self.kind](self, stay, today)


def _unit(rule: Restriction) -> int:
    return rule.unit or 0


def _through(rule: Restriction, stay: StayDates) -> bool:
    return any(rule.covers(night) for night in stay.nights())


_NEEDS_UNIT = frozenset(
    {
        RestrictionKind.MIN_STAY,
        RestrictionKind.MAX_STAY,
        RestrictionKind.MIN_STAY_THROUGH,
        RestrictionKind.MAX_STAY_THROUGH,
        RestrictionKind.MIN_ADVANCE,
        RestrictionKind.MAX_ADVANCE,
    }
)
_BREAKS: dict[RestrictionKind, Callable[[Restriction, StayDates, date], bool]] = {
    RestrictionKind.CLOSED: lambda rule, stay, _today: _through(rule, stay),
    RestrictionKind.CLOSED_TO_ARRIVAL: lambda rule, stay, _today: rule.covers(stay.check_in),
    RestrictionKind.CLOSED_TO_DEPARTURE: lambda rule, stay, _today: rule.covers(stay.check_out),
    RestrictionKind.MIN_STAY: lambda rule, stay, _t: rule.covers(stay.check_in) and stay.night_count < _unit(rule),
    RestrictionKind.MAX_STAY: lambda rule, stay, _t: rule.covers(stay.check_in) and stay.night_count > _unit(rule),
    RestrictionKind.MIN_STAY_THROUGH: lambda rule, stay, _t: _through(rule, stay) and stay.night_count < _unit(rule),
    RestrictionKind.MAX_STAY_THROUGH: lambda rule, stay, _t: _through(rule, stay) and stay.night_count > _unit(rule),
    RestrictionKind.MIN_ADVANCE: lambda rule, stay, today: (
        rule.covers(stay.check_in) and stay.check_in - today < timedelta(days=_unit(rule))
    ),
    RestrictionKind.MAX_ADVANCE: lambda rule, stay, today: (
        rule.covers(stay.check_in) and stay.check_in - today > timedelta(days=_unit(rule))
    ),
    RestrictionKind.OTHER: lambda _rule, _stay, _today: False,
}


class AlertLevel(StrEnum):
    """The three colours of the agent's screen."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class AlertCode(StrEnum):
    """What an alert says; the sentence is made in the reader's language."""

    STOP_SALE = "stop_sale"
    SOLD_OUT = "sold_out"
    HELD = "held"
    OPTIONED = "optioned"
    OVER_OCCUPANCY = "over_occupancy"
    CLOSED_TO_ARRIVAL = "closed_to_arrival"
    CLOSED_TO_DEPARTURE = "closed_to_departure"
    MIN_STAY = "min_stay"
    MAX_STAY = "max_stay"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    RESTRICTED = "restricted"
    FEW_LEFT = "few_left"
    OPTION_ONLY = "option_only"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Alert:
    """One line on the screen: colour, code, parameters by name."""

    level: AlertLevel
    code: AlertCode
    params: tuple[tuple[str, str | int], ...] = ()


_ALERT_OF = {
    RestrictionKind.CLOSED: (AlertLevel.RED, AlertCode.STOP_SALE),
    RestrictionKind.CLOSED_TO_ARRIVAL: (AlertLevel.RED, AlertCode.CLOSED_TO_ARRIVAL),
    RestrictionKind.CLOSED_TO_DEPARTURE: (AlertLevel.RED, AlertCode.CLOSED_TO_DEPARTURE),
    RestrictionKind.MIN_STAY: (AlertLevel.YELLOW, AlertCode.MIN_STAY),
    RestrictionKind.MIN_STAY_THROUGH: (AlertLevel.YELLOW, AlertCode.MIN_STAY),
    RestrictionKind.MAX_STAY: (AlertLevel.YELLOW, AlertCode.MAX_STAY),
    RestrictionKind.MAX_STAY_THROUGH: (AlertLevel.YELLOW, AlertCode.MAX_STAY),
    RestrictionKind.MIN_ADVANCE: (AlertLevel.RED, AlertCode.TOO_LATE),
    RestrictionKind.MAX_ADVANCE: (AlertLevel.RED, AlertCode.TOO_EARLY),
    RestrictionKind.OTHER: (AlertLevel.RED, AlertCode.RESTRICTED),
}


def alert_of(rule: Restriction) -> Alert:
    """The alert for a restriction that the stay breaks."""
    level, code = _ALERT_OF[rule.kind]
    params: tuple[tuple[str, str | int], ...] = (("start", rule.start.isoformat()), ("end", rule.end.isoformat()))
    return Alert(level, code, (*params, ("unit", rule.unit)) if rule.unit is not None else params)


def state_of(rules: list[Restriction]) -> Availability:
    """CLOSED when a stop-sale is among the broken rules, else RESTRICTED."""
    if any(rule.kind is RestrictionKind.CLOSED for rule in rules):
        return Availability.CLOSED
    return Availability.RESTRICTED
