"""What befalls a store in PostgreSQL: a connection lost at any moment, a full disk, a lock, a conflict, a stopped peer.

Before COMMIT a work is simply run again; at COMMIT nobody knows, and the caller is told so. Nothing is there by half.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from domain.errors import Refused
from integration.adapters.store import postgres_link
from integration.adapters.store.audit_keeper import memory_keeper
from integration.adapters.store.postgres import PostgresStore
from integration.adapters.store.postgres_inline import InlinePostgresStore
from integration.adapters.store.postgres_link import BEGIN_WRITE, Connection, Link, connect_user
from integration.adapters.store.postgres_place import Place, place_of
from integration.errors import StoreUnavailable
from integration.ports.store import Store, Tx
from tests.contract.store.database import Database
from tests.contract.store.tampering import add

PATIENCE_S = 30


def troubled(place: Place) -> Connection:
    connection = connect_user(place)
    connection.cursor_factory = Watching
    return connection


class Watching(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor on whose connection something happens when a statement with a certain text is about to run, once."""

    trouble: tuple[str, Callable[[Connection], None]] | None = None

    def execute(self, query: Any, params: Any = None, **more: Any) -> "Watching":
        wanted = Watching.trouble
        if wanted is not None and re.search(wanted[0], str(query)):
            Watching.trouble = None
            wanted[1](self.connection)
        super().execute(query, params, **more)
        return self


@pytest.fixture(autouse=True)
def no_trouble_left_over():
    yield
    Watching.trouble = None


def arm(at: str, happens: Callable[[Connection], None]) -> None:
    Watching.trouble = (at, happens)


def killed(connection: Connection) -> None:
    """The server ends the connection, as it does when it is restarted."""
    with psycopg.connect(**place_of_params(connection), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])


def place_of_params(connection: Connection) -> dict[str, Any]:
    info = connection.info
    return {"host": info.host, "port": info.port, "user": info.user, "dbname": info.dbname}


def raising(error: type[psycopg.Error]) -> Callable[[Connection], None]:
    def happens(_: Connection) -> None:
        raise error("made up")

    return happens


def opened(database: Database, *, inline: bool) -> Store:
    link = Link(place_of(database.url), troubled)
    _ = link.connection
    return InlinePostgresStore(link, memory_keeper()) if inline else PostgresStore(link, memory_keeper())


def play(database: Database, scenario: Callable[[Store], Any], *, inline: bool = True) -> None:
    async def whole() -> None:
        store = opened(database, inline=inline)
        try:
            await scenario(store)
        finally:
            await store.close()

    asyncio.run(whole())


def keep(number: int) -> Callable[[Tx], int]:
    def work(tx: Tx) -> int:
        tx.add_subject_key(f"k{number}", b"k")
        add(tx, 1)
        return number

    return work


def kept(database: Database) -> tuple[list[str], list[int]]:
    """Keys and audit numbers as they are stored."""
    keys = [key for (key,) in database.do("SELECT subject FROM subject_keys ORDER BY subject")]
    return keys, [seq for (seq,) in database.do("SELECT seq FROM audit ORDER BY seq")]


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("at", ["BEGIN", "INSERT INTO subject_keys", "FOR UPDATE", "INSERT INTO audit"])
def test_a_connection_lost_before_the_commit_is_made_again_and_the_work_runs_once(
    database: Database, at: str, inline: bool
) -> None:
    async def scenario(store: Store) -> None:
        await store.transact(keep(1))
        arm(at, killed)
        assert await store.transact(keep(2)) == 2
        assert await store.transact(keep(3)) == 3

    play(database, scenario, inline=inline)
    assert kept(database) == (["k1", "k2", "k3"], [1, 2, 3])


