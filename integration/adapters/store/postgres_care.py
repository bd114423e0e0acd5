"""Care of a store in PostgreSQL: make, check, backup, restore, upgrade. Key and checkpoints stay files of the home.

A **backup** is `pg_dump` of one snapshot, and that very snapshot is looked over, audit included, before the copy
counts; nobody waits for it. A **restore** happens in one transaction: the store is taken out, the backup is read in
and looked over as it then stands, and only what proves itself is committed. An **upgrade** is one transaction too.
Restore and upgrade hold a lock that everybody who has the store open shares, so they refuse while a service runs and
nobody can come in meanwhile. What was there before is kept as a dump in the home.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.errors import NotFound, Refused
from integration.adapters.new_files import begin, is_there
from integration.adapters.store.audit_keeper import Keeper, Seal
from integration.adapters.store.care import Copied, Restored, Upgraded, unproved
from integration.adapters.store.chain import Head
from integration.adapters.store.checkpoints import Checkpoints, Marks
from integration.adapters.store.inspection import Check, Inspection, failed, is_of_before
from integration.adapters.store.postgres_copies import fresh_file, read_in, take_out, unpacks, with_check
from integration.adapters.store.postgres_inspection import inspect
from integration.adapters.store.postgres_link import (
    BEGIN_READ,
    BEGIN_WRITE,
    USERS,
    Connection,
    connect,
    connect_user,
)
from integration.adapters.store.postgres_place import Place, telling
from integration.adapters.store.postgres_schema import fill, make_ready, revision_of
from integration.adapters.store.postgres_tools import ToolFailed, dump, program
from integration.adapters.store.revisions import check_revision
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.errors import ConfigurationError
from integration.usecases.marks import N_

_NO_LIMITS = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
_ALONE = f"SELECT pg_try_advisory_lock({USERS})"
_DURABLE = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
KEPT = "before-restore.dump"


@dataclass(frozen=True, slots=True)
class DatabaseCare:
    """Cares for one database. `home`: where key and checkpoints are, and where former stores are kept."""

    place: Place
    seal: Seal
    home: Path

    @property
    def name(self) -> str:
        """The place, as a person is told it."""
        return str(self.place)

    def make(self, *, force: bool = False) -> None:
        """Make the schema in an empty database, a key and the first checkpoint: all in one transaction under the
        writers' lock, so of two who make a home on one database at once the second is refused.

        Refused when a store is there; `force` takes one over in which nothing was written yet.
        """
        with self._open(connect_user) as connection:
            connection.execute(BEGIN_WRITE, prepare=False)
            found = revision_of(connection, self.place)
            if found == "":
                fill(connection)
            else:
                check_revision(found, texts_of("postgresql"), self.name)
                self._must_be_unused(connection, force=force)
            self._seal_anew()
            connection.execute("COMMIT", prepare=False)

    def _must_be_unused(self, connection: Connection, *, force: bool) -> None:
        row = connection.execute("SELECT EXISTS (SELECT FROM audit)").fetchone()
        if not force or row == (True,):
            raise Refused(
                "There is a store at {place} already.", place=self.name,
                hint="Name an empty database, or use the home that belongs to this one; "
                "--force takes a store in which nothing was written yet.",
            )  # fmt: skip

    def _seal_anew(self) -> None:
        self.seal.make()
        checkpoints = Checkpoints(self.seal.checkpoints_path, self.seal.chain())
        checkpoints.append(0, b"", 0, restored=checkpoints.path.exists())

    def is_there(self) -> bool:
        """Whether anything is in the database."""
        with self._open(connect) as connection:
            return revision_of(connection, self.place) != ""

    def try_open(self) -> None:
        """Raise what opening the store would raise."""
        with self._open(connect_user) as connection:
            make_ready(connection, self.place, create=False)

    def read_head(self, keeper: Keeper) -> tuple[Head | None, int]:
        """The audit's head, and the highest number there is."""
        with self._open(connect_user) as connection:
            connection.execute(BEGIN_READ, prepare=False)
            return Reading(connection, texts_of("postgresql"), keeper).audit_head()

    def watch(self) -> list[Check]:
        """Whether the server keeps what it has acknowledged through a power cut."""
        with self._open(connect) as connection:
            off = [name for name, value in connection.execute(_DURABLE).fetchall() if value == "off"]
        if not off:
            return [Check("durability", is_ok=True)]
        hint = N_("The server may lose what it has acknowledged: {names} off; switch it on.")
        return [failed("durability", hint, names=", ".join(off))]

    def look_over(self) -> Inspection:
        """Look the store over on one snapshot. NotFound without one, ConfigurationError without the audit's key."""
        keeper = self.seal.keeper()
        marks = None if keeper.checkpoints is None else keeper.checkpoints.read()
        with self._open(connect_user) as connection:
            self._must_be_there(connection)
            connection.execute(BEGIN_READ, prepare=False)
            return inspect(connection, self.place, keeper.chain, marks)

    def back_up(self, target: Path, *, force: bool) -> Copied:
        """Copy the store to `target`. Refused when that is there already, unless `force`; InvalidInput when it cannot
        be written as named.
        """
        if is_there(target) and not force:
            raise Refused("{place} is there already.", place=str(target), hint="--force writes it anew.")
        program("pg_dump"), program("pg_restore")
        part = begin(target)
        with self._open(connect_user) as connection:
            self._must_be_there(connection)
            connection.execute(BEGIN_READ, prepare=False)
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            try:
                dump(self.place, part, snapshot)
            except BaseException:
                part.unlink()
                raise
            inspection = inspect(connection, self.place, self.seal.chain(), None)
        inspection = with_check(inspection, unpacks(part))
        if not inspection.is_ok:
            return Copied(part, inspection)
        part.replace(target)
        return Copied(target, inspection)

    def restore(self, backup: Path, *, force: bool) -> Restored:
        """Put a backup in the store's place. Refused when it does not prove itself, or something is there or in use."""
        if not backup.is_file():
            raise NotFound("There is no file {place} that can be read.", place=str(backup))
        checkpoints = self.seal.keeper().checkpoints
        marks = checkpoints.read() if checkpoints is not None else Marks()
        with self._alone() as connection:
            found = revision_of(connection, self.place)
            if found is None:
                raise ConfigurationError("{place} is not a store of Santral.", place=self.name)
            if found and not force:
                raise Refused(
                    "There is a store at {place} already.", place=self.name, hint="--force puts the backup there."
                )
            with self._keeping(KEPT if found else "") as kept:
                inspection = self._replaced(connection, backup, marks)
        head = inspection.head
        if checkpoints is not None and inspection.report is not None:
            checkpoints.append(head.seq, head.mac, inspection.last_at, restored=True)
        return Restored(inspection, kept, max(max(marks.macs, default=0) - head.seq, 0))

    def upgrade(self) -> Upgraded:
        """Bring the store to today's schema. ConfigurationError for what is no store; Refused while it is in use."""
        head = texts_of("postgresql").head
        with self._alone() as connection:
            found = self._must_be_there(connection)
            if found == head:
                return Upgraded(head, head, None, 0)
            if found not in texts_of("postgresql").revisions:
                check_revision(found, texts_of("postgresql"), self.name)
            with self._keeping(f"before-upgrade-{found}.dump") as kept:
                sealed = self._migrated(connection)
            return Upgraded(str(found), head, kept, sealed)

    def _migrated(self, connection: Connection) -> int:
        """Run the migrations on the connection that holds the lock; the number of audit rows that were sealed."""
        from integration.adapters.store.sealing import sealer  # noqa: PLC0415 - with Alembic, for this command only
        from integration.adapters.store.upgrade import upgrade  # noqa: PLC0415

        self.seal.make()
        chain = self.seal.chain()
        connection.autocommit = False
        upgrade("postgresql+psycopg://", seal=sealer(chain, "postgresql"), creator=lambda: connection)
        with self._open(connect_user) as again:
            again.execute(BEGIN_READ, prepare=False)
            inspection = inspect(again, self.place, chain, None)
        checkpoints = Checkpoints(self.seal.checkpoints_path, chain)
        checkpoints.start()
        if inspection.head.seq:
            checkpoints.append(inspection.head.seq, inspection.head.mac, inspection.last_at)
        return inspection.head.sealed

    def _replaced(self, connection: Connection, backup: Path, marks: Marks) -> Inspection:
        """Take the store out, read the backup in, look it over, commit. Refused when it does not prove itself."""
        connection.execute(BEGIN_WRITE, prepare=False)
        (schema,) = connection.execute("SELECT current_schema()").fetchone() or ("public",)
        try:
            take_out(connection)
            read_in(connection, backup, schema)
            inspection = self._proved(connection, backup, marks)
        except ToolFailed as error:
            raise unproved(backup, str(error)) from error
        connection.execute("COMMIT", prepare=False)
        return inspection

    def _proved(self, connection: Connection, backup: Path, marks: Marks) -> Inspection:
        """Look over what was read in, against the checkpoints of its own time."""
        chain = self.seal.chain()
        first = inspect(connection, self.place, chain, None)
        upto = {seq: mac for seq, mac in marks.macs.items() if seq <= first.head.seq}
        inspection = inspect(connection, self.place, chain, Marks(macs=upto)) if first.is_ok and upto else first
        if not inspection.is_ok and not is_of_before(inspection):
            raise unproved(backup, inspection.failed)
        return inspection

    @contextmanager
    def _keeping(self, name: str) -> Iterator[Path | None]:
        """Dump the present store to a file in the home, which takes its name once all went well (an earlier one of
        that name may be what is restored). No name: nothing to keep.
        """
        if not name:
            yield None
            return
        target = self.home / name
        part = fresh_file(target.with_name(f"{name}.part"))
        try:
            dump(self.place, part)
            yield target
        except BaseException:
            part.unlink()
            raise
        part.replace(target)

    def _must_be_there(self, connection: Connection) -> str | None:
        found = revision_of(connection, self.place)
        if found == "":
            raise NotFound("There is no Santral store at {place}; run `santral init`.", place=self.name)
        if found is None:
            raise ConfigurationError("{place} is not a store of Santral.", place=self.name)
        return found

    @contextmanager
    def _open(self, make: Callable[[Place], Connection]) -> Iterator[Connection]:
        """A connection without limits of time, closed at the end: what was not committed is undone."""
        with telling(self.place):
            connection = make(self.place)
            try:
                connection.execute(_NO_LIMITS, prepare=False)
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """The same, with nobody else in. Refused while somebody has the store open."""
        with self._open(connect) as connection:
            if connection.execute(_ALONE).fetchone() != (True,):
                raise Refused("The store {place} is in use.", place=self.name, hint="Stop the service first.")
            yield connection
