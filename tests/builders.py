"""Builders: the value a test needs, with only what matters to it spelt out.

`a_hotel(room_types={})`, `a_reservation(state=ReservationState.OPTION)`: every keyword replaces one field of a
believable default. The house is BELEK1 with 266 rooms; the stay is 7 nights from 10 July 2027 for two adults; now is
1 May 2027, 09:00 UTC.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.access import Actor, Role
from domain.availability import Availability
from domain.case import Call, CallId, Case, CaseId, CaseKind, CaseStatus, Direction, LeadStatus
from domain.deadlines import hold_deadline
from domain.guest import ChannelIdentity, GuestId, GuestProfile, IdentityKind
from domain.hotel import (
    CancelReason,
    HotelTerms,
    LostReason,
    PmsTerms,
    Promotion,
    ScriptLine,
    SellingRules,
    SpecialRequest,
    UpsellItem,
    UpsellPer,
)
from domain.money import Money
from domain.offer import Candidate, Choice, ChoiceKind, Offer, OfferId
from domain.rates import (
    Board,
    CancellationTerms,
    DepositRule,
    NightPrice,
    Package,
    PenaltyBasis,
    RatePlan,
    RoomType,
)
from domain.reservation import Guarantee, PmsRef, Reservation, ReservationId, ReservationState
from domain.stay import Party, StayDates
from tests.fakes.surroundings import NOW

ISTANBUL = ZoneInfo("Europe/Istanbul")
ARRIVAL = date(2027, 7, 10)
_STATES = {
    "Reserved": ReservationState.CONFIRMED,
    "Cancelled": ReservationState.CANCELLED,
    "NoShow": ReservationState.NO_SHOW,
    "InHouse": ReservationState.IN_HOUSE,
    "CheckedOut": ReservationState.CHECKED_OUT,
}


def eur(amount: str | int) -> Money:
    """Euros."""
    return Money.of(amount, "EUR")


def lira(amount: str | int) -> Money:
    """Turkish lira."""
    return Money.of(amount, "TRY")


def a_stay(check_in: date = ARRIVAL, nights: int = 7) -> StayDates:
    """Nights from an arrival."""
    return StayDates.of_nights(check_in, nights)


def a_party(adults: int = 2, *child_ages: int) -> Party:
    """Adults, then the children's ages."""
    return Party(adults, child_ages)


def night_prices(stay: StayDates | None = None, price: Money | None = None) -> tuple[NightPrice, ...]:
    """The same price for every night."""
    return tuple(NightPrice(night, price or eur("200.00")) for night in (stay or a_stay()).nights())


def flexible_terms(**over: Any) -> CancellationTerms:
    """Free until 3 days before arrival, then one night."""
    return replace(CancellationTerms(3, PenaltyBasis.NIGHTS, Decimal(1)), **over)


def strict_terms(**over: Any) -> CancellationTerms:
    """Never free: the whole stay."""
    return replace(CancellationTerms(None, PenaltyBasis.PERCENT, Decimal(100)), **over)


def a_room_type(code: str = "STD", **over: Any) -> RoomType:
    """A room for two adults and a child."""
    return replace(RoomType(code, "Standard Room", 1, 2, 1, 3, 20), **over)


def a_rate_plan(code: str = "UAI-FLEX", **over: Any) -> RatePlan:
    """A plan sold in EUR and, under its twin code, in TRY."""
    codes = (("EUR", code), ("TRY", f"{code}-TR"))
    plan = RatePlan(code, "Ultra All Inclusive, flexible", Board.ULTRA_ALL_INCLUSIVE, flexible_terms(), None, codes)
    return replace(plan, **over)


def _room_types() -> dict[str, RoomType]:
    rows = [
        RoomType("STD", "Standard Room", 1, 2, 1, 3, 120),
        RoomType("STDSV", "Standard Room Sea View", 2, 2, 1, 3, 60),
        RoomType("FAM", "Family Room", 3, 4, 3, 5, 50),
        RoomType("FAMSV", "Family Room Sea View", 4, 4, 3, 5, 20),
        RoomType("JRS", "Junior Suite", 5, 3, 2, 4, 12),
        RoomType("VILLA", "Villa with Pool", 6, 6, 4, 8, 4),
    ]
    return {row.code: row for row in rows}