@pytest.mark.parametrize("inline", [True, False])
def test_a_connection_lost_at_the_commit_is_told_as_unknown_and_never_repeated(
    database: Database, inline: bool
) -> None:
    async def scenario(store: Store) -> None:
        arm("^COMMIT", killed)
        with pytest.raises(StoreUnavailable, match="not known yet") as caught:
            await store.transact(keep(1))
        assert "same key" in caught.value.hint
        assert await store.transact(keep(2)) == 2

    play(database, scenario, inline=inline)
    assert kept(database) == (["k2"], [1])


def test_a_commit_whose_answer_is_lost_is_told_as_unknown_though_it_happened(database: Database) -> None:
    class AnswerLost(Watching):
        def execute(self, query: Any, params: Any = None, **more: Any) -> "AnswerLost":
            super().execute(query, params, **more)
            if query == "COMMIT":
                self.connection.close()
                raise psycopg.OperationalError("made up")
            return self

    def make(place: Place) -> Connection:
        connection = connect_user(place)
        connection.cursor_factory = AnswerLost
        return connection

    store = InlinePostgresStore(Link(place_of(database.url), make), memory_keeper())
    with pytest.raises(StoreUnavailable, match="not known yet"):
        asyncio.run(store.transact(keep(1)))
    assert kept(database) == (["k1"], [1])


@pytest.mark.parametrize("error", [psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected])
@pytest.mark.parametrize("inline", [True, False])
def test_a_conflict_runs_the_work_again(database: Database, error: type[psycopg.Error], inline: bool) -> None:
    async def scenario(store: Store) -> None:
        arm("INSERT INTO audit", raising(error))
        assert await store.transact(keep(1)) == 1

    play(database, scenario, inline=inline)
    assert kept(database) == (["k1"], [1])


def test_conflicts_without_end_are_told_as_busy_after_three_tries(database: Database) -> None:
    tries = []

    def always(tx: Tx) -> None:
        tries.append(1)
        raise psycopg.errors.SerializationFailure("made up")

    async def scenario(store: Store) -> None:
        with pytest.raises(StoreUnavailable, match="busy"):
            await store.transact(always)

    play(database, scenario)
    assert len(tries) == postgres_link.TRIES


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("at", ["INSERT INTO subject_keys", "INSERT INTO audit", "UPDATE audit_head", "^COMMIT"])
def test_a_full_disk_fails_the_work_whole_and_leaves_the_store_usable(
    database: Database, at: str, inline: bool
) -> None:
    async def scenario(store: Store) -> None:
        arm(at, raising(psycopg.errors.DiskFull))
        with pytest.raises(StoreUnavailable, match=r"The disk that holds the store .* is full\."):
            await store.transact(keep(1))
        assert await store.transact(keep(2)) == 2

    play(database, scenario, inline=inline)
    assert kept(database) == (["k2"], [1])


def test_within_a_group_a_full_disk_fails_the_one_it_met(database: Database) -> None:
    async def scenario(store: Store) -> None:
        works = [keep(number) for number in range(1, 9)]
        arm("INSERT INTO subject_keys", raising(psycopg.errors.DiskFull))
        told = await asyncio.gather(*(store.transact(work) for work in works), return_exceptions=True)
        failed = [one for one in told if isinstance(one, StoreUnavailable)]
        assert len(failed) == 1
        assert [one for one in told if isinstance(one, int)] == [n for n in range(1, 9) if told[n - 1] == n]

    play(database, scenario, inline=False)
    keys, numbers = kept(database)
    assert (len(keys), numbers) == (7, list(range(1, 8)))


def test_a_group_whose_connection_is_lost_runs_again_whole(database: Database) -> None:
    async def scenario(store: Store) -> None:
        works = [keep(number) for number in range(1, 9)]
        arm("UPDATE audit_head", killed)
        told = await asyncio.gather(*(store.transact(work) for work in works))
        assert told == list(range(1, 9))

    play(database, scenario, inline=False)
    assert kept(database) == ([f"k{number}" for number in range(1, 9)], list(range(1, 9)))


