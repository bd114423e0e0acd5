"""Where a request meets the faults: the application asks here, and only while `world.faults` says that there are any.

catch_up   before anything else: what is over ends, what is overdue is done
is_down    before anything is read
suffer     after the request was understood, before the work
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from pms_mock.access import expired
from pms_mock.clock import stopwatch_us
from pms_mock.engine.world import World
from pms_mock.faults import late
from pms_mock.faults.after import keep, kept, sweep
from pms_mock.faults.before import prepare
from pms_mock.faults.rules import Fault, Rules, draw
from pms_mock.incoming import Request
from pms_mock.protocol.answer import Answer
from pms_mock.protocol.problem import Problem
from pms_mock.protocol.routing import match
from pms_mock.protocol.wire import Operation
from pms_mock.store import MockStore

T = TypeVar("T")
Begin = Callable[[], Awaitable[sqlite3.Connection]]
Read = Callable[[sqlite3.Connection], World]
Perform = Callable[[Request, Operation, sqlite3.Connection], None]
_SLACK_S = 0.002


class Trouble:
    """The faults of one application. `perform` does a late request inside the transaction it is given."""

    def __init__(self, store: MockStore, begin: Begin, read: Read, perform: Perform) -> None:
        self._store, self._begin, self._read, self._perform = store, begin, read, perform
        self._rules = Rules()
        self._timers: dict[int, asyncio.AbstractEventLoop] = {}
        self._at_work: set[asyncio.Task[None]] = set()

    async def catch_up(self) -> None:
        """End what is over and do what is overdue."""
        with self._store.reading() as connection:
            now = self._read(connection).now_ms
            over = connection.execute(
                "SELECT 1 FROM fault_trace WHERE kind <> 'late' AND due_ms <= ?", (now,)
            ).fetchone()
        if over:
            await self._writing(lambda writer: sweep(writer, now))
        await self._do_late()

    async def is_down(self, request: Request) -> bool:
        """Whether the request is refused unread; it is noted with what its address and headers say."""
        try:
            operation = match(request.method, request.raw_path).operation
        except Problem:
            operation = None
        named = {name.lower(): value for name, value in request.scope["headers"]}
        hotel = named.get(b"x-hotelid", b"").decode("latin-1")
        struck = await self._drawn(request, operation, hotel, down=True)
        if struck:
            request.fault, request.operation, request.hotel = struck[0], operation, hotel
        return bool(struck)

    async def suffer(self, request: Request, operation: Operation) -> Answer | None:
        """Let the faults of this request happen; an answer when it is not to be worked on. Raises Problem."""
        struck = await self._drawn(request, operation, request.hotel, down=False)
        answer: Answer | None = None
        for fault in struck:
            if fault.kind == "slow":
                request.delay = fault
                began = stopwatch_us()
                await asyncio.sleep(fault.delay_s)
                request.delayed_us += stopwatch_us() - began
        for fault in struck:
            if fault.kind != "slow":
                request.fault = fault
                answer = await self._struck(request, fault)
        return answer

    async def keep(self, request: Request, answer: Answer) -> None:
        """Put a read's answer into the shop cache."""
        fault = request.fault
        if fault and fault.kind == "stale_availability":
            await self._writing(lambda writer: keep(writer, request, fault, answer))

    async def _drawn(self, request: Request, operation: Operation | None, hotel: str, *, down: bool) -> list[Fault]:
        world = request.world
        with self._store.reading() as connection:
            rules = self._rules.get(connection, self._read(connection).faults)
        looking = [r for r in rules if (r.kind == "down") is down and r.looks_at(operation, hotel, world.now_ms)]
        if not looking:
            return []
        return await self._writing(lambda writer: draw(writer, looking))

    async def _struck(self, request: Request, fault: Fault) -> Answer | None:
        if fault.kind == "late_execution":
            number = await self._writing(lambda writer: late.postpone(writer, request, fault))
            request.is_recorded = True
            self._set_timer(number, fault.number("seconds"))
            return Answer(0)
        await self._writing(lambda writer: prepare(writer, request, fault))
        match fault.kind:
            case "token_expired":
                raise expired()
            case "status":
                wait = str(fault.params["retry_after"])
                return Answer(int(fault.number("status")), headers=(("retry-after", wait),) if wait else ())
            case "stale_availability":
                with self._store.reading() as connection:
                    return kept(connection, request)
            case _:
                return None

    async def _do_late(self) -> None:
        with self._store.reading() as connection:
            world, waiting = self._read(connection), late.waiting(connection)
        for number, due in waiting:
            if due <= world.now_ms:
                await self._writing(partial(self._do, number))
            else:
                self._set_timer(number, (due - world.now_ms) / 1000)

    def _do(self, number: int, writer: sqlite3.Connection) -> None:
        request = late.claim(writer, number, self._read(writer))
        if request is not None and request.operation is not None:
            self._perform(request, request.operation, writer)

    def _set_timer(self, number: int, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timers.get(number) is not loop:
            self._timers[number] = loop
            loop.call_later(seconds + _SLACK_S, self._wake, number)

    def _wake(self, number: int) -> None:
        self._timers.pop(number, None)
        task = asyncio.get_running_loop().create_task(self._awake())
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _awake(self) -> None:
        with suppress(sqlite3.Error, Problem):  # closed or busy: the trace is still there for the next request
            await self._do_late()

    async def _writing(self, work: Callable[[sqlite3.Connection], T]) -> T:
        writer = await self._begin()
        try:
            done = work(writer)
        except BaseException:
            self._store.end(writer, commit=False)
            raise
        self._store.end(writer, commit=True)
        return done
