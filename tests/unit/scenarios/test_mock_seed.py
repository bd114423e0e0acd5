"""The seed document is the same everywhere, agrees with itself, and holds what the mock needs."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from cli.mock_seed import SeedChoiceError, plain, seed_document
from scenarios.loader import load_hotel, parse_hotel, shipped_hotels
from tests.unit.scenarios.hotel_texts import with_change

START = date(2027, 6, 1)
ONE_DOCUMENT = """
import hashlib, json
from datetime import date
from cli.mock_seed import plain, seed_document
from scenarios.loader import load_hotel
text = json.dumps(plain(seed_document([load_hotel("belek-resort")], 7, date(2027, 6, 1), small=True)), sort_keys=True)
print(hashlib.sha256(text.encode()).hexdigest())
"""


@cache
def group() -> dict[str, Any]:
    return plain(seed_document([load_hotel(name) for name in shipped_hotels()[:3]], 7, START, small=True))


@cache
def belek() -> dict[str, Any]:
    hotel: dict[str, Any] = group()["hotels"][0]
    return hotel


def digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def test_same_seed_and_date_give_the_same_document_in_other_processes():
    digests = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run([sys.executable, "-c", ONE_DOCUMENT], env=environment, capture_output=True, check=True)
        digests.add(done.stdout.decode().strip())
    here = seed_document([load_hotel("belek-resort")], 7, START, small=True)
    assert digests == {digest(plain(here))}


def test_rows_can_be_passed_over_twice():
    document = seed_document([load_hotel("demo-resort")], 7, START, small=True)
    assert plain(document) == plain(document)


def test_another_seed_gives_other_guests():
    hotel = load_hotel("demo-resort")
    one, two = (plain(seed_document([hotel], seed, START, small=True))["hotels"][0]["profiles"] for seed in (1, 2))
    assert one != two


def test_ids_never_clash_across_the_hotels_of_a_group():
    for key, rows in (("profile_id", "profiles"), ("confirmation", "reservations")):
        ids = [row[key] for hotel in group()["hotels"] for row in hotel[rows]]
        assert len(ids) == len(set(ids))
    phones = [phone for hotel in group()["hotels"] for profile in hotel["profiles"] for phone in profile["phones"]]
    assert len(phones) == len(set(phones))


def test_every_code_in_a_row_is_a_code_of_its_hotel():
    for hotel in group()["hotels"]:
        codes = {key: {item["code"] for item in hotel[key]} for key in ("room_types", "rate_plans", "guarantees")}
        profiles = {profile["profile_id"] for profile in hotel["profiles"]}
        for row in hotel["reservations"]:
            assert row["room_type"] in codes["room_types"]
            assert row["rate_plan"] in codes["rate_plans"]
            assert row["guarantee_code"] in codes["guarantees"] - {"HOLD", "OPT", "TENT"}
            assert row["market_code"] in hotel["market_codes"]
            assert row["source_code"] in hotel["source_codes"]
            assert row["profile_id"] in profiles
        for rule in hotel["restrictions"]:
            assert rule.get("room_type") in codes["room_types"] | {None}
            assert rule.get("rate_plan") in codes["rate_plans"] | {None}


def test_each_night_of_eighteen_months_has_exactly_one_price_per_room_and_plan():
    nights = {(START + timedelta(days=n)).isoformat() for n in range(548)}
    for plan in belek()["rate_plans"]:
        priced: Counter[tuple[str, str]] = Counter()
        for row in plan["prices"]:
            start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
            priced.update(
                (row["room_type"], (start + timedelta(days=n)).isoformat()) for n in range((end - start).days + 1)
            )
        for room in belek()["room_types"]:
            assert all(priced[room["code"], night] == 1 for night in nights)
        assert set(priced.values()) == {1}


def test_the_small_document_still_has_sold_out_days():
    sold: Counter[str] = Counter()
    for row in belek()["reservations"]:
        if row["status"] in {"Reserved", "InHouse"} and row["arrival"] <= "2027-08-10" < row["departure"]:
            sold[row["room_type"]] += 1
    assert sold == {room["code"]: room["rooms"] for room in belek()["room_types"]}


def test_rules_of_every_year_roll_with_the_start_date():
    later = plain(seed_document([load_hotel("belek-resort")], 7, date(2030, 1, 15), small=True))["hotels"][0]
    closed = [rule for rule in later["restrictions"] if rule["code"] == "Closed"]
    assert {rule["start"][:4] for rule in closed} == {"2030", "2031"}
    assert {"ClosedForArrival", "ClosedForDeparture", "MinimumLengthOfStay"} <= {
        r["code"] for r in later["restrictions"]
    }


def test_a_plan_rule_reaches_both_currency_twins():
    plans = {rule["rate_plan"] for rule in belek()["restrictions"] if rule["code"] == "MinimumAdvanceBooking"}
    assert plans == {"UAI-NREF", "UAI-NREF-TR"}


def test_a_campaign_that_is_over_cannot_be_sold_any_more():
    ends = {item["code"]: item.get("sell_end") for item in belek()["promotions"]}
    assert ends["SPRING15"] == "2027-05-31"
    assert ends["EARLY10"] == "2027-09-29"


def test_scripts_exist_in_every_language_of_the_hotel():
    steps = Counter(script["type"] for script in belek()["scripts"])
    assert set(steps.values()) == {4}


def test_hotels_of_a_chain_share_one_client_of_the_mock():
    (client,) = group()["clients"]
    assert client["hotels"] == ["BELEK1", "SIDE1", "KEMER1"]
    assert group()["external_systems"] == ["External", "SANTRAL"]


def test_clashing_choices_are_refused():
    hotel = load_hotel("belek-resort")
    other = parse_hotel(
        with_change('client_secret = "mock-only-secret"', 'client_secret = "x"').replace("BELEK1", "B2")
    )
    for hotels in ([], [hotel, hotel], [hotel, other]):
        with pytest.raises(SeedChoiceError):
            seed_document(hotels, 7, START, small=True)


@pytest.mark.parametrize(("start", "profiles"), [(date.max, 100), (date.min, 100), (START, 0), (START, 10**7)])
def test_impossible_dates_and_numbers_are_refused(start: date, profiles: int):
    with pytest.raises(SeedChoiceError):
        seed_document([load_hotel("demo-resort")], 7, start, profiles_per_hotel=profiles)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("monthly = [0.35, 0.38, 0.50, 0.62", "monthly = [1, 1, 1, 1"),
        ("monthly = [0.35, 0.38, 0.50, 0.62", "monthly = [0, 0, 0, 0"),
        ('cancelled = "0.15"', 'cancelled = "0.95"'),
        ('repeat_guests = "0.12"', 'repeat_guests = "1"'),
        ('repeat_stays = "0.30"', 'repeat_stays = "1"\nwith_children = "1"'),
        ('home_market = "TR"', 'home_market = "PL"'),
        ("rooms = 96", "rooms = 1"),
    ],
)
def test_a_hotel_at_its_limits_can_be_drawn(old: str, new: str):
    hotels = [parse_hotel(with_change(old, new))]
    (hotel,) = plain(seed_document(hotels, 7, START, small=True, profiles_per_hotel=3))["hotels"]
    assert len(hotel["profiles"]) == 3
    assert hotel["reservations"]


def test_a_whole_hotel_has_twenty_thousand_guests():
    document = seed_document([load_hotel("belek-resort")], 7, START)
    assert sum(1 for _ in document["hotels"][0]["profiles"]) == 20_000
