"""A reservation in the vendor's words: `hotelReservationType` for one, `reservationInfoType` for a row of a search."""

from collections.abc import Container
from typing import Any

import msgspec

from pms_mock.engine.call import Call
from pms_mock.engine.days import before, plus, utc_text
from pms_mock.engine.guests import guest_of, guest_summary
from pms_mock.engine.money import DECIMALS, before_tax, number
from pms_mock.engine.nights import runs_of, unpack
from pms_mock.engine.policies import policies_of
from pms_mock.engine.records import Record

Json = dict[str, Any]
_decode = msgspec.json.decode
# Shown only on demand: member of the document -> fetch instruction.
_ON_DEMAND = {
    "reservationPaymentMethods": "ReservationPaymentMethods",
    "preferenceCollection": "Preferences",
    "guestComments": "GuestComments",
    "alerts": "Alerts",
    "traces": "Traces",
    "reservationMemberships": "Memberships",
    "inventoryItems": "InventoryItems",
    "routingInstructions": "RoutingInstructions",
    "fixedCharges": "FixedCharges",
    "guestMessages": "GuestMessages",
    "attachments": "Attachments",
}


def ids_of(record: Record) -> list[Json]:
    """The numbers a reservation goes by."""
    ids = [{"id": str(record.id), "type": "Reservation"}, {"id": record.confirmation, "type": "Confirmation"}]
    if record.cancel_number and record.status == "Cancelled":
        ids.append({"id": record.cancel_number, "type": "Cancellation"})
    return ids


def references_of(call: Call, number: int) -> list[Json]:
    """The external references of a reservation."""
    rows = call.connection.execute(
        "SELECT ref, system FROM reservation_ref WHERE reservation = ? ORDER BY system, ref", (number,)
    )
    return [{"id": ref, "idContext": system} for ref, system in rows]


def computed_status(call: Call, record: Record) -> str:
    """`DueIn` on the arrival day, `DueOut` on the departure day, else the status itself."""
    if record.status == "Reserved" and record.arrival == call.today:
        return "DueIn"
    if record.status == "InHouse" and record.departure <= call.today:
        return "DueOut"
    return record.status


def deposits_minor(call: Call, number: int) -> int:
    """Deposits paid, in minor units."""
    row = call.connection.execute(
        "SELECT coalesce(sum(minor), 0) FROM deposit WHERE reservation = ?", (number,)
    ).fetchone()
    return int(row[0])


def money(minor: int, currency: str) -> Json:
    """The vendor's `currencyAmountType`."""
    return {"amount": number(minor), "currencyCode": currency}


def total_of(net: int, gross: int, currency: str) -> Json:
    """The vendor's `totalType`."""
    return {
        "amountBeforeTax": number(net),
        "amountAfterTax": number(gross),
        "currencyCode": currency,
        "decimalPlaces": DECIMALS,
    }


def reservation_json(call: Call, record: Record, wanted: Container[str]) -> Json:
    """One reservation; members on demand only when their fetch instruction is in `wanted`."""
    document = record.document
    shown = {
        key: value
        for key, value in document.items()
        if _ON_DEMAND.get(key, "Reservation") in wanted or key not in _ON_DEMAND
    }
    rate, stay = shown.pop("roomRate", {}), shown.pop("roomStay", {})
    answer: Json = {
        **shown,
        "reservationIdList": ids_of(record),
        "hotelId": record.hotel,
        "roomStay": {**stay, **_room_stay(call, record, rate)},
        "reservationGuests": [guest_of(call, record.profile), *shown.get("reservationGuests", [])],
        "roomStayReservation": True,
        "reservationStatus": record.status,
        "computedReservationStatus": computed_status(call, record),
        "createDateTime": utc_text(record.created_ms),
        "creatorId": record.creator,
        "lastModifyDateTime": utc_text(record.modified_ms),
        "lastModifierId": record.modifier,
        "createBusinessDate": record.created_on,
    }
    references = references_of(call, record.id)
    if references:
        answer["externalReferences"] = references
    _add_packages(record, answer)
    _add_cancellation(record, answer)
    _add_on_demand(call, record, answer, wanted)
    return answer


def summary_json(call: Call, record: Record, wanted: Container[str]) -> Json:
    """One row of a search."""
    runs = runs_of(record.nights)
    ages = _decode(record.child_ages)
    stay: Json = {
        "arrivalDate": record.arrival,
        "departureDate": record.departure,
        "adultCount": record.adults,
        "childCount": len(ages),
        "roomClass": call.hotel.room_types[record.room_type].room_class,
        "roomType": record.room_type,
        "roomTypeCharged": record.room_type,
        "numberOfRooms": record.units,
        "ratePlanCode": record.rate_plan,
        "rateAmount": money(runs[0][3], record.currency),
        "fixedRate": bool(record.fixed),
        "totalAmount": money(record.total_minor, record.currency),
        "guarantee": _guarantee(call, record),
        "marketCode": record.market,
        "sourceCode": record.source,
    }
    if ages:
        stay["childAges"] = [{"age": age} for age in ages]
    if record.promotion:
        stay["promotion"] = {"promotionCode": record.promotion}
    answer: Json = {
        "reservationIdList": ids_of(record),
        "roomStay": stay,
        "reservationGuest": guest_summary(call, record.profile),
        "hotelId": record.hotel,
        "hotelName": call.hotel.name,
        "roomStayReservation": True,
        "createDateTime": utc_text(record.created_ms),
        "creatorId": record.creator,
        "lastModifyDateTime": utc_text(record.modified_ms),
        "lastModifierId": record.modifier,
        "reservationStatus": record.status,
        "computedReservationStatus": computed_status(call, record),
    }
    references = references_of(call, record.id)
    if references:
        answer["externalReferences"] = references
    if record.cancelled_on:
        answer["cancellationInfo"] = _reason(record)
    if "Deposits" in wanted or "RevenuesAndBalances" in wanted:
        paid = deposits_minor(call, record.id)
        answer["deposit"] = {"amountPaid": number(paid), "hasPaid": paid > 0}
        answer["revenuesAndBalances"] = {"totalDepositPaid": money(paid, record.currency)}
    return answer


