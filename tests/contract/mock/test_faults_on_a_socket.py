"""Faults of the connection, on a real one; and a late request that survives the process that took it."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from pms_mock import control
from pms_mock.store import MockStore
from tests.contract.mock.small_hotel import RES, a_create, a_store
from tests.contract.mock.test_server import headers, served

BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError)
LOOKUP = {"externalReferenceIds": "LOST", "externalSystemCodes": "SANTRAL"}


@pytest.fixture
def store(tmp_path: Path) -> MockStore:
    return a_store(str(tmp_path / "hotel.db"))


async def create(url: str, own: dict[str, str]) -> bytes:
    async with (
        aiohttp.ClientSession(url, headers=own) as session,
        session.post(RES, json=a_create(ref="LOST")) as reply,
    ):
        return await reply.read()


async def count(url: str, own: dict[str, str]) -> int:
    async with aiohttp.ClientSession(url, headers=own) as session, session.get(RES, params=LOOKUP) as reply:
        return int((await reply.json())["reservations"]["count"]) if reply.status == 200 else 0


@pytest.mark.parametrize(("kind", "records"), [("down", 0), ("truncated", 1), ("lost_answer", 1)])
def test_the_connection_breaks_and_the_work_is_done_or_not(store: MockStore, kind: str, records: int) -> None:
    own = headers(store)
    control.add_fault(store, kind, "postReservation")
    with served(store) as (url, _):
        with pytest.raises(BROKEN):
            asyncio.run(create(url, own))
        assert asyncio.run(count(url, own)) == records


def test_a_late_request_survives_the_death_of_the_process_that_took_it(store: MockStore) -> None:
    own = headers(store)
    control.add_fault(store, "late_execution", "postReservation", param=60)
    with served(store) as (url, process):
        with pytest.raises(BROKEN):
            asyncio.run(create(url, own))
        process.kill()
        process.wait()
    with served(store) as (url, _):
        early = asyncio.run(count(url, own))
        control.clock(store, advance=timedelta(seconds=61))
        assert (early, asyncio.run(count(url, own))) == (0, 1)


def test_two_workers_do_a_late_request_once(store: MockStore) -> None:
    own = headers(store)
    control.add_fault(store, "late_execution", "postReservation", param=60)

    async def many(url: str) -> set[int]:
        return set(await asyncio.gather(*(count(url, own) for _ in range(12))))

    with served(store, workers=2) as (url, _):
        with pytest.raises(BROKEN):
            asyncio.run(create(url, own))
        control.clock(store, advance=timedelta(seconds=61))
        assert asyncio.run(many(url)) == {1}


def test_a_file_of_the_version_before_the_fault_rules_is_opened_and_upgraded(tmp_path: Path) -> None:
    path = str(tmp_path / "old.db")
    a_store(path).close()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "DROP TABLE fault; DROP TABLE fault_trace; DELETE FROM seq WHERE name = 'fault'; PRAGMA user_version = 1;"
            "CREATE TABLE fault (id INTEGER PRIMARY KEY, operation, hotel, kind, param, times);"
        )
    store = control.open_store(path)
    control.add_fault(store, "down")
    assert len(control.faults(store)) == 1
