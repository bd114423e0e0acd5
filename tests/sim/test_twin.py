"""Random small houses: the engine and a plain second one come to the same legs from the same draws."""

from math import inf

import numpy as np
import pytest

from sim.plan import Contacts, EnginePlan, GroupPlan, GuestRules, QueuePlan, ShiftEnd, Work
from sim.proofs.feed import contacts, play
from tests.sim.twin import Twin

SEEDS = range(16)
INTERVALS, LENGTH = 24, 600.0


def a_house(chance: np.random.Generator, *, chats: bool, shift_end: ShiftEnd) -> EnginePlan:
    """Two to four queues, two or three groups with some of them each, teams that change; somebody for every queue."""
    works = [Work.CALL, Work.CHAT] if chats else [Work.CALL, Work.BACKLOG]
    count = int(chance.integers(2, 5))
    queues = tuple(
        QueuePlan(
            str(one), 0, 0, works[int(chance.integers(2))] if one else works[0], priority=int(chance.integers(2)),
            balk=float(chance.choice([0.0, 0.2])),
        )
        for one in range(count)
    )  # fmt: skip
    groups = []
    for name in range(int(chance.integers(2, 4))):
        own = [one for one in range(count) if name == 0 or chance.random() < 0.6] or [0]
        own = [int(one) for one in chance.permutation(own)]
        slots = tuple(int(chance.integers(1, 4)) if queues[one].work is Work.CHAT else 1 for one in own)
        levels = tuple(int(chance.integers(2)) for _ in own)
        groups.append(GroupPlan(str(name), tuple(own), levels, slots, (1.0, 0.7, 0.5)))
    heads = chance.integers(1, 5, (INTERVALS, len(groups))).astype(np.int32)
    return EnginePlan(queues, tuple(groups), heads, interval_s=LENGTH, shift_end=shift_end)


def its_contacts(chance: np.random.Generator, plan: EnginePlan) -> Contacts:
    """More than the house can do at times, with redials and handoffs."""
    count, last = 350, len(plan.queues)
    patient = np.array([plan.queues[one].work is Work.BACKLOG for one in range(last)])
    queue = chance.integers(0, last, count).astype(np.int32)
    work = chance.exponential(150.0, count)
    hands_over = chance.random(count) < 0.15
    return contacts(
        np.sort(chance.uniform(0, INTERVALS * LENGTH, count)), work,
        np.where(patient[queue], inf, chance.exponential(120.0, count)), queue,
        wrap=np.where(chance.random(count) < 0.4, chance.exponential(30.0, count), 0.0), balk_u=chance.random(count),
        handoff_at=np.where(hands_over, work * chance.random(count), inf),
        handoff_queue=np.zeros(count, dtype=np.int32), handoff_work=chance.exponential(100.0, count),
        handoff_wrap=chance.exponential(20.0, count), handoff_patience=chance.exponential(200.0, count),
        redial_u=chance.random((count, 3)), redial_gap=chance.exponential(300.0, (count, 3)),
        redial_patience=chance.exponential(100.0, (count, 3)),
    )  # fmt: skip


@pytest.mark.parametrize("shift_end", list(ShiftEnd))
@pytest.mark.parametrize("chats", [False, True])
def test_a_second_engine_that_shares_no_code_comes_to_the_same_legs(chats: bool, shift_end: ShiftEnd) -> None:
    for seed in SEEDS:
        chance = np.random.default_rng((seed, chats))
        plan = a_house(chance, chats=chats, shift_end=shift_end)
        drawn, rules = its_contacts(chance, plan), GuestRules(redial=(0.5,) * len(plan.queues))
        legs, again = play(plan, drawn, plan.until_s, redial=0.5).legs, Twin(plan, rules, drawn).run()
        one, two = rows_of(legs), rows_of(again)
        assert one.keys() == two.keys(), seed
        assert np.array(list(one.values())) == pytest.approx(np.array([two[key] for key in one]), abs=1e-5), seed


def rows_of(legs) -> dict[tuple[int, ...], list[float]]:
    """(contact, leg, tries, queue, outcome) -> arrival, wait, end, group; what is open at the end is left out."""
    ended = legs.outcome != 7
    names = zip(
        *(column[ended].tolist() for column in (legs.contact, legs.leg, legs.tries, legs.queue, legs.outcome)),
        strict=True,
    )
    facts = zip(*(column[ended].tolist() for column in (legs.at, legs.wait, legs.ended, legs.group)), strict=True)
    return {name: list(fact) for name, fact in zip(names, facts, strict=True)}
