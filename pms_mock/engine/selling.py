"""What the hotel has to sell, in the vendor's words: availability, alternate dates, rate detail, guarantees."""

import re
from typing import Any

from pms_mock.engine.availability import Look, Party, Wanted, look
from pms_mock.engine.call import Call, known
from pms_mock.engine.days import checked_span, each_day, plus, span
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.money import number
from pms_mock.engine.policies import cancel_policy, deposit_policy, guarantee_json
from pms_mock.engine.pricing import total
from pms_mock.engine.restrictions import Asked
from pms_mock.engine.showing import rate_json, segment_json
from pms_mock.protocol.answer import NO_MATCH, Answer
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]
_MAX_PARTY = 99
_DURATION = re.compile(r"(?:P)?([0-9]{1,3})(?:[DN])?", re.ASCII)
_AROUND = 7
_AVAILABILITY = (
    "roomStayStartDate",
    "roomStayEndDate",
    "roomStayQuantity",
    "adults",
    "children",
    "childAge",
    "ratePlanCode",
    "roomType",
    "promotionCode",
    "hotelPackage",
    "includeClosedRates",
    "returnOnlyAvailableRateCodes",
    "limit",
    "pagePointerKey",
    "ratePlanInfo",
    "roomTypeInfo",
    "resGuaranteeInfo",
    "includeLocalRates",
    "includeDefaultRatePlanSet",
    "includeNoRatePlanSet",
    "initialRatePlanSet",
    "reservationGuestId",
    "reservationGuestIdType",
    "reservationProfileType",
    "bucket1Count",
    "bucket2Count",
    "bucket3Count",
    "bucket4Count",
    "bucket5Count",
)
_ALTERNATE = (
    "startDate",
    "endDate",
    "duration",
    "quantity",
    "adults",
    "children",
    "childAge",
    "ratePlanCode",
    "roomType",
    "reservationGuestId",
    "reservationGuestIdType",
    "reservationProfileType",
    "bucket1Count",
    "bucket2Count",
    "bucket3Count",
    "bucket4Count",
    "bucket5Count",
)


def get_availability(call: Call) -> Answer:
    """GET availability: every room type and rate plan that fits the question; 204 when none does."""
    call.offers(*_AVAILABILITY)
    query = call.query
    arrival, departure = checked_span(
        query.get("roomStayStartDate"), query.get("roomStayEndDate"), "roomStayStartDate", least=1
    )
    if arrival < call.today:
        raise refused("RSV00021", "The arrival is in the past", "roomStayStartDate")
    party = _party(call, query.get("roomStayQuantity", 1))
    seen = look(call.connection, call.hotel, Asked(arrival, departure, call.today), party, _wanted(call))
    closed = any(query.get("includeClosedRates", ())) and not query.get("returnOnlyAvailableRateCodes")
    offers = [offer for offer in seen.offers if closed or (offer.status == "Available" and seen.house is None)]
    if not offers and seen.house is None:
        return NO_MATCH
    return Answer.json(200, {"hotelAvailability": [segment_json(call, seen, offers)]})


def get_alternates(call: Call) -> Answer:
    """GET availability/alternate: for each arrival day around the wish, whether and from what total it can be sold."""
    call.offers(*_ALTERNATE)
    first, last, length = _window(call)
    rooms, plans = [call.query.get("roomType")], [call.query.get("ratePlanCode")]
    known("room type", filter(None, rooms), call.hotel.room_types, "roomType")
    known("rate plan", filter(None, plans), call.hotel.rate_plans, "ratePlanCode")
    wanted = Wanted(tuple(filter(None, rooms)), tuple(filter(None, plans)))
    party = _party(call, call.query.get("quantity", 1))
    alternates = []
    for arrival in each_day(max(first, call.today), last):
        seen = look(call.connection, call.hotel, Asked(arrival, plus(arrival, length), call.today), party, wanted)
        alternates.append({"date": arrival, **_alternate(call.hotel, seen)})
    return Answer.json(200, {"alternates": alternates}) if alternates else NO_MATCH


