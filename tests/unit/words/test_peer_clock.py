"""Somebody else's clock, by the Date header of his server."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from integration.adapters.peer_clock import clock_skew

NOW = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)


async def asked(date: str) -> timedelta | None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=401, headers={"Date": date})

    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    skew = await clock_skew(f"http://{host}:{port}/", NOW, 5)
    await runner.cleanup()
    return skew


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        ("Sat, 01 May 2027 09:00:00 GMT", timedelta(0)),
        ("Sat, 01 May 2027 08:58:00 GMT", timedelta(minutes=-2)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_skew_is_told_when_the_server_says_its_time(date: str, skew: timedelta | None) -> None:
    assert asyncio.run(asked(date)) == skew


def test_a_server_that_is_not_there_says_nothing() -> None:
    assert asyncio.run(clock_skew("http://127.0.0.1:9/", NOW, 1)) is None
