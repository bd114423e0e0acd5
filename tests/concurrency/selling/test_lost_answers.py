"""Answers that are lost on a real socket: whatever was written is found, acknowledged, and there once.

The hotel's system does the work, commits, and breaks the connection. The service may not send again and may not say
"unknown" when it can look. The twin is a client that sends again: the same checks see the second record.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.access import Actor, Role
from domain.reservation import Guarantee, ReservationState
from integration.errors import PmsOutcomeUnknown
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard
from tests.torture.books import differences, read_books, unsettled
from tests.torture.house import CHECK_IN, SUITE, House, a_desk, a_house, a_pms, a_service, agent_of, leave
from tests.torture.scenes import KEY, SCENES

NAMES = ("hold", "change", "cancel", "pay", "confirm", "reinstate")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str, str]]:
    house = a_house(tmp_path_factory.mktemp("lost"))
    with a_pms(house) as (_, pms_url), a_service(house, pms_url) as (_, url):
        yield house, pms_url, url


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_a_write_whose_answer_is_lost_is_acknowledged_and_there_once(
    model: tuple[House, str, str], number: int
) -> None:
    house, _, url = model
    before = len(read_books(house).theirs)

    async def story() -> tuple[str, str, int]:
        async with agent_of(house, url, number) as agent:
            scene = await SCENES[NAMES[number]](agent)
            was = house.asked(scene.operation)
            house.fault("lost_answer", scene.operation)
            reply = await agent.post(scene.path, scene.body, key=KEY)
            again = await agent.post(scene.path, scene.body, key=KEY)
            assert reply.status in {200, 201}, reply.body
            assert again.body == reply.body
            assert reply["status"] == scene.ends
            assert house.asked(scene.operation) == was + 1
            end = await agent.post(f"/v1/reservations/{reply['reservation_id']}/cancel", {}, key="end")
            return reply["reservation_id"], scene.operation, end.status

    asyncio.run(story())
    books = read_books(house)
    assert len(books.theirs) == before + 1
    assert (differences(house), unsettled(house)) == ([], [])


class SendsAgain:
    """The guard off: a PMS client that takes a lost answer for a failure and sends the same thing again."""

    def __init__(self, desk: Desk) -> None:
        self._pms = desk.pms

    def __getattr__(self, name: str) -> object:
        return getattr(self._pms, name)

    async def create_booking(self, *what: object) -> object:
        try:
            return await self._pms.create_booking(*what)  # type: ignore[arg-type]
        except PmsOutcomeUnknown:
            return await self._pms.create_booking(*what)  # type: ignore[arg-type]


def test_twin_a_client_that_sends_again_makes_two(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    wish = StayWish(CHECK_IN, 2, 2, room_type=SUITE, rate_plan="UAI-FLEX", currency="EUR")
    card = GuestCard("Anna Schmidt", "+4915123456789")
    request = BookRequest(ReservationState.CONFIRMED, KEY, wish=wish, card=card, guarantee=Guarantee.CARD)

    async def story(desk: Desk) -> None:
        house.fault("lost_answer", "postReservation")
        careless = replace(desk, pms=SendsAgain(desk))  # type: ignore[arg-type]
        await book_stay(careless, Actor("agent0", Role.OPERATOR, "test"), request)
        await leave(desk)

    with a_pms(house, workers=1) as (_, pms_url), a_desk(house, pms_url) as desk:
        asyncio.run(story(desk))
    assert "2 live records" in {one.split(": ")[1] for one in differences(house)}
