"""A database that is empty, ours, of another age or somebody else's; and what the database itself refuses."""

import builtins
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.errors import InvalidInput, NotFound
from integration.adapters.store import open_database
from integration.adapters.store.audit_keeper import Seal
from integration.adapters.store.postgres_link import connect_user
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_schema import make_ready
from integration.adapters.store.postgres_tools import address, program
from integration.adapters.store.texts import texts_of
from integration.adapters.store.upgrade import upgrade
from integration.errors import ConfigurationError, StoreUnavailable
from integration.settings import settings_from
from tests.builders import a_guest
from tests.contract.store.database import Database
from tests.fakes.surroundings import NOW
from tests.postgres import a_database, drop, the_server

PASSWORD = "tres-secret"


def schema_of(url: str) -> list[str]:
    """The schema as the server writes it down."""
    with address(place_of(url)) as where:
        words = [program("pg_dump"), "--schema-only", "--no-owner", f"--dbname={where}"]
        text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [line for line in text.splitlines() if line and not line.startswith(("--", "\\"))]


def test_migrations_and_a_fresh_store_give_the_same_schema(database: Database) -> None:
    migrated = a_database(empty=True)
    upgrade("postgresql+psycopg://", creator=lambda: psycopg.connect(migrated))
    upgrade("postgresql+psycopg://", creator=lambda: psycopg.connect(migrated))
    fresh, moved = schema_of(database.url), schema_of(migrated)
    assert sorted(moved) == sorted(fresh)
    drop(migrated)


def test_an_empty_database_is_no_store_until_it_is_made_one(nothing: Database) -> None:
    with pytest.raises(NotFound, match=r"There is no Santral store at postgresql://.*; run `santral init`\."):
        nothing.open()
    with nothing.played(create=True) as store:
        assert store.read(lambda tx: tx.list_users()) == []
    with nothing.played() as store:
        assert store.read(lambda tx: tx.list_users()) == []


def test_those_who_make_the_same_store_at_once_make_one(nothing: Database) -> None:
    place = place_of(nothing.url)

    def make(_: int) -> None:
        with connect_user(place) as connection:
            make_ready(connection, place, create=True)

    with ThreadPoolExecutor(6) as crowd:
        assert list(crowd.map(make, range(6))) == [None] * 6
    assert nothing.do("SELECT version_num FROM alembic_version") == [(texts_of("postgresql").head,)]


