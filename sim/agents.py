"""Who is there: agents by group, who of them is free or has room for another chat, who comes and who leaves.

An agent is an int. Free ones stand in a row for each group, the longest free first; agents with open chats and room for
more stand by how many they have, so the least loaded is found at once. Nobody is taken away from a guest: when a group
shrinks, free agents go, and of the busy ones either those longest on duty after what they have (`FINISH`), or whoever
finishes something next (`FIRST_FINISHERS`); both take nothing new from then on.
"""

from collections import deque
from math import inf

from sim.plan import ShiftEnd
from sim.routes import Routes


class Agents:
    """Lists by agent (`group_of`, `since` when last placed, `is_leaving`, `load` of slots taken, `cap`: the
    most for now, `open` chats and their `clock`, see `sim.chats`) and by group (`free`,
    `room[g][k]` with k slots taken, `shrinking`: how many are still to leave).

    `present` and `chatting`: periods that are over, three numbers each: from, until, group.
    """

    def __init__(self, routes: Routes, shift_end: ShiftEnd) -> None:
        """Nobody is there."""
        groups = range(len(routes.can))
        self._is_named = shift_end is ShiftEnd.FINISH
        self._most = [max(1, *slots) for slots in routes.slots]
        self.group_of: list[int] = []
        self.since: list[float] = []
        self.is_leaving: list[bool] = []
        self.load: list[int] = []
        self.cap: list[int] = []
        self.open: list[list[tuple[float, int, float]]] = []
        self.clock: list[float] = []
        self.read: list[float] = []
        self.due: list[float] = []
        self.free: list[deque[int]] = [deque() for _ in groups]
        self.room: list[list[dict[int, None]]] = [[{} for _ in range(most)] for most in self._most]
        self.shrinking = [0 for _ in groups]
        self.present: list[float] = []
        self.chatting: list[float] = []
        self._came: dict[int, float] = {}
        self.chats_since: dict[int, float] = {}
        self._duty: list[dict[int, None]] = [{} for _ in groups]
        self._excess = [0 for _ in groups]
        self._spare: list[list[int]] = [[] for _ in groups]

    def on_duty(self, group: int) -> int:
        """How many are there and stay."""
        return len(self._duty[group]) - self._excess[group]

    def change(self, group: int, wanted: int, now: float) -> list[int]:
        """Make it so many; the answer is who has come (and stands free)."""
        by = wanted - self.on_duty(group)
        if by < 0:
            self._shrink(group, -by, now)
        stays = min(by, self._excess[group])
        if stays > 0:
            self._excess[group] -= stays
            self.shrinking[group] -= stays
            by -= stays
        return [self._come(group, now) for _ in range(by)]

    def _shrink(self, group: int, by: int, now: float) -> None:
        free, duty = self.free[group], self._duty[group]
        while by and free:
            self._go(free.popleft(), now)
            by -= 1
        if not by:
            return
        if not self._is_named:
            self._excess[group] += by
            self.shrinking[group] += by
            return
        for agent in list(duty)[:by]:
            self._name(agent)

    def _name(self, agent: int) -> None:
        group = self.group_of[agent]
        self.lift(agent)
        self.is_leaving[agent] = True
        del self._duty[group][agent]
        self.shrinking[group] += 1

    def _come(self, group: int, now: float) -> int:
        if self._spare[group]:
            agent = self._spare[group].pop()
        else:
            agent = len(self.group_of)
            self.group_of.append(group)
            self.since.append(now)
            self.is_leaving.append(False)
            self.load.append(0)
            self.cap.append(self._most[group])
            self.open.append([])
            self.clock.append(0.0)
            self.read.append(now)
            self.due.append(inf)
        self._came[agent] = now
        self._duty[group][agent] = None
        self.place(agent, now)
        return agent

    def _go(self, agent: int, now: float) -> None:
        group = self.group_of[agent]
        self.present += (self._came.pop(agent), now, group)
        self._duty[group].pop(agent, None)
        self._spare[group].append(agent)

    def leaves(self, agent: int, now: float) -> bool:
        """Asked when an agent has finished something: whether he takes nothing new; if he is done, he is gone."""
        group = self.group_of[agent]
        if self._excess[group] and not self.is_leaving[agent]:
            self._excess[group] -= 1
            self.shrinking[group] -= 1
            self._name(agent)
        if not self.is_leaving[agent]:
            return False
        if not self.load[agent]:
            self.is_leaving[agent] = False
            self.shrinking[group] -= 1
            self._go(agent, now)
        return True

    def place(self, agent: int, now: float) -> None:
        """Let an agent stand where the next contact finds him."""
        load, group = self.load[agent], self.group_of[agent]
        self.since[agent] = now
        if not load:
            self.free[group].append(agent)
        elif load < self.cap[agent]:
            self.room[group][load][agent] = None

    def lift(self, agent: int) -> None:
        """Let nobody find an agent with chats, before what he has changes."""
        load, room = self.load[agent], self.room[self.group_of[agent]]
        if load < len(room):
            room[load].pop(agent, None)

    def pick(self, agent: int) -> None:
        """Take the first of those free, or one with room, from where he stands."""
        if self.load[agent]:
            del self.room[self.group_of[agent]][self.load[agent]][agent]
        else:
            self.free[self.group_of[agent]].popleft()

    def legs(self) -> list[int]:
        """All legs with an open chat."""
        return [chat[1] for chats in self.open for chat in chats]

    def cut(self, now: float) -> None:
        """End all running periods here and begin them anew, so that what was is in the lists."""
        for since, over in ((self._came, self.present), (self.chats_since, self.chatting)):
            for agent, start in since.items():
                over.extend((start, now, self.group_of[agent]))
                since[agent] = now
