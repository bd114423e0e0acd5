"""Hypothesis strategies: any value of ours that the store may be given. Instants have whole milliseconds, as stored."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.access import Role
from domain.availability import Alert, AlertCode, AlertLevel, Availability
from domain.case import Call, CallOutcome, Case, CaseKind, CaseStatus, Direction, LeadStatus
from domain.guest import ChannelIdentity, GuestProfile, IdentityKind
from domain.money import MINOR_DIGITS, Money
from domain.offer import Alternative, AlternativeKind, Candidate, Choice, ChoiceKind, ClosedRoom, Offer, Upsell
from domain.rates import CancellationTerms, NightPrice, PenaltyBasis
from domain.reservation import Guarantee, HistoryLine, Reservation, ReservationState
from domain.stay import Party, StayDates
from integration.ports.records import (
    AuditEntry,
    Intent,
    IntentKind,
    IntentState,
    Note,
    OtherSellerRate,
    StoredAnswer,
    Task,
    TaskKind,
    User,
)

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # PostgreSQL keeps no NUL in a text
TEXT = st.text(LETTERS, max_size=12)
NAMES = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)
YEARS = (datetime(1990, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - Hypothesis adds the zone itself
INSTANTS = st.datetimes(YEARS[0], YEARS[1], timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WHOLE = st.integers(-(2**53), 2**53)
CURRENCIES = st.sampled_from(sorted(MINOR_DIGITS))
DECIMALS = st.decimals(-(10**6), 10**6, places=3)
STAYS = st.builds(lambda start, nights: StayDates(start, start + timedelta(days=nights)), DAYS, st.integers(1, 30))
PARTIES = st.builds(Party, st.integers(1, 12), st.lists(st.integers(0, 17), max_size=8).map(tuple))


def amounts(currencies: st.SearchStrategy[str] = CURRENCIES) -> st.SearchStrategy[Money]:
    return st.builds(Money.from_minor, st.integers(-(10**14), 10**14), currencies)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def tuples_of(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


PAIRS = tuples_of(st.tuples(TEXT, TEXT))
MAPPINGS = st.dictionaries(TEXT, TEXT, max_size=3)
TERMS = st.builds(CancellationTerms, maybe(st.integers(0, 60)), st.sampled_from(PenaltyBasis), DECIMALS, DECIMALS)


@st.composite
def nightly(draw: st.DrawFn) -> tuple[NightPrice, ...]:
    """A week of one currency most times; sometimes gaps, repeated nights and several currencies."""
    if draw(st.booleans()):
        return draw(tuples_of(st.builds(NightPrice, DAYS, amounts()), 5))
    first, currency = draw(DAYS), draw(CURRENCIES)
    prices = draw(st.lists(amounts(st.just(currency)), min_size=1, max_size=9))
    return tuple(NightPrice(first + timedelta(days=later), price) for later, price in enumerate(prices))


ALERTS = st.builds(
    Alert, st.sampled_from(AlertLevel), st.sampled_from(AlertCode), tuples_of(st.tuples(TEXT, TEXT | WHOLE))
)
CANDIDATES = st.builds(
    Candidate,
    room_type=TEXT,
    rate_plan=TEXT,
    rate_code=TEXT,
    board=TEXT,
    package=maybe(TEXT),
    nightly=nightly(),
    total=amounts(),
    available_rooms=WHOLE,
    availability=st.sampled_from(Availability),
    alerts=tuples_of(ALERTS),
    cancellation=TERMS,
    deposit=amounts(),
)
CHOICES = st.builds(
    Choice, WHOLE, st.sampled_from(ChoiceKind), CANDIDATES, tuples_of(st.builds(Upsell, TEXT, amounts()))
)
OFFERS = st.builds(
    Offer,
    offer_id=NAMES,
    hotel_id=TEXT,
    stay=STAYS,
    party=PARTIES,
    rooms=WHOLE,
    currency=CURRENCIES,
    language=TEXT,
    created_at=INSTANTS,
    valid_until=INSTANTS,
    actor=TEXT,
    choices=tuples_of(CHOICES),
    closed=tuples_of(st.builds(ClosedRoom, TEXT, maybe(TEXT), st.sampled_from(Availability), tuples_of(ALERTS))),
    alternatives=tuples_of(
        st.builds(
            Alternative, st.sampled_from(AlternativeKind), TEXT, STAYS, maybe(TEXT), maybe(TEXT), maybe(amounts())
        )
    ),
    call_id=maybe(TEXT),
    case_id=maybe(TEXT),
    promo=maybe(TEXT),
    promo_note=maybe(TEXT),
    purpose=maybe(TEXT),
    requests=tuples_of(TEXT),
    is_group=st.booleans(),
)


@st.composite
def reservations(draw: st.DrawFn) -> Reservation:
    money = amounts(st.just(draw(CURRENCIES)))
    return draw(
        st.builds(
            Reservation,
            reservation_id=NAMES,
            hotel_id=TEXT,
            state=st.sampled_from(ReservationState),
            stay=STAYS,
            party=PARTIES,
            rooms=WHOLE,
            room_type=TEXT,
            rate_plan=TEXT,
            rate_code=TEXT,
            board=TEXT,
            nightly=nightly(),
            total=money,
            deposit_due=money,
            paid=money,
            cancellation=TERMS,
            guest_id=TEXT,
            request_key=TEXT,
            external_ref=TEXT,
            created_at=INSTANTS,
            created_by=TEXT,
            pms_ref=maybe(TEXT),
            expires_at=maybe(INSTANTS),
            guarantee=maybe(st.sampled_from(Guarantee)),
            previous_state=maybe(st.sampled_from(ReservationState)),
            offer_id=maybe(TEXT),
            call_id=maybe(TEXT),
            case_id=maybe(TEXT),
            requests=tuples_of(TEXT),
            version=st.integers(1, 2**31),
        )
    )


HISTORY = st.builds(
    HistoryLine,
    INSTANTS,
    TEXT,
    TEXT,
    maybe(st.sampled_from(ReservationState)),
    maybe(st.sampled_from(ReservationState)),
    PAIRS,
)
IDENTITIES = st.builds(ChannelIdentity, st.sampled_from(IdentityKind), NAMES, TEXT)
GUESTS = st.builds(
    GuestProfile,
    guest_id=NAMES,
    given_name=TEXT,
    surname=NAMES,
    language=TEXT,
    nationality=TEXT,
    identities=st.lists(IDENTITIES, max_size=4, unique=True).map(tuple),
    created_at=INSTANTS,
    is_vip=st.booleans(),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kind = draw(st.sampled_from(CaseKind))
    lead = draw(st.sampled_from(LeadStatus)) if kind is CaseKind.SALES else None
    return Case(
        case_id=draw(NAMES),  # type: ignore[arg-type]  # ids are plain text at run time
        hotel_id=draw(TEXT),
        kind=kind,
        status=draw(st.sampled_from(CaseStatus)),
        channel=draw(TEXT),
        opened_at=draw(INSTANTS),
        opened_by=draw(TEXT),
        guest_id=draw(maybe(TEXT)),
        lead_status=lead,
        lost_reason=draw(NAMES) if lead is LeadStatus.LOST else None,
        due_on=draw(maybe(DAYS)),
    )


CALLS = st.builds(
    Call,
    call_id=NAMES,
    case_id=st.just("cas_000001"),
    hotel_id=TEXT,
    direction=st.sampled_from(Direction),
    actor=TEXT,
    started_at=INSTANTS,
    phone=maybe(TEXT),
    guest_id=maybe(TEXT),
    ended_at=maybe(INSTANTS),
    outcome=maybe(st.sampled_from(CallOutcome)),
    lost_reason=maybe(TEXT),
    due_on=maybe(DAYS),
)
INTENTS = st.builds(
    Intent,
    intent_id=NAMES,
    kind=st.sampled_from(IntentKind),
    state=st.sampled_from(IntentState),
    hotel_id=TEXT,
    actor=TEXT,
    request_key=TEXT,
    fingerprint=TEXT,
    external_ref=TEXT,
    command=TEXT,
    created_at=INSTANTS,
    deadline=INSTANTS,
    sent_at=maybe(INSTANTS),
    settled_at=maybe(INSTANTS),
    watch_until=maybe(INSTANTS),
    reservation_id=maybe(TEXT),
    guest_id=maybe(TEXT),
    pms_ref=maybe(TEXT),
    attempts=WHOLE,
    note=TEXT,
)
ANSWERS = st.builds(StoredAnswer, TEXT, TEXT, TEXT, TEXT, INSTANTS, INSTANTS, maybe(TEXT), maybe(TEXT), maybe(TEXT))
AUDIT = st.builds(AuditEntry, INSTANTS, TEXT, TEXT, TEXT, TEXT, MAPPINGS, tuples_of(TEXT), maybe(MAPPINGS), TEXT)
USERS = st.builds(User, NAMES, st.sampled_from(Role), INSTANTS)
RATES = st.builds(OtherSellerRate, st.just("BELEK1"), TEXT, DAYS, st.just("STD"), TEXT, amounts(), DAYS)
TASKS = st.builds(Task, NAMES, st.sampled_from(TaskKind), TEXT, INSTANTS, MAPPINGS, TEXT, maybe(INSTANTS))
NOTES = st.builds(Note, INSTANTS, TEXT, TEXT)
