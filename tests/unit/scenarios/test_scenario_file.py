"""A season scenario is accepted whole, or refused with file, line, key and one sentence."""

import tomllib
from collections import Counter
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from domain.contact import Channel
from domain.handoff import HandoffRules, decide_handoff
from scenarios.demand import draw_day, expected_totals
from scenarios.demand_builder import demand_plan
from scenarios.scenario_loader import ScenarioFileError, load_scenario, parse_scenario, shipped_scenarios
from tests.arch.tree import ROOT
from tests.unit.scenarios.scenario_texts import MINE, base_text, line_with, refusal, with_change


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_loads_under_its_own_name(name: str):
    loaded = load_scenario(name)
    assert (loaded.name, loaded.scenario.version) == (name, 1)
    assert loaded.rooms > 0


def test_every_scenario_file_of_the_package_is_shipped():
    assert {path.stem for path in (ROOT / "scenarios").glob("*.toml")} == set(shipped_scenarios())


def test_the_base_scenario_is_fifteen_hotels_with_four_thousand_rooms_from_june_to_september():
    base = load_scenario()
    assert (len(base.hotels), base.rooms, base.days) == (15, 4000, 122)
    assert len({one.hotel_id for one in base.hotels}) == 15
    assert [one.rooms for one in base.hotels] == [266] * 8 + [352] * 5 + [56] * 2


def test_other_rooms_keep_the_proportion_of_room_types():
    side = next(one for one in load_scenario().hotels if one.hotel_id == "SIDE1")
    assert sum(side.rooms_by_type.values()) == 352
    own = {one.code: one.rooms for one in side.hotel.room_types}
    assert all(abs(side.rooms_by_type[code] - rooms * 352 / 204) < 1 for code, rooms in own.items())


def test_first_responses_are_those_that_were_promised():
    targets = load_scenario().scenario.targets
    assert targets.first_response_s == {
        "phone": 20, "web_chat": 120, "whatsapp": 120, "instagram": 120, "email": 4 * 3600, "ota": 12 * 3600,
    }  # fmt: skip
    assert (targets.handoff.low, targets.handoff.high) == (0.15, 0.20)


def test_channels_by_intent_keep_both_margins():
    demand = load_scenario().scenario.demand
    mixes: dict[str, dict[str, float]] = {name: dict(mix) for name, mix in demand.intents.items()}  # type: ignore[arg-type]
    margins = {"sales": 0.38, "prearrival": 0.26, "ota_message": 0.18, "change_or_cancel": 0.07, "poststay": 0.06}
    for intent, wanted in margins.items():
        share = sum(part * mixes[channel].get(intent, 0.0) for channel, part in demand.channel_mix.items())
        assert share == pytest.approx(wanted, abs=0.001), intent


def test_every_value_of_a_shipped_scenario_says_where_it_comes_from():
    for name in shipped_scenarios():
        assert [one.path for one in load_scenario(name).assumptions if one.source == "unmarked"] == [], name


def test_the_marks_of_the_base_scenario_are_counted():
    counted = Counter(one.source for one in load_scenario().assumptions)
    assert counted == {"fact": 38, "derived": 75, "assumption": 376}


