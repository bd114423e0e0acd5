"""A hotel's log as columns: one row for each leg of a contact, in order of arrival.

A leg is one call, one try of a caller who comes back, or one conversation on a channel. Seconds are floats and `nan`
where the log says nothing; counts are 0 and choices -1 where it says nothing. Times are the call centre's own, days of
24 hours from the first day's midnight.
"""

from array import array
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from enum import IntEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

from scenarios.demand_plan import DAY_S
from sim.plan import Leg

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOTHING = -1


class Seen(IntEnum):
    """How a leg ended for the guest. `SILENT`: gave up without a sign, and an agent found nobody there; `CLOSED`: came
    while nobody was there to wait for."""

    UNKNOWN = -1
    ANSWERED = 0
    GAVE_UP = 1
    SILENT = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class LogRow:
    """One leg. `at`: local instant without a zone; `channel`, `language`, `intent`: places in the lists of
    `scenarios.schema.season_words`; `is_sales`: 1, 0 or -1.

    `wait`: until an agent took it or the guest was gone (`SILENT`: until an agent looked); `talk`: an agent's seconds,
    without `wrap`; `is_cut`: 1 when it was handed over before it was done; `turns`; `unsolved`: 1 when two turns did
    not solve it; `bought`: 1 when the guest said yes; `lead_days`: from the contact to the arrival; `caller`: who, in
    any spelling that stays the same.
    """

    at: datetime
    channel: int = 0
    language: int = NOTHING
    intent: int = NOTHING
    is_sales: int = NOTHING
    leg: int = Leg.FIRST
    outcome: int = Seen.UNKNOWN
    wait: float = nan
    talk: float = nan
    wrap: float = nan
    is_cut: int = 0
    turns: int = 0
    unsolved: int = NOTHING
    bought: int = NOTHING
    lead_days: int = NOTHING
    nights: int = 0
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """The columns of `LogRow`, sorted by `at` (seconds since the first day's midnight). `caller`: a number for each
    spelling, -1 for none; `days`: from the first row's to the last row's, both included; `has_channels`: whether the
    log says through which channel a contact came."""

    first: date
    days: int
    at: F8
    channel: I8
    language: I8
    intent: I8
    is_sales: I8
    leg: I8
    outcome: I8
    wait: F8
    talk: F8
    wrap: F8
    is_cut: I8
    turns: I8
    unsolved: I8
    bought: I8
    lead_days: I8
    nights: I8
    caller: I8
    has_channels: bool = True

    def __len__(self) -> int:
        """How many legs."""
        return len(self.at)

    @property
    def day(self) -> I8:
        """Day of the log of each row."""
        return (self.at // DAY_S).astype(np.int64)


FLOATS = ("wait", "talk", "wrap")
INTEGERS = tuple(
    one.name for one in fields(LogRow) if one.name not in {"at", "caller", *FLOATS}
)  # the columns of whole numbers


class LogBuilder:
    """Takes rows one by one, in any order, at some 150 bytes each."""

    def __init__(self, *, has_channels: bool = True) -> None:
        """No rows yet."""
        self._has_channels = has_channels
        self._at = array("d")
        self._floats = {name: array("d") for name in FLOATS}
        self._integers = {name: array("q") for name in INTEGERS}
        self._callers: dict[str, int] = {}
        self._caller = array("q")

    def __len__(self) -> int:
        """How many rows."""
        return len(self._at)

    def add(self, row: LogRow) -> None:
        """One more."""
        self._at.append((datetime.combine(row.at.date(), time()) - _EPOCH).days * DAY_S + _second(row.at))
        for name, column in self._floats.items():
            column.append(getattr(row, name))
        for name, numbers in self._integers.items():
            numbers.append(int(getattr(row, name)))
        number = self._callers.setdefault(row.caller, len(self._callers)) if row.caller else NOTHING
        self._caller.append(number)

    def log(self) -> Log:
        """All rows, sorted. ValueError when there are none."""
        if not len(self):
            raise ValueError("a log without rows says nothing")
        at = np.array(self._at)
        order = np.argsort(at, kind="stable")
        start = float(at.min() // DAY_S) * DAY_S
        at = at[order] - start
        return Log(
            first=date.fromordinal(_EPOCH.toordinal() + int(start // DAY_S)),
            days=int(at[-1] // DAY_S) + 1,
            at=at,
            caller=np.array(self._caller)[order],
            has_channels=self._has_channels,
            **{name: np.array(column)[order] for name, column in self._floats.items()},
            **{name: np.array(column)[order] for name, column in self._integers.items()},
        )


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local days, no zone meant


def _second(at: datetime) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6
