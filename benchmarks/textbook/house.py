"""Where agents and guests find each other in the textbook season: lines, who takes whom, and what is written down."""

from collections import deque
from dataclasses import dataclass
from math import inf, nan
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event

from benchmarks.textbook.team import Agent, Team
from domain.hours import is_open
from sim.plan import Contacts, EnginePlan, GuestRules, Leg, Legs, Outcome


@dataclass(eq=False, slots=True)
class Guest:
    """A contact, and the leg it is on. `called`: succeeds with the agent who takes it."""

    number: int
    row: int
    day: Contacts
    queue: int
    at: float
    work: float
    wrap: float
    patience: float
    reply: float
    is_silent: bool
    is_handed_over: bool
    leg: Leg = Leg.FIRST
    tries: int = 0
    is_in_leg: bool = True
    is_promised: bool = False
    is_talking: bool = False
    taken_at: float = nan
    replied: float = nan
    leaves_at: float = inf
    agent: Agent | None = None
    called: Event | None = None
    process: simpy.Process | None = None


class House:
    """Lines by queue (`parked`: of those that are shut), the team, and the legs that have ended as `rows`."""

    def __init__(self, plan: EnginePlan, guests: GuestRules) -> None:
        """An empty house."""
        self.plan, self.rules = plan, guests
        self.env = simpy.Environment()
        self.team = Team(plan)
        self.lines: list[deque[Guest]] = [deque() for _ in plan.queues]
        self.parked: list[deque[Guest]] = [deque() for _ in plan.queues]
        self.is_shut = [queue.spans is not None and not is_open(0.0, queue.spans) for queue in plan.queues]
        self.alive: dict[Guest, None] = {}
        self.rows: list[tuple[Any, ...]] = []
        self.numbered = 0
        self.busy_s = np.zeros(plan.heads.shape)
        self.staffed_s = np.zeros(plan.heads.shape)

    def _legs(self) -> Legs:
        rows, self.rows = sorted(self.rows, key=lambda row: row[7]), []
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in range(12)]
        kinds = (np.int64, np.int8, np.int8, np.int32, *(np.float64,) * 5, np.int8, np.int32, np.bool_)
        return Legs(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))

    def _is_lost(self, guest: Guest) -> bool:
        """Found gone without a sign."""
        return guest.is_silent and guest.leaves_at <= guest.taken_at

    def _welcome(self, newcomers: list[Agent]) -> None:
        """One guest each in turn."""
        is_moving = True
        while is_moving:
            is_moving = False
            for agent in newcomers:
                queue = self._next_queue(agent)
                if queue is not None and not self.team.is_for_others(queue, agent.group):
                    self._call(agent, self.lines[queue].popleft())
                    is_moving = True

    def _next_queue(self, agent: Agent) -> int | None:
        for queue in self.team.order[agent.group]:
            if self.lines[queue] and self.team.has_room(agent, queue):
                return queue
        return None

    def _call(self, agent: Agent, guest: Guest) -> None:
        self._seize(agent, guest)
        assert guest.called is not None
        guest.called.succeed()

    def _seize(self, agent: Agent, guest: Guest) -> None:
        guest.agent, guest.taken_at = agent, self.env.now
        self.team.lift(agent)
        if not agent.taken:
            agent.busy_since = self.env.now
        agent.taken += 1
        agent.is_on_call = not self.team.is_chat[guest.queue]
        if not agent.is_on_call:
            self.team.place(agent)
            if not self._is_lost(guest):
                agent.chats.append(guest)

    def _release(self, agent: Agent) -> None:
        """A call or a chat is over, wrap-up included."""
        self.team.lift(agent)
        agent.taken -= 1
        agent.is_on_call = False
        if not agent.taken:
            self._count(self.busy_s, agent.busy_since, agent.group)
        if agent.is_leaving:
            if not agent.taken:
                self._count(self.staffed_s, agent.came, agent.group)
            return
        self._go_on(agent)

    def _go_on(self, agent: Agent) -> None:
        """Take what waits for him, and stand where the next one finds him."""
        while (queue := self._next_queue(agent)) is not None:
            self._call(agent, self.lines[queue].popleft())
        if not agent.is_on_call:
            self.team.lift(agent)
            self.team.place(agent)

    def _count(self, into: NDArray[np.float64], since: float, group: int) -> None:
        """Seconds from then to now, interval by interval."""
        length, now = self.plan.interval_s, self.env.now
        for interval in range(int(since // length), min(int(now // length) + 1, len(into))):
            into[interval, group] += min(now, (interval + 1) * length) - max(since, interval * length)

    def _end(self, guest: Guest, outcome: Outcome, ended: float, handle: float = 0.0, replied: float = nan) -> None:
        guest.is_in_leg = False
        is_taken, is_served = guest.agent is not None, outcome is Outcome.SERVED
        wait = (guest.taken_at if is_taken and outcome is not Outcome.SILENT else ended) - guest.at
        group = guest.agent.group if guest.agent is not None else -1
        row = (
            guest.number, guest.leg, guest.tries, guest.queue, guest.at, wait, handle if is_taken else 0.0, ended,
            replied, outcome, group, is_served and guest.is_handed_over,
        )  # fmt: skip
        self.rows.append(row)
