"""A process of its own that books and says so: `python -m tests.concurrency.store.child FILE NAME ROUNDS CALLERS`.

Each booking is two subject keys and an audit row in one transaction; its number is printed once `transact` returned.
"""

import asyncio
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from integration.adapters.store import open_store
from integration.ports.records import AuditEntry
from integration.ports.store import Store, Tx

NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)


def first_of(name: str, number: int) -> str:
    return f"{name}-{number}-first"


def second_of(name: str, number: int) -> str:
    return f"{name}-{number}-second"


def booking(tx: Tx, name: str, number: int) -> None:
    tx.add_subject_key(first_of(name, number), b"k")
    tx.add_audit(AuditEntry(NOW, name, "operator", "test", "booked", {"number": f"{name}-{number}"}))
    tx.add_subject_key(second_of(name, number), b"k")


async def _call(store: Store, name: str, numbers: "count[int]", rounds: int) -> None:
    while (number := next(numbers)) < rounds:
        await store.transact(partial(booking, name=name, number=number))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


async def book(path: Path, name: str, rounds: int, callers: int) -> None:
    store = open_store(path, inline=False, create=True)
    numbers = count()
    await asyncio.gather(*(_call(store, name, numbers, rounds) for _ in range(callers)))
    await store.close()


if __name__ == "__main__":
    file, me, how_many, at_once = sys.argv[1:]
    asyncio.run(book(Path(file), me, int(how_many), int(at_once)))
