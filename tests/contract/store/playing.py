"""A store that a plain test can call: one event loop, kept open between the calls."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from integration.adapters.store import open_database, open_store
from integration.adapters.store.audit_keeper import Seal
from integration.ports.store import ReadTx, Store, Tx

T = TypeVar("T")


class Played:
    """`write` and `read` wait for the store's answer; leaving the `with` closes it."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        inline: bool = True,
        create: bool = True,
        url: str = "",
        home: Path | None = None,
    ) -> None:
        """`url`: a PostgreSQL database instead of the file; `home`: the folder of its audit key."""
        if url:
            folder = home or Path(tempfile.mkdtemp(prefix="santral-test-"))
            seal = Seal(folder / "audit.key", folder / "audit.checkpoints")
            self.store: Store = open_database(url, seal, inline=inline, create=create)
        else:
            self.store = open_store(path, inline=inline, create=create)
        self.runner = asyncio.Runner()

    def write(self, work: Callable[[Tx], T]) -> T:
        return self.runner.run(self.store.transact(work))

    def read(self, work: Callable[[ReadTx], T]) -> T:
        return self.runner.run(self.store.read(work))

    def close(self) -> None:
        self.runner.run(self.store.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        self.runner.close()
