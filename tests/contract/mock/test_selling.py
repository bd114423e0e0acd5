"""What availability says: prices, the five words, restrictions, promotions, alternates."""

import pytest

from pms_mock import control
from tests.contract.mock.small_hotel import (
    AVAIL,
    HOTEL,
    RES,
    Caller,
    Json,
    a_caller,
    a_create,
    a_rate_plan,
    a_store,
)

PAR = f"/par/v1/hotels/{HOTEL}"


def rates(
    caller: Caller, arrival: str = "2026-07-10", departure: str = "2026-07-12", **query: object
) -> dict[tuple[str, str], Json]:
    reply = caller.get(AVAIL, roomStayStartDate=arrival, roomStayEndDate=departure, includeClosedRates="true", **query)
    stays = reply.json["hotelAvailability"][0].get("roomStays", [])
    return {(rate["roomType"], rate["ratePlanCode"]): rate for stay in stays for rate in stay["roomRates"]}


def famsv(caller: Caller, **query: object) -> Json:
    return rates(caller, **query)["FAMSV", "UAI-FLEX"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({"adults": 2}, 820.0),
        ({"adults": 1}, 656.0),
        ({"adults": 3}, 1107.0),
        ({"adults": 2, "childAge": [6]}, 820.0),
        ({"adults": 2, "childAge": [6, 4]}, 1025.0),
        ({"adults": 1, "childAge": [6, 4]}, 861.0),
        ({"adults": 2, "childAge": [15]}, 1107.0),
        ({"adults": 2, "children": 1}, 1107.0),
        ({"adults": 2, "hotelPackage": "HONEY"}, 870.0),
        ({"adults": 2, "hotelPackage": "SPA"}, 840.0),
        ({"adults": 2, "promotionCode": "EARLY"}, 738.0),
    ],
)
def test_the_party_makes_the_price(query: Json, total: float) -> None:
    assert famsv(a_caller(), **query)["total"]["amountAfterTax"] == total


def test_nights_add_up_to_the_total_before_and_after_tax() -> None:
    rate = famsv(a_caller(), adults=3, childAge=[4])
    for key in ("amountBeforeTax", "amountAfterTax"):
        assert round(sum(night["total"][key] for night in rate["rates"]["rate"]), 2) == rate["total"][key]


def test_a_promotion_ends_with_its_window() -> None:
    caller = a_caller()
    rate = rates(caller, "2026-07-31", "2026-08-02", promotionCode="EARLY")["FAMSV", "UAI-FLEX"]
    assert [night["base"]["amountAfterTax"] for night in rate["rates"]["rate"]] == [369.0, 410.0]
    assert "promotionCode" not in rates(caller, promotionCode="EARLY")["FAMSV", "UAI-NREF"]


def test_a_quoted_price_is_the_booked_price() -> None:
    caller = a_caller()
    quoted = famsv(caller, adults=2, childAge=[6, 4], promotionCode="EARLY")["total"]
    guests = {"adults": 2, "children": 2, "childAges": [{"age": 6}, {"age": 4}]}
    number = caller.post(RES, a_create(guests=guests, stay={"promotion": {"promotionCode": "EARLY"}})).id
    assert caller.get(f"{RES}/{number}").json["reservations"]["reservation"][0]["roomStay"]["total"] == quoted


def test_occupancy_is_said_before_anything_else() -> None:
    rate = famsv(a_caller(), adults=4)
    assert rate["availability"] == "RestrictedDueToOccupancy"


def test_a_sold_out_room_type_says_inventory_and_no_rooms() -> None:
    caller = a_caller()
    for n in range(5):
        caller.post(RES, a_create(ref=f"R{n}"))
    rate = famsv(caller)
    assert (rate["availability"], rate["numberOfUnits"]) == ("RestrictedDueToInventory", 0)


def test_rooms_left_is_the_least_of_the_nights() -> None:
    caller = a_caller()
    caller.post(RES, a_create(arrival="2026-07-11", departure="2026-07-12"))
    assert (famsv(caller)["numberOfUnits"], famsv(caller, roomStayQuantity=5)["availability"]) == (
        4,
        "RestrictedDueToInventory",
    )


def test_without_closed_rates_only_what_sells_is_listed_and_nothing_is_no_match() -> None:
    store = a_store()
    control.close_sales(store, HOTEL, "2026-07-10", "2026-07-10", "FAMSV")
    caller = a_caller(store)
    query = {"roomStayStartDate": "2026-07-10", "roomStayEndDate": "2026-07-12"}
    listed = caller.get(AVAIL, **query).json["hotelAvailability"][0]["roomStays"][0]["roomRates"]
    assert ({rate["roomType"] for rate in listed}, caller.get(AVAIL, **query, roomType="FAMSV").status) == (
        {"STD"},
        204,
    )


