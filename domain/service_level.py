"""The service level of calls: three formulas are in use and give different figures for the same day.

What is kept is enough for all three, so a report can say which one it means and show the others beside it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from domain.kpi import Figure, Share

SHORT_ABANDON_S = 5


class LevelFormula(StrEnum):
    """Three formulas of the service level are in use and give different figures for the same day, so which one is meant
    is always said. `of_offered`: answered in time / offered. `without_short`: the same, callers who gave up within
    five seconds left out. `or_gone_in_time`: answered or given up in time / offered."""

    OF_OFFERED = "of_offered"
    WITHOUT_SHORT = "without_short"
    OR_GONE_IN_TIME = "or_gone_in_time"


@dataclass(slots=True)
class ServiceLevel:
    """Calls by whether they were answered in time: enough for all three formulas.

    `offered`: all; `in_time`: answered within the target; `gone_in_time`: given up within the target; `gone_short`:
    given up within five seconds.
    """

    offered: int = 0
    in_time: int = 0
    gone_in_time: int = 0
    gone_short: int = 0

    def add(self, wait_s: float, target_s: float, *, is_answered: bool) -> None:
        """One more call that waited so long until it was answered or the caller gave up."""
        is_in_time = wait_s <= target_s
        self.offered += 1
        self.in_time += is_answered and is_in_time
        self.gone_in_time += not is_answered and is_in_time
        self.gone_short += not is_answered and wait_s <= SHORT_ABANDON_S

    def merge(self, other: Self) -> Self:
        return type(self)(
            self.offered + other.offered,
            self.in_time + other.in_time,
            self.gone_in_time + other.gone_in_time,
            self.gone_short + other.gone_short,
        )

    def share(self, formula: LevelFormula = LevelFormula.OF_OFFERED) -> Share:
        """By one of the formulas."""
        if formula is LevelFormula.WITHOUT_SHORT:
            return Share(self.in_time, self.offered - self.gone_short)
        if formula is LevelFormula.OR_GONE_IN_TIME:
            return Share(self.in_time + self.gone_in_time, self.offered)
        return Share(self.in_time, self.offered)

    def result(self) -> Figure:
        return self.share().result()
