"""The hotel as one ASGI application.

A request is matched, its headers checked, its token believed, its parameters and body held against the vendor's
document, and then answered by one plain function inside one transaction. Reads run on a snapshot. Writes take the
file's write lock by asking again and again from the event loop, so waiting for another process never stops this one.

Nothing here keeps state between requests except parsed configuration (thrown away when its version changes) and
ledger rows of reads that are waiting for the file.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable

from pms_mock import ledger
from pms_mock.access import authorise, check_hotel, issue
from pms_mock.clock import stopwatch_us
from pms_mock.engine.call import Call
from pms_mock.engine.stock import at_race
from pms_mock.engine.world import Hotels, World, read_world
from pms_mock.faults.after import keep
from pms_mock.incoming import (
    Disconnected,
    Receive,
    Request,
    Scope,
    base_url,
    check_accept,
    check_length,
    raw_path,
    read_body,
)
from pms_mock.operations import HANDLERS
from pms_mock.outgoing import Send, reply
from pms_mock.protocol import body as bodies
from pms_mock.protocol import params
from pms_mock.protocol.answer import Answer
from pms_mock.protocol.problem import Problem, bad_request
from pms_mock.protocol.routing import match
from pms_mock.protocol.wire import Operation
from pms_mock.store import MockStore
from pms_mock.trouble import Trouble

ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOG = logging.getLogger("pms_mock")
_LOCK_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.01
_FORM = "application/x-www-form-urlencoded"
_MAX_BUFFER = 1000


def create_app(store: MockStore, *, clock_offset_s: float = 0.0) -> ASGIApp:
    """The application on a store. `clock_offset_s` shifts this application's clock on top of the stored offset."""
    return MockApp(store, int(clock_offset_s * 1000))


