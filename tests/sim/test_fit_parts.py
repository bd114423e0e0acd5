"""The parts of a fit against what is known by hand, by formula, or by drawing."""

from datetime import datetime

import numpy as np
import pytest

from sim.fit.again import fit_redial, tries_of
from sim.fit.busy import fit_day_factor
from sim.fit.fitted import FitStatus, wilson
from sim.fit.log import Log, LogBuilder, LogRow, Seen
from sim.fit.patience import Waits, balk_share, exponential_mean, fit_patience, kaplan_meier
from sim.fit.sales import gamma_of
from sim.fit.whole import fit
from sim.fit.work import mixed
from sim.plan import Leg
from tests.sim.seasons import loaded

ANY = datetime(2026, 8, 3, 10)  # noqa: DTZ001 - a local instant


def log_of(*rows: LogRow) -> Log:
    builder = LogBuilder()
    for one in rows:
        builder.add(one)
    return builder.log()


def waits(wait: object, gave_up: object, silent: object = False) -> Waits:
    seconds = np.asarray(wait, dtype=np.float64)
    flags = [np.broadcast_to(np.asarray(one, dtype=np.bool_), seconds.shape) for one in (gave_up, silent, True)]
    return Waits(seconds, *flags)


def test_kaplan_and_meier_by_hand() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0, 4.0]), np.array([True, True, False, False, True]))
    assert curve.read(0.5) == (1.0, 0.0)
    assert curve.read(1.0)[0] == pytest.approx(0.8)
    assert curve.read(3.5)[0] == pytest.approx(0.8 * 3 / 4)
    assert curve.read(4.0)[0] == 0


def test_the_exponential_counts_the_time_of_those_who_were_answered() -> None:
    mean, low, high = exponential_mean(waits([10.0, 20.0, 30.0, 40.0], [True, False, True, False]))
    assert mean == 50.0
    assert low < mean < high


def test_without_anybody_who_gave_up_there_is_no_patience_to_fit() -> None:
    with pytest.raises(ValueError, match="nobody gave up"):
        exponential_mean(waits([10.0, 20.0], False))


def test_guests_who_left_without_a_sign_are_counted_by_when_an_agent_looked() -> None:
    draw = np.random.default_rng(5)
    n = 6000
    patience, offered, is_silent = draw.exponential(1800, n), draw.exponential(1500, n), draw.random(n) < 0.7
    gone = patience < offered
    seen = np.where(gone & ~is_silent, patience, offered)
    mean, low, high = exponential_mean(waits(seen, gone & ~is_silent, gone & is_silent))
    assert abs(mean - 1800) < 2.05 * max(high - mean, mean - low)
    taken_at_face_value = exponential_mean(waits(seen, gone))[0]
    assert taken_at_face_value > mean + 2.05 * (high - mean)


def test_who_goes_at_once_is_told_from_who_is_impatient() -> None:
    draw = np.random.default_rng(7)
    n = 20_000
    at_once = draw.random(n) < 0.10
    patience, offered = draw.exponential(200, n), draw.exponential(120, n)
    wait = np.where(at_once, 0.0, np.minimum(patience, offered))
    found = waits(wait, at_once | (patience < offered))
    mean = exponential_mean(found, 5.0)[0]
    share, error = balk_share(found, mean)
    assert abs(mean - 200) < 4 * 200 / np.sqrt((patience < offered).sum())
    assert abs(share - 0.10) < 4 * error


