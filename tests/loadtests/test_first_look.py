"""Somebody else's service is looked at before load is sent: one sentence instead of a run full of errors."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from aiohttp import web

from cli.loadtest.first_look import CALLS, ME, clock_offset, look_at, look_for
from cli.loadtest.target import Target
from domain.errors import InvalidInput, Refused
from integration.adapters.clock import SystemClock
from integration.errors import StoreUnavailable

AHEAD = timedelta(days=253, seconds=7)
ROLES = {"Bearer o": "operator", "Bearer s": "supervisor"}


def looked(
    tokens: Mapping[str, tuple[str, ...]], path: str = ME, *, is_clock_asked: bool = False, hotels: tuple[str, ...] = ()
) -> timedelta:
    """At a service that has `/v1/me` at `path`, knows two tokens, and is `AHEAD` of this machine."""

    async def me(request: web.Request) -> web.Response:
        role = ROLES.get(request.headers["Authorization"])
        return web.json_response({"role": role} if role else {"code": "no_token"}, status=200 if role else 401)

    async def clocks(_request: web.Request) -> web.Response:
        return web.json_response({"as_of": f"{SystemClock().now() + AHEAD:%Y-%m-%dT%H:%M:%S.%fZ}"})

    async def calls(request: web.Request) -> web.Response:
        return web.json_response({}, status=200 if request.query["hotel"] == "BELEK1" else 404)

    async def work() -> timedelta:
        app = web.Application()
        app.router.add_get(CALLS, calls)
        app.router.add_get(path, me)
        app.router.add_get("/v1/clocks" if path == ME else "/elsewhere/too", clocks)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            target = Target(f"http://127.0.0.1:{port}", tokens)
            if not is_clock_asked:
                await look_at(target)
                await look_for(target, hotels)
            return await clock_offset(target, SystemClock())
        finally:
            await runner.cleanup()

    return asyncio.run(work())


def test_a_service_that_takes_the_tokens_is_a_target() -> None:
    looked({"operator": ("o",), "supervisor": ("s",), "admin": ()})


def test_a_service_without_the_scenario_s_hotels_is_told_before_any_load() -> None:
    looked({"operator": ("o",)}, hotels=("BELEK1",))
    with pytest.raises(InvalidInput, match="has no hotel DEMO1"):
        looked({"operator": ("o",)}, hotels=("BELEK1", "DEMO1"))


def test_its_clock_is_read_from_itself_and_not_from_this_machine_s_settings() -> None:
    assert abs(looked({"operator": ("o",)}) - AHEAD) < timedelta(seconds=5)


def test_a_service_without_a_clock_is_no_santral() -> None:
    with pytest.raises(InvalidInput, match="as Santral does"):
        looked({"operator": ("o",)}, "/elsewhere", is_clock_asked=True)


def test_a_token_it_does_not_take_is_told_by_its_role() -> None:
    with pytest.raises(Refused, match="token for supervisor"):
        looked({"operator": ("o",), "supervisor": ("old",)})


def test_a_token_of_another_role_is_told() -> None:
    with pytest.raises(InvalidInput, match="token for operator is one for supervisor"):
        looked({"operator": ("s",)})


def test_something_else_at_the_address_is_told() -> None:
    with pytest.raises(InvalidInput, match="as Santral does"):
        looked({"operator": ("o",)}, "/elsewhere")


def test_a_service_that_is_down_is_told() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer"):
        asyncio.run(look_at(Target("http://127.0.0.1:1", {"operator": ("o",)})))