def _room_stay(call: Call, record: Record, rate: Json) -> Json:
    ages = _decode(record.child_ages)
    counts: Json = {"adults": record.adults, "children": len(ages)}
    if ages:
        counts["childAges"] = [{"age": age} for age in ages]
    stay: Json = {
        "arrivalDate": record.arrival,
        "departureDate": record.departure,
        "guestCounts": counts,
        "guarantee": _guarantee(call, record),
        "roomRates": [{**rate, **_room_rate(call, record), "guestCounts": counts}],
        "total": _stay_total(call, record),
    }
    if record.promotion:
        stay["promotion"] = {"promotionCode": record.promotion}
    return stay


def _room_rate(call: Call, record: Record) -> Json:
    rates = [
        {
            "start": first,
            "end": plus(first, count - 1),
            "base": total_of(net, gross, record.currency),
            "total": total_of(net + before_tax(extras, call.hotel.tax_bp), gross + extras, record.currency),
        }
        for first, count, net, gross, extras in runs_of(record.nights)
    ]
    answer: Json = {
        "roomType": record.room_type,
        "ratePlanCode": record.rate_plan,
        "start": record.arrival,
        "end": before(record.departure),
        "numberOfUnits": record.units,
        "marketCode": record.market,
        "sourceCode": record.source,
        "fixedRate": bool(record.fixed),
        "rates": {"rate": rates},
        "total": _stay_total(call, record),
    }
    if record.promotion:
        answer["promotionCode"] = record.promotion
    return answer


def _stay_total(call: Call, record: Record) -> Json:
    net = sum(
        count * (net + before_tax(extras, call.hotel.tax_bp)) for _, count, net, _, extras in runs_of(record.nights)
    )
    return total_of(net * record.units, record.total_minor, record.currency)


def _guarantee(call: Call, record: Record) -> Json:
    text = call.hotel.guarantees[record.guarantee].description[:80]
    return {"guaranteeCode": record.guarantee, "shortDescription": text, "onHold": bool(record.on_hold)}


def _reason(record: Record) -> Json:
    return {"description": record.cancel_text or "", "code": record.cancel_code or "", "date": record.cancelled_on}


def _add_packages(record: Record, answer: Json) -> None:
    codes = _decode(record.packages)
    if codes:
        answer["reservationPackages"] = [
            {"packageCode": code, "startDate": record.arrival, "endDate": before(record.departure)} for code in codes
        ]


def _add_cancellation(record: Record, answer: Json) -> None:
    if record.cancelled_on:
        answer["cancellation"] = {
            **_reason(record),
            "cancellationNo": {"id": record.cancel_number, "type": "Cancellation"},
        }
    if record.reinstated_on:
        answer["reinstateDate"] = record.reinstated_on


def _add_on_demand(call: Call, record: Record, answer: Json, wanted: Container[str]) -> None:
    if "Comments" in wanted:
        answer["comments"] = comments_of(call, record.id)
    if "TotalCostOfStay" in wanted:
        answer["rateSummary"] = _cost_of_stay(call, record)
    if "ReservationPolicies" in wanted:
        answer["reservationPolicies"] = policies_of(call, record, deposits_minor(call, record.id))
    else:
        answer.pop("reservationPolicies", None)
    if "TotalDepositPaid" in wanted or "RevenuesAndBalances" in wanted:
        paid = money(deposits_minor(call, record.id), record.currency)
        answer["cashiering"] = {"revenuesAndBalances": {"totalDepositPaid": paid, "totalPayment": paid}}


def comments_of(call: Call, number_: int) -> list[Json]:
    """The comments of a reservation, oldest first."""
    rows = call.connection.execute(
        "SELECT id, doc FROM reservation_comment WHERE reservation = ? ORDER BY id", (number_,)
    )
    return [{"comment": _decode(doc), "id": str(key), "type": "Reservation"} for key, doc in rows]


def _cost_of_stay(call: Call, record: Record) -> Json:
    details, net_sum, gross_sum, units = [], 0, 0, record.units
    for night in unpack(record.nights):
        package = before_tax(night.extras, call.hotel.tax_bp)
        net, gross = (night.net + package) * units, (night.gross + night.extras) * units
        net_sum, gross_sum = net_sum + net, gross_sum + gross
        details.append(
            {
                "summaryDate": night.day,
                "revenue": number(night.net * units),
                "package": number(package * units),
                "tax": number(gross - net),
                "gross": number(net),
                "net": number(gross),
                "ratePlanCode": record.rate_plan,
                "currencyCode": record.currency,
            }
        )
    paid = deposits_minor(call, record.id)
    return {
        "details": details,
        "gross": number(net_sum),
        "net": number(gross_sum),
        "deposit": number(paid),
        "totalCostOfStay": number(gross_sum),
        "outStandingCostOfStay": number(gross_sum - paid),
        "currencyCode": record.currency,
        "start": record.arrival,
        "end": record.departure,
    }
