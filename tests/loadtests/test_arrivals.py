"""Who comes in a run: the season's own contacts, laid over each other as often as asked, shared by the processes."""

from dataclasses import fields
from itertools import chain, pairwise
from typing import Any

import msgspec
import numpy as np
import pytest

from loadtests.arrivals import Arrivals, NobodyComesError, arrivals_of, season_start
from loadtests.planned_scenario import planned_scenario
from loadtests.run_plan import RunPlan, read_plan, write_plan
from scenarios.demand import between, demand_plan, draw_day
from scenarios.demand_plan import DAY_S
from scenarios.scenario_loader import load_scenario, parse_scenario, shipped_scenarios
from tests.loadtests.runs import a_plan, plain

HOUR = 3600.0
TEN = 10 * HOUR


def a_run(**changes: object) -> RunPlan:
    return a_plan(**{"start_s": TEN, "end_s": TEN + HOUR, "seed": 4, **changes})


def people(found: Arrivals) -> set[tuple[float, str, str, str, float]]:
    """Who they are, whatever their numbers."""
    contacts = (found.contact(number) for number in range(len(found)))
    return {(one.at_s, one.channel, one.language, one.intent, one.work_s) for one in contacts}


def test_an_hour_of_the_load_is_the_same_contacts_as_that_hour_of_the_season():
    loaded = load_scenario("smoke")
    demand = demand_plan(loaded)
    season = between(draw_day(demand, 4, 2, 0), TEN, TEN + HOUR)
    found = arrivals_of(a_run(replication=2))
    assert len(found) == len(season) > 10
    for number in range(len(found)):
        contact = found.contact(number)
        assert (contact.number, contact.at_s) == (number, season.at[number])
        assert contact.channel == demand.channels[season.channel[number]]
        assert contact.language == demand.languages[season.language[number]]
        assert contact.intent == demand.intents[season.intent[number]]
        assert (contact.work_s, contact.turns) == (season.work[number], season.turns[number])
        assert (contact.lead_days, contact.nights) == (season.sales.lead_days[number], season.sales.nights[number])


def test_a_contact_is_made_of_plain_values_that_a_journal_can_hold():
    contact = arrivals_of(a_run()).contact(0)
    assert all(type(getattr(contact, one.name)) in {int, float, str, bool} for one in fields(contact))


def test_twice_the_speed_halves_every_gap():
    found = arrivals_of(a_run())
    slow = np.diff(found.due_ns(a_run(speed=30.0), 0))
    fast = np.diff(found.due_ns(a_run(speed=60.0), 0))
    assert len(slow) > 10
    assert np.abs(slow - 2 * fast).max() <= 4


def test_a_peak_lays_replications_over_each_other():
    single = [people(arrivals_of(a_run(replication=k))) for k in range(3)]
    assert people(arrivals_of(a_run(peak=3.0))) == single[0] | single[1] | single[2]


def test_a_higher_peak_only_adds_contacts():
    peaks = [people(arrivals_of(a_run(peak=peak))) for peak in (0.5, 1.0, 1.5, 1.75, 2.0)]
    for lower, higher in pairwise(peaks):
        assert lower < higher


def test_contacts_of_a_peak_come_in_order_and_are_numbered_in_it():
    found = arrivals_of(a_run(peak=4.0))
    assert (np.diff(found.at_s) >= 0).all()
    assert [found.contact(k).number for k in range(len(found))] == list(range(len(found)))


def test_a_spike_multiplies_its_own_minutes_only():
    loaded = load_scenario("smoke")
    content: dict[str, Any] = plain(loaded.content)
    content["load"] = {**content["load"], "spikes": [{"at": "20m", "minutes": 10, "factor": 4}]}
    with_spike, without = arrivals_of(a_run(scenario=content)), arrivals_of(a_run())
    begin, end = TEN + 1200, TEN + 1800

    def inside(found: Arrivals) -> int:
        return int(((found.at_s >= begin) & (found.at_s < end)).sum())

    assert len(with_spike) - inside(with_spike) == len(without) - inside(without)
    every = [arrivals_of(a_run(replication=k, start_s=begin, end_s=end)) for k in range(4)]
    assert inside(with_spike) == sum(len(one) for one in every)


