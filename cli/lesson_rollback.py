"""`santral demo --lesson rollback`: a training exercise. A trainee's mistakes are planned, undone, and undone again.

Everything happens in a temporary folder with the small demo hotel and its embedded PMS. Each step says what is done and
why, which command a person would type, and what he should see; at the end the PMS itself is asked whether all of it is
true. PASS (exit 0) or FAIL (exit 7).
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cli.demo import make_demo_home
from cli.demo_story import Check
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.reservation import Guarantee, Reservation, ReservationState
from domain.rollback import RollbackScope
from integration.ports.pms import PmsBooking
from integration.settings import Settings
from integration.usecases.apply_rollback import apply_rollback
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from integration.usecases.move_reservation import fetch
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.quote_stay import quote_stay
from integration.usecases.rollback_scope import RollbackQuestion
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard

Body = dict[str, Any]
Tell = Callable[..., None]
LESSONS = ("rollback",)
TRAINEE, CHIEF = Actor("trainee", Role.OPERATOR), Actor("chief", Role.SUPERVISOR)
GUEST = GuestCard("Deniz Aksoy", "+49 151 23456789", "deniz.aksoy@example.com", "de")
AHEAD = timedelta(days=75)
WEEKS = 20


@dataclass
class Lesson:
    """The desk, what was told, and what was checked."""

    desk: Desk
    tell: Tell
    steps: list[Body] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def step(self, text: str, command: str = "", **params: object) -> None:
        """Tell a step, and the command for it."""
        number = len(self.steps) + 1
        self.steps.append({"number": number, "text": text.format(**params), "command": command or None})
        self.tell(text, **params)
        if command:
            self.tell("    " + command.replace("{", "{{").replace("}", "}}"))

    def check(self, name: str, target: object, measured: object, evidence: str = "") -> None:
        """Met when measured equals target."""
        self.checks.append(Check(name, str(target), str(measured), str(target) == str(measured), evidence))

    async def undo(self, actor: Actor, asked: RollbackQuestion) -> tuple[Body, Body]:
        """Plan and apply; both bodies."""
        plan = (await plan_rollback(self.desk, actor, asked, self.desk.ids.new("key"))).body
        done = await apply_rollback(self.desk, actor, plan["rollback_id"])
        return plan, done.body

    async def in_pms(self, one: Reservation) -> PmsBooking:
        """The hotel's record."""
        hotel = self.desk.hotel(one.hotel_id)
        found = await self.desk.pms.read_booking(hotel, one.pms_ref) if one.pms_ref else None
        if found is None:
            raise LookupError(one.reservation_id)
        return found

    async def rooms_left(self, one: Reservation) -> int:
        """Rooms of its type that are free on all its nights."""
        counts = await self.desk.pms.read_room_counts(self.desk.hotel(one.hotel_id), one.stay)
        return counts.least(one.room_type, one.stay)


def run_lesson(settings: Settings, environ: Mapping[str, str], tell: Tell) -> Body:  # noqa: ARG001 - as the demo is run
    """Play the exercise; the body has `lesson`, `verdict`, `steps[]` and `checks[]`."""
    home = Path(mkdtemp(prefix="santral-lesson-"))
    own = replace(settings, home=home / "home", pms_url="", database_url="", hotel="")
    try:
        make_demo_home(own)
        return asyncio.run(_played(own, tell))
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _played(settings: Settings, tell: Tell) -> Body:
    with ExitStack() as end:
        desk = open_desk(settings, at_end=end.callback)
        lesson = Lesson(desk, tell)
        try:
            await _lesson(lesson)
        finally:
            await desk.pms.close()
            await desk.store.close()
    passed = all(one.is_met for one in lesson.checks)
    return {
        "lesson": "rollback",
        "verdict": "PASS" if passed else "FAIL",
        "steps": lesson.steps,
        "checks": [
            {
                "name": one.name, "target": one.target, "measured": one.measured,
                "status": "pass" if one.is_met else "fail", "evidence": one.evidence,
            }
            for one in lesson.checks
        ],
    }  # fmt: skip


async def _lesson(lesson: Lesson) -> None:
    hotel = lesson.desk.hotel(None)
    arrival = await _open_day(lesson, hotel.today(lesson.desk.clock.now()) + AHEAD)
    one = await _a_wrong_change(lesson, arrival)
    await _a_wrong_reservation(lesson, one)
    await _what_cannot_be_undone(lesson, await _open_day(lesson, arrival + timedelta(days=14)))


def _short(one: Reservation | PmsBooking) -> str:
    return f"{one.stay.check_in} +{one.stay.night_count} {one.total}"


def _whole(one: Reservation) -> str:
    return f"{one.state.value} {one.guarantee} {one.pms_ref} {_short(one)}"


async def _open_day(lesson: Lesson, first: date) -> date:
    """An arrival from `first` on for which 5 nights can be had, so that no closed season spoils the exercise."""
    for weeks in range(WEEKS):
        day = first + timedelta(weeks=weeks)
        if (await quote_stay(lesson.desk, TRAINEE, StayWish(day, 5, 2))).offer.choices:
            return day
    return first


async def _sold(lesson: Lesson, arrival: date, key: str) -> Reservation:
    quote = await quote_stay(lesson.desk, TRAINEE, StayWish(arrival, 3, 2))
    request = BookRequest(
        ReservationState.CONFIRMED, key, offer_id=quote.offer.offer_id, pick=1, card=GUEST, guarantee=Guarantee.CARD
    )
    answer = await book_stay(lesson.desk, TRAINEE, request)
    return await fetch(lesson.desk, answer.body["reservation_id"])