class MockApp:
    """See `create_app`."""

    def __init__(self, store: MockStore, offset_ms: int) -> None:
        self._store, self._offset_ms = store, offset_ms
        self._hotels = Hotels()
        self._unwritten: list[ledger.Entry] = []
        self._trouble = Trouble(store, self._begin, self._world, self._late)

    def _world(self, connection: sqlite3.Connection) -> World:
        return read_world(connection, self._offset_ms, self._store.wall)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point; raises LostAnswer for a lost answer when there is no socket to break."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._store.reading() as connection:
            world = self._world(connection)
        request = Request(scope, receive, stopwatch_us(), world, scope["method"], raw_path(scope))
        try:
            answer = await self._answer(request)
        except Disconnected:
            return
        if not request.is_recorded:
            self._record_read(request, answer)
        await reply(request, answer, send)

    async def _answer(self, request: Request) -> Answer:
        try:
            if request.world.faults and await self._is_down(request):
                return Answer(0)
            return await self._understood(request)
        except Problem as problem:
            return _problem_answer(request, problem)
        except OverflowError:
            return _problem_answer(request, bad_request("A number or a day is out of range"))
        except sqlite3.OperationalError as error:
            _LOG.error("the store failed: %s", error)
            return _problem_answer(request, Problem(503, "GEN00503", "The hotel's system is busy"))

    async def _understood(self, request: Request) -> Answer:
        check_length(request)
        query_string: bytes = request.scope.get("query_string", b"")
        found = match(request.method, request.raw_path)
        operation = request.operation = found.operation
        request.headers = params.read_headers(request.scope["headers"], operation.headers)
        check_accept(request.headers)
        if operation.area == "oauth":
            return await self._token(request, query_string)
        with self._store.reading() as connection:
            request.grant = authorise(connection, request.headers, request.world.now_ms)
        request.segments = params.read_segments(found.segments, operation.segments)
        request.hotel = check_hotel(request.grant, request.headers, request.segments.get("hotelId"))
        request.query = params.read_query(query_string, operation.query)
        if operation.body:
            raw = await read_body(request, "application/json")
            request.body = bodies.parse(raw)
            bodies.check(request.body, operation.body)
        return await self._performed(request, operation)

    async def _performed(self, request: Request, operation: Operation) -> Answer:
        if request.world.faults and (suffered := await self._trouble.suffer(request, operation)):
            return suffered
        if not operation.is_write:
            with self._store.reading() as connection:
                answer = self._handle(request, operation, connection)
            if request.fault:
                await self._trouble.keep(request, answer)
            return answer
        if not self._store.guard:
            self._unguarded_look(request, operation)
        return await self._write(request, lambda connection: self._worked(request, operation, connection))

    async def _token(self, request: Request, query_string: bytes) -> Answer:
        params.read_query(query_string, {})
        operation = request.operation
        if request.world.faults and operation and (answer := await self._trouble.suffer(request, operation)):
            return answer
        if "x-app-key" not in request.headers:
            raise bad_request("The header is missing", "x-app-key", code="GEN00004")
        raw = await read_body(request, _FORM)
        form = params.read_form(raw, operation.form if operation else {})
        now = request.world.now_ms
        return await self._write(request, lambda connection: issue(connection, request.headers, form, now))

    def _handle(self, request: Request, operation: Operation, connection: sqlite3.Connection) -> Answer:
        world = self._world(connection)
        hotel = self._hotels.get(connection, world, request.hotel)
        if hotel is None or request.grant is None:
            raise Problem(403, "GEN00403", "The hotel does not exist")
        call = Call(
            connection=connection,
            world=world,
            hotels=self._hotels,
            hotel=hotel,
            user=request.grant.user,
            client_hotels=request.grant.hotels,
            operation=operation,
            segments=request.segments,
            query=request.query,
            body=request.body,
            base_url=base_url(request),
            guard=self._store.guard,
        )
        answer = HANDLERS[operation.id](call)
        return Answer(answer.status, answer.body, answer.headers, call.notes)

    async def _write(self, request: Request, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do `work` and write its ledger row in one transaction; a refusal undoes both."""
        connection = await self._begin()
        waiting, self._unwritten = self._unwritten, []
        try:
            answer = work(connection)
            if request.world.has_ledger:
                ledger.write(connection, [*waiting, self._entry(request, answer)])
        except BaseException:
            self._unwritten = waiting + self._unwritten
            self._store.end(connection, commit=False)
            raise
        self._store.end(connection, commit=True)
        request.is_recorded = True
        return answer

    async def _begin(self) -> sqlite3.Connection:
        pause, waited = _FIRST_PAUSE, 0.0
        while (connection := self._store.try_begin()) is None:
            if waited > _LOCK_SECONDS:
                raise Problem(503, "GEN00503", "The hotel's system is busy")
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, _LONGEST_PAUSE)
        return connection

    async def _is_down(self, request: Request) -> bool:
        await self._trouble.catch_up()
        return await self._trouble.is_down(request)

    def _worked(self, request: Request, operation: Operation, connection: sqlite3.Connection) -> Answer:
        answer = self._handle(request, operation, connection)
        if request.fault and request.fault.kind == "lookup_lag":
            keep(connection, request, request.fault, answer)
        return answer

    def _late(self, request: Request, operation: Operation, connection: sqlite3.Connection) -> None:
        """Do a request whose caller is long gone; a refusal leaves its ledger row and nothing else."""
        connection.execute("SAVEPOINT late")
        try:
            answer = self._handle(request, operation, connection)
        except (Problem, OverflowError) as error:
            connection.execute("ROLLBACK TO late")
            problem = error if isinstance(error, Problem) else bad_request("A number or a day is out of range")
            answer = _problem_answer(request, problem)
        connection.execute("RELEASE late")
        if request.world.has_ledger:
            ledger.write(connection, [self._entry(request, answer)])

    def _unguarded_look(self, request: Request, operation: Operation) -> None:
        """Tests only: look at the stock before the write begins, as a careless system does; then wait at a barrier."""
        if operation.id == "postReservation":
            with self._store.reading() as connection:
                self._handle_look(request, operation, connection)
            for hook in at_race:
                hook()

    def _handle_look(self, request: Request, operation: Operation, connection: sqlite3.Connection) -> None:
        from pms_mock.engine.reservations import careless_look  # noqa: PLC0415 - tests only

        hotel = self._hotels.get(connection, request.world, request.hotel)
        if hotel is not None and request.grant is not None:
            careless_look(
                Call(
                    connection, request.world, self._hotels, hotel, request.grant.user, request.grant.hotels, operation,
                    request.segments, request.query, request.body,
                )
            )  # fmt: skip

    def _record_read(self, request: Request, answer: Answer) -> None:
        if not request.world.has_ledger:
            return
        self._unwritten.append(self._entry(request, answer))
        connection = self._store.try_begin()
        if connection is None:
            del self._unwritten[:-_MAX_BUFFER]
            return
        waiting, self._unwritten = self._unwritten, []
        ledger.write(connection, waiting)
        self._store.end(connection, commit=True)

    def _entry(self, request: Request, answer: Answer) -> ledger.Entry:
        operation = request.operation
        return ledger.Entry(
            at_ms=request.world.now_ms,
            method=request.method[:10],
            path=operation.template if operation else "",
            hotel=request.hotel,
            operation=operation.id if operation else "",
            request_id=request.headers.get("x-request-id", "")[:80],
            status=answer.status,
            duration_us=stopwatch_us() - request.started_us,
            external_reference=answer.notes.get("external_reference", ""),
            fault=request.suffered,
        )


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _problem_answer(request: Request, problem: Problem) -> Answer:
    area = request.operation.area if request.operation else "ohip"
    body = problem.body(area, request.operation.template if request.operation else "")
    return Answer.json(problem.status, body, *problem.headers.items())
