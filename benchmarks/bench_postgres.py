"""What the store costs on PostgreSQL: a booking committed through the port, against bare `psycopg` with the same rows.

As `bench_store.py` on SQLite: reservation, history line, audit row and head, settled intent and stored answer in one
durable transaction, on a server of our own that syncs, over TCP on loopback, the same session settings on both sides.
Bare has its rows ready, runs on one prepared connection and takes the audit's head `FOR UPDATE` before it writes it,
as anybody must who numbers rows; the port starts from our values, runs on the writer's thread and is awaited. Where
there are no programs of PostgreSQL, nothing is measured and the row says so.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.bench_store import BOOKINGS, CALLERS, LIMIT, ROUNDS, Booking, Ours, Statement
from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from integration.adapters.store import open_database
from integration.adapters.store.audit_keeper import Seal
from integration.adapters.store.postgres_link import Connection, connect
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_schema import make_ready
from integration.adapters.store.record_rows import intent_columns
from integration.adapters.store.texts import texts_of
from tests.postgres import Server, a_server, why_not

TEXTS = texts_of("postgresql").statements


class BareDriver:
    """`psycopg` and nothing else."""

    def __init__(self, server: Server) -> None:
        place = place_of(server.database())
        self.connection: Connection = connect(place)
        make_ready(self.connection, place, create=True)
        self.number = 0

    def take(self) -> float:
        """Seconds per booking."""
        bookings = [Booking(self.number + one) for one in range(BOOKINGS)]
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.executemany(TEXTS["add_intent"], [intent_columns(one.intent) for one in bookings])
        ready = [one.rows(self.number + later + 1, "postgresql") for later, one in enumerate(bookings)]
        self.number += BOOKINGS
        before = time.perf_counter()
        for statements in ready:
            self._commit(statements)
        return (time.perf_counter() - before) / BOOKINGS

    def _commit(self, statements: list[Statement]) -> None:
        execute = self.connection.execute
        execute("BEGIN")
        for sql, parameters in statements:
            if sql is TEXTS["add_audit"]:
                execute(TEXTS["audit_end"])
            execute(sql, parameters)
        execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


def _ours(server: Server, folder: Path, runner: asyncio.Runner, callers: int, *, inline: bool) -> Ours:
    home = Path(tempfile.mkdtemp(dir=folder))
    seal = Seal(home / "audit.key", home / "audit.checkpoints")
    return Ours(open_database(server.database(), seal, inline=inline, create=True), runner, callers)


def _rates(server: Server, folder: Path, runner: asyncio.Runner) -> dict[str, float]:
    ways: dict[str, tuple[int, bool]] = {"inline": (1, True), "alone": (1, False), "crowd": (CALLERS, False)}
    bare = BareDriver(server)
    ours = {name: _ours(server, folder, runner, count, inline=way) for name, (count, way) in ways.items()}
    measures: dict[str, Callable[[], float]] = {"bare": bare.take, **{name: one.take for name, one in ours.items()}}
    taken = interleaved(ROUNDS, **measures)
    for one in ours.values():
        one.close()
    bare.close()
    return taken


@benchmark("postgres")
def book_and_commit_on_postgresql() -> Iterator[Row]:
    names = {"alone": "1 caller", "crowd": f"{CALLERS} callers", "inline": "inline, no thread"}
    what = "book and commit, store / bare psycopg"
    reason = why_not()
    if reason:
        yield Row(what, None, LIMIT, Sense.AT_LEAST, reason)
        return
    with ExitStack() as end:
        server = end.enter_context(a_server())
        folder = Path(end.enter_context(tempfile.TemporaryDirectory()))
        taken = _rates(server, folder, end.enter_context(asyncio.Runner()))
    for name, said in names.items():
        note = f"{1 / taken[name]:.0f}/s against {1 / taken['bare']:.0f}/s"
        yield Row(f"{what}, {said}", taken["bare"] / taken[name], LIMIT, Sense.AT_LEAST, note)
