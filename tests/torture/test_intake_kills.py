"""kill -9 of the real service while it takes a delivery in: after a restart every contact is there, once.

A thousand messages of fifty guests come in one signed webhook; the service acknowledges it and dies at a named point of
taking it in. The one that is started again finds the delivery pending and goes on.
"""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.intake.reception import SECRET, Writer, message, signed, webhook
from tests.torture.house import HOTEL, NOW, House, a_doomed_service, a_house, a_pms, a_service, until

HOOKS = f"""
[hooks.whatsapp]
wire = "whatsapp"
hotel = "{HOTEL}"
secrets = ["{SECRET}"]
verify_token = "verify-me-please"
"""
MESSAGES, GUESTS = 1_000, 50


def body() -> bytes:
    """A thousand messages."""
    guests = [Writer(f"+9053200{one:05d}", f"TR.{one:010d}", "Anna") for one in range(GUESTS)]
    return webhook(
        *((guest := guests[one % GUESTS], message(guest, f"no {one}", NOW + timedelta(seconds=one % 250), f"w{one}"))
          for one in range(MESSAGES))
    )  # fmt: skip


async def deliver(url: str, content: bytes) -> int | None:
    """The status; None when nobody answers any more."""
    headers = dict(signed(content, NOW).headers)
    with suppress(aiohttp.ClientError, TimeoutError):
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url}/hooks/whatsapp", data=content, headers=headers) as reply,
        ):
            return reply.status
    return None


def rows(house: House, sql: str) -> list[Any]:
    with sqlite3.connect(house.store_path) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.torture
@pytest.mark.parametrize(("point", "passing"), [("delivery_read", 1), ("effects_made", 4), ("effects_stored", 7)])
def test_a_service_killed_while_it_takes_in_loses_and_doubles_nothing(tmp_path: Path, point: str, passing: int) -> None:
    house = a_house(tmp_path)
    (house.folder / "channels.toml").write_text(HOOKS, "utf-8")
    with a_pms(house) as (_, pms_url):
        with a_doomed_service(house, pms_url) as (process, url):
            house.doom_file.write_text(f"{point} {passing}", "ascii")
            asyncio.run(deliver(url, body()))

            async def is_dead() -> bool:
                return process.poll() is not None

            asyncio.run(until(is_dead, "the service's death"))
        house.doom_file.unlink()
        assert rows(house, "SELECT state FROM deliveries") == [("pending",)]
        with a_service(house, pms_url, at=NOW + timedelta(minutes=1)) as (_, url):

            async def is_done() -> bool:
                return rows(house, "SELECT state FROM deliveries") == [("done",)]

            asyncio.run(until(is_done, "the rest of the delivery"))
            assert asyncio.run(deliver(url, body())) == 200

            async def is_repeated() -> bool:
                return rows(house, "SELECT state FROM deliveries") == [("done",), ("done",)]

            asyncio.run(until(is_repeated, "the repeated delivery"))
        numbers = [number for (number,) in rows(house, "SELECT provider_id FROM messages")]
        assert sorted(numbers) == sorted(f"w{one}" for one in range(MESSAGES))
        assert rows(house, "SELECT count(*) FROM cases WHERE joined_into IS NULL") == [(GUESTS,)]
