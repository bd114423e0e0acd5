"""Money adds up and nights count, whatever the numbers."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.money import MINOR_DIGITS, Money, total_of
from domain.stay import Party, StayDates

currencies = st.sampled_from(sorted(MINOR_DIGITS))
minors = st.integers(-(10**12), 10**12)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
nights = st.integers(1, 90)
stays = st.builds(StayDates.of_nights, days, nights)


@given(minors, currencies)
def test_money_survives_its_minor_units_and_its_text(minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)
    assert money.minor == minor
    assert Money.of(str(money.amount), currency) == money


@given(st.lists(minors, max_size=60), currencies)
def test_a_total_is_the_sum_of_its_parts_in_any_order(parts: list[int], currency: str) -> None:
    money = [Money.from_minor(part, currency) for part in parts]
    assert total_of(money, currency).minor == sum(parts) == total_of(money[::-1], currency).minor


@given(minors, minors, currencies)
def test_what_is_added_can_be_taken_away_again(left: int, right: int, currency: str) -> None:
    one, other = Money.from_minor(left, currency), Money.from_minor(right, currency)
    assert one + other - other == one
    assert (one < other) == (left < right)
    assert (one <= other) == (left <= right)


@given(st.integers(0, 10**12), st.integers(0, 100), currencies)
def test_a_share_and_the_rest_differ_from_the_whole_by_at_most_one_unit(minor: int, share: int, currency: str) -> None:
    whole = Money.from_minor(minor, currency)
    both = whole.percent(Decimal(share)) + whole.percent(Decimal(100 - share))
    assert abs(both.minor - minor) <= 1


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False), currencies)
def test_an_amount_is_never_more_than_half_a_unit_from_what_was_meant(amount: Decimal, currency: str) -> None:
    kept = Money(amount, currency)
    assert abs(kept.amount - amount) * 2 <= Decimal(1).scaleb(-MINOR_DIGITS[currency])
    assert not str(kept.amount).startswith("-0.00 ")


@given(stays)
def test_the_nights_of_a_stay_are_consecutive_and_as_many_as_it_counts(stay: StayDates) -> None:
    slept = list(stay.nights())
    assert len(slept) == stay.night_count == (stay.check_out - stay.check_in).days
    assert slept == [stay.check_in + timedelta(days=number) for number in range(stay.night_count)]
    assert slept[-1] == stay.last_night


@given(stays, stays)
def test_two_stays_overlap_exactly_when_a_night_is_shared(one: StayDates, other: StayDates) -> None:
    shared = set(one.nights()) & set(other.nights())
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)


@given(stays, st.integers(-400, 400))
def test_a_moved_stay_keeps_its_length_and_can_be_moved_back(stay: StayDates, shift: int) -> None:
    moved = stay.moved_by(shift)
    assert moved.night_count == stay.night_count
    assert moved.moved_by(-shift) == stay


@given(st.integers(1, 12), st.lists(st.integers(0, 17), max_size=8))
def test_a_party_counts_everyone_whatever_the_order_of_the_children(adults: int, ages: list[int]) -> None:
    party = Party(adults, tuple(ages))
    assert party.size == adults + len(ages)
    assert party == Party(adults, tuple(reversed(ages)))
    assert sorted(party.child_ages) == sorted(ages)
