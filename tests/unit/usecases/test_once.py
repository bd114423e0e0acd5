"""Calls, notes and guests under a request key: done once, answered again, and nothing personal kept for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from domain.case import CallEnd, CallOutcome
from domain.errors import CallClosed, InFlight, InvalidInput, KeyReused, NotFound
from domain.guest import GuestId, IdentityKind
from integration.errors import OutcomeUnknown, PmsOutcomeUnknown, PmsRejected, PmsUnavailable
from integration.ports.records import Intent, IntentState
from integration.usecases.answers import Answer
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.forget_old_answers import forget_old_answers
from integration.usecases.keyed_writes import (
    create_guest_once,
    end_call_once,
    note_guest_once,
    note_offer_once,
    note_reservation_once,
    start_call_once,
    update_guest_once,
)
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.take_calls import CallStart, start_call
from integration.usecases.write_guest import GuestCard, create_guest
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CALLER, CHIEF, booked

PHONE = "0532 111 22 33"
PERSONAL = ("Ayşe", "Yılmaz", "532111", "shellfish", "ayse@example.com")
SERVICE = CallEnd(CallOutcome.SERVICE)


@dataclass
class Stage:
    """An office in which a call goes on, an offer was made, a room is held and a guest is known."""

    office: Office
    call_id: str
    offer_id: str
    reservation_id: str
    guest_id: str


async def a_stage() -> Stage:
    office = an_office()
    call, _ = await start_call(office.desk, AGENT, CallStart(PHONE))
    held = (await booked(office)).body
    return Stage(office, call.call_id, held["offer_id"], held["reservation_id"], held["guest_id"])


Write = Callable[[Stage, str], Awaitable[Answer]]
WRITES: dict[str, Write] = {
    "start_call": lambda s, key: start_call_once(s.office.desk, AGENT, CallStart(PHONE), key),
    "end_call": lambda s, key: end_call_once(s.office.desk, AGENT, s.call_id, CallEnd(CallOutcome.SOLD), key),
    "note_offer": lambda s, key: note_offer_once(s.office.desk, AGENT, s.offer_id, "shellfish", (), key),
    "note_reservation": lambda s, key: note_reservation_once(s.office.desk, AGENT, s.reservation_id, "shellfish", key),
    "note_guest": lambda s, key: note_guest_once(s.office.desk, AGENT, s.office.hotel, s.guest_id, "shellfish", key),
    "create_guest": lambda s, key: create_guest_once(s.office.desk, AGENT, s.office.hotel, CALLER, key),
    "update_guest": lambda s, key: update_guest_once(
        s.office.desk, AGENT, s.office.hotel, s.guest_id, GuestCard(email="ayse@example.com"), key
    ),
}
OTHERS: dict[str, Write] = {
    **WRITES,
    "start_call": lambda s, key: start_call_once(s.office.desk, AGENT, CallStart("0533 999 88 77"), key),
    "end_call": lambda s, key: end_call_once(s.office.desk, AGENT, s.call_id, SERVICE, key),
    "note_offer": lambda s, key: note_offer_once(s.office.desk, AGENT, s.offer_id, "sea view", (), key),
    "note_reservation": lambda s, key: note_reservation_once(s.office.desk, AGENT, s.reservation_id, "nuts", key),
    "note_guest": lambda s, key: note_guest_once(s.office.desk, AGENT, s.office.hotel, s.guest_id, "nuts", key),
    "create_guest": lambda s, key: create_guest_once(
        s.office.desk, AGENT, s.office.hotel, replace(CALLER, name="Can Yılmaz"), key
    ),
    "update_guest": lambda s, key: update_guest_once(
        s.office.desk, AGENT, s.office.hotel, s.guest_id, GuestCard(language="de"), key
    ),
}


async def intent_of(office: Office, key: str) -> Intent | None:
    """What is kept for the agent's key."""
    hotel_id = office.hotel.hotel_id
    return await office.desk.store.read(lambda tx: tx.intent_of_key(hotel_id, AGENT.name, key))


async def state_of(office: Office, key: str) -> IntentState:
    intent = await intent_of(office, key)
    assert intent is not None
    return intent.state