REFUSED = [
    ("cv = { value = 0.14", "cvs = { value = 0.14", "demand.day_factor.cvs", "did you mean cv?"),
    ("most_days = 365", 'most_days = "365"', "selling.lead_time.most_days", "a whole number is expected"),
    ("most_days = 365", "most_days = 36.5", "selling.lead_time.most_days", "a whole number is expected"),
    ("turns_mean = 3", "turns_mean = 0", "work.instagram.turns_mean", "greater than 0"),
    ("absence = 0.04", "absence = 1.4", "staff.absence", "less than or equal to 1"),
    ("absence = 0.04", "absence = nan", "staff.absence", "finite"),
    ('"Europe/Istanbul", source', '"Europe/Antalya", source', "season.time_zone", "not a known time zone"),
    ("last = { value = 2027-09-30", "last = { value = 2027-05-30", "season", "the last day is before the first"),
    ("last = { value = 2027-09-30", "last = { value = 2029-05-30", "season", "at most 400 days"),
    ('source = "fact", note = "UTC+3', 'source = "fakt", note = "UTC+3', "season.time_zone.source", "mean fact?"),
    ('note = "UTC+3 all year"', "note = 3", "season.time_zone.note", "text in quotes"),
    ("phone = 0.40\n", "phone = 0.50\n", "demand.channel_mix", "add up to 1.100, not to 1"),
    ("phone = 0.40\n", "phon = 0.40\n", "demand.channel_mix.phon", "did you mean phone?"),
    ("[0.52, 0.41, ", "[0.41, ", "demand.month_index_sales", "12"),
    ("  0.00491, ", "  0.5, ", "demand.half_hours.phone", "the half hours add up to 1.495"),
    ('half_hours = "web_chat"', 'half_hours = "webchat"', "demand", "half hours webchat, which do not exist"),
    ('ota = { weekday = "ota", half_hours = "ota" }\n', "", "demand", "rhythm says nothing of it"),
    ("concurrency = 3", "concurrency = 4", "work.whatsapp", "each of 1 to 4 chats at once"),
    ("turns_mean = 1.6", "turns_mean = 1.6\nconcurrency = 2", "work.email", "concurrency must be 1"),
    ("option = 0.38", "option = 0.48", "selling.stages", "may not exceed 1 together"),
    ("shifts = { early = 4, noon", "shifts = { erly = 4, noon", "team.phone.shifts.erly", "did you mean early?"),
    ('de = ["de", "en", "tr"]', 'de = ["en", "de"]', "team.phone", "must begin with de"),
    (', ru = ["ru", "en", "tr"] }', " }", "team.phone", "says nothing of ru"),
    ('also = ["email", "ota"]', 'also = ["phone"]', "team.phone", "in channels or in also"),
    ("days_per_week = 6", "days_per_week = 7", "team.phone.days_per_week", "allows 6 working days"),
    ('early = { start = "08:00"', 'early = { start = "08:10"', "shifts.early", "on half hours"),
    ('early = { start = "08:00"', 'early = { start = "03:00"', "shifts.early", "12.5 h of work"),
    ('early = { start = "08:00"', 'early = { start = "8 am"', "shifts.early.start", "not a time of day"),
    ('tie_break = "order"', 'tie_break = "ordre"', "rules.tie_break", "did you mean order?"),
    ("tr = { TR = 1.0 }", "tr = { XX = 1.0 }", "calendars.markets.tr.XX", "no holidays are known of XX"),
    ('file = "side-resort"', 'file = "side-resrt"', "hotels[2].file", "no such hotel file"),
    ('file = "side-resort"', 'file = "belek-resort"', "hotels[2].file", "BELEK1 stands twice"),
    ("[patience.ota]", "[patience.sms]", "patience.sms", "'sms' is not allowed"),
    ("seed = {", "sed = {", "sed", "did you mean seed?"),
    ("copies = 8", "copies = 8\nrooms = 0", "hotels[1].rooms", "greater than or equal to 1"),
    ("[0.2, 0.2, 0.4, 0.8, 0.9, 2.0, 2.5]", "[1, 1]", "team.phone.off_days", "at least 7 items are expected, not 2"),
    ("  0.00491, ", "  0.00491, 0, ", "demand.half_hours.phone", "at most 48 items are expected, not 49"),
    ('name = "antalya', 'name = "../antalya', "name", "is no name: small letters"),
    ("first = { value = 2027-06-01", "first = { value = 1027-06-01", "season", "lies in the years 2000 to 2100"),
    ("first = { value = 2027-06-01", "first = { value = 2027-06-01T10:00:00", "season.first", "a day such as"),
    ("factor = { value = 1.0", "factor = { value = 1e6", "demand.factor", "630,000,000 contacts a day; 2,000,000 is"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "says"), REFUSED)
