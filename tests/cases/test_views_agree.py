"""The list of late cases, the view of all clocks, the gauges and the routes say the same of the same cases."""

import asyncio
import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.case_steps import CaseStep
from integration.http.app import create_app
from integration.usecases.keep_users import add_user, make_token
from integration.usecases.list_cases import view_clocks
from tests.cases.desk import AGENT, BOSS, Floor, run
from tests.intake.reception import MIDNIGHT, Writer
from tests.service.client import Client

NINE = MIDNIGHT + timedelta(hours=6)
GAUGE = re.compile(r'^santral_cases\{channel="(\w+)",hotel="(\w+)",state="(\w+)"\} ([0-9.]+)$', re.MULTILINE)
STATES = ("open", "waiting", "warning", "breaching", "escalated")
WORST = {"warning": {"warning"}, "breaching": {"breached", "escalated"}, "escalated": {"escalated"}}


def a_busy_floor(seed: int) -> Floor:
    """Forty guests who write and ring over an hour; some cases wait, some are resolved, some are to be called back."""
    floor, draw = Floor(), Random(seed)
    for number in range(40):
        at = NINE + timedelta(seconds=draw.randrange(3_600))
        if draw.random() < 0.3:
            floor.reception.rings("newCall", f"c{number}", f"+9053200{number:05d}", at)
            floor.reception.rings(
                "hangup", f"c{number}", f"+9053200{number:05d}", at + timedelta(seconds=9), cause="cancel"
            )
        else:
            floor.reception.write(Writer(f"+9053200{number:05d}", "", f"G{number}"), "Hello", at)
    floor.reception.take_in()
    for case in floor.reception.cases():
        if draw.random() < 0.25:
            floor.step(case.case_id, CaseStep.WAIT)
        elif draw.random() < 0.2:
            floor.tag(case.case_id, "vip")
        elif draw.random() < 0.3:
            floor.lose(case.case_id, "price")
    return floor


def gauges(text: str) -> dict[tuple[str, str], int]:
    return {(channel, state): int(float(count)) for channel, _hotel, state, count in GAUGE.findall(text)}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("minutes", [61, 63, 75, 140])
def test_every_view_of_the_clocks_says_the_same(seed: int, minutes: int):
    floor = a_busy_floor(seed)
    floor.reception.office.clock.set(NINE + timedelta(minutes=minutes))
    desk = floor.reception.desk
    rows = run(view_clocks(desk, AGENT))["rows"]
    shown = {(row["channel"], state): row[state] for row in rows for state in STATES}
    late, near = floor.listed(breaching=True, limit=200), floor.listed(warning=True, limit=200)
    assert len(late) == sum(row["breaching"] for row in rows)
    assert len(near) == sum(row["breaching"] + row["warning"] for row in rows)
    assert set(late) <= set(near)
    asked, scraped = asyncio.run(by_http(desk))
    assert [one["case_id"] for one in asked["breaching"]] == late
    assert [one["case_id"] for one in asked["warning"]] == near
    assert {key: count for key, count in gauges(scraped).items() if key[1] in STATES} == shown
    for state, clocks in WORST.items():
        counted = sum(one["clock"] in clocks for one in asked["open"])
        assert counted == sum(row[state] for row in rows), state
    dues = [one["due_at"] for one in asked["breaching"]]
    assert dues == sorted(dues)


async def by_http(desk: Any) -> tuple[dict[str, Any], str]:
    await add_user(desk, BOSS, "boss", BOSS.role)
    client = Client(create_app(desk), await make_token(desk, BOSS, "boss"))
    found = {}
    for name in ("breaching", "warning", "open"):
        answer = await client.get("/v1/cases", **{name: "true"}, limit=200)
        assert answer.status == 200, answer
        found[name] = answer.json["cases"]
    page = await client.get("/metrics")
    return found, page.raw.decode()
