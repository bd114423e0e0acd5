"""Fitting a simulated season returns its parameters, within 4 standard errors, from one seed."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from scenarios.schema.season_words import CHANNELS
from sim.fit.again import tries_of
from sim.fit.fitted import FitStatus, Fitted
from sim.fit.log import Log
from sim.fit.patience import waits_of
from sim.fit.sample import sampled_log
from sim.fit.whole import Told, fit
from tests.sim.seasons import loaded, model

SEED = 11
BAND = 4 / 1.959963984540054


@cache
def season_log() -> Log:
    return sampled_log(model(), SEED, 122)


@cache
def told() -> Told:
    return fit(season_log(), loaded().scenario, loaded().rooms)


def given(path: str) -> Any:
    """The base's value as floats; weekday lists with mean 1, weights and half hours with sum 1."""
    found: Any = loaded().content
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    if found is None:
        return None
    if path == "selling.nights":
        weights = np.array([float(one["weight"]) for one in found])
        return 100 * weights / weights.sum()
    values = np.array(found, dtype=np.float64)
    if ".weekday." in path:
        return values / values.mean()
    return values / values.sum() if ".half_hours." in path else values


def values_of(one: Fitted) -> Any:
    value: Any = one.value
    return np.array([weight for _, weight in value] if one.path == "selling.nights" else value, dtype=np.float64)


def row(path: str) -> Fitted:
    return next(one for one in told().rows if one.path == path)


def test_every_fitted_parameter_of_a_simulated_season_comes_back_within_four_standard_errors() -> None:
    outside = {}
    for one in told().fitted:
        wanted = given(one.path)
        if wanted is None:
            continue
        value, low, high = values_of(one), np.array(one.low), np.array(one.high)
        reach = BAND * np.where(value < wanted, high - value, value - low)
        away = np.abs(value - wanted) - np.maximum(reach, 1e-9)
        if (away > 0).any():
            outside[one.path] = (np.round(value, 4), np.round(wanted, 4))
    assert outside == {}


@pytest.mark.parametrize(
    "path",
    [
        "demand.contacts_per_1000_rooms_day",
        "demand.channel_mix.phone",
        "demand.intents.email.poststay",
        "demand.language_mix.whatsapp.ru",
        "demand.month_index_sales",
        "demand.weekday.calls",
        "demand.half_hours.phone",
        "demand.day_factor.cv",
        "demand.day_factor.half_day_correlation",
        "work.phone.short_share",
        "work.phone.sales.mean_s",
        "work.web_chat.service.sigma",
        "work.whatsapp.turns_mean",
        "work.whatsapp.unsolved_after_two_turns.change_or_cancel",
        "patience.phone.new_s",
        "patience.phone.existing_s",
        "patience.phone.balk",
        "patience.whatsapp.silent_share",
        "redial.chance",
        "redial.median_gap_s",
        "selling.conversion.phone",
        "selling.lead_time.shape",
        "selling.nights",
    ],
)
def test_each_part_of_the_log_is_told(path: str) -> None:
    assert row(path).status is FitStatus.FITTED


def test_the_mean_of_the_waits_that_were_given_up_is_not_patience_and_the_censored_fit_is() -> None:
    log = season_log()
    waits = waits_of(log, tries_of(log).before, CHANNELS.index("phone"), is_new=False)
    naive = float(waits.wait[waits.gave_up].mean())
    fitted = row("patience.phone.existing_s")
    assert isinstance(fitted.value, float)
    assert isinstance(fitted.high, float)
    assert abs(fitted.value - 446) < BAND * (fitted.high - fitted.value)
    assert naive < 446 / 1.8
    assert naive < fitted.value - BAND * (fitted.high - fitted.value)


def test_day_totals_taken_for_poisson_would_be_far_too_narrow() -> None:
    log = season_log()
    totals = np.bincount(log.day[tries_of(log).is_first(log)])
    assert totals.var() > 5 * totals.mean()
    assert row("demand.day_factor.cv").low != 0


def part(rows: Any, days: int = 122, **over: Any) -> Log:
    """Some rows of the season's log."""
    log = season_log()
    columns = {name: getattr(log, name) for name in Log.__slots__ if isinstance(getattr(log, name), np.ndarray)} | over
    return Log(first=log.first, days=days, **{name: column[rows] for name, column in columns.items()})


def test_a_log_of_calls_alone_without_intents_and_languages_tells_volume_and_keeps_the_rest() -> None:
    log = season_log()
    unknown = np.full(len(log), -1)
    calls = part(log.channel == 0, intent=unknown, is_sales=unknown, language=unknown)
    found = {one.path: one for one in fit(calls, loaded().scenario, loaded().rooms).rows}
    level = found["demand.contacts_per_1000_rooms_day"]
    assert isinstance(level.value, float)
    assert isinstance(level.high, float)
    assert abs(level.value - 157.5) < BAND * (level.high - level.value)
    assert level.rests_on == "the base's share of whatsapp, ota, email, web_chat, instagram"
    assert found["redial.chance"].status is FitStatus.FITTED
    for path in (
        "demand.month_index_sales",
        "demand.half_hours.phone",
        "work.phone.sales.mean_s",
        "patience.phone.new_s",
    ):
        assert found[path].status is FitStatus.MISSING


def test_days_on_which_nothing_was_logged_do_not_make_the_season_quieter_or_its_days_wilder() -> None:
    log = season_log()
    found = {
        one.path: one for one in fit(part((log.day < 60) | (log.day > 75)), loaded().scenario, loaded().rooms).rows
    }
    for path, wanted in (("demand.contacts_per_1000_rooms_day", 157.5), ("demand.day_factor.cv", 0.14)):
        one = found[path]
        assert isinstance(one.value, float)
        assert isinstance(one.high, float)
        assert abs(one.value - wanted) < BAND * (one.high - one.value)
        assert one.n == 106


def test_a_log_that_starts_in_another_month_ties_its_level_to_the_month_it_has() -> None:
    log = season_log()
    short = fit(part(log.at < 30 * 86_400, days=30), loaded().scenario, loaded().rooms)
    found = {one.path: one for one in short.rows}
    level = found["demand.contacts_per_1000_rooms_day"]
    assert isinstance(level.value, float)
    assert isinstance(level.high, float)
    assert abs(level.value - 157.5) < BAND * (level.high - level.value)
    assert found["demand.month_index_sales"].status is FitStatus.TOO_FEW
    assert found["demand.month_index_sales"].n == 1
    assert level.rests_on == "the base's index of month 6"
