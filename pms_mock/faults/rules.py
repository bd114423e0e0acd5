"""Fault rules in the hotel's file, and whether one strikes.

`world.faults` is a version: 0 when there is nothing to do, else a number that changes with every rule. Each process
keeps the parsed rules of one version, so a request costs one comparison when there are no faults, and nothing is
written unless a rule concerns it. Counters are rows: all processes draw from the same sequence.

The n-th request that a rule looks at always meets the same luck: it is drawn from (seed, kind, operation, hotel, n).
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log
from random import Random
from typing import Any

import msgspec

from pms_mock.engine.world import next_id
from pms_mock.faults.kinds import KINDS, Value, check_selector, concerns, params_of
from pms_mock.protocol.wire import Operation

ALWAYS = -1
FOR_EVER_MS = 1 << 60
_P95 = 1.6448536269514722
_COLUMNS = "id, kind, operation, hotel, rate, seed, times, start_ms, until_ms, params"
_OWN = frozenset({"kind", "operation", "hotel", "rate", "seed", "times", "start_ms", "until_ms"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that a request has to suffer. `luck` is drawn from the standard normal distribution."""

    kind: str
    params: Mapping[str, Value] = field(default_factory=dict)
    luck: float = 0.0

    def number(self, name: str) -> float:
        """A numeric parameter."""
        return float(self.params[name])

    @property
    def delay_s(self) -> float:
        """Seconds that a slow answer takes: fixed, or lognormal by median and 95th percentile."""
        median, p95 = self.number("median"), self.number("p95")
        if not median:
            return self.number("seconds")
        return exp(log(median) + log(p95 / median) / _P95 * self.luck)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of `fault` as parsed; the counters stay in the file."""

    id: int
    kind: str
    operation: str
    hotel: str
    rate: float
    seed: int
    times: int
    start_ms: int
    until_ms: int
    params: dict[str, Value]

    def looks_at(self, operation: Operation | None, hotel: str, now_ms: int) -> bool:
        """Whether this request counts for the rule; `None` is an address that is no operation."""
        if not self.start_ms <= now_ms < self.until_ms or self.hotel not in {"*", hotel}:
            return False
        return self.operation == "*" if operation is None else concerns(self.kind, self.operation, operation)


class Rules:
    """The live rules, kept per process and thrown away when the version moves on."""

    def __init__(self) -> None:
        self._version = 0
        self._rules: tuple[Rule, ...] = ()

    def get(self, connection: sqlite3.Connection, version: int) -> tuple[Rule, ...]:
        """Rules that may still strike, oldest first."""
        if version != self._version:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM fault WHERE times <> 0 ORDER BY id")  # noqa: S608 - our names
            self._rules = tuple(Rule(*(*row[:-1], msgspec.json.decode(row[-1]))) for row in rows)
            self._version = version
        return self._rules


def arm(connection: sqlite3.Connection, document: Mapping[str, Any]) -> int:
    """Add a rule; answers its id. Raises ValueError in words.

    `{"kind", "operation": "*", "hotel": "*", "rate": 1.0, "seed": 0, "times": -1, "start_ms", "until_ms"}` and the
    parameters of the kind, beside them. `times` -1 = without end; instants are UTC milliseconds of the hotel's clock.
    """
    kind, operation = str(document.get("kind", "")), str(document.get("operation", "*"))
    params = params_of(kind, {name: value for name, value in document.items() if name not in _OWN})
    check_selector(kind, operation)
    rate, times = float(document.get("rate", 1.0)), int(document.get("times", ALWAYS))
    start, until = int(document.get("start_ms", 0)), int(document.get("until_ms", FOR_EVER_MS))
    if not 0 <= rate <= 1 or times < ALWAYS or until <= start:
        raise ValueError("rate is from 0 to 1, times -1 or more, and the window has to end after it starts")
    hotel, seed = str(document.get("hotel", "*")), int(document.get("seed", 0))
    row = connection.execute(
        "INSERT INTO fault (kind, operation, hotel, rate, seed, times, start_ms, until_ms, params)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (kind, operation, hotel, rate, seed, times, start, until, msgspec.json.encode(params).decode()),
    ).fetchone()
    touch(connection)
    return int(row[0])


def main_param(kind: str, value: float) -> dict[str, float]:
    """The one number of a kind by its name; nothing for a kind that has none."""
    known = KINDS.get(kind)
    return {known.main: value} if known and known.main else {}


def disarm(connection: sqlite3.Connection) -> int:
    """Take all rules away; answers how many. What late execution, lag and closures have begun still ends by itself."""
    count = connection.execute("DELETE FROM fault").rowcount
    touch(connection)
    return int(count)


def listed(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """All rules as documents with `id`, `seen` (requests looked at) and `hits` (requests struck)."""
    rows = connection.execute(f"SELECT {_COLUMNS}, seen, hits FROM fault ORDER BY id")  # noqa: S608 - our names
    names = _COLUMNS.split(", ")[:-1]
    return [
        {
            **dict(zip(names, row, strict=False)),
            "params": msgspec.json.decode(row[-3]),
            "seen": row[-2],
            "hits": row[-1],
        }
        for row in rows
    ]


def touch(connection: sqlite3.Connection) -> None:
    """Give the rules a new version, or 0 when nothing is armed and nothing is left behind."""
    live = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM fault WHERE times <> 0) OR EXISTS (SELECT 1 FROM fault_trace)"
    ).fetchone()[0]
    connection.execute("UPDATE world SET faults = ?", (next_id(connection, "fault") if live else 0,))


def draw(connection: sqlite3.Connection, rules: Iterable[Rule]) -> list[Fault]:
    """Count the request for each rule; answers at most one delay and one other fault. Needs the write lock."""
    struck: dict[bool, Fault] = {}
    for rule in rules:
        row = connection.execute(
            "UPDATE fault SET seen = seen + 1 WHERE id = ? AND times <> 0 RETURNING seen", (rule.id,)
        ).fetchone()
        if row is None:
            continue
        chance = Random(f"{rule.seed}/{rule.kind}/{rule.operation}/{rule.hotel}/{row[0]}")  # noqa: S311 - repeatable luck
        is_delay = rule.kind == "slow"
        if chance.random() < rule.rate and is_delay not in struck:
            struck[is_delay] = Fault(rule.kind, rule.params, chance.gauss(0, 1))
            _use_up(connection, rule)
    return list(struck.values())


def _use_up(connection: sqlite3.Connection, rule: Rule) -> None:
    left = connection.execute(
        "UPDATE fault SET hits = hits + 1, times = times - (times > 0) WHERE id = ? RETURNING times", (rule.id,)
    ).fetchone()[0]
    if left == 0:
        touch(connection)
