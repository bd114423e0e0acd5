"""The hotel on a real socket.

The socket is bound first, so that port 0 gives a port that can be announced before the first request. One worker runs
here; several are processes of their own that share the listening socket and the hotel's file. A worker that dies is
replaced; workers whose parent dies stop by themselves, because the pipe they hold to it closes.

A lost answer is a broken TCP connection: the protocol hands the application a way to abort its transport.
"""

import asyncio
import contextlib
import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pms_mock.app import create_app
from pms_mock.outgoing import ABORT_KEY
from pms_mock.store import MockStore

_BACKLOG = 2048
_KEEP_ALIVE_S = 75
_STOP_S = 5.0


class AbortingProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which also tells the application how to break the connection."""

    def on_message_begin(self) -> None:
        """Begin a request and put the transport's abort into its scope."""
        super().on_message_begin()
        cast("dict[str, object]", self.scope)[ABORT_KEY] = self.transport.abort


@dataclass(frozen=True, slots=True)
class Served:
    """Which store, and how far its clock is shifted here."""

    path: str
    clock_offset_s: float


def serve(
    path: str,
    host: str = "127.0.0.1",
    port: int = 0,
    workers: int = 1,
    on_ready: Callable[[str], None] | None = None,
    *,
    clock_offset_s: float = 0.0,
) -> None:
    """Serve the store at `path` until SIGINT or SIGTERM. `on_ready` is called once with the URL.

    `clock_offset_s` shifts the clock of this server on top of the offset kept in the file.

    Raises OSError when the address is taken and StoreError when the file is foreign.
    """
    MockStore(path).close()
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    try:
        if workers == 1:
            _run(Served(path, clock_offset_s), listener, None, on_ready and (lambda: on_ready(url)))
        else:
            _Parent(Served(path, clock_offset_s), listener, workers).run(on_ready, url)
    finally:
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
        listener.set_inheritable(True)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it listens and stops when its parent is gone."""

    def __init__(self, config: uvicorn.Config, parent: Connection | None, on_ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._parent, self._on_ready = parent, on_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM and return, where uvicorn would raise them again."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._parent is not None:
            asyncio.get_running_loop().add_reader(self._parent.fileno(), self._stop)
            self._parent.send_bytes(b"ready")
        if self._on_ready:
            self._on_ready()

    def _stop(self) -> None:
        if self._parent is not None:
            asyncio.get_running_loop().remove_reader(self._parent.fileno())
        self.should_exit = True


def _run(
    served: Served, listener: socket.socket, parent: Connection | None, on_ready: Callable[[], None] | None
) -> None:
    store = MockStore(served.path)
    config = uvicorn.Config(
        create_app(store, clock_offset_s=served.clock_offset_s),
        http=AbortingProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(_STOP_S),
    )
    try:
        _Server(config, parent, on_ready).run(sockets=[listener])
    finally:
        store.close()


def _worker(served: Served, listener: socket.socket, parent: Connection) -> None:
    _run(served, listener, parent, None)


class _Parent:
    """Starts the workers, replaces the dead, stops them all."""

    def __init__(self, served: Served, listener: socket.socket, workers: int) -> None:
        self._served, self._listener, self._count = served, listener, workers
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[tuple[BaseProcess, Connection]] = []
        self._stop_reader, self._stop_writer = self._context.Pipe(duplex=False)

    def run(self, on_ready: Callable[[str], None] | None, url: str) -> None:
        previous = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._workers = [self._start() for _ in range(self._count)]
            for _, pipe in self._workers:
                wait([pipe, self._stop_reader])
            if on_ready:
                on_ready(url)
            while not self._stop_reader.poll():
                wait([self._stop_reader, *(process.sentinel for process, _ in self._workers)])
                self._workers = [pair if pair[0].is_alive() else self._replace(pair) for pair in self._workers]
        finally:
            for process, pipe in self._workers:
                pipe.close()
                process.join(_STOP_S + 1)
                if process.is_alive():
                    process.kill()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _replace(self, pair: tuple[BaseProcess, Connection]) -> tuple[BaseProcess, Connection]:
        pair[1].close()
        pair[0].join()
        return pair if self._stop_reader.poll() else self._start()

    def _start(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_worker, args=(self._served, self._listener, theirs), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_writer.send_bytes(b"stop")
