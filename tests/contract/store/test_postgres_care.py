"""Care of a store in PostgreSQL: backup under load, a restore that proves itself, the upgrade, tampering found."""

import asyncio
import stat
from pathlib import Path

import psycopg
import pytest

from domain.errors import NotFound, Refused
from integration.adapters.store.audit_keeper import Seal
from integration.adapters.store.postgres_copies import _copy
from integration.adapters.store.postgres_link import connect_user
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_tools import ToolFailed
from integration.adapters.store.record_rows import audit_columns
from integration.adapters.store.texts import texts_of
from integration.adapters.store.upgrade import upgrade
from integration.errors import ConfigurationError, StoreUnavailable
from tests.contract.store.database import Database
from tests.contract.store.tampering import add, an_entry, faults

SWAP = (
    "UPDATE audit SET seq = 1000 WHERE seq = 12",
    "UPDATE audit SET seq = 12 WHERE seq = 13",
    "UPDATE audit SET seq = 13 WHERE seq = 1000",
)
COPIED = "at, actor, action, body, mac FROM audit"
TAMPERINGS = {
    "an edited body": (("UPDATE audit SET body = replace(body, 'hold', 'held') WHERE seq = 12",), (12, "altered")),
    "an edited last row": (("UPDATE audit SET body = body || ' ' WHERE seq = 30",), (30, "altered")),
    "an edited actor beside the body": (("UPDATE audit SET actor = 'nobody' WHERE seq = 12",), (12, "altered")),
    "a mac taken away": (("UPDATE audit SET mac = NULL WHERE seq = 12",), (12, "unsealed")),
    "a removed row": (("DELETE FROM audit WHERE seq = 12",), (12, "missing")),
    "two rows swapped": (SWAP, (12, "moved")),
    "the last row cut": (("DELETE FROM audit WHERE seq = 30",), (30, "cut")),
    "all rows cut": (("TRUNCATE audit",), (1, "cut")),
    "a row before the first": ((f"INSERT INTO audit SELECT 0, {COPIED} WHERE seq = 1",), (0, "extra")),
    "a row with the lowest number there is": (
        (f"INSERT INTO audit SELECT -9223372036854775808, {COPIED} WHERE seq = 30",),
        (-9223372036854775808, "extra"),
    ),
}


@pytest.fixture
def kept(database: Database) -> Database:
    """A store with thirty audit rows."""
    database.written(30)
    return database


def test_what_nobody_touched_verifies(kept: Database) -> None:
    report = kept.verified()
    assert (faults(report), report.rows, report.checkpoints, report.last_checkpoint) == ([], 30, 2, 30)


@pytest.mark.parametrize("kind", sorted(TAMPERINGS))
def test_tampering_is_found_and_the_first_bad_row_named(kept: Database, kind: str) -> None:
    statements, (seq, fault) = TAMPERINGS[kind]
    kept.tampered(*statements)
    report = kept.verified()
    assert report.first_bad == seq
    assert (seq, fault) in faults(report)


def test_a_tail_cut_with_the_head_of_that_time_put_back_is_found_by_the_checkpoint(database: Database) -> None:
    database.written(20)
    (earlier,) = database.do("SELECT seq, mac, sealed, proof FROM audit_head")
    database.written(10)
    database.tampered("DELETE FROM audit WHERE seq > 20")
    with psycopg.connect(database.url) as thief:
        thief.execute("ALTER TABLE audit_head DISABLE TRIGGER ALL")
        thief.execute("UPDATE audit_head SET seq = %s, mac = %s, sealed = %s, proof = %s", earlier)
    assert faults(database.verified()) == [(21, "cut")]


def test_a_trail_that_was_tampered_with_takes_no_more_rows(kept: Database) -> None:
    kept.tampered("DELETE FROM audit WHERE seq = 30")
    with pytest.raises(StoreUnavailable, match="does not end as its head says"):
        kept.written(1)


def test_the_wrong_key_writes_nothing(kept: Database) -> None:
    seal = Seal(kept.seal.key_path, kept.seal.checkpoints_path, "ab" * 32)
    assert kept.verified(seal).first_bad == 1
    kept.seal.key_path.unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        kept.open()


