"""When a PMS is given up, what is refused then, and who finds out that it is back."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.hotel import HotelTerms
from domain.reservation import PmsRef
from integration.adapters.breaker import Thresholds
from integration.adapters.ohip.transport import AnswerLost, NeverLeft, Reply
from integration.errors import PmsError, PmsUnavailable
from integration.settings import settings_from
from tests.builders import a_hotel, pms_terms
from tests.fakes.surroundings import NOW
from tests.unit.ohip.jumping import run_jumping
from tests.unit.ohip.scripted import Rig, a_reply, a_rig

REF = PmsRef("351022")
GUARANTEES = {"resGuarantees": [{"guaranteeCode": "HOLD", "reserveInventory": True}]}
FINE = a_reply(200, GUARANTEES)
DOWN = NeverLeft("refused")


async def read(rig: Rig, hotel: HotelTerms | None = None) -> int:
    return len(await rig.pms.read_guarantees(hotel or rig.hotel, NOW.date()))


async def write(rig: Rig) -> None:
    await rig.pms.reinstate_booking(rig.hotel, REF)


async def fails(work: Awaitable[object]) -> PmsError:
    try:
        await work
    except PmsError as error:
        return error
    raise AssertionError("it did not fail")


async def given_up(rig: Rig) -> None:
    """Two reads of three tries each, of which the sixth is never made."""
    for _ in range(2):
        await fails(read(rig))
    assert rig.breakers.down_since("BELEK1") is not None


def then(rig: Rig, *script: Reply | Exception) -> None:
    """What the transport answers from now on."""
    rig.transport.script.clear()
    rig.transport.script.extend(script)
    rig.transport.sent.clear()


def play(story: Callable[[Rig], Awaitable[None]], *script: Reply | Exception, opens_after: int = 5) -> None:
    rig = a_rig(*(script or (DOWN,)), thresholds=Thresholds(opens_after, 5.0))

    async def run() -> None:
        await story(rig)

    run_jumping(run)


@pytest.mark.parametrize("failure", [DOWN, AnswerLost("time limit"), a_reply(502), a_reply(503), a_reply(504)])
def test_five_requests_without_an_answer_open_it_and_nothing_more_is_sent(failure: Reply | Exception) -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        assert len(rig.transport.sent) == 5
        for work in (read(rig), write(rig), read(rig)):
            error = await fails(work)
            assert (type(error), error.code) == (PmsUnavailable, "pms_unavailable")
        assert len(rig.transport.sent) == 5

    play(story, failure)


def test_with_the_breaker_off_every_call_goes_out_and_fails_by_itself() -> None:
    async def story(rig: Rig) -> None:
        for _ in range(4):
            await fails(read(rig))
        assert len(rig.transport.sent) == 4 * 3

    play(story, opens_after=0)


@pytest.mark.parametrize("answer", [a_reply(401), a_reply(403), a_reply(429, retry_after="0"), a_reply(400)])
def test_a_pms_that_refuses_is_there(answer: Reply) -> None:
    async def story(rig: Rig) -> None:
        for _ in range(10):
            await fails(write(rig))
        assert rig.breakers.down_since("BELEK1") is None

    play(story, answer)


def test_a_500_neither_opens_nor_closes_it() -> None:
    async def story(rig: Rig) -> None:
        for _ in range(4):
            await fails(read(rig))
        assert rig.breakers.down_since("BELEK1") is None
        then(rig, DOWN)
        await given_up(rig)
        then(rig, a_reply(500))
        rig.clock.advance(seconds=5)
        await fails(read(rig))
        assert len(rig.transport.sent) == 1
        assert rig.breakers.down_since("BELEK1") is not None

    play(story, a_reply(500))


def test_requests_that_break_at_one_moment_are_no_outage() -> None:
    async def story(rig: Rig) -> None:
        breaker = rig.breakers.of(rig.hotel)
        before = breaker.answers
        breaker.heard(before, 200)
        for _ in range(20):
            breaker.failed(before)
        assert breaker.down_since is None

    play(story)


def test_an_answer_in_between_begins_the_count_anew() -> None:
    async def story(rig: Rig) -> None:
        for _ in range(5):
            then(rig, DOWN, DOWN, FINE)
            assert await read(rig) == 1
        assert rig.breakers.down_since("BELEK1") is None

    play(story)


def test_people_are_told_since_when_in_the_hotels_time_and_when_to_come_back() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        rig.clock.advance(seconds=2)
        error = await fails(read(rig))
        assert isinstance(error, PmsUnavailable)
        assert str(error) == "The PMS is down; read-only since 12:00."
        assert (error.down_since, error.retry_after) == (NOW, 3.0)
        rig.clock.advance(days=1)
        then(rig, DOWN)
        await fails(read(rig))
        assert "2027-05-01 12:00" in str(await fails(read(rig)))

    play(story)


def test_after_the_wait_one_read_tries_and_the_others_do_not_wait_for_it() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        then(rig, DOWN)
        rig.clock.advance(seconds=4.999)
        await fails(read(rig))
        assert rig.transport.sent == []
        rig.clock.advance(seconds=0.001)
        await asyncio.gather(*(fails(read(rig)) for _ in range(8)))
        assert len(rig.transport.sent) == 1
        await fails(read(rig))
        assert len(rig.transport.sent) == 1

    play(story)


def test_an_answer_to_the_trial_closes_it_and_both_ends_are_told_once() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        rig.clock.advance(seconds=70)
        then(rig, FINE)
        assert await read(rig) == 1
        await write(rig)
        assert len(rig.transport.sent) == 2
        assert rig.breakers.down_since("BELEK1") is None
        assert rig.events == [
            ("pms_down", {"hotel": "BELEK1", "failures": 5}),
            ("pms_up", {"hotel": "BELEK1", "seconds": 70}),
        ]

    play(story)


def test_a_write_is_no_trial_until_three_waits_have_brought_no_read() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        then(rig, a_reply(200, {}))
        rig.clock.advance(seconds=14.9)
        await fails(write(rig))
        assert rig.transport.sent == []
        rig.clock.advance(seconds=0.1)
        await write(rig)
        assert rig.breakers.down_since("BELEK1") is None

    play(story)


def test_a_trial_whose_caller_gives_up_leaves_room_for_another() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        rig.clock.advance(seconds=5)
        trial = asyncio.ensure_future(read(rig))
        await asyncio.sleep(0)
        trial.cancel()
        with suppress(asyncio.CancelledError):
            await trial
        rig.clock.advance(seconds=5)
        then(rig, FINE)
        assert await read(rig) == 1

    play(story)


def test_a_clock_that_is_set_back_does_not_hold_the_trial_up() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        rig.clock.set(NOW - timedelta(hours=1))
        then(rig, FINE)
        assert await read(rig) == 1

    play(story)


def test_one_hotels_outage_is_not_anothers() -> None:
    async def story(rig: Rig) -> None:
        await given_up(rig)
        other = a_hotel(hotel_id="SIDE1", pms=pms_terms(pms_hotel_id="SIDE1"))
        then(rig, FINE)
        assert await read(rig, other) == 1
        assert rig.breakers.down_since("BELEK1") is not None

    play(story)


def test_a_token_that_nobody_gives_opens_it_too_and_wrong_credentials_do_not() -> None:
    async def story(answer: Reply | Exception) -> bool:
        rig = a_rig(FINE, token_script=(answer,) * 9)
        for _ in range(9):
            await fails(read(rig))
        return rig.breakers.down_since("BELEK1") is not None

    async def stories() -> list[bool]:
        return [await story(one) for one in (DOWN, AnswerLost("reset"), a_reply(503), a_reply(401))]

    assert run_jumping(stories) == [True, True, True, False]


def test_thresholds_are_settings_and_zero_turns_it_off(tmp_path: Path) -> None:
    usual = settings_from({}, NOW, tmp_path)
    assert (usual.breaker_failures, usual.breaker_trial_s) == (5, 5.0)
    assert settings_from({"SANTRAL_PMS_BREAKER": "0"}, NOW, tmp_path).breaker_failures == 0
    for wrong in ({"SANTRAL_PMS_BREAKER": "-1"}, {"SANTRAL_PMS_BREAKER": "many"}, {"SANTRAL_PMS_BREAKER_TRIAL": "0"}):
        with pytest.raises(InvalidInput):
            settings_from(wrong, NOW, tmp_path)
