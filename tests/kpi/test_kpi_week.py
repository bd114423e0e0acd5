"""A week worked out by hand (the table in `week.py`) against what the report says, to the cent and the second."""

from decimal import Decimal
from functools import cache

import pytest

from domain.access import Role
from domain.kpi_row import Dimension, KpiRow, Standing
from integration.usecases.kpi_report import Report
from tests.builders import an_actor
from tests.kpi.floor import Counted, rows_of
from tests.kpi.week import WEEK, the_week

BY = (Dimension.CHANNEL, Dimension.AGENT, Dimension.DAY, Dimension.WEEK, Dimension.LOST_REASON, Dimension.HOTEL)


@cache
def counted() -> tuple[Counted, Report]:
    floor = the_week()
    return floor, floor.report(WEEK, *BY)


def line(kpi: str, part: str = "") -> KpiRow:
    return rows_of(counted()[1])[kpi, part]


COUNTS = [
    ("call_volume_in", "", 5),  # D E F G H
    ("call_volume_out", "", 1),  # G is rung back
    ("contact_volume", "", 8),
    ("contact_volume", "channel:whatsapp", 4),  # A B C H
    ("contact_volume", "channel:phone", 4),  # D E F G
    ("contact_volume", "day:2027-05-04", 2),  # B after midnight, C a minute before the next one
    ("contact_volume", "week:2027-W18", 8),
    ("offers", "", 3),  # the second one to D is the same offer
    ("lost_reasons", "", 3),
    ("lost_reasons", "lost_reason:price", 2),  # A B
    ("lost_reasons", "lost_reason:no_availability", 1),  # E
]
SHARES = [
    ("abandonment_rate", "", 2, 5),  # F G
    ("service_level", "", 2, 5),  # D in 15 s and H in 5 s of 20
    ("offer_to_sale_rate", "", 2, 3),  # D H
    ("call_to_reservation_rate", "", 2, 3),  # D H of D E H; F and G were not answered
    ("call_to_reservation_rate", "agent:agent8", 0, 1),  # E
    ("lead_to_reservation_rate", "", 2, 8),
    ("cancellation_rate", "", 1, 3),  # the rolled back one was neither sale nor cancellation
    ("no_show_rate", "", 1, 2),
    ("missed_lead_rate", "", 4, 8),  # B late, E late, F never called back, G gave up late
    ("missed_lead_rate", "channel:whatsapp", 1, 4),
    ("handoff_rate", "", 1, 4),  # H of A B C H
    ("in_pms_before_call_end_rate", "", 1, 2),  # D yes, H a minute after the call
]
MONEY = [
    ("basket_total", "EUR", "1400.00", 1),
    ("basket_total", "TRY", "35000.00", 1),
    ("basket_adr", "EUR", "200.00", 7),
    ("basket_adr", "TRY", "5000.00", 7),
    ("revenue", "EUR", "1400.00", 1),
    ("revenue", "TRY", "35000.00", 1),
]


@pytest.mark.parametrize(("kpi", "part", "n"), COUNTS)
def test_counts_are_those_of_the_table(kpi: str, part: str, n: int) -> None:
    assert (line(kpi, part).value, line(kpi, part).n) == (n, n)


@pytest.mark.parametrize(("kpi", "part", "hits", "n"), SHARES)
def test_shares_are_those_of_the_table(kpi: str, part: str, hits: int, n: int) -> None:
    found = line(kpi, part)
    assert (found.value, found.n) == (hits / n, n)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= hits / n <= found.high


@pytest.mark.parametrize(("kpi", "currency", "value", "n"), MONEY)
def test_money_is_that_of_the_table_to_the_cent_and_each_currency_by_itself(
    kpi: str, currency: str, value: str, n: int
) -> None:
    found = line(kpi, currency)
    assert (found.value, found.n, found.currency) == (Decimal(value), n, currency)


def test_the_speed_of_answer_is_over_answered_calls() -> None:
    found = line("asa_s")
    assert (found.value, found.n) == ((15 + 30 + 5) / 3, 3)
    assert (found.percentiles[75], found.target, found.status) == (30, 20.0, Standing.MISSED)


def test_first_responses_are_those_of_the_table_to_the_second() -> None:
    found = line("frt_s")
    assert (found.value, found.n, found.open_n) == ((90 + 660 + 90 + 15 + 30 + 25 + 50) / 7, 7, 0)
    assert dict(found.percentiles) == {50: 50, 75: 90, 90: 660, 95: 660}
    assert (found.target, found.in_target, found.status) == (None, 4 / 7, Standing.MISSED)


def test_a_target_is_met_when_three_quarters_are_inside_in_service_hours_and_the_wall_stands_beside() -> None:
    found = line("frt_s", "channel:whatsapp")
    assert (found.target, found.percentiles[75], found.status) == (120.0, 90, Standing.MET)
    assert dict(found.wall) == {50: 90, 75: 90, 90: 22_260, 95: 22_260}
    phone = line("frt_s", "channel:phone")
    assert (phone.target, phone.percentiles[75], phone.status) == (20.0, 30, Standing.MISSED)


def test_open_cases_count_as_longer_than_they_have_taken() -> None:
    found = line("resolution_s")
    assert (found.value, found.n, found.open_n) == ((1890 + 1260 + 315 + 120 + 780) / 5, 5, 3)
    assert dict(found.percentiles) == {50: 1260, 75: None, 90: None, 95: None}
    assert found.status is Standing.MISSED
    chats = line("resolution_s", "channel:whatsapp")
    assert (chats.n, chats.open_n, chats.percentiles[75], chats.status) == (3, 1, 1890, Standing.MET)


def test_a_handoff_rate_beyond_its_band_is_near_while_the_interval_reaches_in() -> None:
    found = line("handoff_rate")
    assert (found.target_low, found.target, found.status) == (0.15, 0.20, Standing.NEAR)


def test_days_weeks_and_hotels_put_together_are_the_whole() -> None:
    rows = counted()[1].rows
    for kpi in ("call_volume_in", "contact_volume", "offers", "abandonment_rate", "missed_lead_rate", "frt_s"):
        for dimension in ("day", "week", "hotel", "channel"):
            parts = [row for row in rows if row.kpi == kpi and dimension in row.by]
            assert sum(row.n for row in parts) == line(kpi).n, (kpi, dimension)


def test_an_operator_sees_the_house_and_of_the_agents_only_himself() -> None:
    floor, _ = counted()
    found = floor.report(WEEK, Dimension.AGENT, Dimension.CHANNEL, actor=an_actor(Role.OPERATOR, "agent8"))
    assert {row.by["agent"] for row in found.rows if "agent" in row.by} == {"agent8"}
    assert [row for row in found.rows if not row.by] == [row for row in counted()[1].rows if not row.by]
