"""The generator's processes: one alone, a master with workers here, or a master that waits for workers elsewhere.

Other machines get the run's folder (shared, or `plan.json` and `tokens.json` copied) and run `santral loadtest worker`
on it. Each writes files of its own; where the folder is not shared, they are copied back while the conductor waits.
"""

import asyncio
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.loadtest.processes import Process, end, spawn
from cli.loadtest.wishes import LOOPBACK, LoadWish
from domain.errors import InvalidInput
from integration.errors import ConfigurationError, StoreUnavailable
from loadtests.launch import MASTER_PORT, Role, generator_command, generator_env, is_installed
from loadtests.run_plan import GENERATOR, JOURNAL, PLAN, SAMPLES, TOKENS, read_start

POLL_S = 0.02
STOP_S, GATHER_S = 20.0, 900.0
LOG = "generator.log"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - named to be refused


def check_installed(is_there: Callable[[], bool] = is_installed) -> None:
    """ConfigurationError when Locust is not there."""
    if not is_there():
        raise ConfigurationError(
            "A load test needs Locust, which is not installed.", hint='pip install "santral[load]" brings it.'
        )


def check_listen(wish: LoadWish, *, is_served: bool) -> None:
    """InvalidInput when other machines cannot be waited for at the address. `is_served`: our service stands there too,
    so it must be one by which they reach this machine, not the sign for all of them."""
    if not wish.expect:
        return
    try:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((wish.listen, MASTER_PORT))
            is_any = one.getsockname()[0] == EVERYWHERE
    except (OSError, UnicodeError) as error:
        raise InvalidInput(
            "Nobody can be waited for at {place}: {why}.", place=f"{wish.listen[:80]}:{MASTER_PORT}",
            why=getattr(error, "strerror", None) or "this is no address", field="listen",
            hint="--listen takes an address of this machine.",
        ) from error  # fmt: skip
    if is_any and is_served:
        raise InvalidInput(
            "--listen needs the address by which the others reach this machine, not {place}.", place=wish.listen[:80],
            field="listen",
        )  # fmt: skip


class Generator:
    """All of them together. `workers`: here; `expect`: on other machines, which `listen` must let in."""

    def __init__(self, folder: Path, environ: Mapping[str, str], background: int) -> None:
        """Start nothing yet. `background`: scripts that go on beside the contacts."""
        self._folder, self._background = folder, background
        self._env = generator_env(folder, environ)
        self._log = folder / LOG
        self._all: list[Process] = []
        self._port = MASTER_PORT

    async def start(self, *, workers: int, expect: int, listen: str) -> None:
        """Start them; none makes load yet."""
        if workers == 1 and not expect:
            await self._spawn(Role.ALONE, 1, listen)
            return
        self._port = MASTER_PORT if expect else free_port()
        await self._spawn(Role.MASTER, expect or workers, listen)
        for _ in range(0 if expect else workers):
            await self._spawn(Role.WORKER, workers, LOOPBACK)

    async def started(self, patience_s: float) -> int:
        """The instant (Unix nanoseconds) at which the load begins, as soon as it is known. StoreUnavailable when the
        generator ends first, or nobody says it in time."""
        loop = asyncio.get_running_loop()
        limit = loop.time() + patience_s
        while (t0_ns := read_start(self._folder)) is None:
            if self.is_over or loop.time() > limit or not self._folder.is_dir():
                raise StoreUnavailable("The load generator did not begin.", hint=f"Its log: {self._log}")
            await asyncio.sleep(POLL_S)
        return t0_ns

    @property
    def is_over(self) -> bool:
        """Whether the one that counts has ended."""
        return bool(self._all) and self._all[0].returncode is not None

    async def ended(self) -> None:
        """Until all have ended."""
        for process in self._all:
            await process.wait()

    async def stop(self) -> None:
        """End those that still run, the workers first."""
        for process in reversed(self._all):
            await end(process, patience_s=STOP_S)

    async def _spawn(self, role: Role, processes: int, host: str) -> None:
        command = generator_command(
            self._folder, role=role, processes=processes, background=self._background, host=host, port=self._port
        )
        self._all.append(await spawn(command, self._env, self._log))


def free_port() -> int:
    """A port of this machine that nobody has now: two runs side by side must not take each other's workers."""
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])


def missing_files(folder: Path, processes: int) -> list[str]:
    """The last file of each process that is not there yet."""
    return [name for name in map(GENERATOR.format, range(processes)) if not (folder / name).is_file()]


async def wait_for_files(folder: Path, processes: int) -> None:
    """Until they are all there, or it has lasted too long."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + GATHER_S
    while missing_files(folder, processes) and loop.time() < limit:
        await asyncio.sleep(1.0)


def work(folder: Path, environ: Mapping[str, str], master: str, port: int) -> dict[str, str]:
    """Be one worker of a master on another machine, to its end. InvalidInput for a folder of no run,
    ConfigurationError without Locust, StoreUnavailable when it does not end well. The tokens' copy is deleted."""
    check_installed()
    if not (folder / PLAN).is_file() or not (folder / TOKENS).is_file():
        raise InvalidInput(
            "{place} is not the folder of a run that is about to begin: it needs {files}.", place=str(folder),
            files=f"{PLAN}, {TOKENS}", field="folder",
        )  # fmt: skip
    try:
        code = asyncio.run(_work(folder, environ, master, port))
    finally:
        (folder / TOKENS).unlink(missing_ok=True)
    if code:
        raise StoreUnavailable("The load generator did not end well.", hint=f"Its log: {folder / LOG}")
    written = sorted(one.name for kind in (SAMPLES, JOURNAL, GENERATOR) for one in folder.glob(kind.format("*")))
    return {"folder": str(folder), "files": ", ".join(written)}


async def _work(folder: Path, environ: Mapping[str, str], master: str, port: int) -> int:
    command = generator_command(folder, role=Role.WORKER, host=master, port=port)
    process = await spawn(command, generator_env(folder, environ), folder / LOG)
    try:
        return await process.wait()
    finally:
        await end(process, patience_s=STOP_S)
