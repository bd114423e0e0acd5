"""Feeds the engine: streams of chance, contacts with only the columns a case needs, and a run in stretches.

Every purpose of every case draws from its own stream, so another case or another length never moves the draws. A run is
handed to the engine in stretches, as a season is by days, so what is carried from one to the next is proved along.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from math import inf
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sim.engine import SeasonEngine
from sim.plan import Contacts, EnginePlan, GroupPlan, GuestRules, Legs, Outcome, QueuePlan, Work, constant_heads
from sim.proofs.estimates import BATCHES, Batches

_F8 = NDArray[np.float64]
STRETCHES = 12


@dataclass(frozen=True, slots=True)
class Chance:
    """The streams of one case. Everything drawn is of length `count`."""

    seed: int
    case: str
    count: int

    def stream(self, purpose: str) -> np.random.Generator:
        """The stream of a purpose, from its beginning."""
        key = (crc32(self.case.encode()), crc32(purpose.encode()))
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(self.seed, spawn_key=key)))

    def times(self, purpose: str, mean: float) -> _F8:
        """Exponential times; for an infinite mean all are infinite."""
        return np.full(self.count, inf) if mean == inf else self.stream(purpose).exponential(mean, self.count)

    def arrivals(self, rate: float, purpose: str = "arrivals") -> _F8:
        """A Poisson stream of arrivals, in order."""
        return np.cumsum(self.times(purpose, 1.0 / rate))

    def uniform(self, purpose: str) -> _F8:
        """Numbers in [0, 1)."""
        return self.stream(purpose).random(self.count)


def contacts(
    at: _F8, work: _F8, patience: _F8, queue: NDArray[np.int32] | None = None, **more: NDArray[np.generic]
) -> Contacts:
    """Contacts with these columns; what is not named is such that it changes nothing."""
    count = len(at)
    zeros, never = np.zeros(count), np.full(count, inf)
    whole = np.zeros(count, dtype=np.int32)
    none = np.ones((count, 0))
    columns: dict[str, NDArray[np.generic]] = {
        "wrap": zeros, "balk_u": np.ones(count), "silent": np.zeros(count, dtype=np.bool_), "first_reply": zeros,
        "handoff_at": never, "handoff_queue": whole, "handoff_work": zeros, "handoff_wrap": zeros,
        "handoff_patience": never, "redial_u": none, "redial_gap": none, "redial_patience": none, **more,
    }  # fmt: skip
    return Contacts(at=at, queue=whole if queue is None else queue, work=work, patience=patience, **columns)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Played:
    """All legs of a run (joined, in the order in which they ended) and agents' seconds at work and present, shape
    (intervals, groups)."""

    legs: Legs
    busy_s: _F8
    batches: Batches
    staffed_s: _F8

    @property
    def served(self) -> NDArray[np.bool_]:
        """Which legs were answered."""
        return np.asarray(self.legs.outcome == Outcome.SERVED)

    @property
    def given_up(self) -> NDArray[np.bool_]:
        """Which legs ended because patience did."""
        return np.asarray(self.legs.outcome == Outcome.ABANDONED)

    @property
    def had_to_wait(self) -> NDArray[np.bool_]:
        """Which legs were not answered at once and did not balk."""
        return np.asarray(self.given_up | (self.legs.wait > 0))


def play(
    plan: EnginePlan,
    drawn: Contacts,
    until_s: float,
    redial: float = 0.0,
    make: Callable[[EnginePlan, GuestRules], SeasonEngine] = SeasonEngine,
) -> Played:
    """Run it all. `until_s`: when the last contact has come; what is still there at the end of the plan stays out.
    `redial`: chance to come back after giving up, in every queue. `make`: the engine."""
    engine = make(plan, GuestRules(redial=(redial,) * len(plan.queues)))
    intervals = np.linspace(0, plan.heads.shape[0], STRETCHES + 1)[1:].round()
    ends = intervals * plan.interval_s
    cuts = np.searchsorted(drawn.at, np.concatenate(([0.0], ends)), side="left")
    parts = [
        engine.day(_part(drawn, first, last), until_s=float(end))
        for first, last, end in zip(cuts[:-1], cuts[1:], ends, strict=True)
    ]
    parts.append(engine.finish())
    return Played(joined(parts), np.asarray(engine.busy_s), Batches(until_s), np.asarray(engine.staffed_s))


def _part(drawn: Contacts, first: int, last: int) -> Contacts:
    return Contacts(**{one.name: getattr(drawn, one.name)[first:last] for one in fields(Contacts)})


def joined(parts: Sequence[Legs]) -> Legs:
    """One after the other."""
    return Legs(**{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Legs)})


def steady_plan(
    queues: Sequence[QueuePlan], groups: Sequence[GroupPlan], heads: Sequence[int], until_s: float, rest_s: float
) -> EnginePlan:
    """The same team all the time: `BATCHES` intervals until the last contact comes, and `rest_s` to let all end."""
    length = until_s / BATCHES
    intervals = BATCHES + int(np.ceil(rest_s / length)) + 1
    return EnginePlan(tuple(queues), tuple(groups), constant_heads(heads, intervals), interval_s=length)


def one_group(slots: int = 1, speeds: tuple[float, ...] = (1.0,)) -> tuple[GroupPlan, ...]:
    """Agents for the one queue there is."""
    return (GroupPlan("agents", (0,), (0,), (slots,), speeds),)


def call_queue(name: str = "calls", *, priority: int = 0, balk: float = 0.0, work: Work = Work.CALL) -> QueuePlan:
    """A queue that is always open."""
    return QueuePlan(name, 0, 0, work, priority=priority, balk=balk)