def _rate_plans() -> dict[str, RatePlan]:
    rows = [
        a_rate_plan("UAI-FLEX"),
        a_rate_plan("UAI-NREF", name="Ultra All Inclusive, best price", cancellation=strict_terms()),
        a_rate_plan("HB-FLEX", name="Half Board, flexible", board=Board.HALF_BOARD),
    ]
    return {row.code: row for row in rows}


def selling_rules(**over: Any) -> SellingRules:
    """The contract's defaults."""
    rules = SellingRules(
        hold=timedelta(minutes=15),
        option=timedelta(hours=24),
        quote_valid=timedelta(minutes=30),
        arrival_cut_off=time(18, 0),
        group_rooms=5,
        settle=timedelta(seconds=90),
        max_live_holds=5,
        few_left=3,
        max_nights=30,
        alternate_days=7,
    )
    return replace(rules, **over)


def pms_terms(**over: Any) -> PmsTerms:
    """How BELEK1 is known to its PMS."""
    terms = PmsTerms(
        pms_hotel_id="BELEK1",
        system_code="SANTRAL",
        share_per_second=15.0,
        burst=20,
        market_code="DIRECT",
        source_code="CALL",
        payment_method="CASH",
        payment_methods={"cash": "CASH", "transfer": "TRANSFER", "link": "LINK"},
        comment_type="GEN",
        guarantee_codes={
            ReservationState.HOLD: "HOLD",
            ReservationState.OPTION: "OPT",
            Guarantee.DEPOSIT: "PAID",
            Guarantee.CARD: "CARD",
            Guarantee.AGENCY: "AGENCY",
            Guarantee.COMPANY: "COMPANY",
        },
        cancel_codes={
            CancelReason.GUEST: "GUEST",
            CancelReason.HOLD_EXPIRED: "HOLDEXP",
            CancelReason.OPTION_EXPIRED: "OPTEXP",
            CancelReason.ROLLED_BACK: "ROLLBACK",
            CancelReason.PRICE_CHANGED: "PRICE",
            CancelReason.NO_SHOW: "NOSHOW",
            CancelReason.DUPLICATE: "DUPL",
        },
        states=_STATES,
    )
    return replace(terms, **over)


def _labels(turkish: str, english: str) -> dict[str, str]:
    return {"tr": turkish, "en": english, "de": english, "ru": english}


def a_hotel(**over: Any) -> HotelTerms:
    """BELEK1: six room types, three plans in EUR and TRY. Any field of `HotelTerms` can be replaced."""
    hotel = HotelTerms(
        hotel_id="BELEK1",
        name="Belek Demo Resort",
        zone=ISTANBUL,
        currency="EUR",
        home_currency="TRY",
        home_market="TR",
        languages=("tr", "en", "de", "ru"),
        sister_hotels=("SIDE1", "KEMER1"),
        rules=selling_rules(),
        pms=pms_terms(),
        room_types=_room_types(),
        rate_plans=_rate_plans(),
        packages={"HONEY": Package("HONEY", "Honeymoon")},
        default_deposit=DepositRule(nights=1),
        lost_reasons={
            "price": LostReason("price", "PRICE", is_denial=False, labels=_labels("Fiyat", "Price")),
            "no_availability": LostReason(
                "no_availability", "SOLDOUT", is_denial=True, labels=_labels("Yer yok", "Full")
            ),
        },
        requests={
            "late_check_in": SpecialRequest("late_check_in", _labels("Geç giriş", "Late check-in")),
            "allergy": SpecialRequest("allergy", _labels("Alerji", "Allergy"), special=True),
        },
        upsells=(
            UpsellItem("transfer", _labels("Transfer", "Transfer"), UpsellPer.STAY, {"EUR": Decimal(60)}),
            UpsellItem("spa", _labels("Spa", "Spa"), UpsellPer.PERSON, {"EUR": Decimal(45)}),
        ),
        promotions={
            "EARLY10": (
                Promotion("EARLY10", "Early booking", ("UAI-FLEX",), Decimal(10), date(2027, 6, 1), date(2027, 9, 30)),
            )
        },
        script=(ScriptLine("offer", "en", "The {room_type} for {nights} nights is {total}."),),
        purposes=("family_holiday", "honeymoon", "business"),
    )
    return replace(hotel, **over)


