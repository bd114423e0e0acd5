"""A check is one line of the verdict: what was asked, what was measured, how it stands, and where the proof is.

The order of judgement is fixed. First whether the load was delivered: a generator that lagged has measured itself, so
its figures say nothing (INVALID). A record that was lost is lost however badly the load was made: that always fails.
Then the targets, then the headroom. What was skipped makes a run INVALID, unless it was waived by name and with a
reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from loadtests.words import CheckStatus, Verdict

UNPROVEN = frozenset({CheckStatus.INVALID, CheckStatus.SKIPPED})
BROKEN = UNPROVEN | {CheckStatus.FAIL}


class Section(StrEnum):
    """Which part of the verdict a check belongs to, in the order of judgement."""

    LOAD = "load"
    INTEGRITY = "integrity"
    TARGETS = "targets"
    HEADROOM = "headroom"
    SEASON = "season"
    READINESS = "readiness"


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `target` and `measured` are texts a person reads, with their units; `evidence` says where to look:
    counts, ids, a file of the run folder. `name` is a stable slug."""

    section: Section
    name: str
    target: str
    measured: str
    status: CheckStatus
    evidence: str = ""


def verdict_of(checks: Iterable[Check], *, is_strict: bool = False, is_complete: bool = True) -> Verdict:
    """The word for all checks together. `is_strict`: at risk fails; `is_complete`: False for a run that was broken off,
    which is never a PASS. No check at all is INVALID."""
    found = list(checks)
    if any(one.section is Section.INTEGRITY and one.status is CheckStatus.FAIL for one in found):
        return Verdict.FAIL
    if not found or any(one.section is Section.LOAD and one.status in BROKEN for one in found):
        return Verdict.INVALID
    failing = {CheckStatus.FAIL} | ({CheckStatus.AT_RISK} if is_strict else set())
    if any(one.status in failing for one in found):
        return Verdict.FAIL
    return Verdict.INVALID if not is_complete or any(one.status in UNPROVEN for one in found) else Verdict.PASS
