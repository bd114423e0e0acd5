"""Real generators for tests: a toy server on the loopback, a run's folder, and Locust as processes beside it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.parse import urlencode
from urllib.request import urlopen

from loadtests.generator import Health, read_health
from loadtests.journal import Entry, read_journal
from loadtests.launch import Role, generator_command, generator_env
from loadtests.run_plan import TOKENS, write_plan
from loadtests.samples import Samples, read_samples
from tests.loadtests.runs import a_plan

ROOT = Path(__file__).resolve().parent.parent.parent
TOY = Path(__file__).with_name("toy_locustfile.py")
PATIENCE_S = 90.0
SPEED = 60.0
_PAUSE = Event()


@dataclass(frozen=True, slots=True)
class Left:
    """What a generator left in its folder."""

    samples: Samples
    journal: list[Entry]
    health: list[Health]


@contextmanager
def toy_server(**env: str) -> Iterator[str]:
    """The address of a server that answers at once."""
    command = [sys.executable, "-m", "tests.loadtests.toy_server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, **env}
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


def a_folder(path: Path, url: str, seconds: float, **plan: object) -> Path:
    """The folder of a run of so many real seconds."""
    path.mkdir(exist_ok=True)
    start_s = 36_000.0
    write_plan(path, a_plan(url=url, start_s=start_s, end_s=start_s + seconds * SPEED, speed=SPEED, **plan))
    (path / TOKENS).write_text("{}", encoding="utf-8")
    return path


def start(
    folder: Path, role: Role = Role.ALONE, processes: int = 1, port: int = 0, **env: str
) -> subprocess.Popen[bytes]:
    """One generator process; its talk goes into the folder."""
    command = generator_command(
        folder,
        role=role,
        processes=processes,
        background=int(env.get("TOY_BACKGROUND", "0")),
        port=port,
        locustfile=TOY,
    )
    with (folder / "generator.log").open("ab") as log:
        return subprocess.Popen(command, env=generator_env(folder, {**os.environ, **env}), stdout=log, stderr=log)


def ended(folder: Path, *processes: subprocess.Popen[bytes]) -> Left:
    """What they left when they have come to their end."""
    try:
        codes = [one.wait(PATIENCE_S) for one in processes]
    finally:
        for one in processes:
            one.kill()
    assert not any(codes), (folder / "generator.log").read_text(encoding="utf-8")
    return left(folder)


def left(folder: Path) -> Left:
    """What is in the folder now."""
    samples, journals = sorted(folder.glob("samples-*.csv")), sorted(folder.glob("journal-*.jsonl"))
    return Left(read_samples(samples), read_journal(journals), read_health(folder))


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def run_to_end(folder: Path, **env: str) -> Left:
    """One process, from start to end."""
    return ended(folder, start(folder, Role.ALONE, 1, 0, **env))


def share_slower(found: Samples, ms: float) -> float:
    """The share of requests that took longer."""
    return float((found.latency_ms > ms).mean())


def acknowledged(journal: Sequence[Entry]) -> list[str]:
    """The keys of the writes that were, in order."""
    return [one.key for one in journal if one.fate == "acknowledged"]


@contextmanager
def in_browser(folder: Path, url: str, port: int) -> Iterator[None]:
    """A generator with its web page, as somebody starts it by hand."""
    command = [sys.executable, "-m", "locust", "-f", str(TOY), "--host", url]
    command += ["--web-host", "127.0.0.1", "--web-port", str(port)]
    with (folder / "generator.log").open("ab") as log:
        process = subprocess.Popen(command, env=generator_env(folder, os.environ), stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def swarm(port: int, users: int) -> None:
    """Press the button, as soon as there is one and nothing runs."""
    data, until = urlencode({"user_count": users, "spawn_rate": users}).encode(), monotonic() + PATIENCE_S
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/stats/requests", timeout=5) as now:
                is_free = json.load(now)["state"] in {"ready", "stopped"}
            if is_free:
                urlopen(f"http://127.0.0.1:{port}/swarm", data, timeout=5).close()
                return
        except OSError:
            pass
        assert monotonic() < until
        _PAUSE.wait(0.1)


def wait_for(path: Path, least: int = 1) -> None:
    """Until a file is there, with so many bytes in it."""
    until = monotonic() + PATIENCE_S
    while not (path.is_file() and path.stat().st_size >= least):
        assert monotonic() < until, f"{path.name} never came"
        _PAUSE.wait(0.05)
