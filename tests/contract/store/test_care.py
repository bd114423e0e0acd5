"""Backup under load, a restore that proves itself, the upgrade that seals what was there, and looking a file over."""

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import InvalidInput, NotFound, Refused
from integration.adapters.store import open_store
from integration.adapters.store.audit_keeper import seal_beside
from integration.adapters.store.care import back_up, restore, upgrade_store
from integration.adapters.store.inspection import Inspection, inspect
from integration.adapters.store.record_rows import audit_columns
from integration.adapters.store.texts import texts_of
from integration.adapters.store.upgrade import sqlite_url, upgrade
from integration.errors import ConfigurationError
from tests.contract.store.tampering import add, an_entry, faults, tampered, verified, written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "home" / "santral.sqlite"
    written(place, 30)
    return place


def looked_over(path: Path, home: Path) -> Inspection:
    return inspect(path, seal_beside(home).chain(), None)


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


def test_a_backup_is_one_file_of_its_owner_that_proves_itself(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "b" / "copy.sqlite"
    target.parent.mkdir()
    copied = back_up(path, target, seal_beside(path), force=False)
    assert (copied.file, copied.inspection.is_ok) == (target, True)
    assert names(target.parent) == {"copy.sqlite"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert copied.inspection.report is not None
    assert copied.inspection.report.rows == 30


def test_a_backup_is_not_written_over_unless_it_is_said(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    target.write_text("precious")
    with pytest.raises(Refused):
        back_up(path, target, seal_beside(path), force=False)
    assert target.read_text() == "precious"
    assert back_up(path, target, seal_beside(path), force=True).inspection.is_ok


@pytest.mark.parametrize("name", ["none/copy.sqlite", "folder", "x" * 300])
def test_a_backup_to_where_nothing_can_be_written_is_bad_input(path: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidInput, match="cannot be written"):
        back_up(path, tmp_path / name, seal_beside(path), force=True)


def test_a_backup_of_a_store_that_was_tampered_with_does_not_replace_a_good_one(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)
    good = target.read_bytes()
    tampered(path, "DELETE FROM audit WHERE seq = 12")
    copied = back_up(path, target, seal_beside(path), force=True)
    assert (copied.inspection.failed, copied.file.name) == ("audit", "copy.sqlite.part")
    assert target.read_bytes() == good


def write_beside(path: Path, target: Path) -> tuple[Inspection, bytes, int]:
    """Back a store up while a service writes into it; also what `cp` of its file would have given."""

    async def scenario() -> tuple[Inspection, bytes, int]:
        store = open_store(path, inline=False, create=False)
        rounds = 0

        async def keep_writing(done: asyncio.Event) -> None:
            nonlocal rounds
            while not done.is_set():
                await store.transact(lambda tx: add(tx, 3))
                rounds += 1

        done = asyncio.Event()
        writers = [asyncio.create_task(keep_writing(done)) for _ in range(4)]
        await store.transact(lambda tx: add(tx, 3))
        before = rounds
        copied = await asyncio.to_thread(back_up, path, target, seal_beside(path), force=False)
        plain = path.read_bytes()
        done.set()
        await asyncio.gather(*writers)
        await store.close()
        return copied.inspection, plain, rounds - before

    return asyncio.run(scenario())


def test_a_backup_taken_while_a_service_writes_is_whole_and_nobody_waits(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    inspection, plain, written_meanwhile = write_beside(path, target)
    assert inspection.is_ok
    assert inspection.report is not None
    assert inspection.report.rows >= 33
    assert written_meanwhile > 0
    twin = tmp_path / "cp.sqlite"
    twin.write_bytes(plain)
    copy = looked_over(twin, path)
    assert copy.report is None or copy.report.rows < verified(path).rows, "a plain copy has lost what is in the log"


def test_a_restore_brings_back_the_backup_and_says_what_is_lost(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)
    written(path, 7)
    restored = restore(target, path, seal_beside(path), force=True)
    assert (restored.lost, restored.inspection.is_ok) == (7, True)
    assert restored.kept is not None
    assert looked_over(restored.kept, path).head.seq == 37
    report = verified(path)
    assert (faults(report), report.rows) == ([], 30)
    assert [(one.seq, one.lost) for one in report.restores] == [(30, 7)]
    written(path, 9)
    assert faults(verified(path)) == []


def test_a_restore_into_an_empty_place_needs_no_force(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)
    path.unlink()
    assert restore(target, path, seal_beside(path), force=False).kept is None
    assert verified(path).rows == 30


def test_a_store_is_not_replaced_unless_it_is_said(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)
    written(path, 1)
    with pytest.raises(Refused, match="already"):
        restore(target, path, seal_beside(path), force=False)
    assert verified(path).rows == 31


def broken(target: Path, how: str) -> None:
    whole = target.read_bytes()
    match how:
        case "truncated":
            target.write_bytes(whole[: len(whole) // 2])
        case "truncated by a page":
            target.write_bytes(whole[:-4096])
        case "emptied":
            target.write_bytes(b"")
        case "no database":
            target.write_bytes(b"a letter to a friend " * 500)
        case "overwritten within":
            target.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
        case "somebody else's":
            target.unlink()
            with closing(sqlite3.connect(target)) as other:
                other.execute("CREATE TABLE theirs (a)")
        case _:
            tampered(target, "UPDATE audit SET body = replace(body, 'act', 'fact') WHERE seq = 12")


@pytest.mark.parametrize(
    "how",
    [
        "truncated", "truncated by a page", "emptied", "no database", "overwritten within", "somebody else's",
        "tampered with",
    ],
)  # fmt: skip
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_changed(path: Path, tmp_path: Path, how: str) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)
    broken(target, how)
    before, folder = path.read_bytes(), names(path.parent)
    with pytest.raises(Refused, match=r"The backup .*copy\.sqlite does not prove itself"):
        restore(target, path, seal_beside(path), force=True)
    assert path.read_bytes() == before
    assert names(path.parent) == folder
    assert verified(path).restores == ()


def test_a_backup_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(NotFound):
        restore(path.with_name("none"), path, seal_beside(path), force=True)


def test_a_store_that_somebody_has_open_is_not_replaced(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)

    async def scenario() -> None:
        store = open_store(path, inline=False, create=False)
        await store.transact(lambda tx: add(tx, 1))
        with pytest.raises(Refused, match="in use"):
            await asyncio.to_thread(restore, target, path, seal_beside(path), force=True)
        await store.transact(lambda tx: add(tx, 1))
        await store.close()

    asyncio.run(scenario())
    assert verified(path).rows == 32


def test_a_damaged_store_is_replaced_and_kept(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    back_up(path, target, seal_beside(path), force=False)
    path.write_bytes(b"gone" * 5000)
    restored = restore(target, path, seal_beside(path), force=True)
    assert restored.kept is not None
    assert restored.kept.read_bytes().startswith(b"gone")
    assert verified(path).rows == 30


def a_store_of_before(path: Path, rows: int) -> None:
    """A store as it was before there was a chain."""
    path.parent.mkdir(parents=True)
    upgrade(sqlite_url(path), "0001")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for seq in range(1, rows + 1):
            file.execute(texts_of("sqlite").statements["add_audit"], audit_columns(an_entry(f"act_{seq}"), seq))


@pytest.mark.parametrize("rows", [0, 1, 5000])
def test_an_upgrade_seals_the_rows_that_were_there_and_keeps_the_store_as_it_was(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "home" / "santral.sqlite"
    a_store_of_before(path, rows)
    with pytest.raises(ConfigurationError, match="santral store upgrade"):
        open_store(path, inline=True, create=False)
    done = upgrade_store(path, seal_beside(path))
    assert (done.before, done.after, done.sealed) == ("0001", texts_of("sqlite").head, rows)
    assert done.kept is not None
    with closing(sqlite3.connect(done.kept)) as kept:
        assert kept.execute("SELECT count(*), count(mac) FROM audit").fetchone() == (rows, 0)
    written(path, 3)
    report = verified(path, 1000)
    assert (faults(report), report.sealed, report.rows) == ([], rows, rows + 3)


def test_an_upgraded_store_shows_tampering_with_a_row_that_was_sealed(tmp_path: Path) -> None:
    path = tmp_path / "home" / "santral.sqlite"
    a_store_of_before(path, 20)
    upgrade_store(path, seal_beside(path))
    tampered(path, "UPDATE audit SET body = replace(body, 'act', 'fact') WHERE seq = 12")
    assert faults(verified(path)) == [(12, "altered")]


def test_an_upgrade_that_cannot_seal_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "home" / "santral.sqlite"
    a_store_of_before(path, 3)
    with pytest.raises(RuntimeError, match="santral store upgrade"):
        upgrade(sqlite_url(path))
    assert upgrade_store(path, seal_beside(path)).before == "0001"


def test_a_program_from_before_the_chain_cannot_write_into_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file, pytest.raises(sqlite3.IntegrityError, match="audit rows are sealed"):
        file.execute(texts_of("sqlite").statements["add_audit"], audit_columns(an_entry(), 31))


def test_a_store_of_today_needs_no_upgrade(path: Path) -> None:
    done = upgrade_store(path, seal_beside(path))
    assert (done.before, done.kept) == (done.after, None)


def test_an_older_backup_is_restored_and_wants_its_upgrade(tmp_path: Path) -> None:
    path, old = tmp_path / "home" / "santral.sqlite", tmp_path / "old" / "copy.sqlite"
    written(path, 3)
    a_store_of_before(old, 5)
    assert restore(old, path, seal_beside(path), force=True).inspection.failed == "schema"
    assert upgrade_store(path, seal_beside(path)).sealed == 5


def test_looking_over_sees_that_a_guard_of_the_audit_is_gone_or_another(path: Path) -> None:
    tampered(path, tidy=False)
    assert looked_over(path, path).failed == "guards"


def test_looking_over_sees_a_guard_that_was_made_harmless(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("DROP TRIGGER audit_no_update")
        file.execute("CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT 1; END")
    check = next(one for one in looked_over(path, path).checks if not one.is_ok)
    assert (check.name, dict(check.params)) == ("guards", {"names": "audit_no_update"})


def test_a_store_that_was_upgraded_has_all_guards(tmp_path: Path) -> None:
    path = tmp_path / "home" / "santral.sqlite"
    a_store_of_before(path, 3)
    upgrade_store(path, seal_beside(path))
    assert looked_over(path, path).failed == ""


def test_looking_over_names_what_is_wanting(path: Path, tmp_path: Path) -> None:
    assert looked_over(path, path).failed == ""
    tampered(path, "INSERT INTO tokens VALUES ('t', 'nobody', 0, NULL)", "DELETE FROM audit WHERE seq = 30")
    assert looked_over(path, path).failed == "foreign_keys, audit"
    torn = tmp_path / "torn.sqlite"
    shutil.copy(path, torn)
    torn.write_bytes(torn.read_bytes()[:8192])
    assert looked_over(torn, path).failed == "integrity"
