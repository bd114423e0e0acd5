"""Restrictions, penalties, deadlines and choices hold for any stay: docs/algorithms/selling.md 3 to 6."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.availability import Restriction, RestrictionKind
from domain.choosing import MAX_PREMIUM, choose
from domain.deadlines import cut_off_instant, extended_deadline, option_deadline
from domain.errors import InvalidInput, NotGuaranteed, Refused
from domain.money import Money, total_of
from domain.offer import Candidate, ChoiceKind
from domain.rates import CancellationTerms, PenaltyBasis
from domain.reservation import MOVES, TIMED, ReservationState, check_guaranteed
from domain.stay import Party, StayDates
from tests.builders import ISTANBUL, a_candidate, a_hotel, a_reservation

KIND = RestrictionKind
BASE = date(2027, 7, 1)
EPOCH = datetime(2027, 7, 1, tzinfo=UTC)
days = st.integers(0, 40).map(lambda number: BASE + timedelta(days=number))
stays = st.builds(StayDates.of_nights, days, st.integers(1, 21))
instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
states = st.sampled_from(ReservationState)


@st.composite
def rules(draw: st.DrawFn, kinds: tuple[RestrictionKind, ...] = tuple(RestrictionKind)) -> Restriction:
    start = draw(days)
    unit = draw(st.integers(1, 20))
    return Restriction(draw(st.sampled_from(kinds)), start, start + timedelta(days=draw(st.integers(0, 20))), unit)


@given(rules((KIND.CLOSED,)), stays)
def test_a_stop_sale_breaks_exactly_the_stays_that_sleep_in_it(rule: Restriction, stay: StayDates) -> None:
    assert rule.breaks(stay, BASE) == any(rule.start <= night <= rule.end for night in stay.nights())


@given(stays, st.sampled_from([KIND.MIN_STAY, KIND.MIN_STAY_THROUGH]), st.integers(0, 9), st.integers(0, 9))
def test_whoever_breaks_a_minimum_stay_can_mend_it_by_staying_longer(
    stay: StayDates, kind: RestrictionKind, before: int, missing: int
) -> None:
    start = stay.check_in - timedelta(days=before)
    rule = Restriction(kind, start, stay.check_in, stay.night_count + 1 + missing)
    assert rule.breaks(stay, BASE)
    assert not rule.breaks(StayDates.of_nights(stay.check_in, stay.night_count + 1 + missing), BASE)


@given(stays, st.sampled_from([KIND.MAX_STAY, KIND.MAX_STAY_THROUGH]), st.integers(0, 9), st.integers(1, 20))
def test_whoever_breaks_a_maximum_stay_can_mend_it_by_staying_shorter(
    stay: StayDates, kind: RestrictionKind, before: int, most: int
) -> None:
    rule = Restriction(kind, stay.check_in - timedelta(days=before), stay.check_in, most)
    assert rule.breaks(stay, BASE) == (stay.night_count > most)
    assert not rule.breaks(StayDates.of_nights(stay.check_in, most), BASE)


@given(st.sampled_from(RestrictionKind), stays, st.integers(0, 20), st.integers(0, 20), st.booleans())
def test_a_rule_that_touches_neither_stay_nor_departure_breaks_nothing(
    kind: RestrictionKind, stay: StayDates, gap: int, length: int, is_before: bool
) -> None:
    away = timedelta(days=1 + gap)
    start = stay.check_in - away - timedelta(days=length) if is_before else stay.check_out + away
    assert not Restriction(kind, start, start + timedelta(days=length), 1).breaks(stay, BASE)


terms = st.builds(
    CancellationTerms,
    st.none() | st.integers(0, 30),
    st.sampled_from(PenaltyBasis),
    st.integers(0, 100).map(Decimal),
    st.integers(0, 100).map(Decimal),
)
prices = st.lists(st.integers(0, 10**6).map(lambda minor: Money.from_minor(minor, "EUR")), min_size=1, max_size=21)


@given(terms, prices, days, days)
def test_a_penalty_lies_between_nothing_and_the_whole_stay_and_never_falls(
    rule: CancellationTerms, nightly: list[Money], one: date, other: date
) -> None:
    arrival = BASE + timedelta(days=20)
    now, then = (rule.penalty(tuple(nightly), arrival, day) for day in sorted((one, other)))
    assert Money.zero("EUR") <= now <= then <= total_of(nightly, "EUR")


@given(terms, prices, days)
def test_cancelling_is_free_up_to_the_day_that_is_promised(
    rule: CancellationTerms, nightly: list[Money], today: date
) -> None:
    arrival = BASE + timedelta(days=20)
    last = rule.free_until(arrival)
    if last is not None:
        assert rule.penalty(tuple(nightly), arrival, min(today, last)).amount == 0


@given(instants, st.integers(1, 72).map(lambda hours: timedelta(hours=hours)), days, st.times())
def test_an_option_ends_after_now_and_at_the_cut_off_at_the_latest(
    now: datetime, length: timedelta, arrival: date, cut_off: time
) -> None:
    latest = cut_off_instant(arrival, cut_off, ISTANBUL)
    try:
        deadline = option_deadline(now, length, latest)
    except Refused:
        assert now >= latest
    else:
        assert now < deadline <= min(latest, now + length)


@given(instants, instants, instants, instants)
def test_an_extension_is_later_than_before_and_within_the_cut_off_or_refused(
    now: datetime, current: datetime, until: datetime, latest: datetime
) -> None:
    try:
        deadline = extended_deadline(now, current, until, latest)
    except (Refused, InvalidInput):
        assert until <= max(now, current) or until > latest
    else:
        assert max(now, current) < deadline <= latest


@given(st.lists(states, max_size=12), instants)
def test_no_walk_along_the_table_revives_what_is_dead_or_changes_who_it_is(
    path: list[ReservationState], at: datetime
) -> None:
    reservation = a_reservation()
    for state in path:
        if state not in MOVES[reservation.state]:
            continue
        before = reservation
        reservation = reservation.moved(state, expires_at=at)
        assert reservation.previous_state is before.state
        assert reservation.version == before.version + 1
        assert (reservation.expires_at is None) == (state not in TIMED)
        assert (reservation.reservation_id, reservation.pms_ref) == ("res_000001", "100001")
        assert not (reservation.is_live(at) and reservation.is_due(at))


ROOMS = a_hotel().room_types


@st.composite
def candidates(draw: st.DrawFn, least: int = 0) -> list[Candidate]:
    pairs = draw(
        st.sets(
            st.tuples(st.sampled_from(sorted(ROOMS)), st.sampled_from(["A", "B", "C"])), min_size=least, max_size=18
        )
    )
    boards = {"A": "UAI", "B": "UAI", "C": "HB"}
    return [
        a_candidate(room, plan, str(draw(st.integers(100, 900))), board=boards[plan]) for room, plan in sorted(pairs)
    ]


@given(candidates(), st.integers(1, 4), st.randoms())
def test_choices_are_few_distinct_lead_with_the_cheapest_and_do_not_depend_on_order(
    offered: list[Candidate], adults: int, chance: Random
) -> None:
    party = Party(adults)
    choices = choose(offered, ROOMS, party)
    shown = [(one.candidate.room_type, one.candidate.rate_plan) for one in choices]
    assert len(shown) == len(set(shown)) <= 3
    assert [one.number for one in choices] == list(range(1, len(choices) + 1))
    assert bool(choices) == bool(offered)
    if offered:
        assert choices[0].candidate.total.amount == min(one.total.amount for one in offered)
    shuffled = list(offered)
    chance.shuffle(shuffled)
    assert choose(shuffled, ROOMS, party) == choices


@given(candidates(least=6), st.integers(1, 4))
def test_an_upgrade_is_a_better_room_on_the_plan_of_the_best_fit_within_the_premium(
    offered: list[Candidate], adults: int
) -> None:
    choices = choose(offered, ROOMS, Party(adults))
    if choices[-1].kind is not ChoiceKind.UPGRADE:
        return
    *others, upgrade = (one.candidate for one in choices)
    assert upgrade.rate_plan == others[-1].rate_plan
    assert all(ROOMS[upgrade.room_type].rank > ROOMS[one.room_type].rank for one in others)
    assert upgrade.total.amount <= others[-1].total.amount * MAX_PREMIUM


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_deposit_counts_as_paid_from_its_last_cent_on(paid: int, due: int) -> None:
    reservation = a_reservation(paid=Money.from_minor(paid, "EUR"), deposit_due=Money.from_minor(due, "EUR"))
    try:
        check_guaranteed(reservation, None)
    except NotGuaranteed:
        assert paid < due
    else:
        assert paid >= due
