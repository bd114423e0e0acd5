"""The search for what is borne, on services that break at a known load."""

from math import inf
from pathlib import Path

import pytest

from cli.loadtest.climb import LONGEST_S, Bounds, expected_per_hour, headroom_of, limit_of
from cli.loadtest.search import NEAR, Searched, Stopped, Trial, search
from cli.loadtest.wishes import LoadWish, settle
from loadtests.attribution import PARTS
from loadtests.checks import Check, Section
from loadtests.peak import real_peak
from loadtests.words import CheckStatus, Verdict
from tests.loadtests.runs import health, judged, samples, slower


def a_service(limit: float, *, generator: float = inf):
    """Holds up to `limit` times the peak; above `generator` the load cannot be made."""

    def tried(asked: float) -> Trial:
        if asked > generator:
            return Trial(asked, asked, Verdict.INVALID, "generator")
        return Trial(asked, asked, Verdict.PASS if asked <= limit else Verdict.FAIL, "" if asked <= limit else "queue")

    return tried


def searched(limit: float, *, most_steps: int = 30, **more: float) -> Searched:
    return search(a_service(limit, **more), 10, most_steps, lambda: False)


@pytest.mark.parametrize("limit", [0.3, 3, 9.9, 10, 11, 57, 640, 5000])
def test_the_limit_is_found_within_a_fifth(limit: float) -> None:
    found = searched(limit)
    assert found.stopped is Stopped.FOUND
    assert found.best is not None
    assert found.broke is not None
    assert found.best.multiple <= limit < found.broke.multiple
    assert found.broke.multiple / found.best.multiple <= NEAR
    assert found.broke.limit == "queue"


def test_few_steps_are_enough() -> None:
    assert len(searched(57).trials) <= 6


def test_steps_are_bounded_and_what_was_shown_stands() -> None:
    found = searched(inf, most_steps=3)
    assert (found.stopped, len(found.trials)) == (Stopped.STEPS, 3)
    assert found.best is not None
    assert found.best.multiple == 160
    assert found.broke is None


def test_no_step_begins_when_the_time_is_over_but_the_first_always_does() -> None:
    found = search(a_service(57), 10, 30, lambda: True)
    assert (found.stopped, len(found.trials)) == (Stopped.TIME, 1)


def test_a_service_that_bears_nothing_ends_the_search() -> None:
    found = searched(0.0)
    assert found.stopped is Stopped.NOTHING
    assert found.best is None


def test_a_load_that_could_not_be_made_shows_nothing_above_it() -> None:
    found = searched(inf, generator=100)
    assert found.best is not None
    assert found.best.multiple <= 100
    assert found.broke is not None
    assert found.broke.limit == "generator"


def test_a_step_broken_off_by_hand_ends_the_search_and_counts_for_nothing() -> None:
    def tried(asked: float) -> Trial:
        return Trial(asked, asked, Verdict.PASS, is_interrupted=asked > 20)

    found = search(tried, 10, 30, lambda: False)
    assert found.stopped is Stopped.INTERRUPTED
    assert found.best is not None
    assert found.best.multiple == 10


def test_a_step_is_long_enough_for_enough_contacts_and_never_too_long() -> None:
    bounds = Bounds(60, 10, 45, contacts=40)
    assert bounds.length_s(per_hour=10) == LONGEST_S
    assert bounds.length_s(per_hour=1440) == 100
    assert bounds.length_s(per_hour=100_000) == 60
    assert Bounds(20, 5, 10, contacts=0).length_s(per_hour=10) == 20


def test_what_is_expected_of_the_hour_is_told_as_contacts_an_hour() -> None:
    hour = settle(LoadWish("antalya-high-season", Path("out"), minutes=60))
    part = settle(LoadWish("antalya-high-season", Path("out"), minutes=15))
    assert expected_per_hour(hour) == pytest.approx(expected_per_hour(part), rel=0.1)
    assert 20 < expected_per_hour(hour) <= real_peak(hour.loaded)


def test_what_breaks_first_is_told_from_what_was_measured(tmp_path: Path) -> None:
    late = judged(tmp_path, slower(samples(), 0, 60, 3000.0))
    assert late.verdict is Verdict.FAIL
    assert limit_of(late, {"service": 0.97, "pms": 0.4}) == "service_cpu"
    assert limit_of(late, {}) in PARTS
    lost = Check(Section.INTEGRITY, "acknowledged_once", "0", "1", CheckStatus.FAIL)
    assert limit_of(judged(tmp_path, samples(), checks=[lost]), {"service": 0.97}) == "integrity"
    assert limit_of(judged(tmp_path, samples(), healths=[health(late=3)]), {"service": 0.97}) == "generator"


def test_a_headroom_found_by_steps_at_risk_is_at_risk() -> None:
    settled = settle(LoadWish("antalya-high-season", Path("out"), minutes=15))

    def status(trial: Trial | None) -> CheckStatus:
        trials = () if trial is None else (trial,)
        return headroom_of(settled, Searched(trials, trial, None, Stopped.STEPS)).status

    assert status(Trial(12, 12, Verdict.PASS)) is CheckStatus.PASS
    assert status(Trial(12, 12, Verdict.PASS, is_certain=False)) is CheckStatus.AT_RISK
    assert status(Trial(9, 9, Verdict.PASS, is_certain=False)) is CheckStatus.FAIL
    assert status(None) is CheckStatus.FAIL
