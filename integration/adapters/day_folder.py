"""A folder of files per day that can be written again and again: only what differs is written, whole or not at all.

A file is made under a name of its own beside its place and takes its place when it is on the disk; the manifest, which
names every file with its digest, is written last. So a run that is killed leaves whole files and an older manifest,
and the next run brings both together. A lock, which ends with the process that holds it, keeps two runs apart. Nothing
in the folder says when it was written: equal facts give equal bytes. Files may be read by whoever may read the folder.
"""

import errno
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import drop, refuse_special, unwritable
from integration.usecases.marks import N_

MANIFEST = "manifest.json"
LOCK = ".santral-export.lock"
_PART = ".santral-export-"
_VERSION = 1
_OWNER, _READERS = 0o600, 0o044
_OURS = re.compile(r"[a-z]+-\d{4}-\d\d-\d\d\.(csv|xlsx|parquet)")
_NEW_FOLDER = N_("Name a folder that is there, or one that can be made.")


@dataclass(frozen=True, slots=True)
class DayFile:
    """A file of a day. `rows`: how many it holds, without the heading."""

    name: str
    content: bytes
    rows: int


class DayFolder:
    """The folder, held by this process for the length of a `with` block.

    `scope`: what all its files have in common (hotel, language); Refused for a folder that holds something else or
    somebody else's files of such names, or that another run is writing. InvalidInput for a place that cannot be written
    or a manifest that is none, StoreUnavailable when the disk fails.
    """

    def __init__(self, folder: Path, scope: Mapping[str, str]) -> None:
        """Name it; nothing is touched yet."""
        self._folder, self._scope = folder, dict(scope)
        self._days: dict[str, dict[str, Any]] = {}
        self._lock = -1
        self._mode = _OWNER

    def __enter__(self) -> Self:
        """Make it, lock it, read its manifest."""
        try:
            if not self._folder.is_dir():
                _make(self._folder)
            self._refuse_foreign()
            self._lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unwritable(self._folder, error, _NEW_FOLDER) from error
        try:
            self._take_lock()
            self._days = self._read_manifest()
            self._mode = _OWNER | (self._folder.stat().st_mode & _READERS)
            for part in self._folder.glob(f"{_PART}*"):
                drop(part)
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go."""
        os.close(self._lock)

    def _refuse_foreign(self) -> None:
        """No export has been here, and a file has the name of one of ours: it is somebody's."""
        if (self._folder / LOCK).exists() or (self._folder / MANIFEST).exists():
            return
        for place in sorted(self._folder.iterdir()):
            if _OURS.fullmatch(place.name):
                raise Refused(
                    "{place} is there already, and no export has written it.", place=str(place),
                    hint=N_("Take it away, or name another folder."),
                )  # fmt: skip

    def _take_lock(self) -> None:
        import fcntl  # noqa: PLC0415 - not on every system; only this needs it

        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise unwritable(self._folder, error, _NEW_FOLDER) from error
            raise Refused("Another run is writing into {place}.", place=str(self._folder)) from error

    def _read_manifest(self) -> dict[str, dict[str, Any]]:
        place = self._folder / MANIFEST
        try:
            found = json.loads(place.read_bytes())
            version, scope, days = found["version"], found["scope"], dict(found["days"])
            for day in days:
                date.fromisoformat(day)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                "{place} is no manifest of an export.", place=str(place), field="out",
                hint=N_("Take it away and it is made anew, or name another folder."),
            ) from error  # fmt: skip
        if (version, scope) != (_VERSION, self._scope):
            held = ", ".join(f"{name} {value}" for name, value in scope.items() if value)
            raise Refused(
                "{place} holds another export ({held}).", place=str(self._folder), held=held,
                hint=N_("Name another folder, or ask for the same again."),
            )  # fmt: skip
        return days

    @property
    def first_day(self) -> date | None:
        """The first day it holds."""
        return date.fromisoformat(min(self._days)) if self._days else None

    def put(self, day: date, form: str, files: list[DayFile], **facts: object) -> list[str]:
        """The files of a day in one form; names of those that were written, because they were new or had changed.
        `facts`: what the manifest says of the day besides."""
        written = []
        for file in files:
            target = self._folder / file.name
            if self._held(target) != file.content:
                write_whole(target, file.content, self._mode)
                written.append(file.name)
        named = {
            file.name: {"sha256": sha256(file.content).hexdigest(), "bytes": len(file.content), "rows": file.rows}
            for file in files
        }
        entry = {**facts, "files": named}
        if self._days.get(day.isoformat(), {}).get(form) != entry:
            self._days.setdefault(day.isoformat(), {})[form] = entry
            self._write_manifest()
        return written

    def _held(self, target: Path) -> bytes | None:
        try:
            return target.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unwritable(target, error) from error

    def _write_manifest(self) -> None:
        body = {"version": _VERSION, "scope": self._scope, "days": self._days}
        text = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(self._folder / MANIFEST, f"{text}\n".encode(), self._mode)


def _make(folder: Path) -> None:
    """A new folder is its owner's alone; OSError for a place that is something else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error


def write_whole(target: Path, content: bytes, mode: int = _OWNER) -> None:
    """Put a file where it belongs, whole or not at all. InvalidInput when it cannot be written as named,
    StoreUnavailable when the disk fails."""
    try:
        refuse_special(target)
        handle, name = tempfile.mkstemp(prefix=_PART, dir=target.parent)
    except OSError as error:
        raise unwritable(target, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        drop(part)
