"""A whole season with all there is (six channels, four languages, handoffs, selling): the season engine against the
same model with a process for each contact, CPU a contact, memory, and what drawing the guests takes.

`bench-million` through a `Replication`, interleaved with `benchmarks.textbook.season`, which plays the same draws under
the same rules and is sold to and scored by the same code; only who plays the queues differs. The slice is the first
days of the season, so rooms are still there to sell and the teams are at their daily load.
"""

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from benchmarks.textbook.season import TextbookSeason
from scenarios.demand import draw_day
from scenarios.scenario_loader import load_scenario
from sim.engine import SeasonEngine
from sim.replication import MakeEngine, Replication, Season, make_season, run_replication
from sim.scores import Scores

SCENARIO = "bench-million"
SMALL = ("antalya-high-season", "season.last=2027-06-28")
SEED = 20270601
DAYS, DRAWN_DAYS = 6, 20
ROUNDS = 3
A_POINT = 0.01
MIB = 1024.0


class Slice:
    """Plays the first days of a season. A call gives CPU microseconds a contact; `level` is the telephone's then."""

    def __init__(self, season: Season, engine: MakeEngine) -> None:
        self.season, self.engine = season, engine
        self.contacts, self.level = 0, 0.0

    def __call__(self) -> float:
        run = self._run()
        gc.collect()
        before = time.process_time()
        for day in range(DAYS):
            run.day(day)
        scores = run.finish()
        taken = time.process_time() - before
        self.contacts, self.level = int(scores.daily[0].sum()), _level(scores)
        return taken / self.contacts * 1e6

    def _run(self) -> Replication:
        plan = self.season.model.plan_of(SEED, 0)
        return Replication(self.season, plan, SEED, 0, self.engine)


def _level(scores: Scores) -> float:
    """The telephone's service level: answered in time, of those offered."""
    return scores.level.in_time / scores.level.offered


def drawing(season: Season) -> Callable[[], float]:
    """CPU microseconds a contact of drawing days and making contacts of them."""

    def measure() -> float:
        contacts, before = 0, time.process_time()
        for day in range(DRAWN_DAYS):
            contacts += len(season.model.contacts(draw_day(season.model.demand, SEED, 0, day)))
        return (time.process_time() - before) / contacts * 1e6

    return measure


def peaks_mib(scenario: str, *sets: str, replications: int) -> list[float]:
    """The most memory a process of its own has taken after each replication, starting Python and libraries included."""
    told = [sys.executable, "-m", "benchmarks.bench_season_full", str(replications), scenario, *sets]
    done = subprocess.run(told, capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def _in_child(replications: int, scenario: str, sets: list[str]) -> None:
    season = make_season(load_scenario(scenario, sets))
    whole: Scores | None = None
    for replication in range(replications):
        scores = run_replication(season, SEED, replication)
        whole = scores if whole is None else whole.merge(scores)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB)


@benchmark("season-full")
def a_million_contacts() -> Iterator[Row]:
    season = make_season(load_scenario(SCENARIO))
    engine, textbook = Slice(season, SeasonEngine), Slice(season, TextbookSeason)
    took = interleaved(ROUNDS, engine=engine, textbook=textbook, draws=drawing(season))
    if abs(engine.level - textbook.level) > A_POINT or engine.contacts != textbook.contacts:
        raise RuntimeError(f"service levels differ: {engine.level:.4f} and {textbook.level:.4f}")
    figures = f"{took['textbook']:.1f} us / {took['engine']:.2f} us a contact"
    levels = f"service level {engine.level:.4f} and {textbook.level:.4f} on the same {engine.contacts:,} contacts"
    yield Row(
        "season, a process for each contact / season engine", took["textbook"] / took["engine"], 4.0, Sense.AT_LEAST,
        f"{figures}; {levels}",
    )  # fmt: skip
    note = f"{engine.contacts:,} contacts of {DAYS} days, draws, selling and scores included"
    yield Row("season, CPU us a contact", took["engine"], 8.0, note=note, unit=" us")
    yield Row("of these, drawing the contacts", took["draws"], note=f"{DRAWN_DAYS} days", unit=" us")


@benchmark("season-memory")
def memory() -> Iterator[Row]:
    (most,) = peaks_mib(SCENARIO, replications=1)
    yield Row(f"peak memory of {SCENARIO}", most, 300.0, note="a whole season in a process of its own", unit=" MiB")
    once, _, thrice = peaks_mib(*SMALL, replications=3)
    note = f"{thrice:.0f} MiB / {once:.0f} MiB, four weeks of {SMALL[0]}"
    yield Row("peak memory, after three replications / after one", thrice / once, 1.05, note=note)


if __name__ == "__main__":
    _in_child(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