@pytest.mark.parametrize("verb", WRITES)
def test_the_same_key_is_done_once_and_answered_the_same_again(verb: str) -> None:
    async def scene() -> None:
        stage = await a_stage()
        first = await WRITES[verb](stage, "k-1")
        rows = await stage.office.desk.store.read(lambda tx: tx.tail_audit(200))
        asked = [name for name in stage.office.pms.asked if not name.startswith(("read_", "find_"))]
        stage.office.clock.advance(minutes=5)
        again = await WRITES[verb](stage, "k-1")
        assert (first.replayed, again.replayed) == (False, True)
        assert json.dumps(again.body) == json.dumps(first.body)
        assert await stage.office.desk.store.read(lambda tx: tx.tail_audit(200)) == rows
        assert [name for name in stage.office.pms.asked if not name.startswith(("read_", "find_"))] == asked

    asyncio.run(scene())


@pytest.mark.parametrize("verb", WRITES)
def test_another_command_under_the_key_is_refused_for_life(verb: str) -> None:
    async def scene() -> None:
        stage = await a_stage()
        await WRITES[verb](stage, "k-1")
        with pytest.raises(KeyReused):
            await OTHERS[verb](stage, "k-1")
        stage.office.clock.advance(hours=25)
        await forget_old_answers(stage.office.desk)
        with pytest.raises(KeyReused):
            await OTHERS[verb](stage, "k-1")
        with pytest.raises(KeyReused):
            await cancel_reservation(stage.office.desk, AGENT, stage.reservation_id, "k-1")

    asyncio.run(scene())


@pytest.mark.parametrize("verb", WRITES)
def test_a_forgotten_answer_is_built_from_the_record(verb: str) -> None:
    async def scene() -> None:
        stage = await a_stage()
        first = await WRITES[verb](stage, "k-1")
        stage.office.clock.advance(hours=25)
        await forget_old_answers(stage.office.desk)
        again = await WRITES[verb](stage, "k-1")
        assert (again.replayed, json.dumps(again.body)) == (True, json.dumps(first.body))

    asyncio.run(scene())


@pytest.mark.parametrize("verb", WRITES)
def test_nothing_typed_about_a_person_is_kept_for_a_key(verb: str) -> None:
    async def scene() -> None:
        stage = await a_stage()
        await WRITES[verb](stage, "k-1")
        intent = await intent_of(stage.office, "k-1")
        hotel_id = stage.office.hotel.hotel_id
        answer = await stage.office.desk.store.read(lambda tx: tx.get_answer(hotel_id, AGENT.name, "k-1"))
        assert intent is not None
        assert answer is not None
        kept = f"{intent} {answer}"
        assert [word for word in PERSONAL if word in kept] == []

    asyncio.run(scene())


def test_a_call_is_said_again_as_it_began_though_it_has_ended() -> None:
    async def scene() -> None:
        office = an_office()
        first = await start_call_once(office.desk, AGENT, CallStart(PHONE), "k-1")
        await end_call_once(office.desk, AGENT, first.body["call_id"], SERVICE, "k-2")
        again = await start_call_once(office.desk, AGENT, CallStart("+90 532 111 22 33"), "k-1")
        assert (again.replayed, again.body["ended_at"]) == (True, None)
        calls = await office.desk.store.read(
            lambda tx: tx.list_calls(hotel_id=None, actor=None, open_only=False, limit=9)
        )
        assert [one.call_id for one in calls] == [first.body["call_id"]]

    asyncio.run(scene())


def test_of_two_at_once_one_is_done_and_the_other_told_to_wait() -> None:
    async def scene() -> None:
        stage = await a_stage()
        told: list[str] = []

        async def meanwhile(operation: str) -> None:
            if operation == "update_profile" and not told:
                with pytest.raises(InFlight) as refused:
                    await WRITES["update_guest"](stage, "k-1")
                told.append(refused.value.code)

        stage.office.pms.before = meanwhile
        assert not (await WRITES["update_guest"](stage, "k-1")).replayed
        assert told == ["in_flight"]

    asyncio.run(scene())


def test_a_refusal_is_final_for_its_key() -> None:
    async def scene() -> None:
        stage = await a_stage()
        desk = stage.office.desk
        await end_call_once(desk, AGENT, stage.call_id, SERVICE, "k-1")
        for _ in range(2):
            with pytest.raises(CallClosed):
                await end_call_once(desk, AGENT, stage.call_id, SERVICE, "k-2")
        assert await state_of(stage.office, "k-2") is IntentState.REFUSED

    asyncio.run(scene())


