"""A report beside a plan over HTTP: who may, what is refused, and that a season under way does not hold the service."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.kpi_planned import planned_of
from cli.service_plans import ServicePlans
from domain.errors import InvalidInput, NotFound
from domain.kpi_plan import Planned
from domain.kpi_row import Period
from integration.errors import ConfigurationError, NotReady
from integration.http.app import create_app
from scenarios.scenario_loader import load_scenario
from tests.kpi.weeks import put_days
from tests.service.client import Client
from tests.service.house import House, play

DAYS = Period(date(2027, 8, 2), date(2027, 8, 3))
ASKED = {"from": "2027-08-02", "to": "2027-08-03", "pms": "false", "plan": "smoke"}


class Plans:
    """Knows one plan, after it was asked for often enough."""

    def __init__(self, plan: Planned, ready_after: int = 0) -> None:
        self.plan, self.left = plan, ready_after

    async def planned(self, name: str, _period: Period) -> Planned:
        if name != self.plan.scenario:
            raise NotFound("There is no plan {plan}.", plan=name, field="plan")
        if self.left:
            self.left -= 1
            raise NotReady("The season is being simulated; ask again in a moment.")
        return self.plan


@pytest.fixture(scope="module")
def smoke() -> Planned:
    return planned_of(load_scenario("smoke"), DAYS, 5)


def in_august(story: Callable[[House, Client, Client], Awaitable[None]], plans: Plans) -> None:
    """The house after the two days, with plans: the house, a supervisor, an operator."""

    async def run(house: House) -> None:
        house.office.clock.set(datetime(2027, 8, 4, 9, tzinfo=UTC))
        await house.office.desk.store.transact(lambda tx: put_days(tx, DAYS.first, 2))
        app = create_app(replace(house.office.desk, plans=plans), log=house.log)
        await story(house, Client(app, house.chief.token), Client(app, house.agent.token))

    play(run)


def test_each_line_has_its_plan_and_the_season_is_named(smoke: Planned) -> None:
    async def story(_house: House, chief: Client, _agent: Client) -> None:
        reply = await chief.get("/v1/kpis", **ASKED, by="channel")
        assert reply.status == 200, reply.json
        assert (reply.json["plan"]["scenario"], reply.json["plan"]["currency"]) == ("smoke", "EUR")
        lines = {(row["kpi"], *row["by"].values()): row for row in reply.json["rows"]}
        cell = smoke.cells["call_volume_in", "", ""]
        assert lines[("call_volume_in",)]["plan"] == pytest.approx(cell.value)
        assert lines["frt_s", "whatsapp"]["plan_high"] is not None
        assert lines[("offers",)]["plan"] is None

    in_august(story, Plans(smoke))


def test_a_report_without_a_plan_says_so(smoke: Planned) -> None:
    async def story(_house: House, _chief: Client, agent: Client) -> None:
        body = (await agent.get("/v1/kpis", **{**ASKED, "plan": ()})).json
        assert body["plan"] is None
        assert {row["plan"] for row in body["rows"]} == {None}

    in_august(story, Plans(smoke))


def test_a_season_that_is_being_simulated_is_asked_for_again(smoke: Planned) -> None:
    async def story(_house: House, chief: Client, _agent: Client) -> None:
        first = await chief.get("/v1/kpis", **ASKED)
        assert (first.status, first.json["code"], first.headers["retry-after"]) == (503, "not_ready", "15")
        assert (await chief.get("/v1/kpis", **ASKED)).status == 200

    in_august(story, Plans(smoke, 1))


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"plan": "winter"}, 404),
        ({"plan": "../smoke"}, 422),
        ({"to": "2027-08-04"}, 422),
        ({"from": "2027-08-04", "to": "2027-08-03"}, 422),
        ({"kpi": "happiness"}, 404),
    ],
)
def test_what_cannot_stand_beside_a_plan_is_a_problem(smoke: Planned, more: dict[str, Any], status: int) -> None:
    async def story(_house: House, chief: Client, _agent: Client) -> None:
        assert (await chief.get("/v1/kpis", **{**ASKED, **more})).status == status

    in_august(story, Plans(smoke))


def test_an_operator_has_no_season_simulated(smoke: Planned) -> None:
    async def story(house: House, _chief: Client, agent: Client) -> None:
        assert (await agent.get("/v1/kpis", **ASKED)).status == 403
        assert (await house.chief.get("/v1/kpis", **ASKED)).status == 404

    in_august(story, Plans(smoke))


def test_the_services_plans_are_simulated_beside_it_once_and_kept(tmp_path: Path) -> None:
    async def story() -> None:
        plans = ServicePlans(tmp_path, patience_s=120)
        both = await asyncio.gather(plans.planned("smoke", DAYS), plans.planned("smoke", DAYS))
        assert both[0] is both[1]
        assert await plans.planned("smoke", DAYS) is both[0]
        assert both[0] == planned_of(load_scenario("smoke"), DAYS, both[0].replications)
        await plans.close()

    asyncio.run(story())


def test_whoever_does_not_wait_is_told_to_ask_again_and_the_end_stops_it(tmp_path: Path) -> None:
    async def story() -> None:
        plans = ServicePlans(tmp_path, patience_s=0)
        with pytest.raises(NotReady):
            await plans.planned("smoke", DAYS)
        await plans.close()

    asyncio.run(story())


def test_a_plan_is_a_shipped_scenario_or_one_of_the_home_and_never_a_path(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('schema = 1\nextends = "smoke"\nname = "ours"\n', encoding="utf-8")
    (tmp_path / "broken.toml").write_text("schema = 1\nname =", encoding="utf-8")

    async def story() -> None:
        plans = ServicePlans(tmp_path, patience_s=120)
        assert (await plans.planned("ours", DAYS)).scenario == "ours"
        for name in ("nowhere", "../ours", str(tmp_path / "ours.toml"), "ours.toml", ".."):
            with pytest.raises(NotFound):
                await plans.planned(name, DAYS)
        with pytest.raises(ConfigurationError):
            await plans.planned("broken", DAYS)
        with pytest.raises(InvalidInput):
            await plans.planned("smoke", Period(date(2027, 8, 1), date(2027, 8, 3)))
        await plans.close()

    asyncio.run(story())