def a_guest(**over: Any) -> GuestProfile:
    """Ayşe Yılmaz, known by telephone and e-mail."""
    guest = GuestProfile(
        guest_id=GuestId("gst_000001"),
        given_name="Ayşe",
        surname="Yılmaz",
        language="tr",
        nationality="TR",
        identities=(
            ChannelIdentity(IdentityKind.PHONE, "+905321112233"),
            ChannelIdentity(IdentityKind.EMAIL, "ayse@example.com"),
        ),
        created_at=NOW,
    )
    return replace(guest, **over)


def a_candidate(room_type: str = "STD", rate_plan: str = "UAI-FLEX", price: str = "200.00", **over: Any) -> Candidate:
    """A free room at a price per night for the default stay."""
    nightly = night_prices(price=eur(price))
    candidate = Candidate(
        room_type=room_type,
        rate_plan=rate_plan,
        rate_code=rate_plan,
        board="UAI",
        package=None,
        nightly=nightly,
        total=eur(price).times(len(nightly)),
        available_rooms=12,
        availability=Availability.FREE,
        alerts=(),
        cancellation=flexible_terms(),
        deposit=eur(price),
    )
    return replace(candidate, **over)


def an_offer(**over: Any) -> Offer:
    """Two choices, valid for 30 minutes from now."""
    offer = Offer(
        offer_id=OfferId("off_000001"),
        hotel_id="BELEK1",
        stay=a_stay(),
        party=a_party(),
        rooms=1,
        currency="EUR",
        language="en",
        created_at=NOW,
        valid_until=NOW + timedelta(minutes=30),
        actor="agent7",
        choices=(
            Choice(1, ChoiceKind.CHEAPEST, a_candidate("STD", "UAI-NREF", "180.00", cancellation=strict_terms())),
            Choice(2, ChoiceKind.BEST_FIT, a_candidate("STDSV", "UAI-FLEX", "230.00")),
        ),
    )
    return replace(offer, **over)


def a_reservation(**over: Any) -> Reservation:
    """A live hold of one standard room, known to the PMS. Give `state=` (and `expires_at=`) for others."""
    state: ReservationState = over.get("state", ReservationState.HOLD)
    timed = state in {ReservationState.HOLD, ReservationState.OPTION}
    nightly: tuple[NightPrice, ...] = over.get("nightly") or night_prices(over.get("stay"))
    total = sum((one.price for one in nightly[1:]), nightly[0].price)
    reservation = Reservation(
        reservation_id=ReservationId("res_000001"),
        hotel_id="BELEK1",
        state=state,
        stay=a_stay(),
        party=a_party(),
        rooms=1,
        room_type="STD",
        rate_plan="UAI-FLEX",
        rate_code="UAI-FLEX",
        board="UAI",
        nightly=nightly,
        total=total,
        deposit_due=nightly[0].price,
        paid=Money.zero(total.currency),
        cancellation=flexible_terms(),
        guest_id=GuestId("gst_000001"),
        request_key="key-1",
        external_ref="SX-000001",
        created_at=NOW,
        created_by="agent7",
        pms_ref=PmsRef("100001"),
        expires_at=hold_deadline(NOW, timedelta(minutes=15)) if timed else None,
    )
    return replace(reservation, **over)


def a_case(**over: Any) -> Case:
    """An open sales case of a call, its lead open."""
    case = Case(
        case_id=CaseId("cas_000001"),
        hotel_id="BELEK1",
        kind=CaseKind.SALES,
        status=CaseStatus.OPEN,
        channel="phone",
        opened_at=NOW,
        opened_by="agent7",
        lead_status=LeadStatus.OPEN,
    )
    return replace(case, **over)


def a_call(**over: Any) -> Call:
    """An open inbound call of agent7."""
    call = Call(
        call_id=CallId("cal_000001"),
        case_id=CaseId("cas_000001"),
        hotel_id="BELEK1",
        direction=Direction.IN,
        actor="agent7",
        started_at=NOW,
        phone="+905321112233",
    )
    return replace(call, **over)


def an_actor(role: Role = Role.OPERATOR, name: str = "agent7", via: str = "cli") -> Actor:
    """An agent; `role=Role.ADMIN` for who may do everything."""
    return Actor(name, role, via)


def minutes_later(minutes: float, start: datetime = NOW) -> datetime:
    """An instant some minutes after now."""
    return start + timedelta(minutes=minutes)
