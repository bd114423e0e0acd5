"""One queue with abandonment, M/M/25+M at 24 Erlang: the season engine against textbook SimPy and against Ciw.

CPU microseconds a call, interleaved, drawing included. The engine plays a million calls, fed in days as a season is;
the other two play fewer, because their time a call does not depend on how many there are. Engine and textbook get the
same draws and must abandon the same calls, Ciw draws its own; all three are held against Erlang A's exact share.
"""

import gc
import time
from collections.abc import Callable, Iterator
from math import ceil, sqrt

from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from benchmarks.textbook import ciw_queue, one_queue
from sim.engine import SeasonEngine
from sim.exact.erlang import erlang_a
from sim.plan import Contacts, EnginePlan, GuestRules, Outcome, constant_heads
from sim.proofs.feed import Chance, call_queue, contacts, one_group

AGENTS, TALK_S, PATIENCE_S = 25, 240.0, 120.0
RATE = 24 / TALK_S
CALLS, TEXTBOOK_CALLS, CIW_CALLS = 1_000_000, 60_000, 30_000
ROUNDS = 3
SEED = 20270601
DAY_S = 86_400.0
OVER_DISPERSED = 4.0  # calls of one run hang together: the error of a share is some four times that of a coin


def draws(calls: int) -> Contacts:
    """The first so many calls: the same for whoever plays them."""
    chance = Chance(SEED, "benchmark", calls)
    return contacts(chance.arrivals(RATE), chance.times("talk", TALK_S), chance.times("patience", PATIENCE_S))


def by_engine(calls: int) -> float:
    """The share abandoned, from the season engine, day by day."""
    drawn = draws(calls)
    days = ceil((float(drawn.at[-1]) + 1) / DAY_S) + 1
    plan = EnginePlan((call_queue(),), one_group(), constant_heads([AGENTS], days * 48))
    engine = SeasonEngine(plan, GuestRules(redial=(0.0,)))
    cuts = drawn.at.searchsorted([day * DAY_S for day in range(days + 1)]).tolist()
    lost = 0
    for day in range(days):
        legs = engine.day(_rows(drawn, slice(cuts[day], cuts[day + 1])), until_s=(day + 1) * DAY_S)
        lost += int((legs.outcome == Outcome.ABANDONED).sum())
    return lost / calls


def _rows(drawn: Contacts, rows: slice) -> Contacts:
    return Contacts(**{name: getattr(drawn, name)[rows] for name in Contacts.__slots__})


def by_textbook(calls: int) -> float:
    """The share abandoned, from a process for each call."""
    drawn = draws(calls)
    return one_queue.abandoned(AGENTS, drawn.at.tolist(), drawn.work.tolist(), drawn.patience.tolist()) / calls


def by_ciw(calls: int) -> float:
    """The share abandoned, from Ciw."""
    return ciw_queue.abandoned_share(AGENTS, RATE, TALK_S, PATIENCE_S, calls, SEED)


class Side:
    """One of the models: plays its calls, keeps its share, gives CPU microseconds a call."""

    def __init__(self, play: Callable[[int], float], calls: int) -> None:
        self.play, self.calls, self.share = play, calls, 0.0

    def __call__(self) -> float:
        gc.collect()
        before = time.process_time()
        self.share = self.play(self.calls)
        return (time.process_time() - before) / self.calls * 1e6


def check(sides: dict[str, Side]) -> str:
    """RuntimeError unless all abandon as Erlang A says, within four standard errors; the answer names the shares."""
    exact = erlang_a(RATE, TALK_S, PATIENCE_S, AGENTS).abandons
    for name, side in sides.items():
        noise = 4 * OVER_DISPERSED * sqrt(exact * (1 - exact) / side.calls)
        if abs(side.share - exact) > noise:
            raise RuntimeError(f"{name} abandons {side.share:.4f}, Erlang A says {exact:.4f}")
    if by_engine(TEXTBOOK_CALLS) != sides["textbook"].share:
        raise RuntimeError("engine and textbook do not abandon the same calls")
    told = ", ".join(f"{name} {side.share:.4f}" for name, side in sides.items())
    return f"abandoned: {told}, exact {exact:.4f}"


@benchmark("season-queue")
def one_queue_with_abandonment() -> Iterator[Row]:
    sides = {
        "engine": Side(by_engine, CALLS),
        "textbook": Side(by_textbook, TEXTBOOK_CALLS),
        "ciw": Side(by_ciw, CIW_CALLS),
    }
    took = interleaved(ROUNDS, **sides)
    shares = check(sides)
    for name, told, limit in (("textbook", "textbook SimPy", 15.0), ("ciw", "Ciw", 25.0)):
        note = f"{took[name]:.1f} us a call / {took['engine']:.2f} us; {shares}"
        yield Row(f"one queue, {told} / season engine", took[name] / took["engine"], limit, Sense.AT_LEAST, note)
