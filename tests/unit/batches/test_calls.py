"""Calls from a telephone system's records: three kinds of file, each call once, missed ones called back."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from domain.case import Call, CallOutcome, Case, CaseStatus, Direction, LeadStatus
from domain.errors import InvalidInput
from integration.ports.batches import BatchRow, RowStatus
from integration.ports.sheets import Cell
from integration.usecases.import_calls import import_calls
from integration.usecases.run_batch import BatchRun, ImportWish
from integration.usecases.take_calls import load_call, load_case
from integration.usecases.write_guest import GuestCard, create_guest
from tests.fakes.desk import Office, an_office
from tests.unit.batches.sheets import a_sheet
from tests.unit.usecases.selling import ADMIN

Row = tuple[Cell, ...]
OK, FAILED, SKIPPED = RowStatus.OK, RowStatus.FAILED, RowStatus.SKIPPED
VERIMOR = (
    "call_uuid", "direction", "caller_id_number", "destination_number", "connected_user", "start_stamp",
    "answer_stamp", "end_stamp", "duration", "answered", "queue", "hangup_cause",
)  # fmt: skip
NETGSM = ("bas", "kimlik", "arayan", "aranan", "sure", "sondurum", "yon", "santral")
ASTERISK = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "start", "answer", "end", "duration", "billsec",
    "disposition", "uniqueid",
)  # fmt: skip


def verimor(number: str = "1", answered: str = "true", direction: str = "inbound", caller: str = "05321112233") -> Row:
    answer = "2027-04-30 14:05:08" if answered == "true" else ""
    return (
        f"uuid-{number}", direction, caller, "02421234567", "1003", "2027-04-30 14:05:00", answer,
        "2027-04-30 14:07:00", "120", answered, "200", "NORMAL_CLEARING",
    )  # fmt: skip


async def brought_in(
    office: Office, header: tuple[str, ...], rows: Iterable[Row], dry_run: bool = False
) -> tuple[BatchRun, list[BatchRow]]:
    told: list[BatchRow] = []
    run = await import_calls(office.desk, ADMIN, a_sheet(rows, header), ImportWish(report=told.append, dry_run=dry_run))
    return run, told


async def stored(office: Office, row: BatchRow) -> tuple[Call, Case]:
    call = await office.desk.store.read(lambda tx: load_call(tx, str(row.made)))
    return call, await office.desk.store.read(lambda tx: load_case(tx, call))


@pytest.mark.parametrize(
    ("header", "row", "meant"),
    [
        (VERIMOR, verimor(), (Direction.IN, "+905321112233", "1003", CallOutcome.SERVICE)),
        (
            NETGSM, ("30.04.2027 14:05:00", "n-1", "1003", "905321112233", "120", "Cevapsız", "Giden", "x"),
            (Direction.OUT, "+905321112233", "1003", CallOutcome.ABANDONED),
        ),
        (
            ASTERISK,
            ("", "+49 171 1234567", "1003", "in", "", "SIP/1", "2027-04-30 14:05:00", "2027-04-30 14:05:08",
             "2027-04-30 14:07:00", 120.0, 112, "ANSWERED", 1777547100.25),
            (Direction.IN, "+491711234567", "1003", CallOutcome.SERVICE),
        ),
    ],
    ids=["verimor", "netgsm", "asterisk"],
)  # fmt: skip
def test_the_records_of_three_telephone_systems_become_closed_calls(
    header: tuple[str, ...], row: tuple[Cell, ...], meant: tuple[object, ...]
) -> None:
    async def story() -> None:
        office = an_office()
        _, told = await brought_in(office, header, [row])
        assert [one.status for one in told] == [OK], told
        call, case = await stored(office, told[0])
        assert (call.direction, call.phone, call.actor, call.outcome) == meant
        assert call.started_at == datetime(2027, 4, 30, 11, 5, tzinfo=UTC)
        assert call.ended_at == datetime(2027, 4, 30, 11, 7, tzinfo=UTC)
        assert (case.status, case.lead_status) == (CaseStatus.RESOLVED, None)
        assert office.pms.asked == []

    asyncio.run(story())


def test_a_missed_call_leaves_an_open_case_with_a_callback_due_today() -> None:
    async def story() -> None:
        office = an_office()
        guest = await create_guest(office.desk, ADMIN, office.hotel, GuestCard("Ayşe Yılmaz", "0532 111 22 33"))
        _, told = await brought_in(office, VERIMOR, [verimor("1", "false"), verimor("2", "false", caller="anonymous")])
        call, case = await stored(office, told[0])
        assert (call.outcome, call.guest_id, case.guest_id) == (CallOutcome.ABANDONED, guest.guest_id, guest.guest_id)
        assert (case.status, case.lead_status, case.due_on) == (CaseStatus.OPEN, LeadStatus.OPEN, date(2027, 5, 1))
        call, case = await stored(office, told[1])
        assert (call.phone, case.guest_id, case.due_on) == (None, None, date(2027, 5, 1))

    asyncio.run(story())


def test_a_call_is_brought_in_once_by_its_unique_id_whatever_the_file() -> None:
    async def story() -> None:
        office = an_office()
        _, first = await brought_in(office, VERIMOR, [verimor("1"), verimor("2")])
        _, second = await brought_in(office, VERIMOR, [verimor("2"), verimor("3"), verimor("3")])
        assert [row.status for row in second] == [SKIPPED, OK, SKIPPED]
        assert second[0].made == first[1].made
        calls = await office.desk.store.read(
            lambda tx: tx.list_calls(hotel_id=None, actor=None, open_only=False, limit=50)
        )
        assert len(calls) == 3

    asyncio.run(story())


def test_a_leg_that_was_answered_takes_the_callback_back() -> None:
    async def story() -> None:
        office = an_office()
        _, told = await brought_in(office, VERIMOR, [verimor("1", "false"), verimor("1"), verimor("1", "false")])
        assert [(row.status, row.code) for row in told] == [
            (OK, ""), (OK, "answered_elsewhere"), (SKIPPED, "there_already"),
        ]  # fmt: skip
        call, case = await stored(office, told[0])
        assert (call.outcome, call.due_on, case.status, case.due_on) == (
            CallOutcome.SERVICE, None, CaseStatus.RESOLVED, None,
        )  # fmt: skip

    asyncio.run(story())


def test_what_cannot_be_read_fails_alone_and_internal_calls_are_passed_over() -> None:
    async def story() -> None:
        office = an_office()
        rows = [
            verimor(""), verimor("2", "perhaps"), verimor("3", direction="sideways"),
            verimor("4", direction="internal"),
            verimor("5", caller="12"), (*verimor("6")[:5], "yesterday"), verimor("7", caller="123456789012345678"),
        ]  # fmt: skip
        rows[0] = ("", *rows[0][1:])
        run, told = await brought_in(office, VERIMOR, rows)
        assert [(row.status, row.code) for row in told] == [
            (FAILED, "invalid_input"), (FAILED, "invalid_input"), (FAILED, "invalid_input"), (SKIPPED, "internal"),
            (OK, "number_unreadable"), (FAILED, "invalid_input"), (OK, "number_unreadable"),
        ]  # fmt: skip
        assert run.batch is not None
        assert (run.batch.ok, run.batch.failed, run.batch.skipped) == (2, 4, 1)

    asyncio.run(story())


def test_a_dry_run_of_calls_writes_nothing() -> None:
    async def story() -> None:
        office = an_office()
        run, told = await brought_in(office, VERIMOR, [verimor("1")], dry_run=True)
        assert ([row.status for row in told], run.batch) == ([OK], None)
        assert await office.desk.store.read(lambda tx: tx.export_audit_head()) == (
            0, (await an_office().desk.store.read(lambda tx: tx.export_audit_head()))[1],
        )  # fmt: skip

    asyncio.run(story())


def test_a_file_without_the_columns_of_a_call_is_refused() -> None:
    async def story() -> None:
        with pytest.raises(InvalidInput, match="started"):
            await brought_in(an_office(), tuple(one for one in VERIMOR if one != "start_stamp"), [verimor()])

    asyncio.run(story())
