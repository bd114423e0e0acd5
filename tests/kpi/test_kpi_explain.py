"""The rows behind a number put together are the number."""

import asyncio
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from domain.access import Role
from domain.errors import Forbidden, InvalidInput
from domain.kpi_lines import COUNTED
from domain.kpi_list import KPIS, Unit
from domain.kpi_row import Dimension, KpiRow
from integration.usecases.kpi_report import Explained, ReportWish, explain
from tests.builders import an_actor
from tests.kpi.floor import BOSS, Counted, rows_of
from tests.kpi.week import WEEK, the_week


@cache
def floor() -> Counted:
    return the_week()


@cache
def shown() -> dict[tuple[str, str], KpiRow]:
    return rows_of(floor().report(WEEK, Dimension.CHANNEL, Dimension.AGENT, Dimension.LOST_REASON))


def page(kpi: str, limit: int = 100, after: str | None = None, actor: Any = BOSS, **part: str) -> Explained:
    wish = ReportWish(WEEK, "BELEK1", ask_pms=False)
    return asyncio.run(explain(floor().reception.desk, actor, kpi, wish, limit, after, part))


def every(kpi: str, limit: int = 100, **part: str) -> list[dict[str, Any]]:
    """The rows of all pages."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        found = page(kpi, limit, after, **part)
        rows += found.rows
        if found.next is None:
            return rows
        after = found.next


@pytest.mark.parametrize("kpi", COUNTED)
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_the_rows_of_all_pages_put_together_are_the_number(kpi: str, limit: int) -> None:
    adds = [row["adds"] for row in every(kpi, limit)]
    if KPIS[kpi].unit is Unit.MONEY:
        for currency in {one["currency"] for one in adds}:
            row = shown()[kpi, currency]
            mine = [one for one in adds if one["currency"] == currency]
            amount, n = sum((Decimal(one["amount"]) for one in mine), Decimal(0)), sum(one["n"] for one in mine)
            assert (row.value, row.n) == (amount if kpi == "revenue" else amount / n, n)
        return
    row = shown()[kpi, ""]
    if KPIS[kpi].unit is Unit.SECONDS:
        closed = [one["seconds"] for one in adds if not one["is_open"]]
        assert (len(closed), len(adds) - len(closed)) == (row.n, row.open_n)
        assert sum(closed) / len(closed) == row.value
    elif KPIS[kpi].unit is Unit.SHARE:
        assert sum(one["hits"] for one in adds) / sum(one["n"] for one in adds) == row.value
        assert sum(one["n"] for one in adds) == row.n
    else:
        assert sum(one["n"] for one in adds) == row.value


def test_a_part_has_its_own_rows() -> None:
    assert len(every("frt_s", channel="whatsapp")) == shown()["frt_s", "channel:whatsapp"].n == 4
    assert [row["case_id"] for row in every("lost_reasons", lost_reason="no_availability")] != []
    assert len(every("call_to_reservation_rate", agent="agent8")) == 1


def test_rows_carry_the_ids_that_lead_to_the_records() -> None:
    (row,) = every("call_to_reservation_rate", agent="agent8")
    call = floor().reception.read(lambda tx: tx.get_call(row["call_id"]))
    assert (call.actor, row["day"], row["wait_s"], row["channel"]) == ("agent8", "2027-05-05", 30.0, "phone")


def test_an_operator_is_told_no_other_agents_name_and_gets_no_other_agents_rows() -> None:
    agent = an_actor(Role.OPERATOR, "agent8")
    assert {row["agent"] for row in page("asa_s", actor=agent).rows} == {"agent8", ""}
    assert len(page("asa_s", actor=agent, agent="agent8").rows) == 1
    with pytest.raises(Forbidden):
        page("asa_s", actor=agent, agent="agent7")


def test_what_is_no_part_is_said() -> None:
    with pytest.raises(InvalidInput):
        page("asa_s", mood="good")
    with pytest.raises(InvalidInput):
        page("asa_s", limit=0)
