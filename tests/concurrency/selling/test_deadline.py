"""The instant of the deadline: two sweeps and an agent want the same hold, and a guest who confirmed or paid keeps it.

Real SQLite files and the real mock; three desks with connections of their own, as three processes have. The agent's
write is stopped at its named point, so the race is there every time. The guard is the unresolved intent, which a
sweep sees in its own transaction; the twin's sweep does not look, and cancels the guest.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import DomainError
from integration.ports.records import Intent
from integration.ports.store import Store, Tx
from integration.usecases.lapse_reservations import Swept, lapse_due
from tests.concurrency.selling.office import DUE, SWEEPER, Office, play
from tests.fakes.surroundings import FakeClock
from tests.torture.books import differences, read_books, unsettled
from tests.torture.house import NOW, House, a_desk, leave


def sweeps_at(office: Office, point: str) -> list[tuple[Swept, Swept]]:
    """At this point of the agent's write the deadline passes, and both sweeps run to their end before it goes on."""
    seen: list[tuple[Swept, Swept]] = []

    def stop(name: str) -> None:
        if name == point and not seen:
            office.clock.set(NOW + DUE)
            seen.append(_in_a_thread(office.house, office.clock))

    office.agent = replace(office.agent, point=stop)
    return seen


def _in_a_thread(house: House, clock: FakeClock) -> tuple[Swept, Swept]:
    """Two sweepers with a loop of their own, while the agent's loop stands at its point."""

    async def both() -> tuple[Swept, Swept]:
        with a_desk(house, inline=False) as one, a_desk(house, inline=False) as other:
            desks = [replace(desk, clock=clock) for desk in (one, other)]
            swept = await asyncio.gather(*(lapse_due(desk, SWEEPER) for desk in desks))
            for desk in desks:
                await leave(desk)
            return swept[0], swept[1]

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, both()).result(60)


@pytest.mark.parametrize("verb", ["confirm", "pay"])
@pytest.mark.parametrize("point", ["intent_stored", "pms_answered", "verified", "outcome_stored"])
def test_a_guest_who_confirms_or_pays_at_the_deadline_keeps_the_room(tmp_path: Path, verb: str, point: str) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        office.clock.set(NOW + DUE - timedelta(milliseconds=1))
        swept = sweeps_at(office, point)
        done = await getattr(office, verb)(name)
        assert done.body["status"] == "confirmed"
        assert [one.expired for pair in swept for one in pair] == [(), ()]
        assert (await office.sweep())[0].expired == ()

    house = play(tmp_path, story)
    assert len(read_books(house).live) == 1
    assert (differences(house), unsettled(house)) == ([], [])
    assert house.asked("postCancelReservation") == 0


class SeesNoIntents:
    """The guard off: a transaction in which no write is under way, whatever the store says."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> object:
        return getattr(self._tx, name)

    def unsettled_intents(self, **_which: object) -> list[Intent]:
        return []


class BlindStore:
    """A store whose transactions see no intents."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def transact(self, work: "Callable[[Tx], object]") -> object:
        return await self._store.transact(lambda tx: work(SeesNoIntents(tx)))  # type: ignore[arg-type]

    async def read(self, work: "Callable[[Tx], object]") -> object:
        return await self._store.read(lambda tx: work(SeesNoIntents(tx)))  # type: ignore[arg-type]


def test_twin_a_sweep_that_does_not_look_cancels_the_guest_who_is_confirming(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        name = await office.hold()
        office.clock.set(NOW + DUE - timedelta(milliseconds=1))
        blind = replace(office.one, store=BlindStore(office.one.store))  # type: ignore[arg-type]

        async def sweep() -> None:
            office.clock.set(NOW + DUE)
            assert len((await lapse_due(blind, SWEEPER)).expired) == 1

        office.pause_agent_at("change_booking", sweep)
        with pytest.raises(DomainError):
            await office.confirm(name)

    house = play(tmp_path, story)
    assert read_books(house).live == []


def test_two_sweeps_at_once_give_a_dead_holds_room_back_once(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        await office.hold()
        office.clock.set(NOW + DUE)
        swept = await office.sweep()
        assert sorted(len(one.expired) for one in swept) == [0, 1]
        with pytest.raises(DomainError, match=r"lapsed|expired"):
            await office.confirm(str(read_books(office.house).ours[0]["reservation_id"]))

    house = play(tmp_path, story)
    assert house.asked("postCancelReservation") == 1
    assert (differences(house), unsettled(house), read_books(house).live) == ([], [], [])
