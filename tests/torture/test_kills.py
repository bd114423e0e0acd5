"""kill -9 at every named point of every kind of write: after a restart the same key ends in exactly one of it.

The service dies where it is told to (tests/torture/doomed.py), is started again four minutes later by its clock, and
the caller repeats what got no answer. What must hold: the same request has one outcome, our store and the PMS agree on
everything (tests/torture/books.py), and no write was carried out twice. A deposit whose call may never have left is
the exception: a machine does not send it again, so it stays open for a person, and nothing else may touch the
reservation.
"""

import asyncio
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from cli.demo_client import Reply
from tests.postgres import STORES, server_of
from tests.torture.books import differences, read_books, store_rows, unsettled
from tests.torture.house import NOW, House, a_doomed_service, a_house, a_pms, a_sale, a_service, agent_of, insist, until
from tests.torture.scenes import KEY, RESERVATIONS, SCENES, Scene

LATER = NOW + timedelta(minutes=4)
POINTS = ("intent_stored", "pms_answered", "verified", "outcome_unknown", "outcome_stored")
OF_BOOKING = {"hold", "book"}


async def _until_killed(
    house: House, url: str, name: str, point: str, passing: int, process: "subprocess.Popen[str]"
) -> Scene:
    """Play the scene and make its request, which the service does not survive."""
    async with agent_of(house, url) as agent:
        scene = await SCENES[name](agent)
        if point == "outcome_unknown":
            house.fault("lost_answer", scene.operation)
        house.doom_file.write_text(f"{point} {passing}", "ascii")
        with pytest.raises((aiohttp.ClientError, TimeoutError)):
            await agent.post(scene.path, scene.body, key=KEY)

        async def is_dead() -> bool:
            return process.poll() is not None

        await until(is_dead, "the service's death")
    assert process.returncode == -signal.SIGKILL
    return scene


def kill_in(house: House, pms_url: str, name: str, point: str, passing: int = 1) -> Scene:
    """A scene whose request killed the service; four minutes have passed since."""
    with a_doomed_service(house, pms_url) as (process, url):
        scene = asyncio.run(_until_killed(house, url, name, point, passing, process))
    house.doom_file.unlink()
    house.set_pms_clock(LATER)
    return scene


async def _repeat(house: House, url: str, scene: Scene) -> tuple[Reply, Reply]:
    async with agent_of(house, url) as agent:
        first = await insist(agent, scene.path, scene.body, KEY)
        return first, await insist(agent, scene.path, scene.body, KEY)


def _prove(house: House, pms_url: str, scene: Scene) -> None:
    with a_service(house, pms_url, at=LATER) as (_, url):
        first, second = asyncio.run(_repeat(house, url, scene))
        asyncio.run(_until_at_rest(house))
    assert first.status in {200, 201}, first.body
    assert first["status"] == scene.ends
    assert second.body == first.body
    assert second.headers["idempotency-replayed"] == "true"
    books = read_books(house)
    assert [one["reservation_id"] for one in books.ours] == [first["reservation_id"]]
    assert (len(books.theirs), len(books.deposits)) == (1, scene.paid)
    assert differences(house) == []


async def _until_at_rest(house: House) -> None:
    """The service's resolver has taken over what nobody came back for (the guest's own record, for one)."""

    async def is_at_rest() -> bool:
        return unsettled(house) == []

    await until(is_at_rest, "the end of every write")


def _end(house: House, name: str, point: str, passing: int) -> None:
    with a_pms(house, workers=1) as (_, pms_url):
        scene = kill_in(house, pms_url, name, point, passing)
        if (name, point) == ("pay", "intent_stored"):
            _prove_left_to_a_person(house, pms_url, scene)
        else:
            _prove(house, pms_url, scene)
    if name == "extend":  # the deadline that counts is ours: its mirror proves nothing and may be written again, or not
        assert house.asked(scene.operation) <= 2
    else:
        assert house.asked(scene.operation) == (0 if (name, point) == ("pay", "intent_stored") else 1)


