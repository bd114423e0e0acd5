"""Tasks on the board: done by a person; a deposit of unknown outcome decided by one, the PMS read once more."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from domain.errors import Forbidden, InvalidInput, NotFound, Refused, ReservationBusy
from domain.money import Money
from domain.reservation import ReservationState
from integration.errors import OutcomeUnknown, PmsOutcomeUnknown, PmsUnavailable
from integration.ports.records import Task, TaskKind
from integration.usecases.cancel_reservation import cancel_reservation
from integration.usecases.decide_task import decide_task, finish_task, list_tasks, show_task
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.move_reservation import fetch
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.watch_intents import watch_intents
from tests.fakes.desk import Office, an_office
from tests.unit.usecases.selling import ADMIN, AGENT, CHIEF, booked
from tests.unit.usecases.test_recovery import kinds

DEPOSIT = Money.of("400", "EUR")


def play(story: Callable[[Office], Coroutine[Any, Any, None]]) -> Office:
    office = an_office()
    asyncio.run(story(office))
    return office


async def board(office: Office) -> list[Task]:
    return await list_tasks(office.desk, ADMIN, None, open_only=True, limit=50)


async def in_doubt(office: Office, *, late: bool = False) -> tuple[str, str]:
    """A reservation whose deposit is in doubt past the settle time, and the task about it."""
    one = (await booked(office)).body["reservation_id"]
    office.pms.fail_next("post_deposit", PmsOutcomeUnknown("lost"), late=late)
    with pytest.raises(OutcomeUnknown):
        await pay_reservation(office.desk, AGENT, one, "p", DEPOSIT, "cash")
    office.clock.advance(minutes=2)
    await resolve_intents(office.desk, ADMIN)
    (task,) = await board(office)
    assert task.kind is TaskKind.DEPOSIT_UNKNOWN
    return one, task.task_id


def test_a_deposit_that_happened_is_taken_in_and_confirms() -> None:
    async def story(office: Office) -> None:
        one, task = await in_doubt(office)
        with pytest.raises(ReservationBusy):
            await cancel_reservation(office.desk, AGENT, one, "x")
        answer = await decide_task(office.desk, CHIEF, task, "d", happened=True, note="receipt 12")
        assert (answer.body["decision"], answer.body["done_by"], answer.body["note"]) == (
            "happened",
            "chief",
            "receipt 12",
        )
        after = await fetch(office.desk, one)
        assert (after.state, after.paid) == (ReservationState.CONFIRMED, DEPOSIT)
        paid = await pay_reservation(office.desk, AGENT, one, "p", DEPOSIT, "cash")
        assert (paid.replayed, paid.body["payment"]["deposit_met"]) == (True, True)
        again = await decide_task(office.desk, CHIEF, task, "d", happened=True, note="receipt 12")
        assert (again.replayed, again.body["decision"]) == (True, "happened")
        assert (await fetch(office.desk, one)).paid == DEPOSIT
        rows = await office.desk.store.read(lambda tx: tx.tail_audit(3))
        assert any("task_decided" in row and "receipt" not in row for row in rows)

    assert play(story).pms.count("post_deposit") == 1


def test_a_deposit_that_did_not_happen_frees_the_reservation() -> None:
    async def story(office: Office) -> None:
        one, task = await in_doubt(office)
        office.clock.advance(minutes=30)
        assert (await lapse_due(office.desk, ADMIN)).expired == ()
        await decide_task(office.desk, CHIEF, task, "d", happened=False)
        with pytest.raises(Refused):
            await pay_reservation(office.desk, AGENT, one, "p", DEPOSIT, "cash")
        assert len((await lapse_due(office.desk, ADMIN)).expired) == 1

    play(story)


def test_a_deposit_that_appears_after_that_decision_is_seen_by_the_watch() -> None:
    async def story(office: Office) -> None:
        _, task = await in_doubt(office, late=True)
        await decide_task(office.desk, CHIEF, task, "d", happened=False)
        office.pms.run_late()
        office.clock.advance(minutes=2)
        await watch_intents(office.desk, ADMIN)

    assert kinds(play(story)) == [TaskKind.REFUND]


def test_what_the_pms_shows_wins_over_the_decision() -> None:
    async def story(office: Office) -> None:
        one, task = await in_doubt(office, late=True)
        office.pms.run_late()
        answer = await decide_task(office.desk, CHIEF, task, "d", happened=False)
        assert answer.body["decision"] == "happened"
        assert answer.body["overruled"] == "The PMS shows this deposit: it was taken into our record."
        assert (await fetch(office.desk, one)).paid == DEPOSIT

    play(story)


def test_nothing_is_decided_while_the_pms_cannot_be_read() -> None:
    async def story(office: Office) -> None:
        one, task = await in_doubt(office)
        office.pms.fail_next("read_deposits", PmsUnavailable("down"))
        with pytest.raises(PmsUnavailable):
            await decide_task(office.desk, CHIEF, task, "d", happened=True)
        assert len(await board(office)) == 1
        await decide_task(office.desk, CHIEF, task, "d", happened=True)
        assert (await fetch(office.desk, one)).paid == DEPOSIT

    play(story)


def test_the_first_decision_stands() -> None:
    async def story(office: Office) -> None:
        _, task = await in_doubt(office)
        await decide_task(office.desk, CHIEF, task, "d1", happened=False)
        with pytest.raises(Refused):
            await finish_task(office.desk, CHIEF, task, "d2")
        same = await decide_task(office.desk, CHIEF, task, "d3", happened=False)
        other = await decide_task(office.desk, CHIEF, task, "d4", happened=True)
        assert [one.body["decision"] for one in (same, other)] == ["not_happened"] * 2

    play(story)


def test_a_deposit_found_meanwhile_needs_no_decision() -> None:
    async def story(office: Office) -> None:
        one, task = await in_doubt(office, late=True)
        office.pms.run_late()
        await resolve_intents(office.desk, ADMIN)
        answer = await decide_task(office.desk, CHIEF, task, "d", happened=False)
        assert answer.body["overruled"] is not None
        assert (await fetch(office.desk, one)).paid == DEPOSIT

    play(story)


def test_deciding_needs_a_supervisor_and_doing_does_not() -> None:
    async def story(office: Office) -> None:
        _, task = await in_doubt(office)
        with pytest.raises(Forbidden):
            await decide_task(office.desk, AGENT, task, "d", happened=True)
        with pytest.raises(Refused):
            await finish_task(office.desk, AGENT, task, "e")
        with pytest.raises(NotFound):
            await show_task(office.desk, AGENT, "tsk_none")

    play(story)


def test_a_refund_is_done_with_a_note_and_once() -> None:
    async def story(office: Office) -> None:
        one = (await booked(office)).body["reservation_id"]
        await pay_reservation(office.desk, AGENT, one, "p", DEPOSIT, "cash")
        await cancel_reservation(office.desk, AGENT, one, "x")
        (task,) = await board(office)
        shown = await show_task(office.desk, AGENT, task.task_id)
        assert (shown["kind"], shown["ways"]) == (
            "refund", [{"way": "done", "command": f"santral task done {task.task_id}"}],
        )  # fmt: skip
        with pytest.raises(InvalidInput):
            await finish_task(office.desk, AGENT, task.task_id, "n", "x" * 501)
        done = (await finish_task(office.desk, AGENT, task.task_id, "n", "transferred")).body
        assert (done["decision"], done["done_by"], done["ways"]) == ("done", AGENT.name, [])
        with pytest.raises(Refused):
            await decide_task(office.desk, CHIEF, task.task_id, "d", happened=True)

    assert kinds(play(story)) == []
