"""Bringing reservations in: every row sold once, refused alone, and never doubled by another run."""

import asyncio
from dataclasses import replace

import pytest

from domain.access import Actor, Role
from domain.errors import Forbidden, InvalidInput, Refused
from domain.reservation import Guarantee, Reservation, ReservationState
from integration.errors import PmsOutcomeUnknown, PmsUnavailable
from integration.ports.batches import BatchRow, RowStatus
from integration.usecases.take_calls import CallStart, start_call
from tests.fakes.desk import Office, an_office
from tests.unit.batches.sheets import HEADER, a_row, brought_in
from tests.unit.usecases.selling import ADMIN, AGENT

OK, FAILED, SKIPPED, UNKNOWN = RowStatus.OK, RowStatus.FAILED, RowStatus.SKIPPED, RowStatus.UNKNOWN


def statuses(rows: list[BatchRow]) -> list[RowStatus]:
    return [row.status for row in rows]


async def in_store(office: Office) -> list[Reservation]:
    return await office.desk.store.read(lambda tx: tx.list_reservations(limit=1000))


def test_each_row_is_one_reservation_with_state_guarantee_and_batch() -> None:
    async def story() -> None:
        office = an_office()
        rows = [a_row(0), a_row(1, status="opsiyon", guarantee=None), a_row(2, status="hold", guarantee="")]
        run, told = await brought_in(office, rows)
        assert (statuses(told), [row.line for row in told]) == ([OK, OK, OK], [2, 3, 4])
        stored = {str(one.reservation_id): one for one in await in_store(office)}
        assert [stored[str(row.made)].state.value for row in told] == ["confirmed", "option", "hold"]
        assert run.batch is not None
        assert (run.batch.ok, run.batch.failed, run.batch.finished_at is not None) == (3, 0, True)
        key = told[0].request_key
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key("BELEK1", ADMIN.name, key))
        assert intent is not None
        assert intent.batch_id == run.batch.batch_id

    asyncio.run(story())


def test_the_same_file_again_makes_nothing_and_names_what_is_there() -> None:
    async def story() -> None:
        office = an_office()
        _, first = await brought_in(office, [a_row(0), a_row(1)])
        office.clock.advance(hours=40)
        run, second = await brought_in(office, [a_row(0), a_row(1)])
        assert statuses(second) == [SKIPPED, SKIPPED]
        assert [row.made for row in second] == [row.made for row in first]
        assert len(await in_store(office)) == office.pms.count("create_booking") == 2
        assert run.batch is not None
        assert run.batch.skipped == 2

    asyncio.run(story())


def test_a_corrected_file_makes_only_what_was_corrected() -> None:
    async def story() -> None:
        office = an_office()
        _, first = await brought_in(office, [a_row(0), a_row(1, room_type="NONE")])
        assert (statuses(first), first[1].code) == ([OK, FAILED], "not_found")
        _, second = await brought_in(office, [a_row(1, room_type="FAM"), a_row(0)])
        assert statuses(second) == [OK, SKIPPED]
        assert len(await in_store(office)) == 2

    asyncio.run(story())


def test_two_rows_alike_are_two_sales_and_stay_two() -> None:
    async def story() -> None:
        office = an_office()
        rows = [a_row(0), a_row(0)]
        _, first = await brought_in(office, rows, jobs=1)
        assert statuses(first) == [OK, OK]
        assert len({row.made for row in first}) == 2
        _, again = await brought_in(office, rows, jobs=1)
        assert [(row.status, row.made) for row in again] == [(SKIPPED, row.made) for row in first]

    asyncio.run(story())


def test_families_of_one_telephone_are_found_again_although_it_is_one_guests_only() -> None:
    async def story() -> None:
        office = an_office()
        rows = [a_row(0, name=f"Guest {name}", phone="+905321112233") for name in ("Kaya", "Demir", "Aydin")]
        _, first = await brought_in(office, rows)
        assert statuses(first) == [OK, OK, OK]
        _, again = await brought_in(office, [*rows, a_row(1)])
        assert statuses(again) == [SKIPPED, SKIPPED, SKIPPED, OK]

    asyncio.run(story())


def test_a_row_that_sold_out_sells_in_the_next_run_once_there_is_room() -> None:
    async def story() -> None:
        office = an_office()
        house = office.pms.house(office.hotel)
        house.is_closed = True
        _, first = await brought_in(office, [a_row(0)])
        assert (statuses(first), first[0].code) == ([FAILED], "no_room_left")
        house.is_closed = False
        _, second = await brought_in(office, [a_row(0)])
        assert statuses(second) == [OK]

    asyncio.run(story())


