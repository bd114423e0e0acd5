"""A small hotel with the codes of the vendor examples, and a caller that speaks to it in process or on a socket."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from pms_mock import control
from pms_mock.app import ASGIApp, create_app
from pms_mock.store import MockStore

Json = dict[str, Any]
HOTEL = "ANTALYA1"
APP_KEY = "41ecd082-8997-4c69-af34-2f72b83645ff"
TODAY = "2026-06-01"
PRICES = {"FAMSV": "410.00", "STD": "200.00"}
STEPS = 400


def a_client(name: str = "santral", hotels: tuple[str, ...] = (HOTEL,), **changes: Any) -> Json:
    return {
        "client_id": name,
        "client_secret": f"{name}-secret",
        "app_key": APP_KEY,
        "username": f"{name.upper()}_INT",
        "password": f"{name}-password",
        "enterprise_id": "ENT1",
        "hotels": list(hotels),
        **changes,
    }


def a_room_type(code: str = "FAMSV", rooms: int = 5, **changes: Any) -> Json:
    return {
        "code": code,
        "description": f"Room {code}",
        "long_description": "With a view",
        "room_class": "ALL",
        "rooms": rooms,
        "max_adults": 3,
        "max_children": 2,
        "max_occupancy": 4,
        "features": ["SEA"],
        **changes,
    }


def a_rate_plan(code: str = "UAI-FLEX", currency: str = "EUR", **changes: Any) -> Json:
    return {
        "code": code,
        "description": "Ultra all inclusive",
        "currency": currency,
        "market_code": "DIRECT",
        "source_code": "PHONE",
        "meal_plan": "UAI",
        "breakfast": True,
        "lunch": True,
        "dinner": True,
        "packages": [],
        "cancellation": {
            "free_until_days": 3,
            "penalty": {"basis": "nights", "value": 1},
            "text": "Free until 3 days before",
        },
        "deposit": {"nights": 1},
        "prices": [
            {"room_type": r, "start": "2026-05-01", "end": "2026-12-31", "amount": a} for r, a in PRICES.items()
        ],
        "single_factor": "0.80",
        "extra_adult_factor": "0.35",
        "child_rules": [
            {"order": 1, "from_age": 0, "to_age": 11, "factor": "0"},
            {"order": 2, "from_age": 0, "to_age": 11, "factor": "0.5"},
        ],
        **changes,
    }


def a_guarantee(code: str, *, deducts: bool = True, **requirements: bool) -> Json:
    return {
        "code": code,
        "description": code,
        "on_hold": False,
        "reserve_inventory": deducts,
        "requirements": requirements,
    }


def a_profile(name: str = "900123", **changes: Any) -> Json:
    return {
        "profile_id": name,
        "given_name": "Deniz",
        "surname": "Yilmaz",
        "language": "TR",
        "nationality": "TR",
        "phones": ["+905321112233"],
        "emails": ["Deniz@example.com"],
        "vip_code": "VIP1",
        "segment": "REPEAT",
        "preferences": [{"group": "ROOM", "code": "HIGH"}],
        "notes": ["Likes a quiet floor"],
        "external_references": [{"id": "G-1", "id_context": "CALLCENTRE"}],
        **changes,
    }


def a_stay(confirmation: str = "S1", **changes: Any) -> Json:
    return {
        "confirmation": confirmation,
        "profile_id": "900123",
        "room_type": "STD",
        "rate_plan": "UAI-FLEX",
        "arrival": "2026-07-01",
        "departure": "2026-07-04",
        "adults": 2,
        "child_ages": [6],
        "amount_per_night": "190.00",
        "guarantee_code": "PAID",
        "status": "Reserved",
        "market_code": "DIRECT",
        "source_code": "PHONE",
        "created_on": "2026-02-01",
        **changes,
    }


def a_document(**changes: Any) -> Json:
    hotel: Json = {
        "hotel_id": HOTEL,
        "name": "Antalya One",
        "timezone": "Europe/Istanbul",
        "currency": "EUR",
        "tax_percent": "12",
        "children_max_age": 17,
        "room_types": [a_room_type(), a_room_type("STD", 10)],
        "packages": [
            {"code": "HONEY", "description": "Honeymoon", "amount": "50", "rhythm": "ArrivalNight", "included": False},
            {"code": "SPA", "description": "Spa", "amount": "10", "rhythm": "EveryNight", "included": False},
        ],
        "rate_plans": [
            a_rate_plan(),
            a_rate_plan(
                "UAI-NREF", cancellation={"free_until_days": 999, "penalty": {"basis": "percent", "value": 100}}
            ),
        ],
        "restrictions": [],
        "guarantees": [
            a_guarantee("HOLD"),
            a_guarantee("OPT", deposit=True, phone=True),
            a_guarantee("PAID", deposit=True),
            a_guarantee("CARD", credit_card=True),
            a_guarantee("TENT", deducts=False),
        ],
        "cancel_reasons": [
            {"code": "OPTEXP", "description": "Option expired"},
            {"code": "GUEST", "description": "Guest"},
        ],
        "turnaway_codes": [{"code": "PRICE", "description": "Too dear", "kind": "Regret"}],
        "market_codes": ["DIRECT", "OTA"],
        "source_codes": ["PHONE", "WEB"],
        "payment_methods": ["CA", "BT", "CARD"],
        "comment_types": ["GEN", "RES"],
        "preferences": [{"group": "ROOM", "code": "HIGH", "description": "High floor"}],
        "promotions": [
            {
                "code": "EARLY",
                "name": "Early",
                "rate_plans": ["UAI-FLEX"],
                "percent": "10",
                "start": "2026-07-01",
                "end": "2026-07-31",
            }
        ],
        "scripts": [{"type": "GREETING", "language": "TR", "text": "Hoş geldiniz"}],
        "sell_messages": [{"code": "M1", "text": "Mention the spa", "start": "2026-01-01", "end": "2026-12-31"}],
        "profiles": [a_profile()],
        "reservations": [],
    }
    hotel.update(changes)
    return {
        "format": 1,
        "clients": [a_client(), a_client("other")],
        "external_systems": ["CALLCENTRE", "External", "SANTRAL"],
        "hotels": [hotel],
    }


def a_store(path: str | None = None, **changes: Any) -> MockStore:
    store = control.open_store(path)
    control.seed(store, a_document(**changes))
    set_today(store, TODAY)
    return store


def set_today(store: MockStore, day: str) -> None:
    from datetime import UTC, datetime

    control.clock(store, set=datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC))


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def id(self) -> str:
        return self.headers["location"].rsplit("/", 1)[1]


@dataclass
class Caller:
    """Calls the application in process, with a token; every answer is kept in `seen` for conformance."""

    app: ASGIApp
    client: str = "santral"
    token: str = ""
    seen: list[tuple[str, str, Reply]] = field(default_factory=list)

    def login(self) -> Caller:
        basic = base64.b64encode(f"{self.client}:{self.client}-secret".encode()).decode()
        form = {
            "grant_type": "password",
            "username": f"{self.client.upper()}_INT",
            "password": f"{self.client}-password",
        }
        reply = self.raw(
            "POST",
            "/oauth/v1/tokens",
            body=urlencode(form).encode(),
            headers={
                "authorization": f"Basic {basic}",
                "x-app-key": APP_KEY,
                "content-type": "application/x-www-form-urlencoded",
            },
        )
        assert reply.status == 200, reply.raw
        self.token = reply.json["access_token"]
        return self

    def headers(self, **changes: str | None) -> dict[str, str]:
        own = {"authorization": f"Bearer {self.token}", "x-app-key": APP_KEY, "x-hotelid": HOTEL, "host": "pms.test"}
        merged: dict[str, str | None] = {**own, **{k.replace("_", "-"): v for k, v in changes.items()}}
        return {k: v for k, v in merged.items() if v is not None}

    def get(self, path: str, **query: Any) -> Reply:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Json) -> Reply:
        return self.call("POST", path, body=body)

    def put(self, path: str, body: Json) -> Reply:
        return self.call("PUT", path, body=body)

    def delete(self, path: str) -> Reply:
        return self.call("DELETE", path)

    def call(
        self, method: str, path: str, *, query: Json | None = None, body: Json | None = None, **headers: str | None
    ) -> Reply:
        raw = b"" if body is None else json.dumps(body).encode()
        extra = self.headers(**headers)
        if body is not None:
            extra.setdefault("content-type", "application/json")
        return self.raw(method, path, query=urlencode(query or {}, doseq=True), body=raw, headers=extra)

    def raw(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
    ) -> Reply:
        reply = asyncio.run(ask(self.app, method, path, query, body, headers or {}))
        self.seen.append((method, path, reply))
        return reply


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    query: str = "",
    body: bytes = b"",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
) -> Reply:
    """One request straight into the ASGI application."""
    pairs = list(headers.items()) if isinstance(headers, dict) else headers or []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": quote(path, safe="/%:@").encode(),
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in pairs],
    }
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    answered = {k.decode(): v.decode("latin-1") for k, v in messages[0]["headers"]}
    return Reply(messages[0]["status"], answered, b"".join(m.get("body", b"") for m in messages[1:]))


def a_caller(store: MockStore | None = None, client: str = "santral", **changes: Any) -> Caller:
    return Caller(create_app(store or a_store(**changes)), client).login()


def a_reservation(**changes: Any) -> Json:
    stay: Json = {
        "arrivalDate": changes.pop("arrival", "2026-07-10"),
        "departureDate": changes.pop("departure", "2026-07-12"),
        "guestCounts": changes.pop("guests", {"adults": 2, "children": 0}),
        "guarantee": {"guaranteeCode": changes.pop("guarantee", "HOLD"), **changes.pop("hold", {})},
        "roomRates": changes.pop(
            "rates",
            [
                {
                    "roomType": changes.pop("room", "FAMSV"),
                    "ratePlanCode": changes.pop("plan", "UAI-FLEX"),
                    "numberOfUnits": changes.pop("units", 1),
                }
            ],
        ),
    }
    return {
        "hotelId": HOTEL,
        "reservationStatus": "Reserved",
        "externalReferences": [{"id": changes.pop("ref", "REF-1"), "idContext": changes.pop("system", "SANTRAL")}],
        "roomStay": {**stay, **changes.pop("stay", {})},
        "reservationGuests": [
            {"primary": True, "profileInfo": {"profileIdList": [{"id": "900123", "type": "Profile"}]}}
        ],
        **changes,
    }


def a_create(**changes: Any) -> Json:
    return {"reservations": {"reservation": [a_reservation(**changes)]}}


def a_change(**changes: Any) -> Json:
    return {"reservations": [changes]}


def a_cancel(number: str, **changes: Any) -> Json:
    item = {"hotelId": HOTEL, "reservationIdList": [{"id": number, "type": "Reservation"}], **changes.pop("item", {})}
    return {"reason": {"code": "GUEST"}, "reservations": [item], **changes}


RES = f"/rsv/v1/hotels/{HOTEL}/reservations"
AVAIL = f"/par/v1/hotels/{HOTEL}/availability"
Work = Callable[[], None]
