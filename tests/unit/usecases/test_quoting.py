"""A quote says what sells, at what price, and which "no" for the rest."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.access import Actor, Role
from domain.availability import AlertCode, AlertLevel, Availability, Restriction, RestrictionKind
from domain.errors import DomainError, InvalidInput, NotFound
from domain.money import Money
from domain.offer import AlternativeKind
from integration.errors import PmsUnavailable
from integration.ports.records import OtherSellerRate
from integration.usecases.quote_stay import quote_stay
from integration.usecases.quote_view import offer_body, quote_body
from tests.builders import a_hotel
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import AGENT, ARRIVAL, a_wish, booked, quoted

ROOMS = ("STD", "STDSV", "FAM", "FAMSV", "JRS", "VILLA")


def rule(kind: RestrictionKind, unit: int | None = None, **over: object) -> Restriction:
    """A rule of the whole house around the arrival."""
    return replace(Restriction(kind, ARRIVAL, ARRIVAL + timedelta(days=6), unit), **over)  # type: ignore[arg-type]


def with_rules(*rules: Restriction) -> Office:
    """An office whose hotel has these rules."""
    office = an_office()
    office.pms.house(office.hotel).rules.extend(rules)
    return office


def test_two_or_three_choices_cheapest_first_and_each_once() -> None:
    offer = asyncio.run(quoted(an_office())).offer
    assert len(offer.choices) in {2, 3}
    totals = [choice.candidate.total.amount for choice in offer.choices]
    assert totals[0] == min(totals)
    shown = {(choice.candidate.room_type, choice.candidate.rate_plan) for choice in offer.choices}
    assert len(shown) == len(offer.choices)


def test_eighteen_room_and_plan_pairs_cost_one_rate_call_and_one_count_call() -> None:
    office = an_office()
    asyncio.run(quoted(office, nights=14))
    assert sorted(office.pms.asked) == ["read_rates", "read_room_counts"]


def test_the_sum_of_the_nights_is_the_total_for_all_rooms() -> None:
    offer = asyncio.run(quoted(an_office(), rooms=2)).offer
    for choice in offer.choices:
        nights = sum(night.price.amount for night in choice.candidate.nightly)
        assert nights == choice.candidate.total.amount


@pytest.mark.parametrize(
    ("kind", "unit", "level", "code", "state"),
    [
        (RestrictionKind.CLOSED, None, AlertLevel.RED, AlertCode.STOP_SALE, Availability.CLOSED),
        (RestrictionKind.CLOSED_TO_ARRIVAL, None, AlertLevel.RED, AlertCode.CLOSED_TO_ARRIVAL, Availability.RESTRICTED),
        (RestrictionKind.MIN_STAY, 10, AlertLevel.YELLOW, AlertCode.MIN_STAY, Availability.RESTRICTED),
        (RestrictionKind.MAX_STAY, 3, AlertLevel.YELLOW, AlertCode.MAX_STAY, Availability.RESTRICTED),
    ],
)
def test_a_restriction_is_told_by_its_own_colour_and_word(
    kind: RestrictionKind, unit: int | None, level: AlertLevel, code: AlertCode, state: Availability
) -> None:
    offer = asyncio.run(quoted(with_rules(rule(kind, unit)))).offer
    assert offer.choices == ()
    assert [room.room_type for room in offer.closed] == list(ROOMS)
    assert {(room.availability, room.alerts[0].level, room.alerts[0].code) for room in offer.closed} == {
        (state, level, code)
    }


def test_nothing_sellable_ends_with_ways_out_and_the_waiting_list_last() -> None:
    offer = asyncio.run(quoted(with_rules(rule(RestrictionKind.MIN_STAY, 10)))).offer
    assert offer.choices == ()
    assert (offer.alternatives[0].kind, offer.alternatives[0].stay.night_count) == (AlternativeKind.OTHER_DATES, 10)
    assert offer.alternatives[0].total is not None
    assert offer.alternatives[-1].kind is AlternativeKind.WAITLIST


def test_reasons_and_other_dates_are_asked_for_at_the_same_time() -> None:
    """Each of the two questions is answered only once both have been asked: one after the other would never end."""
    office = with_rules(rule(RestrictionKind.CLOSED))

    async def scene() -> None:
        both = asyncio.Barrier(2)
        restrictions, dates = office.pms.read_restrictions, office.pms.read_alternate_dates

        async def slow_restrictions(*asked: Any) -> Any:
            await both.wait()
            return await restrictions(*asked)

        async def slow_dates(*asked: Any) -> Any:
            await both.wait()
            return await dates(*asked)

        office.pms.read_restrictions = slow_restrictions  # type: ignore[method-assign, assignment]
        office.pms.read_alternate_dates = slow_dates  # type: ignore[method-assign, assignment]
        offer = (await asyncio.wait_for(quoted(office), 10)).offer
        assert offer.alternatives[-1].kind is AlternativeKind.WAITLIST

    asyncio.run(scene())


def test_a_room_that_only_our_hold_keeps_is_said_to_be_held() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        house = office.pms.house(office.hotel)
        for offset in range(7):
            house.stock[held["room_type"], ARRIVAL + timedelta(days=offset)] = 1
        offer = (await quoted(office)).offer
        closed = next(room for room in offer.closed if room.room_type == held["room_type"])
        assert (closed.availability, closed.alerts[0].code) == (Availability.HELD, AlertCode.HELD)

    asyncio.run(scene())


def test_a_sold_out_room_is_sold_and_the_others_still_sell() -> None:
    office = an_office()
    office.pms.house(office.hotel).stock["STD", ARRIVAL] = 0
    offer = asyncio.run(quoted(office)).offer
    assert [(room.room_type, room.availability) for room in offer.closed] == [("STD", Availability.SOLD)]
    assert offer.choices


def test_few_rooms_left_are_yellow() -> None:
    office = an_office()
    office.pms.house(office.hotel).stock["STD", ARRIVAL] = office.hotel.rules.few_left
    offer = asyncio.run(quoted(office, room_type="STD")).offer
    assert {alert.code for choice in offer.choices for alert in choice.candidate.alerts} == {AlertCode.FEW_LEFT}


def test_a_party_too_large_for_a_room_is_red_for_it() -> None:
    offer = asyncio.run(quoted(an_office(), adults=4, child_ages=())).offer
    closed = {room.room_type: room.alerts[0].code for room in offer.closed}
    assert closed["STD"] is AlertCode.OVER_OCCUPANCY


def test_more_rooms_than_the_group_size_become_a_group_lead_without_a_price() -> None:
    office = an_office()
    offer = asyncio.run(quoted(office, rooms=office.hotel.rules.group_rooms + 1)).offer
    tasks = asyncio.run(office.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=9)))
    assert (offer.is_group, offer.choices, [task.kind.value for task in tasks]) == (True, (), ["group"])
    assert office.pms.asked == []


@pytest.mark.parametrize(
    ("promo", "note"), [("EARLY10", "valid"), ("early10", "valid"), ("NEVER", "unknown"), (None, None)]
)
def test_a_promo_code_is_checked(promo: str | None, note: str | None) -> None:
    assert asyncio.run(quoted(an_office(), promo=promo)).offer.promo_note == note


def test_a_promo_code_outside_its_days_says_so_and_is_not_sent() -> None:
    office = an_office()
    plain = asyncio.run(quoted(office, check_in=date(2027, 10, 20))).offer
    offer = asyncio.run(quoted(office, check_in=date(2027, 10, 20), promo="EARLY10")).offer
    assert offer.promo_note == "not_for_these_dates"
    assert offer.choices[0].candidate.total == plain.choices[0].candidate.total


def test_other_sellers_prices_are_beside_the_offer_and_never_in_it() -> None:
    office = an_office()
    rate = OtherSellerRate(
        office.hotel.hotel_id, "SomeOta", ARRIVAL, "STD", "UAI", Money.of("199.00", "EUR"), date(2027, 5, 1)
    )

    async def scene() -> None:
        await office.desk.store.transact(lambda tx: tx.put_other_seller_rates([rate]))
        quote = await quoted(office)
        assert [one["seller"] for one in quote_body(office.desk, quote, AGENT)["house_only"]] == ["SomeOta"]
        guest_facing = offer_body(office.desk, quote.offer)
        assert "house_only" not in guest_facing
        assert "SomeOta" not in str(guest_facing)

    asyncio.run(scene())


def test_a_pms_that_cannot_be_read_is_an_error_and_nothing_is_stored() -> None:
    office = an_office()
    office.pms.fail_next("read_rates", PmsUnavailable("down"))
    with pytest.raises(PmsUnavailable):
        asyncio.run(quoted(office))
    assert asyncio.run(office.desk.store.read(lambda tx: tx.list_offers(None, None, 9))) == []


@pytest.mark.parametrize(
    ("over", "kind", "field"),
    [
        ({"check_in": date(2027, 4, 30)}, InvalidInput, "check_in"),
        ({"nights": 0}, InvalidInput, "nights"),
        ({"nights": 400}, InvalidInput, "nights"),
        ({"nights": 10**9}, InvalidInput, "nights"),
        ({"adults": 0}, InvalidInput, "adults"),
        ({"child_ages": (25,)}, InvalidInput, "child_ages"),
        ({"child_ages": (-1,)}, InvalidInput, "child_ages"),
        ({"rooms": 0}, InvalidInput, "rooms"),
        ({"currency": "XXX"}, InvalidInput, "currency"),
        ({"purpose": "nothing"}, InvalidInput, "purpose"),
        ({"hotel_id": "NOWHERE"}, NotFound, "hotel"),
        ({"room_type": "CAVE"}, NotFound, ""),
        ({"rate_plan": "FREE"}, NotFound, ""),
        ({"board": "XX"}, NotFound, "board"),
        ({"call_id": "cal_none"}, NotFound, "call"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(
    over: dict[str, object], kind: type[DomainError], field: str
) -> None:
    with pytest.raises(kind) as refusal:
        asyncio.run(quoted(an_office(), **over))
    assert refusal.value.field == field
    assert str(refusal.value).endswith(".")


def test_the_home_market_is_quoted_in_its_own_currency() -> None:
    offer = asyncio.run(quoted(an_office(), market="TR")).offer
    assert {choice.candidate.total.currency for choice in offer.choices} == {"TRY"}


def test_a_second_hotel_must_be_named() -> None:
    office = an_office()
    both = {"BELEK1": office.hotel, "SIDE1": a_hotel(hotel_id="SIDE1")}
    desk = replace(office.desk, hotels=both)
    with pytest.raises(InvalidInput):
        asyncio.run(quote_stay(desk, Actor("a", Role.OPERATOR), a_wish()))
