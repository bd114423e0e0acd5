"""Nobody is sold what is not there: many callers, the last five rooms, on one file."""

import asyncio
import json
import threading
from pathlib import Path

import pytest

from pms_mock import control
from pms_mock.app import create_app
from pms_mock.engine import stock
from pms_mock.store import MockStore
from tests.contract.mock.small_hotel import RES, Caller, a_caller, a_create, a_store, ask

ROOMS, CALLERS = 5, 24


def meet(barrier: threading.Barrier) -> None:
    barrier.wait(30)


def race(path: str, *, guard: bool) -> list[int]:
    """Every caller has its own store handle, connection, application and event loop, as a process would."""
    token = a_caller(MockStore(path)).token
    gate, results = threading.Barrier(CALLERS), [0] * CALLERS
    if not guard:
        meeting = threading.Barrier(CALLERS)
        stock.at_race.append(lambda: meet(meeting))

    def one(index: int) -> None:
        store = MockStore(path, guard=guard)
        caller = Caller(create_app(store), token=token)
        headers = {**caller.headers(), "content-type": "application/json"}
        gate.wait(30)
        reply = asyncio.run(ask(caller.app, "POST", RES, "", json.dumps(a_create(ref=f"R{index}")).encode(), headers))
        results[index] = reply.status
        store.close()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    stock.at_race.clear()
    return results


def sold(path: str) -> int:
    with MockStore(path).reading() as connection:
        return int(connection.execute("SELECT max(sold) FROM stock WHERE day = '2026-07-10'").fetchone()[0])


@pytest.fixture
def path(tmp_path: Path) -> str:
    name = str(tmp_path / "hotel.db")
    a_store(name).close()
    return name


def test_exactly_the_last_five_rooms_are_sold_to_many_callers_at_once(path: str) -> None:
    results = race(path, guard=True)
    assert (results.count(201), results.count(400), sold(path)) == (ROOMS, CALLERS - ROOMS, ROOMS)


def test_twin_without_the_guard_the_same_race_oversells(path: str) -> None:
    results = race(path, guard=False)
    assert (results.count(201), sold(path)) == (CALLERS, CALLERS)


def test_the_database_itself_refuses_a_room_that_is_not_there(path: str) -> None:
    import sqlite3

    store = MockStore(path)
    with pytest.raises(sqlite3.IntegrityError), store.writing() as connection:
        connection.execute(
            "INSERT INTO stock (hotel, day, room_type, capacity, sold) VALUES ('H', '2026-07-10', 'R', 5, 6)"
        )


def test_waiting_for_another_process_does_not_stop_the_event_loop(path: str) -> None:
    store, holder = MockStore(path), MockStore(path)
    caller = a_caller(store)

    async def story() -> tuple[int, int]:
        writer = holder.connection()
        writer.execute("BEGIN IMMEDIATE")
        headers = {**caller.headers(), "content-type": "application/json"}
        create = asyncio.create_task(ask(caller.app, "POST", RES, "", json.dumps(a_create()).encode(), headers))
        read = await ask(caller.app, "GET", RES, "", b"", caller.headers())
        waiting = create.done()
        writer.execute("ROLLBACK")
        return read.status, int(waiting) or (await create).status

    assert asyncio.run(story()) == (204, 201)


def test_a_read_that_finds_the_file_busy_enters_the_ledger_later(path: str) -> None:
    store, holder = MockStore(path), MockStore(path)
    caller = a_caller(store)
    holder.connection().execute("BEGIN IMMEDIATE")
    caller.get(RES)
    holder.connection().execute("ROLLBACK")
    caller.get(RES)
    assert [entry.operation for _, entry in control.ledger(store)][-2:] == ["getHotelReservations"] * 2
