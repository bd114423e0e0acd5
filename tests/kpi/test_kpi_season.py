"""A simulated season in, KPIs out: the same figures as the simulator's own, by the very same accumulators."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from domain.kpi import Spread
from domain.kpi_book import DayBook, book_of
from domain.kpi_facts import By, CallFact, CaseFact, StayFact
from scenarios.scenario_loader import load_scenario
from sim.figures import figures
from sim.open_contacts import Came
from sim.plan import Leg, Legs, Outcome
from sim.replication import Replication, Season, make_season
from sim.scores import GONE
from sim.selling import SOLD, SaleResult, Sales
from sim.wishes import Asked

START = datetime(2027, 6, 1, tzinfo=UTC)
ANSWERED = tuple(one for one in SaleResult if one is not SaleResult.NOT_REACHED)


class Listening(Replication):
    """A replication that keeps what it counts."""

    def __init__(self, *known: Any) -> None:
        super().__init__(*known)
        self.legs: list[tuple[Legs, Came]] = []
        self.sold: list[tuple[Asked, Sales]] = []
        count_legs, count_sales = self._scores.add_legs, self._scores.add_sales
        self._scores = _Ears(self._scores, self.legs, self.sold, count_legs, count_sales)  # type: ignore[assignment]


class _Ears:
    """Scores that are listened to."""

    def __init__(self, scores: Any, legs: list[Any], sold: list[Any], count_legs: Any, count_sales: Any) -> None:
        self._scores, self._legs, self._sold = scores, legs, sold
        self._count_legs, self._count_sales = count_legs, count_sales

    def add_legs(self, legs: Legs, came: Came) -> None:
        self._legs.append((legs, came))
        self._count_legs(legs, came)

    def add_sales(self, asked: Asked, sales: Sales) -> None:
        self._sold.append((asked, sales))
        self._count_sales(asked, sales)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scores, name)


def a_day(seconds: float) -> date:
    return (START + timedelta(seconds=seconds)).date()


def calls_of(season: Season, legs: Legs) -> list[CallFact]:
    """Calls offered: first ones and redials on the telephone."""
    frame = season.frame
    comes_in = (
        np.isin(legs.leg, (Leg.FIRST, Leg.REDIAL)) & (legs.outcome != Outcome.OPEN) & frame.call_queues[legs.queue]
    )
    return [
        CallFact(
            f"cal_{legs.contact[k]}_{legs.tries[k]}", "", a_day(legs.at[k]), By("H", "phone"), START, True,
            legs.outcome[k] == Outcome.SERVED, legs.outcome[k] in GONE, False, False, float(legs.wait[k]), None,
            frame.answer_within_s,
        )
        for k in np.flatnonzero(comes_in).tolist()
    ]  # fmt: skip


def cases_of(season: Season, legs: Legs, came: Came) -> list[CaseFact]:
    """A case for each first leg, with its first response; the resolution comes with the leg that ends the contact."""
    frame, found = season.frame, list[CaseFact]()
    last = len(frame.channels) - 1
    for k in np.flatnonzero((legs.outcome != Outcome.OPEN) & (came.channel < last)).tolist():
        place, served = int(came.channel[k]), legs.outcome[k] == Outcome.SERVED
        is_first, is_done = legs.leg[k] == Leg.FIRST, served and not legs.is_handed_over[k]
        if not (is_first or is_done):
            continue
        found.append(
            CaseFact(
                f"cas_{legs.contact[k]}_{k}",
                1,
                a_day(came.at[k]),
                By("H", frame.channels[place]),
                START,
                bool(is_first and frame.is_message[place]),
                bool(legs.is_handed_over[k]),
                True,
                None,
                None,
                False,
                _open(season, place, legs.at[k], legs.replied[k]) if is_first and served else None,
                None,
                float(frame.targets_s[place]),
                False,
                _open(season, place, came.at[k], legs.ended[k]) if is_done else None,
                None,
                3600.0,
                False,
                START,
            )
        )
    return found


def _open(season: Season, place: int, start: float, end: float) -> float:
    return float(season.frame.open_seconds(place, np.array([start]), np.array([end]))[0])


def stays_of(season: Season, asked: Asked, sales: Sales) -> list[StayFact]:
    """A reservation for each sale."""
    rows = np.flatnonzero(np.isin(sales.result, SOLD)).tolist()
    return [
        StayFact(
            f"res_{asked.contact[k]}_{k}", "", "", a_day(sales.confirmed_at[k]),
            a_day(float(sales.arrival[k]) * 86_400), By("H", season.frame.channels[int(asked.channel[k])]), "confirmed",
            "confirmed", "1",
            Decimal(float(sales.amount[k])), Decimal(0), Decimal(float(sales.amount[k])), "EUR", int(sales.nights[k]),
            bool(sales.is_cancelled[k]), bool(sales.is_no_show[k]),
        )
        for k in rows
    ]  # fmt: skip


def joint_of(season: Season, asked: Asked, sales: Sales) -> list[CallFact]:
    """Sales contacts by telephone that were answered, and whether they bought."""
    phone = season.frame.channels.index("phone")
    rows = np.flatnonzero((asked.channel == phone) & np.isin(sales.result, ANSWERED)).tolist()
    return [
        CallFact(
            f"cal_{k}", "", a_day(asked.at[k]), By("H", "phone"), START, True, True, False, True,
            sales.result[k] in SOLD, None, None, 20.0,
        )
        for k in rows
    ]  # fmt: skip


@pytest.fixture(scope="module")
def played() -> tuple[dict[str, float | None], DayBook, DayBook]:
    season = make_season(load_scenario("antalya-high-season", ["season.last=2027-06-03", "demand.factor=0.2"]))
    model = season.model
    run = Listening(season, model.plan_of(3, 0), 3, 0)
    for day in range(model.days):
        run.day(day)
    scores = run.finish()
    stays = [one for pair in run.sold for one in stays_of(season, *pair)]
    book = book_of(
        calls=[one for legs, _ in run.legs for one in calls_of(season, legs)],
        cases=[one for pair in run.legs for one in cases_of(season, *pair)],
        sales=stays,
        arrivals=stays,
    )
    joint = book_of(calls=[one for pair in run.sold for one in joint_of(season, *pair)])
    return figures(scores._scores), book, joint  # type: ignore[attr-defined]


SHARED = (
    "service_level", "asa_s", "abandonment_rate", "handoff_rate", "basket_total", "basket_adr", "cancellation_rate",
    "no_show_rate",
)  # fmt: skip


@pytest.mark.parametrize("slug", SHARED)
def test_kpis_of_a_simulated_season_are_the_simulators(slug: str, played: Any) -> None:
    simulated, book, _ = played
    found = book.get(slug).result().value
    assert found is not None
    assert float(found) == pytest.approx(simulated[slug], rel=1e-9)


def test_the_joint_metric_is_the_simulators(played: Any) -> None:
    simulated, _, joint = played
    assert joint.get("call_to_reservation_rate").result().value == simulated["call_to_reservation_rate"]


@pytest.mark.parametrize("slug", ["frt_s", "resolution_s"])
@pytest.mark.parametrize("channel", ["phone", "whatsapp", "web_chat", "instagram", "email", "ota"])
def test_times_of_each_channel_are_the_simulators_to_the_second(slug: str, channel: str, played: Any) -> None:
    simulated, book, _ = played
    kept = book.get(slug, "channel", channel)
    assert isinstance(kept, Spread)
    assert kept.n > 0
    assert kept.percentile(75) == simulated[f"{slug}.{channel}"]


def test_revenue_is_the_simulators(played: Any) -> None:
    simulated, book, _ = played
    assert float(book.get("revenue").total("EUR")) == pytest.approx(simulated["revenue"], rel=1e-9)
    assert book.get("contact_volume").result().value >= simulated["contacts"]