def test_a_closed_house_says_so() -> None:
    store = a_store()
    control.close_sales(store, HOTEL, "2026-07-11", "2026-07-11")
    caller = a_caller(store)
    segment = caller.get(AVAIL, roomStayStartDate="2026-07-10", roomStayEndDate="2026-07-12").json["hotelAvailability"][
        0
    ]
    refused = caller.post(RES, a_create())
    assert (segment["closed"], segment["restriction"], "roomStays" in segment, refused.status) == (
        True,
        "Closed",
        False,
        400,
    )


def restricted(caller: Caller, code: str, unit: int | None, start: str, end: str, **scope: object) -> None:
    status: Json = {"code": code} if unit is None else {"code": code, "unit": unit}
    body = {"restriction": {"restrictionStatus": status, "start": start, "end": end, **scope}}
    assert caller.post(f"{PAR}/restrictions", body).status == 201


@pytest.mark.parametrize(
    ("code", "unit", "day", "why"),
    [
        ("Closed", None, "2026-07-11", "Closed"),
        ("ClosedForArrival", None, "2026-07-10", "ClosedForArrival"),
        ("ClosedForDeparture", None, "2026-07-12", "ClosedForDeparture"),
        ("MinimumLengthOfStay", 3, "2026-07-10", "MinimumLengthOfStay=3"),
        ("MaximumLengthOfStay", 1, "2026-07-10", "MaximumLengthOfStay=1"),
        ("MinimumStayThrough", 3, "2026-07-11", "MinimumStayThrough=3"),
        ("MaximumStayThrough", 1, "2026-07-11", "MaximumStayThrough=1"),
        ("MinimumAdvanceBooking", 60, "2026-07-10", "MinimumAdvanceBooking=60"),
        ("MaximumAdvanceBooking", 10, "2026-07-10", "MaximumAdvanceBooking=10"),
    ],
)
def test_every_restriction_is_said_in_availability_and_refused_at_create(
    code: str, unit: int | None, day: str, why: str
) -> None:
    caller = a_caller()
    restricted(caller, code, unit, day, day, roomTypes=["FAMSV"])
    rate = famsv(caller)
    created = caller.post(RES, a_create())
    assert (rate["availability"], rate["roomRateInfo"], created.json["detail"]) == ("Restricted", why, why)
    assert rates(caller)["STD", "UAI-FLEX"]["availability"] == "Available"


@pytest.mark.parametrize(
    ("code", "unit", "day"),
    [
        ("Closed", None, "2026-07-12"),
        ("ClosedForArrival", None, "2026-07-11"),
        ("ClosedForDeparture", None, "2026-07-11"),
        ("MinimumLengthOfStay", 2, "2026-07-10"),
        ("MinimumLengthOfStay", 9, "2026-07-11"),
        ("MaximumLengthOfStay", 2, "2026-07-10"),
        ("MinimumAdvanceBooking", 39, "2026-07-10"),
        ("MaximumAdvanceBooking", 39, "2026-07-10"),
    ],
)
def test_a_restriction_that_is_just_kept_does_not_restrict(code: str, unit: int | None, day: str) -> None:
    caller = a_caller()
    restricted(caller, code, unit, day, day)
    assert famsv(caller)["availability"] == "Available"


def test_a_restriction_holds_only_on_its_weekdays_and_for_its_rate() -> None:
    caller = a_caller()
    restricted(caller, "Closed", None, "2026-07-01", "2026-07-31", ratePlanCodes=["UAI-NREF"], friday=True)
    friday, saturday = rates(caller, "2026-07-10", "2026-07-11"), rates(caller, "2026-07-11", "2026-07-12")
    found = [each["FAMSV", plan]["availability"] for each in (friday, saturday) for plan in ("UAI-FLEX", "UAI-NREF")]
    assert found == ["Available", "Restricted", "Available", "Available"]


def test_a_length_of_stay_can_be_unavailable() -> None:
    caller = a_caller()
    body = {"restrictionStatus": {"code": "LOSNotAvailable", "lOS2": True}, "start": "2026-07-10", "end": "2026-07-10"}
    caller.post(f"{PAR}/restrictions", {"restriction": body})
    found = [rates(caller, "2026-07-10", f"2026-07-{d}")["FAMSV", "UAI-FLEX"]["availability"] for d in (11, 12, 13)]
    assert found == ["Available", "Restricted", "Available"]


