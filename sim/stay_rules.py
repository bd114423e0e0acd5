"""Which room types of a hotel the hotel's own restrictions leave for a stay: closed nights, arrival days, least stays.

They do not change while a season is played, and hotels of one file share them. So each question (hotel's kind, arrival,
nights) is answered once and remembered; what changes, the rooms that are left, is counted elsewhere (`sim.stock`).
"""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

I4 = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Restrictions(Protocol):
    """Rows are products, columns nights; `first_of[h]`..`first_of[h + 1]`: the products of hotel h."""

    @property
    def first_of(self) -> tuple[int, ...]: ...
    @property
    def closed(self) -> Flags: ...
    @property
    def no_arrival(self) -> Flags: ...
    @property
    def no_departure(self) -> Flags: ...
    @property
    def min_stay(self) -> I4: ...


class Left(NamedTuple):
    """`places`: a bit for each of the hotel's products that may be sold; `is_too_short`: one is refused for its minimum
    stay only; otherwise those that may not are closed."""

    places: int
    is_too_short: bool


class StayRules:
    """The restrictions of all hotels. `kind_of`: by hotel; hotels whose restrictions are equal are of one kind;
    `known`: what was asked before, by kind, arrival and nights."""

    def __init__(self, plan: Restrictions) -> None:
        """Sort the hotels into kinds."""
        self.kind_of: list[int] = []
        self._open_for: list[list[list[int]]] = []
        self._no_departure: list[list[list[bool]]] = []
        self._least: list[list[list[int]]] = []
        self.known: dict[tuple[int, int, int], Left] = {}
        seen: dict[tuple[bytes, ...], int] = {}
        for first, after in zip(plan.first_of[:-1], plan.first_of[1:], strict=True):
            rows = slice(first, after)
            columns = (plan.closed[rows], plan.no_arrival[rows], plan.no_departure[rows], plan.min_stay[rows])
            kind = seen.setdefault(tuple(one.tobytes() for one in columns), len(seen))
            self.kind_of.append(kind)
            if kind == len(self._open_for):
                self._open_for.append(_open_nights(columns[0], columns[1]).tolist())
                self._no_departure.append(columns[2].tolist())
                self._least.append(columns[3].tolist())

    def of(self, kind: int, arrival: int, nights: int) -> Left:
        """What may be sold of a stay in hotels of a kind; the answer is remembered."""
        places, is_too_short = 0, False
        rows = zip(self._open_for[kind], self._no_departure[kind], self._least[kind], strict=True)
        for place, (open_for, no_departure, least) in enumerate(rows):
            if open_for[arrival] < nights or no_departure[arrival + nights]:
                continue
            if nights < least[arrival]:
                is_too_short = True
            else:
                places |= 1 << place
        found = self.known[kind, arrival, nights] = Left(places, is_too_short)
        return found


def _open_nights(closed: Flags, no_arrival: Flags) -> NDArray[np.int64]:
    """How many nights in a row are open from each arrival on; 0 where nobody may arrive. The last night of the stock is
    closed, so a stay that is open always has a departure."""
    products, nights = closed.shape
    runs = np.zeros((products, nights), np.int64)
    run = np.zeros(products, np.int64)
    for night in range(nights - 2, -1, -1):
        run = np.where(closed[:, night], 0, run + 1)
        runs[:, night] = run
    runs[no_arrival] = 0
    return runs
