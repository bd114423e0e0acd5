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
from sim.leg_book import IS_HANDED_OVER, IS_PROMISED, IS_SILENT, WILL_BALK, WILL_REDIAL, LegBook
from sim.plan import EnginePlan, GuestRules, Leg, Outcome, TieBreak, WhenClosed, Work
from sim.routes import Routes, routes_of

_BALKED, _SILENT, _CLOSED = int(Outcome.BALKED), int(Outcome.SILENT), int(Outcome.CLOSED)


class Floor:
    """Queues, agents and the events between them."""

    def __init__(self, plan: EnginePlan, guests: GuestRules, env: SeasonEnv | StockEnv, book: LegBook) -> None:
        """An empty floor; nobody is on duty before the first staff change."""
        self.plan, self.guests, self.book = plan, guests, book
        self.routes: Routes = routes_of(plan)
        self.agents = Agents(self.routes, plan.shift_end)
        self.waiting = [0]
        self.chats = chats_of(
            Surroundings(env, self.routes, self.agents, book, guests.silent_s, self.waiting, self.pull, self.arrive)
        )
        self.lines: list[deque[int]] = [deque() for _ in plan.queues]
        self.parked: list[deque[int]] = [deque() for _ in plan.queues]
        self.is_shut = [queue.spans is not None and not is_open(0.0, queue.spans) for queue in plan.queues]
        self.is_chat = [queue.work is Work.CHAT for queue in plan.queues]
        self.inline: list[tuple[deque[int], ...] | None] = [None for _ in plan.queues]
        self.inline_chats: list[tuple[int, ...] | None] = [None for _ in plan.queues]
        self.can_line_up = [
            not queue.balk and not chance and queue.call_back_after_s is None
            for queue, chance in zip(plan.queues, guests.redial, strict=True)
        ]
        self._is_longest = plan.tie_break is TieBreak.LONGEST_FREE
        self._schedule: Schedule = env
        for queue in range(len(plan.queues)):
            self.set_inline(queue)
        self.done = Kind(env, "done", 2, self.finished)
        self._gives_up = Kind(env, "gives_up", 5, self._give_up, is_leg=True)
        self._number = Kind(env, "number", 6, self._leave_number, is_leg=True)
        self._comes = Kind(env, "comes", 7, self.arrive, is_leg=True)

    def set_inline(self, queue: int) -> None:
        """Whether the hot loop may serve a queue by itself, and whose rows of free agents it looks through for it."""
        free, groups = self.agents.free, self.routes.flat[queue]
        is_plain, is_chat = groups is not None and not self.is_shut[queue], self.is_chat[queue]
        self.inline[queue] = tuple(free[group] for group in groups or ()) if is_plain and not is_chat else None
        self.inline_chats[queue] = groups if is_plain and is_chat else None

    def arrive(self, leg: int, now: float) -> None:
        """A leg joins its queue."""
        queue = self.book.queue[leg]
        if self.is_shut[queue]:
            self._meets_closed(leg, queue, now)
            return
        groups = self.routes.flat[queue]
        if self.is_chat[queue] and groups is not None:
            if not self.chats.arrives(leg, queue, groups, now):
                self.wait(leg, queue, now)
        elif not self._is_taken(leg, queue, now):
            self.wait(leg, queue, now)

    def _meets_closed(self, leg: int, queue: int, now: float) -> None:
        plan = self.plan.queues[queue]
        if plan.when_closed is WhenClosed.WAIT:
            self.parked[queue].append(leg)
            self._set_timers(leg, queue, now)
            return
        self.book.close(leg, _CLOSED, now)
        opening = inf if plan.spans is None else next_opening(now, plan.spans)
        if plan.when_closed is WhenClosed.CALL_BACK and opening < inf:
            self._schedule.put(opening, self._comes, self.book.again(leg, Leg.CALL_BACK, opening, inf))

    def set_open(self, queue: int, now: float, *, is_open_now: bool) -> None:
        """A queue opens or closes. Who is in line at closing time is still served."""
        self.is_shut[queue] = not is_open_now
        self.set_inline(queue)
        parked, leave, odd = self.parked[queue], self.book.leave, self.book.odd
        while is_open_now and parked:
            leg = parked.popleft()
            if (leave[leg] > now or odd[leg] & IS_SILENT) and not self._is_taken(leg, queue, now):
                self._line_up(leg, queue)

    def wait(self, leg: int, queue: int, now: float) -> None:
        """Nobody is free: balk or line up."""
        if self.book.odd[leg] & WILL_BALK:
            self.book.close(leg, _BALKED, now)
            if self.book.odd[leg] & WILL_REDIAL:
                self._redial(leg, now)
            return
        self.lines[queue].append(leg)
        self.waiting[0] |= 1 << queue
        self._set_timers(leg, queue, now)

    def _line_up(self, leg: int, queue: int) -> None:
        self.lines[queue].append(leg)
        self.waiting[0] |= 1 << queue

    def _set_timers(self, leg: int, queue: int, now: float) -> None:
        book, after = self.book, self.plan.queues[queue].call_back_after_s
        leave = book.leave[leg]
        if after is not None and not book.odd[leg] & IS_PROMISED and (at := max(now, book.at_of(leg) + after)) < leave:
            self._schedule.put(at, self._number, leg)
        elif book.odd[leg] & (WILL_REDIAL | IS_SILENT) == WILL_REDIAL and leave < inf:
            self._schedule.put(leave, self._gives_up, leg)

    def _give_up(self, leg: int, now: float) -> None:
        if self.book.begin[leg] < 0:
            self._redial(leg, now)

    def _redial(self, leg: int, now: float) -> None:
        (drawn, row), tries = self.book.row_of(leg), self.book.tries_of(leg)
        at = now + float(drawn.redial_gap[row, tries])
        again = self.book.again(leg, Leg.REDIAL, at, float(drawn.redial_patience[row, tries]))
        self._schedule.put(at, self._comes, again)

    def _leave_number(self, leg: int, now: float) -> None:
        book = self.book
        if book.begin[leg] >= 0:
            return
        queue = book.queue[leg]
        book.close(leg, int(Outcome.CALL_BACK), now)
        promised = book.again(leg, Leg.CALL_BACK, now, inf)
        book.leave[leg], book.odd[leg] = now, 0
        if self.is_shut[queue]:
            self.parked[queue].append(promised)
        else:
            self._line_up(promised, queue)

    def _is_taken(self, leg: int, queue: int, now: float) -> bool:
        if self.is_chat[queue]:
            agent = self._chat_agent(queue)
            if agent >= 0:
                self.chats.take(leg, queue, agent, now)
                self.agents.place(agent, now)
        else:
            agent = self._free_agent(queue)
            if agent >= 0:
                self._begin(leg, agent, now)
        return agent >= 0

    def _free_agent(self, queue: int) -> int:
        rows = self.inline[queue]
        if rows is not None:
            for row in rows:
                if row:
                    return row.popleft()
            return -1
        free, since = self.agents.free, self.agents.since
        for level in self.routes.levels[queue]:
            able = [free[group] for group in level if free[group]]
            if able:
                row = min(able, key=lambda one: since[one[0]]) if self._is_longest else able[0]
                return row.popleft()
        return -1

    def _chat_agent(self, queue: int) -> int:
        """Who takes a chat, taken out of where he stands; -1: nobody."""
        agents = self.agents
        for level in self.routes.levels[queue]:
            able = [agent for group in level if (agent := self._least_loaded(group, queue)) >= 0]
            if able:
                agent = (
                    min(able, key=lambda one: (agents.load[one], agents.since[one])) if self._is_longest else able[0]
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
            book.close(leg, _SILENT, book.leave[leg], self.guests.silent_s)
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
