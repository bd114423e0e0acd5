"""A whole season in plain SimPy, as one would write it first: a process for each contact that says what happens to it
from the first ring to the end, processes for the staff and for the hours, an `Event` for each guest who waits.

It plays the same plan and the same drawn contacts by the same rules as `sim.engine.SeasonEngine` and gives the same
legs and agents' seconds, so everything around it (draws, selling, scores) is shared and both can be compared leg by
leg.
"""

from collections.abc import Generator
from math import inf
from typing import Any

import simpy
from simpy.events import Event

from benchmarks.textbook.house import Guest, House
from benchmarks.textbook.team import Agent
from domain.hours import is_open, next_opening
from sim.plan import Contacts, EnginePlan, GuestRules, Leg, Legs, Outcome, QueuePlan, WhenClosed, Work

Steps = Generator[Event, Any, Any]


class TextbookSeason(House):
    """Runs like the season engine: `day` by day, then `finish`."""

    def __init__(self, plan: EnginePlan, guests: GuestRules) -> None:
        """An empty house."""
        super().__init__(plan, guests)
        self.env.process(self._staff())
        self.env.process(self._hours())

    @property
    def oldest_open(self) -> int:
        """The lowest number of a contact that has not ended."""
        return min((guest.number for guest in self.alive), default=self.numbered)

    def day(self, contacts: Contacts, until_s: float) -> Legs:
        """Run on to `until_s`; every leg that ended meanwhile."""
        self.env.process(self._arrivals(contacts))
        self.env.run(until=until_s)
        return self._legs()

    def finish(self) -> Legs:
        """Who is still there."""
        for guest in self.alive:
            if guest.is_in_leg:
                self._end(guest, Outcome.OPEN, self.env.now, handle=self.env.now - guest.taken_at)
        for agents in self.team.on_duty:
            for agent in agents:
                self._count(self.staffed_s, agent.came, agent.group)
                if agent.taken:
                    self._count(self.busy_s, agent.busy_since, agent.group)
        return self._legs()

    def _arrivals(self, contacts: Contacts) -> Steps:
        names = ("at", "queue", "work", "wrap", "patience", "first_reply", "silent", "handoff_at")
        columns = [getattr(contacts, name).tolist() for name in names]
        for row, (at, queue, work, wrap, patience, reply, silent, handoff_at) in enumerate(zip(*columns, strict=True)):
            yield self.env.timeout(at - self.env.now)
            talk = min(work, handoff_at)
            guest = Guest(
                self.numbered, row, contacts, queue, at, talk, wrap, patience, min(reply, talk), silent,
                is_handed_over=handoff_at <= work,
            )  # fmt: skip
            self.numbered += 1
            self._begin(guest)

    def _begin(self, guest: Guest) -> None:
        self.alive[guest] = None
        guest.process = self.env.process(self._contact(guest))

    def _contact(self, guest: Guest) -> Steps:
        """All of a contact: leg after leg until there is none. Who is handed over comes after his agent is free."""
        if guest.leg is Leg.HANDOFF:
            yield self.env.timeout(0)
        while (yield from self._one_leg(guest)):
            pass
        del self.alive[guest]

    def _one_leg(self, guest: Guest) -> Generator[Event, Any, bool]:
        """The answer is whether there is another one."""
        queue = self.plan.queues[guest.queue]
        if self.is_shut[guest.queue] and queue.when_closed is not WhenClosed.WAIT:
            return (yield from self._meets_closed(guest, queue))
        agent = None if self.is_shut[guest.queue] else self.team.find(guest.queue)
        if agent is not None:
            self._seize(agent, guest)
        else:
            row = guest.row
            if (
                queue.balk
                and not guest.is_promised
                and not self.is_shut[guest.queue]
                and guest.day.balk_u[row] < queue.balk
            ):
                return (yield from self._gone(guest, Outcome.BALKED))
            outcome = yield from self._wait(guest, queue)
            if outcome is Outcome.ABANDONED:
                is_letter = queue.work is Work.BACKLOG
                return (yield from self._gone(guest, Outcome.EXPIRED if is_letter else outcome))
            if outcome is Outcome.CALL_BACK:
                self._end(guest, outcome, self.env.now)
                return self._promise(guest)
        yield from self._serve(guest)
        return False

    def _wait(self, guest: Guest, queue: QueuePlan) -> Generator[Event, Any, Outcome | None]:
        """In line until an agent comes (None), patience ends, or the guest leaves a number instead."""
        line = (self.parked if self.is_shut[guest.queue] else self.lines)[guest.queue]
        line.append(guest)
        guest.called = self.env.event()
        number = inf if queue.call_back_after_s is None or guest.is_promised else queue.call_back_after_s
        guest.leaves_at = guest.at + guest.patience
        limit = number if number < guest.patience else inf if guest.is_silent else guest.patience
        if limit == inf:
            yield guest.called
            return None
        ended = yield guest.called | self.env.timeout(limit)
        if guest.called in ended:
            return None
        for rows in (self.lines, self.parked):
            if guest in rows[guest.queue]:
                rows[guest.queue].remove(guest)
        return Outcome.CALL_BACK if number < guest.patience else Outcome.ABANDONED

    def _meets_closed(self, guest: Guest, queue: QueuePlan) -> Generator[Event, Any, bool]:
        self._end(guest, Outcome.CLOSED, self.env.now)
        if queue.when_closed is WhenClosed.LOST or queue.spans is None:
            return False
        opening = next_opening(self.env.now, queue.spans)
        if opening == inf:
            return False
        yield self.env.timeout(opening - self.env.now)
        for _ in ("after the staff", "and the doors"):
            yield self.env.timeout(0)
        return self._promise(guest)

    def _promise(self, guest: Guest) -> bool:
        """From now on he is called back, however long that takes."""
        guest.leg, guest.at, guest.patience = Leg.CALL_BACK, self.env.now, inf
        guest.is_promised, guest.is_silent, guest.is_in_leg, guest.leaves_at = True, False, True, inf
        return True

    def _gone(self, guest: Guest, outcome: Outcome) -> Generator[Event, Any, bool]:
        """Given up; maybe he tries again."""
        self._end(guest, outcome, self.env.now)
        day, row, k = guest.day, guest.row, guest.tries
        chance = 0.0 if outcome is Outcome.EXPIRED else self.rules.redial[guest.queue]
        if not (chance and k < day.redial_u.shape[1] and day.redial_u[row, k] < chance):
            return False
        yield self.env.timeout(float(day.redial_gap[row, k]))
        guest.leg, guest.at, guest.tries, guest.is_in_leg = Leg.REDIAL, self.env.now, k + 1, True
        guest.patience = float(day.redial_patience[row, k])
        return True

    def _serve(self, guest: Guest) -> Steps:
        agent = guest.agent
        assert agent is not None
        if self._is_lost(guest):
            self._end(guest, Outcome.SILENT, guest.leaves_at, self.rules.silent_s)
            yield self.env.timeout(self.rules.silent_s)
        elif agent.is_on_call:
            yield self.env.timeout(guest.work)
            self._done(guest, guest.taken_at + guest.reply)
            yield self.env.timeout(guest.wrap)
        else:
            yield from self._chat(agent, guest)
        self._release(agent)

    def _done(self, guest: Guest, replied: float) -> None:
        now = self.env.now
        self._end(guest, Outcome.SERVED, now, now - guest.taken_at + guest.wrap, replied)
        if guest.is_handed_over:
            day, row = guest.day, guest.row
            columns = (day.handoff_work, day.handoff_wrap, day.handoff_patience)
            work, wrap, patience = (float(column[row]) for column in columns)
            further = Guest(
                guest.number, row, day, int(day.handoff_queue[row]), now, work, wrap, patience, 0.0,
                is_silent=False, is_handed_over=False, leg=Leg.HANDOFF, tries=guest.tries,
            )  # fmt: skip
            self._begin(further)

    def _chat(self, agent: Agent, guest: Guest) -> Steps:
        """Each of an agent's chats is told when their number changes, and goes on at another speed."""
        self._tell_others(agent)
        guest.is_talking = True
        left, reply, speeds = guest.work, guest.reply, self.plan.groups[agent.group].speeds
        while left > 0:
            since, speed = self.env.now, speeds[len(agent.chats) - 1]
            try:
                yield self.env.timeout(left / speed)
                done = left
            except simpy.Interrupt:
                done = min((self.env.now - since) * speed, left)
            if 0 <= reply <= done:
                guest.replied, reply = since + reply / speed, -1.0
            left, reply = left - done, reply - done
        agent.chats.remove(guest)
        guest.is_talking = False
        self._tell_others(agent)
        if guest.wrap and not agent.is_leaving:
            self._go_on(agent)
        self._done(guest, guest.replied)
        if guest.wrap:
            yield self.env.timeout(guest.wrap)

    def _tell_others(self, agent: Agent) -> None:
        for other in agent.chats:
            if other.is_talking:
                other.process.interrupt()

    def _hours(self) -> Steps:
        """The doors, queue by queue, after the staff of the same instant."""
        spans = [(queue, plan.spans) for queue, plan in enumerate(self.plan.queues) if plan.spans is not None]
        for edge in sorted({edge for _, one in spans for edge in (*one.starts, *one.ends) if edge > 0}):
            yield self.env.timeout(edge - self.env.now)
            yield self.env.timeout(0)
            for queue, one in spans:
                was_shut, self.is_shut[queue] = self.is_shut[queue], not is_open(edge, one)
                if was_shut and not self.is_shut[queue]:
                    self._open(queue)

    def _open(self, queue: int) -> None:
        now, waiting = self.env.now, self.parked[queue]
        while waiting:
            guest = waiting.popleft()
            agent = self.team.find(queue)
            if agent is None:
                self.lines[queue].append(guest)
            elif guest.leaves_at > now or guest.is_silent:
                self._call(agent, guest)

    def _staff(self) -> Steps:
        for heads in self.plan.heads.tolist():
            newcomers: list[Agent] = []
            for group, wanted in enumerate(heads):
                by = max(0, wanted) - len(self.team.on_duty[group])
                newcomers += [self.team.come(group, self.env.now) for _ in range(by)]
                for gone in self.team.shrink(group, -by) if by < 0 else ():
                    self._count(self.staffed_s, gone.came, gone.group)
            self._welcome(newcomers)
            yield self.env.timeout(self.plan.interval_s)
