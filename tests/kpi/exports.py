"""`santral kpi export` on a hand-made week: a store on disk, a real session, a clock that stands still."""

import asyncio
import csv
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.main import main
from cli.screens.reader import Reader
from domain.kpi_facts import By, CallFact, StayFact
from integration.adapters.phrases import CataloguePhrases
from integration.adapters.store import open_store
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from tests.e2e.santral import Ended
from tests.fakes.surroundings import FakeClock
from tests.kpi.week import NOW, the_week

HOSTILE = "=cmd|' /C calc'!A1"
ENGLISH, TURKISH = (Reader(CataloguePhrases(), language) for language in ("en", "tr"))


@dataclass
class Exporting:
    """A folder of exports and the desk behind it. The store is a file, so that each run opens and closes it."""

    folder: Path
    desk: Desk
    store: Path
    clock: FakeClock

    @classmethod
    def of_the_week(cls, place: Path) -> "Exporting":
        """The week of `tests.kpi.week`, recorded once and copied."""
        files, desk = _recorded()
        for name, content in files.items():
            (place / name).write_bytes(content)
        clock = FakeClock(NOW)
        return cls(place / "out", replace(desk, clock=clock), place / "week.sqlite", clock)

    def change(self, work: Callable[[Tx], None]) -> None:
        """Something happens in the store."""
        store = open_store(self.store, inline=True, create=False)
        asyncio.run(store.transact(work))
        asyncio.run(store.close())

    def run(self, *words: str, **environ: str) -> Ended:
        """A command on the week."""
        out, err = io.StringIO(), io.StringIO()

        def opened(_settings: Any, _at_end: Any) -> Desk:
            return replace(self.desk, store=open_store(self.store, inline=True, create=False))

        code = main(words, Session(environ=environ, opener=opened, out=out, err=err, stdin=io.StringIO()))
        return Ended(code, out.getvalue(), err.getvalue())

    def export(self, *words: str, **environ: str) -> dict[str, Any]:
        """An export of the week that must succeed."""
        ended = self.run("kpi", "export", "--out", str(self.folder), "--no-pms", "--json", *words, **environ)
        assert ended.code == 0, ended.err
        return ended.body

    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return found

    def files(self) -> dict[str, bytes]:
        """Every file of people's by name."""
        return {one.name: one.read_bytes() for one in self.folder.iterdir() if not one.name.startswith(".")}

    def rows(self, name: str) -> list[dict[str, str]]:
        return csv_rows((self.folder / name).read_bytes())


@cache
def _recorded() -> tuple[dict[str, bytes], Desk]:
    """The files of the store, closed, and the desk it was made with."""
    with tempfile.TemporaryDirectory(prefix="santral-test-") as folder:
        file = Path(folder) / "week.sqlite"
        store = open_store(file, inline=True, create=True)
        desk = the_week(store).reception.desk
        asyncio.run(store.close())
        files = {one.name: one.read_bytes() for one in Path(folder).iterdir() if one.is_file()}
        return files, replace(desk, phrases=CataloguePhrases())


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def a_call_fact(number: int = 1, day: date = date(2027, 5, 3), **over: Any) -> CallFact:
    """An answered inbound call."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    names: dict[str, Any] = {
        "call_id": f"call_x{number:06}", "case_id": f"case_x{number:06}", "day": day,
        "by": By("BELEK1", "phone", agent="agent7"), "started_at": at, "is_inbound": True, "is_answered": True,
        "is_abandoned": False, "is_sales": True, "is_sold": False, "wait_s": 12.5, "talk_s": 180.0,
        "answer_target_s": 20.0,
    }  # fmt: skip
    return CallFact(**{**names, **over})


def a_stay_fact(number: int = 1, day: date | None = date(2027, 5, 3), **over: Any) -> StayFact:
    """A sale of seven nights."""
    names: dict[str, Any] = {
        "reservation_id": f"res_x{number:06}", "case_id": "", "call_id": "", "day": day, "arrival": date(2027, 7, 1),
        "by": By("BELEK1", "phone", agent="agent7"), "state": "confirmed", "our_state": "confirmed", "pms_ref": "100",
        "total": Decimal("1400.10"), "our_total": Decimal("1400.10"), "room_revenue": Decimal("1400.10"),
        "currency": "EUR", "room_nights": 7, "is_cancelled": False, "is_no_show": False,
    }  # fmt: skip
    return StayFact(**{**names, **over})
