"""Random small houses: nothing is lost, however the run is cut, and a plain second engine comes to the same legs."""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.hours import OpenSpans
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
    WhenClosed,
    Work,
)
from sim.proofs.feed import contacts, joined
from tests.sim.floors import same
from tests.sim.test_twin import rows_of
from tests.sim.twin import Twin

INTERVALS, LENGTH = 12, 300.0
UNTIL = INTERVALS * LENGTH


@st.composite
def houses(draw: Any, *, plain: bool = False) -> EnginePlan:
    """Up to four queues and three groups with any skills, levels, slots, priorities, hours and heads.

    `plain`: only what the second engine knows.
    """
    count = draw(st.integers(1, 4))
    queues = tuple(
        QueuePlan(
            f"q{one}",
            draw(st.integers(0, 1)),
            0,
            draw(st.sampled_from([Work.CALL, Work.BACKLOG] if plain else list(Work))),
            priority=draw(st.integers(0, 1)),
            balk=draw(st.sampled_from([0.0, 0.3])),
            spans=None
            if plain
            else draw(st.sampled_from([None, None, OpenSpans((400, 2500), (1900, 3300), 0, 10**9)])),
            when_closed=draw(st.sampled_from(list(WhenClosed))),
            call_back_after_s=None if plain else draw(st.sampled_from([None, 40.0])),
        )
        for one in range(count)
    )
    groups = []
    for name in range(draw(st.integers(1, 3))):
        own = draw(st.permutations(range(count)))[: draw(st.integers(1, count))]
        levels = tuple(draw(st.integers(0, 1)) for _ in own)
        slots = tuple(draw(st.integers(1, 3)) if queues[one].work is Work.CHAT else 1 for one in own)
        groups.append(GroupPlan(str(name), tuple(own), levels, slots, (1.0, 0.8, 0.5)))
    low = draw(st.integers(0, 1))
    heads = [[draw(st.integers(low, 3)) for _ in groups] for _ in range(INTERVALS)]
    tie_break = TieBreak.ORDER if plain else draw(st.sampled_from(list(TieBreak)))
    return EnginePlan(
        queues, tuple(groups), np.array(heads, np.int32), LENGTH, tie_break, draw(st.sampled_from(list(ShiftEnd)))
    )


def guests_of(plan: EnginePlan, seed: int, count: int, *, silent: float) -> Contacts:
    chance = np.random.default_rng(seed)
    work = chance.exponential(60.0, count)
    is_handed_over = chance.random(count) < 0.2
    return contacts(
        np.sort(chance.uniform(0, UNTIL, count)),
        work,
        np.where(chance.random(count) < 0.1, inf, chance.exponential(60.0, count)),
        chance.integers(0, len(plan.queues), count).astype(np.int32),
        wrap=np.where(chance.random(count) < 0.5, chance.exponential(15.0, count), 0.0),
        balk_u=chance.random(count),
        silent=chance.random(count) < silent,
        first_reply=work * chance.random(count),
        handoff_at=np.where(is_handed_over, work * chance.random(count), inf),
        handoff_queue=chance.integers(0, len(plan.queues), count).astype(np.int32),
        handoff_work=chance.exponential(50.0, count),
        handoff_wrap=chance.exponential(5.0, count),
        handoff_patience=chance.exponential(80.0, count),
        redial_u=chance.random((count, 2)),
        redial_gap=chance.exponential(100.0, (count, 2)),
        redial_patience=chance.exponential(60.0, (count, 2)),
    )


def run(
    plan: EnginePlan, drawn: Contacts, guests: GuestRules, cuts: Any, engine: Any = "flat"
) -> tuple[Legs, SeasonEngine]:
    """In stretches that end at `cuts`, then to the end."""
    made, parts, first = SeasonEngine(plan, guests, engine), [], 0
    for until in [*sorted(set(cuts)), UNTIL]:
        last = int(np.searchsorted(drawn.at, until))
        part = Contacts(**{name: getattr(drawn, name)[first:last] for name in drawn.__slots__})
        parts.append(made.day(part, until))
        first = last
    return joined([*parts, made.finish()]), made


def in_order(legs: Legs) -> Legs:
    """By contact, tries, leg and arrival: an order that does not depend on when legs were handed out."""
    rows = np.lexsort((legs.at, legs.leg, legs.tries, legs.contact))
    return Legs(**{name: getattr(legs, name)[rows] for name in legs.__slots__})