def test_what_was_rolled_back_is_sold_anew() -> None:
    async def story() -> None:
        office = an_office()
        _, first = await brought_in(office, [a_row(0)])
        one = (await in_store(office))[0]
        gone = replace(one, state=ReservationState.ROLLED_BACK, version=one.version + 1)
        assert await office.desk.store.transact(lambda tx: tx.update_reservation(gone, expected_version=one.version))
        _, second = await brought_in(office, [a_row(0)])
        assert statuses(second) == [OK]
        assert second[0].made != first[0].made
        _, third = await brought_in(office, [a_row(0)])
        assert (statuses(third), third[0].made) == ([SKIPPED], second[0].made)

    asyncio.run(story())


def test_a_price_that_differs_fails_the_row_and_writes_nothing() -> None:
    async def story() -> None:
        office = an_office()
        header = (*HEADER, "expected_total")
        _, told = await brought_in(office, [(*a_row(0), "1,00"), (*a_row(1), None)], header=header)
        assert [(row.status, row.code) for row in told] == [(FAILED, "price_changed"), (OK, "")]
        assert office.pms.count("create_booking") == office.pms.count("create_profile") == 1
        total = (await in_store(office))[0].total
        written = f"{total.amount:,.2f}".translate(str.maketrans(",.", ".,"))
        _, told = await brought_in(office, [(*a_row(0), f"€ {written}")], header=header)
        assert statuses(told) == [OK]

    asyncio.run(story())


def test_a_dry_run_says_what_would_happen_and_writes_nothing() -> None:
    async def story() -> None:
        office = an_office()
        await brought_in(office, [a_row(0)])
        before = office.pms.count("create_booking"), await office.desk.store.read(lambda tx: tx.export_audit_head())
        rows = [a_row(0), a_row(1), a_row(2, guarantee=None), a_row(3, phone="abc"), a_row(4, check_in="1.5.2020")]
        run, told = await brought_in(office, rows, dry_run=True)
        assert [(row.status, row.code) for row in told] == [
            (SKIPPED, "there_already"), (OK, ""), (FAILED, "not_guaranteed"), (FAILED, "invalid_input"),
            (FAILED, "invalid_input"),
        ]  # fmt: skip
        assert run.batch is None
        after = office.pms.count("create_booking"), await office.desk.store.read(lambda tx: tx.export_audit_head())
        assert after == before
        assert len(await office.desk.store.read(lambda tx: tx.list_batches(10))) == 1

    asyncio.run(story())


def test_a_reason_never_repeats_what_was_typed_about_a_person() -> None:
    async def story() -> None:
        _, told = await brought_in(an_office(), [a_row(0, phone="0532 SECRET 11"), a_row(1, name="x" * 300)])
        assert statuses(told) == [FAILED, FAILED]
        assert not any("SECRET" in row.reason or "xx" in row.reason for row in told)

    asyncio.run(story())


def test_an_unknown_outcome_leaves_the_batch_open_and_the_next_run_finds_it() -> None:
    async def story() -> None:
        office = an_office()
        office.pms.fail_next("create_booking", PmsOutcomeUnknown("lost"), late=True)
        run, told = await brought_in(office, [a_row(0), a_row(1)], jobs=1)
        assert (statuses(told), run.tally.failed) == ([UNKNOWN, OK], 1)
        assert run.batch is not None
        assert run.batch.finished_at is None
        office.pms.run_late()
        again, told = await brought_in(office, [a_row(0), a_row(1)], jobs=1)
        assert (again.is_resumed, again.batch_id, statuses(told)) == (True, run.batch_id, [OK, OK])
        assert len(await in_store(office)) == office.pms.count("create_booking") == 2

    asyncio.run(story())


def test_a_pms_that_goes_down_stops_the_run_and_the_next_one_goes_on() -> None:
    async def story() -> None:
        office = an_office()
        for _ in range(3):
            office.pms.fail_next("read_room_counts", PmsUnavailable("down"))
        with pytest.raises(PmsUnavailable) as stop:
            await brought_in(office, [a_row(0), a_row(1), a_row(2)], jobs=1)
        assert "goes on" in stop.value.hint
        run, told = await brought_in(office, [a_row(0), a_row(1), a_row(2)], jobs=1)
        assert (run.is_resumed, statuses(told)) == (True, [OK, OK, OK])
        assert len(await in_store(office)) == 3

    asyncio.run(story())


def test_a_full_rate_share_is_waited_for() -> None:
    async def story() -> None:
        office = an_office()
        for _ in range(20):
            office.pms.fail_next("create_booking", PmsUnavailable("full", retry_after=2.0))
        _, told = await brought_in(office, [a_row(0)])
        assert statuses(told) == [OK]
        assert sum(office.clock.slept) >= 40

    asyncio.run(story())


