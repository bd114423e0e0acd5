"""What was promised, folded from the journal: the last word on each reservation, payment, message, call and case.

The journal is walked once, in order of time, and only this is kept. Nothing here knows how the service works: a promise
is what an answer said. A write whose end is not known (`intended`, `unknown`, or an answer that says so) puts what it
was about in doubt: it may have happened or not. What was acknowledged once is never taken back by a later refusal of
the same key.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern

from loadtests.journal import Entry, Fate

RESERVATION, CALL, CASE, SENDING = "res_", "cal_", "cas_", "out_"
WEBHOOK, PAY, ROLLBACK = "webhook", "pay", "rollback"
_SETTLED = frozenset({Fate.ACKNOWLEDGED, Fate.REFUSED})
_STILL_OPEN = frozenset({"in_flight", "outcome_pending", "outcome_unknown", "pms_outcome_unknown", "store_unavailable"})
_FAILURES = 500
_UNTOUCHED = frozenset({"pms_unavailable"})


@dataclass(slots=True)
class Sale:
    """A reservation as the answers said it. Amounts are decimal texts, days ISO texts; empty: not said.

    `states`: all that it was said to be in; `key`: of the write that made it; `at_ns`: of the last acknowledged write;
    `is_in_doubt`: a later one has no known end.
    """

    key: str
    hotel_id: str = ""
    status: str = ""
    pms_ref: str = ""
    check_in: str = ""
    check_out: str = ""
    room_type: str = ""
    rooms: int = 1
    total: str = ""
    currency: str = ""
    paid: str = ""
    quoted: str = ""
    call_id: str = ""
    at_ns: int = 0
    is_in_doubt: bool = False
    states: tuple[str, ...] = ()

    def told(self, entry: Entry) -> None:
        """A later answer on it."""
        for name in _SAID:
            if said := getattr(entry, name):
                setattr(self, name, intern(said))
        if entry.total:
            self.rooms = entry.rooms
        if entry.status and entry.status not in self.states:
            self.states = (*self.states, entry.status)
        self.at_ns = entry.at_ns


_SAID = ("hotel_id", "status", "pms_ref", "check_in", "check_out", "room_type", "total", "currency", "paid", "call_id")


@dataclass(slots=True)
class Promises:
    """All of a run. `sales` by reservation; `prices`: key, reservation, what was quoted and what was then said;
    `payments`, `refused`: request keys with what they were about; `messages`: number and channel; `things`: the calls,
    cases and messages of ours that answers named; `call_ends`: when the end of a call was sent; `fates`: the last word
    on every request key."""

    sales: dict[str, Sale] = field(default_factory=dict)
    prices: list[tuple[str, str, str, str]] = field(default_factory=list)
    payments: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    other_messages: set[str] = field(default_factory=set)
    things: dict[str, str] = field(default_factory=dict)
    call_ends: dict[str, int] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    rolled_back_ns: int = -1
    writes: int = 0


@dataclass(slots=True)
class _Pending:
    """A write under way: what it was about, and when it was first sent."""

    sent_ns: int
    ref: str
    at_ns: int


class _Fold:
    """The walk."""

    def __init__(self) -> None:
        self.found = Promises()
        self._pending: dict[tuple[str, str], _Pending] = {}

    def take(self, entry: Entry) -> None:
        """The next line."""
        if entry.operation == WEBHOOK:
            self._message(entry)
            return
        fate, name = fate_of(entry), (entry.operation, entry.key)
        before = self.found.fates.get(entry.key)
        if before is Fate.ACKNOWLEDGED and fate is not Fate.ACKNOWLEDGED:
            return
        self.found.fates[intern(entry.key)] = fate
        if fate not in _SETTLED:
            self._still_open(name, entry)
            return
        pending = self._pending.pop(name, None)
        sent_ns = pending.sent_ns if pending else entry.at_ns
        if ROLLBACK in entry.operation and fate is Fate.ACKNOWLEDGED:
            self.found.rolled_back_ns = max(self.found.rolled_back_ns, entry.at_ns)
        if fate is Fate.REFUSED:
            self.found.refused[entry.key] = entry.ref
        else:
            self.found.refused.pop(entry.key, None)
            self._acknowledged(entry, sent_ns)

    def _message(self, entry: Entry) -> None:
        if entry.fate is Fate.ACKNOWLEDGED:
            self.found.messages[entry.key] = entry.channel
            self.found.other_messages.discard(entry.key)
        elif entry.key not in self.found.messages:
            self.found.other_messages.add(entry.key)

    def _still_open(self, name: tuple[str, str], entry: Entry) -> None:
        self.found.refused.pop(entry.key, None)
        pending = self._pending.get(name)
        if pending is None:
            self._pending[name] = _Pending(entry.at_ns, entry.ref, entry.at_ns)
        else:
            pending.at_ns, pending.ref = entry.at_ns, entry.ref or pending.ref
        if ROLLBACK in entry.operation:
            self.found.rolled_back_ns = max(self.found.rolled_back_ns, entry.at_ns)

    def _acknowledged(self, entry: Entry, sent_ns: int) -> None:
        found = self.found
        if entry.ref.startswith(RESERVATION):
            self._sale(entry)
        for name in (entry.ref, entry.call_id, entry.case_id):
            if name.startswith((CALL, CASE, SENDING)):
                found.things.setdefault(name, entry.key)
        if entry.ref.startswith(CALL) and entry.status not in {"", "open"}:
            found.call_ends[entry.ref] = sent_ns

    def _sale(self, entry: Entry) -> None:
        sale = self.found.sales.get(entry.ref)
        if sale is None:
            sale = self.found.sales[intern(entry.ref)] = Sale(intern(entry.key))
        sale.told(entry)
        if entry.quoted and entry.total:
            self.found.prices.append((intern(entry.key), intern(entry.ref), entry.quoted, intern(entry.total)))
        if entry.operation == PAY:
            self.found.payments[entry.key] = entry.ref

    def end(self) -> Promises:
        """What is still open puts what it was about in doubt."""
        for pending in self._pending.values():
            sale = self.found.sales.get(pending.ref)
            if sale is not None and pending.at_ns >= sale.at_ns:
                sale.is_in_doubt = True
        self.found.writes = len(self.found.fates) + len(self.found.messages) + len(self.found.other_messages)
        return self.found


def fate_of(entry: Entry) -> Fate:
    """What is known: a failure of the service proves nothing, whatever the client made of it, except where the PMS was
    never reached."""
    if entry.fate is Fate.REFUSED and (
        entry.problem in _STILL_OPEN or (entry.http_status >= _FAILURES and entry.problem not in _UNTOUCHED)
    ):
        return Fate.UNKNOWN
    return entry.fate


def fold(entries: Iterable[Entry]) -> Promises:
    """All promises of a journal in order of time."""
    work = _Fold()
    for entry in entries:
        work.take(entry)
    return work.end()


def in_calls(promises: Promises) -> Iterator[tuple[str, Sale, int]]:
    """Reservations made in a call that has ended: id, sale, and when the end was sent (ns)."""
    for name, sale in promises.sales.items():
        ended = promises.call_ends.get(sale.call_id) if sale.call_id else None
        if ended is not None:
            yield name, sale, ended
