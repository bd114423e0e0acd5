"""One key, many callers at once: one record, one answer; whoever is too early is told that it is being carried out.

The guard is the intent's key, taken in our store before the PMS is asked. The twin gives every caller a store of his
own: all of them reach the PMS, which takes every reference as often as it is given.
"""

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from cli.demo_client import Reply
from domain.access import Actor, Role
from domain.reservation import Guarantee, ReservationState
from integration.adapters.store import open_store
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard
from tests.torture.books import differences, read_books, suites_left, unsettled
from tests.torture.house import (
    CHECK_IN,
    SUITE,
    SUITES,
    House,
    a_desk,
    a_house,
    a_pms,
    a_sale,
    a_service,
    agent_of,
    insist,
    leave,
)

CALLERS = 20


async def _rush(house: House, url: str) -> tuple[list[Reply], Reply]:
    """The same agent, key and request on twenty connections."""
    gate = asyncio.Event()

    async def caller() -> Reply:
        async with agent_of(house, url) as agent:
            await gate.wait()
            return await agent.post("/v1/reservations", a_sale(), key="one-key")

    calls = [asyncio.create_task(caller()) for _ in range(CALLERS)]
    gate.set()
    replies = await asyncio.gather(*calls)
    async with agent_of(house, url) as agent:
        return replies, await insist(agent, "/v1/reservations", a_sale(), "one-key")


def _prove(house: House, replies: list[Reply], last: Reply) -> None:
    told = Counter(
        (one.status, one.body.get("code", one.headers.get("idempotency-replayed", "made"))) for one in replies
    )
    assert told[201, "made"] == 1
    assert told.keys() <= {(201, "made"), (201, "true"), (409, "in_flight")}
    made = [one.body for one in replies if one.status == 201]
    assert all(body == last.body for body in made)
    assert house.asked("postReservation") == 1
    assert house.asked("postProfile") + house.asked("postGuestProfile") == 1
    assert len(read_books(house).theirs) == 1
    assert (differences(house), unsettled(house), suites_left(house)) == ([], [], SUITES - 1)


def test_twenty_clients_with_one_key_make_one_reservation(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    with a_pms(house, workers=1) as (_, pms_url), a_service(house, pms_url) as (_, url):
        _prove(house, *asyncio.run(_rush(house, url)))


@pytest.mark.torture
@pytest.mark.parametrize("round_", range(3))
def test_twenty_clients_with_one_key_make_one_reservation_through_four_workers(tmp_path: Path, round_: int) -> None:
    house = a_house(tmp_path)
    with a_pms(house) as (_, pms_url), a_service(house, pms_url, workers=4) as (_, url):
        _prove(house, *asyncio.run(_rush(house, url)))


def test_twin_without_the_shared_key_every_caller_makes_one(tmp_path: Path) -> None:
    house, callers = a_house(tmp_path), 3
    wish = StayWish(CHECK_IN, 2, 2, room_type=SUITE, rate_plan="UAI-FLEX", currency="EUR")
    card = GuestCard("Anna Schmidt", "+4915123456789")
    request = BookRequest(ReservationState.CONFIRMED, "one-key", wish=wish, card=card, guarantee=Guarantee.CARD)

    async def story(desk: Desk) -> None:
        alone = [replace(desk, store=open_store(None, inline=True, create=True)) for _ in range(callers)]
        agent = Actor("agent0", Role.OPERATOR, "test")
        await asyncio.gather(*(book_stay(one, agent, request) for one in alone))
        await leave(desk)

    with a_desk(house) as desk:
        asyncio.run(story(desk))
    assert [len(read_books(house).live), suites_left(house)] == [callers, SUITES - callers]
    assert len({one["ref"] for one in read_books(house).live}) == 1
