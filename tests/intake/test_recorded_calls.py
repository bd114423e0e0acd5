"""Calls brought in from a telephone system's record, in the one queue: what is missed is called back, once."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.case import CallEnd, CallOutcome, CaseKind, CaseStatus, LeadStatus
from domain.errors import InvalidInput
from integration.ports.batches import BatchRow, RowStatus
from integration.ports.hooks import Hook
from integration.usecases.import_calls import import_calls
from integration.usecases.run_batch import ImportWish
from integration.usecases.take_calls import CallStart, end_call, start_call
from tests.builders import an_actor
from tests.intake.reception import MIDNIGHT, Reception, Writer, a_reception, hooks
from tests.unit.batches.sheets import a_sheet
from tests.unit.channels.posting import VERIMOR, delivery, form
from tests.unit.usecases.selling import ADMIN

NINE = MIDNIGHT + timedelta(hours=6)
NOON = NINE + timedelta(hours=3)
NUMBER = "+905320000001"
ANNA = Writer(NUMBER, "TR.1111111111", "Anna")
AGENT = an_actor()
HEADER = (
    "call_uuid", "direction", "caller_id_number", "destination_number", "connected_user", "start_stamp",
    "answer_stamp", "end_stamp",
)  # fmt: skip
OK, SKIPPED = RowStatus.OK, RowStatus.SKIPPED


def local(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Europe/Istanbul")).strftime("%Y-%m-%d %H:%M:%S")


def row(at: datetime, *, number: str = "1", answered: bool = False, who: str = NUMBER, way: str = "inbound") -> Any:
    ours, theirs = (who, "02421234567") if way == "inbound" else ("02421234567", who)
    taken = local(at + timedelta(seconds=10)) if answered else ""
    return (f"uuid-{number}", way, ours, theirs, "101", local(at), taken, local(at + timedelta(seconds=60)))


def bring(desk: Reception, *rows: Any, at: datetime = NOON, **more: Any) -> list[BatchRow]:
    told: list[BatchRow] = []
    desk.office.clock.set(max(at, desk.office.clock.now()))
    wish = ImportWish(report=told.append)
    asyncio.run(import_calls(desk.desk, ADMIN, a_sheet(rows, HEADER), wish, **more))
    return told


def shown(desk: Reception) -> list[tuple[str, str, list[str]]]:
    """Status, lead, and the channels of the contacts of each case."""
    return [
        (case.status.value, str(case.lead_status or ""), [one.channel.value for one in desk.messages(case)])
        for case in desk.cases()
    ]


def test_a_missed_call_of_today_is_called_back_within_the_hotels_time_from_when_we_heard_of_it():
    desk = a_reception()
    assert [one.status for one in bring(desk, row(NINE))] == [OK]
    (case,) = desk.cases()
    assert (case.kind, case.status, case.lead_status) == (CaseKind.SALES, CaseStatus.OPEN, LeadStatus.OPEN)
    assert (case.opened_at, case.due_at) == (NINE, NOON + timedelta(minutes=30))
    assert case.due_on == NOON.date()
    desk.rings("newCall", "c9", NUMBER, NOON + timedelta(minutes=5))
    desk.rings("answer", "c9", NUMBER, NOON + timedelta(minutes=5, seconds=9), answeringNumber="101")
    desk.take_in()
    (case,) = desk.cases()
    assert case.due_on is None


def test_the_same_file_again_and_another_with_the_same_call_change_nothing():
    desk = a_reception()
    again = (row(NINE), row(NINE + timedelta(minutes=9), number="2", answered=True))
    bring(desk, *again)
    before = shown(desk)
    assert [one.status for one in bring(desk, *again)] == [SKIPPED, SKIPPED]
    assert shown(desk) == before


def test_an_old_missed_call_is_kept_and_opens_nothing():
    desk = a_reception()
    bring(desk, row(NINE), at=NINE + timedelta(days=1, minutes=2))
    (case,) = desk.cases()
    assert (case.status, case.lead_status, case.due_on, case.due_at) == (CaseStatus.RESOLVED, None, None, None)
    assert desk.read(lambda tx: tx.list_handoffs()) == []


@pytest.mark.parametrize(("recent", "is_open"), [(timedelta(days=3), True), (timedelta(minutes=1), False)])
def test_how_old_a_call_may_be_to_be_called_back_can_be_said(recent: timedelta, is_open: bool):
    desk = a_reception()
    bring(desk, row(NINE), at=NINE + timedelta(days=2), recent=recent)
    assert (desk.cases()[0].due_on is not None) is is_open
    with pytest.raises(InvalidInput):
        bring(desk, row(NINE, number="2"), recent=timedelta(seconds=-1))


def test_who_was_called_back_before_the_record_was_read_is_not_called_back_again():
    desk = a_reception()
    desk.office.clock.set(NINE + timedelta(hours=1))
    asyncio.run(start_call(desk.desk, AGENT, CallStart(NUMBER)))
    asyncio.run(end_call(desk.desk, AGENT, None, CallEnd(CallOutcome.SERVICE)))
    bring(desk, row(NINE), row(NINE + timedelta(seconds=70), number="2"))
    assert [case.due_on for case in desk.cases()] == [None]


def test_a_missed_call_joins_what_the_guest_has_written():
    desk = a_reception()
    desk.write(ANNA, "Fiyat alabilir miyim?", NINE)
    desk.take_in()
    bring(desk, row(NINE + timedelta(hours=1)))
    assert shown(desk) == [("open", "open", ["whatsapp", "phone"])]
    assert desk.cases()[0].due_on == NOON.date()


@pytest.mark.parametrize(("minutes", "waits"), [(20, False), (-20, True)])
def test_a_talk_answers_what_was_written_before_it_and_nothing_after(minutes: int, waits: bool):
    desk = a_reception()
    desk.write(ANNA, "Fiyat alabilir miyim?", NINE)
    desk.take_in()
    bring(desk, row(NINE + timedelta(minutes=minutes), answered=True))
    (case,) = desk.cases()
    assert (case.status, case.lead_status, case.waiting_since is not None) == ("open", LeadStatus.OPEN, waits)


def test_talks_and_calls_of_ours_leave_nothing_to_do_however_many_they_are():
    desk = a_reception()
    hours = (0, 1, 2, 30)
    calls = [row(NINE + timedelta(hours=hour), number=str(hour), answered=True) for hour in hours]
    bring(desk, *calls, row(NINE + timedelta(hours=3), number="o", way="outbound"), at=NINE + timedelta(hours=40))
    assert {case.status for case in desk.cases()} == {CaseStatus.RESOLVED}
    desk.write(ANNA, "Rezervasyon yapmak istiyorum", NINE + timedelta(hours=41))
    desk.take_in()
    assert [(case.status, case.lead_status) for case in desk.cases() if case.status != "resolved"] == [
        (CaseStatus.OPEN, LeadStatus.OPEN)
    ]


def test_a_leg_that_was_answered_takes_back_the_call_back_and_nothing_else():
    desk = a_reception()
    desk.write(ANNA, "Fiyat alabilir miyim?", NINE)
    desk.take_in()
    missed = row(NINE + timedelta(hours=1))
    told = bring(desk, missed, row(NINE + timedelta(hours=1), answered=True))
    assert [one.code for one in told] == ["", "answered_elsewhere"]
    (case,) = desk.cases()
    assert (case.status, case.due_on, case.waiting_since) == (CaseStatus.OPEN, None, None)


@pytest.mark.parametrize("caller", ["05320000001", "anonymous"])
def test_a_call_that_the_exchange_told_of_live_is_not_put_into_the_queue_twice(caller: str):
    desk = a_reception(wires=hooks() | {"pbx": Hook("pbx", VERIMOR, "BELEK1")})
    at = NINE
    told = {
        "event_type": "hangup", "direction": "inbound", "caller_id_number": caller, "call_uuid": "uuid-1",
        "destination_number": "02421234567", "start_stamp": local(at), "answer_stamp": "",
        "end_stamp": local(at + timedelta(seconds=60)),
    }  # fmt: skip
    desk.deliver("pbx", delivery(form(**told), at=at + timedelta(seconds=61)))
    desk.take_in()
    before = shown(desk)
    (done,) = bring(desk, row(NINE, who=caller))
    assert (done.status, shown(desk)) == (OK, before)
    calls = desk.read(lambda tx: tx.list_calls(hotel_id=None, actor=None, open_only=False, limit=9))
    assert [one.case_id for one in calls] == [desk.cases()[0].case_id]
    assert [one.status for one in bring(desk, row(NINE, who=caller))] == [SKIPPED]


def spelt(rows: Iterable[BatchRow]) -> list[str]:
    return [one.status.value for one in rows]


def test_a_house_that_reads_a_years_records_makes_no_files_of_strangers():
    desk = a_reception()
    rows = [row(NINE - timedelta(days=day), number=str(day), who=f"0532111{day:04d}") for day in range(2, 40)]
    assert spelt(bring(desk, *rows)) == ["ok"] * 38
    assert {case.guest_id for case in desk.cases()} == {None}
    assert all(case.status is CaseStatus.RESOLVED for case in desk.cases())
    assert desk.cases()[0].opened_at < datetime(2027, 4, 1, tzinfo=UTC)
