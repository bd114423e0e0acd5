"""From the PMS's words to ours, every direction, and what is odd in them."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.availability import Restriction, RestrictionKind
from domain.reservation import PmsRef
from integration.adapters.ohip import mapping, mapping_bookings, mapping_profiles, mapping_rates, wire
from integration.adapters.ohip.wire_bookings import BOOKING, BOOKINGS, DEPOSITS
from integration.adapters.ohip.wire_profiles import PROFILE, PROFILE_TO_CHANGE, PROFILES
from integration.errors import PmsProtocolError
from integration.ports.pms import (
    BookingSearch,
    ProfileSearch,
    RateAnswer,
    RateQuestion,
    RateState,
    RoomRate,
    UnreadableBooking,
)
from tests.builders import a_hotel, a_party, a_stay, eur, lira
from tests.unit.ohip.jumping import run_jumping
from tests.unit.ohip.scripted import a_reply, a_rig

HOTEL = a_hotel()
STAY = a_stay(nights=3)
QUESTION = RateQuestion(STAY, a_party(2, 6), 1, ("UAI-FLEX",))


def a_total(before: float | None = None, after: float | None = None, currency: str | None = "EUR") -> dict[str, Any]:
    pairs = {"amountBeforeTax": before, "amountAfterTax": after, "currencyCode": currency}
    return {name: value for name, value in pairs.items() if value is not None}


def a_rate(start: str, end: str | None = None, **amounts: Any) -> dict[str, Any]:
    return {"start": start, "end": end or start, **amounts}


def answer(*rates: dict[str, Any], question: RateQuestion = QUESTION, **segment: Any) -> RateAnswer:
    body = {"hotelAvailability": [{"roomStays": [{"roomRates": list(rates)}], **segment}]}
    return mapping_rates.rate_answer(HOTEL, question, [wire.AVAILABILITY.decode(json.dumps(body))])


def priced(
    total: dict[str, Any] | None, *rates: dict[str, Any], question: RateQuestion = QUESTION, **more: Any
) -> RoomRate:
    rate = {
        "roomType": "FAM",
        "ratePlanCode": "UAI-FLEX",
        "availability": "Available",
        "rates": {"rate": list(rates)},
        **more,
    }
    if total is not None:
        rate["total"] = total
    return answer(rate, question=question).room_rates[0]


def amounts(rate: RoomRate) -> list[str]:
    return [str(one.price.amount) for one in rate.nightly]


# ---- prices


def test_the_price_after_tax_is_the_price() -> None:
    rates = [a_rate(f"2027-07-{day}", base=a_total(357.14, 400.0)) for day in (10, 11, 12)]
    rate = priced(a_total(1071.42, 1200.0), *rates)
    assert (amounts(rate), rate.total) == (["400.00"] * 3, eur(1200))


def test_without_one_the_price_before_tax_holds_the_taxes() -> None:
    rate = priced(a_total(1200.0), a_rate("2027-07-10", "2027-07-12", base=a_total(400.0)))
    assert (amounts(rate), rate.total) == (["400.00"] * 3, eur(1200))


def test_amounts_are_read_digit_by_digit() -> None:
    body = b'{"amountAfterTax": 1234567.89}'
    assert msgspec.json.decode(body, type=wire.Total).amount_after_tax == Decimal("1234567.89")


def test_a_nights_total_with_extras_goes_before_its_base() -> None:
    nights = [a_rate("2027-07-10", base=a_total(None, 400), total=a_total(None, 520))]
    nights += [a_rate(f"2027-07-{day}", base=a_total(None, 400)) for day in (11, 12)]
    assert amounts(priced(a_total(None, 1320), *nights)) == ["520.00", "400.00", "400.00"]


def test_nights_that_do_not_add_up_are_stretched_to_the_total_the_guest_pays() -> None:
    rate = priced(a_total(None, 1000.0), a_rate("2027-07-10", "2027-07-12", base=a_total(300.0)))
    assert rate.total == eur(1000)
    assert amounts(rate) == ["333.33", "333.33", "333.34"]


def test_a_total_for_all_rooms_is_not_taken_for_one_rooms() -> None:
    question = RateQuestion(STAY, a_party(), 2, ("UAI-FLEX",))
    rate = priced(a_total(None, 1800.0), a_rate("2027-07-10", "2027-07-12", base=a_total(300.0)), question=question)
    assert (amounts(rate), rate.total) == (["300.00"] * 3, eur(900))


def test_a_rate_with_a_night_missing_has_no_price() -> None:
    rate = priced(a_total(None, 800), a_rate("2027-07-10", "2027-07-11", base=a_total(400.0)))
    assert (rate.nightly, rate.total) == ((), None)


def test_one_night_can_be_priced_by_the_total_alone() -> None:
    question = RateQuestion(a_stay(nights=1), a_party(), 1, ("UAI-FLEX",))
    assert amounts(priced(a_total(None, 410.5), question=question)) == ["410.50"]


@pytest.mark.parametrize(
    ("code", "named", "currency"), [("UAI-FLEX", "TRY", "TRY"), ("UAI-FLEX-TR", None, "TRY"), ("OTHER", None, "EUR")]
)
def test_the_currency_is_the_named_one_else_the_rate_codes_else_the_hotels(
    code: str, named: str | None, currency: str
) -> None:
    rate = priced(None, a_rate("2027-07-10", "2027-07-12", base=a_total(400.0, currency=named)), ratePlanCode=code)
    assert rate.total is not None
    assert rate.total.currency == currency


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Available", RateState.AVAILABLE),
        ("Restricted", RateState.RESTRICTED),
        ("RestrictedDueToInventory", RateState.NO_INVENTORY),
        ("RestrictedDueToOccupancy", RateState.OVER_OCCUPANCY),
        ("RestrictedDueToItemInventory", RateState.NO_ITEM),
        ("SomethingNew", RateState.RESTRICTED),
        ("", RateState.RESTRICTED),
    ],
)
def test_every_word_of_availability_has_its_state_and_an_unknown_one_does_not_sell(word: str, state: str) -> None:
    assert answer({"roomType": "STD", "ratePlanCode": "X", "availability": word}).room_rates[0].state == state


def test_a_row_that_cannot_be_read_says_its_number_and_whose_it_is_as_far_as_it_can() -> None:
    hotel = a_hotel()
    ours = [{"id": "SNT-1", "idContext": hotel.pms.system_code}]
    odd = {"roomStay": {"arrivalDate": "soon"}, "reservationIdList": [{"id": "77", "type": "Reservation"}]}
    rows = [
        {**odd, "externalReferences": ours},
        {**odd, "externalReferences": [{"id": "X", "idContext": "OTA"}]},
        {**odd, "externalReferences": [{"id": None}]},
        {"reservationIdList": 5, "externalReferences": 5},
    ]
    found = [
        mapping_bookings.row_of(hotel, msgspec.Raw(json.dumps(row).encode()), place)
        for place, row in enumerate(rows, 1)
    ]
    assert found == [
        UnreadableBooking(1, PmsRef("77"), ("SNT-1",)),
        None,
        UnreadableBooking(3, PmsRef("77")),
        UnreadableBooking(4, None),
    ]


def test_a_closed_house_is_told() -> None:
    assert answer(closed=True).house_closed
    assert not answer().house_closed


@given(
    st.lists(st.decimals(0, 5000, places=2), min_size=3, max_size=3),
    st.decimals(0, 20000, places=2),
)
def test_nights_always_add_up_to_the_total(prices: list[Decimal], whole: Decimal) -> None:
    nights = [
        wire.Rate(day, day, wire.Total(amount_after_tax=price, currency_code="EUR"))
        for day, price in zip(STAY.nights(), prices, strict=True)
    ]
    rate = wire.RoomRate(
        "FAM", "UAI-FLEX", "Available", 1, wire.Total(amount_after_tax=whole), wire.Rates(tuple(nights))
    )
    page = wire.Availability((wire.AvailabilitySegment((wire.RoomStayOffer((rate,)),)),))
    found = mapping_rates.rate_answer(HOTEL, QUESTION, [page]).room_rates[0]
    assert sum((one.price.amount for one in found.nightly), Decimal(0)) == whole
    assert found.total == eur(str(whole))


def test_pages_of_rates_are_followed_and_asked_for_all_at_once() -> None:
    def page(room: str, **more: Any) -> Any:
        rate = {"roomType": room, "ratePlanCode": "UAI-FLEX"}
        return a_reply(200, {"hotelAvailability": [{"roomStays": [{"roomRates": [rate]}], **more}]})

    rig = a_rig(page("STD", hasMore=True, pagingKey="a b"), page("FAM"))
    question = RateQuestion(STAY, a_party(2, 6, 3), 2, ("UAI-FLEX", "HB+"), ("STD",), "EARLY10")
    found = run_jumping(lambda: rig.pms.read_rates(HOTEL, question))
    assert [rate.room_type for rate in found.room_rates] == ["STD", "FAM"]
    first, second = (request.path for request in rig.transport.sent)
    assert second == first + "&pagePointerKey=a%20b"
    for part in (
        "roomStayStartDate=2027-07-10&roomStayEndDate=2027-07-13", "roomStayQuantity=2", "adults=2&children=2",
        "childAge=6&childAge=3", "ratePlanCode=UAI-FLEX&ratePlanCode=HB%2B", "roomType=STD", "promotionCode=EARLY10",
        "includeClosedRates=true", "returnOnlyAvailableRateCodes=false", "limit=200",
    ):  # fmt: skip
        assert part in first


def test_a_list_of_rates_without_an_end_is_given_up() -> None:
    rig = a_rig(a_reply(200, {"hotelAvailability": [{"hasMore": True, "pagingKey": "again"}]}))
    with pytest.raises(PmsProtocolError):
        run_jumping(lambda: rig.pms.read_rates(HOTEL, QUESTION))
    assert len(rig.transport.sent) == 2


def test_a_price_in_a_currency_the_house_does_not_know_makes_no_sense() -> None:
    rate = {
        "ratePlanCode": "X",
        "rates": {"rate": [a_rate("2027-07-10", "2027-07-12", base=a_total(1, currency="XXX"))]},
    }
    rig = a_rig(a_reply(200, {"hotelAvailability": [{"roomStays": [{"roomRates": [rate]}]}]}))
    with pytest.raises(PmsProtocolError):
        run_jumping(lambda: rig.pms.read_rates(HOTEL, QUESTION))


# ---- counts


def test_counts_are_by_night_never_below_zero_and_ranges_are_spread() -> None:
    counts = [
        {"startDate": "2027-07-10", "endDate": "2027-07-10", "availableCount": 5},
        {"startDate": "2027-07-11", "endDate": "2027-07-20", "availableCount": -2},
    ]
    body = {"hotelInventories": [{"roomTypeInventories": [{"code": "FAM", "inventoryCounts": counts}]}]}
    found = mapping.room_counts(wire.INVENTORY.decode(json.dumps(body)), STAY)
    assert found.available == {
        ("FAM", date(2027, 7, 10)): 5, ("FAM", date(2027, 7, 11)): 0, ("FAM", date(2027, 7, 12)): 0,
    }  # fmt: skip


def test_counts_are_asked_for_without_overbooking_up_to_the_last_night() -> None:
    rig = a_rig(a_reply(204))
    assert run_jumping(lambda: rig.pms.read_room_counts(HOTEL, STAY)).least("FAM", STAY) == 0
    path = rig.transport.sent[0].path
    assert "dateRangeStart=2027-07-10&dateRangeEnd=2027-07-12" in path
    assert "includeOverbooking=false" in path
    assert "dailyInventory=true" in path


# ---- restrictions


def rules(*sets: dict[str, Any], nights: int = 3) -> tuple[Restriction, ...]:
    body = {"restrictionsByDateRange": {"restrictionsByDateRange": {"restrictionSets": list(sets)}}}
    return mapping.restrictions(wire.RESTRICTIONS.decode(json.dumps(body)), a_stay(nights=nights))


def a_rule(code: str, start: str = "2027-07-01", end: str = "2027-07-31", unit: int | None = None, **more: Any) -> Any:
    status = {"code": code, **({} if unit is None else {"unit": unit}), **more.pop("status", {})}
    return {"restrictionStatus": status, "start": start, "end": end, **more}


@pytest.mark.parametrize(("code", "kind"), mapping.RESTRICTION_KINDS.items())
def test_every_restriction_code_has_its_kind_unit_and_scope(code: str, kind: RestrictionKind) -> None:
    scope: dict[str, Any] = {"restrictionControl": {"roomType": "FAM", "ratePlanCode": "UAI-FLEX"}}
    assert rules(a_rule(code, unit=4, **scope)) == (
        Restriction(kind, date(2027, 7, 1), date(2027, 7, 31), 4, "FAM", "UAI-FLEX"),
    )


@pytest.mark.parametrize("code", ["Hurdle", "MinimumOccupancy", "SomethingNew"])
def test_a_code_without_a_kind_is_other(code: str) -> None:
    assert rules(a_rule(code))[0].kind is RestrictionKind.OTHER


@pytest.mark.parametrize("code", ["Open", "OpenForArrival", "OpenForDeparture"])
def test_an_opening_restricts_nothing(code: str) -> None:
    assert rules(a_rule(code)) == ()


def test_a_rule_for_another_channel_is_not_ours_and_one_for_a_class_breaks_nothing() -> None:
    assert rules(a_rule("Closed", restrictionControl={"bookingChannelCode": "OTA"})) == ()
    assert rules(a_rule("Closed", restrictionControl={"roomClass": "SUITE"}))[0].kind is RestrictionKind.OTHER


def test_a_rule_on_weekdays_stands_on_those_days_of_the_stay() -> None:
    found = rules(a_rule("ClosedForArrival", saturday=True, sunday=True, monday=False), nights=10)
    assert [(rule.start, rule.end) for rule in found] == [
        (date(2027, 7, 10), date(2027, 7, 11)), (date(2027, 7, 17), date(2027, 7, 18)),
    ]  # fmt: skip


def test_a_rule_that_ends_before_the_stay_or_begins_after_it_is_left_out() -> None:
    assert rules(a_rule("Closed", "2027-06-01", "2027-07-09"), a_rule("Closed", "2027-07-14", "2027-07-20")) == ()
    assert len(rules(a_rule("Closed", "2027-07-13", "2027-07-20"))) == 1


@pytest.mark.parametrize(
    ("forbidden", "nights", "expected"),
    [
        ((3,), 3, (RestrictionKind.MIN_STAY, 4)),
        ((3, 4, 5, 6, 7), 3, (RestrictionKind.MAX_STAY, 2)),
        ((1, 2, 3, 4, 5, 6, 7), 3, (RestrictionKind.MIN_STAY, 8)),
        ((2,), 3, None),
    ],
)
def test_a_forbidden_length_becomes_the_nearest_allowed_one(
    forbidden: tuple[int, ...], nights: int, expected: tuple[RestrictionKind, int] | None
) -> None:
    found = rules(a_rule("LOSNotAvailable", status={f"lOS{n}": True for n in forbidden}), nights=nights)
    assert [(rule.kind, rule.unit) for rule in found] == ([] if expected is None else [expected])
    assert all(rule.breaks(a_stay(nights=nights), date(2027, 5, 1)) for rule in found)


# ---- words


def test_a_script_is_base64_or_plain_and_messages_are_of_the_language() -> None:
    messages = {"sellMessages": {"sellMessage": [
        {"message": "New spa"}, {"message": "Neues Spa", "languageCode": "DE"}, {"message": "New spa"},
    ]}}  # fmt: skip
    decoded = wire.SELL_MESSAGES.decode(json.dumps(messages))
    assert mapping.script_texts(wire.Script("TWVyaGFiYQ=="), decoded, "tr") == ("Merhaba", "New spa")
    assert mapping.script_texts(wire.Script("Hello!"), decoded, "de") == ("Hello!", "New spa", "Neues Spa")
    assert mapping.script_texts(None, None, "de") == ()


# ---- reservations

BOOKED: dict[str, Any] = {
    "reservationIdList": [{"id": "7001", "type": "Confirmation"}, {"id": "351022", "type": "Reservation"}],
    "externalReferences": [{"id": "SNT-1", "idContext": "SANTRAL"}, {"id": "OTA-9", "idContext": "External"}],
    "reservationStatus": "Reserved",
    "createDateTime": "2027-05-01T22:30:00Z",
    "roomStay": {
        "arrivalDate": "2027-07-10", "departureDate": "2027-07-13",
        "guestCounts": {"adults": 2, "children": 2, "childAges": [{"age": 6}]},
        "guarantee": {"guaranteeCode": "OPT"},
        "roomRates": [{"roomType": "FAM", "ratePlanCode": "UAI-FLEX-TR", "numberOfUnits": 2}],
        "total": {"amountBeforeTax": 1000.0, "amountAfterTax": 1120.0},
    },
    "comments": [{"comment": {"text": {"value": "late"}}}, {"comment": {}}],
    "cashiering": {"revenuesAndBalances": {"totalDepositPaid": {"amount": 300.0, "currencyCode": "TRY"}}},
}  # fmt: skip


def booked(**over: Any) -> Any:
    body = {"reservations": {"reservation": [{**BOOKED, **over}]}}
    decoded = BOOKING.decode(json.dumps(body)).reservations
    assert decoded is not None
    return mapping_bookings.booking(HOTEL, decoded.reservation[0])


def test_a_reservation_is_read_whole() -> None:
    found = booked()
    assert found.pms_ref == PmsRef("351022")
    assert (found.status, found.references) == ("Reserved", ("SNT-1",))
    assert (found.stay, found.party, found.rooms) == (STAY, a_party(2, 6, 0), 2)
    assert (found.room_type, found.rate_code, found.guarantee_code) == ("FAM", "UAI-FLEX-TR", "OPT")
    assert (found.total, found.deposit_paid) == (lira(1120), lira(300))
    assert (found.comments, found.cancel_references) == (("late",), ())
    assert found.created_on == date(2027, 5, 2), "the property's day, not the day in UTC"


def test_a_cancellations_number_is_found_where_it_may_stand() -> None:
    ids = [*BOOKED["reservationIdList"], {"id": "SNT-X", "type": "Cancellation"}]
    both = {"cancellationNo": {"id": "SNT-X", "type": "Cancellation"}}
    assert booked(reservationIdList=ids).cancel_references == ("SNT-X",)
    assert booked(reservationIdList=ids, cancellation=both).cancel_references == ("SNT-X",)


def test_the_cancellation_history_is_asked_when_the_record_shows_no_number() -> None:
    log = {"cxlActivityLog": [{"cancellationIdList": [{"id": "SNT-X", "type": "Cancellation"}]}]}
    record = {**BOOKED, "reservationStatus": "Cancelled"}
    rig = a_rig(a_reply(200, {"reservations": {"reservation": [record]}}), a_reply(200, log))
    found = run_jumping(lambda: rig.pms.read_booking(HOTEL, PmsRef("351022")))
    assert found is not None
    assert found.cancel_references == ("SNT-X",)


@pytest.mark.parametrize(
    "stay",
    [
        {**BOOKED["roomStay"], "departureDate": "2027-07-10"},
        {**BOOKED["roomStay"], "roomRates": []},
        {},
    ],
)
def test_a_record_of_a_kind_that_is_not_sold_hides_no_other(stay: dict[str, Any]) -> None:
    assert booked(roomStay=stay) is None


def test_a_party_beyond_our_rules_is_brought_into_bounds() -> None:
    counts = {"adults": 40, "children": 12, "childAges": [{"age": 99}]}
    party = booked(roomStay={**BOOKED["roomStay"], "guestCounts": counts}).party
    assert (party.adults, len(party.child_ages), max(party.child_ages)) == (12, 8, 17)


INFO: dict[str, Any] = {
    "reservationIdList": [{"id": "351022", "type": "Reservation"}],
    "externalReferences": [{"id": "SNT-1", "idContext": "SANTRAL"}],
    "reservationStatus": "Reserved",
    "deposit": {"amountPaid": 50.0},
    "createDateTime": "2027-05-01T09:00:00",
    "roomStay": {
        "arrivalDate": "2027-07-10", "departureDate": "2027-07-13", "adultCount": 2, "childCount": 1,
        "childAges": [{"age": 6}], "roomType": "FAM", "numberOfRooms": 1, "ratePlanCode": "UAI-FLEX",
        "totalAmount": {"amount": 930.0, "currencyCode": "EUR"}, "guarantee": {"guaranteeCode": "HOLD"},
    },
}  # fmt: skip


def a_page(*rows: dict[str, Any], more: bool = False) -> Any:
    return a_reply(200, {"reservations": {"reservationInfo": list(rows), "hasMore": more}})


def test_several_records_with_one_reference_are_all_found_over_all_pages() -> None:
    second = {**INFO, "reservationIdList": [{"id": "351023", "type": "Reservation"}], "reservationStatus": "Cancelled"}
    rig = a_rig(a_page(INFO, more=True), a_page(second))
    found = run_jumping(lambda: rig.pms.find_bookings(HOTEL, BookingSearch(reference="SNT-1")))
    assert [(one.pms_ref, one.status) for one in found] == [("351022", "Reserved"), ("351023", "Cancelled")]
    assert found[0].total == eur(930)
    assert found[0].deposit_paid == eur(50)
    assert found[0].created_on == date(2027, 5, 1)
    assert [request.path.rpartition("=")[2] for request in rig.transport.sent] == ["0", "1"]


def test_a_record_that_shows_another_reference_than_the_one_asked_for_is_not_ours() -> None:
    other = {**INFO, "externalReferences": [{"id": "SNT-2", "idContext": "SANTRAL"}]}
    silent = {**INFO, "externalReferences": []}
    rig = a_rig(a_page(other, silent))
    found = run_jumping(lambda: rig.pms.find_bookings(HOTEL, BookingSearch(reference="SNT-1")))
    assert len(found) == 1


def test_a_search_over_a_season_is_asked_in_spans_the_pms_takes() -> None:
    rig = a_rig(a_reply(204))
    search = BookingSearch(arrival_from=date(2027, 5, 1), arrival_to=date(2027, 9, 30))
    run_jumping(lambda: rig.pms.find_bookings(HOTEL, search))
    spans = [request.path.split("arrivalStartDate=")[1][:38] for request in rig.transport.sent]
    assert spans == ["2027-05-01&arrivalEndDate=2027-07-29&o"[:38], "2027-07-30&arrivalEndDate=2027-09-30&o"[:38]]


def test_a_search_without_the_cancelled_leaves_them_out() -> None:
    rig = a_rig(a_page(INFO, {**INFO, "reservationStatus": "Cancelled"}))
    search = BookingSearch(profile_id="900123", phone="+90 532", include_cancelled=False)
    assert len(run_jumping(lambda: rig.pms.find_bookings(HOTEL, search))) == 1
    assert "searchTypes" not in rig.transport.sent[0].path
    assert "phone=%2B90%20532" in rig.transport.sent[0].path


@pytest.mark.parametrize(
    "location", ["", "/", "/rsv/v1/hotels/B/reservations/", "/crm/v1/profiles/7", "/reservations/a b", "::"]
)
def test_a_create_without_a_readable_number_is_unknown(location: str) -> None:
    from integration.errors import PmsOutcomeUnknown
    from tests.unit.ohip.scripted import a_draft

    rig = a_rig(a_reply(201, {"links": []}, **({"location": location} if location else {})))
    with pytest.raises(PmsOutcomeUnknown):
        run_jumping(lambda: rig.pms.create_booking(HOTEL, a_draft()))
    assert len(rig.transport.sent) == 1


def test_deposits_carry_our_payment_key() -> None:
    body = {"maturedDeposits": [
        {"reference": "PAY-1", "guestCreditAmount": {"amount": 300.5, "currencyCode": "EUR"}}, {"reference": "void"},
    ]}  # fmt: skip
    found = mapping_bookings.deposits(HOTEL, DEPOSITS.decode(json.dumps(body)))
    assert [(one.reference, one.amount) for one in found] == [("PAY-1", eur("300.50"))]


# ---- guests

PERSON: dict[str, Any] = {
    "profileIdList": [{"id": "900123", "type": "Profile"}],
    "externalReferences": [{"id": "SNT-G", "idContext": "SANTRAL"}],
    "profileDetails": {
        "customer": {
            "personName": [{"surname": "Old", "nameType": "Alternate"}, {"givenName": "Ayşe", "surname": "Yılmaz"}],
            "language": "TR", "nationality": "tr", "vipStatus": "V1",
        },
        "telephones": {"telephoneInfo": [
            {"id": "T1", "telephone": {"phoneNumber": "+90 242 1", "phoneTechType": "FAX"}},
            {"id": "T2", "telephone": {"phoneNumber": "+902421234567", "phoneTechType": "PHONE"}},
            {"id": "T3", "telephone": {"phoneNumber": "00905321112233", "phoneTechType": "PHONE", "primaryInd": True}},
        ]},
        "emails": {"emailInfo": [{"id": "E1", "email": {"emailAddress": "Ayse@Example.com", "primaryInd": True}}]},
        "comments": {"commentInfo": [{"comment": {"text": {"value": "quiet"}}}]},
        "preferenceCollection": {"preferenceType": [
            {"preferenceType": "ROOM", "preference": [{"preferenceValue": "HIGH", "description": "High floor"}]},
        ]},
        "keywords": {"keyword": [{"type": "SEGMENT", "keyword": "GOLF"}]},
        "stayReservationInfoList": {
            "historyList": {"reservationInfo": [{
                "reservationIdList": [{"id": "1", "type": "Reservation"}], "hotelId": "BELEK1",
                "reservationStatus": "CheckedOut",
                "roomStay": {"arrivalDate": "2026-07-01", "departureDate": "2026-07-08", "roomType": "STD",
                             "ratePlanCode": "UAI-FLEX", "totalAmount": {"amount": 1330.0, "currencyCode": "EUR"}},
            }]},
            "futureList": {"reservationInfo": [{
                "reservationIdList": [{"id": "2", "type": "Reservation"}],
                "roomStay": {"arrivalDate": "2027-07-01", "departureDate": "2027-07-08"},
            }]},
        },
    },
}  # fmt: skip


def test_a_guest_is_read_whole() -> None:
    found = mapping_profiles.profile(HOTEL, PROFILE.decode(json.dumps(PERSON)), "900123")
    assert found is not None
    assert (found.given_name, found.surname, found.language, found.nationality) == ("Ayşe", "Yılmaz", "tr", "TR")
    assert found.phones == ("00905321112233", "+902421234567")
    assert (found.emails, found.references, found.is_vip, found.segment) == (
        ("Ayse@Example.com",), ("SNT-G",), True, "GOLF",
    )  # fmt: skip
    assert [(one.group, one.code, one.text) for one in found.preferences] == [("ROOM", "HIGH", "High floor")]
    assert found.notes == ("quiet",)
    assert [(one.pms_ref, one.total) for one in found.stays] == [("2", None), ("1", eur(1330))]


def test_a_record_without_a_surname_is_no_guest() -> None:
    body = {**PERSON, "profileDetails": {"customer": {"personName": [{"givenName": "X"}]}}}
    assert mapping_profiles.profile(HOTEL, PROFILE.decode(json.dumps(body)), "1") is None


@pytest.mark.parametrize(
    ("phone", "email", "known"),
    [
        ("+905321112233", None, {"phone": "T3"}),
        ("+902421234567", "AYSE@example.com", {"phone": "T2", "email": "E1"}),
        ("+491511234567", "new@example.com", {"phone": "T3", "email": "E1"}),
        (None, None, {}),
    ],
)
def test_a_change_replaces_the_same_entry_else_the_primary_one(
    phone: str | None, email: str | None, known: dict[str, str]
) -> None:
    assert mapping_profiles.entries_to_replace(PROFILE_TO_CHANGE.decode(json.dumps(PERSON)), phone, email) == known


def hits(*names: str) -> Any:
    rows = [
        {"profileIdList": [{"id": str(number), "type": "Profile"}],
         "profile": {"formerName": {"name": name, "givenName": "Ali"}, "vipStatus": {"code": "V1"}}}
        for number, name in enumerate(names)
    ]  # fmt: skip
    return a_reply(200, {"profileSummaries": {"profileInfo": rows}})


def test_a_search_by_name_is_answered_from_its_rows() -> None:
    rig = a_rig(hits("Yilmaz", "YILMAZER"))
    found = run_jumping(lambda: rig.pms.find_profiles(HOTEL, ProfileSearch(surname="Yilmaz", given_name="Ali")))
    assert [(one.profile_id, one.surname, one.is_vip) for one in found] == [
        ("0", "Yilmaz", True),
        ("1", "YILMAZER", True),
    ]
    assert len(rig.transport.sent) == 1


def test_rows_that_do_not_show_the_name_are_read_by_number() -> None:
    rig = a_rig(hits("Maiden"), a_reply(200, PERSON))
    found = run_jumping(lambda: rig.pms.find_profiles(HOTEL, ProfileSearch(surname="Yilmaz")))
    assert [one.surname for one in found] == ["Yılmaz"]


@pytest.mark.parametrize(
    ("search", "part"),
    [
        (ProfileSearch(reference="SNT-G", phone="+9"), "externalReferenceIds=SNT-G&externalSystemCodes=SANTRAL"),
        (ProfileSearch(phone="+90 5", email="a@b.c"), "phone=%2B90%205"),
        (ProfileSearch(email="a+b@c.d", surname="X"), "email=a%2Bb%40c.d"),
        (ProfileSearch(surname="Şahin", given_name="İ"), "profileName=%C5%9Eahin&givenName=%C4%B0"),
    ],
)
def test_one_criterion_is_used_in_its_order(search: ProfileSearch, part: str) -> None:
    rig = a_rig(a_reply(204))
    assert run_jumping(lambda: rig.pms.find_profiles(HOTEL, search)) == ()
    assert rig.transport.sent[0].path.endswith(part)


def test_a_search_without_a_criterion_finds_nobody_and_asks_nothing() -> None:
    rig = a_rig()
    assert run_jumping(lambda: rig.pms.find_profiles(HOTEL, ProfileSearch())) == ()
    assert rig.transport.sent == []


def test_the_decoders_skip_what_they_do_not_know() -> None:
    assert BOOKINGS.decode(b'{"links": [{"href": "x"}], "masterInfoList": [[[]]]}').reservations is None
    assert PROFILES.decode(b'{"new": {"deep": [1, 2.5, null]}}').profile_summaries is None