@pytest.mark.parametrize(
    "write",
    [
        lambda s: start_call_once(s.office.desk, AGENT, CallStart("+90 12"), "k-1"),
        lambda s: create_guest_once(s.office.desk, AGENT, s.office.hotel, GuestCard("Ayşe", "12"), "k-1"),
        lambda s: update_guest_once(s.office.desk, AGENT, s.office.hotel, s.guest_id, GuestCard(email="ayse@"), "k-1"),
        lambda s: note_guest_once(s.office.desk, AGENT, s.office.hotel, s.guest_id, " ", "k-1"),
        lambda s: note_reservation_once(s.office.desk, AGENT, "res_none", "hello", "k-1"),
        lambda s: note_guest_once(s.office.desk, AGENT, s.office.hotel, s.guest_id, "hello", "k" * 256),
    ],
)
def test_a_slip_costs_no_key(write: Callable[[Stage], Awaitable[Answer]]) -> None:
    async def scene() -> None:
        stage = await a_stage()
        with pytest.raises((InvalidInput, NotFound)):
            await write(stage)
        assert await intent_of(stage.office, "k-1") is None

    asyncio.run(scene())


def test_a_guest_whose_pms_profile_failed_is_taken_up_by_the_same_key_and_not_made_twice() -> None:
    """The second of two people on one telephone has no identity of his own to be found by."""

    async def scene() -> None:
        office = an_office()
        await create_guest(office.desk, AGENT, office.hotel, CALLER)
        office.pms.fail_next("create_profile", PmsOutcomeUnknown("lost"), executed=False)
        other = GuestCard("Mehmet Demir", PHONE)
        with pytest.raises(OutcomeUnknown):
            await create_guest_once(office.desk, AGENT, office.hotel, other, "k-1")
        assert await state_of(office, "k-1") is IntentState.OPEN
        office.clock.advance(minutes=5)
        made = await create_guest_once(office.desk, AGENT, office.hotel, other, "k-1")
        assert not made.replayed
        keys = office.desk.names.keys("Demir")
        found = await office.desk.store.read(lambda tx: tx.find_guests_by_name(keys, 9))
        assert [one.guest_id for one in found] == [made.body["guest_id"]]

    asyncio.run(scene())


def test_a_pms_that_is_down_does_not_keep_a_guest_from_being_noted_here() -> None:
    async def scene() -> None:
        office = an_office()
        office.pms.fail_next("find_profiles", PmsUnavailable("down"))
        made = await create_guest_once(office.desk, AGENT, office.hotel, CALLER, "k-1")
        again = await create_guest_once(office.desk, AGENT, office.hotel, CALLER, "k-1")
        assert (again.body["guest_id"], again.replayed) == (made.body["guest_id"], True)

    asyncio.run(scene())


def test_a_process_that_dies_before_the_outcome_has_done_nothing_and_the_key_begins_again() -> None:
    async def scene() -> None:
        stage = await a_stage()

        def die(name: str) -> None:
            if name == "intent_stored":
                raise KeyboardInterrupt

        dying = replace(stage, office=replace(stage.office, desk=replace(stage.office.desk, point=die)))
        with pytest.raises(KeyboardInterrupt):
            await WRITES["note_offer"](dying, "k-1")
        with pytest.raises(InFlight):
            await WRITES["note_offer"](stage, "k-1")
        stage.office.clock.advance(minutes=2)
        assert not (await WRITES["note_offer"](stage, "k-1")).replayed
        notes = await stage.office.desk.store.read(lambda tx: tx.list_notes(stage.offer_id))
        assert len(notes) == 1

    asyncio.run(scene())


def test_a_slow_write_whose_key_was_taken_over_stores_nothing() -> None:
    async def scene() -> None:
        stage = await a_stage()
        office, overtaken = stage.office, list[Answer]()

        async def stall(operation: str) -> None:
            if operation == "update_profile" and not overtaken:
                office.pms.before = None
                office.clock.advance(minutes=2)
                overtaken.append(await WRITES["update_guest"](stage, "k-1"))

        office.pms.before = stall
        with pytest.raises(InFlight):
            await WRITES["update_guest"](stage, "k-1")
        assert [one.replayed for one in overtaken] == [False]
        assert await state_of(office, "k-1") is IntentState.DONE
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(50))
        assert sum("guest_updated" in row for row in rows) == 1

    asyncio.run(scene())


