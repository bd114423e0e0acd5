"""A fault profile is accepted whole, or refused with file, line and one sentence; the mock takes what is shipped."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.mock_faults import rules_of
from pms_mock import control
from pms_mock.faults.kinds import KINDS
from scenarios.fault_profiles import FaultProfileError, load_profile, parse_profile, shipped_profiles
from scenarios.schema.faults_profile import TAKES

NOW = datetime(2027, 5, 1, 9, tzinfo=UTC)
HEAD = 'schema = 1\nabout = "A test."\nseed = 5\n'


def a_profile(*lines: str) -> str:
    return HEAD + "[[fault]]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_is_taken_by_the_mock(name: str) -> None:
    store = control.open_store()
    documents = rules_of(load_profile(name), NOW, lambda hotel: hotel, None)
    assert len(control.load_faults(store, documents)) == len(load_profile(name).fault)


def test_profiles_and_the_mock_know_the_same_kinds_and_parameters() -> None:
    assert {name: set(kind.takes) for name, kind in KINDS.items()} == {
        name: set(takes) for name, takes in TAKES.items()
    }


def test_a_rule_is_translated_with_its_window_counted_from_the_moment_of_loading() -> None:
    text = a_profile('kind = "slow"', "rate = 0.25", 'hotel = "BELEK1"', 'start = "10m"', "median = 0.2", "p95 = 1")
    (rule,) = rules_of(parse_profile(text), NOW, str.lower, None)
    start = int((NOW + timedelta(minutes=10)).timestamp() * 1000)
    assert rule == {
        "kind": "slow", "operation": "*", "hotel": "belek1", "rate": 0.25, "times": -1, "seed": 5, "start_ms": start,
        "median": 0.2, "p95": 1.0,
    }  # fmt: skip


def test_rules_without_a_seed_get_one_each_and_a_seed_typed_wins_over_the_profiles() -> None:
    text = HEAD + '[[fault]]\nkind = "down"\n[[fault]]\nkind = "down"\nseed = 70\n[[fault]]\nkind = "down"\n'
    profile = parse_profile(text)
    seeds = [[rule["seed"] for rule in rules_of(profile, NOW, str, seed)] for seed in (None, 100)]
    assert seeds == [[5, 70, 7], [100, 70, 102]]


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (('kind = "odd"',), 5, "odd"),
        (('kind = "down"', "seconds = 5"), 4, "takes no seconds"),
        (('kind = "down"', "rat = 0.5"), 6, "did you mean rate?"),
        (('kind = "down"', "rate = 1.5"), 6, "rate"),
        (('kind = "down"', 'start = "soon"'), 6, "soon"),
        (('kind = "down"', "end = 2027-07-01T10:00:00"), 6, "offset"),
        (('kind = "slow"', "median = 0.5"), 4, "p95"),
        (('operation = "reads"',), 4, "kind is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(lines: tuple[str, ...], line: int, says: str) -> None:
    with pytest.raises(FaultProfileError) as refused:
        parse_profile(a_profile(*lines), "my.toml")
    assert (refused.value.line, says in refused.value.message) == (line, True), str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [("schema = 2", "schema"), (HEAD, "fault"), ("x = [", "TOML"), (HEAD.replace("seed", "sed"), "did you mean seed?")],
)
def test_a_file_that_is_no_profile_is_told_so(text: str, says: str) -> None:
    with pytest.raises(FaultProfileError, match=says.replace("?", r"\?")):
        parse_profile(text)


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(FaultProfileError, match="bad-day"):
        load_profile("nope.toml")
