"""The configuration part of a seed document, with every default filled in, as it is kept in the `hotel` table."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pms_mock.engine.hotel import FACTOR
from pms_mock.engine.money import minor

Source = Mapping[str, Any]
Json = dict[str, Any]


def hotel_document(item: Source) -> Json:
    """One hotel's configuration; raises KeyError, TypeError or ValueError when something is missing or wrong."""
    ZoneInfo(item["timezone"])
    document: Json = {
        "hotel_id": item["hotel_id"],
        "name": item["name"],
        "timezone": item["timezone"],
        "currency": item["currency"],
        "tax_bp": _scaled(item.get("tax_percent", "0"), 100),
        "children_max_age": int(item.get("children_max_age", 17)),
        "room_types": [_room_type(room) for room in item["room_types"]],
        "packages": [_package(package, item["currency"]) for package in item.get("packages", ())],
        "rate_plans": [_rate_plan(plan) for plan in item["rate_plans"]],
        "guarantees": [_guarantee(guarantee) for guarantee in item["guarantees"]],
        "promotions": [_promotion(promotion) for promotion in item.get("promotions", ())],
    }
    for key in ("cancel_reasons", "turnaway_codes"):
        document[key] = [{"code": r["code"], "description": r.get("description", "")} for r in item.get(key, ())]
    for key in ("market_codes", "source_codes", "payment_methods", "comment_types"):
        document[key] = list(item.get(key, ()))
    document["preferences"] = [
        {"group": p["group"], "code": p["code"], "description": p.get("description", "")}
        for p in item.get("preferences", ())
    ]
    document["scripts"] = [dict(script) for script in item.get("scripts", ())]
    document["sell_messages"] = [dict(message) for message in item.get("sell_messages", ())]
    _check_references(document)
    return document


def _check_references(document: Json) -> None:
    packages = {package["code"] for package in document["packages"]}
    for plan in document["rate_plans"]:
        missing = set(plan["packages"]) - packages
        if missing:
            raise ValueError(
                f"{document['hotel_id']}: rate plan {plan['code']} names unknown packages {sorted(missing)}"
            )
    for kind in ("room_types", "rate_plans", "guarantees"):
        codes = [entry["code"] for entry in document[kind]]
        if len(set(codes)) != len(codes) or not codes:
            raise ValueError(f"{document['hotel_id']}: {kind} are missing or repeat a code")


def _room_type(item: Source) -> Json:
    return {
        "code": item["code"],
        "description": item.get("description", ""),
        "long_description": item.get("long_description", ""),
        "room_class": item.get("room_class", ""),
        "rooms": int(item["rooms"]),
        "overbooking": int(item.get("overbooking", 0)),
        "max_adults": int(item["max_adults"]),
        "max_children": int(item["max_children"]),
        "max_occupancy": int(item["max_occupancy"]),
        "features": list(item.get("features", ())),
    }


def _package(item: Source, currency: str) -> Json:
    return {
        "code": item["code"],
        "description": item.get("description", ""),
        "minor": minor(item["amount"]),
        "currency": item.get("currency", currency),
        "every_night": item.get("rhythm", "EveryNight") == "EveryNight",
        "included": bool(item.get("included", False)),
    }


def _rate_plan(item: Source) -> Json:
    terms = item.get("cancellation") or {}
    penalty = terms.get("penalty") or {"basis": "nights", "value": 0}
    if penalty["basis"] not in {"nights", "percent"}:
        raise ValueError(f"rate plan {item['code']}: penalty basis {penalty['basis']} is neither nights nor percent")
    plan: Json = {key: item.get(key) or "" for key in ("description", "meal_plan", "bookable_from", "bookable_to")}
    plan |= {key: bool(item.get(key, False)) for key in ("breakfast", "lunch", "dinner")}
    plan |= {
        "code": item["code"],
        "currency": item["currency"],
        "market": item.get("market_code", ""),
        "source": item.get("source_code", ""),
        "packages": list(item.get("packages", ())),
        "free_until_days": int(terms.get("free_until_days", 0)),
        "penalty_basis": penalty["basis"],
        "penalty_value": int(Decimal(str(penalty["value"]))),
        "penalty_text": terms.get("text", ""),
        "deposit": _deposit(item.get("deposit")),
        "single_factor": _scaled(item.get("single_factor", "1"), FACTOR),
        "extra_adult_factor": _scaled(item.get("extra_adult_factor", "0.5"), FACTOR),
        "child_rules": [_child_rule(rule) for rule in item.get("child_rules", ())],
    }
    return plan


def _deposit(item: Source | None) -> Json:
    if not item:
        return {}
    if "percent" in item:
        return {"percent": float(Decimal(str(item["percent"])))}
    return {"nights": int(item["nights"])}


def _child_rule(item: Source) -> Json:
    ages = {"order": int(item["order"]), "from_age": int(item["from_age"]), "to_age": int(item["to_age"])}
    return {**ages, "factor": _scaled(item["factor"], FACTOR)}


def _guarantee(item: Source) -> Json:
    return {
        "code": item["code"],
        "description": item.get("description", ""),
        "on_hold": bool(item.get("on_hold", False)),
        "deducts": bool(item.get("reserve_inventory", True)),
        "requirements": {key: bool(value) for key, value in (item.get("requirements") or {}).items()},
    }


def _promotion(item: Source) -> Json:
    return {
        "code": item["code"],
        "name": item.get("name", ""),
        "rate_plans": list(item["rate_plans"]),
        "factor": FACTOR - _scaled(item["percent"], FACTOR // 100),
        "start": item["start"],
        "end": item["end"],
        "sell_end": item.get("sell_end") or item["end"],
    }


def _scaled(text: object, scale: int) -> int:
    value = Decimal(str(text)) * scale
    if value < 0:
        raise ValueError(f"a factor or percentage is negative: {text}")
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