def test_an_open_local_intent_is_nobodys_unsettled_write() -> None:
    async def scene() -> None:
        stage = await a_stage()
        office = stage.office
        office.pms.fail_next("update_profile", PmsUnavailable("down"))
        with pytest.raises(PmsUnavailable):
            await WRITES["update_guest"](stage, "k-1")
        assert await state_of(office, "k-1") is IntentState.OPEN
        assert await office.desk.store.read(lambda tx: tx.unsettled_intents()) == []
        assert (await office.desk.store.read(lambda tx: tx.counts()))["unsettled_intents"] == 0
        office.clock.advance(hours=1)
        assert len((await lapse_due(office.desk, ADMIN)).expired) == 1
        assert await state_of(office, "k-1") is IntentState.OPEN

    asyncio.run(scene())


@pytest.mark.parametrize("error", [PmsUnavailable("down"), PmsOutcomeUnknown("lost"), PmsRejected("no", status=400)])
@pytest.mark.parametrize(
    ("verb", "operation"), [("note_guest", "update_profile"), ("note_reservation", "change_booking")]
)
def test_a_note_the_pms_does_not_take_is_kept_here_and_its_loss_recorded(
    verb: str, operation: str, error: Exception
) -> None:
    async def scene() -> None:
        stage = await a_stage()
        office = stage.office
        before = office.pms.count(operation)
        office.pms.fail_next(operation, error)
        first = await WRITES[verb](stage, "k-1")
        again = await WRITES[verb](stage, "k-1")
        assert (first.body["in_pms"], again.body["in_pms"]) == (False, False)
        assert office.pms.count(operation) == before + 1
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(1))
        assert "comment_lost" in rows[0]
        subject = stage.guest_id if verb == "note_guest" else stage.reservation_id
        assert [note.text for note in await office.desk.store.read(lambda tx: tx.list_notes(subject))] == ["shellfish"]

    asyncio.run(scene())


def test_a_note_on_a_guest_reaches_his_profile_once() -> None:
    async def scene() -> None:
        stage = await a_stage()
        office = stage.office
        body = (await WRITES["note_guest"](stage, "k-1")).body
        said = {"text": "shellfish", "at": "2027-05-01T09:00:00Z", "actor": "agent7", "in_pms": True}
        assert body == {"guest_id": stage.guest_id, **said}
        guest = await office.desk.store.read(lambda tx: tx.get_guest(GuestId(stage.guest_id)))
        assert guest is not None
        number = guest.value_of(IdentityKind.PMS_PROFILE, office.hotel.hotel_id)
        assert office.pms.house(office.hotel).profiles[number or ""].notes == ("shellfish",)

    asyncio.run(scene())


@pytest.mark.parametrize("error", [PmsUnavailable("down"), PmsOutcomeUnknown("lost")])
def test_a_correction_the_pms_does_not_take_changes_nothing_here(error: Exception) -> None:
    async def scene() -> None:
        stage = await a_stage()
        office = stage.office
        before = await office.desk.store.read(lambda tx: tx.get_guest(GuestId(stage.guest_id)))
        office.pms.fail_next("update_profile", error)
        with pytest.raises(type(error)):
            await WRITES["update_guest"](stage, "k-1")
        assert await office.desk.store.read(lambda tx: tx.get_guest(GuestId(stage.guest_id))) == before
        assert not (await WRITES["update_guest"](stage, "k-1")).replayed

    asyncio.run(scene())


def test_a_correction_to_another_guests_number_is_refused_before_the_pms_hears_of_it() -> None:
    async def scene() -> None:
        stage = await a_stage()
        office = stage.office
        await create_guest(office.desk, AGENT, office.hotel, GuestCard("Mehmet Demir", "0533 999 88 77"))
        asked = office.pms.count("update_profile")
        with pytest.raises(InvalidInput):
            await update_guest_once(
                office.desk, AGENT, office.hotel, stage.guest_id, GuestCard(phone="0533 999 88 77"), "k-1"
            )
        assert office.pms.count("update_profile") == asked
        assert await state_of(office, "k-1") is IntentState.REFUSED

    asyncio.run(scene())


def test_the_answer_to_a_key_is_masked_for_the_one_who_asks() -> None:
    async def scene() -> None:
        office = an_office()
        for who, name in ((AGENT, "A*** Y***"), (CHIEF, "Ayşe Yılmaz")):
            for _ in range(2):
                body = (await create_guest_once(office.desk, who, office.hotel, CALLER, f"k-{who.name}")).body
                assert body["name"] == name

    asyncio.run(scene())
