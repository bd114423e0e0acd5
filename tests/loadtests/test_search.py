"""The search for what is borne, on services that break at a known load."""

from math import inf

import pytest

from cli.loadtest.search import NEAR, Searched, Stopped, Trial, search
from loadtests.words import Verdict


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
