"""The promises that hold when all is at rest, each a check with what breaks it.

docs/algorithms/rehearsal.md lists them in prose. A check gives the first findings as evidence; none means it holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from cli.rehearsal.books import Books, Row, payments_differ, read_books, records_differ, stock_differs
from cli.rehearsal.house import House
from cli.rehearsal.line import Acknowledged
from cli.rehearsal.nemesis import Nemesis
from cli.rehearsal.stock_watch import oversold
from domain.access import Actor, Role
from integration.usecases.one_write import external_reference
from integration.usecases.verify_audit import verify_audit

CHECKER = Actor("checker", Role.ADMIN, "rehearsal")
SHOWN = 5
NAMES = (
    "acknowledged_once", "refused_none", "replays", "books_agree", "stock", "released_once", "paid_kept", "payments",
    "settled", "audit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: how many things it was held against, and what breaks it."""

    name: str
    looked_at: int
    findings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return not self.findings

    def body(self) -> dict[str, object]:
        """As scripts read it."""
        return {
            "name": self.name,
            "target": 0,
            "measured": len(self.findings),
            "looked_at": self.looked_at,
            "status": "pass" if self.holds else "fail",
            "evidence": list(self.findings[:SHOWN]),
        }


async def check_promises(house: House, told: Acknowledged, nemesis: Nemesis) -> list[Check]:
    """Hold both databases and what the agents were told against the promises, in the order of `NAMES`."""
    with house.mock.reading() as connection:
        books = read_books(house.ours, connection, house.terms.pms.system_code)
    report = await verify_audit(house.desk, CHECKER)
    audit = [f"audit row {one.seq}: {one.fault.value}" for one in report.findings]
    return [
        _check("acknowledged_once", len(told.created), _acknowledged(house, told, books)),
        _check("refused_none", len(told.refused), _refused(house, told, books)),
        _check("replays", told.repeated, told.twisted),
        _check("books_agree", len(books.ours), records_differ(books)),
        _check("stock", len(books.stock), chain(oversold(house.mock), stock_differs(books, house.plan.start))),
        _check("released_once", len(books.ours), _released(books)),
        _check("paid_kept", len(books.ours), _paid_kept(books, nemesis.confirmed)),
        _check("payments", len(told.paid), chain(payments_differ(books), _payments(house, told, books))),
        _check("settled", len(books.intents), _settled(books)),
        _check("audit", report.rows, audit),
    ]


def _check(name: str, looked_at: int, findings: Iterable[str]) -> Check:
    return Check(name, looked_at, tuple(findings))


def _reference(house: House, who: tuple[str, str]) -> str:
    return external_reference(house.terms.hotel_id, *who)


def _acknowledged(house: House, told: Acknowledged, books: Books) -> Iterator[str]:
    """An acknowledged key has its reservation, and one record alone was ever left standing for it."""
    ours, theirs = {one["reservation_id"]: one for one in books.ours}, books.by_reference()
    for who, name in told.created.items():
        records = theirs.get(_reference(house, who), [])
        standing = sum(one["status"] != "Cancelled" for one in records)
        if name not in ours:
            yield f"{who[1]}: {name} was acknowledged and is not in the store"
        elif not records:
            yield f"{who[1]}: {name} was acknowledged and has no record in the PMS"
        elif standing > 1:
            yield f"{who[1]}: {name} has {standing} records in the PMS"


def _refused(house: House, told: Acknowledged, books: Books) -> Iterator[str]:
    theirs = books.by_reference()
    for who in sorted(told.refused):
        standing = [one["id"] for one in theirs.get(_reference(house, who), []) if one["status"] != "Cancelled"]
        if standing:
            yield f"{who[1]}: refused, and record {standing[0]} stands in the PMS"


def _released(books: Books) -> Iterator[str]:
    """From one life to the next a reservation lapses once, and nothing is left to lapse."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for line in books.history:
        lines[line["reservation_id"]].append(line)
    undecided = books.undecided()
    for one in books.ours:
        name, state = one["reservation_id"], one["state"]
        if state in {"hold", "option"} and name not in undecided:
            yield f"{name}: still {state} at rest"
        lapses, returns = _lives(lines[name])
        if lapses - returns != (state == "expired"):
            yield f"{name}: {state}, but lapsed {lapses} and came back {returns} times"


def _lives(lines: list[Row]) -> tuple[int, int]:
    """How often it lapsed, and how often it came back from that."""
    lapses = sum(line["action"] == "expired" for line in lines)
    returns = sum(line["from_state"] == "expired" and line["to_state"] != "expired" for line in lines)
    return lapses, returns


def _paid_kept(books: Books, desk_confirmed: set[str]) -> Iterator[str]:
    """No machine lets go of a guest who has paid what was due or whom the hotel has confirmed."""
    owed = " ".join(task["ids"] for task in books.tasks if task["kind"] == "refund")
    for one in books.ours:
        if one["state"] != "expired":
            continue
        if 0 < one["deposit_due"] <= one["paid"]:
            yield f"{one['reservation_id']}: paid and expired"
        elif one["paid"] and one["reservation_id"] not in owed:
            yield f"{one['reservation_id']}: paid in part and expired, and nobody was told to refund"
        if one["pms_ref"] in desk_confirmed:
            yield f"{one['reservation_id']}: confirmed at the front desk and expired"


def _payments(house: House, told: Acknowledged, books: Books) -> Iterator[str]:
    """An acknowledged payment is in the PMS."""
    known = {one["reference"] for one in books.deposits}
    for who, name in told.paid.items():
        if _reference(house, who) not in known:
            yield f"{who[1]}: the payment on {name} was acknowledged and is not in the PMS"


def _settled(books: Books) -> Iterator[str]:
    """Every write has its end, never left, or is on the board."""
    board = " ".join(task["ids"] for task in books.tasks)
    for one in books.intents:
        if one["state"] in {"sent", "unknown"} and one["kind"] != "local" and one["intent_id"] not in board:
            yield f"{one['intent_id']}: {one['kind']} is {one['state']}, and nobody was told"