def _prove_left_to_a_person(house: House, pms_url: str, scene: Scene) -> None:
    """The deposit was never sent, and only a person may say so: until then nothing moves."""

    async def story(url: str) -> list[tuple[int, str]]:
        async with agent_of(house, url) as agent:
            one = f"{RESERVATIONS}/{scene.reservation_id}"
            replies = [
                await agent.post(scene.path, scene.body, key=KEY),
                await agent.post(scene.path, scene.body, key="another"),
                await agent.post(f"{one}/cancel", {}, key="cancel"),
                await agent.post(f"{one}/change", {"nights": 3}, key="change"),
                await agent.post("/v1/reservations/expire", {}),
            ]
            return [(reply.status, str(reply.body.get("code"))) for reply in replies]

    with a_service(house, pms_url, at=LATER + timedelta(minutes=20)) as (_, url):
        told = asyncio.run(story(url))

        async def is_on_the_board() -> bool:
            return [one["kind"] for one in store_rows(house, "SELECT kind FROM tasks")] == ["deposit_unknown"]

        asyncio.run(until(is_on_the_board, "the task"))
    assert told[:4] == [(409, "outcome_pending"), *[(409, "reservation_busy")] * 3]
    books = read_books(house)
    assert (len(books.live), books.deposits, [one["state"] for one in books.ours]) == (1, [], ["hold"])


@pytest.mark.parametrize("store", STORES)
def test_a_service_killed_once_the_pms_has_answered_leaves_exactly_one(tmp_path: Path, store: str) -> None:
    _end(a_house(tmp_path, server=server_of(store)), "hold", "pms_answered", 2)


@pytest.mark.torture
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", ["book", "pay", "cancel"])
def test_a_service_killed_beside_a_database_leaves_exactly_one(tmp_path: Path, name: str, point: str) -> None:
    _end(a_house(tmp_path, server=server_of("postgresql")), name, point, 1)


@pytest.mark.torture
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", SCENES)
def test_a_service_killed_at_any_point_of_any_write_leaves_exactly_one(tmp_path: Path, name: str, point: str) -> None:
    _end(a_house(tmp_path), name, point, 1)


@pytest.mark.torture
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", sorted(OF_BOOKING))
def test_a_service_killed_in_the_second_write_of_a_booking_leaves_exactly_one(
    tmp_path: Path, name: str, point: str
) -> None:
    if point == "outcome_unknown":
        pytest.skip("only the reservation's own answer is lost in this scene: it is passed once")
    _end(a_house(tmp_path), name, point, 2)


@pytest.mark.torture
@pytest.mark.parametrize("point", ["pms_answered", "verified", "outcome_unknown", "outcome_stored"])
@pytest.mark.parametrize("name", [name for name in SCENES if name != "extend"])
def test_what_a_killed_service_had_written_is_taken_over_without_its_caller(
    tmp_path: Path, name: str, point: str
) -> None:
    house = a_house(tmp_path)
    with a_pms(house, workers=1) as (_, pms_url):
        passing = 2 if name in OF_BOOKING and point != "outcome_unknown" else 1
        scene = kill_in(house, pms_url, name, point, passing)
        with a_service(house, pms_url, at=LATER):
            asyncio.run(_until_at_rest(house))
    assert (differences(house), [one["state"] for one in read_books(house).ours]) == ([], [scene.ends])
    assert house.asked(scene.operation) == 1


@pytest.mark.torture
def test_twin_a_caller_without_the_key_makes_a_second_record(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    with a_pms(house, workers=1) as (_, pms_url):
        scene = kill_in(house, pms_url, "hold", "pms_answered", 2)
        with a_service(house, pms_url, at=LATER) as (_, url):

            async def careless() -> Reply:
                async with agent_of(house, url) as agent:
                    return await insist(agent, scene.path, scene.body, "another key")

            assert asyncio.run(careless()).status == 201
    assert len(read_books(house).live) == 2


@pytest.mark.torture
@pytest.mark.parametrize("point", POINTS)
def test_a_sweep_killed_at_any_point_gives_the_room_back_once(tmp_path: Path, point: str) -> None:
    house, due = a_house(tmp_path), NOW + timedelta(minutes=10)
    with a_pms(house, workers=1) as (_, pms_url):
        with a_service(house, pms_url) as (_, url):
            asyncio.run(_hold(house, url))
        house.set_pms_clock(due)
        if point == "outcome_unknown":
            house.fault("lost_answer", "postCancelReservation")
        house.doom_file.write_text(f"{point} 1", "ascii")
        with a_doomed_service(house, pms_url, at=due) as (process, _):
            assert process.wait(60) == -signal.SIGKILL
        house.doom_file.unlink()
        house.set_pms_clock(due + timedelta(minutes=4))
        with a_service(house, pms_url, at=due + timedelta(minutes=4)):

            async def is_over() -> bool:
                return [one["state"] for one in read_books(house).ours] == ["expired"]

            asyncio.run(until(is_over, "the lapse"))
    assert house.asked("postCancelReservation") == 1
    assert (differences(house), unsettled(house), read_books(house).live) == ([], [], [])


async def _hold(house: House, url: str) -> None:
    async with agent_of(house, url) as agent:
        assert (await agent.post(RESERVATIONS, a_sale(to="hold"), key="k")).status == 201
