"""The hotel on a real socket: lost answers, several workers, killed workers, an orderly end."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from pms_mock import control
from pms_mock.store import MockStore
from tests.contract.mock.small_hotel import RES, a_caller, a_create, a_store

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys
from pms_mock.server import serve
if __name__ == "__main__":
    serve(sys.argv[1], workers=int(sys.argv[2]), on_ready=lambda url: print(url, flush=True))
"""
DEADLINE = 30.0


@pytest.fixture
def store(tmp_path: Path) -> MockStore:
    return a_store(str(tmp_path / "hotel.db"))


@contextmanager
def served(store: MockStore, workers: int = 1) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    script = Path(str(store.path)).with_name("serve.py")
    script.write_text(PROGRAM, "utf-8")
    command = [sys.executable, str(script), str(store.path), str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], DEADLINE)
    assert ready, "the server did not start"
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(DEADLINE)
        process.stdout.close()


def headers(store: MockStore) -> dict[str, str]:
    own = a_caller(store).headers()
    return {name: value for name, value in own.items() if name != "host"}


def test_a_lost_answer_breaks_the_connection_and_the_work_is_done(store: MockStore) -> None:
    own = headers(store)
    control.add_fault(store, "lost_answer", "postReservation")

    async def story(url: str) -> int:
        async with aiohttp.ClientSession(url, headers=own) as session:
            with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
                await session.post(RES, json=a_create(ref="LOST"))
            async with session.get(
                RES, params={"externalReferenceIds": "LOST", "externalSystemCodes": "SANTRAL"}
            ) as reply:
                return int((await reply.json())["reservations"]["count"])

    with served(store) as (url, _):
        assert asyncio.run(story(url)) == 1


def test_the_server_ends_in_order_when_it_is_told_to(store: MockStore) -> None:
    for workers in (1, 2):
        with served(store, workers) as (_, process):
            process.send_signal(signal.SIGTERM)
            assert process.wait(DEADLINE) == 0


def test_workers_share_the_file_and_one_that_is_killed_is_replaced(store: MockStore) -> None:
    own = headers(store)

    async def create(url: str, ref: str) -> int:
        async with (
            aiohttp.ClientSession(url, headers=own) as session,
            session.post(RES, json=a_create(ref=ref)) as reply,
        ):
            return reply.status

    with served(store, 2) as (url, process):
        first = [asyncio.run(create(url, f"A{n}")) for n in range(3)]
        for child in children(process.pid):
            if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        again = asyncio.run(eventually(lambda: create(url, "B")))
    assert (first, again) == ([201] * 3, 201)


async def eventually(attempt: Callable[[], Awaitable[int]]) -> int:
    end = monotonic() + DEADLINE
    while True:
        try:
            return await attempt()
        except aiohttp.ClientError:
            if monotonic() > end:
                raise
            await asyncio.sleep(0.05)


def children(parent: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()]


def test_workers_stop_when_their_parent_is_killed(store: MockStore) -> None:
    with served(store, 2) as (_, process):
        workers = [
            c for c in children(process.pid) if b"resource_tracker" not in Path(f"/proc/{c}/cmdline").read_bytes()
        ]
        process.kill()
        process.wait(DEADLINE)
        end = monotonic() + DEADLINE
        while any(alive(worker) for worker in workers) and monotonic() < end:
            select.select([], [], [], 0.05)
    assert [worker for worker in workers if alive(worker)] == []


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_request_that_is_not_http_does_not_stop_the_server(store: MockStore) -> None:
    own = headers(store)

    async def story(url: str) -> int:
        host, port = url.removeprefix("http://").split(":")
        for raw in (
            b"\x00\x01\x02\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(raw)
            await asyncio.wait_for(reader.read(200), DEADLINE)
            writer.close()
        async with aiohttp.ClientSession(url, headers=own) as session, session.get(RES) as reply:
            return reply.status

    with served(store) as (url, _):
        assert asyncio.run(story(url)) == 204


def test_a_taken_port_is_an_error_at_once(store: MockStore) -> None:
    import socket

    from pms_mock.server import serve

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            serve(str(store.path), port=taken.getsockname()[1])
