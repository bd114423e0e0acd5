"""Care of the store's file: upgrade, backup, restore.

A **backup** is one step of SQLite's backup on one snapshot: in WAL mode nobody waits for it and it waits for nobody,
however much is written meanwhile (copying page by page would begin again with every commit). A copy counts only once
it was looked over, audit included. A **restore** proves the copy before anything is touched, refuses while somebody
has the store open, and takes the store's place in one rename; what was there is kept beside it. Rows written after
the backup are lost, and the checkpoints file says how many.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from domain.errors import NotFound, Refused
from integration.adapters.new_files import begin, is_there
from integration.adapters.store.audit_keeper import Seal, seal_of
from integration.adapters.store.checkpoints import Checkpoints, Marks
from integration.adapters.store.inspection import Inspection, inspect, is_of_before, revision_of
from integration.adapters.store.sqlite_file import connect, open_file, telling
from integration.adapters.store.texts import texts_of
from integration.errors import ConfigurationError, StoreUnavailable
from integration.settings import Settings

_IN_USE_S = 0.2
_LOW_BYTE = 0xFF
_NO_BACKUP = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup. When `inspection` is not in order, the copy was left as `file` and did not become `target`."""

    file: Path
    inspection: Inspection


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore. `kept`: where the former store is; `lost`: audit rows known to have come after the backup."""

    inspection: Inspection
    kept: Path | None
    lost: int


@dataclass(frozen=True, slots=True)
class Upgraded:
    """An upgrade. `kept`: the store as it was, None when nothing had to be done; `sealed`: audit rows sealed."""

    before: str
    after: str
    kept: Path | None
    sealed: int


def make_store(settings: Settings) -> None:
    """Make an empty store with key and checkpoints. Checkpoints of an earlier store go on, and say that it is gone."""
    open_file(settings.store_path, create=True).close()
    seal = seal_of(settings)
    seal.make()
    checkpoints = Checkpoints(seal.checkpoints_path, seal.chain())
    checkpoints.append(0, b"", 0, restored=checkpoints.path.exists())


def must_be_there(store: Path) -> None:
    """NotFound without a store."""
    if not store.is_file():
        raise NotFound("There is no Santral home at {place}; run `santral init`.", place=str(store.parent))


def copy_online(source: Path, target: Path) -> None:
    """Copy a database, in use or not, to a fresh file that only its owner may read."""
    target.unlink(missing_ok=True)
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreUnavailable(
            "{place} cannot be written: {why}.", place=str(target), why=error.strerror or "no access"
        ) from error
    try:
        with telling(str(source)), closing(connect(source, reading=True)) as one, closing(connect(target)) as copy:
            one.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    _sync(target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(part: Path, target: Path) -> None:
    """Let a finished file take its place, for good."""
    part.replace(target)
    _sync(target.parent)


def back_up(store: Path, target: Path, seal: Seal, *, force: bool) -> Copied:
    """Copy the store to `target`. Refused when that is there already, unless `force`; InvalidInput when it cannot be
    written as named.
    """
    must_be_there(store)
    if is_there(target) and not force:
        raise Refused("{place} is there already.", place=str(target), hint="--force writes it anew.")
    part = begin(target)
    copy_online(store, part)
    inspection = inspect(part, seal.chain(), None)
    if not inspection.is_ok:
        return Copied(part, inspection)
    _put(part, target)
    return Copied(target, inspection)


def restore(backup: Path, store: Path, seal: Seal, *, force: bool) -> Restored:
    """Put a backup in the store's place. Refused when it does not prove itself, or something is there or in use."""
    if not backup.is_file():
        raise NotFound("There is no file {place} that can be read.", place=str(backup))
    if store.exists() and not force:
        raise Refused("There is a store at {place} already.", place=str(store), hint="--force puts the backup there.")
    part = store.with_name(f"{store.name}.part")
    _bring(backup, part)
    try:
        checkpoints = seal.keeper().checkpoints
        marks = checkpoints.read() if checkpoints is not None else Marks()
        inspection = _proved(part, backup, seal, marks)
        kept = _set_aside(store) if store.exists() else None
        _put(part, store)
    finally:
        part.unlink(missing_ok=True)
    head = inspection.head
    if checkpoints is not None and inspection.report is not None:
        checkpoints.append(head.seq, head.mac, inspection.last_at, restored=True)
    return Restored(inspection, kept, max(max(marks.macs, default=0) - head.seq, 0))


