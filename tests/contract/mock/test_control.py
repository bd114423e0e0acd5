"""The hotel's own hand: seed, dump, clock, faults, ledger, night audit, front desk."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pms_mock import control
from pms_mock.control import ControlError, SeedError, StoreError
from pms_mock.protocol.answer import LostAnswer
from pms_mock.store import Trouble, failure_of
from tests.contract.mock.small_hotel import (
    HOTEL,
    RES,
    Json,
    a_caller,
    a_create,
    a_document,
    a_profile,
    a_stay,
    a_store,
    set_today,
)


def test_the_same_document_gives_the_same_dump() -> None:
    stays = [a_stay(f"S{n}", status=status) for n, status in enumerate(("Reserved", "Cancelled", "CheckedOut"))]
    first, second = control.open_store(), control.open_store()
    for store in (first, second):
        control.seed(store, a_document(reservations=stays))
    assert "".join(control.dump(first)) == "".join(control.dump(second))


def test_a_document_may_stream_its_guests() -> None:
    store = control.open_store()
    counts = control.seed(
        store, a_document(profiles=(a_profile(str(n), external_references=[]) for n in range(12_000)))
    )
    assert counts["profiles"] == 12_000


def seed_with(**changes: object) -> None:
    control.seed(control.open_store(), a_document(**changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reservations": [a_stay(room_type="NONE")]}, "NONE"),
        ({"reservations": [a_stay(status="Odd")]}, "Odd"),
        ({"reservations": [a_stay(f"S{n}", room_type="FAMSV") for n in range(6)]}, "FAMSV"),
        ({"timezone": "Mars/Base"}, "Mars"),
        ({"restrictions": [{"code": "Odd", "start": "2026-07-01", "end": "2026-07-02"}]}, "Odd"),
        ({"room_types": []}, "room_types"),
        ({"profiles": [a_profile(), a_profile()]}, "profile"),
        ({"rate_plans": [{"code": "X"}]}, "currency"),
    ],
)
def test_a_wrong_document_is_refused_in_words_and_leaves_nothing(changes: Json, says: str) -> None:
    store = control.open_store()
    before = "".join(control.dump(store))
    with pytest.raises(SeedError, match=says):
        control.seed(store, a_document(**changes))
    assert "".join(control.dump(store)) == before


def test_a_hotel_is_seeded_once() -> None:
    store = a_store()
    with pytest.raises(SeedError, match="already"):
        control.seed(store, a_document())


def test_reset_makes_room_for_the_same_document() -> None:
    store = control.open_store()
    control.seed(store, a_document(reservations=[a_stay()]))
    first = "".join(control.dump(store))
    control.reset(store)
    control.seed(store, a_document(reservations=[a_stay()]))
    assert "".join(control.dump(store)) == first


def test_a_foreign_file_is_refused_in_words(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("this is not a database, it is a letter to the hotel", "utf-8")
    with pytest.raises(StoreError, match="not a store"):
        control.open_store(str(text))


def test_the_clock_can_be_set_and_advanced() -> None:
    store = a_store()
    shown = control.clock(store, set=datetime(2027, 1, 1, tzinfo=UTC))
    later = control.clock(store, advance=timedelta(hours=2))
    assert (shown.date().isoformat(), later - shown >= timedelta(hours=2)) == ("2027-01-01", True)


def test_the_night_audit_makes_no_shows_and_departures_and_frees_the_nights() -> None:
    stays = [
        a_stay("LATE", arrival="2026-06-01", departure="2026-06-05"),
        a_stay("HOME", arrival="2026-05-28", departure="2026-06-01", status="InHouse"),
        a_stay("STAYS", arrival="2026-05-28", departure="2026-06-03", status="InHouse"),
        a_stay("COMES", arrival="2026-06-02", departure="2026-06-03"),
    ]
    store = a_store(reservations=stays)
    set_today(store, "2026-06-02")
    moved = control.night_audit(store, HOTEL)
    again = control.night_audit(store, HOTEL)
    with store.reading() as connection:
        statuses = dict(connection.execute("SELECT confirmation, status FROM reservation"))
        sold = connection.execute("SELECT sold FROM stock WHERE day = '2026-06-02'").fetchone()[0]
    assert statuses == {"LATE": "NoShow", "HOME": "CheckedOut", "STAYS": "InHouse", "COMES": "Reserved"}
    assert ([len(ids) for ids in moved.values()], [len(ids) for ids in again.values()], sold) == ([1, 1], [0, 0], 2)


def test_a_no_show_who_comes_in_the_night_gets_a_room_again() -> None:
    store = a_store(reservations=[a_stay("LATE", arrival="2026-06-01", departure="2026-06-05")])
    set_today(store, "2026-06-02")
    control.night_audit(store, HOTEL)
    control.check_in(store, HOTEL, "LATE")
    caller = a_caller(store)
    found = caller.get(RES, confirmationNumberList="LATE").json["reservations"]["reservationInfo"][0]
    assert found["reservationStatus"] == "InHouse"


def test_the_desk_checks_in_and_out_and_frees_the_nights_not_slept() -> None:
    store = a_store(reservations=[a_stay("EARLY", arrival="2026-06-01", departure="2026-06-05")])
    control.check_in(store, HOTEL, "EARLY")
    set_today(store, "2026-06-03")
    control.check_out(store, HOTEL, "EARLY")
    with store.reading() as connection:
        sold = [row[0] for row in connection.execute("SELECT sold FROM stock ORDER BY day")]
    assert sold == [1, 1, 0, 0]


def test_the_desk_can_confirm_an_option_on_its_own() -> None:
    store = a_store()
    caller = a_caller(store)
    number = caller.post(RES, a_create(guarantee="OPT")).id
    control.set_guarantee(store, HOTEL, number, "PAID")
    shown = caller.get(f"{RES}/{number}").json["reservations"]["reservation"][0]
    assert (shown["roomStay"]["guarantee"]["guaranteeCode"], shown["lastModifierId"]) == ("PAID", "front-desk")


@pytest.mark.parametrize(
    "act",
    [
        lambda store: control.night_audit(store, "NONE"),
        lambda store: control.check_in(store, HOTEL, "NONE"),
        lambda store: control.close_sales(store, HOTEL, "2026-07-02", "2026-07-01"),
        lambda store: control.close_sales(store, HOTEL, "x", "y"),
        lambda store: control.close_sales(store, HOTEL, "2026-07-01", "2026-07-02", "NONE"),
        lambda store: control.set_price(store, HOTEL, "NONE", "STD", "2026-07-01", "2026-07-01", "1"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(act: Callable[[object], object]) -> None:
    with pytest.raises(ControlError):
        act(a_store())


def test_a_lost_answer_in_process_is_an_exception_after_the_commit() -> None:
    store = a_store()
    caller = a_caller(store)
    control.add_fault(store, "lost_answer", "postReservation")
    with pytest.raises(LostAnswer):
        caller.post(RES, a_create())
    assert (issubclass(LostAnswer, ConnectionError), caller.get(RES).json["reservations"]["count"]) == (True, 1)


def test_a_status_fault_answers_without_a_body_and_does_nothing() -> None:
    store = a_store()
    caller = a_caller(store)
    control.add_fault(store, "status", "postReservation", param=503, times=1)
    refused, done = caller.post(RES, a_create()), caller.post(RES, a_create())
    assert (refused.status, refused.raw, done.status) == (503, b"", 201)


def test_a_slow_fault_waits_on_the_event_loop() -> None:
    store = a_store()
    caller = a_caller(store)
    control.add_fault(store, "slow", "getHotelReservations", param=0.05)

    async def story() -> float:
        from tests.contract.mock.small_hotel import ask

        loop = asyncio.get_running_loop()
        start = loop.time()
        await ask(caller.app, "GET", RES, "", b"", caller.headers())
        return loop.time() - start

    assert asyncio.run(story()) >= 0.05


def test_faults_concern_their_operation_and_can_be_cleared() -> None:
    store = a_store()
    caller = a_caller(store)
    control.add_fault(store, "status", "getReservation", param=500, times=-1)
    other, hit = caller.get(RES).status, caller.get(f"{RES}/1").status
    control.clear_faults(store)
    assert (other, hit, caller.get(f"{RES}/1").status) == (204, 500, 204)


def test_the_ledger_knows_what_was_asked_with_reference_and_request_id() -> None:
    store = a_store()
    caller = a_caller(store)
    caller.call("POST", RES, body=a_create(ref="REF-9"), x_request_id="41ecd082-8997-4c69-af34-2f72b83645ff")
    caller.post(RES, a_create(room="NONE"))
    caller.get("/nowhere")
    entries = [entry for _, entry in control.ledger(store)]
    found = [(e.operation, e.status, e.external_reference, e.request_id[:8]) for e in entries]
    refused, nowhere = ("postReservation", 400, "", ""), ("", 404, "", "")
    assert found == [("getToken", 200, "", ""), ("postReservation", 201, "REF-9", "41ecd082"), refused, nowhere]


def test_the_ledger_can_be_read_from_a_point_and_switched_off() -> None:
    store = a_store()
    caller = a_caller(store)
    last = control.ledger(store)[-1][0]
    caller.get(RES)
    control.keep_ledger(store, on=False)
    caller.get(RES)
    assert [entry.operation for _, entry in control.ledger(store, last)] == ["getHotelReservations"]


def test_a_refused_write_leaves_its_ledger_row_and_nothing_else() -> None:
    store = a_store()
    caller = a_caller(store)
    before = "".join(control.dump(store))
    caller.post(RES, a_create(guests={"adults": 9}))
    assert ("".join(control.dump(store)) == before, control.ledger(store)[-1][1].status) == (True, 400)


def test_an_application_can_have_its_own_shift_of_the_clock() -> None:
    from pms_mock.app import create_app
    from tests.contract.mock.small_hotel import Caller

    caller = Caller(create_app(a_store(), clock_offset_s=86_400 * 30)).login()
    assert caller.post(RES, a_create(arrival="2026-06-20", departure="2026-06-21")).status == 400


@pytest.mark.parametrize(
    ("met", "trouble"),
    [
        (sqlite3.SQLITE_FULL, Trouble.FULL),
        (sqlite3.SQLITE_READONLY, Trouble.NOT_WRITABLE),
        (sqlite3.SQLITE_CORRUPT, Trouble.DAMAGED),
        (sqlite3.SQLITE_BUSY, Trouble.LOCKED),
        (sqlite3.SQLITE_IOERR_READ, Trouble.FAILED),
    ],
)
def test_what_keeps_the_file_from_being_used_is_told_apart(tmp_path: Path, met: int, trouble: Trouble) -> None:
    error = sqlite3.OperationalError("why")
    error.sqlite_errorcode = met
    assert failure_of(str(tmp_path / "pms.sqlite"), error).trouble is trouble


def test_a_write_on_a_full_disk_is_undone_and_said(tmp_path: Path) -> None:
    store = control.open_store(str(tmp_path / "pms.sqlite"))
    store.connection().execute("PRAGMA max_page_count=1")
    with pytest.raises(StoreError) as caught:
        control.seed(store, a_document())
    assert caught.value.trouble is Trouble.FULL
    assert list(control.dump(store)) == []


def test_a_shifted_clock_is_used_by_what_the_hotel_does_itself() -> None:
    store = control.open_store(None, clock_offset_s=86_400.0)
    assert timedelta(hours=23) < control.now(store) - datetime.now(UTC) < timedelta(hours=25)
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert abs(control.clock(store, set=noon) - noon) < timedelta(minutes=1)
