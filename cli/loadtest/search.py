"""How much is borne: the highest multiple of the real peak that meets all targets, found in few steps.

Up by a factor while it holds, down by it while it does not, then between the two by their geometric mean, because load
is a matter of ratios. A step whose load could not be made is no answer, but nothing above it can be shown either. The
number of steps and the time are bounded, and what was found is said with what stopped the search.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from loadtests.words import Verdict

GROWTH = 4.0
NEAR = 1.2
LEAST = 0.01


class Stopped(StrEnum):
    """Why a search ended."""

    FOUND = "found"
    STEPS = "steps"
    TIME = "time"
    INTERRUPTED = "interrupted"
    NOTHING = "nothing_holds"


@dataclass(frozen=True, slots=True)
class Trial:
    """One step. `asked`: the multiple it was to be; `multiple`: what it was; `limit`: what broke first, as a slug;
    `is_certain`: no target was at risk, as it is with too few samples."""

    asked: float
    multiple: float
    verdict: Verdict
    limit: str = ""
    is_interrupted: bool = False
    is_certain: bool = True

    @property
    def holds(self) -> bool:
        """All targets met by a load that was there."""
        return self.verdict is Verdict.PASS and not self.is_interrupted


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found. `best`: the highest step that held; `broke`: the lowest that did not."""

    trials: tuple[Trial, ...]
    best: Trial | None
    broke: Trial | None
    stopped: Stopped


Try = Callable[[float], Trial]
Late = Callable[[], bool]


def search(tried: Try, start: float, most_steps: int, is_late: Late) -> Searched:
    """Try multiples from `start` on, at most so many and none once `is_late`."""
    trials: list[Trial] = []
    best: Trial | None = None
    broke: Trial | None = None
    asked = start
    while (stopped := _stop(trials, best, broke, asked, most_steps, is_late)) is None:
        trial = tried(asked)
        trials.append(trial)
        if trial.is_interrupted:
            return Searched(tuple(trials), best, broke, Stopped.INTERRUPTED)
        if trial.holds:
            best = trial
        else:
            broke = trial
        asked = _next(best, broke)
    return Searched(tuple(trials), best, broke, stopped)


def _stop(
    trials: list[Trial], best: Trial | None, broke: Trial | None, asked: float, most_steps: int, is_late: Late
) -> Stopped | None:
    if best is not None and broke is not None and broke.asked / best.asked <= NEAR:
        return Stopped.FOUND
    if asked < LEAST:
        return Stopped.NOTHING
    if len(trials) >= most_steps:
        return Stopped.STEPS
    return Stopped.TIME if trials and is_late() else None


def _next(best: Trial | None, broke: Trial | None) -> float:
    if best is None:
        assert broke is not None  # noqa: S101 - one of the two was set by the last trial
        return broke.asked / GROWTH
    return best.asked * GROWTH if broke is None else float((best.asked * broke.asked) ** 0.5)