def test_an_import_belongs_to_no_call_of_the_same_actor() -> None:
    async def story() -> None:
        office = an_office()
        call, _ = await start_call(office.desk, ADMIN, CallStart("0532 111 22 33"))
        await brought_in(office, [a_row(0)])
        one = (await in_store(office))[0]
        assert (one.call_id, one.case_id) == (None, None)
        kept = await office.desk.store.read(lambda tx: tx.get_call(call.call_id))
        assert kept is not None
        assert kept.guest_id == call.guest_id

    asyncio.run(story())


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ((*HEADER, "colour"), "Column 10 (colour) is not known."),
        ((*HEADER, ""), "Column 10 (-) is not known."),
        ((*HEADER, "Telefon"), "The column phone is there twice."),
        (HEADER[1:], "The column status is missing."),
        (HEADER[:-1], "The column phone / email / guest_id is missing."),
        ((), "Column"),
    ],
)
def test_columns_that_cannot_be_used_stop_it_before_anything_is_written(header: tuple[str, ...], said: str) -> None:
    async def story() -> None:
        office = an_office()
        with pytest.raises(InvalidInput) as refused:
            await brought_in(office, [a_row(0)], header=header)
        assert str(refused.value).startswith(said) or not header
        assert await office.desk.store.read(lambda tx: tx.list_batches(1)) == []

    asyncio.run(story())


def test_headers_in_turkish_and_in_any_order_are_the_same_columns() -> None:
    async def story() -> None:
        office = an_office()
        header = (
            "TELEFON",
            "Ad Soyad",
            "Giriş Tarihi",
            "ÇIKIŞ",
            "Yetişkin",
            "ODA TİPİ",
            "Fiyat Planı",
            "Durum",
            "Garanti",
        )
        row = ("0532 111 22 33", "Ayşe Yılmaz", "10.07.2027", "13.07.2027", 2.0, "std", "uai-flex", "KESİN", "Acente")
        _, told = await brought_in(office, [row], header=header)
        assert statuses(told) == [OK]
        one = (await in_store(office))[0]
        assert (one.stay.night_count, one.guarantee) == (3, Guarantee.AGENCY)

    asyncio.run(story())


def test_a_key_of_the_sheets_own_stays_with_its_guest_and_its_stay() -> None:
    async def story() -> None:
        office = an_office()
        header = ("key", *HEADER)
        _, told = await brought_in(office, [("A-1", *a_row(0))], header=header)
        assert (statuses(told), told[0].request_key) == ([OK], "A-1")
        rows = [("A-1", *a_row(0, adults=1)), ("A-1", *a_row(7, name="Somebody Else")), ("A-1", *a_row(0))]
        _, told = await brought_in(office, rows, header=header)
        assert [(row.status, row.code) for row in told] == [
            (FAILED, "key_reused"), (FAILED, "key_reused"), (SKIPPED, "there_already"),
        ]  # fmt: skip

    asyncio.run(story())


def test_a_file_of_somebody_else_is_refused_and_an_operator_may_not() -> None:
    async def story() -> None:
        office = an_office()
        run, _ = await brought_in(office, [a_row(0)])
        with pytest.raises(Refused) as refused:
            await brought_in(office, [a_row(0)], actor=Actor("other", Role.ADMIN))
        assert str(run.batch_id) in str(refused.value)
        with pytest.raises(Forbidden):
            await brought_in(office, [a_row(1)], actor=AGENT)

    asyncio.run(story())


def test_many_rows_at_a_time_are_reported_in_the_order_of_the_file() -> None:
    async def story() -> None:
        office = an_office()
        rows = [a_row(number, room_type="NONE" if number % 3 == 0 else "STD") for number in range(40)]
        _, told = await brought_in(office, rows, jobs=8)
        assert [row.line for row in told] == list(range(2, 42))
        assert statuses(told) == [FAILED if number % 3 == 0 else OK for number in range(40)]

    asyncio.run(story())


def test_after_ctrl_c_the_rows_under_way_are_finished_and_kept() -> None:
    async def story() -> None:
        office, rows = an_office(), [a_row(number) for number in range(12)]
        reached = asyncio.Event()
        office.pms.delay = 0.01

        async def until_five(operation: str) -> None:
            await asyncio.sleep(0)
            if office.pms.count("create_booking") == 5:
                reached.set()

        office.pms.before = until_five
        task = asyncio.create_task(brought_in(office, rows, jobs=3))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        made = len(await in_store(office))
        assert 5 <= made < 12
        office.pms.before, office.pms.delay = None, 0.0
        office.clock.slept.clear()
        run, told = await brought_in(office, rows, jobs=3)
        assert (run.is_resumed, statuses(told)) == (True, [OK] * 12)
        assert (office.pms.count("create_booking"), office.clock.slept) == (12, [])

    asyncio.run(story())
