"""One writer, many callers: a group shares a commit and nothing else."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from domain.errors import Refused
from integration.adapters.store.audit_keeper import memory_keeper
from integration.adapters.store.sqlite import SqliteStore
from integration.adapters.store.sqlite_file import open_file
from integration.errors import StoreUnavailable
from integration.ports.store import Tx

PATIENCE_S = 30


class Watched(sqlite3.Connection):
    """A connection that counts its commits, and can fail the next one as a full disk would."""

    commits = 0
    fails = False

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql == "COMMIT":
            if self.fails:
                self.fails = False
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            self.commits += 1
        return super().execute(sql, parameters)


class Service:
    """A store whose writer can be held at a gate, so that what is asked meanwhile becomes one group."""

    def __init__(self, path: Path) -> None:
        open_file(path, create=True).close()
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Watched)
        self.store = SqliteStore(self.connection, str(path), path, memory_keeper())
        self.is_held, self.gate = Event(), Event()

    def _wait(self, tx: Tx) -> None:
        self.is_held.set()
        assert self.gate.wait(PATIENCE_S)

    async def group(self, *works: Callable[[Tx], Any]) -> list[Any]:
        """Run works as one group; their results or errors."""
        held = asyncio.create_task(self.store.transact(self._wait))
        await asyncio.to_thread(self.is_held.wait, PATIENCE_S)
        asked = [asyncio.create_task(self.store.transact(work)) for work in works]
        await asyncio.sleep(0)
        self.gate.set()
        results = await asyncio.gather(*asked, return_exceptions=True)
        await held
        return results


def play(path: Path, scenario: Callable[[Service], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        service = Service(path)
        await scenario(service)
        await service.store.close()

    asyncio.run(whole())


def keep(number: int) -> Callable[[Tx], int]:
    def work(tx: Tx) -> int:
        tx.add_subject_key(f"k{number}", b"k")
        return number

    return work


def refuse(number: int) -> Callable[[Tx], int]:
    def work(tx: Tx) -> int:
        tx.add_subject_key(f"k{number}", b"k")
        raise Refused("no {number}", number=number)

    return work


async def kept(store: SqliteStore, most: int = 99) -> list[int]:
    return await store.read(lambda tx: [number for number in range(most) if tx.subject_key(f"k{number}")])


def test_a_group_is_committed_once_and_a_work_that_fails_takes_nobody_down(tmp_path: Path) -> None:
    async def scenario(service: Service) -> None:
        before = service.connection.commits
        works = [refuse(number) if number % 3 == 0 else keep(number) for number in range(30)]
        results = await service.group(*works)
        expected = [number for number in range(30) if number % 3]
        assert [one for one in results if isinstance(one, int)] == expected
        assert all(isinstance(one, Refused) for one in results[::3])
        assert [str(one) for one in results[::3]] == [f"no {number}" for number in range(0, 30, 3)]
        assert await kept(service.store) == expected
        assert service.connection.commits - before == 2  # the gate's own, and one for all thirty

    play(tmp_path / "s.sqlite", scenario)


def test_a_commit_that_fails_fails_every_work_of_its_group_and_only_that_group(tmp_path: Path) -> None:
    async def scenario(service: Service) -> None:
        def arm(tx: Tx) -> None:
            service.connection.fails = True

        results = await service.group(keep(1), arm, refuse(2), keep(3))
        assert [type(one) for one in results] == [StoreUnavailable] * 4
        assert "full" in str(results[0])
        assert await kept(service.store) == []
        assert await service.store.transact(keep(4)) == 4
        assert await kept(service.store) == [4]

    play(tmp_path / "s.sqlite", scenario)


def test_when_the_disk_fills_within_a_group_every_caller_is_told_the_truth(tmp_path: Path) -> None:
    def flood(tx: Tx) -> None:
        for number in range(3000):
            tx.add_subject_key(f"f{number}", b"x" * 1000)

    async def scenario(service: Service) -> None:
        (pages,) = service.connection.execute("PRAGMA page_count").fetchone()
        service.connection.execute(f"PRAGMA max_page_count = {pages + 60}")
        first, flooded, last = await service.group(keep(1), flood, keep(2))
        assert isinstance(flooded, StoreUnavailable)
        told = [one for one in (first, last) if isinstance(one, int)]
        assert await kept(service.store) == told
        assert await service.store.read(lambda tx: tx.subject_key("f0")) is None

    play(tmp_path / "s.sqlite", scenario)


def test_a_cancelled_caller_leaves_a_whole_work_and_a_sound_writer(tmp_path: Path) -> None:
    async def scenario(service: Service) -> None:
        held = asyncio.create_task(service.store.transact(service._wait))
        await asyncio.to_thread(service.is_held.wait, PATIENCE_S)

        def both(tx: Tx) -> None:
            keep(1)(tx)
            keep(2)(tx)

        leaving = asyncio.create_task(service.store.transact(both))
        await asyncio.sleep(0)
        leaving.cancel()
        held.cancel()
        service.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert await service.store.transact(keep(3)) == 3
        assert await kept(service.store) in ([3], [1, 2, 3])

    play(tmp_path / "s.sqlite", scenario)


def test_reading_goes_on_beside_a_work_that_takes_its_time(tmp_path: Path) -> None:
    async def scenario(service: Service) -> None:
        await service.store.transact(keep(1))
        held = asyncio.create_task(service.store.transact(service._wait))
        await asyncio.to_thread(service.is_held.wait, PATIENCE_S)
        assert await kept(service.store) == [1]
        service.gate.set()
        await held

    play(tmp_path / "s.sqlite", scenario)


def test_closing_finishes_what_was_asked_before(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"

    async def scenario(service: Service) -> None:
        asked = [asyncio.create_task(service.store.transact(keep(number))) for number in range(20)]
        await asyncio.sleep(0)
        await service.store.close()
        assert await asyncio.gather(*asked) == list(range(20))

    play(path, scenario)


def test_a_work_that_raises_stop_iteration_does_not_leave_its_caller_waiting(tmp_path: Path) -> None:
    def slip(tx: Tx) -> int:
        return next(iter(()))

    async def scenario(service: Service) -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(service.store.transact(slip), PATIENCE_S)

    play(tmp_path / "s.sqlite", scenario)


def test_a_caller_whose_loop_is_gone_does_not_stop_the_writer(tmp_path: Path) -> None:
    async def scenario(service: Service) -> None:
        def in_another_loop() -> None:
            loop = asyncio.new_event_loop()
            task = loop.create_task(service.store.transact(keep(1)))
            loop.run_until_complete(asyncio.sleep(0))
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            loop.close()

        held = asyncio.create_task(service.store.transact(service._wait))
        await asyncio.to_thread(service.is_held.wait, PATIENCE_S)
        await asyncio.to_thread(in_another_loop)
        service.gate.set()
        await held
        assert await service.store.transact(keep(2)) == 2
        assert await kept(service.store) == [1, 2]

    play(tmp_path / "s.sqlite", scenario)
