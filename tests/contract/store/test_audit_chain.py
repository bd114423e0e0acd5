"""The audit shows tampering: every kind is found and its first bad row named, and what nobody touched verifies."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from integration.adapters.store import audit_keeper, open_store, sqlite
from integration.adapters.store.audit_keeper import Keeper, Seal, seal_beside
from integration.adapters.store.chain import Chain
from integration.adapters.store.checkpoints import Checkpoints
from integration.adapters.store.sqlite_file import open_file
from integration.errors import ConfigurationError, StoreUnavailable
from tests.contract.store.playing import Played
from tests.contract.store.tampering import (
    add,
    faults,
    head_of,
    lines_without,
    tampered,
    verified,
    walked,
    with_head,
    written,
)

ROWS = 30


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "santral.sqlite"
    written(place, ROWS)
    return place


@pytest.mark.parametrize("limit", [1, 7, 30, 1000])
def test_what_nobody_touched_verifies(path: Path, limit: int) -> None:
    report = verified(path, limit)
    assert (faults(report), report.rows, report.head, report.first_bad) == ([], ROWS, ROWS, None)
    assert (report.checkpoints, report.last_checkpoint, report.sealed) == (2, ROWS, 0)


def test_dropping_the_triggers_alone_is_not_tampering_with_the_audit(path: Path) -> None:
    tampered(path, tidy=False)
    assert faults(verified(path)) == []


CUT_LAST = "DELETE FROM audit WHERE seq = 30"
SWAP = (
    "UPDATE audit SET seq = 1000 WHERE seq = 12",
    "UPDATE audit SET seq = 12 WHERE seq = 13",
    "UPDATE audit SET seq = 13 WHERE seq = 1000",
)
COPIED = "SELECT at, actor, action, body, mac FROM audit WHERE seq = "
MOVED_UP = ("UPDATE audit SET seq = seq + 1000 WHERE seq > 12", "UPDATE audit SET seq = seq - 999 WHERE seq > 1000")
TAMPERINGS = {
    "an edited body": (("UPDATE audit SET body = replace(body, 'hold', 'held') WHERE seq = 12",), (12, "altered")),
    "an edited first row": (("UPDATE audit SET body = body || ' ' WHERE seq = 1",), (1, "altered")),
    "an edited last row": (("UPDATE audit SET body = body || ' ' WHERE seq = 30",), (30, "altered")),
    "a body that is no text": (("UPDATE audit SET body = CAST(x'ff00' AS TEXT) WHERE seq = 12",), (12, "altered")),
    "an edited actor beside the body": (("UPDATE audit SET actor = 'nobody' WHERE seq = 12",), (12, "altered")),
    "an edited action beside the body": (("UPDATE audit SET action = 'x' WHERE seq = 12",), (12, "altered")),
    "an edited instant beside the body": (("UPDATE audit SET at = at + 1 WHERE seq = 12",), (12, "altered")),
    "an edited mac": (("UPDATE audit SET mac = x'00' WHERE seq = 12",), (12, "altered")),
    "a mac taken away": (("UPDATE audit SET mac = NULL WHERE seq = 12",), (12, "unsealed")),
    "a removed row": (("DELETE FROM audit WHERE seq = 12",), (12, "missing")),
    "a removed first row": (("DELETE FROM audit WHERE seq = 1",), (1, "missing")),
    "a removed row, the rest renumbered": (
        ("DELETE FROM audit WHERE seq = 12", "UPDATE audit SET seq = seq - 1 WHERE seq > 12"),
        (12, "moved"),
    ),
    "two rows swapped": (SWAP, (12, "moved")),
    "a row slipped in": (
        (*MOVED_UP, f"INSERT INTO audit SELECT 13, * FROM ({COPIED} 12)"),
        (13, "moved"),
    ),
    "a row added at the end": ((f"INSERT INTO audit SELECT 31, * FROM ({COPIED} 30)",), (31, "moved")),
    "the last row cut": ((CUT_LAST,), (30, "cut")),
    "the last ten rows cut": (("DELETE FROM audit WHERE seq > 20",), (21, "cut")),
    "all rows cut": (("DELETE FROM audit",), (1, "cut")),
    "a row before the first": ((f"INSERT INTO audit SELECT 0, * FROM ({COPIED} 1)",), (0, "extra")),
    "a row far before the first": ((f"INSERT INTO audit SELECT -7, * FROM ({COPIED} 30)",), (-7, "extra")),
    "a row with the lowest number there is": (
        (f"INSERT INTO audit SELECT -9223372036854775807 - 1, * FROM ({COPIED} 30)",),
        (-9223372036854775808, "extra"),
    ),
}


@pytest.mark.parametrize("limit", [3, 1000])
@pytest.mark.parametrize("kind", sorted(TAMPERINGS))
def test_tampering_is_found_and_the_first_bad_row_named(path: Path, kind: str, limit: int) -> None:
    statements, (seq, fault) = TAMPERINGS[kind]
    tampered(path, *statements)
    report = verified(path, limit)
    assert report.first_bad == seq
    assert (seq, fault) in faults(report)


@pytest.mark.parametrize("seq", [0, -1, ROWS + 1])
def test_the_newest_rows_are_those_the_head_vouches_for(path: Path, seq: int) -> None:
    slipped_in = f"INSERT INTO audit SELECT {seq}, at, 'mallory', action, body || ' ', mac FROM audit WHERE seq = 1"

    async def newest() -> list[str]:
        store = open_store(path, inline=True, create=False)
        rows = await store.read(lambda tx: tx.tail_audit(1000))
        await store.close()
        return rows

    before = asyncio.run(newest())
    tampered(path, slipped_in)
    assert (len(before), asyncio.run(newest())) == (ROWS, before)


@pytest.mark.parametrize("rows", [1, 2, 10])
def test_a_tail_cut_with_the_head_of_that_time_put_back_is_found_by_the_checkpoint(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "santral.sqlite"
    written(path, ROWS - rows)
    earlier = head_of(path)
    written(path, rows)
    tampered(path, f"DELETE FROM audit WHERE seq > {ROWS - rows}")
    with_head(path, earlier)
    assert faults(verified(path)) == [(ROWS - rows + 1, "cut")]


def test_without_that_checkpoint_a_cut_that_fits_its_head_would_go_unseen(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    written(path, ROWS - 1)
    earlier = head_of(path)
    written(path, 1)
    tampered(path, CUT_LAST)
    with_head(path, earlier)
    lines_without(seal_beside(path).checkpoints_path, [3])
    assert faults(verified(path)) == []


def test_an_emptied_audit_with_the_head_of_an_empty_one_is_found_by_the_checkpoint(path: Path) -> None:
    tampered(path, "DELETE FROM audit")
    with_head(path, (0, b"", 0, b""))
    assert faults(verified(path)) == [(1, "cut")]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE audit_head SET seq = 29", (0, "head_forged")),
        ("UPDATE audit_head SET mac = x'00'", (0, "head_forged")),
        ("UPDATE audit_head SET sealed = 12", (0, "head_forged")),
        ("UPDATE audit_head SET proof = x'00'", (0, "head_forged")),
        ("DELETE FROM audit_head", (0, "head_missing")),
    ],
)
def test_a_head_that_is_not_ours_is_found_and_blames_no_row(
    path: Path, statement: str, expected: tuple[int, str]
) -> None:
    tampered(path, statement)
    report = verified(path)
    assert (faults(report), report.first_bad) == ([expected], None)


def test_a_chain_made_anew_with_another_key_is_found(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "santral.sqlite"
    written(other, ROWS)
    with closing(sqlite3.connect(other)) as file:
        rows = file.execute("SELECT hex(mac), seq FROM audit").fetchall()
    tampered(path, *(f"UPDATE audit SET mac = x'{mac}' WHERE seq = {seq}" for mac, seq in rows))
    with_head(path, head_of(other))
    found = verified(path)
    assert found.first_bad == 1
    assert (0, "head_forged") in faults(found)


def test_a_database_rewritten_with_the_key_still_disagrees_with_the_checkpoints(path: Path, tmp_path: Path) -> None:
    seal = Seal(seal_beside(path).key_path, tmp_path / "elsewhere.checkpoints")
    again = tmp_path / "again" / "santral.sqlite"
    written(again, 3, seal=seal)
    written(again, ROWS, seal=seal)
    report = verified(again, seal=Seal(seal.key_path, seal_beside(path).checkpoints_path))
    assert faults(report) == [(30, "checkpoint_differs")]


def test_many_bad_rows_end_the_walk_after_ten_findings(path: Path) -> None:
    tampered(path, "UPDATE audit SET body = body || ' '")
    report = verified(path, 12)
    assert (len(report.findings), report.first_bad, report.rows) == (10, 1, 12)


def test_a_checkpoint_line_that_is_not_ours_is_found_and_a_torn_one_is_not_tampering(path: Path) -> None:
    file = seal_beside(path).checkpoints_path
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"seq":31,"mac":"0')
    assert faults(verified(path)) == []
    written(path, 1)
    report = verified(path)
    assert (faults(report), report.checkpoints) == ([], 3)
    file.write_bytes(whole.replace(b'"seq":30', b'"seq":29'))
    assert faults(verified(path)) == [(2, "checkpoint_forged")]


def test_checkpoints_that_are_gone_are_told(path: Path) -> None:
    seal_beside(path).checkpoints_path.unlink()
    assert faults(verified(path)) == [(0, "checkpoints_missing")]


def test_a_trail_that_was_tampered_with_takes_no_more_rows(path: Path) -> None:
    tampered(path, CUT_LAST)
    with pytest.raises(StoreUnavailable, match="does not end as its head says"):
        written(path, 1)


def test_rows_that_come_after_a_cut_whose_triggers_are_gone_do_not_hide_it(path: Path) -> None:
    tampered(path, CUT_LAST, tidy=False)
    written(path, 1)
    assert faults(verified(path)) == [(30, "missing")]


def test_a_forged_head_is_not_made_genuine_by_the_next_row(path: Path) -> None:
    tampered(path, CUT_LAST, "UPDATE audit_head SET seq = 29, mac = (SELECT mac FROM audit WHERE seq = 29)")
    with pytest.raises(StoreUnavailable):
        written(path, 1)


def test_the_wrong_key_writes_nothing_and_verifies_nothing(path: Path) -> None:
    seal = Seal(seal_beside(path).key_path, seal_beside(path).checkpoints_path, "ab" * 32)
    with pytest.raises(StoreUnavailable):
        written(path, 1, seal=seal)
    assert verified(path, seal=seal).first_bad == 1


def test_the_key_is_its_owners_only_and_is_never_made_twice(path: Path) -> None:
    key = seal_beside(path).key_path
    text = key.read_text()
    assert (stat.S_IMODE(key.stat().st_mode), len(text)) == (0o600, 65)
    written(path, 1)
    assert key.read_text() == text
    key.unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        open_store(path, inline=True, create=True)
    assert not key.exists()


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31, "ş"])
def test_a_key_that_is_none_is_told(path: Path, text: str) -> None:
    seal_beside(path).key_path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="audit key"):
        open_store(path, inline=True, create=False)


def test_a_work_that_fails_leaves_no_row_and_no_head(store: Played) -> None:
    def fail(tx: object) -> None:
        add(tx, 3)  # type: ignore[arg-type]
        raise RuntimeError

    store.write(lambda tx: add(tx, 2))
    with pytest.raises(RuntimeError):
        store.write(fail)
    store.write(lambda tx: add(tx, 1))
    report = store.runner.run(walked(store.store, 1000))
    assert (faults(report), report.rows, report.head) == ([], 3, 3)


def test_rows_that_come_while_it_is_verified_are_left_for_the_next_time(path: Path) -> None:
    async def scenario() -> None:
        store = open_store(path, inline=False, create=False)
        check = await store.read(lambda tx: tx.check_audit(None, 10))
        await store.transact(lambda tx: add(tx, 5))
        while not check.is_done:
            check = await store.read(lambda tx: tx.check_audit(check, 10))  # noqa: B023 - awaited here
        assert (faults(check.report()), check.report().rows) == ([], ROWS)
        await store.close()

    asyncio.run(scenario())
    assert verified(path).rows == ROWS + 5


def test_a_service_writes_checkpoints_by_itself_and_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, file = tmp_path / "santral.sqlite", tmp_path / audit_keeper.CHECKPOINT_FILE
    monkeypatch.setattr(audit_keeper, "EVERY", 20)
    with Played(path, inline=False) as store:
        store.write(lambda tx: add(tx, 25))
        store.write(lambda tx: add(tx, 1))
        assert file.read_text().count("\n") >= 1
    assert verified(path).last_checkpoint == 26


def test_a_service_that_falls_idle_writes_a_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "IDLE_S", 0.001)
    path, marked = tmp_path / "santral.sqlite", Event()

    class Watched(Checkpoints):
        def append(self, seq: int, mac: bytes, at: int, *, restored: bool = False) -> bool:
            marked.set()
            return super().append(seq, mac, at, restored=restored)

    async def scenario() -> None:
        connection = open_file(path, create=True)
        chain = Chain(b"k" * 32)
        file = Watched(tmp_path / "marks", chain)
        store = sqlite.SqliteStore(connection, str(path), path, Keeper(chain, file))
        await store.transact(lambda tx: add(tx, 2))
        assert await asyncio.to_thread(marked.wait, 30)
        await store.close()
        assert file.read().macs.keys() == {2}

    asyncio.run(scenario())


def test_a_checkpoint_that_cannot_be_written_fails_no_write(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    blocked = tmp_path / "file"
    blocked.touch()
    seal = Seal(tmp_path / "audit.key", blocked / "audit.checkpoints")
    written(path, 3, seal=seal)
    report = verified(path, seal=seal)
    assert (report.rows, faults(report)) == (3, [(0, "checkpoints_missing")])
