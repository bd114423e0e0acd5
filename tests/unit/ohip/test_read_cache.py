"""What is remembered, for how long, and what makes it forgotten."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from domain.reservation import PmsRef
from integration.adapters.read_cache import MOST_ENTRIES, CachedPms
from integration.errors import PmsOutcomeUnknown, PmsUnavailable
from integration.ports.pms import BookingSearch, Deposit, Pms, RateQuestion
from tests.builders import ARRIVAL, a_hotel, a_party, a_stay, eur
from tests.fakes.pms import FakePms
from tests.fakes.surroundings import FakeClock
from tests.unit.ohip.jumping import run_jumping

HOTEL = a_hotel()
QUESTION = RateQuestion(a_stay(), a_party(), 1, ("UAI-FLEX",))


def with_cache(story: Callable[[CachedPms, FakePms], Awaitable[None]], max_age_s: float = 2.0) -> None:
    async def run() -> None:
        inner = FakePms(FakeClock())
        await story(CachedPms(inner, max_age_s), inner)

    run_jumping(run)


def test_rates_are_asked_once_within_their_age_and_again_after_it() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        first = await pms.read_rates(HOTEL, QUESTION)
        await asyncio.sleep(1.9)
        assert await pms.read_rates(HOTEL, QUESTION) is first
        await asyncio.sleep(0.1)
        await pms.read_rates(HOTEL, QUESTION)
        assert inner.asked.count("read_rates") == 2

    with_cache(story)


def test_other_questions_and_other_hotels_are_asked_for_themselves() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        await pms.read_rates(HOTEL, QUESTION)
        await pms.read_rates(HOTEL, RateQuestion(a_stay(), a_party(1), 1, ("UAI-FLEX",)))
        await pms.read_rates(a_hotel(hotel_id="SIDE1"), QUESTION)
        assert inner.asked.count("read_rates") == 3

    with_cache(story)


def test_equal_questions_at_the_same_time_go_out_once() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        await asyncio.gather(*(pms.read_room_counts(HOTEL, QUESTION.stay) for _ in range(10)))
        assert inner.asked.count("read_room_counts") == 1

    with_cache(story)


def test_one_caller_that_gives_up_does_not_spoil_the_answer_for_the_others() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        first = asyncio.ensure_future(pms.read_restrictions(HOTEL, QUESTION.stay))
        second = asyncio.ensure_future(pms.read_restrictions(HOTEL, QUESTION.stay))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == ()
        assert inner.asked.count("read_restrictions") == 1

    with_cache(story)


def test_a_failure_is_told_to_all_who_asked_and_not_remembered() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        inner.fail_next("read_rates", PmsUnavailable("down"))
        results = await asyncio.gather(*(pms.read_rates(HOTEL, QUESTION) for _ in range(2)), return_exceptions=True)
        assert [type(result) for result in results] == [PmsUnavailable, PmsUnavailable]
        await pms.read_rates(HOTEL, QUESTION)
        assert inner.asked.count("read_rates") == 2

    with_cache(story)


WRITES: dict[str, Callable[[Pms], Awaitable[object]]] = {
    "cancel_booking": lambda pms: pms.cancel_booking(HOTEL, PmsRef("1"), "GUEST", "X", ""),
    "reinstate_booking": lambda pms: pms.reinstate_booking(HOTEL, PmsRef("1")),
    "post_deposit": lambda pms: pms.post_deposit(HOTEL, PmsRef("1"), Deposit("P", eur(1)), "CASH", None),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_of_ours_drops_what_is_known_of_the_hotel_even_when_it_fails(write: str) -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        await pms.read_rates(HOTEL, QUESTION)
        inner.fail_next(write, PmsOutcomeUnknown("lost"))
        with pytest.raises(PmsOutcomeUnknown):
            await WRITES[write](pms)
        await pms.read_rates(HOTEL, QUESTION)
        assert inner.asked.count("read_rates") == 2

    with_cache(story)


def test_what_was_being_read_while_we_wrote_is_not_remembered() -> None:
    """A read that began before the write may show the room that was just sold."""

    async def story(pms: CachedPms, inner: FakePms) -> None:
        gate = asyncio.Event()

        async def before(operation: str) -> None:
            if operation == "read_rates":
                await gate.wait()

        inner.before = before
        early = asyncio.ensure_future(pms.read_rates(HOTEL, QUESTION))
        await asyncio.sleep(0)
        inner.fail_next("reinstate_booking", PmsOutcomeUnknown("lost"))
        with pytest.raises(PmsOutcomeUnknown):
            await pms.reinstate_booking(HOTEL, PmsRef("1"))
        late = asyncio.ensure_future(pms.read_rates(HOTEL, QUESTION))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(early, late)
        assert inner.asked.count("read_rates") == 2

    with_cache(story)


def test_guarantees_and_scripts_are_kept_for_ten_minutes_through_writes() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        await pms.read_guarantees(HOTEL, ARRIVAL)
        await pms.read_script(HOTEL, "tr")
        inner.fail_next("reinstate_booking", PmsOutcomeUnknown("lost"))
        with pytest.raises(PmsOutcomeUnknown):
            await pms.reinstate_booking(HOTEL, PmsRef("1"))
        await asyncio.sleep(599)
        await pms.read_guarantees(HOTEL, ARRIVAL)
        await pms.read_script(HOTEL, "tr")
        await asyncio.sleep(2)
        await pms.read_script(HOTEL, "tr")
        assert (inner.asked.count("read_guarantees"), inner.asked.count("read_script")) == (1, 2)

    with_cache(story)


def test_evidence_is_never_remembered() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        for _ in range(2):
            await pms.find_bookings(HOTEL, BookingSearch(reference="X"))
        assert inner.asked.count("find_bookings") == 2

    with_cache(story)


def test_the_memory_is_bounded() -> None:
    async def story(pms: CachedPms, inner: FakePms) -> None:
        for day in range(MOST_ENTRIES + 1):
            await pms.read_room_counts(HOTEL, QUESTION.stay.moved_by(day))
        before = len(inner.asked)
        await pms.read_room_counts(HOTEL, QUESTION.stay.moved_by(MOST_ENTRIES))
        assert len(inner.asked) == before
        await pms.read_room_counts(HOTEL, QUESTION.stay)
        assert len(inner.asked) == before + 1

    with_cache(story, max_age_s=1e9)
