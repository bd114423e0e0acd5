"""A figure is the sum of its parts, whatever the parts are, and its percentiles are those of the sorted records."""

from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kpi import Book, Count, Share, Spread, Takings, wilson
from domain.service_level import LevelFormula, ServiceLevel

DURATIONS = st.lists(st.tuples(st.floats(0, 90_000), st.booleans()), max_size=60)
CALLS = st.lists(st.tuples(st.floats(0, 200), st.booleans()), max_size=60)


def a_spread(records: list[tuple[float, bool]]) -> Spread:
    spread = Spread()
    for seconds, is_open in records:
        spread.add(seconds, is_open=is_open)
    return spread


@given(DURATIONS, DURATIONS, DURATIONS)
def test_a_week_is_the_sum_of_its_days_however_they_are_put_together(
    one: list[tuple[float, bool]], two: list[tuple[float, bool]], three: list[tuple[float, bool]]
) -> None:
    whole = a_spread([*one, *two, *three])
    days = [a_spread(one), a_spread(two), a_spread(three)]
    assert days[0].merge(days[1]).merge(days[2]) == whole
    assert days[0].merge(days[1].merge(days[2])) == whole
    assert whole.merge(Spread()) == whole
    assert days[0] == a_spread(one), "merging leaves the parts as they were"


@given(st.lists(st.integers(0, 500), min_size=1, max_size=80), st.integers(1, 99))
def test_a_percentile_without_open_cases_is_the_nearest_rank_of_the_records(seconds: list[int], percent: int) -> None:
    spread = a_spread([(float(second), False) for second in seconds])
    rank = max(ceil(percent * len(seconds) / 100), 1)
    assert spread.percentile(percent) == sorted(seconds)[rank - 1]


@given(DURATIONS)
def test_open_cases_never_make_a_percentile_shorter(records: list[tuple[float, bool]]) -> None:
    closed = a_spread([record for record in records if not record[1]])
    for percent, second in a_spread(records).percentiles().items():
        without = closed.percentile(percent)
        assert second is None or (without is not None and second >= without)


def test_open_cases_count_as_longer_than_what_they_have_waited() -> None:
    records = [(10.0, False)] * 5 + [(20.0, True)] * 4 + [(60.0, False)]
    assert a_spread(records).percentile(50) == 10
    assert a_spread(records).percentile(75) == 60, "leaving the open ones out would say 10"
    assert a_spread([(10.0, False), (20.0, True), (20.0, True)]).percentile(90) is None


@given(CALLS, CALLS)
def test_a_service_level_is_the_sum_of_its_parts_by_each_formula(
    one: list[tuple[float, bool]], two: list[tuple[float, bool]]
) -> None:
    def counted(calls: list[tuple[float, bool]]) -> ServiceLevel:
        level = ServiceLevel()
        for wait, is_answered in calls:
            level.add(wait, 20.0, is_answered=is_answered)
        return level

    both = counted(one).merge(counted(two))
    assert both == counted([*one, *two])
    answered = sum(answered and wait <= 20 for wait, answered in [*one, *two])
    short = sum(not answered and wait <= 5 for wait, answered in [*one, *two])
    gone = sum(not answered and wait <= 20 for wait, answered in [*one, *two])
    assert both.share() == Share(answered, len(one) + len(two))
    assert both.share(LevelFormula.WITHOUT_SHORT) == Share(answered, len(one) + len(two) - short)
    assert both.share(LevelFormula.OR_GONE_IN_TIME) == Share(answered + gone, len(one) + len(two))


@given(st.lists(st.tuples(st.sampled_from(["phone", "whatsapp", "ota"]), st.booleans()), max_size=60))
def test_the_whole_of_a_breakdown_is_the_sum_of_its_parts(records: list[tuple[str, bool]]) -> None:
    book: Book[str, Share] = Book(Share)
    for channel, is_hit in records:
        book.at(channel).add(is_hit)
    assert book.total() == Share(sum(hit for _, hit in records), len(records))
    assert book.merge(Book(Share)).total() == book.total()


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_holds_the_share_and_stays_inside_0_and_1(case: tuple[int, int]) -> None:
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] <= high <= 1


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(15, 100)
    assert (round(low, 4), round(high, 4)) == (0.0931, 0.2328)


def test_money_of_two_currencies_is_never_added_without_a_rate() -> None:
    takings = Takings()
    takings.add(Decimal("4350.00"), "EUR")
    takings.add(Decimal("550.00"), "TRY")
    with pytest.raises(ValueError, match="two currencies"):
        takings.result()
    whole = takings.converted({"TRY": Decimal("0.02")}, "EUR")
    assert (whole.total("EUR"), whole.average("EUR")) == (Decimal("4361.0000"), Decimal("2180.5000"))
    with pytest.raises(KeyError):
        takings.converted({}, "EUR")


def test_nothing_counted_says_nothing() -> None:
    assert Share().result().value is None
    assert Spread().result().value is None
    assert Takings().result().value is None
    assert Count().result().value == 0
    assert set(Spread().percentiles().values()) == {None}


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_duration_that_cannot_be_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        Spread().add(seconds)
