"""The store fails just when an outcome is to be kept: it is asked again, and the guest hears the truth."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from integration.errors import StoreUnavailable
from integration.ports.store import ReadTx, Store, Tx
from integration.usecases.book_stay import BookRequest, book_stay
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import AGENT, a_wish
from tests.unit.usecases.test_decided_once import by_dates
from tests.unit.usecases.test_recovery import with_known_guest

T = TypeVar("T")


@dataclass
class Hiccup:
    """A store whose next `failures` writes fail once `is_on`; `kept`: the commit arrived, its answer was lost."""

    inner: Store
    kept: bool
    failures: int
    is_on: bool = False

    async def transact(self, work: Callable[[Tx], T]) -> T:
        if not self.is_on or self.failures == 0:
            return await self.inner.transact(work)
        self.failures -= 1
        if self.kept:
            await self.inner.transact(work)
        raise StoreUnavailable("The store was lost.")

    async def read(self, work: Callable[[ReadTx], T]) -> T:
        return await self.inner.read(work)

    async def close(self) -> None:
        await self.inner.close()


def with_hiccup(office: Office, store: Hiccup) -> Office:
    """The office with a store that fails once the PMS has answered and the record is verified."""

    def on(name: str) -> None:
        store.is_on = store.is_on or name == "verified"

    return replace(office, desk=replace(office.desk, store=store, point=on))


def a_request() -> BookRequest:
    return replace(by_dates("k"), wish=a_wish(room_type="STD", rate_plan="UAI-FLEX"))


@pytest.mark.parametrize("kept", [False, True])
def test_an_outcome_is_kept_and_told_when_the_store_comes_back(kept: bool) -> None:
    office = an_office()
    shaky = with_hiccup(office, Hiccup(office.desk.store, kept, failures=1 if kept else 3))

    async def scene() -> None:
        await with_known_guest(office)
        made = await book_stay(shaky.desk, AGENT, a_request())
        again = await book_stay(office.desk, AGENT, a_request())
        assert made.body["status"] == "hold"
        assert again.body["reservation_id"] == made.body["reservation_id"]

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_a_store_that_stays_away_is_said_and_the_key_finds_the_record_later() -> None:
    office = an_office()
    shaky = with_hiccup(office, Hiccup(office.desk.store, kept=False, failures=99))

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(StoreUnavailable):
            await book_stay(shaky.desk, AGENT, a_request())
        office.clock.advance(minutes=2)
        assert (await book_stay(office.desk, AGENT, a_request())).body["status"] == "hold"

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1
