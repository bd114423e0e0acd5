"""A season of facts for the KPI benchmarks: 15 hotels, 214 days, a million contacts, 100,000 reservations.

Rows are drawn with numpy, column by column, and loaded in bulk: `executemany` into SQLite, `COPY` into PostgreSQL.
Calls are those of the telephone's contacts, a quarter of the calls hold an offer.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from integration.adapters.store.postgres_link import Connection

FIRST, DAYS = date(2027, 4, 1), 214
CONTACTS, RESERVATIONS = 1_000_000, 100_000
HOTELS = tuple(f"HOTEL{number:02}" for number in range(1, 16))
CHANNELS = ("phone", "whatsapp", "instagram", "web_chat", "email", "ota")
WEIGHTS = (0.46, 0.3, 0.08, 0.06, 0.06, 0.04)
TARGETS_MS = {"phone": 20_000, "email": 14_400_000, "ota": 43_200_000}
LANGUAGES, SOURCES = ("tr", "de", "en", "ru", "pl", "uk"), ("", "fair", "google", "instagram", "agency")
SEGMENTS, REASONS = ("LEISURE", "GROUP", "CORPORATE"), ("price", "no_availability", "min_stay", "competitor")
TAGS = ("[]", '["reservation"]', '["reservation","vip"]', '["support"]')
CHUNK = 50_000
DAY_MS = 86_400_000
_START = int(datetime(2027, 4, 1, tzinfo=UTC).timestamp() * 1000)
DAY_TEXTS = tuple((FIRST + timedelta(days=one)).isoformat() for one in range(DAYS + 400))
Rows = Iterator[tuple[Any, ...]]
Numbers = NDArray[np.int64]


def _by(chance: np.random.Generator, n: int, channels: list[str], segment: bool = False) -> list[tuple[str, ...]]:
    hotel, agent = chance.integers(0, len(HOTELS), n).tolist(), chance.integers(0, 12, n).tolist()
    source, language = chance.integers(0, len(SOURCES), n).tolist(), chance.integers(0, len(LANGUAGES), n).tolist()
    tag, market = chance.integers(0, len(TAGS), n).tolist(), chance.integers(0, len(SEGMENTS), n).tolist()
    return [
        (
            HOTELS[h],
            channel,
            SOURCES[s],
            LANGUAGES[la],
            f"{HOTELS[h][-2:]}-{a:02}",
            SEGMENTS[m] if segment else "",
            TAGS[t],
        )
        for h, a, s, la, t, m, channel in zip(hotel, agent, source, language, tag, market, channels, strict=True)
    ]


def _days(chance: np.random.Generator, n: int) -> Numbers:
    """Busier towards the middle of the season."""
    found: Numbers = np.clip(chance.normal(DAYS / 2, DAYS / 4, n), 0, DAYS - 1).astype(np.int64)
    return found


def cases(contacts: int) -> Rows:
    """A first run of each contact, one in a thousand of them still open."""
    chance = np.random.default_rng(7)
    for start in range(0, contacts, CHUNK):
        n = min(CHUNK, contacts - start)
        channels = [CHANNELS[one] for one in chance.choice(len(CHANNELS), n, p=WEIGHTS).tolist()]
        by, days = _by(chance, n, channels), _days(chance, n).tolist()
        frt = (chance.gamma(1.3, 60, n) * 1000).astype(np.int64).tolist()
        solved = (chance.gamma(1.2, 900, n) * 1000).astype(np.int64).tolist()
        lead, opened = chance.random(n).tolist(), chance.integers(0, DAY_MS, n).tolist()
        for k in range(n):
            channel, day, u = channels[k], days[k], lead[k]
            target = TARGETS_MS.get(channel, 120_000)
            at, status = (
                _START + day * DAY_MS + opened[k],
                "won" if u < 0.1 else "lost" if u < 0.5 else "open" if u < 0.7 else None,
            )
            is_live = u > 0.999
            yield (
                f"cas_{start + k:08}", 1, DAY_TEXTS[day], *by[k], at, int(channel != "phone"), int(u * 1000 % 10 < 2),
                1, status, REASONS[k % 4] if status == "lost" else None, int(frt[k] >= target), frt[k], frt[k] + 500,
                target, 0, solved[k], solved[k] + 500, 28_800_000 if channel == "email" else 3_600_000, int(is_live),
                at, 0, None, int(is_live), "", channel if is_live else "",
            )  # fmt: skip


def calls(contacts: int) -> Rows:
    """A call for each contact by telephone."""
    chance = np.random.default_rng(8)
    total = int(contacts * WEIGHTS[0])
    for start in range(0, total, CHUNK):
        n = min(CHUNK, total - start)
        by, days = _by(chance, n, ["phone"] * n), _days(chance, n).tolist()
        wait, u = (chance.gamma(1, 18, n) * 1000).astype(np.int64).tolist(), chance.random(n).tolist()
        for k in range(n):
            answered, sold = u[k] < 0.92, u[k] < 0.1
            yield (
                f"cal_{start + k:08}", f"cas_{start + k:08}", DAY_TEXTS[days[k]], *by[k], _START + days[k] * DAY_MS,
                int(u[k] * 100 % 10 < 9), int(answered), int(not answered), int(u[k] < 0.6), int(sold), wait[k],
                240_000 if answered else None, 20_000, int(sold), int(sold and k % 50 > 0),
            )  # fmt: skip


def offers(contacts: int) -> Rows:
    """One for every fourth call."""
    chance = np.random.default_rng(9)
    total = int(contacts * WEIGHTS[0]) // 4
    for start in range(0, total, CHUNK):
        n = min(CHUNK, total - start)
        by, days = _by(chance, n, ["phone"] * n), _days(chance, n).tolist()
        for k in range(n):
            number = start + k
            at = _START + days[k] * DAY_MS
            yield (
                f"off_{number:08}",
                DAY_TEXTS[days[k]],
                *by[k],
                at,
                int(k % 4 == 0),
                1 + k % 2,
                "",
                f"cal_{number:08}",
            )


def stays(reservations: int) -> Rows:
    """Reservations; most in euros, vouched for by the PMS."""
    chance = np.random.default_rng(10)
    channels = [CHANNELS[one] for one in chance.choice(2, reservations).tolist()]
    by, days = _by(chance, reservations, channels, segment=True), _days(chance, reservations).tolist()
    lead, nights = chance.integers(0, 180, reservations).tolist(), chance.integers(2, 12, reservations).tolist()
    price, u = chance.integers(8_000, 40_000, reservations).tolist(), chance.random(reservations).tolist()
    seen = _START + DAYS * DAY_MS
    for k in range(reservations):
        state = "cancelled" if u[k] < 0.12 else "no_show" if u[k] < 0.15 else "confirmed"
        total = price[k] * nights[k]
        yield (
            f"res_{k:08}", "", "", DAY_TEXTS[days[k]], DAY_TEXTS[days[k] + lead[k]], *by[k], state, state, str(k),
            total, total, total, "TRY" if k % 5 == 0 else "EUR", nights[k], int(state == "cancelled"),
            int(state == "no_show"), seen, "[]",
        )  # fmt: skip


def tables(contacts: int, reservations: int) -> dict[str, Rows]:
    """Rows by table."""
    return {
        "kpi_cases": cases(contacts),
        "kpi_calls": calls(contacts),
        "kpi_offers": offers(contacts),
        "kpi_stays": stays(reservations),
    }


def fill_sqlite(connection: sqlite3.Connection, contacts: int = CONTACTS, reservations: int = RESERVATIONS) -> int:
    """Load a season into a file; how many rows."""
    loaded = 0
    connection.execute("BEGIN")
    for table, rows in tables(contacts, reservations).items():
        first = next(rows)
        sql = f"INSERT INTO {table} VALUES ({','.join('?' * len(first))})"
        connection.execute(sql, first)
        loaded += 1 + connection.executemany(sql, rows).rowcount
    connection.execute("COMMIT")
    return loaded


def fill_postgresql(connection: Connection, contacts: int = CONTACTS, reservations: int = RESERVATIONS) -> int:
    """Load a season into a database; how many rows. A `COPY` of a million rows may take longer than a statement may."""
    loaded = 0
    connection.execute("SET statement_timeout = 0")
    for table, rows in tables(contacts, reservations).items():
        with connection.transaction(), connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write(_line(row))
                loaded += 1
        connection.execute(f"ANALYZE {table}")
    return loaded


def _line(row: Sequence[Any]) -> str:
    """A line of `COPY`; a flag as 0 or 1, which a boolean column takes."""
    return "\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n"


def told(result: dict[str, float]) -> str:
    """A measurement as one line."""
    return json.dumps(result)