def test_wilsons_interval_of_nobody_in_ten_is_not_empty() -> None:
    low, high = wilson(0, 10)
    assert low == 0
    assert high == pytest.approx(0.2775, abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_lead_times_that_were_rounded_down_and_cut_off_still_give_their_gamma() -> None:
    draw = np.random.default_rng(3)
    days = np.floor(draw.gamma(0.76, 118, 12_000))
    values, counts = np.unique(days[days <= 365], return_counts=True)
    (shape, scale), errors = gamma_of(values, counts.astype(np.float64), 365)
    assert abs(np.log(shape / 0.76)) < 4 * errors[0]
    assert abs(np.log(scale / 118)) < 4 * errors[1]


def test_wrong_numbers_are_told_from_short_real_calls() -> None:
    draw = np.random.default_rng(9)
    n = 8000
    kind = (draw.random(n) < 0.5).astype(np.int64)
    mu, sigma = np.log([390, 270]) - np.array([0.8, 0.95]) ** 2 / 2, np.array([0.8, 0.95])
    is_short = draw.random(n) < 0.06
    talk = np.where(is_short, draw.exponential(6, n), np.exp(mu[kind] + sigma[kind] * draw.standard_normal(n)))
    found = mixed(talk, kind, (0.10, 10.0))
    errors = np.sqrt(np.diag(found.errors))
    assert (np.abs([found.short, found.short_s, *found.mu, *found.sigma]) - [0.06, 6, *mu, *sigma] < 4 * errors).all()
    naive = np.log(talk[kind == 1]).std()
    assert naive > 0.95 + 4 * errors[5]


def test_plain_chance_is_not_taken_for_busy_days() -> None:
    draw = np.random.default_rng(2)
    mean = np.full((120, 2), 300.0)
    cv = fit_day_factor(draw.poisson(mean).astype(np.float64), mean, 0)[0]
    assert isinstance(cv.value, float)
    assert cv.value < 0.02


def test_busy_days_and_alike_halves_come_back() -> None:
    draw = np.random.default_rng(4)
    days, half = 600, 0.2
    shared = draw.gamma(0.7 / half**2, half**2, days)
    factors = shared[:, None] + draw.gamma(0.3 / half**2, half**2, (days, 2))
    mean = np.full((days, 2), 300.0)
    cv, alike = fit_day_factor(draw.poisson(mean * factors).astype(np.float64), mean, 0)
    whole = half * np.sqrt((2 + 2 * 0.7) / 4)
    for one, wanted in ((cv, whole), (alike, 0.7)):
        assert isinstance(one.value, float)
        assert isinstance(one.high, float)
        assert abs(one.value - wanted) < 2.05 * (one.high - one.value)


def test_a_caller_who_rings_again_within_hours_is_one_contact_and_next_day_is_another() -> None:
    log = log_of(
        LogRow(at=ANY, caller="a", outcome=Seen.GAVE_UP, wait=60.0),
        LogRow(at=ANY.replace(minute=9), caller="a", outcome=Seen.ANSWERED, wait=5.0),
        LogRow(at=ANY.replace(minute=20), caller="b", outcome=Seen.ANSWERED),
        LogRow(at=ANY.replace(day=4), caller="a", outcome=Seen.ANSWERED),
    )
    tries = tries_of(log)
    assert tries.is_first(log).tolist() == [True, False, True, True]
    assert tries.gap[1] == 8 * 60
    assert [one.status for one in fit_redial(log, tries, loaded().scenario)] == [FitStatus.TOO_FEW] * 3


def test_one_row_tells_nothing_and_says_so_for_every_parameter() -> None:
    told = fit(log_of(LogRow(at=ANY, outcome=Seen.ANSWERED, wait=1.0, talk=60.0, is_sales=1)), loaded().scenario, 100)
    assert told.fitted == ()
    assert {one.status for one in told.rows} == {FitStatus.TOO_FEW, FitStatus.MISSING}
    assert len(told.rows) > 10


def test_a_log_without_waits_of_silent_guests_leaves_patience_alone() -> None:
    rows = [LogRow(at=ANY, channel=1, outcome=Seen.SILENT, is_sales=1, leg=Leg.FIRST) for _ in range(40)]
    found, views = fit_patience(log_of(*rows), np.zeros(40, np.int64), loaded().scenario)
    assert {one.path: one.status for one in found} == {
        "patience.whatsapp.silent_share": FitStatus.TOO_FEW,
        "patience.whatsapp.new_s": FitStatus.MISSING,
        "patience.whatsapp.existing_s": FitStatus.MISSING,
    }
    assert views == []