def test_opening_takes_a_stop_sale_off_the_middle_of_its_days() -> None:
    caller = a_caller()
    restricted(caller, "Closed", None, "2026-07-01", "2026-07-31")
    restricted(caller, "Open", None, "2026-07-10", "2026-07-11")
    found = [
        rates(caller, f"2026-07-{d:02d}", f"2026-07-{d + 1:02d}")["FAMSV", "UAI-FLEX"]["availability"]
        for d in (9, 10, 11, 12)
    ]
    assert found == ["Restricted", "Available", "Available", "Restricted"]


@pytest.mark.parametrize(
    "restriction",
    [
        {},
        {"restrictionStatus": {"code": "Closed"}},
        {"restrictionStatus": {"code": "MinimumLengthOfStay"}, "start": "2026-07-01", "end": "2026-07-01"},
        {"restrictionStatus": {"code": "Closed"}, "start": "2026-07-02", "end": "2026-07-01"},
        {"restrictionStatus": {"code": "Closed"}, "start": "2026-07-01", "end": "2026-07-01", "roomTypes": ["NONE"]},
        {
            "restrictionStatus": {"code": "Closed"},
            "start": "2026-07-01",
            "end": "2026-07-01",
            "bookingChannels": ["WEB"],
        },
        {"restrictionStatus": {"code": "LOSNotAvailable"}, "start": "2026-07-01", "end": "2026-07-01"},
    ],
)
def test_a_restriction_that_is_not_complete_is_refused(restriction: Json) -> None:
    assert a_caller().post(f"{PAR}/restrictions", {"restriction": restriction}).status == 400


@pytest.mark.parametrize(
    ("limits", "sold"),
    [
        ({"roomTypeSellLimits": [{"date": "2026-07-11", "amount": 2, "roomType": "FAMSV"}]}, 2),
        ({"houseSellLimits": [{"date": "2026-07-11", "amount": 20, "flatOrPercentage": "Percentage"}]}, 3),
        ({"roomClassSellLimits": [{"date": "2026-07-11", "amount": 1, "roomClass": "ALL"}]}, 1),
    ],
)
def test_a_sell_limit_stops_sales_in_availability_and_at_create(limits: Json, sold: int) -> None:
    caller = a_caller()
    assert caller.put(f"/inv/v1/hotels/{HOTEL}/sellLimits", {"sellLimitsByDate": limits}).status == 200
    made = [caller.post(RES, a_create(ref=f"R{n}")).status for n in range(5)]
    assert (made.count(201), famsv(caller)["numberOfUnits"], famsv(caller)["availability"]) == (
        sold,
        0,
        "RestrictedDueToInventory",
    )


def test_alternate_dates_show_where_it_sells() -> None:
    store = a_store()
    control.close_sales(store, HOTEL, "2026-07-10", "2026-07-11")
    caller = a_caller(store)
    reply = caller.get(f"{AVAIL}/alternate", startDate="2026-07-09", endDate="2026-07-12", duration="1", adults=2)
    found = [
        (item["date"], item["status"], item.get("rateAmount", {}).get("amount")) for item in reply.json["alternates"]
    ]
    closed = [("2026-07-10", "Restricted", None), ("2026-07-11", "Restricted", None)]
    assert found == [("2026-07-09", "Available", 200.0), *closed, ("2026-07-12", "Available", 200.0)]


def test_a_rate_that_is_not_on_sale_yet_or_has_no_price_is_restricted() -> None:
    plans = [a_rate_plan(), a_rate_plan("UAI-NREF", bookable_from="2026-06-02"), a_rate_plan("OLD", prices=[])]
    found = rates(a_caller(a_store(rate_plans=plans, promotions=[])))
    assert [found["STD", plan].get("roomRateInfo") for plan in ("UAI-FLEX", "UAI-NREF", "OLD")] == [
        None,
        "RateNotBookable",
        "RateDetailsNotSet",
    ]


def test_pages_of_offers_follow_each_other() -> None:
    caller = a_caller()
    query = {"roomStayStartDate": "2026-07-10", "roomStayEndDate": "2026-07-12", "limit": 3}
    first = caller.get(AVAIL, **query).json["hotelAvailability"][0]
    second = caller.get(AVAIL, **query, pagePointerKey=first["pagingKey"]).json["hotelAvailability"][0]
    assert (first["count"], first["hasMore"], second["count"], second["hasMore"]) == (3, True, 1, False)
