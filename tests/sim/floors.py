"""Small houses for tests of the engine: a plan in one line, contacts by hand, and legs as rows."""

from math import inf
from typing import Any

import numpy as np

from sim.engine import SeasonEngine
from sim.plan import (
    Contacts,
    EnginePlan,
    GroupPlan,
    GuestRules,
    Leg,
    Legs,
    Outcome,
    QueuePlan,
    ShiftEnd,
    TieBreak,
    Work,
    constant_heads,
)
from sim.proofs.feed import contacts, joined

CALLS = QueuePlan("calls", 0, 0, Work.CALL)
CHATS = QueuePlan("chats", 0, 0, Work.CHAT)
LETTERS = QueuePlan("letters", 0, 0, Work.BACKLOG)


def a_group(*queues: int, levels: Any = None, slots: Any = None, speeds: tuple[float, ...] = (1.0,)) -> GroupPlan:
    """Agents with these queues, all first skills and one slot unless said otherwise."""
    return GroupPlan("g", queues, levels or (0,) * len(queues), slots or (1,) * len(queues), speeds)


def a_plan(
    queues: Any = (CALLS,),
    groups: Any = None,
    heads: Any = (1,),
    intervals: int = 100,
    interval_s: float = 1800.0,
    tie_break: TieBreak = TieBreak.ORDER,
    shift_end: ShiftEnd = ShiftEnd.FINISH,
) -> EnginePlan:
    """One queue, one group, one agent, always, unless said otherwise. `heads`: a row, or a row for each interval."""
    rows = np.array(heads, np.int32)
    table = constant_heads(heads, intervals) if rows.ndim == 1 else rows
    groups = groups or (a_group(*range(len(queues))),)
    return EnginePlan(tuple(queues), tuple(groups), table, interval_s, tie_break, shift_end)


def came(at: Any, work: Any, patience: Any = inf, queue: Any = 0, **more: Any) -> Contacts:
    """Contacts by hand; one value stands for all."""
    at = np.array(at, float)
    count = len(at)
    wide = {
        name: np.array(np.broadcast_to(np.asarray(value), np.shape(value) or (count,))) for name, value in more.items()
    }
    return contacts(
        at,
        np.broadcast_to(np.asarray(work, float), count).copy(),
        np.broadcast_to(np.asarray(patience, float), count).copy(),
        np.broadcast_to(np.asarray(queue, np.int32), count).copy(),
        **wide,
    )


def rules(plan: EnginePlan, redial: float = 0.0, silent_s: float = 0.0) -> GuestRules:
    """The same chance to redial in every queue."""
    return GuestRules((redial,) * len(plan.queues), silent_s)


def played(
    plan: EnginePlan, drawn: Contacts, guests: GuestRules | None = None, **how: Any
) -> tuple[Legs, SeasonEngine]:
    """Everything in one stretch; open legs last."""
    engine = SeasonEngine(plan, guests or rules(plan), **how)
    return joined([engine.day(drawn, plan.until_s), engine.finish()]), engine


def told(legs: Legs) -> list[tuple[int, str, str, float, float]]:
    """(contact, leg, outcome, wait, ended) of each leg, in the order of ending."""
    return [
        (int(contact), Leg(leg).name, Outcome(outcome).name, round(float(wait), 6), round(float(ended), 6))
        for contact, leg, outcome, wait, ended in zip(
            legs.contact, legs.leg, legs.outcome, legs.wait, legs.ended, strict=True
        )
    ]


def answered(legs: Legs) -> dict[int, tuple[float, float]]:
    """Contact -> (wait, ended) of the legs that were answered."""
    return {one: (wait, ended) for one, _, outcome, wait, ended in told(legs) if outcome == "SERVED"}


def same(one: Legs, two: Legs) -> bool:
    """To the last bit."""
    return all(
        getattr(one, name).tobytes() == getattr(two, name).tobytes() and len(one.at) == len(two.at)
        for name in one.__slots__
    )
