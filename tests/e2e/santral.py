"""`santral` as a test runs it: in this process with its own streams, or as a real process through the installed script.

A home is made once and copied for each test that wants one. The clock starts at 1 May 2027, 09:00 UTC, in every run.
"""

import atexit
import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.main import main
from pms_mock import control

START = "2027-05-01"
NOW = "2027-05-01T09:00:00Z"
SCRIPT = Path(sys.executable).parent / "santral"
Body = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def body(self) -> Body:
        """Stdout as one JSON document, and nothing else."""
        found: Body = json.loads(self.out)
        return found


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def run(*words: str, home: Path, typed: str | None = None, **environ: str) -> Ended:
    """Run a command in this process. `typed`: what somebody at a terminal answers; None: nobody is there."""
    out, err = io.StringIO(), io.StringIO()
    stdin = io.StringIO() if typed is None else Terminal(typed)
    env = {"SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW, "USER": "ayse", **environ}
    code = main(words, Session(environ=env, out=out, err=err, stdin=stdin))
    return Ended(code, out.getvalue(), err.getvalue())


def _limit(most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


def process(*words: str, cwd: Path, most_bytes: int | None = None, **environ: str) -> Ended:
    """Run a command as a person does. `most_bytes`: no file may grow larger, as if the disk were full."""
    env = {**os.environ, "SANTRAL_AS_OF": NOW, "SANTRAL_ACTOR": "ayse", **environ}
    done = subprocess.run(
        [SCRIPT, *words], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        stdin=subprocess.DEVNULL, preexec_fn=None if most_bytes is None else partial(_limit, most_bytes),
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@lru_cache
def _model() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="santral-test-")) / ".santral"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    ended = run("init", "--small", "--seed", "7", "--start", START, home=folder)
    assert ended.code == 0, ended.err
    return folder


def a_home(tmp_path: Path) -> Path:
    """A small home of BELEK1 that nothing has happened in."""
    return Path(shutil.copytree(_model(), tmp_path / ".santral"))


def contents(home: Path) -> tuple[list[str], list[str]]:
    """All that store and mock PMS hold."""
    return in_store(home), in_pms(home)


def in_store(home: Path) -> list[str]:
    """All that our store holds."""
    with closing(sqlite3.connect(home / "santral.sqlite")) as store:
        return list(store.iterdump())


def in_pms(home: Path) -> list[str]:
    """All that the mock PMS holds."""
    with closing(control.open_store(str(home / "pms.sqlite"))) as store:
        return list(control.dump(store))
