"""Percentiles and intervals: exact, held against numpy, scipy and brute force, and they cover what they promise."""

from itertools import product
from math import inf

import numpy as np
import pytest
from scipy.stats import binom

from loadtests.attribution import PARTS, attribution, parts_ms
from loadtests.statistics import (
    by_second,
    clumping,
    error_share,
    interval_ranks,
    judged_ms,
    least_n,
    percentile,
    rank,
    share,
)
from loadtests.windows import BRINK_S, Columns, Recovery, busiest, hit_by
from tests.loadtests.runs import T0, samples, slower, with_problem

QS = (0.5, 0.9, 0.95, 0.99, 0.999)


def test_a_percentile_is_numpy_s_inverted_cdf() -> None:
    dice = np.random.default_rng(3)
    for n, q in product((1, 2, 3, 19, 20, 21, 99, 100, 101, 140, 1000), QS):
        values = dice.lognormal(size=n)
        assert percentile(values, q).ms == np.quantile(values, q, method="inverted_cdf"), (n, q)


def test_a_percentile_has_its_share_of_the_values_at_or_below_it_and_no_smaller_value_has() -> None:
    for n, q in product(range(1, 60), QS):
        place = rank(n, q)
        assert place / n >= q - 1e-12
        assert place == 1 or (place - 1) / n < q


def test_the_ranks_of_an_interval_are_those_of_the_binomial_distribution() -> None:
    for n, q in product((1, 2, 5, 20, 72, 73, 100, 367, 368, 1000), (0.5, 0.95, 0.99)):
        below = binom.cdf(np.arange(n + 1), n, q)
        lower = max(one for one in range(n + 1) if one == 0 or below[one - 1] <= 0.025)
        upper = min(one for one in range(1, n + 2) if one == n + 1 or below[one - 1] >= 0.975)
        assert interval_ranks(n, q) == (lower, upper), (n, q)


def test_a_million_requests_neither_over_nor_underflow() -> None:
    lower, upper = interval_ranks(1_000_000, 0.99)
    assert abs(lower - 989_805) <= 2
    assert abs(upper - 990_196) <= 2


@pytest.mark.parametrize(("q", "fewest"), [(0.95, 72), (0.99, 368)])
def test_below_the_fewest_requests_an_interval_has_no_upper_end(q: float, fewest: int) -> None:
    assert least_n(q) == fewest
    assert percentile(np.arange(fewest), q).high == fewest - 1
    assert percentile(np.arange(fewest - 1), q).high is None


def test_nothing_has_no_percentile() -> None:
    found = percentile([], 0.95)
    assert (found.n, found.ms, found.ends) == (0, None, (inf, inf))


@pytest.mark.parametrize(("n", "q"), [(100, 0.95), (500, 0.95), (500, 0.99), (2000, 0.99)])
def test_intervals_of_independent_latencies_cover_the_truth_as_often_as_they_say(n: int, q: float) -> None:
    dice, true = np.random.default_rng(11), -np.log(1 - q)
    found = [percentile(dice.exponential(size=n), q).ends for _ in range(800)]
    assert np.mean([low <= true <= high for low, high in found]) >= 0.935


def test_latencies_that_come_in_clumps_widen_the_interval_until_it_covers() -> None:
    dice, n = np.random.default_rng(5), 4000
    true = float(np.exp(0.5 * 1.6448536))

    def a_run() -> np.ndarray:
        shared = np.repeat(dice.normal(size=n // 50), 50)
        return np.asarray(np.exp(0.5 * (np.sqrt(0.3) * shared + np.sqrt(0.7) * dice.normal(size=n))))

    found = [percentile(a_run(), 0.95) for _ in range(200)]
    assert np.mean([one.design > 1 for one in found]) > 0.95
    assert np.mean([one.ends[0] <= true <= one.ends[1] for one in found]) >= 0.92


def test_clumps_are_told_from_chance_and_few_hits_are_not_judged() -> None:
    dice = np.random.default_rng(2)
    by_chance = [clumping(dice.random(2000) < 0.05) > 1 for _ in range(400)]
    assert 0.02 < np.mean(by_chance) < 0.09
    stretch = np.zeros(2000, dtype=np.bool_)
    stretch[500:600] = True
    assert clumping(stretch) > 20
    assert clumping(stretch[:519]) == 1.0
    assert clumping(np.zeros(0, dtype=np.bool_)) == 1.0


def test_a_failed_request_is_slower_than_any_answer() -> None:
    found = with_problem(samples(10, 10), range(10), "connection")
    assert np.isinf(judged_ms(found)).sum() == 10
    assert percentile(judged_ms(found), 0.95).ms is None
    assert percentile(judged_ms(found), 0.5).ms is not None
    assert error_share(found).hits == 10


def test_a_share_has_wilson_s_interval_and_clumped_failures_a_wider_one() -> None:
    plain, clumped = share(5, 1000), share(5, 1000, 5.0)
    assert plain.value == clumped.value == 0.005
    assert plain.low is not None
    assert plain.high is not None
    assert clumped.high is not None
    assert 0.002 < plain.low < 0.005 < plain.high < 0.012 < clumped.high
    assert share(0, 0).value is None
    assert share(0, 100).low == 0.0
    assert share(100, 100).high == 1.0


def test_seconds_are_counted_from_the_start_and_the_rest_is_left_out() -> None:
    instants = np.array([-1, 0, 999_999_999, 1_000_000_000, 5_000_000_000]) + T0
    assert by_second(instants, T0, 3).tolist() == [2, 1, 0]


def test_the_busiest_stretch_is_found_as_by_brute_force() -> None:
    dice = np.random.default_rng(4)
    for _ in range(20):
        due = np.sort(dice.uniform(0, 100, 60))
        start, end = busiest(due, 7.0)
        most = max(int(((due >= one) & (due < one + 7.0)).sum()) for one in due)
        assert ((due >= start) & (due < end)).sum() == most
    assert busiest(np.zeros(0), 5.0) == (0.0, 0.0)


def test_requests_under_way_as_a_fault_begins_belong_to_it_and_older_ones_do_not() -> None:
    found = slower(samples(20, 10), 0, 20, 5000)
    fault = Recovery(kind="slow", about="", began_s=10.0, ended_s=12.0, took_s=1.0, watched_s=8.0, n=80)
    columns = Columns.of(found)
    hit = columns.due_s[hit_by(columns, fault, 30.0)]
    assert hit.min() == pytest.approx(10.0 - BRINK_S)
    assert hit.max() == pytest.approx(12.9)


def test_the_parts_of_a_latency_add_up_to_it_also_when_pms_calls_ran_side_by_side() -> None:
    found = samples(20, 10)
    found.pms_ms[:50] = found.total_ms[:50] * 3
    found.injected_ms[:50] = found.total_ms[:50] * 2
    parts = parts_ms(found)
    assert tuple(parts) == PARTS
    assert np.allclose(sum(parts.values()), found.latency_ms)
    assert all((one >= -1e-9).all() for one in parts.values())


def test_attribution_speaks_of_slow_requests_and_of_nothing_when_the_service_is_silent() -> None:
    found = samples(60, 20)
    slow = found.latency_ms > np.quantile(found.latency_ms, 0.9)
    found.pms_ms[slow], found.pms_ms[~slow] = found.total_ms[slow] * 0.9, 0.0
    found.store_ms[:] = 0.0
    told = attribution(found)
    assert sum(told.values()) == pytest.approx(1.0)
    assert told["pms"] > 0.8
    found.total_ms[:] = -1
    assert attribution(found) == {}
