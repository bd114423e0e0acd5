"""The outermost layer: counts, times, and lets no exception out.

Pure ASGI, because a wrapped request of the framework's own kind costs more than its work. Whatever is not an error we
foresee becomes a problem of its own with a number; the log holds that number, the class of the exception and the place
in our code, and neither its text nor a trace, which could name a guest.
"""

from time import perf_counter
from types import TracebackType

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integration.http.edge_errors import InternalError
from integration.http.languages import language_of
from integration.http.problem import problem
from integration.http.service import Service
from integration.ports.timing import TIMING, Timing

NO_ROUTE = "(none)"
_GONE = 499


class Edge:
    """Around the whole application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; other kinds of connection untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        passage = _Passage(send)
        mark = TIMING.set(passage.timing)
        try:
            await self.app(scope, receive, passage.send)
        except ClientDisconnect:
            passage.status = passage.status or _GONE
        except Exception as error:  # noqa: BLE001 - the edge of the service: nothing may pass it
            await self._own_fault(error, passage, scope, receive)
        finally:
            TIMING.reset(mark)
            self.service.metrics.request(
                scope["method"], template_of(scope), passage.status or _GONE, passage.seconds()
            )

    async def _own_fault(self, error: Exception, passage: "_Passage", scope: Scope, receive: Receive) -> None:
        request_id = self.service.desk.ids.new("req")
        self.service.log.error(
            "internal_error", request_id=request_id, route=template_of(scope), method=scope["method"],
            error_class=type(error).__name__, place=_place(error.__traceback__),
        )  # fmt: skip
        if passage.status == 0:
            headers = dict(scope["headers"])
            language = language_of(headers.get(b"accept-language", b"").decode("latin-1"))
            told = InternalError(request_id=request_id)
            answer = problem(told, self.service.desk.phrases, language, f"urn:santral:request:{request_id}")
            await answer(scope, receive, passage.send)


class _Passage:
    """One request on its way out."""

    __slots__ = ("_began", "_send", "status", "timing")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._began = perf_counter()
        self.timing = Timing()
        self.status = 0

    def seconds(self) -> float:
        return perf_counter() - self._began

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), (b"server-timing", self.timing.header(self.seconds()))]
        await self._send(message)


def template_of(scope: Scope) -> str:
    """`/v1/reservations/{reservation_id}`; `(none)` for a path that is not ours."""
    route = scope.get("route")
    return str(route.path) if route is not None else NO_ROUTE


def _place(trace: TracebackType | None) -> str:
    """Module and line of the innermost frame of ours: `integration.http.visit:120`."""
    place = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] in {"domain", "integration"} or not place:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
