"""The rules of the floor: who takes a contact that arrives, what an agent takes next, who waits and for how long.

Every rule is a method called with an instant. A waiting guest stands in his queue's line until an agent comes to him;
if he is gone by then (`leave`), the agent goes on to the next. So giving up costs no event, unless the guest will be
back. `waiting` has a bit for each line that may hold somebody.
"""

from collections import deque
from math import inf

from domain.hours import is_open, next_opening
from sim.agents import Agents
from sim.chats import Surroundings, chats_of
from sim.environment import Kind, Schedule, SeasonEnv, StockEnv
from sim.leg_book import IS_HANDED_OVER, IS_PROMISED, IS_SILENT, LegBook
from sim.plan import EnginePlan, GuestRules, Leg, Outcome, TieBreak, WhenClosed, Work
from sim.routes import Routes, routes_of


class Floor:
    """Queues, agents and the events between them."""

    def __init__(self, plan: EnginePlan, guests: GuestRules, env: SeasonEnv | StockEnv, book: LegBook) -> None:
        """An empty floor; nobody is on duty before the first staff change."""
        self.plan, self.guests, self.book = plan, guests, book
        self.routes: Routes = routes_of(plan)
        self.agents = Agents(self.routes, plan.shift_end)
        self.waiting = [0]
        self.chats = chats_of(
            Surroundings(
                env, self.routes, self.agents, book, guests.silent_s, self.waiting, self.pull, self.arrive
            )
        )
                agents.pick(agent)
                return agent
        return -1

    def _least_loaded(self, group: int, queue: int) -> int:
        free = self.agents.free[group]
        if free:
            return free[0]
        room = self.agents.room[group]
        for load in range(1, self.routes.slots[group][queue]):
            if room[load]:
                return next(iter(room[load]))
        return -1

    def _begin(self, leg: int, agent: int, now: float) -> None:
        """An agent, standing nowhere, begins a call or letter. A guest found gone without a sign costs `silent_s`."""
        book = self.book
        book.taker[leg] = agent
        if book.odd[leg] & IS_SILENT and book.leave[leg] <= now:
            until = now + self.guests.silent_s
            book.close(leg, int(Outcome.SILENT), book.leave[leg], self.guests.silent_s)
            self.agents.chatting += (now, until, self.agents.group_of[agent])
            self._schedule.put(until, self.done, agent)
            return
        book.begin[leg] = now
        self._schedule.put(now + book.span[leg], self.done, agent)
        if book.odd[leg] & IS_HANDED_OVER:
            self.hand_over_later(leg, now)

    def hand_over_later(self, leg: int, now: float) -> None:
        """A call or letter just begun will be handed over when its talk ends."""
        at = now + self.book.talk[leg]
        self._schedule.put(at, self._comes, self.book.handoff(leg, at))

    def finished(self, agent: int, now: float) -> None:
        """A call or letter is over, wrap-up included."""
        if not self.agents.leaves(agent, now):
            self.pull(agent, now)

    def pull(self, agent: int, now: float) -> None:
        """An agent, standing nowhere, takes what waits for him, and then stands where the next contact finds him."""
        while self.waiting[0] and (queue := self._next_queue(agent, now)) >= 0:
            leg = self.lines[queue].popleft()
            if not self.is_chat[queue]:
                self._begin(leg, agent, now)
                return
            self.chats.take(leg, queue, agent, now)
        self.agents.place(agent, now)

    def _next_queue(self, agent: int, now: float) -> int:
        agents, routes = self.agents, self.routes
        load, group = agents.load[agent], agents.group_of[agent]
        bits = self.waiting[0] & (routes.can_chat[group] if load else routes.can[group])
        if bits:
            most, slots = agents.cap[agent], routes.slots[group]
            for queue in routes.order[group]:
                if bits >> queue & 1 and (not load or load < min(most, slots[queue])) and self._has_guest(queue, now):
                    return queue
        return -1

    def _has_guest(self, queue: int, now: float) -> bool:
        line, leave, odd = self.lines[queue], self.book.leave, self.book.odd
        while line:
            leg = line[0]
            if leave[leg] > now or odd[leg] & IS_SILENT:
                return True
            line.popleft()
        self.waiting[0] &= ~(1 << queue)
        return False

    def welcome(self, newcomers: list[int], now: float) -> None:
        """Who has come on duty takes what waits, one contact each in turn; a fallback yields to a first skill that is
        free."""
        is_moving = self.waiting[0] > 0
        while is_moving:
            is_moving = False
            for agent in newcomers:
                is_moving |= self._takes_one(agent, now)

    def _takes_one(self, agent: int, now: float) -> bool:
        agents = self.agents
        group, load = agents.group_of[agent], agents.load[agent]
        if not (agent in agents.room[group][load] if 0 < load < agents.cap[agent] else agent in agents.free[group]):
            return False
        queue = self._next_queue(agent, now)
        if queue < 0 or self._is_for_others(queue, group):
            return False
        if load:
            agents.lift(agent)
        else:
            agents.free[group].remove(agent)
        leg = self.lines[queue].popleft()
        if self.is_chat[queue]:
            self.chats.take(leg, queue, agent, now)
            agents.place(agent, now)
        else:
            self._begin(leg, agent, now)
        return True

    def _is_for_others(self, queue: int, group: int) -> bool:
        for level in self.routes.levels[queue]:
            if group in level:
                return False
            if any(
                (self._least_loaded(one, queue) >= 0 if self.is_chat[queue] else self.agents.free[one]) for one in level
            ):
                return True
        return False

    def renumber(self, renamed: list[int]) -> None:
        """Give legs their new numbers; who is gone is dropped from the lines."""
        for rows in (self.lines, self.parked):
            for queue, line in enumerate(rows):
                rows[queue] = deque(new for leg in line if (new := renamed[leg]) >= 0)
        self.chats.renumber(renamed)
