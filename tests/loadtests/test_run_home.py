"""The home of a run: a scenario's hotels as hotel files, and the plan that goes with them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.loadtest.hotel_copies import hotel_text, write_hotels
from cli.loadtest.planning import LEAST_POOL, marks_of, plan_of, pool_for
from cli.loadtest.run_home import load_hotels, write_channels
from cli.loadtest.wishes import LoadWish, settle
from domain.errors import InvalidInput
from integration.adapters.channel_hooks import read_hooks
from loadtests.run_plan import read_plan, write_plan
from scenarios.loader import load_hotel, parse_hotel
from scenarios.scenario_hotels import ScenarioHotel
from scenarios.scenario_loader import load_scenario

GROUP = load_scenario("antalya-high-season")
NOW = datetime.fromisoformat("2027-11-22T06:45:12+00:00")


def a_wish(**more: Any) -> LoadWish:
    return LoadWish("smoke", Path("out"), **more)


def test_every_hotel_of_the_group_becomes_a_file_of_its_own_with_its_rooms(tmp_path: Path) -> None:
    hotels = [load_hotel(path) for path in write_hotels(tmp_path, GROUP.hotels)]
    assert [one.id for one in hotels] == [one.hotel_id for one in GROUP.hotels]
    assert sum(one.rooms for one in hotels) == 4000
    assert len({one.pms.hotel_id for one in hotels}) == 15
    assert {one.id: one.rooms for one in hotels}["SIDE1-3"] == 352


def test_a_copy_differs_from_its_original_in_ids_and_rooms_alone() -> None:
    one = next(hotel for hotel in GROUP.hotels if hotel.hotel_id == "SIDE1-2")
    before = load_hotel("side-resort").model_dump()
    text = hotel_text((Path("scenarios/hotels") / "side-resort.toml").read_text(encoding="utf-8"), one)
    after = parse_hotel(text).model_dump()
    for document, name in ((before, "SIDE1"), (after, "SIDE1-2")):
        assert document["hotel"].pop("id") == name
        assert document["pms"].pop("hotel_id") == name
        for room_type in document["room_types"]:
            room_type.pop("rooms")
    assert before == after


def test_a_file_whose_values_do_not_stand_on_lines_of_their_own_is_refused_in_one_sentence() -> None:
    hotel = load_hotel("demo-resort")
    text = (Path("scenarios/hotels") / "demo-resort.toml").read_text(encoding="utf-8")
    odd = text.replace('[hotel]\nid = "DEMO1"', '[hotel]\n"id" = """\\\nDEMO1"""', 1)
    one = ScenarioHotel("DEMO1-2", hotel, {each.code: each.rooms for each in hotel.room_types}, "my.toml")
    with pytest.raises(InvalidInput, match="line of their own"):
        hotel_text(odd, one)


def test_every_hotel_has_hooks_that_the_service_can_read(tmp_path: Path) -> None:
    marks = marks_of("x", NOW, lambda: bytes(range(32)))
    path = tmp_path / "channels.toml"
    write_channels(path, load_hotels(GROUP), marks.hook_secret, 2)
    hooks = read_hooks(path, {})
    assert len(hooks) == 15 * 6
    assert hooks["ota-kemer1-2"].hotel_id == "KEMER1-2"
    assert hooks["phone-kemer1-2"].extensions == {"1000": "operator-0", "1001": "operator-1"}
    assert path.stat().st_mode & 0o077 == 0


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    wish = a_wish()
    plan = plan_of(wish, settle(wish), marks_of("smoke", NOW, lambda: bytes(32)), "http://127.0.0.1:1")
    write_plan(tmp_path, plan)
    assert read_plan(tmp_path) == read_plan(tmp_path)
    assert plan.run_id == "smoke-20271122-064512-aaaa"
    assert (plan.wall_s, plan.start_s) == (30, 36_000)
    assert plan.season_start == "2027-08-02T00:00:00+03:00"


def test_the_pool_has_room_for_twice_what_is_under_way() -> None:
    even = np.arange(0, 3600, 1.0)
    assert pool_for(even, 1.0) == pytest.approx(2 * 1205, rel=0.01)
    assert pool_for(even, 60.0) == pytest.approx(2 * 25, rel=0.1)
    assert pool_for(np.zeros(0), 1.0) == LEAST_POOL


def test_what_is_asked_for_becomes_what_ifs_of_the_scenario() -> None:
    found = settle(a_wish(hour="2027-08-03T09:30", minutes=20, speed=10, peak=2.5))
    window = found.window
    assert (window.day.isoformat(), window.start.isoformat(), window.minutes) == ("2027-08-03", "09:30:00", 20)
    assert (window.speed, window.peak, found.first_day, found.start_s) == (10, 2.5, 1, 86_400 + 9.5 * 3600)
    assert found.start.isoformat() == "2027-08-03T09:30:00+03:00"
    assert settle(a_wish(hour="2027-08-03T06:30Z")).start == found.start


def test_a_spike_is_ten_times_the_arrivals_in_the_middle() -> None:
    (spike,) = settle(a_wish(profile="spike", minutes=60)).window.spikes
    assert (spike.minutes, spike.factor) == (5, 10)


def test_a_soak_plays_a_whole_day() -> None:
    window = settle(a_wish(profile="soak")).window
    assert (window.start.isoformat(), window.minutes) == ("09:00:00", 720)
    assert settle(a_wish(profile="soak", minutes=90)).window.minutes == 90


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"hour": "2027-09-30T10:00"}, "no day of the season"),
        ({"hour": "noon"}, "not an hour"),
        ({"hour": "2027-08-02T23:50"}, "before midnight"),
        ({"speed": 0.0}, "--speed must be above 0"),
        ({"rate": 5.0, "users": 3}, "not both"),
        ({"profile": "storm"}, "steady, spike, soak"),
        ({"is_master": True}, "belong together"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_sentence(more: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as told:
        settle(a_wish(**more))
    assert said in told.value.template.format(**told.value.params)


def test_a_scenario_without_a_load_says_how_to_give_an_hour(tmp_path: Path) -> None:
    text = (Path("scenarios") / "antalya-high-season.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.partition("\n[load]\n")[0], encoding="utf-8")
    with pytest.raises(InvalidInput) as told:
        settle(LoadWish(str(own), tmp_path))
    assert "has no [load]" in told.value.template
    assert "--hour" in told.value.hint
    found = settle(LoadWish(str(own), tmp_path, hour="2027-08-02T10:00"))
    assert (found.window.minutes, found.window.speed) == (60, 1)
