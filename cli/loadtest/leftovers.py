"""What a run that was killed left behind, and sweeping it away at the start of the next.

Whatever a conductor deletes at its end - the tokens in the run's folder, the temporary home - stays when the machine or
`kill -9` ends it first. So each such folder holds a lock file for as long as its run lives: the system lets go of the
lock when the process dies, however it dies, and no process id can be mistaken for a later one's. A lock file that
nobody holds is a dead run's. Folders without one are left alone, for they are not ours to judge.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from loadtests.run_plan import TOKENS

LOCK = "running.lock"
PLACES = ("santral-load-", "santral-climb-", "santral-golive-")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder is a living run's until the end of this. OSError when it cannot be written."""
    part, lock = folder / f"{LOCK}.part", folder / LOCK
    with part.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.replace(lock)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


@contextmanager
def temporary_place(prefix: str) -> Iterator[Path]:
    """A temporary folder that is gone at the end, and at the next run's start if there is no end. `prefix`: one of
    `PLACES`."""
    place = Path(mkdtemp(prefix=prefix))
    try:
        with held(place):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep(out: Path, temporary: Path | None = None) -> None:
    """Delete the tokens of dead runs below `out`, and their temporary homes; everything else of a run stays, for it may
    say why it died. What cannot be deleted is left. `temporary`: where the system puts temporary folders."""
    for folder in _dead(out, ""):
        (folder / TOKENS).unlink(missing_ok=True)
        (folder / LOCK).unlink(missing_ok=True)
    for prefix in PLACES:
        for folder in _dead(temporary or Path(gettempdir()), prefix):
            shutil.rmtree(folder, ignore_errors=True)


def _dead(place: Path, prefix: str) -> Iterator[Path]:
    """Folders of ours with a lock that nobody holds."""
    for lock in place.glob(f"{prefix}*/{LOCK}"):
        with suppress(OSError):
            is_ours = lock.parent.lstat().st_uid == os.getuid() and not lock.parent.is_symlink()
            if is_ours and _is_free(lock):
                yield lock.parent


def _is_free(lock: Path) -> bool:
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
