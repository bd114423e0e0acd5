"""Cancellation and deposit terms of a reservation, and what a cancellation would cost today.

The dialect's terms: a deadline some days before arrival, and after it a penalty in nights or percent. A deposit asked
for with the reservation (`reservationPolicies.depositPolicies`) is kept and shown; otherwise the rate plan's own is
shown.
"""

from typing import Any

from pms_mock.engine.call import Call
from pms_mock.engine.days import span
from pms_mock.engine.hotel import Hotel, RatePlan
from pms_mock.engine.money import half_up, minor, number
from pms_mock.engine.nights import unpack
from pms_mock.engine.records import Record

Json = dict[str, Any]
_FULL = 100


def policies_of(call: Call, record: Record, paid_minor: int) -> Json:
    """The vendor's `reservationPoliciesType`."""
    sent = (record.document.get("reservationPolicies") or {}).get("depositPolicies") or []
    plan = call.hotel.rate_plans[record.rate_plan]
    deposits = sent or ([{"policy": deposit_policy(plan)}] if plan.deposit else [])
    due = max(0, _deposit_minor(record, plan, sent) - paid_minor)
    currency = record.currency
    answer: Json = {"cancellationPolicies": [{"policy": cancel_policy(plan, currency, penalty_minor(call, record))}]}
    if deposits:
        answer["depositPolicies"] = [
            {
                **policy,
                "amountPaid": {"amount": number(paid_minor), "currencyCode": currency},
                "amountDue": {"amount": number(due), "currencyCode": currency},
            }
            for policy in deposits
        ]
    return answer


def penalty_minor(call: Call, record: Record) -> int:
    """What cancelling today costs, in minor units."""
    plan = call.hotel.rate_plans[record.rate_plan]
    if span(call.today, record.arrival) >= plan.free_until_days:
        return 0
    if plan.penalty_basis == "percent":
        return half_up(record.total_minor * plan.penalty_value, _FULL)
    first = unpack(record.nights)[: plan.penalty_value]
    return sum(night.gross + night.extras for night in first) * record.units


def cancel_policy(plan: RatePlan, currency: str, penalty: int | None = None) -> Json:
    """The terms; with `penalty`, also what they come to now."""
    basis: Json = {"basisType": "Percentage", "percent": plan.penalty_value}
    if plan.penalty_basis == "nights":
        basis = {"basisType": "Nights", "nights": plan.penalty_value}
    if penalty is not None:
        basis |= {"amount": number(penalty), "currencyCode": currency}
    return {
        "deadline": {"offsetFromArrival": plan.free_until_days},
        "amountPercent": basis,
        "penaltyDescription": plan.penalty_text[:2000],
        "offsetUnit": "Day",
        "policyCode": f"{plan.penalty_value}{plan.penalty_basis[:1].upper()}",
        "manual": False,
    }


def deposit_policy(plan: RatePlan) -> Json:
    """The rate plan's own deposit."""
    if "percent" in plan.deposit:
        return {"amountPercent": {"basisType": "Percentage", "percent": plan.deposit["percent"]}, "manual": False}
    return {"amountPercent": {"basisType": "Nights", "nights": plan.deposit["nights"]}, "manual": False}


def guarantee_json(hotel: Hotel, code: str) -> Json:
    """The vendor's `guaranteePolicyType`, without the terms of a rate."""
    guarantee = hotel.guarantees[code]
    return {
        "guaranteeCode": code,
        "shortDescription": {"defaultText": guarantee.description[:80]},
        "policyRequirements": requirements_json(guarantee.requirements),
        "onHold": guarantee.on_hold,
        "reserveInventory": guarantee.deducts,
        "orderSequence": list(hotel.guarantees).index(code) + 1,
    }


def requirements_json(requirements: Json) -> Json:
    """The seed's short names in the vendor's."""
    names = {"phone": "phoneNumber", "credit_card": "creditCard", "deposit": "deposit", "address": "address"}
    return {names.get(key, key): value for key, value in requirements.items() if key in names}


def _deposit_minor(record: Record, plan: RatePlan, sent: list[Json]) -> int:
    terms = (sent[0].get("policy") or {}).get("amountPercent") if sent else None
    terms = terms or ({"percent": plan.deposit.get("percent"), "nights": plan.deposit.get("nights")})
    if terms.get("amount"):
        return minor(terms["amount"])
    if terms.get("nights"):
        first = unpack(record.nights)[: max(0, min(terms["nights"], 9999))]
        return sum(night.gross + night.extras for night in first) * record.units
    return half_up(record.total_minor * round((terms.get("percent") or 0) * 100), 10_000)
