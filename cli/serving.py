"""The service on a real socket, in one process or several.

The socket is bound first, so that port 0 gives a port that can be announced before the first request. Several
workers are processes of their own that share the socket and the home's files; one that dies is replaced, and
workers whose parent dies stop by themselves, because the pipe they hold to it closes.
"""

import asyncio
import multiprocessing
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType

import uvicorn

from cli.service import service_app
from domain.errors import InvalidInput
from integration.errors import ServiceError
from integration.settings import Settings

_BACKLOG = 2048
_KEEP_ALIVE_S = 75
_STOP_S = 30
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ServiceFailed(ServiceError):
    """A worker of the service ended before it listened."""

    code = "service_failed"


def serve(settings: Settings, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` is called once with the URL. InvalidInput when the address is taken."""
    listener = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    before = {number: signal.signal(number, _ignore) for number in _SIGNALS}
    try:
        if settings.workers == 1:
            _run(settings, listener, None, lambda: on_ready(url))
        else:
            _Fleet(settings, listener).run(lambda: on_ready(url))
    finally:
        listener.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; InvalidInput when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
        listener.set_inheritable(True)
    except (OSError, OverflowError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(
            "{host}:{port} cannot be served: {why}.", host=host, port=str(port), why=why, field="port"
        ) from error
    return listener


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The server has its own handler while it runs, and hands the signal on to this one when it has ended."""


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it listens and stops when its parent is gone."""

    def __init__(self, config: uvicorn.Config, parent: Connection | None, on_ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._parent, self._on_ready = parent, on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._parent is not None:
            asyncio.get_running_loop().add_reader(self._parent.fileno(), self._stop)
            with suppress(BrokenPipeError):
                self._parent.send_bytes(b"ready")
        if self._on_ready is not None:
            self._on_ready()

    def _stop(self) -> None:
        if self._parent is not None:
            asyncio.get_running_loop().remove_reader(self._parent.fileno())
        self.should_exit = True


def _run(
    settings: Settings, listener: socket.socket, parent: Connection | None, on_ready: Callable[[], None] | None
) -> None:
    config = uvicorn.Config(
        service_app(settings),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        lifespan="on",
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_STOP_S,
    )
    try:
        _Server(config, parent, on_ready).run(sockets=[listener])
    except SystemExit as end:
        raise ServiceFailed("The service could not start; its log says why.") from end


def _worker(settings: Settings, listener: socket.socket, parent: Connection) -> None:
    """A worker ends with its parent: the terminal's Ctrl-C reaches the whole group and is the parent's to hear. It is
    started with Ctrl-C blocked, so that it is deaf to it from its first moment.
    """
    for number in _SIGNALS:
        signal.signal(number, _ignore)
    _run(settings, listener, parent, None)


Pair = tuple[BaseProcess, Connection]


class _Fleet:
    """Starts the workers, replaces the dead, stops them all."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self._settings, self._listener = settings, listener
        self._context = multiprocessing.get_context("spawn")
        self._stop_reader, self._stop_writer = self._context.Pipe(duplex=False)
        self._workers: list[Pair] = []

    def run(self, on_ready: Callable[[], None]) -> None:
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        try:
            self._workers = [self._start() for _ in range(self._settings.workers)]
            for pair in self._workers:
                self._await_ready(pair)
            if not self._stop_reader.poll():
                on_ready()
            while not self._stop_reader.poll():
                wait([self._stop_reader, *(process.sentinel for process, _ in self._workers)])
                self._workers = [pair if pair[0].is_alive() else self._replace(pair) for pair in self._workers]
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _await_ready(self, pair: Pair) -> None:
        process, pipe = pair
        wait([pipe, self._stop_reader, process.sentinel])
        if not pipe.poll() and not process.is_alive() and not self._stop_reader.poll():
            raise ServiceFailed("A worker of the service could not start; its log says why.")

    def _end(self) -> None:
        for _, pipe in self._workers:
            pipe.close()
        for process, _ in self._workers:
            process.join(_STOP_S + 5)
            if process.is_alive():
                process.kill()

    def _replace(self, pair: Pair) -> Pair:
        pair[1].close()
        pair[0].join()
        return pair if self._stop_reader.poll() else self._start()

    def _start(self) -> Pair:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_worker, args=(self._settings, self._listener, theirs), daemon=True)
        resource_tracker.ensure_running()  # or starting it would let Ctrl-C through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        return process, ours

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_writer.send_bytes(b"stop")
