"""Somebody else's service is looked at before load is sent: one sentence instead of a run full of errors."""

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import web

from cli.loadtest.first_look import ME, look_at
from cli.loadtest.target import Target
from domain.errors import InvalidInput, Refused
from integration.errors import StoreUnavailable

ROLES = {"Bearer o": "operator", "Bearer s": "supervisor"}


def looked(tokens: Mapping[str, tuple[str, ...]], path: str = ME) -> None:
    """At a service that has `/v1/me` at `path` and knows two tokens."""

    async def me(request: web.Request) -> web.Response:
        role = ROLES.get(request.headers["Authorization"])
        return web.json_response({"role": role} if role else {"code": "no_token"}, status=200 if role else 401)

    async def work() -> None:
        app = web.Application()
        app.router.add_get(path, me)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            await look_at(Target(f"http://127.0.0.1:{port}", tokens))
        finally:
            await runner.cleanup()

    asyncio.run(work())


def test_a_service_that_takes_the_tokens_is_a_target() -> None:
    looked({"operator": ("o",), "supervisor": ("s",), "admin": ()})


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