def test_a_wrong_value_is_refused_with_its_key_and_a_sentence(old: str, new: str, key: str, says: str):
    error = refusal(with_change(old, new))
    assert (error.file, error.key) == ("mine.toml", key)
    assert says in error.message
    assert error.line > 0
    assert str(error) == f"mine.toml, line {error.line}, {key}: {error.message}"


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ("cv = { value = 0.14", "cvs = { value = 0.14", "cvs = {"),
        ("most_days = 365", "most_days = 0", "most_days = 0"),
        ("[0.52, 0.41, ", '["x", 0.41, ', '["x", 0.41'),
        ('file = "side-resort"', 'file = "nowhere"', '"nowhere"'),
        ('source = "fact", note = "UTC+3', 'source = "fakt", note = "UTC+3', "fakt"),
        ("rooms = 352", "rooms = 0", "rooms = 0"),
    ],
)
def test_the_line_of_a_mistake_is_named(old: str, new: str, fragment: str):
    text = with_change(old, new)
    assert refusal(text).line == line_with(text, fragment)


def test_nesting_without_end_is_refused_in_a_sentence():
    assert (
        refusal("schema = 1\nx = " + "[" * 5000).message
        == "not valid TOML: tables or lists stand too deep in each other"
    )


def test_a_misspelt_name_is_told_the_one_that_was_meant():
    with pytest.raises(ScenarioFileError, match=r"no such scenario; did you mean antalya-quiet\?"):
        load_scenario("antalya-quite")


def test_a_missing_key_is_told_last():
    assert refusal(with_change("factor = {", "facter = {")).key == "demand.facter"
    error = refusal(with_change("no_show = { value = 0.010", "used = { value = 0.010").replace("used = ", "# "))
    assert (error.key, error.message) == ("selling.no_show", "the key is missing")


def test_a_file_says_its_schema_version():
    assert "the file has none" in refusal(with_change("schema = 1\n", "")).message
    assert "the file says 2" in refusal(with_change("schema = 1\n", "schema = 2\n")).message


def test_broken_toml_is_refused_with_its_line():
    text = with_change("copies = 8", "copies = 8 8")
    assert refusal(text).line == line_with(text, "copies = 8 8")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "schema"), (b"\xff\xfe", "not UTF-8"), (b"#" * 1_000_001, "larger than 1 MB"), (b"a = [", "not valid TOML")],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, content: bytes, says: str):
    path = tmp_path / "season.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioFileError, match=says):
        load_scenario(path)


def test_a_scenario_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(ScenarioFileError, match="antalya-quiet"):
        load_scenario("atlantis")


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    path = tmp_path / "season.toml"
    path.write_bytes(b"\xef\xbb\xbf" + base_text().replace("\n", "\r\n").encode())
    assert load_scenario(path).scenario == load_scenario().scenario


def test_the_parameters_are_those_of_the_study():
    scenario = load_scenario().scenario
    assert scenario.patience["phone"].new_s == 211
    assert scenario.work["phone"].handle("sales").mean_s == 390
    assert scenario.work["phone"].handle("poststay").sigma == 0.95
    assert scenario.selling.price.mean == Decimal(260)
    assert scenario.shifts["night"].end == time(2)
    assert (scenario.shifts["night"].length_minutes, scenario.shifts["night"].work_minutes) == (480, 450)
    assert scenario.labour.week_hours == 45


def test_the_week_of_every_shipped_team_is_within_the_law():
    for name in shipped_scenarios():
        scenario = load_scenario(name).scenario
        for desk in scenario.team.values():
            longest = max(scenario.shifts[code].work_minutes for code in desk.shifts)
            assert longest / 60 * desk.days_per_week <= scenario.labour.week_hours, name


def test_the_wheel_takes_the_files_along():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    target = config["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "scenarios" in target["packages"]
    assert "exclude" not in target


def test_a_scenario_of_text_alone_stands_on_a_shipped_one():
    assert parse_scenario(MINE).days == 7


def test_the_base_season_hands_over_15_to_20_of_100_written_contacts():
    plan, rules = demand_plan(load_scenario()), HandoffRules()
    written = handed = 0
    for day in range(0, plan.days, 6):
        drawn = draw_day(plan, 1, 0, day)
        for channel, turns, signals in zip(drawn.channel, drawn.unsolved_turns, drawn.signals, strict=True):
            name = plan.channels[channel]
            written += name != "phone"
            handed += decide_handoff(int(turns), int(signals), rules.of(Channel(name))) is not None
    assert 0.15 < handed / written < 0.20


def test_the_benchmark_has_about_a_million_contacts():
    assert expected_totals(demand_plan(load_scenario("bench-million"))).sum() == pytest.approx(1_000_000, rel=0.03)
