"""Agents as objects: who is free, who has room for another chat, who comes and who goes home."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sim.plan import EnginePlan, GroupPlan, TieBreak, Work


@dataclass(eq=False, slots=True)
class Agent:
    """`chats`: guests he writes with; `taken`: slots that are not free (chats, their wrap-up, a call is all of him)."""

    group: int
    came: float
    chats: list[Any] = field(default_factory=list)
    taken: int = 0
    is_on_call: bool = False
    is_leaving: bool = False
    busy_since: float = 0.0


class Team:
    """`free[g]`: idle agents, longest idle first; `chatting[g]`: agents with chats, in the order they last changed;
    `on_duty[g]`: those who stay."""

    def __init__(self, plan: EnginePlan) -> None:
        """Nobody is there. ValueError for the tie-break it does not know."""
        if plan.tie_break is not TieBreak.ORDER:
            raise ValueError("the textbook model knows one tie-break: the plan's order")
        self.groups = plan.groups
        self.is_chat = [queue.work is Work.CHAT for queue in plan.queues]
        self.free: list[deque[Agent]] = [deque() for _ in plan.groups]
        self.chatting: list[dict[Agent, None]] = [{} for _ in plan.groups]
        self.on_duty: list[dict[Agent, None]] = [{} for _ in plan.groups]
        self.slots = [dict(zip(group.queues, group.slots, strict=True)) for group in plan.groups]
        self.serving = [_serving(plan.groups, queue) for queue in range(len(plan.queues))]
        self.order = [
            sorted(group.queues, key=lambda one: (plan.queues[one].work is Work.BACKLOG, plan.queues[one].priority))
            for group in plan.groups
        ]

    def has_room(self, agent: Agent, queue: int) -> bool:
        """Whether an agent may take one more of a queue."""
        if not agent.taken:
            return True
        if agent.is_on_call or agent.is_leaving or not self.is_chat[queue]:
            return False
        slots = self.slots[agent.group]
        return agent.taken < min([slots[queue], *(slots[chat.queue] for chat in agent.chats)])

    def find(self, queue: int) -> Agent | None:
        """Who takes a guest now: by level, then the first group with somebody free, of them the least loaded."""
        for _, group in self.serving[queue]:
            found = self.find_in(group, queue)
            if found is not None:
                return found
        return None

    def find_in(self, group: int, queue: int) -> Agent | None:
        """Who of a group."""
        if self.free[group]:
            return self.free[group][0]
        if not self.is_chat[queue]:
            return None
        able = [agent for agent in self.chatting[group] if self.has_room(agent, queue)]
        return min(able, key=lambda agent: agent.taken) if able else None

    def is_for_others(self, queue: int, group: int) -> bool:
        """Whether a group of a lower level has somebody for it."""
        own = next(level for level, one in self.serving[queue] if one == group)
        return any(level < own and self.find_in(one, queue) is not None for level, one in self.serving[queue])

    def place(self, agent: Agent) -> None:
        """Let an agent stand last among his like."""
        self.chatting[agent.group].pop(agent, None)
        if agent.taken:
            self.chatting[agent.group][agent] = None
        else:
            self.free[agent.group].append(agent)

    def lift(self, agent: Agent) -> None:
        """Take an agent who begins something from where he stands."""
        if not agent.taken and agent in self.free[agent.group]:
            self.free[agent.group].remove(agent)
        self.chatting[agent.group].pop(agent, None)

    def come(self, group: int, now: float) -> Agent:
        """A new one."""
        agent = Agent(group, now)
        self.on_duty[group][agent] = None
        self.free[group].append(agent)
        return agent

    def shrink(self, group: int, by: int) -> list[Agent]:
        """Free ones go (the answer), then those longest on duty are to leave after what they have."""
        gone = [self.free[group].popleft() for _ in range(min(by, len(self.free[group])))]
        for agent in gone:
            del self.on_duty[group][agent]
        for agent in list(self.on_duty[group])[: by - len(gone)]:
            agent.is_leaving = True
            del self.on_duty[group][agent]
        return gone


def _serving(groups: tuple[GroupPlan, ...], queue: int) -> list[tuple[int, int]]:
    """(level, group) of those who may take a queue, first skills first."""
    return sorted(
        (one.levels[one.queues.index(queue)], number) for number, one in enumerate(groups) if queue in one.queues
    )
