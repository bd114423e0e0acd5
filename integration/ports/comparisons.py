"""Comparisons with the PMS and what they found: the records, and what the store can do with them.

A **Comparison** holds one hotel's reservations against the PMS's, arrival window by arrival window; `position` is the
first day not yet compared, so a run that was killed goes on there. A **Finding** is one record that does not agree; it
holds codes, days and amounts, never anything about the guest. Also here: what the 24-hour watch and the decisions of
persons ask of the store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from domain.reservation import Reservation
from integration.ports.records import Intent, Task


class FindingKind(StrEnum):
    """What can be wrong with a record: only here, only there, not alike, there more than once, not to be understood."""

    MISSING_IN_PMS = "missing_in_pms"
    MISSING_HERE = "missing_here"
    DIFFERENT = "different"
    SURPLUS = "surplus"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Gap:
    """One field that does not agree: codes, days or amounts as text; None = there is none on that side."""

    field: str
    here: str | None
    there: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One record that does not agree. `line` numbers it in its comparison; `repair`: what was done about it."""

    comparison_id: str
    line: int
    kind: FindingKind
    reservation_id: str | None
    pms_ref: str | None
    external_ref: str
    gaps: tuple[Gap, ...]
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One run over arrivals `[arrival_from, arrival_to]`, both included; `counts` by name."""

    comparison_id: str
    hotel_id: str
    actor: str
    created_at: datetime
    arrival_from: date
    arrival_to: date
    repairs: bool
    position: date
    counts: Mapping[str, int] = field(default_factory=dict)
    finished_at: datetime | None = None


class ComparisonReads(Protocol):
    """What can be read."""

    def get_comparison(self, comparison_id: str) -> Comparison | None: ...
    def list_comparisons(self, hotel_id: str | None, limit: int) -> list[Comparison]:
        """Newest first."""
        ...

    def last_restore(self, hotel_id: str) -> datetime | None:
        """When the store was last restored from a backup, as its proof noted it."""
        ...

    def findings(self, comparison_id: str, *, after: int, limit: int, unrepaired: bool = False) -> list[Finding]:
        """In the order of their lines, behind line `after`."""
        ...

    def count_arriving(self, hotel_id: str, first: date, last: date) -> int:
        """Reservations of any state that arrive on `[first, last]`."""
        ...

    def arriving(self, hotel_id: str, first: date, last: date) -> list[Reservation]:
        """Those reservations, by arrival."""
        ...

    def refused_references(self, hotel_id: str, references: Iterable[str]) -> set[str]:
        """Which of these external references belong to a create that was refused or given up."""
        ...

    def watched_intents(self, now: datetime, limit: int) -> list[Intent]:
        """Settled intents under the 24-hour watch whose next look (`deadline`) is due."""
        ...

    def get_task(self, task_id: str) -> Task | None: ...


class ComparisonWrites(Protocol):
    """What can be written."""

    def add_comparison(self, comparison: Comparison) -> None: ...
    def advance_comparison(self, comparison: Comparison, *, expected: date) -> bool:
        """Write position, counts and end if the stored position is still `expected` and it has not ended; False
        otherwise."""
        ...

    def add_finding(self, finding: Finding) -> None:
        """Store it as the next line of its comparison."""
        ...

    def mark_finding(self, comparison_id: str, line: int, repair: str) -> None: ...
