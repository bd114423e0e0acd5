"""Alive, ready, counted; what starts and stops with the service; and the whole thing on a real socket."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import uvicorn

from integration.errors import ConfigurationError, PmsUnavailable, StoreUnavailable
from integration.http.app import create_app
from integration.http.metrics import Metrics
from integration.http.visit import MAX_BODY
from integration.ports.timing import add_pms_time
from tests.fakes.desk import an_office
from tests.service.client import Client
from tests.service.house import HOLD, QUOTE, House, open_house, play


def test_alive_needs_neither_store_nor_pms():
    async def story(house: House) -> None:
        house.office.pms.fail_next("read_room_counts", PmsUnavailable("down"))
        assert (await house.nobody.get("/healthz")).json == {"status": "ok"}

    play(story)


def test_ready_says_which_part_is_missing_and_asks_seldom():
    async def story(house: House) -> None:
        assert (await house.nobody.get("/readyz")).json["status"] == "ready"
        house.office.pms.fail_next("read_room_counts", PmsUnavailable("down"))
        assert (await house.nobody.get("/readyz")).status == 200
        house.office.clock.advance(seconds=5)
        reply = await house.nobody.get("/readyz")
        assert (reply.status, reply.json["status"]) == (503, "not_ready")
        assert {"name": "pms:BELEK1", "status": "failed", "error": "pms_unavailable"} in reply.json["checks"]
        assert {"name": "store", "status": "ok", "error": None} in reply.json["checks"]
        assert house.office.pms.count("read_room_counts") == 2

    play(story)


class BrokenStore:
    """Cannot be used."""

    async def transact(self, work: Any) -> Any:
        raise StoreUnavailable("The disk is full.")

    read = transact

    async def close(self) -> None:
        """Nothing to close."""


def test_a_store_that_cannot_be_written_is_not_ready_and_says_503():
    async def story() -> None:
        client = Client(create_app(replace(an_office().desk, store=BrokenStore())), "snt_x")
        reply = await client.get("/readyz")
        assert (reply.status, reply.json["checks"][0]["error"]) == (503, "store_unavailable")
        asked = await client.get("/v1/me")
        assert (asked.status, asked.json["code"], asked.headers["retry-after"]) == (503, "store_unavailable", "2")

    asyncio.run(story())


def test_metrics_count_by_route_template_and_tell_what_is_open():
    async def story(house: House) -> None:
        metrics: Metrics = house.app.state.service.metrics
        metrics.pms_call("read_rates", 0.02, "ok")
        place = (await house.book()).headers["location"]
        await house.agent.get(place)
        await house.agent.ask("BREW", "/v1/coffee")
        page = (await house.nobody.get("/metrics")).raw.decode()
        assert (
            'santral_http_requests_total{method="GET",route="/v1/reservations/{reservation_id}",status="200"} 1.0'
            in page
        )
        assert 'santral_http_requests_total{method="OTHER",route="(none)",status="404"} 1.0' in page
        assert 'santral_pms_calls_total{operation="read_rates",outcome="ok"} 1.0' in page
        assert 'santral_open{what="live_holds"} 1.0' in page
        assert place.rpartition("/")[2] not in page

    play(story)


def test_the_time_spent_in_the_pms_is_told_apart():
    async def story(house: House) -> None:
        async def call(_operation: str) -> None:
            add_pms_time(0.0404, 0.03)

        house.office.pms.before = call
        reply = await house.agent.post("/v1/quotes", QUOTE)
        told = reply.headers["server-timing"]
        assert told.startswith("pms;dur=80.8, store;dur=")
        assert "queue;dur=0.0, injected;dur=60.0, total;dur=" in told

    play(story)


class Walker:
    """A worker that notes what happens to it."""

    def __init__(self, seen: list[str]) -> None:
        self.seen = seen
        self._end = asyncio.Event()

    async def run(self) -> None:
        self.seen.append("runs")
        await self._end.wait()
        self.seen.append("ends")

    def stop(self) -> None:
        self._end.set()


async def lifespan(app: Any, seen: list[str]) -> list[str]:
    """Start and stop an application; what it answered."""
    answers: list[str] = []
    waiting = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, str]:
        await asyncio.sleep(0)
        if waiting[0]["type"] == "lifespan.shutdown":
            seen.append("serves")
        return waiting.pop(0)

    async def send(message: Any) -> None:
        answers.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    return answers


def test_workers_run_beside_the_requests_and_end_before_the_doors_close():
    async def story() -> None:
        seen: list[str] = []

        def hook(name: str) -> Any:
            async def note() -> None:
                seen.append(name)

            return note

        app = create_app(
            an_office().desk, workers=[Walker(seen)], on_start=[hook("checked")], on_close=[hook("closed")]
        )
        answers = await lifespan(app, seen)
        assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        assert seen == ["checked", "runs", "serves", "ends", "closed"]

    asyncio.run(story())


def test_a_mapping_that_does_not_fit_keeps_the_service_from_starting():
    async def story() -> None:
        async def check() -> None:
            raise ConfigurationError("Guarantee code HOLD is not known to the PMS.")

        with pytest.raises(ConfigurationError, match="HOLD"):
            await lifespan(create_app(an_office().desk, on_start=[check]), [])

    asyncio.run(story())


async def started(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_a_sale_over_a_real_socket():
    async def story() -> None:
        house = await open_house()
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(house.app, log_config=None, access_log=False, ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await started(server)
        headers = {"Authorization": f"Bearer {house.agent.token}"}
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:
            async with session.post("/v1/quotes", json=QUOTE) as quote:
                offer = await quote.json()
                assert (quote.status, quote.content_type) == (200, "application/json")
            sale, key = {**HOLD, "offer_id": offer["offer_id"]}, {"Idempotency-Key": '"k-1"'}
            async with session.post("/v1/reservations", json=sale, headers=key) as held:
                first = await held.read()
                assert held.status == 201
            async with session.post("/v1/reservations", json=sale, headers=key) as again:
                assert (await again.read(), again.headers["Idempotency-Replayed"]) == (first, "true")

            async def endless() -> AsyncIterator[bytes]:
                for _ in range(MAX_BODY // 65536 + 1):
                    yield b" " * 65536

            async with session.post("/v1/quotes", data=endless(), headers={"Content-Type": "application/json"}) as huge:
                assert (huge.status, (await huge.json(content_type=None))["code"]) == (413, "body_too_large")
        server.should_exit = True
        await serving

    asyncio.run(story())
