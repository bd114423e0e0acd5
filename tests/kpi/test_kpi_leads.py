"""A lead is won while a sale stands: what a rollback takes away and brings back, in the KPI and in the queue."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.access import Role
from domain.case import CallId, CallOutcome, Case, CaseStatus, LeadStatus
from domain.kpi_row import Period
from domain.reservation import Guarantee, HistoryLine, Reservation, ReservationState
from domain.rollback import RollbackScope
from integration.ports.kpi import FactKind
from integration.ports.store import Tx
from integration.usecases.apply_rollback import apply_rollback
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.kpi_refresh import recount, refresh
from integration.usecases.lead_close import lose_lead, start_lead, win_lead
from integration.usecases.move_reservation import fetch
from integration.usecases.plan_rollback import plan_rollback
from integration.usecases.quote_stay import StayWish, quote_stay
from integration.usecases.rollback_scope import RollbackQuestion
from tests.builders import an_actor, eur
from tests.intake.reception import Writer
from tests.kpi.floor import BOSS, Counted, rows_of
from tests.kpi.week import WEEK, WHO, at
from tests.unit.usecases.selling import ARRIVAL, CALLER

_S = ReservationState
AGENT = an_actor(Role.SUPERVISOR, "agent7")
DAYS = Period(WEEK.first, WEEK.last)


def won(floor: Counted) -> tuple[float | None, int]:
    row = rows_of(floor.report(DAYS, kpis=("lead_to_reservation_rate",)))["lead_to_reservation_rate", ""]
    assert row.value is None or isinstance(row.value, float)
    return row.value, row.n


def counted_anew(floor: Counted) -> bool:
    """Whether counting all anew gives the facts that are there."""

    def facts() -> Any:
        cases = floor.reception.cases()
        return [
            [replace(fact, as_of=at(9, 0)) for fact in floor.reception.read(_facts_of(case))] for case in cases
        ]  # fmt: skip

    asyncio.run(refresh(floor.reception.desk))
    before = facts()
    asyncio.run(recount(floor.reception.desk, BOSS))
    return bool(facts() == before)


def _facts_of(case: Case) -> Any:
    return lambda tx: tx.kpi_facts_of(FactKind.CASE, case.case_id)


def a_win(floor: Counted, **over: Any) -> tuple[str, Reservation]:
    """A call that sold; the lead is won."""
    call = floor.rings(WHO["D"], at(5, 7), 15)
    one = floor.sells(call, at(5, 7, 4), eur("200.00"), **over)
    floor.ends(call, at(5, 7, 5), CallOutcome.SOLD)
    return call, one


def becomes(floor: Counted, one: Reservation, to: ReservationState, moment: datetime) -> None:
    """The record moves, as its use case would write it."""
    floor.be(moment)

    def work(tx: Tx) -> None:
        now = tx.get_reservation(one.reservation_id)
        assert now is not None
        assert tx.update_reservation(replace(now, state=to, version=now.version + 1), expected_version=now.version)
        tx.add_history(one.reservation_id, HistoryLine(moment, "agent7", "moved", now.state, to))

    floor.change(work)


@pytest.mark.parametrize(
    ("to", "share"), [(_S.ROLLED_BACK, 0.0), (_S.EXPIRED, 0.0), (_S.CANCELLED, 1.0), (_S.NO_SHOW, 1.0)]
)
def test_a_lead_counts_as_won_while_its_sale_was_one(to: ReservationState, share: float) -> None:
    floor = Counted()
    _, one = a_win(floor)
    assert won(floor) == (1.0, 1)
    becomes(floor, one, to, at(6, 9))
    assert won(floor) == (share, 1)
    assert counted_anew(floor)


def test_a_hold_that_was_given_up_before_it_was_confirmed_won_nothing() -> None:
    floor = Counted()
    call = floor.rings(WHO["D"], at(5, 7), 15)
    reserved = floor.reception.read(lambda tx: tx.get_call(CallId(call)))
    one = floor.stays(
        None, state=_S.HOLD, call_id=reserved.call_id, case_id=reserved.case_id, created_at=at(5, 7, 4),
        expires_at=at(8, 7),
    )  # fmt: skip
    floor.ends(call, at(5, 7, 5), CallOutcome.SOLD)
    assert won(floor) == (1.0, 1)
    becomes(floor, one, _S.CANCELLED, at(5, 8))
    assert won(floor) == (0.0, 1)


def test_another_sale_of_the_case_keeps_the_lead_won() -> None:
    floor = Counted()
    call, one = a_win(floor)
    floor.sells(call, at(5, 7, 30), eur("180.00"))
    becomes(floor, one, _S.ROLLED_BACK, at(5, 8))
    assert won(floor) == (1.0, 1)


def test_a_lead_that_came_as_won_without_a_reservation_of_ours_is_taken_at_its_word() -> None:
    floor = Counted()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 9))
    floor.closes(WHO["A"], at(3, 10))
    assert won(floor) == (1.0, 1)


def test_a_lead_won_by_another_reservation_of_its_guest_follows_that_one() -> None:
    floor = Counted()
    floor.writes(Writer(WHO["A"], name="Anna"), at(3, 9))
    case = floor.case_of(WHO["A"])
    one = floor.stays(at(3, 10), guest_id=case.guest_id, created_at=at(3, 10))
    asyncio.run(win_lead(floor.reception.desk, AGENT, case.case_id, "win", one.reservation_id))
    assert won(floor) == (1.0, 1)
    becomes(floor, one, _S.ROLLED_BACK, at(4, 9))
    assert won(floor) == (0.0, 1)
    assert counted_anew(floor)


class Sold:
    """A lead won by a real booking in a call, in the PMS too."""

    def __init__(self, ends: bool = True) -> None:
        self.floor = Counted()
        self.desk = self.floor.reception.desk
        self.call = self.floor.rings(WHO["D"], at(5, 7), 15)
        self.reservation_id = self.books("book-1")
        if ends:
            self.floor.ends(self.call, at(5, 7, 5), CallOutcome.SOLD)

    def books(self, key: str, guest_id: str | None = None) -> str:
        """A confirmed reservation of the call; of a guest: without one."""
        call = None if guest_id else self.call

        async def work() -> str:
            quote = await quote_stay(self.desk, AGENT, StayWish(ARRIVAL, 7, 2, (6,), call_id=call))
            wish = BookRequest(
                _S.CONFIRMED, key, offer_id=quote.offer.offer_id, pick=1, guarantee=Guarantee.CARD, call_id=call,
                card=None if guest_id else CALLER, guest_id=guest_id,
            )  # fmt: skip
            return str((await book_stay(self.desk, AGENT, wish)).body["reservation_id"])

        return asyncio.run(work())

    def rolls_back(self, target: str, scope: RollbackScope = RollbackScope.RESERVATION) -> str:
        """Plan and apply; gives the rollback."""
        self.floor.reception.office.clock.advance(minutes=1)

        async def work() -> str:
            key = self.desk.ids.new("plan")
            plan = await plan_rollback(self.desk, AGENT, RollbackQuestion(scope, target, "wrong entry"), key)
            applied = await apply_rollback(self.desk, AGENT, plan.body["rollback_id"])
            assert applied.body["state"] == "applied", applied.body
            return str(plan.body["rollback_id"])

        return asyncio.run(work())

    def undoes(self, rollback_id: str) -> str:
        return self.rolls_back(rollback_id, RollbackScope.ROLLBACK)

    @property
    def case(self) -> Case:
        (found,) = self.floor.reception.cases()
        return found

    def lead(self) -> tuple[LeadStatus | None, CaseStatus, float | None]:
        """The lead, its case, and the KPI."""
        return self.case.lead_status, self.case.status, won(self.floor)[0]


IS_WON = (LeadStatus.WON, CaseStatus.RESOLVED, 1.0)
IS_OPEN = (LeadStatus.IN_PROGRESS, CaseStatus.OPEN, 0.0)


def test_a_rollback_opens_the_lead_again_and_undoing_it_wins_it_again_as_often_as_one_likes() -> None:
    sold = Sold()
    assert sold.lead() == IS_WON
    rolled = sold.rolls_back(sold.reservation_id)
    assert sold.lead() == IS_OPEN
    undone = sold.undoes(rolled)
    assert sold.lead() == IS_WON
    again = sold.undoes(undone)
    assert sold.lead() == IS_OPEN
    sold.undoes(again)
    assert sold.lead() == IS_WON
    assert counted_anew(sold.floor)


def test_what_was_done_is_in_the_cases_events_and_in_the_audit() -> None:
    sold = Sold()
    sold.rolls_back(sold.reservation_id)
    case = sold.case
    events = sold.floor.reception.read(lambda tx: tx.case_events(case.case_id))
    last = [event for event in events if event.kind == "lead"][-1]
    assert last.document["rolled_back"] == sold.reservation_id
    rows = sold.floor.reception.read(lambda tx: tx.tail_audit(50))
    (row,) = (one for one in rows if "lead_reopened" in one)
    assert case.case_id in row
    assert "wrong entry" in row


def test_a_rollback_of_one_of_two_sales_leaves_the_lead_won() -> None:
    sold = Sold(ends=False)
    other = sold.books("book-2")
    sold.floor.ends(sold.call, at(5, 7, 5), CallOutcome.SOLD)
    sold.rolls_back(sold.reservation_id)
    assert sold.lead() == IS_WON
    sold.rolls_back(other)
    assert sold.lead() == IS_OPEN


def test_a_lead_that_was_moved_meanwhile_is_left_alone_by_the_undoing() -> None:
    sold = Sold()
    rolled = sold.rolls_back(sold.reservation_id)
    asyncio.run(lose_lead(sold.desk, AGENT, sold.case.case_id, "lose", "price"))
    sold.undoes(rolled)
    assert sold.case.lead_status is LeadStatus.LOST


def test_a_lead_that_somebody_took_up_himself_is_his_to_win() -> None:
    sold = Sold()
    asyncio.run(start_lead(sold.desk, AGENT, sold.case.case_id, "start"))
    rolled = sold.rolls_back(sold.reservation_id)
    sold.undoes(rolled)
    assert sold.case.lead_status is LeadStatus.IN_PROGRESS
    state = asyncio.run(fetch(sold.desk, sold.reservation_id)).state
    assert state is _S.CONFIRMED


def test_rolling_back_what_no_lead_rests_on_moves_none() -> None:
    sold = Sold()
    rolled = sold.rolls_back(sold.books("book-2", sold.case.guest_id))
    assert sold.lead() == IS_WON
    sold.undoes(rolled)
    assert sold.lead() == IS_WON
