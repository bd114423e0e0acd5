"""A process of its own that books and says so: `python -m tests.concurrency.store.child HOME URL NAME ROUNDS CALLERS`.

Each booking is two subject keys and an audit row in one transaction; its number is printed once `transact` returned.
"""

import asyncio
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from integration.adapters.store import open_database, open_store
from integration.adapters.store.audit_keeper import Seal
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


def opened(home: Path, url: str = "") -> Store:
    """The store of a service: the database at `url`, else a file in `home`."""
    if not url:
        return open_store(home / "santral.sqlite", inline=False, create=True)
    home.mkdir(exist_ok=True)
    return open_database(url, Seal(home / "audit.key", home / "audit.checkpoints"), inline=False, create=True)


async def book(home: Path, url: str, name: str, rounds: int, callers: int) -> None:
    store = opened(home, url)
    numbers = count()
    await asyncio.gather(*(_call(store, name, numbers, rounds) for _ in range(callers)))
    await store.close()


if __name__ == "__main__":
    folder, address, me, how_many, at_once = sys.argv[1:]
    asyncio.run(book(Path(folder), address, me, int(how_many), int(at_once)))
