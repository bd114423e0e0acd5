"""A hotel file is accepted whole, or refused with file, line, key and one sentence."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from scenarios.loader import HotelFileError, load_hotel, parse_hotel, shipped_hotels
from scenarios.schema.selling import PLACEHOLDERS, placeholders
from tests.unit.scenarios.hotel_texts import belek_text, line_with, refusal, with_change


@pytest.mark.parametrize("name", shipped_hotels())
def test_every_shipped_hotel_loads(name: str):
    hotel = load_hotel(name)
    assert hotel.version == 1
    assert {script.step for script in hotel.scripts} >= {"greeting", "offer", "close"}


def test_the_first_three_hotels_are_a_group_of_sisters():
    group = [load_hotel(name) for name in shipped_hotels()[:3]]
    ids = {hotel.id for hotel in group}
    assert ids == {"BELEK1", "SIDE1", "KEMER1"}
    assert all(set(hotel.hotel.sisters) == ids - {hotel.id} for hotel in group)


def test_belek_has_266_rooms_in_six_types_and_three_plans_in_two_currencies():
    hotel = load_hotel("belek-resort")
    assert hotel.rooms == 266
    assert [room.code for room in hotel.room_types] == ["STD", "STDSV", "FAM", "FAMSV", "JRS", "VILLA"]
    assert [plan.code for plan in hotel.rate_plans] == ["UAI-FLEX", "UAI-NREF", "HB-FLEX"]
    assert hotel.rate_plan("HB-FLEX-TR").codes == {"EUR": "HB-FLEX", "TRY": "HB-FLEX-TR"}


def test_the_demo_hotel_lets_a_hold_lapse_after_ten_seconds():
    assert load_hotel("demo-resort").settings.hold == timedelta(seconds=10)


def test_settings_left_out_have_the_documented_defaults():
    text = belek_text()
    start, end = text.index("[settings]"), text.index("[pms]")
    settings = parse_hotel(text[:start] + "[settings]\n\n" + text[end:]).settings
    assert (settings.hold, settings.option, settings.quote_valid, settings.settle) == (
        timedelta(minutes=15),
        timedelta(hours=24),
        timedelta(minutes=30),
        timedelta(seconds=90),
    )
    assert (settings.arrival_cutoff, settings.max_nights, settings.deposit.nights) == (time(18), 30, 1)


REFUSED = [
    ("hold_minutes = 15", "hold_minuts = 15", "settings.hold_minuts", "did you mean hold_minutes?"),
    ("hold_minutes = 15", 'hold_minutes = "15"', "settings.hold_minutes", "a whole number is expected"),
    ("hold_minutes = 15", "hold_minutes = 15\nhold_seconds = 5", "settings", "not both"),
    (
        "hold_minutes = 15          # the trade uses 15-30 on the telephone\noption_hours = 24",
        "hold_minutes = 60\noption_hours = 1",
        "settings",
        "shorter than an option",
    ),
    ("max_nights = 30", "max_nights = 400", "settings.max_nights", "less than or equal to 90"),
    ('arrival_cutoff = "18:00"', 'arrival_cutoff = "25:00"', "settings.arrival_cutoff", "not a time of day"),
    ("deposit = { nights = 1 }", "deposit = { nights = 1, percent = 30 }", "settings.deposit", "either percent or"),
    ("[settings]", "[setings]", "setings", "did you mean settings?"),
    ('id = "BELEK1"', 'id = "Belek 1"', "hotel.id", "not written as a code"),
    ('"Europe/Istanbul"', '"Europe/Antalya"', "hotel.time_zone", "not a known time zone"),
    ('"SIDE1"', '"BELEK1"', "hotel.sisters", "its own sister"),
    ('option = "OPT"\n', "", "status_mapping.option", "the key is missing"),
    ('option = "OPT"', 'option = "OPTX"', "status_mapping.option", "did you mean OPT?"),
    ('option = "OPT"', 'option = "HOLD"', "status_mapping.option", "share the code HOLD"),
    ('option = "OPT"', 'option = "TENT"', "status_mapping.option", "takes no room out of stock"),
    ('card = "CARD"', 'card = "HOLD"', "status_mapping.confirmed.card", "already means a hold"),
    ('option_expired = "OPTEXP"', 'option_expired = "LATE"', "status_mapping.cancelled.option_expired", "LATE"),
    ('option_expired = "OPTEXP"', 'option_expired = "HOLDEXP"', "status_mapping.cancelled.option_expired", "already"),
    ('DueIn = "by_guarantee"\n', "", "status_mapping.read", "DueIn"),
    ('NoShow = "no_show"', 'Noshow = "no_show"', "status_mapping.read.Noshow", "did you mean NoShow?"),
    ("rooms = 96", "rooms = 0", "room_types[1].rooms", "greater than or equal to 1"),
    ("max_occupancy = 4", "max_occupancy = 9", "room_types[1].max_occupancy", "more people than"),
    ('code = "STDSV"', 'code = "STD"', "room_types[2].code", "stands twice"),
    ('{ start = "11-01"', '{ start = "11-02"', "seasons", "no season covers 11-01"),
    ('end = "12-20"', 'end = "12-21"', "seasons[10].periods[1]", "overlaps LOW on 12-21"),
    ('start = "03-15"', 'start = "02-30"', "seasons[2].periods[1].start", "is not a day"),
    ("to_age = 6", "to_age = 5", "rate_plans[1].child_rules[2]", "should start at 6"),
    ("order = 2, from_age = 0", "order = 7, from_age = 0", "rate_plans[1].child_rules", "without a hole"),
    ('"UAI-FLEX-TR"', '"UAI-FLEX"', "rate_plans[1].codes.TRY", "given to two rate plans"),
    ('market_codes = { EUR = "INTL"', 'market_codes = { EUR = "INT"', "rate_plans[1].market_codes.EUR", "INTL?"),
    ('board = "UAI"', 'board = "ULTRA"', "rate_plans[1].board", "'ULTRA' is not allowed"),
    ("penalty_nights = 1", "", "rate_plans[1].cancellation", "either penalty_nights or penalty_percent"),
    ('rule = "cta"', 'rule = "ctaa"', "restrictions[5].rule", "did you mean cta?"),
    ("unit = 3\n", "", "restrictions[1]", "min_stay needs a unit"),
    ('start = "07-01"', "start = 2027-07-01", "restrictions[1]", "both as MM-DD or both as full dates"),
    ('room_type = "FAMSV"', 'room_type = "FAMVS"', "restrictions[4].room_type", "did you mean FAMSV?"),
    ('to_room_type = "STDSV"', 'to_room_type = "SEA"', "upsells[1].to_room_type", "unknown room type SEA"),
    ("{available_rooms}", "{free_rooms}", "scripts[7].text.tr", "unknown placeholder {free_rooms}"),
    ("{nights} gece", "{nights gece", "scripts[4].text.tr", "a brace is not closed"),
    ('tr = "0.26"', 'tr = "0.25"', "guests.languages", "do not add up to 1"),
    ('kind = "denial"', 'kind = "refusal"', "lost_reasons[2].kind", "'refusal' is not allowed"),
    ("monthly = [0.35, ", "monthly = [", "occupancy.monthly", "12"),
    ("monthly = [0.35", "monthly = [nan", "occupancy.monthly[1]", "finite"),
    ("burst = 30", "burst = 3", "pms.burst", "smaller than one second"),
]


@pytest.mark.parametrize(("old", "new", "key", "says"), REFUSED)
def test_a_wrong_value_is_refused_with_its_key_and_a_sentence(old: str, new: str, key: str, says: str):
    error = refusal(with_change(old, new))
    assert (error.file, error.key) == ("mine.toml", key)
    assert says in error.message
    assert "\n" not in str(error)
    assert str(error).startswith(f"mine.toml, line {error.line}, {key}: ")


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ("hold_minutes = 15", "hold_minuts = 15", "hold_minuts"),
        ('option = "OPT"', 'option = "OPTX"', "OPTX"),
        ("order = 1, from_age = 7", "order = 1, from_age = 8", "order = 1, from_age = 8"),
        ("{available_rooms}", "{free_rooms}", "{free_rooms}"),
        ('room_type = "FAMSV"', 'room_type = "FAMVS"', "FAMVS"),
        ('share = "0.003"', 'share = "x"', '"x"'),
    ],
)
def test_the_line_of_a_mistake_is_named(old: str, new: str, fragment: str):
    text = with_change(old, new)
    assert refusal(text).line == line_with(text, fragment)


def test_a_missing_season_price_names_plan_currency_and_season():
    text = belek_text()
    start = text.index("EUR = {", text.index("[rate_plans.prices]"))
    price = text[text.index("JUL = ", start) : text.index(", AUG", start)]
    error = refusal(text.replace(price + ", ", "", 1))
    assert error.key == "rate_plans[1].prices.EUR"
    assert error.message == "UAI-FLEX has no EUR price for the season JUL"


def test_a_file_of_another_schema_version_is_refused():
    assert refusal(with_change("schema = 1", "schema = 2")).key == "schema"
    assert "the file has none" in refusal(with_change("schema = 1\n", "")).message


def test_broken_toml_is_refused_with_its_line():
    text = with_change("rooms = 96", "rooms = 9 6")
    assert refusal(text).line == line_with(text, "rooms = 9 6")


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    path = tmp_path / "hotel.toml"
    path.write_bytes(b"\xef\xbb\xbf" + belek_text().replace("\n", "\r\n").encode())
    assert load_hotel(path) == load_hotel("belek-resort")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "schema"), (b"\xff\xfe", "not UTF-8"), (b"#" * 1_000_001, "larger than 1 MB"), (b"a = [", "not valid TOML")],
)
def test_a_file_that_is_no_hotel_file_is_refused(tmp_path: Path, content: bytes, says: str):
    path = tmp_path / "hotel.toml"
    path.write_bytes(content)
    with pytest.raises(HotelFileError, match=says):
        load_hotel(path)


def test_a_missing_file_says_which_hotels_are_shipped():
    with pytest.raises(HotelFileError, match="belek-resort"):
        load_hotel("atlantis")


def test_every_placeholder_of_the_shipped_scripts_is_allowed_in_all_languages():
    for name in shipped_hotels():
        for script in load_hotel(name).scripts:
            used = {language: placeholders(script.text.get(language)) for language in ("tr", "en", "de", "ru")}
            assert len(set(used.values())) == 1, f"{name} {script.step}: the languages use different placeholders"
            assert used["en"] <= PLACEHOLDERS
