"""Facts drawn at random, for properties of books and reports."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from domain.kpi_book import DayBook
from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from integration.ports.store import Tx

FIRST = date(2027, 5, 3)
AT = datetime(2027, 5, 3, 9, tzinfo=UTC)
STATES = ("confirmed", "cancelled", "no_show", "rolled_back", "expired", "checked_out", "missing")
Fact = CallFact | CaseFact | OfferFact | StayFact


def a_by(chance: Random, hotel: str = "BELEK1") -> By:
    tags = tuple(tag for tag in ("ota", "reservation", "vip") if chance.random() < 0.3)
    return By(
        hotel, chance.choice(["phone", "whatsapp", ""]), chance.choice(["", "fair"]), chance.choice(["tr", "de"]),
        chance.choice(["agent7", "agent8"]), chance.choice(["", "LEISURE"]), tags,
    )  # fmt: skip


def facts(chance: Random, count: int, days: int = 3) -> list[Fact]:
    """Facts of some days."""

    def one(number: int) -> Fact:
        return _FACTS[chance.randrange(4)](chance, number, FIRST + timedelta(days=chance.randrange(days)))

    return [one(number) for number in range(count)]


def _yes(chance: Random) -> bool:
    return chance.random() < 0.5


def _seconds(chance: Random) -> float | None:
    return chance.choice([None, chance.randrange(200_000) / 1000])


def a_call(chance: Random, number: int, day: date) -> CallFact:
    made = chance.randrange(3)
    return CallFact(
        f"cal_{number:04}", f"cas_{number:04}", day, a_by(chance), AT, _yes(chance), _yes(chance), _yes(chance),
        _yes(chance), _yes(chance), _seconds(chance), _seconds(chance), 20.0, made, chance.randint(0, made),
    )  # fmt: skip


def a_case(chance: Random, number: int, day: date, *, is_open: bool = False) -> CaseFact:
    status = chance.choice([None, "open", "won", "lost"])
    return CaseFact(
        f"cas_{number:04}", chance.choice([1, 1, 2]), day, a_by(chance), AT, _yes(chance), _yes(chance), _yes(chance),
        status, "price" if status == "lost" else None, _yes(chance), _seconds(chance), _seconds(chance),
        chance.choice([20.0, 120.0]), is_open, _seconds(chance), _seconds(chance), 3600.0, is_open, AT,
    )  # fmt: skip


def an_offer(chance: Random, number: int, day: date) -> OfferFact:
    return OfferFact(f"off_{number:04}", day, a_by(chance), AT, _yes(chance), chance.randint(1, 3))


def a_stay(chance: Random, number: int, day: date) -> StayFact:
    state, total = chance.choice(STATES), Decimal(chance.randrange(100_000)) / 100
    return StayFact(
        f"res_{number:04}", "", "", chance.choice([None, day]), day + timedelta(days=chance.randrange(3)), a_by(chance),
        state, state, "4711", total, total, total, chance.choice(["EUR", "TRY"]), chance.randrange(4),
        state == "cancelled", state == "no_show",
    )  # fmt: skip


_FACTS = (a_call, a_case, an_offer, a_stay)


def one_by_one(found: list[Fact]) -> DayBook:
    """Every fact entered by itself, on whatever day."""
    book = DayBook()
    for fact in found:
        if isinstance(fact, CallFact):
            book.add_call(fact)
        elif isinstance(fact, CaseFact):
            book.add_case(fact)
        elif isinstance(fact, OfferFact):
            book.add_offer(fact)
        else:
            if fact.day is not None:
                book.add_sale(fact)
            book.add_arrival(fact)
    return book


def put(tx: Tx, found: Sequence[Fact]) -> None:
    """Keep facts as the refresh would."""
    for fact in found:
        if isinstance(fact, CallFact):
            tx.put_kpi_call(fact)
        elif isinstance(fact, CaseFact):
            tx.put_kpi_runs(fact.case_id, [fact])
        elif isinstance(fact, OfferFact):
            tx.put_kpi_offer(fact)
        else:
            tx.put_kpi_stay(fact)
