"""The processes of a run: the mock PMS, the service, the generator. Each is started here and ended by its own id.

They run in sessions of their own, so that Ctrl-C in the terminal reaches the conductor alone, which then ends them in
order; should the conductor die without a word, the system ends them (Linux). A server that was killed starts again on
the port it had, as a supervisor of services would do it. What they say goes into a log in the run's folder.
"""

import asyncio
import ctypes
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from integration.errors import StoreUnavailable

START_S, STOP_S = 60.0, 15.0
_PARENT_DIES = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
Env = Callable[[], Mapping[str, str]]


def with_parent() -> None:
    """In a child before its program starts: end when the parent does."""
    if _LIBC is not None:
        _LIBC.prctl(_PARENT_DIES, signal.SIGTERM)


async def spawn(words: Sequence[str], env: Mapping[str, str], log: Path, *, is_read: bool = False) -> "Process":
    """Start a program; its stderr, and its stdout unless it `is_read`, go to the end of `log`."""
    with log.open("ab") as told:
        return await asyncio.create_subprocess_exec(
            *words, env=dict(env), stdin=asyncio.subprocess.DEVNULL, stderr=told,
            stdout=asyncio.subprocess.PIPE if is_read else told, start_new_session=True, preexec_fn=with_parent,
        )  # fmt: skip


async def end(process: "Process", *, patience_s: float = STOP_S) -> None:
    """Ask it to stop, and kill it when it does not."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), patience_s)
    except TimeoutError:
        await kill(process)


async def kill(process: "Process") -> None:
    """End it at once, as a crash would."""
    if process.returncode is None:
        process.kill()
    await process.wait()


Process = asyncio.subprocess.Process


class Server:
    """`santral WORDS --port P`. `env` is asked anew at every start, for a clock that has moved on."""

    def __init__(self, name: str, words: Sequence[str], env: Env, folder: Path) -> None:
        """Start nothing yet. `folder`: where its log goes."""
        self.name, self._words, self._env = name, tuple(words), env
        self._log = folder / f"{name}.log"
        self._process: Process | None = None
        self.port, self.url = 0, ""

    @property
    def pid(self) -> int | None:
        """Its id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process is not None else None

    async def start(self) -> str:
        """Start it, on the port it had before if there was one; its address once it listens. StoreUnavailable when it
        does not come up."""
        words = [sys.executable, "-m", "cli.main", *self._words, "--port", str(self.port)]
        self._process = await spawn(words, self._env(), self._log, is_read=True)
        try:
            assert self._process.stdout is not None  # noqa: S101 - it is read
            line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
            self.url = str(json.loads(line)["url"])
        except (TimeoutError, ValueError, KeyError) as error:
            await kill(self._process)
            raise StoreUnavailable(
                "`santral {what}` did not come up.", what=" ".join(self._words), hint=f"Its log: {self._log}"
            ) from error
        self.port = int(self.url.rpartition(":")[2])
        return self.url

    async def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            await end(self._process)

    async def kill(self) -> None:
        """End it at once, if it runs."""
        if self._process is not None:
            await kill(self._process)
