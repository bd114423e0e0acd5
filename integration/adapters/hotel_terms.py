"""From the hotel file to the terms the rules work with.

`scenarios` knows the file, `domain` the terms; this is the one place that knows both. A state the file reads "by
guarantee" or "not ours" has no meaning of its own here and is left out of `PmsTerms.states`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

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
from domain.rates import Board, CancellationTerms, DepositRule, Package, PenaltyBasis, RatePlan, RoomType
from domain.reservation import Guarantee, ReservationState
from scenarios.schema import hotel as file
from scenarios.schema import rates, selling, settings
from scenarios.schema.types import Labels, Period

LANGUAGES = ("tr", "en", "de", "ru")
HORIZON = timedelta(days=3 * 366)
_READ = {
    "by_reason": ReservationState.CANCELLED,
    "in_house": ReservationState.IN_HOUSE,
    "checked_out": ReservationState.CHECKED_OUT,
    "no_show": ReservationState.NO_SHOW,
}


def terms_of(hotel: file.Hotel, set_up_on: date) -> HotelTerms:
    """The terms of a checked hotel file. `set_up_on`: the hotel's first day with us; campaigns count from it."""
    facts = hotel.hotel
    return HotelTerms(
        hotel_id=facts.id,
        name=facts.name,
        zone=ZoneInfo(facts.time_zone),
        currency=facts.currency,
        home_currency=facts.home_currency,
        home_market=facts.home_market,
        languages=tuple(facts.languages),
        sister_hotels=tuple(facts.sisters),
        rules=_rules(hotel.settings),
        pms=_pms(hotel),
        room_types={room.code: _room(room, rank) for rank, room in enumerate(hotel.room_types, 1)},
        rate_plans={plan.code: _plan(plan) for plan in hotel.rate_plans},
        packages={one.code: Package(one.code, one.name.en, texts(one.name)) for one in hotel.packages},
        default_deposit=_deposit(hotel.settings.deposit),
        lost_reasons={
            one.code: LostReason(one.code, one.pms_code, one.kind == "denial", texts(one.labels))
            for one in hotel.lost_reasons
        },
        requests={
            one.code: SpecialRequest(one.code, texts(one.labels), one.sensitivity == "special")
            for one in hotel.special_requests
        },
        upsells=(
            *(_package_offered(one) for one in hotel.packages if not one.included),
            *(_upsell(one) for one in hotel.upsells if one.kind != "room_upgrade"),
        ),
        promotions={one.code: tuple(_promotions(one, set_up_on)) for one in hotel.promotions},
        script=tuple(
            ScriptLine(line.step, language, text)
            for line in hotel.scripts
            for language, text in texts(line.text).items()
        ),
        purposes=tuple(one.code for one in hotel.purposes),
        notice_version=hotel.channels.notice_version,
        notice_url=hotel.channels.notice_url,
        escalate_to=hotel.sla.notify,
    )


def texts(labels: Labels) -> dict[str, str]:
    """Labels by language."""
    return {language: labels.get(language) for language in LANGUAGES}


def _rules(rules: settings.Settings) -> SellingRules:
    return SellingRules(
        hold=rules.hold,
        option=rules.option,
        quote_valid=rules.quote_valid,
        arrival_cut_off=rules.arrival_cutoff,
        group_rooms=rules.group_rooms,
        settle=rules.settle,
        max_live_holds=rules.max_live_holds_per_agent,
        few_left=rules.low_availability,
        max_nights=rules.max_nights,
        alternate_days=rules.alternates_days,
        rollback_supervisor_above=rules.rollback_supervisor_above,
        join_window=rules.join_window,
    )


def _pms(hotel: file.Hotel) -> PmsTerms:
    mapping, codes = hotel.status_mapping, hotel.codes
    phone = next((one.code for one in codes.sources if "phone" in one.channels), codes.sources[0].code)
    guarantees: dict[ReservationState | Guarantee, str] = {
        ReservationState.HOLD: mapping.hold,
        ReservationState.OPTION: mapping.option,
        **{kind: getattr(mapping.confirmed, kind.value) for kind in Guarantee},
    }
    return PmsTerms(
        pms_hotel_id=hotel.pms.hotel_id,
        system_code=hotel.pms.system_code,
        share_per_second=float(hotel.pms.requests_per_second),
        burst=hotel.pms.burst,
        market_code=codes.markets[0].code,
        source_code=phone,
        payment_method=codes.payment_methods[0].pms_code,
        comment_type=codes.comment_types[0].code,
        guarantee_codes=guarantees,
        cancel_codes={reason: getattr(mapping.cancelled, reason.value) for reason in CancelReason},
        states={word: _READ[meaning] for word, meaning in mapping.read.items() if meaning in _READ},
        payment_methods={one.code: one.pms_code for one in codes.payment_methods},
        market_codes={
            code: plan.market_codes[currency]
            for plan in hotel.rate_plans
            for currency, code in plan.codes.items()
            if currency in plan.market_codes
        },
    )


def _room(room: rates.RoomType, rank: int) -> RoomType:
    return RoomType(
        room.code,
        room.name.en,
        rank,
        room.max_adults,
        room.max_children,
        room.max_occupancy,
        room.rooms,
        texts(room.name),
    )


def _plan(plan: rates.RatePlan) -> RatePlan:
    return RatePlan(
        code=plan.code,
        name=plan.name.en,
        board=Board(plan.board),
        cancellation=_terms(plan.cancellation),
        deposit=_deposit(plan.deposit) if plan.deposit else None,
        pms_codes=tuple(plan.codes.items()),
        package=plan.packages[0] if plan.packages else None,
        labels=texts(plan.name),
    )


def _terms(terms: rates.Cancellation) -> CancellationTerms:
    by_nights = terms.penalty_nights is not None
    value = Decimal(terms.penalty_nights or 0) if by_nights else terms.penalty_percent or Decimal(0)
    return CancellationTerms(
        terms.free_until_days if terms.refundable else None,
        PenaltyBasis.NIGHTS if by_nights else PenaltyBasis.PERCENT,
        value,
        terms.no_show_percent,
    )


def _deposit(deposit: settings.Deposit) -> DepositRule:
    return DepositRule(deposit.percent, deposit.nights)


def _upsell(one: selling.Upsell) -> UpsellItem:
    prices = {str(currency): amount for currency, amount in one.prices.items()}
    return UpsellItem(one.code, texts(one.labels), UpsellPer(one.per), prices, purposes=tuple(one.purposes))


def _package_offered(one: rates.Package) -> UpsellItem:
    """A package that can be added to a plan, as something to offer."""
    per = UpsellPer.NIGHT if one.rhythm == "every_night" else UpsellPer.STAY
    prices = {str(currency): amount for currency, amount in one.prices.items()}
    return UpsellItem(f"PACKAGE:{one.code}", texts(one.name), per, prices, tuple(one.rate_plans), tuple(one.purposes))


def _promotions(one: selling.Promotion, set_up_on: date) -> Iterator[Promotion]:
    """One for each period within the horizon; without stay days it is good for any."""
    first, last = set_up_on, set_up_on + HORIZON
    until = set_up_on + timedelta(days=one.sell_days) if one.sell_days is not None else None
    spans = [(first - HORIZON, last)]
    if one.start is not None and one.end is not None:
        spans = list(Period(start=one.start, end=one.end).occurrences(first - timedelta(days=366), last))
    for start, end in spans:
        yield Promotion(one.code, one.name.en, tuple(one.rate_plans), one.percent, start, end, until)
