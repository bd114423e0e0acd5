"""The processes of the demo: `santral` itself, started as IT would start it, ended by their ids."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from integration.errors import StoreUnavailable

START_PATIENCE_S = 30.0
STOP_PATIENCE_S = 10.0


@asynccontextmanager
async def server(*words: str, env: Mapping[str, str]) -> AsyncIterator[str]:
    """Start `santral WORDS --port 0` and give its address once it listens; ended by its id afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", *words, "--port", "0", env=dict(env), stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield await _address(process, " ".join(words))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _address(process: asyncio.subprocess.Process, what: str) -> str:
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_PATIENCE_S) if process.stdout else b""
        return str(json.loads(line)["url"])
    except (TimeoutError, ValueError, KeyError) as error:
        raise StoreUnavailable("`santral {what}` did not come up.", what=what) from error


async def command(*words: str, env: Mapping[str, str]) -> None:
    """`santral WORDS` in a process of its own; OSError when it does not end well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", *words, env=dict(env), stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        ended = await asyncio.wait_for(process.wait(), START_PATIENCE_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if ended:
        raise OSError(ended, f"santral {words[0]} {words[1]}")
