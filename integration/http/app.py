"""The service as one ASGI application: routes, errors, what starts and stops with it.

`create_app(desk)` is all there is to it; tests hand over a desk of fakes. Workers (the sweep of lapsed holds) are
handed in by whoever wires the process: http and workers do not know each other. The hot route stands first, because
every route before it is tried on every request.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Protocol

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from domain.errors import DomainError
from integration.errors import ServiceError
from integration.http.auth import Tokens
from integration.http.describe import document
from integration.http.edge_errors import BodyMalformed, EdgeError, MethodNotAllowed, PathUnknown, SchemaViolation
from integration.http.languages import language_of
from integration.http.metrics import Metrics
from integration.http.middleware import Edge, template_of
from integration.http.problem import Problematic, kind_of, problem
from integration.http.readiness import Readiness
from integration.http.routes import all_routes
from integration.http.service import EventLog, Service, Wake, asleep, service_of
from integration.http.timing import TimedStore
from integration.http.violations import field_of
from integration.http.writes import Writes
from integration.usecases.desk import Desk

DRAIN_S = 30.0
STOP_S = 10.0
_OURS = 500
Hook = Callable[[], Awaitable[object]]


class Worker(Protocol):
    """Something that runs beside the requests. `run` returns soon after `stop` is called, its round finished."""

    async def run(self) -> None: ...
    def stop(self) -> None: ...


def create_app(
    desk: Desk,
    *,
    workers: Sequence[Worker] = (),
    on_start: Sequence[Hook] = (),
    on_close: Sequence[Hook] = (),
    metrics: Metrics | None = None,
    log: EventLog | None = None,
    wake: Wake = asleep,
) -> FastAPI:
    """Make the application. `on_start` hooks run before the first request (the check of status mappings); what they
    raise ends the process. `on_close` hooks run last, when no request and no write is under way. `metrics`: the one
    whose `pms_call` the PMS client was built with. `wake` is called with the number of each delivery that was stored.
    """
    timed = replace(desk, store=TimedStore(desk.store))
    service = Service(
        desk=timed,
        tokens=Tokens(timed),
        writes=Writes(),
        readiness=Readiness(timed),
        metrics=metrics or Metrics(),
        log=log or structlog.get_logger("santral.http"),
        wake=wake,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for hook in on_start:
            await hook()
        running = [(worker, _started(worker, service)) for worker in workers]
        try:
            yield
        finally:
            await _stop(running, service)
            for hook in on_close:
                await hook()

    app = FastAPI(
        title="Santral", version=version("santral"), routes=all_routes(), lifespan=lifespan, openapi_url=None,
        docs_url=None, redoc_url=None, redirect_slashes=False,
    )  # fmt: skip
    app.state.service = service
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.add_middleware(Edge, service=service)
    _answer_errors(app)
    return app


def _started(worker: Worker, service: Service) -> "asyncio.Task[None]":
    """Run a worker; one that dies is heard of at once, not when the service stops."""

    def ended(task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            service.log.error("worker_died", error_class=type(error).__name__)

    task = asyncio.create_task(worker.run())
    task.add_done_callback(ended)
    return task


async def _stop(running: Sequence[tuple[Worker, "asyncio.Task[None]"]], service: Service) -> None:
    """Ask the workers to end, wait, and only then insist; then let writes end."""
    for worker, _ in running:
        worker.stop()
    tasks = [task for _, task in running]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=STOP_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    left = await service.writes.drain(DRAIN_S)
    if left:
        service.log.warning("writes_left_behind", count=left)


def _answer_errors(app: FastAPI) -> None:
    for cls in (DomainError, ServiceError, EdgeError):
        app.add_exception_handler(cls, _foreseen)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _of_parameters)


async def _foreseen(request: Request, error: Exception) -> Response:
    """An error of ours, as a problem."""
    assert isinstance(error, DomainError | ServiceError | EdgeError)  # noqa: S101 - it is registered for these
    return _told(request, error)


def _told(request: Request, error: Problematic) -> Response:
    service = service_of(request.scope)
    language = language_of(request.headers.get("accept-language", ""))
    answer = problem(error, service.desk.phrases, language, request.scope["path"])
    key = getattr(request.state, "request_key", None)
    if key is not None:
        answer.headers["Idempotency-Key"] = key
    if kind_of(type(error)).status >= _OURS:
        service.log.warning(
            "request_failed", route=template_of(request.scope), method=request.method, code=error.code, request_key=key
        )
    return answer


async def _of_framework(request: Request, error: Exception) -> Response:
    """A path or method that is not there."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this
    allowed = methods_of(request.scope)
    if not allowed:
        return _told(request, PathUnknown())
    if request.method not in allowed:
        headers = {"Allow": ", ".join(sorted(allowed))}
        return _told(request, MethodNotAllowed(headers=headers, method=request.method[:20]))
    return _told(request, BodyMalformed())


def methods_of(scope: Scope) -> set[str]:
    """Every method the path takes, whichever route it is written at."""
    found: set[str] = set()
    for route in scope["app"].routes:
        if route.matches(scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return found


async def _of_parameters(request: Request, error: Exception) -> Response:
    """A path or query parameter that cannot be read."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for this
    found: list[Mapping[str, object]] = [{**one, "loc": tuple(one["loc"])[1:]} for one in error.errors()]
    return _told(request, SchemaViolation(found, field_of(found[0]["loc"])))
