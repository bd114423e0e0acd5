"""Files that are not there, not ours, broken, full or taken: one sentence each, and nothing half-written."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from domain.errors import NotFound
from integration.adapters.store import open_store, sqlite_file
from integration.adapters.store.audit_keeper import memory_keeper
from integration.adapters.store.sqlite_file import open_file
from integration.adapters.store.sqlite_inline import InlineSqliteStore
from integration.adapters.store.texts import texts_of
from integration.errors import ConfigurationError, StoreUnavailable
from integration.ports.store import Store, Tx
from tests.builders import an_offer
from tests.contract.store.playing import Played


def opened(path: Path, *, create: bool = False) -> Store:
    return open_store(path, inline=True, create=create)


def made(path: Path) -> None:
    with Played(path):
        pass


def stamped(path: Path, revision: str) -> None:
    made(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_no_file_is_no_home_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "home" / "santral.sqlite"
    with pytest.raises(NotFound, match=r"There is no Santral home at .*home; run `santral init`\."):
        opened(path)
    assert not path.parent.exists()


def test_an_empty_file_is_no_home_until_it_is_made_one(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    path.touch()
    with pytest.raises(NotFound):
        opened(path)
    made(path)
    with Played(path, create=False) as store:
        assert store.read(lambda tx: tx.list_users()) == []


def test_only_the_owner_may_read_what_holds_guests(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    with Played(path) as store:
        store.write(lambda tx: tx.add_offer(an_offer()))
        modes = {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    assert modes == {0o600}


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "a %20 b?" / "santral.sqlite"
    for inline in (True, False):
        with Played(path, inline=inline) as store:
            if inline:
                store.write(lambda tx: tx.add_offer(an_offer()))
            assert store.read(lambda tx: tx.get_offer(an_offer().offer_id)) == an_offer()


def test_an_older_schema_names_the_command_that_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "santral.sqlite"
    made(path)
    texts = texts_of("sqlite")
    newer = type(texts)((*texts.revisions, "9999"), texts.ddl, texts.statements, texts.listings)
    monkeypatch.setattr(sqlite_file, "texts_of", lambda dialect: newer)
    with pytest.raises(ConfigurationError, match="santral store upgrade"):
        opened(path)


def test_a_newer_schema_asks_for_a_newer_program(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    stamped(path, "9999")
    with pytest.raises(StoreUnavailable, match="newer Santral"):
        opened(path)


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="is not a store of Santral"):
        opened(path, create=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database, just text" * 400, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "santral.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="damaged"):
        opened(path, create=True)


def test_damage_that_is_met_later_is_said_as_well(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    made(path)
    raw = path.read_bytes()
    path.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))
    with pytest.raises(StoreUnavailable, match="damaged"), Played(path, create=False) as store:
        store.write(lambda tx: tx.add_offer(an_offer()))


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        opened(blocked / "santral.sqlite", create=True)


def test_a_file_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    made(path)
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    store = InlineSqliteStore(connection, str(path), memory_keeper())

    async def scenario() -> None:
        with pytest.raises(StoreUnavailable, match="cannot be written"):
            await store.transact(lambda tx: tx.add_offer(an_offer()))
        await store.close()

    asyncio.run(scenario())


def test_a_full_disk_fails_the_work_and_leaves_the_store_usable(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    connection = open_file(path, create=True)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    store = InlineSqliteStore(connection, str(path), memory_keeper())

    def flood(tx: Tx) -> None:
        for number in range(2000):
            tx.add_subject_key(f"gst_{number}", b"k" * 1000)

    async def scenario() -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 10}")
        with pytest.raises(StoreUnavailable, match="full"):
            await store.transact(flood)
        connection.execute("PRAGMA max_page_count = 100000")
        assert await store.read(lambda tx: tx.subject_key("gst_0")) is None
        await store.transact(lambda tx: tx.add_subject_key("gst_0", b"k"))
        await store.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("inline", [True, False])
def test_a_file_another_process_writes_for_too_long_is_said_to_be_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inline: bool
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.05)
    path = tmp_path / "santral.sqlite"
    with Played(path, inline=inline) as store:
        other = open_file(path, create=False)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="busy: another process"):
            store.write(lambda tx: tx.add_offer(an_offer()))
        assert store.read(lambda tx: tx.list_offers(None, None, 9)) == []
        other.execute("ROLLBACK")
        other.close()
        store.write(lambda tx: tx.add_offer(an_offer()))
        assert store.read(lambda tx: tx.list_offers(None, None, 9)) == [an_offer()]


def test_a_closed_store_says_so_and_may_be_closed_again(store: Played) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.write(lambda tx: tx.counts())
