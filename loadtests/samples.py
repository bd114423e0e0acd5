"""The recorder's own rows: every request with the instant it was due, sent and done.

Latency counts from the instant a request was due, so a server that freezes cannot hide behind a generator that waits
with it. Nothing is rounded: nanoseconds are kept as they were read. `problem` is empty for an answer that was what it
should be; else a short slug (`status_503`, `timeout`, `connection`, `wrong_price`...). The parts come from the
service's `Server-Timing`, in milliseconds; -1 where it did not say.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("operation", "persona", "contact", "due_ns", "sent_ns", "done_ns", "status", "problem",
           "queue_ms", "pms_ms", "store_ms", "injected_ms", "total_ms")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Samples:
    """All requests of a run as columns, in the order in which they were due."""

    operation: NDArray[np.str_]
    persona: NDArray[np.str_]
    contact: NDArray[np.int64]
    due_ns: NDArray[np.int64]
    sent_ns: NDArray[np.int64]
    done_ns: NDArray[np.int64]
    status: NDArray[np.int64]
    problem: NDArray[np.str_]
    queue_ms: NDArray[np.float64]
    pms_ms: NDArray[np.float64]
    store_ms: NDArray[np.float64]
    injected_ms: NDArray[np.float64]
    total_ms: NDArray[np.float64]

    def __len__(self) -> int:
        """How many requests."""
        return len(self.due_ns)

    @property
    def latency_ms(self) -> NDArray[np.float64]:
        """Due to done."""
        found: NDArray[np.float64] = (self.done_ns - self.due_ns) / 1e6
        return found

    @property
    def lag_ms(self) -> NDArray[np.float64]:
        """Due to sent: what the generator itself added."""
        found: NDArray[np.float64] = (self.sent_ns - self.due_ns) / 1e6
        return found

    def where(self, mask: NDArray[np.bool_]) -> "Samples":
        """Some of them."""
        return Samples(*(getattr(self, one.name)[mask] for one in fields(self)))


_KINDS = {"operation": np.str_, "persona": np.str_, "problem": np.str_, "contact": np.int64, "due_ns": np.int64,
          "sent_ns": np.int64, "done_ns": np.int64, "status": np.int64}  # fmt: skip


def read_samples(paths: Iterable[Path]) -> Samples:
    """The files of all generator processes as one; a last line cut short by a kill is left out. ValueError for a
    number that is none."""
    rows: list[list[str]] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as lines:
            whole = (line for line in lines if line.endswith("\n"))
            rows.extend(row for row in csv.reader(whole) if len(row) == len(COLUMNS) and row[0] != COLUMNS[0])
    rows.sort(key=lambda row: int(row[3]))
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    made: list[Any] = [
        np.array(column, dtype=_KINDS.get(name, np.float64)) for name, column in zip(COLUMNS, columns, strict=True)
    ]
    return Samples(*made)
