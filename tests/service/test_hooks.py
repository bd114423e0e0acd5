"""What providers deliver over HTTP: proven, stored, answered at once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from integration.errors import StoreUnavailable
from integration.http.app import create_app
from integration.http.metrics import Metrics
from integration.http.routes.hooks import MOST
from integration.ports.channels import Delivery
from integration.workers.intake import Intake
from tests.intake.reception import MIDNIGHT, TOKEN, Reception, Writer, a_reception, message, ring, signed, webhook
from tests.service.client import Reply, call, scope_of
from tests.service.house import Ears

ANNA = Writer("+905320000001", "TR.1111111111", "Anna")
NINE = MIDNIGHT + timedelta(hours=6)


@dataclass
class Door:
    """The application, and what it woke."""

    desk: Reception
    app: FastAPI
    metrics: Metrics
    woken: list[str]

    def post(
        self, path: str, delivery: Delivery, method: str = "POST", params: Mapping[str, Any] | None = None
    ) -> Reply:
        scope = scope_of(method, path, dict(params or {}), dict(delivery.headers))
        return asyncio.run(call(self.app, scope, delivery.body))

    def counted(self, hook: str, outcome: str) -> float:
        found = self.metrics.registry.get_sample_value("santral_deliveries_total", {"hook": hook, "outcome": outcome})
        return found or 0.0


def a_door() -> Door:
    desk, metrics, woken = a_reception(), Metrics(), list[str]()
    desk.office.clock.set(NINE)
    return Door(desk, create_app(desk.desk, metrics=metrics, log=Ears(), wake=woken.append), metrics, woken)


def hello(text: str = "hello") -> Delivery:
    return signed(webhook((ANNA, message(ANNA, text, NINE, "wamid.1"))), NINE)


def test_a_proven_delivery_is_stored_and_wakes_the_intake():
    door = a_door()
    assert door.post("/hooks/whatsapp", hello()).status == 200
    (stored,) = door.desk.read(lambda tx: tx.pending_deliveries(10))
    assert door.woken == [stored.delivery_id]
    assert stored.body == hello().body
    assert door.counted("whatsapp", "stored") == 1


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [({}, "refused_missing"), ({"x-hub-signature-256": "sha256=00"}, "refused_wrong")],
)
def test_a_signature_that_is_missing_or_wrong_is_refused_and_counted(headers: dict[str, str], outcome: str):
    door = a_door()
    assert door.post("/hooks/whatsapp", replace(hello(), headers=headers)).status == 401
    assert door.counted("whatsapp", outcome) == 1
    assert door.desk.read(lambda tx: tx.pending_deliveries(10)) == []


def test_an_old_signature_is_refused_and_counted():
    from tests.intake.day import form

    door = a_door()
    lead = form("lead-1", {"name": "Anna", "phone": "+905320000001"}, NINE)
    assert door.post("/hooks/form", lead).status == 200
    door.desk.office.clock.set(NINE + timedelta(minutes=10))
    assert door.post("/hooks/form", lead).status == 401
    assert door.counted("form", "refused_old") == 1


def test_a_secret_path_is_a_proof_and_is_not_kept():
    door = a_door()
    step = ring("newCall", "c1", "+905320000001", NINE)
    assert door.post(f"/hooks/exchange/{TOKEN}", step).status == 200
    assert door.post(f"/hooks/exchange/{TOKEN[::-1]}", step).status == 401
    (stored,) = door.desk.read(lambda tx: tx.pending_deliveries(10))
    assert TOKEN not in str(stored)


def test_a_provider_that_asks_whether_we_are_there_gets_its_challenge_back():
    door = a_door()
    asked = {"hub.mode": "subscribe", "hub.verify_token": "verify-me-please", "hub.challenge": "1158201444"}
    reply = door.post("/hooks/whatsapp", replace(hello(), body=b""), "GET", asked)
    assert (reply.status, reply.raw) == (200, b"1158201444")
    refused = door.post("/hooks/whatsapp", replace(hello(), body=b""), "GET", {**asked, "hub.verify_token": "x" * 20})
    assert refused.status == 401


def test_an_unknown_hook_is_not_there():
    assert a_door().post("/hooks/fax", hello()).status == 404


def test_four_megabytes_are_taken_and_six_are_not():
    door = a_door()
    assert door.post("/hooks/whatsapp", hello("ş" * 2 * 1024 * 1024)).status == 200
    assert door.post("/hooks/whatsapp", Delivery(b"x" * (MOST + 1), {}, "", NINE)).status == 413
    assert door.counted("whatsapp", "too_large") == 1
    assert sum(one.effects for one in door.desk.take_in()) == 1


def test_a_store_that_is_down_makes_the_provider_send_again():
    class Down:
        """Cannot be written."""

        async def transact(self, _work: Any) -> Any:
            raise StoreUnavailable("The disk is full.")

        read = transact

        async def close(self) -> None:
            """Nothing to close."""

    door = a_door()
    app = create_app(replace(door.desk.desk, store=Down()), metrics=door.metrics, log=Ears())
    assert replace(door, app=app).post("/hooks/whatsapp", hello()).status == 503
    assert door.counted("whatsapp", "store_down") == 1


def test_the_worker_takes_in_what_it_is_woken_for_and_what_others_left_behind():
    door = a_door()
    worker = Intake(door.desk.desk, Ears())
    door.post("/hooks/whatsapp", hello())
    asyncio.run(worker.work())
    assert door.desk.texts() == []
    worker.wake(door.woken[0])
    asyncio.run(worker.work())
    assert door.desk.texts() == [["hello"]]
    door.post("/hooks/whatsapp", signed(webhook((ANNA, message(ANNA, "more", NINE, "wamid.2"))), NINE))
    door.desk.office.clock.advance(seconds=3)
    asyncio.run(worker.work())
    assert door.desk.texts() == [["hello", "more"]]
