"""A PostgreSQL server of the tests' own, from the system's programs; a fresh database for whoever asks.

    url = a_database()                 # an empty store: a copy of a template with the schema
    url = a_database(empty=True)       # nothing in it at all
    with a_server() as server: ...     # a server of one test alone, to be killed and started again

The common server starts with the first use and ends with the tests; tests on several processes have one each. It lives
in a temporary folder, listens on loopback and on a socket there, sorts as Turkish does (so that what must sort by bytes
has to say so), and does not sync (one for torture does). `initdb` refuses root: then both run as the user `postgres`.
Where there are no programs, or root has no such user, a test is skipped and says why.
"""

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

START_S = 60
OWNER = "santral"
PARENT_DIES = 1
FAST = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}
SURE = {"fsync": "on", "synchronous_commit": "on"}
COMMON = {"max_connections": "120", "shared_buffers": "32MB", "logging_collector": "off", "log_min_messages": "fatal"}
NUMBERS = count(1)
STORES = ("sqlite", "postgresql")


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; None when the system has none."""
    found = [Path(one).parent for one in [shutil.which("initdb")] if one]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in found if (one / "initdb").exists() and (one / "postgres").exists()), None)


def why_not() -> str:
    """Why no server can be started; empty when one can."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    if programs() is None:
        return "there are no PostgreSQL programs (apt-get install postgresql)"
    if os.geteuid() == 0 and _user() is None:
        return "initdb refuses root, and there is no user postgres"
    return ""


def _user() -> str | None:
    """Who runs the server: `postgres` when we are root."""
    if os.geteuid():
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return None


def _with_parent() -> None:
    """End the server when the tests are killed."""
    ctypes.CDLL(None).prctl(PARENT_DIES, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """One server. `start` again after `kill`: it recovers from its log, at the same address."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, self.port = folder, _free_port()
        self._settings = {**COMMON, **settings, "unix_socket_directories": str(folder), "port": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None
        bin_ = programs()
        assert bin_ is not None
        self._bin = bin_
        self._as: dict[str, Any] = {"user": _user()} if _user() else {}

    def make(self) -> None:
        """Make the cluster, sorting as Turkish does where the programs can."""
        if self._as:
            shutil.chown(self.folder, **self._as)
        base = [f"{self._bin}/initdb", "-D", f"{self.folder}/data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "-N"]
        for sorting in (["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=tr-TR"], ["--no-locale"]):
            done: subprocess.CompletedProcess[bytes] = subprocess.run(
                [*base, *sorting], check=False, capture_output=True, cwd=self.folder, **self._as
            )
            if done.returncode == 0:
                return
            shutil.rmtree(self.folder / "data", ignore_errors=True)
        raise RuntimeError(done.stderr.decode())

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.spawn()
        self.wait()

    def spawn(self) -> None:
        """Start. From the main thread: the server ends with the thread that starts it."""
        words = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            [self._bin / "postgres", "-D", self.folder / "data", *words], stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, cwd=self.folder, preexec_fn=_with_parent, **self._as,  # noqa: PLW1509 - from the main thread
        )  # fmt: skip
        log.close()

    def wait(self) -> None:
        """Wait until it answers."""
        assert self._process is not None
        end = monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert monotonic() < end, "the server does not answer"
            sleep(0.02)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End it at once, as a power cut would (`pg_ctl stop -m immediate`)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_S)

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def do(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements, each committed by itself; the rows of the last, if it has any."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self, template: str = "template0") -> str:
        """The address of a fresh database."""
        name = f"t{os.getpid()}_{next(NUMBERS)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def end(self) -> None:
        """Stop it and leave nothing behind."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _made(settings: dict[str, str]) -> Server:
    reason = why_not()
    if reason:
        pytest.skip(f"no PostgreSQL to try it on: {reason}")
    server = Server(Path(tempfile.mkdtemp(prefix="spg-", dir="/tmp")), settings)
    atexit.register(server.end)
    server.make()
    server.start()
    return server


@contextmanager
def a_server() -> Iterator[Server]:
    """A server of one test alone, which syncs as one in production does."""
    server = _made(SURE)
    try:
        yield server
    finally:
        server.end()
        atexit.unregister(server.end)


@lru_cache
def the_server() -> Server:
    """The server that all tests of this process share."""
    return _made(FAST)


def server_of(store: str) -> Server | None:
    """The common server for a test of one of the `STORES`; None: the store is a file."""
    return the_server() if store == "postgresql" else None


@lru_cache
def _template() -> str:
    """The name of a database with the schema and nothing in it."""
    from integration.adapters.store.postgres_link import connect
    from integration.adapters.store.postgres_place import place_of
    from integration.adapters.store.postgres_schema import make_ready

    place = place_of(the_server().database())
    with connect(place) as connection:
        make_ready(connection, place, create=True)
    return name_of(str(place))


def name_of(url: str) -> str:
    """The database an address names."""
    return url.rpartition("/")[2]


def a_database(*, empty: bool = False, template: str = "") -> str:
    """The address of a database of the common server: an empty store, or quite empty, or a copy of another."""
    server = the_server()
    return server.database("template0" if empty else template or _template())


def drop(url: str) -> None:
    """Give a database back."""
    the_server().do(f"DROP DATABASE {name_of(url)} WITH (FORCE)")
