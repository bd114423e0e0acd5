"""Offers in the vendor's words: `availResponseSegmentType`, its room stay and room rates, by night and in total."""

from typing import Any

import msgspec

from pms_mock.engine.availability import Look, Offer
from pms_mock.engine.call import Call
from pms_mock.engine.days import before
from pms_mock.engine.hotel import Hotel, RatePlan, RoomType
from pms_mock.engine.money import DECIMALS, before_tax, number
from pms_mock.engine.policies import cancel_policy, guarantee_json
from pms_mock.engine.pricing import Night, extras_of, total
from pms_mock.protocol.problem import bad_request

Json = dict[str, Any]


def segment_json(call: Call, seen: Look, offers: list[Offer]) -> Json:
    """One page of offers as `availResponseSegmentType`."""
    limit = call.query.get("limit", [200])[0]
    start = call.query.get("pagePointerKey", ["0"])[0]
    if not 1 <= limit <= 200 or not (start.isascii() and start.isdecimal() and len(start) < 6):  # noqa: PLR2004 - the vendor's 200 rows
        raise bad_request(
            "The limit is not between 1 and 200, or the paging key is not one of ours", "limit", code="GEN00006"
        )
    page = offers[int(start) : int(start) + limit]
    segment: Json = {"hotelId": call.hotel.id, "closed": seen.house is not None}
    if seen.house is not None:
        segment["restriction"] = seen.house.code
    if page:
        segment["roomStays"] = [_room_stay(call, seen, page)]
    segment |= {"hasMore": int(start) + len(page) < len(offers), "totalResults": len(offers), "count": len(page)}
    if segment["hasMore"]:
        segment["pagingKey"] = str(int(start) + len(page))
    segment |= _master_info(call, page)
    return segment


def _room_stay(call: Call, seen: Look, offers: list[Offer]) -> Json:
    counts: Json = {"adults": seen.party.adults, "children": len(seen.party.child_ages)}
    if seen.party.child_ages:
        counts["childAges"] = [{"age": age} for age in seen.party.child_ages]
    last = before(seen.asked.departure)
    return {
        "arrivalDate": seen.asked.arrival,
        "departureDate": seen.asked.departure,
        "guestCounts": counts,
        "roomRates": [_room_rate(call, seen, offer, last) for offer in offers],
    }


def _room_rate(call: Call, seen: Look, offer: Offer, last: str) -> Json:
    plan, hotel = offer.plan, call.hotel
    status = "Restricted" if seen.house is not None and offer.status == "Available" else offer.status
    rate: Json = {
        "roomType": offer.room.code,
        "ratePlanCode": plan.code,
        "start": seen.asked.arrival,
        "end": last,
        "availability": status,
        "numberOfUnits": offer.units,
        "marketCode": plan.market,
        "sourceCode": plan.source,
        "taxIncluded": False,
        "mealPlans": [_meal_plan(plan)],
    }
    if offer.why:
        rate["roomRateInfo"] = offer.why
    if offer.promotion:
        rate["promotionCode"] = offer.promotion.code
    packages = extras_of(hotel, plan, call.query.get("hotelPackage", ()))
    if packages:
        rate["packages"] = [
            {
                "packageCode": package.code,
                "description": [package.description],
                "amount": {"amount": number(package.minor), "currencyCode": package.currency},
                "postingRhythm": "EveryNight" if package.every_night else "ArrivalNight",
                "includedInRate": package.included,
            }
            for package in packages
        ]
    if offer.nights is not None:
        rate |= _prices(hotel, plan, offer)
    return rate


def _prices(hotel: Hotel, plan: RatePlan, offer: Offer) -> Json:
    """Nightly rates and their total; nights are written as text, because there are hundreds and most cost the same."""
    currency, ends = plan.currency, dict[tuple[int, int, int], str]()
    rates = []
    for night in offer.nights or ():
        price = (night.net, night.gross, night.extras)
        end = ends.get(price)
        if end is None:
            end = ends[price] = _price_text(hotel, night, currency)
        rates.append(f'{{"start":"{night.day}","end":"{night.day}",{end}')
    net, gross = total(hotel, offer.nights or ())
    amounts = {"amountBeforeTax": number(net), "amountAfterTax": number(gross)}
    return {
        "rates": {"rate": msgspec.Raw(f"[{','.join(rates)}]".encode())},
        "total": {**amounts, "currencyCode": currency, "decimalPlaces": DECIMALS},
    }


def _price_text(hotel: Hotel, night: Night, currency: str) -> str:
    """What follows a night's days: `"base":{...},"total":{...}}`."""
    base = {"amountBeforeTax": number(night.net), "amountAfterTax": number(night.gross), "currencyCode": currency}
    whole = base
    if night.extras:
        net = night.net + before_tax(night.extras, hotel.tax_bp)
        whole = {**base, "amountBeforeTax": number(net), "amountAfterTax": number(night.gross + night.extras)}
    return msgspec.json.encode({"base": base, "total": whole}).decode()[1:]


def _meal_plan(plan: RatePlan) -> Json:
    return {
        "code": plan.meal_plan,
        "included": True,
        "breakfastIncluded": plan.breakfast,
        "lunchIncluded": plan.lunch,
        "dinnerIncluded": plan.dinner,
    }


def _master_info(call: Call, offers: list[Offer]) -> Json:
    info: Json = {}
    if call.query.get("roomTypeInfo"):
        rooms = {offer.room.code: _room_json(call.hotel, offer.room) for offer in offers}
        info["roomTypes"] = {"roomType": list(rooms.values()), "hotelId": call.hotel.id}
    if call.query.get("ratePlanInfo"):
        plans = {offer.plan.code: rate_json(call.hotel, offer.plan.code) for offer in offers}
        info["ratePlans"] = {"ratePlan": list(plans.values()), "hotelId": call.hotel.id}
    return {"masterInfo": info} if info else {}


def _room_json(hotel: Hotel, room: RoomType) -> Json:
    return {
        "roomType": room.code,
        "hotelId": hotel.id,
        "roomClass": room.room_class,
        "description": room.description,
        "longDescription": room.long_description[:2000],
        "roomFeatures": [{"code": feature, "description": feature} for feature in room.features],
        "roomTypeAttributes": {"maximumOccupancy": room.max_occupancy, "noOfPhysicalRooms": room.rooms},
    }


def rate_json(hotel: Hotel, code: str) -> Json:
    """A rate plan with its terms."""
    plan = hotel.rate_plans[code]
    return {
        "ratePlanCode": plan.code,
        "hotelId": hotel.id,
        "description": plan.description[:2000],
        "shortInfo": plan.description[:2000],
        "currencyCode": plan.currency,
        "cancelPenalty": cancel_policy(plan, plan.currency),
        "mealPlans": [_meal_plan(plan)],
        "marketCode": plan.market,
        "sourceCode": plan.source,
        "taxInclusive": False,
        "resGuarantees": [guarantee_json(hotel, guarantee) for guarantee in hotel.guarantees],
    }
