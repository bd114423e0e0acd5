"""The legs of one stretch (a day) as columns: what the engine looks up while it runs, and what became of them.

A **leg** is one try of one contact: its first, a redial, the telephone leg after a handoff, a call back. Every leg has
a number of its own, so what still stands somewhere under an old leg's number can never be mistaken for a new one. While
the engine runs, columns are plain lists (the fastest there is for one value at a time) and it writes two things per
call: when it began and who took it. All the rest, above all who gave up when, follows from these by numpy at the end of
the stretch: a guest who waits needs no event, only an instant at which he is gone.

At the end of a stretch the few legs still under way are numbered anew from 0 and become the beginning of the next one,
so memory does not grow with the season.
"""

from array import array
from dataclasses import dataclass, fields
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan import Contacts, EnginePlan, GuestRules, Leg, Legs, Outcome, Work
from sim.settling import UNDER_WAY, Settled, from_columns, stay_open, write_ends

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
Column = NDArray[Any]
IS_SILENT, IS_HANDED_OVER, IS_PROMISED, WILL_BALK, WILL_REDIAL = 1, 2, 4, 8, 16
_HANDOFF = int(Leg.HANDOFF)
_REPORTED = ("at", "root", "kind", "tries", "queue", "odd", "begin", "taker")
_FURTHER = ("at", "root", "kind", "tries")
Handoff = tuple[int, int, float, float, float]


@dataclass(frozen=True, slots=True)
class Carried:
    """Legs taken over from the stretch before: their columns, and the drawn rows and numbers of their contacts."""

    columns: dict[str, Column]
    rows: Contacts
    numbers: I8


def nobody() -> Contacts:
    """No contacts at all."""
    empty: dict[str, Column] = {
        name: np.empty(0) for name in ("at", "work", "wrap", "patience", "balk_u", "first_reply")
    }
    handoff: dict[str, Column] = {
        name: np.empty(0) for name in ("handoff_at", "handoff_work", "handoff_wrap", "handoff_patience")
    }
    redial: dict[str, Column] = {name: np.empty((0, 0)) for name in ("redial_u", "redial_gap", "redial_patience")}
    none = np.empty(0, np.int32)
    return Contacts(**empty, **handoff, **redial, queue=none, handoff_queue=none, silent=np.empty(0, np.bool_))


