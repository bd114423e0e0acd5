"""A true double: a lost create that the hotel's system runs an hour later, after its key was sent again and answered.

The twin has no watch, and two live records stay. With the watch one is left, the one the caller was told; so it is when
the record that came late does not show in searches at first, and a comparison sees the surplus too.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from integration.errors import OutcomeUnknown
from integration.usecases.book_stay import book_stay
from integration.usecases.reconcile import ReconcileWish, reconcile
from integration.usecases.watch_intents import watch_intents
from pms_mock import control
from tests.concurrency.selling.office import AGENT, HOLD, SWEEPER, Office, play
from tests.torture.books import differences, read_books


def pass_an_hour(office: Office) -> None:
    """On the hotel's clock; what was sent late falls due."""
    with office.house.pms_store() as store:
        control.clock(store, advance=timedelta(hours=1))


async def doubled(office: Office) -> str:
    """The number the caller was told; by the end the hotel has a second live record."""
    office.house.fault("late_execution", "postReservation", 600)
    with pytest.raises(OutcomeUnknown):
        await book_stay(office.agent, AGENT, HOLD)
    office.clock.advance(seconds=30)
    told = (await book_stay(office.agent, AGENT, HOLD)).body["pms_ref"]
    pass_an_hour(office)
    await office.one.pms.read_booking(office.one.hotel(None), told)
    return str(told)


def live(office: Office) -> list[str]:
    return [str(one["id"]) for one in read_books(office.house).live]


def test_without_the_watch_two_live_records_stay(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        await doubled(office)
        await office.resolve()
        assert len(live(office)) == 2

    assert any("2 live records" in one for one in differences(play(tmp_path, story)))


def test_the_watch_leaves_the_one_the_caller_was_told(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        told = await doubled(office)
        office.clock.advance(minutes=2)
        assert len((await watch_intents(office.one, SWEEPER)).seen) == 1
        assert live(office) == [told]

    assert differences(play(tmp_path, story)) == []


def test_a_double_that_searches_do_not_show_yet_is_seen_later(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        office.house.fault("late_execution", "postReservation", 600)
        with pytest.raises(OutcomeUnknown):
            await book_stay(office.agent, AGENT, HOLD)
        office.clock.advance(seconds=30)
        told = (await book_stay(office.agent, AGENT, HOLD)).body["pms_ref"]
        office.house.fault("lookup_lag", "postReservation", 1800)
        pass_an_hour(office)
        await office.one.pms.read_booking(office.one.hotel(None), told)
        for _ in range(3):
            office.clock.advance(minutes=9)
            await watch_intents(office.one, SWEEPER)
            pass_an_hour(office)
        assert live(office) == [told]

    play(tmp_path, story)


def test_a_comparison_sees_the_surplus_and_mends_it(tmp_path: Path) -> None:
    async def story(office: Office) -> None:
        told = await doubled(office)
        plain = await reconcile(office.one, SWEEPER, ReconcileWish())
        assert (plain.counts["surplus"], plain.counts["found"]) == (1, 1)
        await reconcile(office.one, SWEEPER, ReconcileWish(repairs=True))
        assert live(office) == [told]
        again = await reconcile(office.one, SWEEPER, ReconcileWish(again=True))
        assert again.counts.get("found", 0) == 0

    assert differences(play(tmp_path, story)) == []
