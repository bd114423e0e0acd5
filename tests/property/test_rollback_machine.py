"""Whatever is entered, in any order: undone and the undoing undone, it is as it was. docs/algorithms/rollback.md, 5.1.

A machine sells, changes, confirms, pays, cancels and lets lapse; now and then the last write or a whole reservation is
rolled back, and the rollback undone. After each step our record and the PMS's agree and stock is what stands.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.access import Actor, Role
from domain.errors import DomainError
from domain.money import Money
from domain.reservation import SELLING, Guarantee, Reservation, ReservationState
from domain.rollback import RollbackScope, Snapshot
from integration.ports.pms import PmsBooking
from integration.usecases.apply_rollback import apply_rollback
from integration.usecases.cancel_reservation import cancel_reservation, reinstate_reservation
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, fetch, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.rollback_pms import in_pms_as
from integration.usecases.rollback_scope import RollbackQuestion
from tests.fakes.desk import an_office
from tests.unit.usecases.selling import booked
from tests.unit.usecases.undoing import Body, record, sold, steps

BOSS = Actor("boss", Role.ADMIN)
MOST = 3
T = TypeVar("T")
picks = st.integers(0, MOST - 1)


class Office(RuleBasedStateMachine):
    """One office, a few reservations."""

    def __init__(self) -> None:
        super().__init__()
        self.office = an_office()
        self.made: list[str] = []
        self.keys = 0

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def one(self, pick: int) -> str:
        return self.made[pick % len(self.made)]

    def attempt(self, work: Coroutine[Any, Any, object]) -> None:
        """A rule of selling may say no; that is not what is tested here."""
        with suppress(DomainError):
            asyncio.run(work)

    def now(self, one: str) -> Reservation:
        return asyncio.run(fetch(self.office.desk, one))

    @precondition(lambda self: len(self.made) < MOST)
    @rule(to=st.sampled_from([ReservationState.HOLD, ReservationState.CONFIRMED]))
    def sell(self, to: ReservationState) -> None:
        guarantee = Guarantee.CARD if to is ReservationState.CONFIRMED else None
        answer = asyncio.run(booked(self.office, self.key(), to, guarantee=guarantee))
        self.made.append(answer.body["reservation_id"])

    @precondition(lambda self: self.made)
    @rule(pick=picks, nights=st.integers(1, 9), adults=st.integers(1, 2), room=st.sampled_from(["STD", "FAM"]))
    def change(self, pick: int, nights: int, adults: int, room: str) -> None:
        wish = ChangeWish(nights=nights, adults=adults, room_type=room)
        self.attempt(change_reservation(self.office.desk, BOSS, self.one(pick), self.key(), wish))

    @precondition(lambda self: self.made)
    @rule(pick=picks, verb=st.sampled_from(["option", "confirm", "pay", "cancel", "reinstate", "extend"]))
    def move(self, pick: int, verb: str) -> None:
        desk, one, key = self.office.desk, self.one(pick), self.key()
        works = {
            "option": lambda: take_option(desk, BOSS, one, key),
            "confirm": lambda: confirm_reservation(desk, BOSS, one, key, Guarantee.AGENCY),
            "pay": lambda: pay_reservation(desk, BOSS, one, key, Money.of("100", "EUR"), "cash"),
            "cancel": lambda: cancel_reservation(desk, BOSS, one, key),
            "reinstate": lambda: reinstate_reservation(desk, BOSS, one, key),
            "extend": lambda: extend_reservation(desk, BOSS, one, key, desk.clock.now() + timedelta(hours=1)),
        }
        self.attempt(works[verb]())

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.office.clock.advance(minutes=minutes)
        asyncio.run(lapse_due(self.office.desk, BOSS))

    @precondition(lambda self: self.made)
    @rule(pick=picks, last=st.booleans())
    def undo_and_undo_that(self, pick: int, last: bool) -> None:
        one = self.one(pick)
        before, there, stock = self.seen(one), self.there(one), sold(self.office)
        done = self.undone(RollbackQuestion(RollbackScope.RESERVATION, one, "wrong", last=last))
        if done is None or not done["counts"]["done"]:
            return
        again = self.undone(RollbackQuestion(RollbackScope.ROLLBACK, done["rollback_id"], "right"))
        assert again is not None
        assert again["state"] == "applied", (steps(done), steps(again))
        assert self.seen(one) == before
        assert (self.there(one), sold(self.office)) == (there, stock)

    @precondition(lambda self: self.made)
    @rule(pick=picks, last=st.booleans())
    def undo(self, pick: int, last: bool) -> None:
        self.undone(RollbackQuestion(RollbackScope.RESERVATION, self.one(pick), "wrong", last=last))

    def undone(self, asked: RollbackQuestion) -> Body | None:
        """Plan and apply; None when there is nothing of ours to undo."""
        try:
            plan = asyncio.run(plan_rollback(self.office.desk, BOSS, asked, self.key())).body
        except DomainError:
            return None
        body = asyncio.run(apply_rollback(self.office.desk, BOSS, plan["rollback_id"])).body
        assert body["counts"]["failed"] == body["counts"]["unknown"] == 0, steps(body)
        return body

    def seen(self, one: str) -> tuple[Snapshot, Money]:
        """Ours, but for the deadline, which is fresh."""
        now = self.now(one)
        return replace(Snapshot.of(now), expires_at=None), now.paid

    def there(self, one: str) -> tuple[object, ...]:
        found: PmsBooking = record(self.office, self.now(one))
        return found.status, found.stay, found.party, found.room_type, found.guarantee_code, found.total

    @invariant()
    def ours_and_the_pms_agree(self) -> None:
        for one in map(self.now, self.made):
            assert in_pms_as(self.office.hotel, record(self.office, one), one.rooms, Snapshot.of(one)), one

    @invariant()
    def stock_is_what_stands(self) -> None:
        live = [one for one in map(self.now, self.made) if one.state in SELLING]
        assert sold(self.office) == Counter((one.room_type, night) for one in live for night in one.stay.nights())


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