def _proved(part: Path, backup: Path, seal: Seal, marks: Marks) -> Inspection:
    """Look the copy over against the checkpoints of its own time; one of an older schema may be upgraded later."""
    chain = seal.chain()
    first = inspect(part, chain, None)
    upto = {seq: mac for seq, mac in marks.macs.items() if seq <= first.head.seq}
    inspection = inspect(part, chain, Marks(macs=upto)) if first.is_ok and upto else first
    if not inspection.is_ok and not is_of_before(inspection):
        raise unproved(backup, inspection.failed)
    return inspection


def _bring(backup: Path, part: Path) -> None:
    """Copy a backup beside the store; Refused when it cannot be read as a database."""
    try:
        copy_online(backup, part)
    except StoreUnavailable as error:
        if getattr(error.__cause__, "sqlite_errorcode", 0) & _LOW_BYTE in _NO_BACKUP:
            raise unproved(backup, "integrity") from error
        raise


def unproved(backup: Path, faults: str) -> Refused:
    """What is said of a backup that is not what it should be."""
    return Refused(
        "The backup {place} does not prove itself: {faults}.", place=str(backup), faults=faults.rstrip("."),
        hint="Take an older one. Nothing was changed.",
    )  # fmt: skip


def _set_aside(store: Path) -> Path:
    """Keep the present store under another name too; Refused while somebody has it open."""
    _leave_wal(store)
    kept = store.with_name(f"{store.name}.before-restore")
    kept.unlink(missing_ok=True)
    try:
        os.link(store, kept)
    except OSError:
        shutil.copy2(store, kept)
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            store.with_name(store.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _leave_wal(store: Path) -> None:
    """Take all into the one file, which works only while nobody else has it open. A damaged file is left as it is."""
    try:
        with closing(sqlite3.connect(store, timeout=_IN_USE_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & _LOW_BYTE in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise Refused("The store {place} is in use.", place=str(store), hint="Stop the service first.") from error


def upgrade_store(store: Path, seal: Seal) -> Upgraded:
    """Bring the store to today's schema, after a copy of it as it was. ConfigurationError for what is no store."""
    must_be_there(store)
    texts = texts_of("sqlite")
    with telling(str(store)):
        before = revision_of(store)
    if before == texts.head:
        return Upgraded(before, before, None, 0)
    if before not in texts.revisions:
        if before:
            raise StoreUnavailable(
                "The store {place} was written by a newer Santral; upgrade the program.", place=str(store)
            )
        raise ConfigurationError("{place} is not a store of Santral.", place=str(store))
    kept = store.with_name(f"{store.name}.{before}")
    part = store.with_name(f"{store.name}.part")
    copy_online(store, part)
    _put(part, kept)
    return Upgraded(before, texts.head, kept, _migrated(store, seal))


def _migrated(store: Path, seal: Seal) -> int:
    """Run the migrations and write the first checkpoint; the number of audit rows that were sealed."""
    from integration.adapters.store.sealing import sealer  # noqa: PLC0415 - with Alembic, for this command only
    from integration.adapters.store.upgrade import sqlite_url, upgrade  # noqa: PLC0415

    seal.make()
    chain = seal.chain()
    upgrade(sqlite_url(store), seal=sealer(chain, "sqlite"))
    inspection = inspect(store, chain, None)
    checkpoints = Checkpoints(seal.checkpoints_path, chain)
    checkpoints.start()
    if inspection.head.seq:
        checkpoints.append(inspection.head.seq, inspection.head.mac, inspection.last_at)
    return inspection.head.sealed
