"""The view of all running clocks over 10,000 open cases, beside 40,000 that are resolved: what a board asks for again
and again. Milliseconds of elapsed time, from the use case to the body, the store on disk; and a page of late cases.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import msgspec

from benchmarks.measure import interleaved
from benchmarks.registry import Row, benchmark
from domain.access import Actor, Role
from domain.case import Case, CaseId, CaseKind, CaseStatus, LeadStatus
from integration.adapters.store import open_store
from integration.ports.store import Store, Tx
from integration.usecases.desk import Desk
from integration.usecases.list_cases import CaseQuestion, list_cases, view_clocks

OPEN, RESOLVED, ROUNDS = 10_000, 40_000, 9
LIMIT_MS = 100.0
NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
BOSS = Actor("boss", Role.ADMIN)
CHANNELS = ("phone", "whatsapp", "instagram", "web_chat", "email", "ota")


class _Now:
    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _clocks(started: datetime) -> str:
    begun = round(started.timestamp() * 1000)
    running = {
        "started": begun, "target_s": 120.0, "due": begun + 120_000, "warn": begun + 90_000,
        "escalate": begun + 180_000, "stopped": None, "is_answered": False, "ran": [[begun, None]],
    }  # fmt: skip
    shown = {"first_response": running, "next_response": None, "resolution": {**running, "target_s": 3600.0}}
    return msgspec.json.encode({**shown, "next_waits": 0, "next_late": 0, "reopens": 0}, order="sorted").decode()


def _case(number: int, *, is_open: bool) -> Case:
    opened = NOW - timedelta(seconds=number % 600)
    case = Case(
        CaseId(f"cas_{number:08}"), "BELEK1", CaseKind.SALES, CaseStatus.OPEN, CHANNELS[number % len(CHANNELS)], opened,
        "intake", f"gst_{number:08}", LeadStatus.OPEN, tags=("reservation",), language="de", last_at=opened,
        due_at=opened + timedelta(seconds=120), warn_at=opened + timedelta(seconds=90),
        escalate_at=opened + timedelta(seconds=180), waiting_since=opened, clocks=_clocks(opened),
    )  # fmt: skip
    return case if is_open else replace(case, status=CaseStatus.RESOLVED, due_at=None, warn_at=None)


def _fill(store: Store) -> None:
    def work(tx: Tx) -> None:
        for number in range(OPEN + RESOLVED):
            tx.add_case(_case(number, is_open=number % 5 == 0))

    asyncio.run(store.transact(work))


def _ms(call: Callable[[], Awaitable[object]]) -> float:
    async def once() -> float:
        before = time.perf_counter()
        await call()
        return (time.perf_counter() - before) * 1000

    return asyncio.run(once())


@benchmark("cases")
def view_of_clocks() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "cases.db", inline=True, create=True)
        _fill(store)
        nothing = cast("object", None)
        desk = Desk(nothing, store, _Now(), nothing, nothing, nothing, nothing, {"BELEK1": nothing})  # type: ignore[arg-type,dict-item]
        late = CaseQuestion(breaching=True, limit=200)
        taken = interleaved(
            ROUNDS,
            view=lambda: _ms(lambda: view_clocks(desk, BOSS)),
            late=lambda: _ms(lambda: list_cases(desk, BOSS, late)),
        )
        asyncio.run(store.close())
    yield Row(f"view of the clocks of {OPEN:,} open cases", taken["view"], LIMIT_MS, unit=" ms")
    yield Row("first 200 late cases of them", taken["late"], LIMIT_MS, unit=" ms")