@settings(max_examples=120)
@given(houses(), st.integers(0, 10**6), st.integers(0, 150), st.lists(st.floats(1.0, UNTIL - 1.0), max_size=4))
def test_nothing_is_lost_and_cutting_the_run_changes_nothing(
    plan: EnginePlan, seed: int, count: int, cuts: Any
) -> None:
    guests = GuestRules((0.6,) * len(plan.queues), 20.0)
    drawn = guests_of(plan, seed, count, silent=0.2)
    whole, engine = run(plan, drawn, guests, [])
    parts, cut = run(plan, drawn, guests, cuts)
    assert same(in_order(whole), in_order(parts))
    np.testing.assert_allclose(engine.busy_s, cut.busy_s, rtol=0, atol=1e-6)
    np.testing.assert_allclose(engine.staffed_s, cut.staffed_s, rtol=0, atol=1e-6)
    assert (engine.busy_s <= engine.staffed_s + 1e-6).all()
    assert_contacts_add_up(plan, drawn, whole)
    assert (engine.counts.arrived == cut.counts.arrived).all()


def assert_contacts_add_up(plan: EnginePlan, drawn: Contacts, legs: Legs) -> None:
    """Every contact has its first leg, and what follows it: a leg over has what must come of it, and nothing else."""
    firsts = legs.contact[legs.leg == Leg.FIRST]
    assert sorted(firsts.tolist()) == list(range(len(drawn)))
    assert (legs.wait >= 0).all()
    assert (legs.handle >= 0).all()
    assert (legs.ended >= legs.at + legs.wait - 1e-9).all()
    taken = legs.group >= 0
    assert taken[np.isin(legs.outcome, (Outcome.SERVED, Outcome.SILENT))].all()
    assert not taken[np.isin(legs.outcome, (Outcome.ABANDONED, Outcome.BALKED, Outcome.CLOSED, Outcome.EXPIRED))].any()
    handed = int((legs.is_handed_over & (legs.ended < UNTIL)).sum())
    assert int((legs.leg == Leg.HANDOFF).sum()) == handed
    is_backlog = np.array([queue.work is Work.BACKLOG for queue in plan.queues])[legs.queue]
    assert not (legs.outcome[is_backlog] == Outcome.ABANDONED).any()


@settings(max_examples=80)
@given(houses(), st.integers(0, 10**6), st.integers(0, 120), st.lists(st.floats(1.0, UNTIL - 1.0), max_size=2))
def test_without_the_hot_loop_and_on_stock_simpy_it_is_the_same_to_the_last_bit(
    plan: EnginePlan, seed: int, count: int, cuts: Any
) -> None:
    guests = GuestRules((0.6,) * len(plan.queues), 20.0)
    drawn = guests_of(plan, seed, count, silent=0.2)
    legs, engine = run(plan, drawn, guests, cuts)
    for other in ("steps", "stock"):
        again, twin = run(plan, drawn, guests, cuts, other)
        assert same(legs, again), other
        assert engine.busy_s.tobytes() == twin.busy_s.tobytes()
        assert engine.staffed_s.tobytes() == twin.staffed_s.tobytes()


@settings(max_examples=120)
@given(
    houses(plain=True), st.integers(0, 10**6), st.integers(0, 150), st.lists(st.floats(1.0, UNTIL - 1.0), max_size=2)
)
def test_a_plain_second_engine_comes_to_the_same_calls_and_letters(
    plan: EnginePlan, seed: int, count: int, cuts: Any
) -> None:
    """The second engine calls a letter that was not begun in time given up."""
    guests = GuestRules(tuple(0.0 if queue.work is Work.BACKLOG else 0.6 for queue in plan.queues))
    drawn = guests_of(plan, seed, count, silent=0.0)
    legs = run(plan, drawn, guests, cuts)[0]
    legs = replace(legs, outcome=np.where(legs.outcome == Outcome.EXPIRED, Outcome.ABANDONED, legs.outcome))
    one, two = rows_of(legs), rows_of(Twin(plan, guests, drawn).run())
    assert one.keys() == two.keys()
    if one:
        np.testing.assert_allclose(np.array(list(one.values())), np.array([two[key] for key in one]), atol=1e-6)
