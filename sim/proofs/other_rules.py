"""Two rules of routing that published models have and a plan cannot ask for.

An agent who gets free takes who has **waited longest** of all his queues, as if they were one line; the engine's own
rule goes by priority and the order of the group's list. A contact takes **any free agent**, all who may take it being
equally likely; the engine's own rules take the group that is listed first, or whoever has been free for longest. The
rest is the engine as it is, without its hot loop.
"""

import numpy as np

from sim.engine import SeasonEngine
from sim.floor import Floor
from sim.plan import EnginePlan, GuestRules


class OneLine(Floor):
    """Calls only. `agents_by`: the stream any free agent is drawn from; None: the plan's own rule."""

    agents_by: np.random.Generator | None = None

    def _next_queue(self, agent: int, now: float) -> int:
        waiting = [queue for queue in self.routes.order[self.agents.group_of[agent]] if self._has_guest(queue, now)]
        return min(waiting, key=lambda queue: self.book.at_of(self.lines[queue][0]), default=-1)

    def _free_agent(self, queue: int) -> int:
        if self.agents_by is None:
            return super()._free_agent(queue)
        rows = [self.agents.free[group] for level in self.routes.levels[queue] for group in level]
        place = int(self.agents_by.random() * sum(map(len, rows)))
        for row in rows:
            if place < len(row):
                return row.popleft()
            place -= len(row)
        return -1


class OneLineEngine(SeasonEngine):
    """The engine with these rules."""

    def __init__(self, plan: EnginePlan, guests: GuestRules, agents_by: np.random.Generator | None = None) -> None:
        """Empty house. ValueError for a plan that cannot be run."""
        super().__init__(plan, guests, engine="steps")
        self._floor: Floor = OneLine(plan, guests, self.env, self._book)
        self._floor.agents_by = agents_by
