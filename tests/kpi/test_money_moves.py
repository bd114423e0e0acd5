"""Money against money: intervals from daily sums, by hand and by how often chance is called real."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.kpi_facts import StayFact
from domain.kpi_money import average, t_of, takings
from domain.kpi_moves import Estimate, move
from integration.usecases.kpi_weekly import WeekWish, weekly
from tests.kpi.drawn import FIRST, facts, put
from tests.kpi.floor import BOSS, Counted
from tests.kpi.week import NOW

Day = tuple[float, int]
Figure = Callable[[Sequence[Day]], Estimate]
WEEK = [(100.0, 1), (200.0, 1), (300.0, 3), (400.0, 4), (500.0, 2), (600.0, 5), (700.0, 4)]


def test_the_sum_of_a_week_has_the_interval_of_students_t() -> None:
    """2800 in all, 400 a day, standard deviation 216.02; 2.447 * 216.02 * sqrt(7)."""
    found = takings(WEEK)
    assert (found.value, found.n) == (2800.0, 20)
    assert found.low == pytest.approx(2800 - 1398.6, abs=0.1)
    assert found.high == pytest.approx(2800 + 1398.6, abs=0.1)


def test_what_one_brings_has_the_interval_of_a_ratio() -> None:
    """140 each; days stray by -40, 60, -120, -160, 220, -100, 140; 2.447 * sqrt(7/6 * 123200) / 20."""
    found = average(WEEK)
    assert (found.value, found.n) == (140.0, 20)
    assert found.low == pytest.approx(140 - 46.4, abs=0.1)
    assert found.high == pytest.approx(140 + 46.4, abs=0.1)


def test_money_that_each_reservation_brings_alike_has_an_interval_of_nothing() -> None:
    found = average([(120.0 * n, n) for n in (1, 3, 2, 5, 4, 1, 2)])
    assert found.value == found.low == found.high == 120.0


def test_too_few_days_have_a_figure_and_no_interval_and_none_at_all_no_figure() -> None:
    four = [*WEEK[:4], (0.0, 0), (0.0, 0), (0.0, 0)]
    assert (average(four).low, takings(WEEK[:4]).low) == (None, None)
    assert average([(0.0, 0)] * 7).value is None
    assert takings([(0.0, 0)] * 7).value == 0.0


def test_money_is_not_below_nothing() -> None:
    assert takings([(1000.0, 1), *[(0.0, 0)] * 6]).low == 0.0


def test_students_t_falls_with_the_days() -> None:
    assert (t_of(6), t_of(30), t_of(400)) == (2.447, 2.042, 1.96)
    with pytest.raises(ValueError, match="at least two days"):
        t_of(0)


def a_week(chance: Random, basket: float) -> list[Day]:
    """Seven days with 2 to 8 reservations of about so much."""
    found = []
    for _ in range(7):
        n = chance.randint(2, 8)
        found.append((sum(chance.expovariate(1 / basket) for _ in range(n)), n))
    return found


@pytest.mark.parametrize("figure", [takings, average])
def test_chance_is_called_real_about_once_in_twenty_weeks_at_most(figure: Figure) -> None:
    chance = Random(11)
    real = sum(
        move(figure(a_week(chance, 900)), figure(a_week(chance, 900))).is_real is True for _ in range(600)
    )  # fmt: skip
    assert real <= 600 * 0.07


@pytest.mark.parametrize("figure", [takings, average])
def test_money_that_has_tripled_is_seen(figure: Figure) -> None:
    chance = Random(5)
    seen = [move(figure(a_week(chance, 2700)), figure(a_week(chance, 900))).is_real for _ in range(100)]
    assert seen.count(True) >= 60


def sales(chance: Random, back: int, basket: int) -> list[StayFact]:
    """Four a day, a week that was so many days ago."""
    drawn = [one for one in facts(chance, 400) if isinstance(one, StayFact)]
    return [
        replace(
            one, reservation_id=f"res_{back}_{number}", day=FIRST + timedelta(days=number % 7 - back),
            state="confirmed", currency="EUR", total=Decimal(basket + number % 5),
        )
        for number, one in enumerate(drawn[:28])
    ]  # fmt: skip


def row_of(body: Any, kpi: str) -> Any:
    (found,) = [row for row in body["rows"] if row["kpi"] == kpi]
    return found


def told(floor: Counted) -> Any:
    """The week of `FIRST` beside the one before."""
    wish = WeekWish(FIRST, hotel_id="BELEK1", ask_pms=False)
    return asyncio.run(weekly(floor.reception.desk, BOSS, wish))


def test_the_weekly_sheet_tells_whether_money_moved() -> None:
    floor, chance = Counted(), Random(9)
    floor.be(NOW)
    floor.change(lambda tx: put(tx, [*sales(chance, 0, 1000), *sales(chance, 7, 200)]))
    body = told(floor)
    for kpi, value in (("revenue", 28_056.0), ("basket_total", 1002.0)):
        row = row_of(body, kpi)
        assert row["now"]["value"] == pytest.approx(value, abs=30)
        assert (row["last"]["real"], row["last"]["better"]) == (True, True), kpi
        assert row["now"]["low"] < row["now"]["value"] < row["now"]["high"], kpi


def test_a_week_that_is_not_over_makes_no_claim_about_its_money() -> None:
    floor, chance = Counted(), Random(9)
    floor.be(NOW - timedelta(days=1))
    floor.change(lambda tx: put(tx, [*sales(chance, 0, 1000), *sales(chance, 7, 200)]))
    row = row_of(told(floor), "revenue")
    assert (row["now"]["low"], row["last"]["low"] is None, row["last"]["real"]) == (None, False, None)
