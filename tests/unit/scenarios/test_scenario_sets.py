"""What-ifs of the command line change the scenario before it is validated, typed by the schema."""

import pytest

from scenarios.scenario_loader import load_scenario
from tests.unit.scenarios.scenario_texts import MINE, refusal


def value(typed: str) -> object:
    one = [one for one in load_scenario(sets=[typed]).assumptions if one.source == "what_if"]
    assert [item.note for item in one] == [""]
    return one[0].value


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("team.phone.ru+=1", 5),
        ("team.phone.ru += -1", 3),
        ("team.phone.ru-=1", 3),
        ("calendars.markets.en.GB-ENG-=0.2", 9.0),
        ("team.phone.ru=0", 0),
        ("team.phone.ru*=1.4", 6),
        ("demand.factor=1.2", 1.2),
        ("demand.factor=.5", 0.5),
        ("hotels[1].copies=4", 4),
        ("rules.tie_break=longest_free", "longest_free"),
        ('rules.tie_break="longest_free"', "longest_free"),
        ("calendars.bridging=true", True),
        ("work.ota.unsolved_after_two_turns.sales=0.1", 0.1),
        ("calendars.markets.en.GB-ENG*=2", 18.4),
    ],
)
def test_a_what_if_sets_adds_or_multiplies(typed: str, wanted: object):
    assert value(typed) == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


def test_a_list_of_numbers_is_changed_number_by_number():
    scaled = load_scenario(sets=["demand.month_index_sales*=2"]).scenario.demand.month_index_sales
    assert scaled == pytest.approx([2 * one for one in load_scenario().scenario.demand.month_index_sales])


def test_what_ifs_act_one_after_the_other():
    both = load_scenario(sets=["team.phone.ru=2", "team.phone.ru+=1"])
    assert both.scenario.team["phone"].ru == 3
    assert both.files[-2:] == ("--set team.phone.ru=2", "--set team.phone.ru+=1")


def test_a_what_if_leaves_the_scenario_it_started_from_alone():
    before = load_scenario()
    load_scenario(sets=["team.phone.ru+=1", "demand.month_index_sales*=2"])
    assert load_scenario().scenario == before.scenario


@pytest.mark.parametrize(
    ("typed", "key", "says"),
    [
        ("team.fone.ru+=1", "team.fone.ru", "there is no such value in the scenario; did you mean team.phone.ru?"),
        ("team.phone.rus+=1", "team.phone.rus", "did you mean team.phone.ru?"),
        ("demand.factr=2", "demand.factr", "did you mean factor?"),
        ("hotels[9].copies=4", "hotels[9].copies", "did you mean hotels["),
        ("team.phone.ru=2.5", "team.phone.ru", "a whole number is expected"),
        ("team.phone.ru=-1", "team.phone.ru", "greater than or equal to 0"),
        ("team.phone=3", "team.phone", "name one of its keys (tr, en, "),
        ("team+=1", "team", "+= needs a number"),
        ("demand.factor*=two", "demand.factor", "*= needs a number behind it"),
        ("demand.factor*=1e99999999999", "demand.factor", "too large"),
        ("season.last=2027-01-01", "season", "the last day is before the first"),
        ("season.last=soon", "season.last", "a day such as 2027-07-15"),
        ("demand.channel_mix.phone=0.9", "demand.channel_mix", "add up to 1.500"),
        ("rules.tie_break=orderly", "rules.tie_break", "did you mean order?"),
        ("load.spikes=[{ minutes = 5, factor = 2 }]", "load.spikes[1].at", "the key is missing"),
        ("more people", "", "write it as path=value"),
        ("team..ru=1", "", "write it as path=value"),
    ],
)
def test_a_what_if_that_cannot_be_is_told_with_what_was_typed(typed: str, key: str, says: str):
    error = refusal(MINE, typed)
    assert (error.file, error.key, error.line) == (f"--set {typed}", key, 0)
    assert says in error.message
    assert "\n" not in str(error)
