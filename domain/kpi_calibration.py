"""Targets from a hotel's own thirty days: what three quarters of the cases kept, a small step from what is promised.

Of each channel the 75th percentile of service time is the candidate, over all cases of the span; those that are not
over count as longer than they have waited, so a heap of open cases cannot make a target look easy. Below fifty cases
nothing is proposed. A cycle of thirty days changes a target by a fifth at most, however often it is approved in it, and
keeps it between a floor and a ceiling, which differ for channels that are read at once and channels that are read once
in a while. A proposal is whole: it says what it saw, what it would be without the bounds, and which bound held it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.kpi import Share, Spread, wilson

SPAN_DAYS = 30
LEAST_CASES = 50
MOST_STEP = 0.20
PERCENT = 75
MINUTE, HOUR = 60.0, 3600.0
FIRST, SOLVED = "first_response_s", "resolution_s"
_NEAR = 1e-9


class Verdict(StrEnum):
    """What came of one target."""

    PROPOSED = "proposed"
    UNCHANGED = "unchanged"
    TOO_FEW = "too_few"
    TOO_OPEN = "too_open"


class Held(StrEnum):
    """Which bound held a candidate."""

    STEP = "step"
    FLOOR = "floor"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds between which a target stays."""

    floor_s: float
    ceiling_s: float


_QUICK = {FIRST: Bounds(30.0, 10 * MINUTE), SOLVED: Bounds(10 * MINUTE, HOUR)}
_SLOW = {FIRST: Bounds(15 * MINUTE, 24 * HOUR), SOLVED: Bounds(HOUR, 48 * HOUR)}
_SPOKEN = {FIRST: Bounds(10.0, MINUTE), SOLVED: Bounds(5 * MINUTE, HOUR)}
BOUNDS: Mapping[str, Mapping[str, Bounds]] = {"phone": _SPOKEN, "email": _SLOW, "ota": _SLOW, "web_form": _SLOW}


def bounds_of(channel: str, target: str) -> Bounds:
    """The floor and ceiling of a channel's target."""
    return BOUNDS.get(channel, _QUICK)[target]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one target of one channel, and what it is now. `anchor_s`: what was promised before a target of
    these days was approved; a fifth is counted from it. None where there was none."""

    channel: str
    target: str
    current_s: float
    seconds: Spread
    in_target: Share
    anchor_s: float | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One target: the evidence, the candidate (`p75_s`; None: too few, or too many open), and what is proposed
    (`proposed_s`; None unless it is another than now). `in_target`: share of cases that kept what they were promised,
    with its 95 % interval."""

    channel: str
    target: str
    verdict: Verdict
    current_s: float
    proposed_s: float | None
    n: int
    open_n: int
    p50_s: int | None
    p75_s: int | None
    p90_s: int | None
    in_target: float | None
    low: float | None
    high: float | None
    held: tuple[Held, ...] = ()


def propose(seen: Seen) -> Proposed:
    """Judge one target."""
    found, counted = seen.seconds.percentiles((50, PERCENT, 90)), seen.seconds.n + seen.seconds.open_n
    candidate, held, proposed = found[PERCENT], tuple[Held, ...](), None
    if counted < LEAST_CASES:
        verdict = Verdict.TOO_FEW
    elif candidate is None:
        verdict = Verdict.TOO_OPEN
    else:
        step, held = stepped(seen.channel, seen.target, seen.current_s, float(candidate), seen.anchor_s)
        is_new = abs(step - seen.current_s) > _NEAR
        verdict, proposed = (Verdict.PROPOSED, step) if is_new else (Verdict.UNCHANGED, None)
    share = seen.in_target
    low, high = wilson(share.hits, share.n) if share.n else (None, None)
    return Proposed(
        seen.channel, seen.target, verdict, seen.current_s, proposed, seen.seconds.n, seen.seconds.open_n,
        found[50], candidate, found[90], share.hits / share.n if share.n else None, low, high, held,
    )  # fmt: skip


def stepped(
    channel: str, target: str, current_s: float, candidate_s: float, anchor_s: float | None = None
) -> tuple[float, tuple[Held, ...]]:
    """The candidate within a fifth of what is promised and within its bounds, in a number people can say.

    A target that stands outside the bounds already moves towards them by no more than a fifth. `anchor_s`: what was
    promised when the cycle began, where a target of the cycle counts already; a target that has left its fifth since,
    which only people do by hand, begins a cycle of its own.
    """
    bounds, held = bounds_of(channel, target), list[Held]()
    wanted = min(max(candidate_s, bounds.floor_s), bounds.ceiling_s)
    if wanted != candidate_s:
        held.append(Held.FLOOR if wanted > candidate_s else Held.CEILING)
    least, most = _fifth_of(current_s)
    if anchor_s is not None:
        lower, upper = _fifth_of(anchor_s)
        least, most = (lower, upper) if lower - _NEAR <= current_s <= upper + _NEAR else (least, most)
    inside = min(max(wanted, least), most)
    if inside != wanted:
        held.append(Held.STEP)
    is_bound = inside in {bounds.floor_s, bounds.ceiling_s}
    return inside if is_bound else _sayable(inside, current_s), tuple(held)


def _fifth_of(seconds: float) -> tuple[float, float]:
    return seconds * (1 - MOST_STEP), seconds * (1 + MOST_STEP)


def _sayable(seconds: float, current_s: float) -> float:
    """A round number between what is promised now and this one: a step is rounded down, never up."""
    grain = next(grain for most, grain in _GRAINS if seconds < most)
    if abs(seconds - current_s) < grain:
        return current_s
    rounded = seconds // grain * grain if seconds > current_s else -(-seconds // grain) * grain
    return float(rounded)


_GRAINS = ((60.0, 1.0), (300.0, 5.0), (900.0, 15.0), (4 * HOUR, MINUTE), (float("inf"), 5 * MINUTE))
