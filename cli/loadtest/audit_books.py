"""What both sides hold at rest: our store's records and the PMS's, each cut down to what a promise can be held against.

The PMS's records are those made since the start: everything but its seed, and with a note of the start (`note_start`)
everything above the highest number there was. A record is ours when it carries a reference of one of our systems.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern

from cli.loadtest.audit_rows import Row, Rows

START = "audit-start.json"
OVER = frozenset({"expired", "cancelled", "rolled_back"})
DEAD = frozenset({"Cancelled"})
_SETTLED = frozenset({"done", "refused"})
_IN_DOUBT = frozenset({"sent", "unknown"})
_SEED = "seed"


@dataclass(frozen=True, slots=True)
class Start:
    """The highest numbers there were before the load; none: everything but the seed is of the load."""

    reservation_id: str = ""
    pms_id: int = -1


@dataclass(frozen=True, slots=True)
class Ours:
    """One of our reservations; amounts in minor units, instants in ms."""

    reservation_id: str
    hotel_id: str
    state: str
    check_in: str
    check_out: str
    rooms: int
    room_type: str
    currency: str
    total: int
    paid: int
    request_key: str
    external_ref: str
    pms_ref: str
    expires_at: int | None
    call_id: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """A record of the PMS. `ref`: our reference, empty when it has none; `deadline`: the option's end it was given."""

    id: int
    hotel: str
    status: str
    room_type: str
    arrival: str
    departure: str
    units: int
    guarantee: str
    total: int
    created_ms: int
    ref: str

    @property
    def is_live(self) -> bool:
        """Whether it stands."""
        return self.status not in DEAD


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a reservation's history that explains a state: `deadline` of a lapse as ISO text."""

    action: str
    at: int
    deadline: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A write that was sent and whose end is not known."""

    intent_id: str
    kind: str
    state: str
    key: str
    ref: str


@dataclass(slots=True)
class OurBooks:
    """Our side. `lived`: each state a reservation has ever been in, by its history; `refs`: external reference by
    request key; `unsettled`: writes without an end of which nobody was told; `undecided`: reservations with a payment
    whose end a person has to find."""

    reservations: dict[str, Ours] = field(default_factory=dict)
    history: dict[str, list[Line]] = field(default_factory=dict)
    lived: set[tuple[str, str]] = field(default_factory=set)
    refs: dict[str, str] = field(default_factory=dict)
    unsettled: list[Unsettled] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)
    intents: int = 0

    def by_ref(self) -> dict[str, Ours]:
        """Reservations by their reference."""
        return {one.external_ref: one for one in self.reservations.values()}


@dataclass(slots=True)
class PmsBooks:
    """Their side. `wall_offset_ms`: what the PMS's clock is ahead of the machine's."""

    records: dict[int, Theirs] = field(default_factory=dict)
    by_ref: dict[str, list[Theirs]] = field(default_factory=dict)
    deposits: Counter[int] = field(default_factory=Counter)
    references: Counter[str] = field(default_factory=Counter)
    wall_offset_ms: int = 0

    def live_of(self, ref: str) -> list[Theirs]:
        """The standing records with a reference."""
        return [one for one in self.by_ref.get(ref, ()) if one.is_live]


def note_start(folder: Path, ours: Rows, theirs: Rows | None) -> None:
    """Write down what there is before a load begins, for a home that is not the run's own."""
    ((reservation_id,),) = ours("SELECT max(reservation_id) FROM reservations")
    pms_id = -1
    if theirs is not None:
        ((pms_id,),) = theirs("SELECT coalesce(max(id), -1) FROM reservation")
    noted = {"reservation_id": reservation_id or "", "pms_id": pms_id}
    (folder / START).write_text(json.dumps(noted), encoding="utf-8")


def read_start(folder: Path) -> Start:
    """What was noted; nothing when nothing was."""
    path = folder / START
    return Start(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else Start()


def read_ours(rows: Rows, start: Start) -> OurBooks:
    """Our side on one snapshot."""
    books = OurBooks()
    for row in rows(
        "SELECT reservation_id, hotel_id, state, check_in, check_out, rooms, room_type, currency, total, paid,"
        " request_key, external_ref, coalesce(pms_ref, ''), expires_at, coalesce(call_id, '') FROM reservations"
    ):
        if row[0] > start.reservation_id:
            books.reservations[row[0]] = Ours(*_lean(row))
    history: dict[str, list[Line]] = defaultdict(list)
    for name, action, at, detail in rows(
        "SELECT reservation_id, action, at, detail FROM history"
        " WHERE action IN ('expired', 'adopted_from_pms') OR substr(action, 1, 8) = 'rollback' ORDER BY at"
    ):
        told = json.loads(detail) if detail else {}
        history[name].append(Line(action, at, str(dict(told).get("deadline", ""))))
    books.history = history
    lived = rows("SELECT DISTINCT reservation_id, to_state FROM history WHERE to_state IS NOT NULL")
    books.lived = {(intern(name), intern(state)) for name, state in lived}
    _read_intents(rows, books)
    return books


def _lean(row: Row) -> Row:
    """The same, equal texts being one: days, codes and numbers stand on both sides and in the journal."""
    return tuple(intern(value) if value.__class__ is str else value for value in row)


def _read_intents(rows: Rows, books: OurBooks) -> None:
    open_ones: list[Unsettled] = []
    for intent_id, kind, state, key, ref, reservation_id in rows(
        "SELECT intent_id, kind, state, request_key, external_ref, coalesce(reservation_id, '') FROM intents"
    ):
        books.intents += 1
        books.refs[intern(key)] = intern(ref)
        if state in _IN_DOUBT and kind != "local":
            open_ones.append(Unsettled(intent_id, kind, state, key, ref))
        if state not in _SETTLED and kind == "deposit":
            books.undecided.add(reservation_id)
    if open_ones:
        board = "\n".join(ids for (ids,) in rows("SELECT ids FROM tasks"))
        books.unsettled = [one for one in open_ones if one.intent_id not in board]


def read_theirs(rows: Rows, start: Start, systems: Iterable[str]) -> PmsBooks:
    """Their side on one snapshot. `systems`: the codes under which our references stand."""
    books, ours = PmsBooks(), frozenset(systems)
    ((books.wall_offset_ms,),) = rows("SELECT offset_ms FROM world")
    for *row, creator, system, ref in rows(
        "SELECT r.id, r.hotel, r.status, r.room_type, r.arrival, r.departure, r.units, r.guarantee, r.total_minor,"
        " r.created_ms, r.creator, x.system, x.ref FROM reservation r"
        " LEFT JOIN reservation_ref x ON x.reservation = r.id ORDER BY r.id"
    ):
        number = row[0]
        if (start.pms_id < 0 and creator == _SEED) or number <= start.pms_id:
            continue
        one = Theirs(*_lean((*row, ref if system in ours else "")))
        if one.ref:
            books.by_ref.setdefault(one.ref, []).append(one)
        if number not in books.records or (one.ref and not books.records[number].ref):
            books.records[number] = one
    for number, minor, reference in rows("SELECT reservation, minor, reference FROM deposit"):
        if number in books.records:
            books.deposits[number] += minor
            books.references[reference] += 1
    return books


@dataclass(frozen=True, slots=True)
class Books:
    """Both. `theirs` None: the PMS's records cannot be read. `codes`: guarantee codes of a state by hotel."""

    ours: OurBooks
    theirs: PmsBooks | None
    codes: Mapping[str, Mapping[str, frozenset[str]]]
    now_ms: int
