"""SimPy's environment with the season's own events in the same heap, at the price of one tuple each.

A million contacts through SimPy's usual means (a process, a `Resource`, a `Timeout` each) spend their time on making
and dropping objects. `SeasonEnv` keeps SimPy's clock, heap and order, but a season's event is a 4-tuple `(time,
priority, tag, kind)`: the **kind** (a call is over, the staff changes) is a permanent `Kind`, the **tag** says whose.
Arrivals are known for a day ahead, so they stay in their sorted list and are merged in while running; they come after
everything else of the same instant. Whatever else is in the heap is an ordinary SimPy event: a planner's own process
(an outage, a campaign) runs in the same environment.

`StockEnv` does the same through public names only (`simpy.Environment`, `schedule`, an `Event` each): slower, and there
should SimPy's inside ever change. Both call the same rules, so each proves the other.
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from math import inf, nextafter
from typing import NoReturn, Protocol

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.core import EmptySchedule, StopSimulation
from simpy.events import Event, EventPriority

Rule = Callable[[int, float], None]
Arrive = Callable[[int, float], None]
PRIORITY_END = -10
_TAGS = 1 << 32  # more than there are tags: of one kind and instant the lower tag is first, as in the season's own heap


class Kind(Event):
    """A permanent event: what happens (`rule(tag, now)`), not when or to whom.

    `priority`: order among kinds of one instant, SimPy's own having 0 and 1; no two kinds share one, so tuples of equal
    time never come to compare events. `is_leg`: the tag is a leg's number, which changes at midnight.
    """

    def __init__(self, env: simpy.Environment, name: str, priority: int, rule: Rule, *, is_leg: bool = False) -> None:
        """A kind without callbacks that never triggers."""
        super().__init__(env)
        self.name, self.priority, self.rule, self.is_leg = name, priority, rule, is_leg


class Schedule(Protocol):
    """What the engine asks of either environment."""

    def put(self, at: float, kind: Kind, tag: int) -> None:
        """Let it happen at an instant (seconds, not before now)."""

    def expect(self, due: Sequence[float], arrive: Arrive) -> None:
        """The next arrivals: sorted instants, then infinity; `arrive(row, now)` is called for each."""

    def renumber(self, renamed: NDArray[np.int64]) -> None:
        """Give legs their new numbers; what belongs to one that is gone (-1) is dropped."""


def stop(_tag: int, _now: float) -> NoReturn:
    """The rule that ends a run."""
    raise StopSimulation(None)


class SeasonEnv(simpy.Environment):
    """The fast one. `due` and `position`: the arrivals and which is next; the last entry of `due` is infinity."""

    def __init__(self) -> None:
        """Time 0, nothing planned."""
        super().__init__(0.0)
        self.due: Sequence[float] = (inf,)
        self.position = 0
        self.arrive: Arrive = stop

    def put(self, at: float, kind: Kind, tag: int) -> None:
        """Let it happen at an instant."""
        heappush(self._queue, (at, kind.priority, tag, kind))  # type: ignore[misc]  # our priorities are plain ints

    def expect(self, due: Sequence[float], arrive: Arrive) -> None:
        """Merge these arrivals in."""
        self.due, self.position, self.arrive = due, 0, arrive

    def step(self) -> None:
        """The next thing that happens: a kind, an ordinary SimPy event, or an arrival. EmptySchedule when none."""
        queue, arrival = self._queue, self.due[self.position]
        if queue and queue[0][0] <= arrival:
            event = queue[0][3]
            if type(event) is Kind:
                self._now, _, tag, _ = heappop(queue)
                event.rule(tag, self._now)
            else:
                super().step()
        elif arrival == inf:
            raise EmptySchedule
        else:
            self._now = arrival
            self.position += 1
            self.arrive(self.position - 1, arrival)

    def renumber(self, renamed: NDArray[np.int64]) -> None:
        """Rewrite the tags in place."""
        kept = []
        for entry in self._queue:
            kind = entry[3]
            if type(kind) is not Kind or not kind.is_leg:
                kept.append(entry)
            elif (tag := int(renamed[entry[2]])) >= 0:
                kept.append((entry[0], entry[1], tag, kind))
        heapify(kept)
        self._queue[:] = kept


class _Planned(Event):
    """One kind at one instant for one tag. Triggered from the start, as SimPy's own `Timeout` is."""

    def __init__(self, env: simpy.Environment, kind: Kind, tag: int, at: float) -> None:
        super().__init__(env)
        self.kind, self.tag, self.at = kind, tag, at
        self._ok, self._value = True, None


class StockEnv(simpy.Environment):
    """The slow one: nothing of SimPy is overridden."""

    def __init__(self) -> None:
        """Time 0, nothing planned."""
        super().__init__(0.0)
        self._planned: set[_Planned] = set()
        self._arrival = Kind(self, "arrival", 9, self._next)
        self._due: Sequence[float] = (inf,)
        self._arrive: Arrive = stop

    def put(self, at: float, kind: Kind, tag: int) -> None:
        """Let it happen at an instant."""
        event = _Planned(self, kind, tag, at)
        event.callbacks.append(self._happen)
        self._planned.add(event)
        order = kind.priority * _TAGS + (0 if kind.is_leg else tag)
        self.schedule(event, EventPriority(order), delay_to(at, self.now))

    def expect(self, due: Sequence[float], arrive: Arrive) -> None:
        """One arrival is planned at a time."""
        self._due, self._arrive = due, arrive
        self._next(-1, 0.0)

    def renumber(self, renamed: NDArray[np.int64]) -> None:
        """Rewrite the tags; a dropped one stays in SimPy's heap and does nothing."""
        for event in self._planned:
            if event.kind.is_leg and event.tag >= 0:
                event.tag = int(renamed[event.tag])

    def _happen(self, event: Event) -> None:
        if isinstance(event, _Planned):
            self._planned.discard(event)
            if event.tag >= 0 or not event.kind.is_leg:
                event.kind.rule(event.tag, event.at)

    def _next(self, row: int, now: float) -> None:
        if self._due[row + 1] < inf:
            self.put(self._due[row + 1], self._arrival, row + 1)
        if row >= 0:
            self._arrive(row, now)


def delay_to(at: float, now: float) -> float:
    """The delay that, added to `now`, gives `at` to the last bit."""
    delay = at - now
    while now + delay < at:
        delay = nextafter(delay, inf)
    while now + delay > at:
        delay = nextafter(delay, 0.0)
    return delay
