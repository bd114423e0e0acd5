"""The season engine: feed it a day's contacts, get back what became of them.

It is pure queueing. Who calls and what each call needs is drawn before; what a call leads to is decided after. Between
them stand the rules of `sim.plan`, played by `sim.floor` on SimPy's clock. Days follow on each other: lines, open chats
and agents' work are carried over midnight, and only those few, so a season takes the memory of its busiest day. Same
plan and contacts, same bytes. After every day each contact is accounted for, by channel: those who came are those who
ended and those found where a contact can be (in a line, with an agent); anything else is an error of the engine.
"""

import gc
from bisect import bisect_right
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.hours import OpenSpans
from sim.call_loop import run_stretch
from sim.environment import Kind, SeasonEnv, StockEnv, stop
from sim.floor import Floor
from sim.leg_book import LegBook, nobody
from sim.plan import Contacts, EnginePlan, GuestRules, Legs, Outcome
from sim.settling import Settled
from sim.time_use import spread

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


class SeasonEngine:
    """One run. `busy_s`, `staffed_s`: agents' seconds at work and present, shape (intervals, groups), up to the last
    day's end (overtime of who finishes a call counts as present). `counts`: by channel.

    `env`: SimPy's environment; processes started in it run along. `engine`: `flat`; `steps`, the same without its hot
    loop; `stock`, through SimPy's public names only.
    """

    def __init__(
        self, plan: EnginePlan, guests: GuestRules, engine: Literal["flat", "steps", "stock"] = "flat"
    ) -> None:
        """Empty house. ValueError for a plan that cannot be run."""
        if len(guests.redial) != len(plan.queues):
            raise ValueError("redial has one chance for each queue")
        self.plan, self._guests = plan, guests
        self.env: SeasonEnv | StockEnv = StockEnv() if engine == "stock" else SeasonEnv()
        self._is_flat = engine == "flat"
        self._book = LegBook(plan, guests)
        self._floor = Floor(plan, guests, self.env, self._book)
        self._end = Kind(self.env, "end", -10, stop)
        self._staff = Kind(self.env, "staff", -3, self._change_staff)
        self._hours = Kind(self.env, "hours", -2, self._change_hours)
        self._heads = plan.heads.tolist()
        self._more = [0] * len(plan.groups)
        self._now = 0.0
        self._channel = np.array([queue.channel for queue in plan.queues], np.int64)
        channels = int(self._channel.max(initial=0)) + 1
        self.busy_s: F8 = np.zeros(plan.heads.shape)
        self.staffed_s: F8 = np.zeros(plan.heads.shape)
        self.counts = Counts(channels)
        self._plan_ahead()

    def _plan_ahead(self) -> None:
        if self._heads:
            self.env.put(0.0, self._staff, 0)
        for queue, plan in enumerate(self.plan.queues):
            if plan.spans is not None:
                self._plan_hours(queue, plan.spans, 0.0)

    def _plan_hours(self, queue: int, spans: OpenSpans, now: float) -> None:
        """The next time a queue opens or closes."""
        edges = spans.starts if self._floor.is_shut[queue] else spans.ends
        place = bisect_right(edges, now)
        if place < len(edges) and edges[place] < self.plan.until_s:
            self.env.put(float(edges[place]), self._hours, queue)

    def _change_hours(self, queue: int, now: float) -> None:
        spans = self.plan.queues[queue].spans
        if spans is not None:
            self._floor.set_open(queue, now, is_open_now=self._floor.is_shut[queue])
            self._plan_hours(queue, spans, now)

    def _change_staff(self, interval: int, now: float) -> None:
        newcomers: list[int] = []
        for group, wanted in enumerate(self._heads[interval]):
            newcomers += self._floor.agents.change(group, max(0, wanted + self._more[group]), now)
        self._floor.welcome(newcomers, now)
        row = self._heads[interval]
        following = interval + 1
        while following < len(self._heads) and self._heads[following] == row:
            following += 1
        if following < len(self._heads):
            self.env.put(following * self.plan.interval_s, self._staff, following)

    def change_heads(self, group: int, by: int) -> None:
        """From now on so many more (fewer, when negative) of a group than the plan says, until changed again. For
        processes in `env`: an outage, help from another house."""
        self._more[group] += by
        now = float(self.env.now)
        wanted = self._heads[int(now // self.plan.interval_s)][group] + self._more[group]
        self._floor.welcome(self._floor.agents.change(group, max(0, wanted), now), now)

    def waiting(self, queue: int) -> int:
        """How many guests stand in a line just now."""
        now, leave = float(self.env.now), self._book.leave
        return sum(leave[leg] > now for row in (self._floor.lines, self._floor.parked) for leg in row[queue])

    @property
    def oldest_open(self) -> int:
        """The lowest number of a contact that has not ended; the next contact's number when all have."""
        return self._book.oldest

    def day(self, contacts: Contacts, until_s: float) -> Legs:
        """Run on to `until_s` with the contacts that come before it; the answer is every leg that ended meanwhile.

        ValueError when contacts are not sorted, do not lie in the stretch, or it goes beyond the plan.
        """
        self._check(contacts, until_s)
        book, floor = self._book, self._floor
        book.open(contacts)
        start, first = self._now, book.comes_first
        self.env.expect([*contacts.at.tolist(), inf], lambda row, now: floor.arrive(first + row, now))
        self.env.put(until_s, self._end, 0)
        self._run()
        self._now = until_s
        settled = book.settle(until_s)
        legs = book.report(settled, np.array(floor.agents.group_of, np.int64))
        self._add_seconds(settled, start)
        self._count(settled, legs, start)
        renamed = book.carry(settled)
        self.env.renumber(renamed)
        floor.renumber(renamed.tolist())
        self.counts.check()
        return legs

    def _run(self) -> None:
        """Up to the end of the stretch, without a garbage collector looking again and again at what is no garbage."""
        was_on = gc.isenabled()
        gc.disable()
        try:
            if self._is_flat and isinstance(self.env, SeasonEnv):
                run_stretch(self.env, self._floor, self._end)
            else:
                self.env.run()
        finally:
            if was_on:
                gc.enable()

    def finish(self) -> Legs:
        """The end of the run: who is still there, as `Outcome.OPEN`."""
        self._book.open(nobody())
        settled = self._book.settle(self._now, is_last=True)
        return self._book.report(settled, np.array(self._floor.agents.group_of, np.int64))

    def _check(self, contacts: Contacts, until_s: float) -> None:
        at = contacts.at
        if not self._now < until_s <= self.plan.until_s:
            raise ValueError("a stretch ends after it begins and not after the plan's heads")
        if len(at) and not (self._now <= at[0] and at[-1] < until_s and (np.diff(at) >= 0).all()):
            raise ValueError("contacts are sorted by arrival and lie within their stretch")

    def _add_seconds(self, settled: Settled, start: float) -> None:
        agents, interval_s = self._floor.agents, self.plan.interval_s
        agents.cut(self._now)
        begin, queue = settled.columns["begin"], settled.columns["queue"]
        rows = np.flatnonzero((begin >= start) & self._book.is_whole[queue])
        group = np.array(agents.group_of, np.int64)[settled.columns["taker"][rows]]
        spread(self.busy_s, interval_s, begin[rows], begin[rows] + settled.columns["span"][rows], group)
        for into, periods in ((self.busy_s, agents.chatting), (self.staffed_s, agents.present)):
            _spread_list(into, interval_s, periods)

    def _count(self, settled: Settled, legs: Legs, start: float) -> None:
        at, channel = settled.columns["at"], self._channel[settled.columns["queue"]]
        came = channel[(at >= start) & (at < self._now)]
        begin, is_under_way = settled.columns["begin"], settled.outcome < 0
        with_agent = np.flatnonzero(is_under_way & (begin >= 0) & self._book.is_whole[settled.columns["queue"]])
        in_line = [leg for rows in (self._floor.lines, self._floor.parked) for row in rows for leg in row]
        open_chats = self._floor.agents.legs()
        waiting = np.array([leg for leg in in_line if is_under_way[leg]], np.int64)
        found = np.concatenate((with_agent, waiting, np.array(open_chats, np.int64)))
        self.counts.add(came, self._channel[legs.queue], legs.outcome, channel[found])


def _spread_list(into: F8, interval_s: float, periods: list[float]) -> None:
    rows = np.fromiter(periods, np.float64, len(periods)).reshape(-1, 3)
    spread(into, interval_s, rows[:, 0], rows[:, 1], rows[:, 2].astype(np.int64))
    periods.clear()


class Counts:
    """Legs by channel: `arrived`, `ended[outcome, channel]`, and `open` as they are found at the end of a stretch."""

    def __init__(self, channels: int) -> None:
        """Nobody has come."""
        self.arrived: I8 = np.zeros(channels, np.int64)
        self.ended: I8 = np.zeros((len(Outcome), channels), np.int64)
        self.open: I8 = np.zeros(channels, np.int64)

    def add(self, came: I8, ended: I8, outcome: NDArray[np.int8], found: I8) -> None:
        """Channels of legs that came, that ended (and how), and that are found under way."""
        channels = len(self.arrived)
        self.arrived += np.bincount(came, minlength=channels)
        np.add.at(self.ended, (outcome, ended), 1)
        self.open = np.bincount(found, minlength=channels)

    def check(self) -> None:
        """RuntimeError unless every leg that came has ended or is found."""
        if (self.arrived != self.ended.sum(axis=0) + self.open).any():
            raise RuntimeError("contacts were lost or made up: arrived is not ended and open")
