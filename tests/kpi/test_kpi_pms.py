"""The PMS's word counts where it differs, the difference is shown, and it is asked no more than it must."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kpi_row import KpiRow, Period
from domain.reservation import Guarantee, Reservation, ReservationState
from integration.errors import PmsUnavailable
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.kpi_pms import FEW, FRESH, windows
from integration.usecases.kpi_report import Report, ReportWish, report
from integration.usecases.move_reservation import fetch
from integration.usecases.reconcile import ReconcileWish, reconcile
from tests.builders import eur
from tests.fakes.desk import Office, an_office
from tests.kpi.floor import BOSS, rows_of
from tests.unit.usecases.selling import ADMIN, AGENT, ARRIVAL, booked

SOLD_ON = Period(ARRIVAL.replace(month=5, day=1), ARRIVAL.replace(month=5, day=1))
ARRIVING = Period(ARRIVAL, ARRIVAL)
THE_DAY_AFTER = datetime(ARRIVAL.year, ARRIVAL.month, ARRIVAL.day + 1, 9, tzinfo=UTC)


def play(story: Callable[[Office], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story(an_office()))


async def sold(office: Office, key: str = "key-1") -> Reservation:
    body = (await booked(office, key, ReservationState.CONFIRMED, guarantee=Guarantee.CARD)).body
    return await fetch(office.desk, body["reservation_id"])


async def asked(office: Office, period: Period = SOLD_ON, *, ask_pms: bool = True) -> Report:
    return await report(office.desk, BOSS, ReportWish(period, ask_pms=ask_pms))


def row(found: Report, kpi: str, part: str = "") -> KpiRow:
    return rows_of(found)[kpi, part]


def test_what_both_say_alike_is_vouched_for_and_nothing_differs():
    async def story(office: Office) -> None:
        one = await sold(office)
        found = await asked(office)
        assert (found.pms.asked, found.pms.stays, found.pms.vouched, found.pms.differing) == (1, 1, 1, ())
        assert row(found, "revenue", "EUR").value == one.total.amount

    play(story)


def test_money_is_the_pmss_and_the_difference_is_shown():
    async def story(office: Office) -> None:
        one = await sold(office)
        assert one.pms_ref is not None
        held = office.pms.house(office.hotel).held(one.pms_ref)
        held.booking = replace(held.booking, total=eur("999.99"), nightly=())
        office.clock.advance(minutes=1)
        found = await asked(office)
        assert row(found, "revenue", "EUR").value == Decimal("999.99")
        (wrong,) = found.pms.differing
        assert (wrong.reservation_id, wrong.fields) == (one.reservation_id, ("total",))
        assert (wrong.here["total"], wrong.there["total"]) == (str(one.total), "999.99 EUR")

    play(story)


@pytest.mark.parametrize(("status", "kpi"), [("Cancelled", "cancellation_rate"), ("NoShow", "no_show_rate")])
def test_a_state_that_only_the_pms_knows_counts(status: str, kpi: str):
    async def story(office: Office) -> None:
        one = await sold(office)
        office.clock.set(THE_DAY_AFTER)
        assert row(await asked(office, ARRIVING), kpi).value == 0.0
        assert one.pms_ref is not None
        office.pms.house(office.hotel).set_status(one.pms_ref, status)
        office.clock.advance(minutes=20)
        found = await asked(office, ARRIVING)
        assert (row(found, kpi).value, found.pms.differing[0].fields) == (1.0, ("state",))

    play(story)


def test_a_record_the_pms_does_not_have_is_no_sale():
    async def story(office: Office) -> None:
        one = await sold(office)
        assert one.pms_ref is not None
        del office.pms.house(office.hotel).bookings[one.pms_ref]
        found = await asked(office)
        assert row(found, "revenue").n == 0
        assert found.pms.differing[0].there == {"state": "missing"}

    play(story)


def test_what_we_changed_since_it_was_asked_counts_before_its_old_word():
    async def story(office: Office) -> None:
        one = await sold(office)
        await asked(office, ARRIVING)
        office.clock.advance(minutes=5)
        await cancel_reservation(office.desk, AGENT, one.reservation_id, "key-c")
        found = await asked(office, ARRIVING, ask_pms=False)
        assert (row(found, "cancellation_rate").value, found.pms.vouched, found.pms.differing) == (1.0, 0, ())

    play(story)


def test_it_is_asked_again_only_when_its_word_is_old():
    async def story(office: Office) -> None:
        await sold(office)
        first, again = await asked(office), await asked(office)
        assert (first.pms.asked, again.pms.asked, again.pms.vouched) == (1, 0, 1)
        office.clock.advance(seconds=FRESH.total_seconds() + 1)
        assert (await asked(office, ask_pms=False)).pms.asked == 0
        assert (await asked(office)).pms.asked == 1

    play(story)


def test_a_pms_that_does_not_answer_leaves_the_report_with_what_it_last_said():
    async def story(office: Office) -> None:
        one = await sold(office)
        before = await asked(office)
        office.clock.advance(hours=1)
        office.pms.fail_next("read_booking", PmsUnavailable("down"))
        found = await asked(office)
        assert (found.pms.silent, found.pms.asked) == (("BELEK1",), 0)
        assert (found.rows, found.pms.seen_at) == (before.rows, before.pms.seen_at)
        assert one.state is ReservationState.CONFIRMED

    play(story)


def test_many_are_read_page_by_page():
    async def story(office: Office) -> None:
        for number in range(FEW + 2):
            await sold(office, f"key-{number}")
        office.pms.asked.clear()
        found = await asked(office)
        assert (found.pms.asked, found.pms.vouched, office.pms.count("read_booking")) == (FEW + 2, FEW + 2, 0)
        assert office.pms.count("page_bookings") == 1

    play(story)


def test_a_comparison_keeps_what_it_read():
    async def story(office: Office) -> None:
        one = await sold(office)
        await reconcile(office.desk, ADMIN, ReconcileWish())
        kept = await office.desk.store.read(lambda tx: tx.pms_copies([one.reservation_id]))
        assert kept[one.reservation_id].total == one.total.amount
        assert (await asked(office)).pms.asked == 0

    play(story)


def test_windows_hold_every_arrival_and_none_is_wider_than_ninety_days():
    days = [ARRIVAL + timedelta(days=one) for one in (0, 89, 90, 300)]
    found = windows(reversed(days))
    assert found == [(days[0], days[1]), (days[2], days[2]), (days[3], days[3])]
