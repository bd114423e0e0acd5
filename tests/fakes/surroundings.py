"""Clock, ids and phrases for tests: time stands still until it is moved, ids count up, sentences stay English."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.money import Money
from integration.ports.surroundings import Clock, Ids, Phrases

NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)


class FakeClock:
    """A clock that only moves when told; `sleep` moves it and lets other tasks run."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        self.at += timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds=seconds)
        await asyncio.sleep(0)


class FakeIds:
    """`res_000001`, `res_000002`, ...: one count for all prefixes, so ids sort by time of making."""

    def __init__(self) -> None:
        self.made = 0

    def new(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}_{self.made:06d}"

    def secret(self) -> bytes:
        self.made += 1
        return self.made.to_bytes(32, "big")


class FakePhrases:
    """English templates, filled; money as `410.00 EUR`, days as ISO. `asked` keeps (language, template)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def say(self, language: str, template: str, params: Mapping[str, object] | None = None) -> str:
        self.asked.append((language, template))
        return template.format(**params) if params else template

    def say_n(self, language: str, one: str, many: str, count: int, params: Mapping[str, object] | None = None) -> str:
        return self.say(language, one if count == 1 else many, {**(params or {}), "n": count})

    def money(self, language: str, money: Money) -> str:
        return str(money)

    def day(self, language: str, day: object) -> str:
        return day.isoformat() if isinstance(day, date) else str(day)

    def number(self, language: str, number: int | Decimal) -> str:
        return str(number)


def _they_satisfy_the_ports() -> tuple[Clock, Ids, Phrases]:
    return FakeClock(), FakeIds(), FakePhrases()