def get_rate(call: Call) -> Answer:
    """GET rates/{ratePlanCode}: the terms of one or several rate plans; 204 when the first is not there."""
    codes = [call.segments["ratePlanCode"], *call.query.get("ratePlanCodeList", [])]
    if codes[0] not in call.hotel.rate_plans:
        return NO_MATCH
    known("rate plan", codes, call.hotel.rate_plans, "ratePlanCodeList")
    listed = [rate_json(call.hotel, code) for code in dict.fromkeys(codes)]
    return Answer.json(200, {"availRatePlanInfoType": {"ratePlan": listed, "hotelId": call.hotel.id}})


def get_guarantees(call: Call) -> Answer:
    """GET guarantees: the reservation types; with a rate plan, its deposit and cancellation terms on each."""
    call.offers(
        "arrivalDate",
        "ratePlanCode",
        "guaranteeCode",
        "calculateEstimateAmount",
        "startDate",
        "endDate",
        "numberOfRooms",
        "numberOfAdults",
        "numberOfChildren",
        "roomType",
        "reservationGuestId",
    )
    plan = call.query.get("ratePlanCode")
    known("rate plan", filter(None, [plan]), call.hotel.rate_plans, "ratePlanCode")
    known("room type", filter(None, [call.query.get("roomType")]), call.hotel.room_types, "roomType")
    wanted = call.query.get("guaranteeCode")
    codes = [code for code in call.hotel.guarantees if wanted in (None, code)]
    terms: Json = {}
    if plan:
        configured = call.hotel.rate_plans[plan]
        terms["cancelPenalty"] = cancel_policy(configured, configured.currency)
        if configured.deposit:
            terms["depositPolicy"] = {"policy": deposit_policy(configured)}
    listed = [{**guarantee_json(call.hotel, code), **terms} for code in codes]
    return Answer.json(200, {"resGuarantees": listed}) if listed else NO_MATCH


def _wanted(call: Call) -> Wanted:
    query, hotel = call.query, call.hotel
    for name, kind, configured in (
        ("roomType", "room type", hotel.room_types),
        ("ratePlanCode", "rate plan", hotel.rate_plans),
        ("promotionCode", "promotion", hotel.promotions),
        ("hotelPackage", "package", hotel.packages),
    ):
        known(kind, query.get(name, ()), configured, name)
    names = ("roomType", "ratePlanCode", "promotionCode", "hotelPackage")
    return Wanted(*(tuple(query.get(name, ())) for name in names))


def _party(call: Call, units: int) -> Party:
    query = call.query
    if any(query.get(f"bucket{n}Count") for n in range(1, 6)):
        raise refused("RSV00012", "The hotel has no child buckets; send childAge", "bucket1Count")
    ages = tuple(query.get("childAge", ()))
    children, adults = query.get("children", len(ages)), query.get("adults", 2)
    if not 1 <= adults <= _MAX_PARTY or not 0 <= children <= _MAX_PARTY or not 1 <= units <= _MAX_PARTY:
        raise bad_request("The party or the number of rooms is not possible", "adults")
    ages = ages or (call.hotel.children_max_age,) * children
    if len(ages) != children:
        raise bad_request("children and childAge do not agree", "childAge")
    if any(not 0 <= age <= call.hotel.children_max_age for age in ages):
        raise refused("RSV00011", f"A child is not between 0 and {call.hotel.children_max_age} years", "childAge")
    return Party(adults, ages, units)


def _window(call: Call) -> tuple[str, str, int]:
    start, end = checked_span(call.query.get("startDate"), call.query.get("endDate"), "startDate")
    text = call.query.get("duration")
    if text is None:
        length = max(1, span(start, end))
        return plus(start, -_AROUND), plus(start, _AROUND), length
    match = _DURATION.fullmatch(text)
    if not match or not 1 <= int(match[1]) <= 90:  # noqa: PLR2004 - the vendor's 90 days
        raise bad_request("The duration is not a number of nights from 1 to 90", "duration")
    return start, end, int(match[1])


def _alternate(hotel: Hotel, seen: Look) -> Json:
    sellable = [offer for offer in seen.offers if offer.status == "Available" and seen.house is None and offer.nights]
    if sellable:
        best = min(sellable, key=lambda offer: total(hotel, offer.nights or ())[1])
        amount = number(total(hotel, best.nights or ())[1])
        return {"status": "Available", "rateAmount": {"amount": amount, "currencyCode": best.plan.currency}}
    short = seen.house is None and any(offer.status == "RestrictedDueToInventory" for offer in seen.offers)
    return {"status": "InventoryNotAvailable" if short else "Restricted"}
