"""What to do first: points for what is known of a case, each with its reason.

Points are data and add up; the level is what a list shows and sorts by. Which case is next within a level is decided
by the clocks. A guest who arrives within 48 hours goes up; that alone forces no call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from domain.signals import BITS, Mark, Signal, Tag, marks_in


class PriorityLevel(IntEnum):
    """Higher goes first."""

    NORMAL = 0
    HIGH = 1
    URGENT = 2


DEFAULT_POINTS: Mapping[Mark, int] = {
    Signal.CRISIS: 60,
    Signal.LAST_MINUTE: 40,
    Signal.CANCELLATION: 30,
    Signal.ARRIVAL_SOON: 25,
    Signal.SOLD_BY_PHONE: 5,
    Signal.REPEAT_GUEST: 5,
    Tag.VIP: 30,
    Tag.RESERVATION: 10,
}


@dataclass(frozen=True, slots=True)
class Priority:
    """Points, their level, and what each point is for, most first."""

    points: int
    level: PriorityLevel
    reasons: tuple[tuple[Mark, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """Points by mark, and from how many a case is high or urgent."""

    points: Mapping[Mark, int] = field(default_factory=lambda: DEFAULT_POINTS)
    high_from: int = 25
    urgent_from: int = 60
    _by_bits: dict[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """ValueError unless urgent asks for more than high."""
        if not 0 < self.high_from < self.urgent_from:
            raise ValueError("urgent needs more points than high, and high more than none")
        object.__setattr__(self, "_by_bits", {})

    def count(self, bits: int) -> int:
        """Points of a mask of `domain.signals.BITS`."""
        known = self._by_bits.get(bits)
        if known is None:
            known = self._by_bits[bits] = sum(points for mark, points in self.points.items() if bits & BITS[mark])
        return known

    def level(self, bits: int) -> PriorityLevel:
        """The level of a mask."""
        points = self.count(bits)
        if points >= self.urgent_from:
            return PriorityLevel.URGENT
        return PriorityLevel.HIGH if points >= self.high_from else PriorityLevel.NORMAL

    def explain(self, bits: int) -> Priority:
        """Points, level and reasons of a mask."""
        reasons = [(mark, self.points[mark]) for mark in marks_in(bits) if self.points.get(mark)]
        reasons.sort(key=lambda one: -one[1])
        return Priority(self.count(bits), self.level(bits), tuple(reasons))
