"""The schema is one: tables, shipped text, migrations. And the store that runs loads none of what made it."""

import io
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from integration.adapters.store.access import padded
from integration.adapters.store.compile import DIALECTS, compiled
from integration.adapters.store.sqlite_file import install
from integration.adapters.store.texts import FOLDER, texts_of
from integration.adapters.store.upgrade import sqlite_url, upgrade, upgrade_script
from integration.adapters.store.widths import STATE_WIDTH
from tests.contract.store.playing import Played

USES = """
import sys
from integration.adapters.store import open_store
import asyncio
store = open_store(None, inline={inline}, create=True)
asyncio.run(store.transact(lambda tx: tx.counts()))
asyncio.run(store.close())
print(sorted({{"sqlalchemy", "alembic", "pydantic", "aiohttp", "fastapi"}} & set(sys.modules)))
"""


def schema(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: "".join(sql.split()) for name, sql in rows}


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_the_shipped_text_is_what_the_statements_compile_to(dialect: str) -> None:
    shipped = (FOLDER / f"{dialect}.json").read_text(encoding="utf-8")
    assert shipped == compiled(dialect), "run: python -m integration.adapters.store.compile"


def test_migrations_and_a_fresh_store_give_the_same_schema(tmp_path: Path) -> None:
    migrated, fresh = tmp_path / "migrated.sqlite", tmp_path / "fresh.sqlite"
    upgrade(sqlite_url(migrated))
    with sqlite3.connect(migrated) as one, sqlite3.connect(fresh, isolation_level=None) as other:
        install(other, texts_of("sqlite"))
        assert schema(one) == schema(other)
        version = "SELECT version_num FROM alembic_version"
        assert one.execute(version).fetchall() == other.execute(version).fetchall()
    one.close()
    other.close()


def test_a_migrated_file_is_a_store(tmp_path: Path) -> None:
    path = tmp_path / "santral.sqlite"
    upgrade(sqlite_url(path))
    upgrade(sqlite_url(path))
    with Played(path, create=False) as store:
        assert store.read(lambda tx: tx.counts())["live_holds"] == 0


def test_migrations_speak_postgresql_too() -> None:
    output = io.StringIO()
    upgrade_script("postgresql://", output)
    script = " ".join(output.getvalue().split())
    for statement in texts_of("postgresql").ddl:
        if statement.startswith(("CREATE TRIGGER", "CREATE FUNCTION", "CREATE INDEX", "CREATE UNIQUE")):
            assert statement in script
    assert script.count("CREATE TABLE") == sum(one.startswith("CREATE TABLE") for one in texts_of("postgresql").ddl)


def test_both_dialects_have_the_same_statements_and_listings() -> None:
    ours, theirs = texts_of("sqlite"), texts_of("postgresql")
    assert set(ours.statements) == set(theirs.statements)
    assert {name: set(one.conditions) for name, one in ours.listings.items()} == {
        name: set(one.conditions) for name, one in theirs.listings.items()
    }
    assert ours.revisions == theirs.revisions


@pytest.mark.parametrize("inline", [True, False])
def test_the_running_store_loads_no_sqlalchemy(inline: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", USES.format(inline=inline)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


PLANS = {
    "due_reservations": "ix_reservations_due",
    "live_timed": "ix_reservations_live",
    "find_identity": "PRIMARY KEY",
    "intent_of_key": "uq_intents_request_key",
    "guests_by_name": "PRIMARY KEY",
    "user_of_token": "PRIMARY KEY",
    "forget_answers": "ix_answers_until",
}
LISTED = {
    ("reservations", "hotel_id"): "ix_reservations_hotel",
    ("reservations", "guest_id"): "ix_reservations_guest",
    ("reservations", "call_id"): "ix_reservations_call",
    ("reservations", "external_ref"): "uq_reservations_external_ref",
    ("reservations", "pms_ref"): "ix_reservations_pms_ref",
    ("offers", "hotel_id"): "ix_offers_hotel",
    ("offers", "call_id"): "ix_offers_call",
    ("calls", "actor open_only"): "ix_calls_open",
    ("calls", "hotel_id"): "ix_calls_hotel",
    ("tasks", "hotel_id open_only"): "ix_tasks_open",
    ("unsettled", ""): "ix_intents_unsettled",
    ("unsettled", "reservation_id"): "ix_intents_unsettled_of",
}


@pytest.fixture
def empty():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    install(connection, texts_of("sqlite"))
    yield connection
    connection.close()


def plan(connection: sqlite3.Connection, sql: str) -> str:
    everything = dict.fromkeys(word.strip("(),") for word in sql.replace("(", " ").split() if word.startswith(":"))
    parameters = {name.strip(":"): "1" for name in everything} | padded("state", ["hold"], STATE_WIDTH)
    return " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters))


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_statement_on_the_hot_path_uses_its_index(empty: sqlite3.Connection, name: str) -> None:
    assert PLANS[name] in plan(empty, texts_of("sqlite").statements[name])


@pytest.mark.parametrize(("listing", "conditions"), sorted(LISTED))
def test_a_listing_uses_its_index_and_sorts_nothing_big(
    empty: sqlite3.Connection, listing: str, conditions: str
) -> None:
    found = plan(empty, texts_of("sqlite").listings[listing].where(conditions.split()))
    assert LISTED[listing, conditions] in found
    if listing not in {"reservations"} or conditions in {"hotel_id", "guest_id"}:
        assert "TEMP B-TREE" not in found


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit SET body = '{}'",
        "UPDATE audit SET mac = x'00'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit VALUES (1, 0, 'a', 'b', '{}', x'01')",
        "INSERT INTO audit VALUES (3, 0, 'a', 'b', '{}', x'01')",
        "INSERT INTO audit VALUES (2, 0, 'a', 'b', '{}', NULL)",
    ],
)
def test_the_database_itself_refuses_to_touch_an_audit_row_or_leave_a_gap(empty: sqlite3.Connection, edit: str) -> None:
    empty.execute("INSERT INTO audit VALUES (1, 0, 'a', 'b', '{}', x'01')")
    with pytest.raises(sqlite3.IntegrityError, match="audit rows are"):
        empty.execute(edit)
    assert empty.execute("SELECT * FROM audit").fetchall() == [(1, 0, "a", "b", "{}", b"\x01")]
