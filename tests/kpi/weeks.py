"""Weeks of facts by the hundred, put straight into a store: what a house of some size comes to.

Chance is a seeded `Random`, so the same call gives the same facts. From `worse` on, WhatsApp answers late and the
telephone is short of people from ten to eleven.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from integration.ports.store import Tx

HOTEL = "BELEK1"
AGENTS = ("ayse", "burak", "cem", "deniz", "elif")
REASONS = ("price", "price", "price", "no_availability", "no_availability", "other_hotel", "dates")


@dataclass(frozen=True, slots=True)
class Facts:
    """One day's facts."""

    calls: list[CallFact]
    cases: list[CaseFact]
    offers: list[OfferFact]
    stays: list[StayFact]


def put(tx: Tx, facts: Facts) -> None:
    """Into the store, as counting would."""
    for call in facts.calls:
        tx.put_kpi_call(call)
    for case in facts.cases:
        tx.put_kpi_runs(case.case_id, [case])
    for offer in facts.offers:
        tx.put_kpi_offer(offer)
    for stay in facts.stays:
        tx.put_kpi_stay(stay)


def put_days(tx: Tx, first: date, n: int, worse_from: date = date.max, size: int = 40) -> None:
    """So many days, from one of them on worse."""
    for day in (first + timedelta(days=place) for place in range(n)):
        put(tx, a_day(day, 1, is_worse=day >= worse_from, size=size))


def a_day(day: date, seed: int, *, is_worse: bool = False, size: int = 40) -> Facts:
    """Some forty calls and as many messages."""
    chance, facts = Random(f"{day} {seed}"), Facts([], [], [], [])
    for place in range(size):
        _call(facts, day, place, chance, is_worse=is_worse)
        _message(facts, day, place, chance, is_worse=is_worse)
    return facts


def _by(channel: str, chance: Random) -> By:
    return By(HOTEL, channel, "web", chance.choice(["tr", "en", "de", "ru"]), chance.choice(AGENTS), "LEISURE")


def _at(day: date, chance: Random) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(seconds=chance.randrange(12 * 3600))


def _call(facts: Facts, day: date, place: int, chance: Random, *, is_worse: bool) -> None:
    name, at, by = f"{day}-{place}", _at(day, chance), _by("phone", chance)
    is_short = is_worse and at.hour == 7
    wait = chance.expovariate(1 / (60 if is_short else 9))
    is_answered = wait < 45 and chance.random() > 0.03
    is_sold = is_answered and chance.random() < 0.22
    facts.calls.append(
        CallFact(
            f"call_{name}", f"cas_p{name}", day, by, at, True, is_answered, not is_answered, True, is_sold, wait,
            chance.expovariate(1 / 240) if is_answered else None, 20.0, int(is_sold), int(is_sold),
        )
    )  # fmt: skip
    facts.cases.append(_case(f"cas_p{name}", day, by, at, chance, wait if is_answered else None, 20.0, is_sold=is_sold))
    if is_answered and chance.random() < 0.5:
        facts.offers.append(OfferFact(f"off_{name}", day, by, at, is_sold, 1, f"cas_p{name}", f"call_{name}"))
    if is_sold:
        facts.stays.append(_stay(name, day, by, chance))


def _message(facts: Facts, day: date, place: int, chance: Random, *, is_worse: bool) -> None:
    name, at = f"{day}-{place}", _at(day, chance)
    by = _by(chance.choice(["whatsapp", "whatsapp", "web_chat"]), chance)
    frt = chance.expovariate(1 / (180 if is_worse and by.channel == "whatsapp" else 70))
    facts.cases.append(_case(f"cas_m{name}", day, by, at, chance, frt, 120.0, is_sold=chance.random() < 0.12))


def _case(
    name: str, day: date, by: By, at: datetime, chance: Random, frt: float | None, target: float, *, is_sold: bool
) -> CaseFact:  # fmt: skip
    solved: float = chance.expovariate(1 / 1500) if chance.random() < 0.97 else 90_000.0
    reason = None if is_sold or chance.random() < 0.5 else chance.choice(REASONS)
    lead = "won" if is_sold else "lost" if reason else "open"
    is_open = solved == 90_000.0
    more: dict[str, Any] = {"is_handed_over": by.channel != "phone" and chance.random() < 0.17}
    return CaseFact(
        name, 1, day, by, at, by.channel != "phone", more["is_handed_over"], True, lead, reason,
        frt is None or frt >= target, frt, frt, target, False, solved, solved, 3600.0, is_open,
        at + timedelta(seconds=solved), is_open, None, by.channel if is_open else "", by.channel if is_open else "",
    )  # fmt: skip


def _stay(name: str, day: date, by: By, chance: Random) -> StayFact:
    nights = chance.choice([3, 5, 7, 7, 10])
    total = Decimal(nights * chance.randrange(90, 260))
    return StayFact(
        f"res_{name}", f"cas_p{name}", f"call_{name}", day, day + timedelta(days=chance.randrange(5, 90)), by,
        "confirmed", "confirmed", name, total, total, total, "EUR", nights, False, False,
    )  # fmt: skip
