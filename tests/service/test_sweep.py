"""The sweep: lapses what is due, round after round, and ends cleanly."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from integration.errors import PmsUnavailable, StoreUnavailable
from integration.usecases.desk import Desk
from integration.workers.sweep import FORGET_EVERY, Sweep
from tests.fakes.surroundings import FakeClock
from tests.service.house import Ears, House, play


class StandingClock(FakeClock):
    """Time stands still; whoever sleeps waits for the next turn of the loop."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


async def until(happens: Callable[[], object], turns: int = 2000) -> None:
    for _ in range(turns):
        if happens():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not happen")


def standing(house: House, minutes: float) -> tuple[Desk, StandingClock]:
    """The house's desk with time standing still some minutes on."""
    clock = StandingClock(house.office.clock.advance(minutes=minutes))
    return replace(house.office.desk, clock=clock), clock


def test_a_hold_lapses_without_anybody_asking_and_the_sweep_ends_when_told():
    async def story(house: House) -> None:
        held = (await house.book()).json
        desk, clock = standing(house, 15)
        sweep = Sweep(desk, house.log, every_s=1.5)
        running = asyncio.create_task(sweep.run())
        await until(lambda: "reservation_lapsed" in house.log.events())
        sweep.stop()
        await running
        assert set(clock.slept) == {1.5}
        shown = await house.agent.get(f"/v1/reservations/{held['reservation_id']}")
        assert shown.json["status"] == "expired"
        assert shown.json["history"][-1]["actor"] == "sweep"

    play(story)


def test_a_round_that_fails_is_logged_and_the_next_one_comes():
    async def story(house: House) -> None:
        await house.book()
        desk, _ = standing(house, 15)
        store = FailingOnce(desk.store)
        sweep = Sweep(replace(desk, store=store), house.log)
        running = asyncio.create_task(sweep.run())
        await until(lambda: "reservation_lapsed" in house.log.events())
        sweep.stop()
        await running
        failed = [fields["code"] for _, event, fields in house.log.lines if event == "sweep_failed"]
        assert failed == ["store_unavailable", "internal_error"]

    play(story)


class FailingOnce:
    """A store that fails twice: once as the world does, once as a bug does."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.errors: list[Exception] = [RuntimeError("a bug"), StoreUnavailable("The disk is full.")]

    async def transact(self, work: Any) -> Any:
        if self.errors:
            raise self.errors.pop()
        return await self.store.transact(work)

    async def read(self, work: Any) -> Any:
        return await self.store.read(work)

    async def close(self) -> None:
        await self.store.close()


def test_what_cannot_be_lapsed_is_told_once():
    async def story(house: House) -> None:
        await house.book()
        desk, clock = standing(house, 15)
        for _ in range(5):
            house.office.pms.fail_next("read_booking", PmsUnavailable("down"))
        sweep = Sweep(desk, house.log)
        running = asyncio.create_task(sweep.run())
        await until(lambda: "reservation_lapsed" in house.log.events())
        sweep.stop()
        await running
        assert house.log.events().count("reservation_not_lapsed") == 1
        assert len(clock.slept) >= 5

    play(story)


def test_a_sweep_told_to_stop_in_the_middle_of_a_lapse_finishes_it():
    async def story(house: House) -> None:
        held = (await house.book()).json
        desk, _ = standing(house, 15)
        sweep, reached, go = Sweep(desk, Ears()), asyncio.Event(), asyncio.Event()

        async def wait(operation: str) -> None:
            if operation == "cancel_booking":
                reached.set()
                await go.wait()

        house.office.pms.before = wait
        running = asyncio.create_task(sweep.run())
        await reached.wait()
        sweep.stop()
        go.set()
        await running
        shown = await house.agent.get(f"/v1/reservations/{held['reservation_id']}")
        assert shown.json["status"] == "expired"

    play(story)


def test_answers_are_forgotten_once_an_hour_when_their_day_is_over():
    async def story(house: House) -> None:
        await house.book()
        desk, clock = standing(house, 24 * 60 - 30)
        sweep = Sweep(desk, house.log)
        running = asyncio.create_task(sweep.run())
        await until(lambda: "reservation_lapsed" in house.log.events())
        clock.at += timedelta(minutes=30)
        rounds = len(clock.slept)
        await until(lambda: len(clock.slept) > rounds + 5)
        assert "answers_forgotten" not in house.log.events()
        clock.at += FORGET_EVERY - timedelta(minutes=30)
        await until(lambda: "answers_forgotten" in house.log.events())
        rounds = len(clock.slept)
        await until(lambda: len(clock.slept) > rounds + 5)
        sweep.stop()
        await running
        assert house.log.events().count("answers_forgotten") == 1

    play(story)
