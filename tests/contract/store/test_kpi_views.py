"""The views say what the accumulators say: sums and numbers by hotel, day and channel, on both databases."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from domain.kpi import Accumulator, Count, Share, Spread, Takings
from domain.kpi_book import DayBook, book_of
from domain.kpi_facts import CallFact, CaseFact, OfferFact, StayFact
from integration.adapters.store.kpi_views_v1 import views
from integration.ports.store import Tx
from tests.contract.store.playing import Played
from tests.contract.store.test_kpi import CALL, CASE, DAY, OFFER, STAY
from tests.postgres import a_database

NEXT = DAY + timedelta(days=1)
CHAT = replace(CASE.by, channel="whatsapp")
SOLVED = replace(CASE, by=CHAT, is_resolution_open=False, lead_status="won", lost_reason=None, is_handed_over=True)
CALLS = [
    CALL,
    replace(CALL, call_id="cal_2", wait_s=20.9, is_sold=False, reservations=0, in_pms=0),
    replace(
        CALL,
        call_id="cal_3",
        is_answered=False,
        is_abandoned=True,
        is_sales=False,
        is_sold=False,
        wait_s=3.0,
        talk_s=None,
    ),
    replace(CALL, call_id="cal_4", is_inbound=False, wait_s=None),
    replace(CALL, call_id="cal_5", day=NEXT, wait_s=None),
    replace(CALL, call_id="cal_6", is_answered=False, wait_s=None, talk_s=None),
]
CASES = [
    CASE,
    replace(SOLVED, case_id="cas_2", is_missed=False),
    replace(SOLVED, case_id="cas_2", run=2, is_first_run=False, is_handed_over=False),
    replace(SOLVED, case_id="cas_4", is_resolution_open=True, as_of=CASE.opened_at + timedelta(hours=24)),
    replace(SOLVED, case_id="cas_5", is_resolution_open=True, as_of=CASE.opened_at + timedelta(hours=23)),
    replace(CASE, case_id="cas_3", is_message=False, lead_status=None, lost_reason=None, is_missed=False),
]
OFFERS = [OFFER, replace(OFFER, offer_id="off_2", is_sold=False, by=CHAT)]
STAYS = [
    STAY,
    replace(STAY, reservation_id="res_2", is_no_show=False, total=Decimal("99.99"), currency="TRY", differs=()),
    replace(STAY, reservation_id="res_3", is_no_show=False, is_cancelled=True, day=NEXT, state="cancelled"),
    replace(STAY, reservation_id="res_4", state="rolled_back"),
    replace(STAY, reservation_id="res_5", day=None, state="option", pms_seen_at=None),
    replace(STAY, reservation_id="res_6", state="hold"),
    replace(STAY, reservation_id="res_7", state="missing"),
]  # fmt: skip


class Seen:
    """A store, and a connection that reads its views."""

    def __init__(self, played: Played, connection: Any) -> None:
        self.played, self._connection = played, connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(sql).fetchall()]


@pytest.fixture(params=["sqlite", "postgresql"])
def seen(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Seen]:
    if request.param == "sqlite":
        path = tmp_path / "santral.sqlite"
        with Played(path) as played:
            reader = sqlite3.connect(path)
            yield Seen(played, reader)
            reader.close()
        return
    url = a_database()
    with Played(url=url) as played, psycopg.connect(url, autocommit=True) as connection:
        yield Seen(played, connection)


def put(tx: Tx) -> None:
    for call in CALLS:
        tx.put_kpi_call(call)
    for case_id in {one.case_id for one in CASES}:
        tx.put_kpi_runs(case_id, [one for one in CASES if one.case_id == case_id])
    for offer in OFFERS:
        tx.put_kpi_offer(offer)
    for stay in STAYS:
        tx.put_kpi_stay(stay)


def on(day: date, channel: str) -> DayBook:
    def mine(facts: list[Any], name: str = "day") -> list[Any]:
        return [one for one in facts if getattr(one, name) == day and one.by.channel == channel]

    calls: list[CallFact] = mine(CALLS)
    cases: list[CaseFact] = mine(CASES)
    offers: list[OfferFact] = mine(OFFERS)
    sales: list[StayFact] = mine(STAYS)
    return book_of(calls, cases, offers, sales, mine(STAYS, "arrival"))


def sums(kept: Accumulator) -> dict[str, tuple[float, int]]:
    """(sum, n) by currency, as the daily view has them."""
    if isinstance(kept, Count):
        return {"": (kept.n, kept.n)} if kept.n else {}
    if isinstance(kept, Share):
        return {"": (kept.hits, kept.n)} if kept.n else {}
    if isinstance(kept, Spread):
        return {"": (sum(second * n for second, n in kept.closed.items()), kept.n)} if kept.n else {}
    assert isinstance(kept, Takings)
    return {currency: (float(amount), kept.counts[currency]) for currency, amount in kept.amounts.items()}


def test_the_daily_view_is_equal_to_the_accumulators(seen: Seen) -> None:
    seen.played.write(put)
    daily = {
        (kpi, str(day), channel, currency): (float(total), int(n))
        for kpi, day, channel, currency, total, n in seen.rows(
            "SELECT kpi, day, channel, currency, sum, n FROM kpi_v1_daily WHERE hotel_id = 'DEMO1'"
        )
    }
    kpis = {kpi for kpi, *_ in daily}
    expected = {
        (kpi, day.isoformat(), channel, currency): found
        for day in (DAY, NEXT, STAY.arrival)
        for channel in ("phone", "whatsapp")
        for book in [on(day, channel)]
        for kpi in kpis
        for currency, found in sums(book.get(kpi)).items()
    }
    assert daily == {key: pytest.approx(found) for key, found in expected.items()}
    assert len(kpis) == 19


def test_facts_have_seconds_and_whole_money_and_tags_of_their_own(seen: Seen) -> None:
    seen.played.write(put)
    assert seen.rows("SELECT wait_s, talk_s FROM kpi_v1_calls WHERE call_id = 'cal_1'") == [(12.5, 180.25)]
    ((total, revenue),) = seen.rows("SELECT total, room_revenue FROM kpi_v1_stays WHERE reservation_id = 'res_1'")
    assert (float(total), float(revenue)) == (1400.5, 1200.1)
    tags = seen.rows("SELECT tag FROM kpi_v1_case_tags WHERE case_id = 'cas_1' ORDER BY tag")
    assert tags == [("sales",), ("vip",)]


def test_the_calendar_has_the_weeks_of_iso(seen: Seen) -> None:
    def work(tx: Tx) -> None:
        for place, day in enumerate((date(2027, 1, 1), date(2026, 12, 31), date(2027, 8, 2), date(2024, 12, 30))):
            tx.put_kpi_call(replace(CALL, call_id=f"cal_{place}", day=day))

    seen.played.write(work)
    rows = seen.rows("SELECT day, year, month, week, weekday FROM kpi_v1_days ORDER BY day")
    assert [tuple(map(str, row)) for row in rows] == [
        tuple(map(str, (day.isoformat(), day.year, day.month, day.isocalendar().week, day.isoweekday())))
        for day in sorted({date(2027, 1, 1), date(2026, 12, 31), date(2027, 8, 2), date(2024, 12, 30)})
    ]


def test_every_view_can_be_read(seen: Seen) -> None:
    seen.played.write(put)
    names = list(views("sqlite"))
    assert {name: len(seen.rows(f"SELECT * FROM {name}")) > 0 for name in names} == dict.fromkeys(names, True)
