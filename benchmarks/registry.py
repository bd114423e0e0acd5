"""The list of benchmarks: a decorator to join it, and the rows that a benchmark returns.

    @benchmark("store")
    def book_and_commit() -> Iterator[Row]:
        yield Row("book and commit against bare sqlite3", ratio=0.6, limit=0.4, sense=Sense.AT_LEAST)

Every module named `benchmarks/bench_*.py` is found by itself. A benchmark that cannot run says so with `Row(...,
ratio=None)` and a note; a row without a limit informs and promises nothing.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import benchmarks


class Sense(StrEnum):
    AT_MOST = "<="
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Row:
    """One measured ratio beside its promise; `note` holds the figures behind it.

    A count (calls) is told as a ratio with `unit` "", a bare figure with a unit of its own.
    """

    what: str
    ratio: float | None
    limit: float | None = None
    sense: Sense = Sense.AT_MOST
    note: str = ""
    unit: str = "x"

    @property
    def verdict(self) -> str:
        """Say kept, MISSED, not run, or nothing for a row without a promise."""
        if self.ratio is None:
            return "not run"
        if self.limit is None:
            return ""
        kept = self.ratio <= self.limit if self.sense is Sense.AT_MOST else self.ratio >= self.limit
        return "kept" if kept else "MISSED"


Benchmark = Callable[[], Iterable[Row]]
REGISTERED: dict[str, Benchmark] = {}


def benchmark(name: str) -> Callable[[Benchmark], Benchmark]:
    """Register a function that measures and returns rows under a name, which `--only NAME` chooses."""

    def register(measure: Benchmark) -> Benchmark:
        if name in REGISTERED:
            raise ValueError(f"two benchmarks are called {name}")
        REGISTERED[name] = measure
        return measure

    return register


def load_all() -> dict[str, Benchmark]:
    """Import every `bench_*.py` and give all registered benchmarks by name, in order of module name."""
    for module in sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__)):
        if module.startswith("bench_"):
            importlib.import_module(f"benchmarks.{module}")
    return REGISTERED