@pytest.mark.parametrize(
    ("revision", "error", "said"),
    [("0001", ConfigurationError, "santral store upgrade"), ("9999", StoreUnavailable, "newer Santral")],
)
def test_another_schema_is_refused_with_the_way_out(
    database: Database, revision: str, error: type[Exception], said: str
) -> None:
    database.do(f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(error, match=said):
        database.open()


def test_somebody_elses_database_is_refused_and_left_alone(nothing: Database) -> None:
    nothing.do("CREATE TABLE theirs (a int)")
    with pytest.raises(ConfigurationError, match="is not a store of Santral"):
        nothing.open(create=True)
    assert nothing.do("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [("theirs",)]


def test_a_schema_of_its_own_will_do(nothing: Database) -> None:
    nothing.do("CREATE TABLE theirs (a int)", "CREATE SCHEMA santral")
    own = replace(nothing, url=f"{nothing.url}?options=-csearch_path%3Dsantral")
    with own.played(create=True) as store:
        assert store.read(lambda tx: tx.list_users()) == []
    where = "SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = 'audit'"
    assert nothing.do(where) == [("santral",)]


def test_a_database_that_cannot_keep_every_letter_is_refused(tmp_path: Path) -> None:
    server = the_server()
    name = "latin_" + server.database().rpartition("_")[2]
    server.do(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN5' LOCALE_PROVIDER libc LOCALE 'C'")
    with pytest.raises(ConfigurationError, match="not kept in UTF8"):
        Database(server.url(name), tmp_path).open(create=True)
    drop(server.url(name))


def test_a_user_who_may_not_make_tables_is_told(nothing: Database) -> None:
    nothing.do("DROP ROLE IF EXISTS clerk", "CREATE ROLE clerk LOGIN")
    with pytest.raises(StoreUnavailable, match="may not do that"):
        replace(nothing, url=nothing.url.replace("santral@", "clerk@")).open(create=True)


def test_a_service_that_does_not_own_the_tables_can_sell_and_cannot_touch_the_guards(database: Database) -> None:
    database.do(
        "DROP ROLE IF EXISTS till", "CREATE ROLE till LOGIN",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO till",
    )  # fmt: skip
    till = replace(database, url=database.url.replace("santral@", "till@"))
    till.written(2)
    assert till.verified().rows == 2
    for edit in ("ALTER TABLE audit DISABLE TRIGGER ALL", "DROP TRIGGER audit_no_edit ON audit", "TRUNCATE audit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            till.do(edit)
    database.do("DROP OWNED BY till", "DROP ROLE till")


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit SET body = '{}'",
        "UPDATE audit SET mac = '\\x00'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "INSERT INTO audit VALUES (3, 0, 'a', 'b', '{}', '\\x01')",
        "INSERT INTO audit VALUES (2, 0, 'a', 'b', '{}', NULL)",
        "INSERT INTO audit VALUES (1, 0, 'a', 'b', '{}', '\\x01') ON CONFLICT (seq) DO UPDATE SET body = excluded.body",
    ],
)
def test_the_database_itself_refuses_to_touch_an_audit_row_or_leave_a_gap(database: Database, edit: str) -> None:
    database.do("INSERT INTO audit VALUES (1, 0, 'a', 'b', '{}', '\\x01')")
    with pytest.raises(psycopg.errors.RaiseException, match="audit rows are"):
        database.do(edit)
    assert database.do("SELECT * FROM audit") == [(1, 0, "a", "b", "{}", b"\x01")]


@pytest.mark.parametrize("edit", ["UPDATE audit_head SET mac = '\\x00'", "DELETE FROM audit_head"])
def test_the_head_of_the_audit_only_moves_forward(database: Database, edit: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="only moves forward"):
        database.do(edit)


def test_ids_sort_by_their_bytes_where_the_database_sorts_as_turkish_does(database: Database) -> None:
    names = ["I", "i", "İ", "ı", "a", "B", "_"]
    database.do(*(f"INSERT INTO leases VALUES ('{name}', 'x', 1)" for name in names))
    kept = [name for (name,) in database.do("SELECT name FROM leases ORDER BY name")]
    assert kept == sorted(names)
    if database.do("SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()") == [("i",)]:
        free = [name for (name,) in database.do('SELECT name FROM leases ORDER BY name COLLATE "tr-x-icu"')]
        assert free != kept, "the twin: left to the database they would sort otherwise"


def test_a_text_with_a_nul_is_refused_and_nothing_is_written(database: Database) -> None:
    with database.played() as store:
        with pytest.raises(InvalidInput, match="characters"):
            store.write(lambda tx: tx.put_guest(a_guest(surname="a\0b"), frozenset()))
        assert store.read(lambda tx: tx.get_guest(a_guest().guest_id)) is None


def test_a_commit_waits_for_the_disk_whatever_the_server_says(database: Database) -> None:
    database.do("ALTER ROLE santral SET synchronous_commit = off")
    try:
        link = database.link()
        assert link.execute("SHOW synchronous_commit").fetchall() == [("on",)]
        link.close()
    finally:
        database.do("ALTER ROLE santral RESET synchronous_commit")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ayse:{PASSWORD}@127.0.0.1:1/santral",
        f"postgresql://ayse:{PASSWORD}@127.0.0.1:1/santral?nonsense=1",
        f"postgresql://ayse:{PASSWORD}@127.0.0.1:port/santral",
    ],
)
def test_a_password_is_in_no_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises((ConfigurationError, StoreUnavailable)) as caught:
        open_database(url, Seal(tmp_path / "k", tmp_path / "c"), inline=True, create=False)
    told = f"{caught.value} {caught.value.hint} {caught.value.params}"
    assert PASSWORD not in told
    assert PASSWORD not in repr(settings_from({"SANTRAL_DATABASE_URL": url}, NOW, tmp_path))


@pytest.mark.parametrize("url", ["mysql://a:tres-secret@h/d", "tres-secret", "sqlite:///x"])
def test_an_address_of_another_kind_is_refused_and_not_repeated(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must look like postgresql://") as caught:
        settings_from({"SANTRAL_DATABASE_URL": url}, NOW, tmp_path)
    assert PASSWORD not in f"{caught.value}{caught.value.params}"


def test_without_the_driver_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "psycopg":
            raise ImportError(name)
        return real(name, *rest)

    for name in [name for name in sys.modules if "store.postgres" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigurationError, match="needs the library psycopg"):
        open_database("postgresql://h/d", Seal(tmp_path / "k", tmp_path / "c"), inline=True, create=False)