class LegBook:
    """Columns by leg. `talk`: work until the guest is gone; `span`: with wrap-up; `reply`: work until the first answer;
    `leave`: the instant at which a waiting guest is gone; `odd`: bits IS_SILENT, IS_HANDED_OVER, IS_PROMISED (a call
    back), WILL_BALK (should he have to wait), WILL_REDIAL (should he give up);
    `begin`: when taken (-1: not yet); `taker`: by which agent; `root`: its contact's row. Of legs
    that join while the engine runs, `_further` has what only the end of the stretch asks for: `_FURTHER`, one by one.
    """

    def __init__(self, plan: EnginePlan, guests: GuestRules) -> None:
        """No contact has come."""
        self.is_whole = np.array([queue.work is not Work.CHAT for queue in plan.queues], np.bool_)
        self._is_backlog = np.array([queue.work is Work.BACKLOG for queue in plan.queues], np.bool_)
        self._balk = np.array([queue.balk for queue in plan.queues])
        self._redial = np.array(guests.redial) * [queue.work is not Work.BACKLOG for queue in plan.queues]
        self._carried = Carried({}, nobody(), np.empty(0, np.int64))
        self._contacts = nobody()
        self._known = 0
        self._base_count = 0
        self._base: dict[str, Column] = {}
        self.comes_first = 0
        self.numbered = 0
        self.queue: list[int] = []
        self.talk = array("d")
        self.span = array("d")
        self.reply = array("d")
        self.leave = array("d")
        self.odd: list[int] = []
        self.begin: list[float] = []
        self.taker: list[int] = []
        self._further: list[tuple[float, int, int, int]] = []
        self._handoffs: dict[int, Handoff] = {}
        self.closings: list[float] = []
        self.chat_ends: list[float] = []

    def open(self, contacts: Contacts) -> None:
        """Begin a stretch: carried legs first, then a leg for each contact from `comes_first` on."""
        count, carried = len(contacts), self._carried
        talk = np.minimum(contacts.work, contacts.handoff_at)
        is_handed_over = contacts.handoff_at <= contacts.work
        self._contacts, self._known = contacts, len(carried.numbers)
        self._handoffs = self._handoffs_of(carried.rows, 0) | self._handoffs_of(contacts, self._known)
        day: dict[str, Column] = {
            "at": contacts.at,
            "root": np.arange(self._known, self._known + count),
            "kind": np.zeros(count, np.int8),
            "tries": np.zeros(count, np.int8),
            "queue": contacts.queue,
            "talk": talk,
            "span": talk + contacts.wrap,
            "reply": np.minimum(contacts.first_reply, talk),
            "leave": contacts.at + contacts.patience,
            "odd": contacts.silent.astype(np.int8) * IS_SILENT
            + is_handed_over.astype(np.int8) * IS_HANDED_OVER
            + self._impatience(contacts.balk_u, contacts.redial_u, contacts.queue),
        }
        before = carried.columns
        self.comes_first = len(before["at"]) if before else 0
        base = {name: np.concatenate((before[name], column)) if before else column for name, column in day.items()}
        self._base, self._base_count = base, len(base["at"])
        taken, agents = before.get("begin"), before.get("taker")
        self.queue[:], self.odd[:] = base["queue"].tolist(), base["odd"].tolist()
        self.begin[:] = ([] if taken is None else taken.tolist()) + [-1.0] * count
        self.taker[:] = ([] if agents is None else agents.tolist()) + [-1] * count
        for name in ("talk", "span", "reply", "leave"):
            column: array[float] = getattr(self, name)
            del column[:]
            column.frombytes(base[name].tobytes())
        self._further.clear()
        self.closings.clear()
        self.chat_ends.clear()
        self.numbered += count

    def _impatience(self, balk_u: F8, redial_u: F8, queue: Column) -> NDArray[np.int8]:
        """WILL_BALK and WILL_REDIAL of guests who join these queues and have not given up before."""
        found = (balk_u < self._balk.take(queue)).astype(np.int8) * np.int8(WILL_BALK)
        if redial_u.shape[1]:
            found += (redial_u[:, 0] < self._redial.take(queue)).astype(np.int8) * np.int8(WILL_REDIAL)
        return found

    def _handoffs_of(self, drawn: Contacts, before: int) -> dict[int, Handoff]:
        """By contact (its row, and so many before), its leg after a handoff: queue, `odd`, talk, span, patience."""
        rows = np.flatnonzero(drawn.handoff_at <= drawn.work)
        queue, work = drawn.handoff_queue[rows], drawn.handoff_work[rows]
        odd = self._impatience(drawn.balk_u[rows], drawn.redial_u[rows], queue)
        columns = (queue, odd, work, work + drawn.handoff_wrap[rows], drawn.handoff_patience[rows])
        values = zip(*(column.tolist() for column in columns), strict=True)
        return dict(zip((rows + before).tolist(), values, strict=True))

    def _redials(self, leg: int, queue: int, tries: int) -> int:
        """WILL_REDIAL or nothing, of a guest who has given up so often before."""
        drawn, row = self.row_of(leg)
        is_back = tries < drawn.redial_u.shape[1] and drawn.redial_u.item(row, tries) < self._redial.item(queue)
        return WILL_REDIAL if is_back else 0

    def at_of(self, leg: int) -> float:
        """When a leg arrived."""
        base = self._base["at"]
        return float(base[leg]) if leg < len(base) else self._further[leg - len(base)][0]

    def row_of(self, leg: int) -> tuple[Contacts, int]:
        """Where the draws of a leg's contact stand."""
        root = self._root_of(leg)
        return (self._carried.rows, root) if root < self._known else (self._contacts, root - self._known)

    def _root_of(self, leg: int) -> int:
        if self.comes_first <= leg < self._base_count:
            return leg - self.comes_first + self._known
        return self._further[leg - self._base_count][1] if leg >= self._base_count else int(self._base["root"][leg])

    def tries_of(self, leg: int) -> int:
        """How often its guest has given up before."""
        if self.comes_first <= leg < self._base_count:
            return 0
        return self._further[leg - self._base_count][3] if leg >= self._base_count else int(self._base["tries"][leg])

    def again(self, leg: int, kind: Leg, at: float, patience: float) -> int:
        """A further leg with the same work: a redial or a call back. The answer is its number."""
        tries, queue, odd = self.tries_of(leg), self.queue[leg], self.odd[leg]
        if kind is Leg.REDIAL:
            tries += 1
            odd = odd & ~WILL_REDIAL | self._redials(leg, queue, tries)
        else:
            odd = odd & IS_HANDED_OVER | IS_PROMISED
        parts = (self.talk[leg], self.span[leg], self.reply[leg], patience)
        return self._add(leg, int(kind), queue, at, parts, tries, odd)

    def handoff(self, leg: int, at: float) -> int:
        """The leg that follows when the rules hand a guest over."""
        queue, odd, talk, span, patience = self._handoffs[self._root_of(leg)]
        tries = self.tries_of(leg)
        if tries:
            odd = odd & ~WILL_REDIAL | self._redials(leg, queue, tries)
        return self._add(leg, _HANDOFF, queue, at, (talk, span, 0.0, patience), tries, odd)

    def _add(
        self, leg: int, kind: int, queue: int, at: float, parts: tuple[float, float, float, float], tries: int, odd: int
    ) -> int:
        self._further.append((at, self._root_of(leg), kind, tries))
        self.queue.append(queue)
        self.talk.append(parts[0])
        self.span.append(parts[1])
        self.reply.append(parts[2])
        self.leave.append(at + parts[3])
        self.odd.append(odd)
        self.begin.append(-1.0)
        self.taker.append(-1)
        return len(self.begin) - 1

    def close(self, leg: int, outcome: int, ended: float, handle: float = 0.0, replied: float = -1.0) -> None:
        """Write down an end that does not follow from the columns. `replied`: -1 for never. (Of a chat that is over
        `sim.chats` adds to `chat_ends`: leg, when, first answer.)"""
        self.closings += (leg, outcome, ended, handle, replied)

    def settle(self, until_s: float, *, is_last: bool = False) -> Settled:
        """What became of all legs by an instant, in columns; `is_last`: who is still there stays open for good."""
        more = dict(zip(_FURTHER, zip(*self._further, strict=True), strict=True)) if self._further else {}
        count, start = len(self.begin), self._base_count
        columns: dict[str, Column] = {
            name: np.concatenate((base, np.array(rows, base.dtype)))
            if (rows := more.get(name) or getattr(self, name, [])[start:])
            else base
            for name, base in self._base.items()
        }
        columns["begin"] = np.fromiter(self.begin, np.float64, count)
        columns["taker"] = np.fromiter(self.taker, np.int64, count)
        gives_sign = (columns["odd"] & IS_SILENT) == 0
        settled = from_columns(columns, until_s, self.is_whole, self._is_backlog, gives_sign)
        write_ends(settled, self.closings, self.chat_ends)
        if is_last:
            stay_open(settled, until_s, self.is_whole)
        return settled

    def report(self, settled: Settled, group_of: I8) -> Legs:
        """The legs that ended, in the order in which they did."""
        ended = settled.ended
        rows = np.flatnonzero(settled.outcome != UNDER_WAY)
        rows = rows[np.argsort(ended[rows], kind="stable")]
        of = {name: settled.columns[name][rows] for name in _REPORTED}
        taker, begin, at = of["taker"], of["begin"], of["at"]
        outcome = settled.outcome[rows]
        is_served = outcome == Outcome.SERVED
        return Legs(
            contact=self._numbers()[of["root"]],
            leg=of["kind"],
            tries=of["tries"],
            queue=of["queue"].astype(np.int32),
            at=at,
            wait=np.where(begin >= 0, begin, ended[rows]) - at,
            handle=settled.handle[rows],
            ended=ended[rows],
            replied=settled.replied[rows],
            outcome=outcome,
            group=np.append(group_of, -1)[taker].astype(np.int32),
            is_handed_over=is_served & ((of["odd"] & IS_HANDED_OVER) > 0),
        )

    def _numbers(self) -> I8:
        return np.concatenate((self._carried.numbers, np.arange(self.numbered - len(self._contacts), self.numbered)))

    def carry(self, settled: Settled) -> I8:
        """Keep what is under way for the next stretch; the answer is each leg's new number, -1 for the ended."""
        rows = np.flatnonzero(settled.outcome == UNDER_WAY)
        renamed = np.full(len(settled.outcome), -1)
        renamed[rows] = np.arange(len(rows))
        columns = {name: column[rows] for name, column in settled.columns.items()}
        roots, columns["root"] = np.unique(columns["root"], return_inverse=True)
        self._carried = Carried(columns, self._rows(roots), self._numbers()[roots])
        return renamed

    def _rows(self, roots: I8) -> Contacts:
        old, new = roots[roots < self._known], roots[roots >= self._known] - self._known
        parts: dict[str, Column] = {}
        for one in fields(Contacts):
            column = getattr(self._contacts, one.name)
            if one.name == "mark":
                continue
            parts[one.name] = _stacked(getattr(self._carried.rows, one.name)[old], column[new])
        return Contacts(**parts)

    @property
    def oldest(self) -> int:
        """The lowest number of a contact with a leg under way, as of the last `carry`; the next number when none is."""
        return int(self._carried.numbers[0]) if len(self._carried.numbers) else self.numbered


def _stacked(earlier: Column, later: Column) -> Column:
    """One under the other; where the stretches drew a different number of tries, the narrower is filled with nevers."""
    if earlier.ndim == 1 or earlier.shape[1] == later.shape[1]:
        return np.concatenate((earlier, later))
    width = max(earlier.shape[1], later.shape[1])
    return np.concatenate(
        [np.pad(one, ((0, 0), (0, width - one.shape[1])), constant_values=inf) for one in (earlier, later)]
    )
