"""What the stand-ins remember: messages they took, links they made, faults they were told to have.

One SQLite file (or memory, for one process), opened by many; each call is a transaction of its own.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pms_mock.clock import wall_ms

PROVIDERS = ("whatsapp", "instagram", "netgsm", "verimor", "booking", "iyzico", "paytr", "smtp")
FAULTS = {
    "429": "refused unread: too many requests",
    "500": "an error before anything was done",
    "500_after": "an error after the work was done",
    "lost_answer": "the work is done and the connection breaks",
    "refused": "read and refused, with the provider's code `detail`",
}
_TABLES = """
CREATE TABLE IF NOT EXISTS sent (
  number INTEGER PRIMARY KEY, provider TEXT NOT NULL, at INTEGER NOT NULL, provider_id TEXT NOT NULL,
  correlation TEXT NOT NULL, receiver TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS links (
  token TEXT PRIMARY KEY, provider TEXT NOT NULL, correlation TEXT NOT NULL, amount TEXT NOT NULL,
  currency TEXT NOT NULL, state TEXT NOT NULL, payment_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reports (
  number INTEGER PRIMARY KEY, status TEXT NOT NULL, code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
  number INTEGER PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, times INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as a stand-in took it. `correlation`: the sender's own number, empty when the wire has none."""

    number: int
    provider: str
    at_ms: int
    provider_id: str
    correlation: str
    receiver: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link; `state`: open or paid."""

    token: str
    provider: str
    correlation: str
    amount: str
    currency: str
    state: str
    payment_id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next requests to a provider."""

    kind: str
    detail: str = ""


class ChannelMemory:
    """One handle on the stand-ins' state; may be shared by threads."""

    def __init__(self, path: str | None = None, *, now_ms: Callable[[], int] = wall_ms) -> None:
        """Open or make it. `now_ms`: UTC milliseconds, so that stand-ins can live in virtual time."""
        self.now_ms = now_ms
        self._lock = threading.Lock()
        self._link = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=20.0)
        if path is not None:
            self._link.execute("PRAGMA journal_mode=WAL")
        self._link.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._link.close()

    def keep(self, provider: str, receiver: str, body: Mapping[str, Any], *, correlation: str = "") -> Sent:
        """Take a message; its number at the provider is `provider_id`."""
        at, text = self.now_ms(), json.dumps(body, ensure_ascii=False)
        with self._lock:
            row = self._link.execute(
                "INSERT INTO sent (provider, at, provider_id, correlation, receiver, body) VALUES (?,?,'',?,?,?)"
                " RETURNING number",
                (provider, at, correlation, receiver, text),
            ).fetchone()
            number = int(row[0])
            provider_id = f"{provider}.{number:08d}"
            self._link.execute("UPDATE sent SET provider_id=? WHERE number=?", (provider_id, number))
        return Sent(number, provider, at, provider_id, correlation, receiver, body)

    def sent(self, provider: str | None = None, *, receiver: str | None = None, since: int = 0) -> list[Sent]:
        """What was taken, oldest first."""
        sql = "SELECT * FROM sent WHERE number > ? AND (? IS NULL OR provider = ?) AND (? IS NULL OR receiver = ?)"
        with self._lock:
            rows = self._link.execute(
                f"{sql} ORDER BY number", (since, provider, provider, receiver, receiver)
            ).fetchall()
        return [Sent(row[0], row[1], row[2], row[3], row[4], row[5], json.loads(row[6])) for row in rows]

    def report(self, number: int, status: str, code: str = "") -> Sent:
        """Say from now on that a message stands so, in the provider's own words. LookupError for an unknown one."""
        found = next((one for one in self.sent() if one.number == number), None)
        if found is None:
            raise LookupError(number)
        with self._lock:
            self._link.execute("INSERT OR REPLACE INTO reports VALUES (?,?,?)", (number, status, code))
        return found

    def reported(self, number: int) -> tuple[str, str]:
        """Status and code of a message; empty when nothing was said of it."""
        with self._lock:
            row = self._link.execute("SELECT status, code FROM reports WHERE number = ?", (number,)).fetchone()
        return (row[0], row[1]) if row is not None else ("", "")

    def keep_link(self, link: Link) -> None:
        """Make or change a link."""
        values = (
            link.token, link.provider, link.correlation, link.amount, link.currency, link.state, link.payment_id,
        )  # fmt: skip
        with self._lock:
            self._link.execute("INSERT OR REPLACE INTO links VALUES (?,?,?,?,?,?,?)", values)

    def links(self, provider: str | None = None) -> list[Link]:
        """All links, oldest first."""
        with self._lock:
            rows = self._link.execute(
                "SELECT * FROM links WHERE ? IS NULL OR provider = ? ORDER BY rowid", (provider, provider)
            ).fetchall()
        return [Link(*row) for row in rows]

    def add_fault(self, provider: str, kind: str, *, times: int = 1, detail: str = "") -> None:
        """Fail the next `times` requests to a provider. ValueError for a provider or kind that is none."""
        if provider not in PROVIDERS or kind not in FAULTS:
            raise ValueError(f"{provider} {kind}: choose of {', '.join(PROVIDERS)}; {', '.join(FAULTS)}")
        with self._lock:
            self._link.execute(
                "INSERT INTO faults (provider, kind, detail, times) VALUES (?,?,?,?)", (provider, kind, detail, times)
            )

    def take_fault(self, provider: str) -> Fault | None:
        """The fault of this request, if it has one; each counts down."""
        with self._lock:
            row = self._link.execute(
                "UPDATE faults SET times = times - 1 WHERE number ="
                " (SELECT min(number) FROM faults WHERE provider = ? AND times > 0) RETURNING kind, detail",
                (provider,),
            ).fetchone()
        return Fault(*row) if row is not None else None