async def _a_wrong_change(lesson: Lesson, arrival: date) -> str:
    """3 nights become 5 by mistake; changed back at the old price."""
    sold = await _sold(lesson, arrival, "lesson-1")
    one = sold.reservation_id
    lesson.step(
        N_("A trainee sells 3 nights: {reservation}, {total}. Then he changes it to 5 nights - of the wrong guest."),
        f"santral reservation change {one} --nights 5", reservation=one, total=sold.total,
    )  # fmt: skip
    await change_reservation(lesson.desk, TRAINEE, one, "lesson-2", ChangeWish(nights=5))
    asked = RollbackQuestion(RollbackScope.RESERVATION, one, "wrong guest changed", last=True)
    plan, done = await lesson.undo(TRAINEE, asked)
    lesson.step(
        N_("He plans to undo his last write. You should see: change it back, and a task to tell the guest."),
        f'santral rollback plan --reservation {one} --last --reason "wrong guest changed"',
    )
    lesson.step(
        N_("He applies it. The stay is 3 nights again, at the price it had, here and in the PMS."),
        f"santral rollback apply {plan['rollback_id']}",
    )
    now = await fetch(lesson.desk, one)
    there = await lesson.in_pms(now)
    lesson.check("plan_shows_the_steps", ["change_back", "correction_message"], [s["action"] for s in plan["steps"]])
    lesson.check("change_is_undone", "applied", done["state"], plan["rollback_id"])
    lesson.check("stay_and_price_as_before", _short(sold), _short(now), one)
    lesson.check("pms_has_them_too", _short(sold), _short(there), str(now.pms_ref))
    return one


async def _a_wrong_reservation(lesson: Lesson, one: str) -> None:
    """The whole reservation was wrong; undone, and that undone, because it was right after all."""
    before = await fetch(lesson.desk, one)
    free = await lesson.rooms_left(before)
    plan, done = await lesson.undo(TRAINEE, RollbackQuestion(RollbackScope.RESERVATION, one, "entered twice"))
    lesson.step(
        N_("Now the whole reservation is said to be wrong. Its room goes back to the hotel; nothing is deleted."),
        f'santral rollback plan --reservation {one} --reason "entered twice"',
    )
    gone = await fetch(lesson.desk, one)
    lesson.check("reservation_is_rolled_back", ("applied", "rolled_back"), (done["state"], gone.state.value), one)
    lesson.check("cancelled_in_the_pms", "Cancelled", (await lesson.in_pms(gone)).status, str(gone.pms_ref))
    lesson.check("its_room_is_free", free + 1, await lesson.rooms_left(before))
    again = await apply_rollback(lesson.desk, TRAINEE, plan["rollback_id"])
    lesson.check("applied_twice_does_nothing", "yes", "yes" if again.was_done else "no")
    back, stands = await lesson.undo(
        TRAINEE, RollbackQuestion(RollbackScope.ROLLBACK, plan["rollback_id"], "it was right")
    )
    lesson.step(
        N_("It was right after all: the rollback itself is undone. The same record stands again, under its number."),
        f'santral rollback plan --rollback {plan["rollback_id"]} --reason "it was right"',
    )
    now = await fetch(lesson.desk, one)
    lesson.check("undoing_is_undone", "applied", stands["state"], back["rollback_id"])
    lesson.check("identical_record", _whole(before), _whole(now), one)
    lesson.check("its_room_is_taken_again", free, await lesson.rooms_left(before))


async def _what_cannot_be_undone(lesson: Lesson, arrival: date) -> None:
    """Somebody else went on with it: a plan says so and touches nothing; and others' writes are for a supervisor."""
    sold = await _sold(lesson, arrival, "lesson-3")
    one = sold.reservation_id
    making = await lesson.desk.store.read(lambda tx: tx.intent_of_key(sold.hotel_id, TRAINEE.name, "lesson-3"))
    await change_reservation(lesson.desk, CHIEF, one, "lesson-4", ChangeWish(nights=4))
    written = making.intent_id if making is not None else ""
    asked = RollbackQuestion(RollbackScope.WRITE, written, "trainee")
    plan = (await plan_rollback(lesson.desk, TRAINEE, asked, lesson.desk.ids.new("key"))).body
    lesson.step(
        N_("A supervisor changed {reservation} after the trainee made it. The plan says that it cannot be undone."),
        f"santral rollback plan --write {written} --reason trainee", reservation=one,
    )  # fmt: skip
    found = [(step["action"], step["status"], step["reason"]) for step in plan["steps"]]
    lesson.check("what_cannot_be_undone_is_said", [("cancel", "impossible", "changed_later")], found, one)
    whole, done = await lesson.undo(CHIEF, RollbackQuestion(RollbackScope.RESERVATION, one, "wrong week"))
    lesson.step(
        N_("The supervisor decides: the whole reservation goes. He may, because it is more than one person's work."),
        f'santral rollback plan --reservation {one} --reason "wrong week"',
    )
    lesson.check("supervisor_is_needed", "yes", "yes" if whole["needs_supervisor"] else "no")
    lesson.check("supervisor_undoes_it", "applied", done["state"], whole["rollback_id"])
    history = await lesson.desk.store.read(lambda tx: tx.history(sold.reservation_id))
    lesson.step(N_("Look at the history: nothing is gone, every step is there with who and why."),
                f"santral reservation history {one}")  # fmt: skip
    actions = ["confirmed_placed", "changed", "rollback_cancel"]
    lesson.check("history_tells_everything", actions, [line.action for line in history], one)