def test_a_backup_is_one_file_of_its_owner_that_proves_itself(kept: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.dump"
    copied = kept.care.back_up(target, force=False)
    assert (copied.file, copied.inspection.failed, copied.inspection.head.seq) == (target, "", 30)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(Refused):
        kept.care.back_up(target, force=False)
    assert kept.care.back_up(target, force=True).inspection.is_ok


def test_a_backup_of_a_store_that_was_tampered_with_does_not_replace_a_good_one(kept: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    good = target.read_bytes()
    kept.tampered("DELETE FROM audit WHERE seq = 12")
    copied = kept.care.back_up(target, force=True)
    assert (copied.inspection.failed, copied.file.name) == ("audit", "copy.dump.part")
    assert target.read_bytes() == good


def test_a_backup_taken_while_a_service_writes_is_whole_and_nobody_waits(kept: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.dump"

    async def scenario() -> tuple[int, int]:
        store, rounds, done = kept.open(inline=False), 0, asyncio.Event()

        async def keep_writing() -> None:
            nonlocal rounds
            while not done.is_set():
                await store.transact(lambda tx: add(tx, 3))
                rounds += 1

        writers = [asyncio.create_task(keep_writing()) for _ in range(3)]
        await store.transact(lambda tx: add(tx, 3))
        before = rounds
        copied = await asyncio.to_thread(kept.care.back_up, target, force=False)
        written_meanwhile = rounds - before
        done.set()
        await asyncio.gather(*writers)
        await store.close()
        assert copied.inspection.failed == ""
        return copied.inspection.head.seq, written_meanwhile

    rows, written_meanwhile = asyncio.run(scenario())
    assert written_meanwhile > 0
    kept.care.restore(target, force=True)
    assert kept.verified().rows == rows


def test_a_restore_brings_back_the_backup_and_says_what_is_lost(kept: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    kept.written(7)
    with pytest.raises(Refused, match="already"):
        kept.care.restore(target, force=False)
    restored = kept.care.restore(target, force=True)
    assert (restored.lost, restored.inspection.failed) == (7, "")
    report = kept.verified()
    assert (faults(report), report.rows) == ([], 30)
    assert [(one.seq, one.lost) for one in report.restores] == [(30, 7)]
    assert kept.care.look_over().failed == ""
    kept.written(2)
    assert restored.kept is not None
    kept.care.restore(restored.kept, force=True)
    assert kept.verified().rows == 37


def test_a_restore_into_an_empty_database_needs_no_force_and_gives_the_same_schema(
    kept: Database, nothing: Database, tmp_path: Path
) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    assert nothing.care.restore(target, force=False).kept is None
    assert nothing.verified().rows == 30
    with pytest.raises(psycopg.errors.RaiseException):
        nothing.do("DELETE FROM audit")


def broken(target: Path, how: str) -> None:
    whole = target.read_bytes()
    match how:
        case "truncated":
            target.write_bytes(whole[: len(whole) // 2])
        case "emptied":
            target.write_bytes(b"")
        case _:
            target.write_bytes(b"a letter to a friend " * 500)


@pytest.mark.parametrize("how", ["truncated", "emptied", "no dump"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_changed(kept: Database, tmp_path: Path, how: str) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    kept.written(1)
    broken(target, how)
    with pytest.raises(Refused, match="does not prove itself"):
        kept.care.restore(target, force=True)
    report = kept.verified()
    assert (faults(report), report.rows, report.restores) == ([], 31, ())


@pytest.mark.parametrize("missing", [1, 100, 400, 1000, 2000, 4000])
def test_a_backup_that_was_cut_anywhere_is_refused(kept: Database, tmp_path: Path, missing: int) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    kept.written(1)
    whole = target.read_bytes()
    target.write_bytes(whole[: max(len(whole) - missing, 0)])
    with pytest.raises(Refused, match="does not prove itself"):
        kept.care.restore(target, force=True)
    assert kept.verified().rows == 31


def test_rows_that_break_off_are_no_backup(nothing: Database) -> None:
    with nothing.session() as connection:
        connection.execute("CREATE TABLE t (a text, b text)")
        with pytest.raises(ToolFailed, match="ends within"):
            _copy(connection, b"COPY t (a, b) FROM stdin;\n", iter([b"a\tb\n", b"a"]))
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_backup_of_another_key_is_refused_and_nothing_is_changed(
    kept: Database, nothing: Database, tmp_path: Path
) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    kept.seal.key_path.write_text("ab" * 32)
    with pytest.raises(Refused, match="audit"):
        nothing.care.restore(target, force=False)
    assert not nothing.care.is_there()


def test_a_backup_that_is_not_there_is_told(kept: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        kept.care.restore(tmp_path / "none", force=True)


@pytest.mark.parametrize("inline", [True, False])
def test_a_store_that_somebody_has_open_is_neither_replaced_nor_upgraded(
    kept: Database, tmp_path: Path, inline: bool
) -> None:
    target = tmp_path / "copy.dump"
    kept.care.back_up(target, force=False)
    with kept.played(inline=inline) as store:
        store.write(lambda tx: add(tx, 1))
        with pytest.raises(Refused, match="in use"):
            kept.care.restore(target, force=True)
        with pytest.raises(Refused, match="in use"):
            kept.care.upgrade()
    assert kept.verified().rows == 31


def test_nobody_comes_in_while_a_store_is_replaced(kept: Database) -> None:
    with kept.session() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [0x53414E02])
        with pytest.raises(StoreUnavailable, match="being upgraded or restored"):
            connect_user(place_of(kept.url))


def test_without_the_programs_it_is_said_what_to_install(
    kept: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="pg_dump was not found in PATH"):
        kept.care.back_up(tmp_path / "copy.dump", force=False)


def test_a_password_is_on_no_command_line(kept: Database) -> None:
    from integration.adapters.store.postgres_tools import address

    with address(place_of(kept.url.replace("santral@", "santral:tres-%3Asecret@"))) as where:
        assert "secret" not in where
        file = Path(where.partition("passfile=")[2].split()[0])
        assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("*:*:*:*:tres-\\:secret\n", 0o600)
    assert not file.exists()


def a_store_of_before(nothing: Database, rows: int) -> None:
    """A store as it was before there was a chain."""
    upgrade("postgresql+psycopg://", "0001", creator=lambda: psycopg.connect(nothing.url))
    with psycopg.connect(nothing.url) as connection:
        for seq in range(1, rows + 1):
            insert = texts_of("postgresql").statements["add_audit"]
            connection.execute(insert, audit_columns(an_entry(f"act_{seq}"), seq))


@pytest.mark.parametrize("rows", [0, 2100])
def test_an_upgrade_seals_the_rows_that_were_there_and_keeps_the_store_as_it_was(nothing: Database, rows: int) -> None:
    a_store_of_before(nothing, rows)
    with pytest.raises(ConfigurationError, match="santral store upgrade"):
        nothing.open()
    done = nothing.care.upgrade()
    assert (done.before, done.after, done.sealed) == ("0001", texts_of("postgresql").head, rows)
    nothing.written(3)
    report = nothing.verified()
    assert (faults(report), report.sealed, report.rows) == ([], rows, rows + 3)
    assert done.kept is not None
    assert nothing.care.restore(done.kept, force=True).inspection.failed == "schema"
    assert nothing.care.upgrade().sealed == rows


def test_a_store_of_today_needs_no_upgrade_and_none_is_no_store(kept: Database, nothing: Database) -> None:
    done = kept.care.upgrade()
    assert (done.before, done.kept) == (done.after, None)
    with pytest.raises(NotFound):
        nothing.care.upgrade()
    nothing.do("CREATE TABLE theirs (a int)")
    with pytest.raises(ConfigurationError, match="is not a store"):
        nothing.care.upgrade()


def test_looking_over_names_what_is_wanting(kept: Database) -> None:
    assert kept.care.look_over().failed == ""
    kept.do(
        "ALTER TABLE tokens DISABLE TRIGGER ALL", "INSERT INTO tokens VALUES ('t', 'nobody', 0, NULL)",
        "ALTER TABLE audit DISABLE TRIGGER audit_no_edit", "DELETE FROM audit WHERE seq = 30",
    )  # fmt: skip
    assert kept.care.look_over().failed == "foreign_keys, guards, audit"
    kept.do("DROP TABLE leases")
    assert kept.care.look_over().failed == "integrity"


def test_a_server_that_does_not_sync_is_told_of(kept: Database) -> None:
    watched = {one.name: one.is_ok for one in kept.care.watch()}
    assert watched == {"durability": kept.do("SHOW fsync") == [("on",)]}
