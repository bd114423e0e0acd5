"""Whose caller is gone: a write that may have happened is looked for and taken over, never sent again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.ports.records import IntentState, TaskKind
from integration.usecases.book_stay import BookRequest, book_stay
from integration.usecases.cancel_reservation import cancel_reservation, reinstate_reservation
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.desk import Desk
from integration.usecases.mark_no_show import mark_no_show
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, fetch, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.write_guest import create_guest
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, CHIEF, booked, quoted


class Killed(BaseException):
    """The process is gone: nothing after this instant runs."""


def killed_at(office: Office, point: str) -> Desk:
    """The same desk, in a process that dies at a point."""

    def die(name: str) -> None:
        if name == point:
            raise Killed

    return replace(office.desk, point=die)


def dying(office: Office, point: str) -> Office:
    """An office whose process dies at a point."""
    return replace(office, desk=killed_at(office, point))


def kinds(office: Office) -> list[TaskKind]:
    """Kinds of open tasks."""
    tasks = asyncio.run(office.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=50)))
    return [task.kind for task in tasks]


async def with_known_guest(office: Office) -> None:
    """The caller has a profile already, so the booking is the only write."""
    await create_guest(office.desk, AGENT, office.hotel, CALLER)


@pytest.mark.parametrize("point", ["pms_answered", "verified"])
def test_a_hold_whose_agent_died_is_adopted_and_its_key_answers(point: str) -> None:
    office = an_office()

    async def scene() -> None:
        await with_known_guest(office)
        quote = await quoted(office)
        request = BookRequest(ReservationState.HOLD, "k", offer_id=quote.offer.offer_id, pick=1, card=CALLER)
        with pytest.raises(Killed):
            await book_stay(killed_at(office, point), AGENT, request)
        office.clock.advance(minutes=2)
        assert len((await resolve_intents(office.desk, ADMIN)).adopted) == 1
        answer = await book_stay(office.desk, AGENT, request)
        assert (answer.replayed, answer.body["status"]) == (True, "hold")

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 1


def test_a_guest_whose_creation_was_cut_is_found_again_and_not_doubled() -> None:
    office = an_office()

    async def scene() -> None:
        with pytest.raises(Killed):
            await create_guest(killed_at(office, "pms_answered"), AGENT, office.hotel, CALLER)
        office.clock.advance(minutes=2)
        assert len((await resolve_intents(office.desk, ADMIN)).adopted) == 1
        await create_guest(office.desk, AGENT, office.hotel, CALLER)

    asyncio.run(scene())
    assert office.pms.count("create_profile") == 1


def test_a_confirmed_sale_nobody_was_told_about_becomes_a_task() -> None:
    office = an_office()

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(Killed):
            await booked(dying(office, "pms_answered"), to=ReservationState.CONFIRMED, guarantee=Guarantee.CARD)
        office.clock.advance(minutes=2)
        await resolve_intents(office.desk, ADMIN)

    asyncio.run(scene())
    assert kinds(office) == [TaskKind.CHECK_BOOKING]


def test_what_died_before_it_was_sent_is_left_alone_and_given_up_after_a_day() -> None:
    office = an_office()

    async def scene() -> None:
        await with_known_guest(office)
        with pytest.raises(Killed):
            await booked(dying(office, "intent_stored"), "k")
        office.clock.advance(minutes=2)
        assert [why for _, why in (await resolve_intents(office.desk, ADMIN)).left] == ["not_found"]
        office.clock.advance(days=1)
        await resolve_intents(office.desk, ADMIN)
        intent = await office.desk.store.read(lambda tx: tx.intent_of_key(office.hotel.hotel_id, AGENT.name, "k"))
        assert intent is not None
        assert intent.state is IntentState.REFUSED
        assert (await resolve_intents(office.desk, ADMIN)).left == ()

    asyncio.run(scene())
    assert office.pms.count("create_booking") == 0


MOVES: dict[str, tuple[Callable[[Desk, str], Awaitable[object]], str]] = {
    "option": (lambda desk, one: take_option(desk, AGENT, one, "m"), "option"),
    "confirm": (lambda desk, one: confirm_reservation(desk, AGENT, one, "m", Guarantee.CARD), "confirmed"),
    "change": (lambda desk, one: change_reservation(desk, AGENT, one, "m", ChangeWish(nights=8)), "hold"),
    "cancel": (lambda desk, one: cancel_reservation(desk, AGENT, one, "m", "ill"), "cancelled"),
    "pay": (lambda desk, one: pay_reservation(desk, AGENT, one, "m", Money.of("400", "EUR"), "cash"), "confirmed"),
}


@pytest.mark.parametrize("move", list(MOVES))
def test_every_move_whose_process_died_after_the_pms_is_taken_over(move: str) -> None:
    office = an_office()
    run, state = MOVES[move]

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        with pytest.raises(Killed):
            await run(killed_at(office, "pms_answered"), one)
        office.clock.advance(minutes=2)
        assert len((await resolve_intents(office.desk, ADMIN)).adopted) == 1
        after = await fetch(office.desk, one)
        assert (after.state.value, after.stay.night_count) == (state, 8 if move == "change" else 7)

    asyncio.run(scene())
    assert office.pms.count("post_deposit") == (1 if move == "pay" else 0)


def test_an_extension_a_reinstatement_and_a_no_show_are_taken_over_too() -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        until = (await fetch(office.desk, one)).expires_at
        assert until is not None
        later = until.replace(hour=until.hour + 3)
        with pytest.raises(Killed):
            await extend_reservation(killed_at(office, "pms_answered"), CHIEF, one, "e", later)
        office.clock.advance(minutes=2)
        await resolve_intents(office.desk, ADMIN)
        assert (await fetch(office.desk, one)).expires_at == later
        await cancel_reservation(office.desk, AGENT, one, "x")
        with pytest.raises(Killed):
            await reinstate_reservation(killed_at(office, "pms_answered"), AGENT, one, "r")
        office.clock.advance(minutes=2)
        await resolve_intents(office.desk, ADMIN)
        assert (await fetch(office.desk, one)).state is ReservationState.HOLD
        await confirm_reservation(office.desk, AGENT, one, "c", Guarantee.CARD)
        office.clock.advance(days=70, hours=10)
        with pytest.raises(Killed):
            await mark_no_show(killed_at(office, "pms_answered"), AGENT, one, "n")
        office.clock.advance(minutes=2)
        await resolve_intents(office.desk, ADMIN)
        assert (await fetch(office.desk, one)).state is ReservationState.NO_SHOW

    asyncio.run(scene())


def test_a_deposit_that_does_not_show_becomes_one_task_and_is_never_sent_again() -> None:
    office = an_office()

    async def scene() -> None:
        held = (await booked(office)).body
        with pytest.raises(Killed):
            await pay_reservation(
                killed_at(office, "intent_stored"), AGENT, held["reservation_id"], "p", Money.of("50", "EUR"), "cash"
            )
        for _ in range(3):
            office.clock.advance(minutes=2)
            await resolve_intents(office.desk, ADMIN)

    asyncio.run(scene())
    assert kinds(office) == [TaskKind.DEPOSIT_UNKNOWN]
    assert office.pms.count("post_deposit") == 0


def test_an_unknown_change_frees_the_reservation_once_it_has_settled() -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        with pytest.raises(Killed):
            await confirm_reservation(killed_at(office, "intent_stored"), AGENT, one, "c", Guarantee.CARD)
        office.clock.advance(seconds=office.hotel.rules.settle.total_seconds() + 1)
        assert (await cancel_reservation(office.desk, AGENT, one, "x")).body["status"] == "cancelled"

    asyncio.run(scene())


def test_an_unknown_cancellation_whose_twin_succeeded_is_settled_as_done() -> None:
    office = an_office()

    async def scene() -> None:
        one = (await booked(office)).body["reservation_id"]
        with pytest.raises(Killed):
            await cancel_reservation(killed_at(office, "pms_answered"), AGENT, one, "x1")
        office.clock.advance(minutes=2)
        assert (await cancel_reservation(office.desk, AGENT, one, "x2")).body["status"] == "cancelled"
        resolved = await resolve_intents(office.desk, ADMIN)
        assert (len(resolved.adopted), resolved.left) == (1, ())

    asyncio.run(scene())
