"""No-shows are counted of days that are over; cancellations of all arrivals; what is held is no sale."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.kpi_row import Dimension, Period
from domain.reservation import HistoryLine, Reservation, ReservationState
from integration.ports.kpi import PmsCopy
from integration.ports.store import Tx
from integration.usecases.kpi_refresh import refresh
from integration.usecases.kpi_report import ReportWish, explain
from tests.builders import a_stay, eur, night_prices
from tests.kpi.floor import BOSS, Counted, rows_of

_S = ReservationState
TODAY = date(2027, 5, 10)
NOON = datetime(2027, 5, 10, 9, tzinfo=UTC)
ALL = Period(TODAY - timedelta(days=9), TODAY + timedelta(days=40))


def the_arrivals() -> Counted:
    """One no-show and two who came in the days before; today, tomorrow and next month somebody is to arrive, one of
    next month's has cancelled."""
    floor = Counted()
    states = (
        (-3, _S.NO_SHOW), (-2, _S.CHECKED_OUT), (-1, _S.CONFIRMED), (0, _S.CONFIRMED), (0, _S.IN_HOUSE),
        (1, _S.CONFIRMED), (30, _S.CONFIRMED), (31, _S.CANCELLED),
    )  # fmt: skip
    for days, state in states:
        arrives(floor, TODAY + timedelta(days=days), state)
    floor.be(NOON)
    return floor


def arrives(floor: Counted, day: date, state: ReservationState) -> Reservation:
    stay, sold = a_stay(day, 2), datetime(2027, 4, 2, 9, tzinfo=UTC)
    return floor.stays(
        sold, stay=stay, state=state, created_at=sold, nightly=night_prices(stay, eur("100.00")),
    )  # fmt: skip


def rate(floor: Counted, kpi: str, period: Period = ALL) -> tuple[Any, int]:
    row = rows_of(floor.report(period))[kpi, ""]
    return row.value, row.n


def test_a_guest_who_is_still_to_arrive_is_not_one_who_came() -> None:
    floor = the_arrivals()
    assert rate(floor, "no_show_rate") == (1 / 3, 3)
    assert rate(floor, "no_show_rate", Period(TODAY, ALL.last)) == (None, 0)


def test_a_day_counts_once_it_is_over_at_the_hotel() -> None:
    floor = the_arrivals()
    floor.be(datetime(2027, 5, 10, 20, 59, 59, tzinfo=UTC))
    assert rate(floor, "no_show_rate")[1] == 3
    floor.be(datetime(2027, 5, 10, 21, 0, tzinfo=UTC))  # midnight in Belek
    assert rate(floor, "no_show_rate")[1] == 5


def test_cancellations_count_for_arrivals_to_come_for_they_are_known_as_they_happen() -> None:
    assert rate(the_arrivals(), "cancellation_rate") == (1 / 8, 8)


def test_days_parts_and_rows_behind_the_rate_leave_out_the_same_arrivals() -> None:
    floor = the_arrivals()
    found = floor.report(ALL, Dimension.DAY, Dimension.WEEK, Dimension.HOTEL, kpis=("no_show_rate",))
    for dimension in ("day", "week", "hotel"):
        assert sum(row.n for row in found.rows if dimension in row.by) == 3, dimension
    wish = ReportWish(ALL, "BELEK1", ask_pms=False)
    for kpi, n in (("no_show_rate", 3), ("cancellation_rate", 8)):
        explained = asyncio.run(explain(floor.reception.desk, BOSS, kpi, wish))
        assert sum(row["adds"]["n"] for row in explained.rows) == n


def test_a_book_that_was_bound_before_its_day_was_over_says_the_right_thing_after() -> None:
    floor = the_arrivals()
    today = Period(TODAY, TODAY)
    assert rate(floor, "no_show_rate", today) == (None, 0)
    assert floor.reception.read(lambda tx: tx.kpi_bound("BELEK1", TODAY, TODAY)) == [TODAY]
    floor.be(NOON + timedelta(days=1))
    assert rate(floor, "no_show_rate", today) == (0.0, 2)


def test_a_month_that_is_over_is_read_as_its_days_were() -> None:
    floor = the_arrivals()
    floor.be(datetime(2027, 7, 1, 9, tzinfo=UTC))
    may = Period(date(2027, 5, 1), date(2027, 5, 31))
    first = rate(floor, "no_show_rate", may)
    assert first == (1 / 6, 6)
    assert floor.reception.read(lambda tx: tx.kpi_has_month("BELEK1", "2027-05"))
    assert rate(floor, "no_show_rate", may) == first


def moved(floor: Counted, one: Reservation, at: datetime, action: str, to: ReservationState) -> None:
    """A line of history, and the state after it."""
    floor.be(at)

    def work(tx: Tx) -> None:
        now = tx.get_reservation(one.reservation_id)
        assert now is not None
        until = at + timedelta(minutes=15) if to is _S.HOLD else None
        after = replace(now, state=to, expires_at=until, version=now.version + 1)
        assert tx.update_reservation(after, expected_version=now.version)
        tx.add_history(one.reservation_id, HistoryLine(at, "agent7", action, now.state, to))

    floor.change(work)


SOLD_ON = date(2027, 5, 3)
SOLD_AT = datetime(2027, 5, 3, 9, tzinfo=UTC)


def sold_days(floor: Counted) -> dict[str, int]:
    """Sales by the day they count on."""
    found = floor.report(ALL, Dimension.DAY, kpis=("basket_total",))
    return {row.by["day"]: row.n for row in found.rows if row.by and row.n}


def test_a_confirmation_that_was_rolled_back_to_a_hold_is_no_sale_until_it_is_confirmed_again() -> None:
    floor = Counted()
    one = floor.stays(SOLD_AT, stay=a_stay(date(2027, 6, 1), 2), created_at=SOLD_AT)
    assert sold_days(floor) == {"2027-05-03": 1}
    moved(floor, one, SOLD_AT + timedelta(hours=1), "rollback_back_to_hold", _S.HOLD)
    assert sold_days(floor) == {}
    moved(floor, one, SOLD_AT + timedelta(days=2), "confirmed", _S.CONFIRMED)
    assert sold_days(floor) == {"2027-05-05": 1}


def test_undoing_that_rollback_gives_the_first_confirmation_back() -> None:
    floor = Counted()
    one = floor.stays(SOLD_AT, stay=a_stay(date(2027, 6, 1), 2), created_at=SOLD_AT)
    moved(floor, one, SOLD_AT + timedelta(hours=1), "rollback_back_to_hold", _S.HOLD)
    moved(floor, one, SOLD_AT + timedelta(days=2), "rollback_change_again", _S.CONFIRMED)
    assert sold_days(floor) == {"2027-05-03": 1}


@pytest.mark.parametrize("state", [_S.HOLD, _S.OPTION])
def test_what_the_pms_has_as_held_is_no_sale_whatever_we_think(state: ReservationState) -> None:
    floor = Counted()
    one = floor.stays(SOLD_AT, stay=a_stay(date(2027, 6, 1), 2), created_at=SOLD_AT)
    copy = PmsCopy(
        one.reservation_id, "BELEK1", state.value, str(one.pms_ref), one.stay.check_in, one.stay.check_out, 1, "EUR",
        one.total.amount, None, SOLD_AT + timedelta(hours=1),
    )  # fmt: skip
    floor.change(lambda tx: tx.put_pms_copy(copy))
    asyncio.run(refresh(floor.reception.desk))
    assert sold_days(floor) == {}
    assert rate(floor, "cancellation_rate", Period(SOLD_ON, date(2027, 6, 1))) == (None, 0)
