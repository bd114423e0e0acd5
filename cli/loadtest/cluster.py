"""A PostgreSQL server of the run's own, from the system's programs: something whose restart hurts nobody else.

It lives in the run's temporary folder, listens on loopback alone and syncs as one in production does. `initdb` refuses
root, so for root both run as the system's user `postgres`; where there are no programs or no such user there is no
cluster, and `why_not` says why.
"""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cli.loadtest.processes import Process, with_parent
from integration.errors import StoreUnavailable

OWNER, DATABASE = "santral", "santral"
START_S, MAKE_S, POLL_S = 60.0, 120.0, 0.05
SETTINGS = {
    "max_connections": "120", "shared_buffers": "64MB", "logging_collector": "off", "log_min_messages": "fatal",
    "listen_addresses": "127.0.0.1",
}  # fmt: skip


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; None when the system has none."""
    found = [Path(one).parent for one in [shutil.which("initdb")] if one]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in found if (one / "initdb").exists() and (one / "postgres").exists()), None)


def why_not() -> str:
    """Why there can be no cluster; empty when there can."""
    if find_spec("psycopg") is None:
        return 'psycopg is not installed (pip install "santral[postgres]")'
    if programs() is None:
        return "there are no PostgreSQL programs here"
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


class Cluster:
    """One server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """`folder` must not be there yet. StoreUnavailable when a cluster is impossible here."""
        found = programs()
        if why_not() or found is None:
            raise StoreUnavailable("No PostgreSQL can be started here: {why}.", why=why_not())
        self._bin, self._folder = found, folder
        self._as: Mapping[str, Any] = {"user": _user()} if _user() else {}
        self._process: Process | None = None
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])

    @property
    def url(self) -> str:
        """The database's address."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        """The server's id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process is not None else None

    def make(self) -> None:
        """Make the cluster. StoreUnavailable when `initdb` does not."""
        self._folder.mkdir()
        _open_the_way(self._folder)
        if self._as:
            shutil.chown(self._folder, **self._as)
        words = [f"{self._bin}/initdb", "-D", f"{self._folder}/data", "-U", OWNER, "-A", "trust", "-E", "UTF8",
                 "--no-locale"]  # fmt: skip
        done = subprocess.run(  # noqa: S603 - the system's program, words of ours
            words, check=False, capture_output=True, cwd=self._folder, timeout=MAKE_S, **self._as
        )
        if done.returncode:
            raise StoreUnavailable("No PostgreSQL can be started here: {why}.", why=done.stderr.decode()[-200:].strip())

    async def start(self) -> None:
        """Start it, and wait until it answers; the database is made with the first start."""
        settings = {**SETTINGS, "unix_socket_directories": str(self._folder), "port": str(self.port)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                f"{self._bin}/postgres", "-D", f"{self._folder}/data", *words, stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self._folder, start_new_session=True, preexec_fn=with_parent, **self._as,
            )  # fmt: skip
        await self._answers()

    async def _answers(self) -> None:
        loop = asyncio.get_running_loop()
        limit = loop.time() + START_S
        while not await asyncio.to_thread(self._make_database):
            if self.pid is None or loop.time() > limit:
                raise StoreUnavailable("PostgreSQL does not answer.")
            await asyncio.sleep(POLL_S)

    def _make_database(self) -> bool:
        """Whether the server answers; our database is there then."""
        import psycopg

        server = f"postgresql://{OWNER}@127.0.0.1:{self.port}/postgres"
        try:
            with psycopg.connect(server, autocommit=True, connect_timeout=5) as connection:
                row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
                if row is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    async def stop(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """End it: at once but in order (`pg_ctl stop -m fast`), which breaks every connection."""
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(how)
        try:
            await asyncio.wait_for(self._process.wait(), START_S)
        except TimeoutError:
            self._process.send_signal(signal.SIGQUIT)
            await self._process.wait()


def _open_the_way(folder: Path) -> None:
    """Let another user pass through the run's temporary folder, which is the owner's alone."""
    parent = folder.parent
    parent.chmod(parent.stat().st_mode | 0o011)
