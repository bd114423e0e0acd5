"""A second engine, plain and slow: one event list, agents as objects, every choice a scan. It shares no code with `sim`
but the words of `sim.plan`, so where both come to the same legs from the same draws, both follow the same rules.

It knows queues that are always open, calls, chats, backlog, wrap-up, balking, redial, handoff, changing teams.
"""

from dataclasses import dataclass, field, fields
from heapq import heappop, heappush
from itertools import count
from math import inf, nan
from typing import Any

import numpy as np

from sim.plan import Contacts, EnginePlan, GuestRules, Leg, Legs, Outcome, ShiftEnd, Work

STAFF, EVENT, ARRIVAL = 0, 1, 2


@dataclass(eq=False)
class Guest:
    number: int
    row: int
    leg: Leg
    queue: int
    at: float
    work: float
    wrap: float
    patience: float
    tries: int = 0
    may_hand_over: bool = True
    taken_at: float = nan
    ends_in_handoff: bool = False
    left: float = 0.0
    agent: Any = None


@dataclass(eq=False)
class Agent:
    group: int
    open: list[Guest] = field(default_factory=list)
    wraps: int = 0
    is_whole: bool = False
    is_leaving: bool = False
    since: float = 0.0
    stamp: int = 0
    placed: int = 0


class Twin:
    """Plays all contacts at once. `legs` and `busy_s` (shape (intervals, groups)) hold the answer."""

    def __init__(self, plan: EnginePlan, guests: GuestRules, drawn: Contacts) -> None:
        self.plan, self.rules, self.drawn = plan, guests, drawn
        self.waiting: list[list[Guest]] = [[] for _ in plan.queues]
        self.agents: list[Agent] = []
        self.events: list[tuple[float, int, int, Any]] = []
        self.order = count()
        self.now = 0.0
        self.rows: list[tuple[Any, ...]] = []

    def run(self) -> Legs:
        for interval in range(self.plan.heads.shape[0]):
            self._later(interval * self.plan.interval_s, STAFF, lambda i=interval: self._staff(i))
        for row in range(len(self.drawn)):
            self._later(float(self.drawn.at[row]), ARRIVAL, lambda r=row: self._first(r))
        while self.events and self.events[0][0] < self.plan.until_s:
            self.now, _, _, event = heappop(self.events)
            event()
        columns = list(zip(*self.rows, strict=True)) or [()] * len(fields(Legs))
        return Legs(**{one.name: np.array(column) for one, column in zip(fields(Legs), columns, strict=True)})

    def _later(self, at: float, kind: int, event: Any) -> None:
        heappush(self.events, (at, kind, next(self.order), event))

    def _first(self, row: int) -> None:
        d = self.drawn
        work, wrap, patience = (float(column[row]) for column in (d.work, d.wrap, d.patience))
        self._arrive(Guest(row, row, Leg.FIRST, int(d.queue[row]), self.now, work, wrap, patience))

    def _arrive(self, guest: Guest) -> None:
        agent = self._who_can(guest.queue)
        if agent is not None:
            self._take(agent, guest)
        elif self.drawn.balk_u[guest.row] < self.plan.queues[guest.queue].balk:
            self._end(guest, Outcome.BALKED)
            self._redial(guest)
        else:
            self.waiting[guest.queue].append(guest)
            if guest.patience < inf:
                self._later(self.now + guest.patience, EVENT, lambda: self._give_up(guest))

    def _who_can(self, queue: int) -> Agent | None:
        found = []
        for agent in self.agents:
            group = self.plan.groups[agent.group]
            if queue in group.queues and self._has_room(agent, queue):
                level, load = group.levels[group.queues.index(queue)], len(agent.open) + agent.wraps
                found.append((level, agent.group, load, agent.placed, agent))
        return min(found, key=lambda one: one[:4])[4] if found else None

    def _has_room(self, agent: Agent, queue: int) -> bool:
        taken = len(agent.open) + agent.wraps
        if agent.is_whole:
            return False
        if agent.is_leaving or self.plan.queues[queue].work is not Work.CHAT or not taken:
            return not agent.is_leaving and not taken
        group = self.plan.groups[agent.group]
        slots = [group.slots[group.queues.index(one)] for one in (queue, *(guest.queue for guest in agent.open))]
        return taken < min(slots)

    def _take(self, agent: Agent, guest: Guest) -> None:
        guest.taken_at, guest.agent = self.now, agent
        d, row = self.drawn, guest.row
        guest.left = guest.work
        if guest.may_hand_over and d.handoff_at[row] < guest.work:
            guest.left, guest.ends_in_handoff = float(d.handoff_at[row]), True
        self._age(agent)
        agent.open.append(guest)
        agent.is_whole = self.plan.queues[guest.queue].work is not Work.CHAT
        self._place(agent)
        self._plan_next(agent)

    def _speed(self, agent: Agent) -> float:
        if agent.is_whole:
            return 1.0
        return self.plan.groups[agent.group].speeds[len(agent.open) - 1]

    def _age(self, agent: Agent) -> None:
        if agent.open:
            done = (self.now - agent.since) * self._speed(agent)
            for guest in agent.open:
                guest.left -= done
        agent.since = self.now

    def _plan_next(self, agent: Agent) -> None:
        agent.stamp += 1
        if agent.open:
            first = min(agent.open, key=lambda guest: guest.left)
            at = self.now + first.left / self._speed(agent)
            self._later(at, EVENT, lambda stamp=agent.stamp: self._done(agent, first, stamp))

    def _done(self, agent: Agent, guest: Guest, stamp: int) -> None:
        if stamp != agent.stamp:
            return
        self._age(agent)
        agent.open.remove(guest)
        self._end(guest, Outcome.SERVED, agent)
        self._plan_next(agent)
        self._place(agent)
        if guest.wrap > 0:
            agent.wraps += 1
            self._later(self.now + guest.wrap, EVENT, lambda: self._wrapped(agent))
            if not agent.is_whole and not agent.is_leaving:
                self._pull(agent)
        else:
            self._free(agent)
        if guest.ends_in_handoff:
            self._hand_over(guest)

    def _wrapped(self, agent: Agent) -> None:
        agent.wraps -= 1
        self._free(agent)

    def _hand_over(self, guest: Guest) -> None:
        d, row = self.drawn, guest.row
        work, wrap, patience = (float(column[row]) for column in (d.handoff_work, d.handoff_wrap, d.handoff_patience))
        self._arrive(
            Guest(
                guest.number,
                row,
                Leg.HANDOFF,
                int(d.handoff_queue[row]),
                self.now,
                work,
                wrap,
                patience,
                guest.tries,
                may_hand_over=False,
            )
        )

    def _free(self, agent: Agent) -> None:
        agent.is_whole = False
        self._place(agent)
        if self.plan.shift_end is ShiftEnd.FIRST_FINISHERS and self._too_many(agent.group) > 0:
            agent.is_leaving = True
        if agent.is_leaving:
            if not agent.open and not agent.wraps:
                self.agents.remove(agent)
            return
        self._pull(agent)

    def _pull(self, agent: Agent) -> None:
        while (queue := self._next_queue(agent)) is not None:
            self._take(agent, self.waiting[queue].pop(0))

    def _next_queue(self, agent: Agent) -> int | None:
        found = [
            (self.plan.queues[queue].work is Work.BACKLOG, self.plan.queues[queue].priority, place, queue)
            for place, queue in enumerate(self.plan.groups[agent.group].queues)
            if self.waiting[queue] and self._has_room(agent, queue)
        ]
        return min(found)[3] if found else None

    def _give_up(self, guest: Guest) -> None:
        if guest not in self.waiting[guest.queue]:
            return
        self.waiting[guest.queue].remove(guest)
        self._end(guest, Outcome.ABANDONED)
        self._redial(guest)

    def _redial(self, guest: Guest) -> None:
        d, k = self.drawn, guest.tries
        if (
            self.plan.queues[guest.queue].work is not Work.BACKLOG
            and k < d.redial_u.shape[1]
            and d.redial_u[guest.row, k] < self.rules.redial[guest.queue]
        ):
            again = Guest(
                guest.number, guest.row, Leg.REDIAL, guest.queue, self.now + float(d.redial_gap[guest.row, k]),
                guest.work, guest.wrap, float(d.redial_patience[guest.row, k]), k + 1,
                guest.may_hand_over,
            )  # fmt: skip
            self._later(again.at, ARRIVAL, lambda: self._arrive(again))

    def _end(self, guest: Guest, outcome: Outcome, agent: Agent | None = None) -> None:
        is_taken = agent is not None
        wait = guest.taken_at - guest.at if is_taken else self.now - guest.at
        handle = self.now - guest.taken_at + guest.wrap if is_taken else 0.0
        group = agent.group if agent is not None else -1
        self.rows.append(
            (guest.number, guest.leg, guest.tries, guest.queue, guest.at, wait, handle, self.now, nan, outcome, group,
             guest.ends_in_handoff and is_taken)
        )  # fmt: skip

    def _too_many(self, group: int) -> int:
        interval = int(self.now // self.plan.interval_s)
        return sum(one.group == group and not one.is_leaving for one in self.agents) - int(
            self.plan.heads[interval, group]
        )

    def _staff(self, interval: int) -> None:
        known = set(map(id, self.agents))
        for group, wanted in enumerate(self.plan.heads[interval].tolist()):
            here = [one for one in self.agents if one.group == group and not one.is_leaving]
            for _ in range(wanted - len(here)):
                self.agents.append(Agent(group))
                self._place(self.agents[-1])
            free_first = sorted(here, key=lambda one: (1, 0) if one.open or one.wraps else (0, one.placed))
            for agent in free_first[: max(0, len(here) - wanted)]:
                self._let_go(agent)
        self._welcome([agent for agent in self.agents if id(agent) not in known])

    def _let_go(self, agent: Agent) -> None:
        if not agent.open and not agent.wraps:
            self.agents.remove(agent)
        elif self.plan.shift_end is ShiftEnd.FINISH:
            agent.is_leaving = True

    def _welcome(self, newcomers: list[Agent]) -> None:
        """One contact each in turn; a fallback yields to a first skill that is free."""
        is_moving = True
        while is_moving:
            is_moving = False
            for agent in newcomers:
                queue = self._next_queue(agent)
                if queue is not None and self._level(self._who_can(queue), queue) == self._level(agent, queue):
                    self._take(agent, self.waiting[queue].pop(0))
                    is_moving = True

    def _level(self, agent: Agent | None, queue: int) -> int:
        assert agent is not None
        group = self.plan.groups[agent.group]
        return group.levels[group.queues.index(queue)]

    def _place(self, agent: Agent) -> None:
        agent.placed = next(self.order)