def test_a_group_whose_commit_is_lost_tells_every_caller_by_an_error_of_his_own(database: Database) -> None:
    async def scenario(store: Store) -> None:
        works = [keep(number) for number in range(1, 9)]
        arm("^COMMIT", killed)
        told = await asyncio.gather(*(store.transact(work) for work in works), return_exceptions=True)
        lost = [one for one in told if isinstance(one, StoreUnavailable)]
        assert len(lost) >= 1
        assert len({id(one) for one in lost}) == len(lost)
        assert kept(database)[0] == [f"k{one}" for one in told if isinstance(one, int)]

    play(database, scenario, inline=False)


def test_a_work_that_refuses_takes_nobody_down(database: Database) -> None:
    def refuse(tx: Tx) -> None:
        keep(9)(tx)
        raise Refused("no")

    async def scenario(store: Store) -> None:
        told = await asyncio.gather(
            *(store.transact(work) for work in (keep(1), refuse, keep(2))), return_exceptions=True
        )
        assert [type(one) for one in told] == [int, Refused, int]

    play(database, scenario, inline=False)
    assert kept(database) == (["k1", "k2"], [1, 2])


def test_a_work_that_goes_on_after_a_failed_statement_is_a_bug_that_is_said(database: Database) -> None:
    def careless(tx: Tx) -> None:
        tx.add_subject_key("k1", b"k")
        try:
            tx.add_subject_key("k1", b"k")
        except psycopg.IntegrityError:
            return

    async def scenario(store: Store) -> None:
        with pytest.raises(RuntimeError, match="had failed"):
            await store.transact(careless)

    play(database, scenario)
    assert kept(database) == ([], [])


@pytest.mark.parametrize("inline", [True, False])
def test_a_peer_that_writes_for_too_long_is_said_to_be_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch, inline: bool
) -> None:
    monkeypatch.setattr(postgres_link, "LIMITS", "SET lock_timeout = '50ms'")

    async def scenario(store: Store) -> None:
        with database.session() as other:
            other.execute(BEGIN_WRITE, prepare=False)
            with pytest.raises(StoreUnavailable, match="busy: another process"):
                await store.transact(keep(1))
            assert await store.read(lambda tx: tx.subject_key("k1")) is None
            other.execute("ROLLBACK")
        assert await store.transact(keep(1)) == 1

    play(database, scenario, inline=inline)


def test_a_peer_that_stops_within_a_transaction_loses_it_and_its_lock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = postgres_link.LIMITS
    stopped = database.link()
    monkeypatch.setattr(postgres_link, "LIMITS", limits.replace("'10s'", "'100ms'"))
    stopped.say(BEGIN_WRITE)
    stopped.execute("INSERT INTO leases VALUES ('a', 'b', 1)")
    with database.played() as store:
        store.write(keep(1))
    assert database.do("SELECT * FROM leases") == []
    stopped.close()


def test_reading_goes_on_beside_a_work_that_takes_its_time(database: Database) -> None:
    async def scenario(store: Store) -> None:
        await store.transact(keep(1))
        with database.session() as other:
            other.execute(BEGIN_WRITE, prepare=False)
            assert await asyncio.wait_for(store.read(lambda tx: tx.subject_key("k1")), PATIENCE_S) == b"k"
            other.execute("ROLLBACK")

    play(database, scenario, inline=False)


def test_a_server_that_is_not_there_is_told_and_asked_again_later(database: Database) -> None:
    place = place_of(database.url)
    away = Place(place.name, {**place.parameters, "port": "1"})
    places = [place, away, place]

    def make(_: Place) -> Connection:
        return connect_user(places.pop(0))

    async def scenario() -> None:
        store = InlinePostgresStore(Link(place, make), memory_keeper())
        await store.transact(keep(1))
        store._link.close()
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            await store.transact(keep(2))
        assert await store.transact(keep(3)) == 3
        await store.close()

    asyncio.run(scenario())
    assert kept(database) == (["k1", "k3"], [1, 2])
