"""Counting what has changed gives what counting all anew gives, on both stores, however often it is done."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.case import CallOutcome
from domain.kpi_row import Dimension
from integration.adapters.store import open_database, open_store
from integration.adapters.store.audit_keeper import Seal
from integration.ports.kpi import FactKind
from integration.ports.store import ReadTx, Store, Tx
from integration.usecases.kpi_books import aged
from integration.usecases.kpi_refresh import recount, refresh
from tests.intake.reception import Writer
from tests.kpi.floor import BOSS, Counted
from tests.kpi.week import NOW, WEEK, WHO, at, the_week
from tests.postgres import a_database

BY = tuple(Dimension)


def a_store(kind: str, folder: Any) -> Store:
    if kind == "sqlite":
        return open_store(None, inline=True, create=True)
    seal = Seal(folder / "audit.key", folder / "audit.checkpoints")
    return open_database(a_database(), seal, inline=True, create=True)


def facts(floor: Counted) -> dict[str, Any]:
    """Every fact that is kept, and the report."""
    asyncio.run(refresh(floor.reception.desk))

    def work(tx: ReadTx) -> dict[str, Any]:
        days = tx.kpi_days("BELEK1", WEEK.first - timedelta(days=60), WEEK.last + timedelta(days=400))
        found: dict[str, Any] = {}
        for day in days:
            found[f"calls {day}"] = tx.kpi_calls_on("BELEK1", day)
            found[f"cases {day}"] = [
                replace(one, as_of=NOW) for one in tx.kpi_cases_on("BELEK1", day) if not one.is_live
            ]
            found[f"offers {day}"] = tx.kpi_offers_on("BELEK1", day)
            found[f"sales {day}"] = tx.kpi_sales_on("BELEK1", day)
            found[f"arrivals {day}"] = tx.kpi_arrivals_on("BELEK1", day)
        return found

    return {**floor.reception.read(work), "report": floor.report(WEEK, *BY).rows}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_all_anew_is_what_was_counted_as_it_happened(kind: str, tmp_path: Any) -> None:
    floor = the_week(a_store(kind, tmp_path))
    before = facts(floor)
    asyncio.run(recount(floor.reception.desk, BOSS))
    assert facts(floor) == before
    asyncio.run(floor.reception.desk.store.close())


def test_counting_twice_changes_nothing() -> None:
    floor = the_week()
    first = asyncio.run(refresh(floor.reception.desk))
    again = asyncio.run(refresh(floor.reception.desk))
    assert (first.notes > 0, first.left) == (True, 0)
    assert (again.notes, again.families, again.left) == (0, 0, 0)


def test_a_round_may_be_as_short_as_one_note() -> None:
    floor, other = the_week(), the_week()
    while asyncio.run(refresh(floor.reception.desk, most=1)).left:
        pass
    assert facts(floor) == facts(other)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_in_any_order_counting_as_it_happens_is_counting_all_anew(seed: int) -> None:
    chance, floor = Random(seed), Counted()
    people = [Writer(f"+90533000000{number}", name=f"P{number}") for number in range(4)]
    moment = at(3, 7)
    for _ in range(25):
        moment += timedelta(seconds=chance.choice([7, 45, 400, 9_000]))
        _something(floor, chance, chance.choice(people), moment)
        if chance.random() < 0.4:
            asyncio.run(refresh(floor.reception.desk, most=chance.choice([1, 3, 500])))
        if chance.random() < 0.2:
            floor.report(WEEK)
    floor.be(NOW)
    before = facts(floor)
    asyncio.run(recount(floor.reception.desk, BOSS))
    assert facts(floor) == before


def _something(floor: Counted, chance: Random, who: Writer, moment: Any) -> None:
    known = any(
        row.handle_value == who.number for case in floor.reception.cases() for row in floor.reception.messages(case)
    )
    what = chance.choice(["write", "ring", "miss", "reply", "close", "tag", "support"])
    if what == "ring":
        _rung(floor, chance, who, moment)
    elif what == "miss":
        floor.rings(who.number, moment, None, chance.choice([5, 25]))
    elif what == "write" or not known:
        floor.writes(who, moment)
    elif what == "reply":
        floor.replies(who.number, moment)
    elif what == "close":
        floor.closes(who.number, moment, chance.choice(["", "price"]))
    else:
        floor.be(moment)
        floor.reception.change(
            floor.case_of(who.number).case_id, "tagged", {"tag": "vip" if what == "tag" else "support"}
        )


def _rung(floor: Counted, chance: Random, who: Writer, moment: Any) -> None:
    """A call; half of them give offers and sell."""
    call = floor.rings(who.number, moment, chance.choice([3, 30]))
    moment += timedelta(seconds=60)
    if chance.random() < 0.5:
        offer = floor.offers(call, moment)
        floor.sells(call, moment, _PRICES[chance.random() < 0.5], offer)
        floor.ends(call, moment, CallOutcome.SOLD)
    else:
        floor.ends(call, moment, CallOutcome.NOT_SOLD, reason="price")


from tests.builders import eur, lira  # noqa: E402

_PRICES = (eur("120.00"), lira("4000.00"))


def test_a_case_that_becomes_part_of_another_counts_no_more() -> None:
    floor = Counted()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 9))
    floor.writes(Writer(WHO["B"], name="Anna"), at(3, 10))
    asyncio.run(refresh(floor.reception.desk))
    first, second = floor.reception.cases()

    def join(tx: Tx) -> None:
        tx.update_case(replace(second, joined_into=first.case_id, version=second.version + 1))

    floor.change(join)
    asyncio.run(refresh(floor.reception.desk))
    assert floor.reception.read(lambda tx: tx.kpi_facts_of(FactKind.CASE, second.case_id)) == []
    assert len(floor.reception.read(lambda tx: tx.kpi_facts_of(FactKind.CASE, first.case_id))) == 1


@pytest.mark.parametrize("minutes", [1, 7, 60, 700, 1500, 4000])
def test_an_open_case_aged_is_the_case_counted_anew(minutes: int) -> None:
    floor = Counted()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 20, 31, 7))
    floor.rings(WHO["B"], at(3, 20, 40), None, 25)
    asyncio.run(refresh(floor.reception.desk))
    desk, clock = floor.reception.desk, floor.reception.office.clock
    before = [one for day in (3, 4) for one in _cases_on(floor, day)]
    clock.advance(minutes=minutes)
    policy = desk.serving.policy("BELEK1", at(3, 0), clock.now() + timedelta(days=60))
    grown = [aged(one, policy, clock.now()) for one in before]
    asyncio.run(recount(desk, BOSS))
    after = [one for day in (3, 4) for one in _cases_on(floor, day)]
    names = ("frt_s", "frt_wall_s", "resolution_s", "resolution_wall_s", "is_frt_open", "is_resolution_open")
    assert [[getattr(one, name) for name in names] for one in grown] == [
        [getattr(one, name) for name in names] for one in after
    ]


def _cases_on(floor: Counted, day: int) -> list[Any]:
    return list(floor.reception.read(lambda tx: tx.kpi_cases_on("BELEK1", at(day, 12).date())))
