"""Drawn stays fill the house as the file says and never beyond its rooms."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from scenarios.loader import load_hotel
from scenarios.people.draw import draw_languages
from scenarios.schema.hotel import Hotel
from scenarios.stays.curve import final_occupancy
from scenarios.stays.fill import Stay, draw_stays
from scenarios.stays.horizon import Horizon, horizon

START = date(2027, 6, 1)
LIVED = {"checked_out", "in_house", "reserved", "no_show"}


@cache
def belek() -> Hotel:
    return load_hotel("belek-resort")


@cache
def book() -> tuple[Stay, ...]:
    return tuple(stays_of(belek(), horizon(START), "1", profiles=20_000))


def stays_of(hotel: Hotel, span: Horizon, seed: str, *, profiles: int, scale: float = 1.0) -> list[Stay]:
    languages = draw_languages(Random(seed), hotel.guests, profiles)
    return list(draw_stays(hotel, Random(seed), span, languages, scale=scale))


def rooms_taken(stays: tuple[Stay, ...] | list[Stay]) -> Counter[tuple[str, date]]:
    taken: Counter[tuple[str, date]] = Counter()
    for stay in stays:
        if stay.status in LIVED:
            for night in range((stay.departure - stay.arrival).days):
                taken[stay.room_type, stay.arrival + timedelta(days=night)] += 1
    return taken


def occupancy_of(first: date, days: int) -> float:
    taken = rooms_taken(book())
    nights = [first + timedelta(days=n) for n in range(days)]
    return sum(taken[room.code, night] for room in belek().room_types for night in nights) / (belek().rooms * days)


def test_no_room_type_is_sold_beyond_its_rooms():
    for (room_type, night), rooms in rooms_taken(book()).items():
        assert rooms <= belek().room_type(room_type).rooms, night


@given(st.integers(0, 10**6), st.dates(date(2026, 1, 1), date(2029, 12, 31)))
@examples(max_examples=8)
def test_no_seed_and_no_start_day_oversells(seed: int, start: date):
    hotel = load_hotel("demo-resort")
    taken = rooms_taken(stays_of(hotel, horizon(start, history_days=40, future_months=18), str(seed), profiles=300))
    assert all(rooms <= hotel.room_type(room_type).rooms for (room_type, _), rooms in taken.items())


def test_past_months_are_as_full_as_the_month_curve_says():
    monthly = [float(share) for share in belek().occupancy.monthly]
    for first, days in (
        (date(2026, 9, 1), 30),
        (date(2026, 10, 1), 31),
        (date(2027, 1, 5), 27),
        (date(2027, 4, 1), 30),
    ):
        expected = sum(final_occupancy(monthly, first + timedelta(days=n)) for n in range(days)) / days
        assert abs(occupancy_of(first, days) - expected) < 0.05, first


def test_the_book_thins_out_with_distance():
    near, far = occupancy_of(date(2027, 7, 1), 15), occupancy_of(date(2028, 7, 1), 15)
    assert 0.6 < near < 0.95
    assert 0.1 < far < 0.5 * near


def test_pinned_days_are_sold_out_or_nearly():
    taken = rooms_taken(book())
    for room in belek().room_types:
        assert taken[room.code, date(2027, 8, 10)] == room.rooms
    for room in belek().room_types:
        if room.code != "VILLA":
            assert taken[room.code, date(2027, 7, 22)] == room.rooms - 1
    assert taken["VILLA", date(2027, 8, 25)] == 12


def test_status_follows_from_the_dates():
    for stay in book():
        if stay.status == "reserved":
            assert stay.arrival >= START
        if stay.status == "in_house":
            assert stay.arrival < START < stay.departure
        if stay.status == "checked_out":
            assert stay.departure <= START
        if stay.status == "no_show":
            assert stay.arrival < START
        assert stay.created_on <= min(stay.arrival, START)


def test_parties_fit_their_room():
    for stay in book():
        room = belek().room_type(stay.room_type)
        assert 1 <= stay.adults <= room.max_adults
        assert len(stay.child_ages) <= room.max_children
        assert stay.adults + len(stay.child_ages) <= room.max_occupancy
        assert all(0 <= age <= belek().settings.max_child_age for age in stay.child_ages)


def test_no_guest_sleeps_in_two_rooms_at_once():
    free_from: dict[int, date] = {}
    overlaps = 0
    for stay in book():
        if stay.status == "cancelled":
            continue
        overlaps += stay.arrival < free_from.get(stay.guest, date.min)
        free_from[stay.guest] = max(stay.departure, free_from.get(stay.guest, date.min))
    assert overlaps == 0


def test_some_guests_come_back_again_and_again():
    visits = Counter(stay.guest for stay in book() if stay.status == "checked_out")
    assert sum(1 for count in visits.values() if count >= 3) > 200
    assert len(visits) > 5_000


def test_shares_of_channels_parties_and_lengths_come_back_out():
    past = [stay for stay in book() if stay.status == "checked_out"]
    channels = Counter(stay.channel.name for stay in past)
    for channel in belek().stays.channels:
        assert abs(channels[channel.name] / len(past) - float(channel.share)) < 0.02
    assert abs(sum(stay.adults == 2 for stay in past) / len(past) - 0.78) < 0.02
    lengths = [(stay.departure - stay.arrival).days for stay in past]
    assert 4.2 < sum(lengths) / len(lengths) < 5.8
    assert abs(lengths.count(7) / len(lengths) - 0.22) < 0.05


def test_august_sells_at_about_260_euro_a_night():
    rates = [
        (float(stay.amount_per_night), (stay.departure - stay.arrival).days)
        for stay in book()
        if stay.currency == "EUR" and stay.status == "checked_out" and stay.arrival.month == 8
    ]
    average = sum(rate * nights for rate, nights in rates) / sum(nights for _, nights in rates)
    assert abs(average - 260) < 20


def test_home_market_guests_pay_in_lira_and_others_in_euro():
    languages = draw_languages(Random("1"), belek().guests, 20_000)
    for stay in book()[:2_000]:
        assert stay.currency == ("TRY" if languages[stay.guest] == "tr" else "EUR")
        assert stay.rate_plan.endswith("-TR") == (stay.currency == "TRY")


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 11, 21), date(2028, 5, 20)),
        (date(2027, 8, 31), date(2029, 2, 27)),
        (date(2028, 2, 29), date(2029, 8, 28)),
    ],
)
def test_the_horizon_is_eighteen_months_of_nights(start: date, last: date):
    assert horizon(start).last == last
