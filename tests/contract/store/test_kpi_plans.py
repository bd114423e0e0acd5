"""Plans of the KPI routine in both stores: they come back as they went in, newest first, and change in place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from integration.ports.kpi_plans import KpiPlan, PlanKind
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW
from tests.postgres import a_database

PLAN = KpiPlan(
    "tgt_1", "DEMO1", PlanKind.TARGETS, "proposed", "ayşe", NOW, {"rows": [{"n": 60, "low": 0.5, "p": None}]}
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Played]:
    with Played(url=a_database() if request.param == "postgresql" else "") as played:
        yield played


def test_a_plan_comes_back_as_it_went_in_and_changes_in_place(store: Played) -> None:
    store.write(lambda tx: tx.put_kpi_plan(PLAN))
    assert store.read(lambda tx: tx.kpi_plan("tgt_1")) == PLAN
    changed = replace(PLAN, state="approved", document={"approved_by": "boss"})
    store.write(lambda tx: tx.put_kpi_plan(changed))
    assert store.read(lambda tx: tx.kpi_plans("DEMO1", PlanKind.TARGETS)) == [changed]
    assert store.read(lambda tx: tx.kpi_plan("tgt_2")) is None


def test_plans_are_listed_by_hotel_and_kind_newest_first(store: Played) -> None:
    later = replace(PLAN, plan_id="tgt_2", made_at=NOW + timedelta(hours=1))
    pilot = replace(PLAN, plan_id="plt_1", kind=PlanKind.PILOT, state="started")
    other = replace(PLAN, plan_id="tgt_3", hotel_id="OTHER")
    for one in (PLAN, later, pilot, other):
        store.write(lambda tx, one=one: tx.put_kpi_plan(one))  # type: ignore[misc]
    assert store.read(lambda tx: tx.kpi_plans("DEMO1", PlanKind.TARGETS)) == [later, PLAN]
    assert store.read(lambda tx: tx.kpi_plans("DEMO1", PlanKind.PILOT)) == [pilot]