def test_a_rate_brings_so_many_a_second_of_real_time_evenly():
    plan = a_run(rate=20.0, speed=60.0)
    found = arrivals_of(plan)
    assert len(found) == 1200
    assert np.diff(found.due_ns(plan, 0)) == pytest.approx([50_000_000] * 1199, abs=100)
    season = arrivals_of(a_run())
    assert [found.contact(k).work_s for k in range(9)] == [season.contact(k).work_s for k in range(9)]


def test_a_rate_is_refused_for_an_hour_in_which_nobody_comes():
    content: dict[str, Any] = plain(load_scenario("smoke").content)
    content["demand"] = {**content["demand"], "factor": 1e-6}
    with pytest.raises(NobodyComesError, match="choose another hour"):
        arrivals_of(a_run(scenario=content, rate=1.0))


def test_users_of_a_closed_load_never_run_out_of_people():
    plan = a_run(users=7, speed=60.0)
    opened, found = arrivals_of(msgspec.structs.replace(plan, users=None)), arrivals_of(plan)
    assert len(found) >= 7 * plan.wall_s > len(opened)
    assert people(found) == people(opened)
    again = found.contact(len(opened))
    assert (again.number, again.at_s) == (len(opened), found.contact(0).at_s)


def test_the_processes_share_every_contact_once():
    found = arrivals_of(a_run(peak=2.0))
    shares = [found.share(k, 3) for k in range(3)]
    assert sorted(number for share in shares for number in share) == list(range(len(found)))
    due = [found.due_ns(a_run(), 7, k, 3) for k in range(3)]
    assert sorted(chain(*due)) == found.due_ns(a_run(), 7)


def test_a_window_over_midnight_takes_contacts_of_both_days():
    found = arrivals_of(a_run(start_s=DAY_S - 2 * HOUR, end_s=DAY_S + 10 * HOUR))
    demand = demand_plan(load_scenario("smoke"))
    evening = between(draw_day(demand, 4, 0, 0), DAY_S - 2 * HOUR, DAY_S)
    morning = between(draw_day(demand, 4, 0, 1), DAY_S, DAY_S + 10 * HOUR)
    assert found.at_s.tolist() == [*evening.at.tolist(), *morning.at.tolist()]


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_scenario_comes_out_of_the_plan_as_it_went_in(name, tmp_path):
    loaded = load_scenario(name)
    write_plan(tmp_path, msgspec.structs.replace(a_run(), scenario=loaded.content))
    again = planned_scenario(read_plan(tmp_path))
    assert again.scenario == loaded.scenario
    assert again.hotels == loaded.hotels


def test_an_instant_in_a_scenario_survives_the_plan(tmp_path):
    text = """
    schema = 1
    extends = "smoke"
    name = "other"
    [load]
    source = "assumption"
    spikes = [{ at = 2027-08-02T10:30:00+03:00, minutes = 5, factor = 2 }]
    """
    loaded = parse_scenario(text)
    write_plan(tmp_path, msgspec.structs.replace(a_run(), scenario=loaded.content))
    plan = read_plan(tmp_path)
    assert planned_scenario(plan).scenario == loaded.scenario
    found, without = arrivals_of(plan), arrivals_of(a_run())
    fresh = people(found) - people(without)
    assert fresh
    assert all(TEN + 1800 <= at_s < TEN + 2100 for at_s, *_ in fresh)


def test_the_season_begins_at_midnight_in_the_call_centre():
    assert season_start(load_scenario("smoke")).isoformat() == "2027-08-02T00:00:00+03:00"
