"""Whether a KPI has moved: intervals against published numbers, and how often chance is called real."""

from random import Random

import pytest

from domain.kpi import Count, Share, Spread, Takings
from domain.kpi_moves import Estimate, estimate, move, poisson
from tests.builders import eur


def spread(seconds: list[int], still_open: int = 0) -> Spread:
    found = Spread()
    for one in seconds:
        found.add(one)
    for _ in range(still_open):
        found.add(10_000, is_open=True)
    return found


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    """Newcombe 1998, table II (a), method 10: 56/70 against 48/80."""
    found = move(estimate(Share(56, 70)), estimate(Share(48, 80)))
    assert found.change == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=5e-5)
    assert found.high == pytest.approx(0.3339, abs=5e-5)
    assert found.is_real is True


@pytest.mark.parametrize(("n", "low", "high"), [(1, 0.0253, 5.5716), (10, 4.7954, 18.3904), (100, 81.3639, 121.6265)])
def test_a_count_has_nearly_the_exact_interval_of_poisson(n: int, low: float, high: float) -> None:
    found = poisson(n)
    assert found[0] == pytest.approx(low, abs=0.02)
    assert found[1] == pytest.approx(high, rel=0.005)


def test_a_count_of_nothing_begins_at_nothing_and_none_is_below_it() -> None:
    assert poisson(0)[0] == 0
    with pytest.raises(ValueError, match="not below zero"):
        poisson(-1)


def test_chance_is_called_real_about_once_in_twenty_weeks() -> None:
    chance, real = Random(7), 0
    for _ in range(400):
        weeks = [spread([int(chance.expovariate(1 / 90)) for _ in range(120)]) for _ in range(2)]
        real += move(estimate(weeks[0]), estimate(weeks[1])).is_real is True
    assert 4 <= real <= 32


def test_a_percentile_twice_as_long_is_seen() -> None:
    chance = Random(3)
    weeks = [spread([int(chance.expovariate(1 / mean)) for _ in range(200)]) for mean in (180, 90)]
    found = move(estimate(weeks[0]), estimate(weeks[1]))
    assert found.is_real is True
    assert found.change is not None
    assert found.change > 0


def test_too_many_open_cases_leave_nothing_to_compare() -> None:
    found = estimate(spread([60] * 60, still_open=40))
    assert (found.value, found.low, found.high, found.open_n) == (None, None, None, 40)
    assert move(found, estimate(spread([60] * 100))).is_real is None


def test_a_percentile_whose_upper_end_is_open_has_a_value_and_no_interval() -> None:
    found = estimate(spread(list(range(78)), still_open=22))
    assert found.value == 74
    assert found.high is None


def test_money_moves_without_a_claim() -> None:
    takings = Takings()
    takings.add(eur("100.00").amount, "EUR")
    found = move(estimate(takings, currency="EUR"), Estimate(50.0, n=1))
    assert (found.change, found.is_real) == (50.0, None)


def test_a_week_of_nothing_says_nothing() -> None:
    for kept in (Share(), Spread(), Takings()):
        assert estimate(kept, currency="EUR").value is None
    assert estimate(Count()).value == 0
