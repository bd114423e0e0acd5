"""A floor to count on: guests write and ring, agents answer and sell, at instants a test names."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from domain.access import Role
from domain.case import CallEnd, CallId, CallOutcome, Case, Direction
from domain.contact import MessageId, Sender
from domain.kpi_row import Dimension, KpiRow, Period
from domain.offer import OfferId
from domain.reservation import HistoryLine, PmsRef, Reservation, ReservationId, ReservationState
from integration.ports.store import Store, Tx
from integration.usecases.join_case import refold
from integration.usecases.kpi_report import Report, ReportWish, report
from integration.usecases.take_calls import CallStart, end_call, start_call
from integration.usecases.who_is_it import INTAKE
from tests.builders import a_reservation, an_actor, an_offer, night_prices
from tests.intake.reception import Reception, Writer, a_reception

BOSS = an_actor(Role.ADMIN, "boss")
EXTENSIONS = {"agent7": "101", "agent8": "102"}
_TICK = timedelta(milliseconds=1)


@dataclass
class Counted:
    """A reception whose clock goes on with what is done."""

    reception: Reception = field(default_factory=a_reception)
    made: int = 0

    @classmethod
    def on(cls, store: Store) -> "Counted":
        """In a store of its own."""
        return cls(a_reception(store))

    def number(self) -> int:
        self.made += 1
        return self.made

    def be(self, at: datetime) -> None:
        if self.reception.office.clock.now() < at:
            self.reception.office.clock.set(at)

    def change(self, work: Any) -> Any:
        return asyncio.run(self.reception.desk.store.transact(work))

    def writes(self, writer: Writer, at: datetime, text: str = "Price for a family room?") -> Case:
        self.be(at)
        self.reception.write(writer, text, at)
        self.reception.take_in()
        return self.case_of(writer.number)

    def case_of(self, phone: str) -> Case:
        """The newest case of a number."""

        def is_his(case: Case) -> bool:
            return any(row.handle_value == phone for row in self.reception.messages(case))

        return [case for case in self.reception.cases() if is_his(case)][-1]

    def replies(self, phone: str, at: datetime, agent: str = "agent7") -> None:
        """A person's answer, as the outbox writes it once the provider has taken it."""
        self.be(at)
        case, number = self.case_of(phone), self.number()

        def work(tx: Tx) -> None:
            first = tx.messages_of(case.case_id)[0]
            row = replace(
                first, message_id=MessageId(f"msg_z{number:06}"), sender=Sender.AGENT, at=at, received_at=at,
                text="Yes.", provider_id=f"out.{number}", actor=agent, reply_to=None, document={},
            )  # fmt: skip
            tx.add_message(row)
            refold(self.reception.desk, tx, INTAKE, case.case_id)

        self.change(work)

    def closes(self, phone: str, at: datetime, reason: str = "") -> None:
        """The lead is lost, or won, and the case resolved."""
        self.be(at)
        case = self.case_of(phone)
        lead = {"status": "lost", "reason": reason} if reason else {"status": "won"}
        self.reception.change(case.case_id, "lead", lead)
        self.reception.change(case.case_id, "resolved")

    def rings(
        self, phone: str, at: datetime, answered_s: float | None, gone_s: float = 0, agent: str = "agent7"
    ) -> str:
        """A call from the exchange; gives the call of ours, empty for one that nobody took."""
        name = f"c-{self.number()}"
        who = {"user": EXTENSIONS[agent]} if answered_s is not None else {}
        self.step("newCall", name, phone, at, **who)
        if answered_s is None:
            self.step("hangup", name, phone, at + timedelta(seconds=gone_s), cause="cancel")
            return ""
        self.step("answer", name, phone, at + timedelta(seconds=answered_s), answeringNumber=EXTENSIONS[agent])
        call = self.reception.read(lambda tx: tx.open_call(agent, "BELEK1"))
        return str(call.call_id)

    def step(self, event: str, name: str, phone: str, at: datetime, **more: str) -> None:
        self.be(at)
        self.reception.rings(event, name, phone, at, **more)
        self.reception.take_in()

    def ends(
        self, call_id: str, at: datetime, outcome: CallOutcome, *, agent: str = "agent7", reason: str = ""
    ) -> None:
        self.be(at)
        due = self.reception.office.clock.now().date() + timedelta(days=3) if outcome is CallOutcome.FOLLOW_UP else None
        end = CallEnd(outcome, reason or None, due)
        asyncio.run(end_call(self.reception.desk, an_actor(name=agent), call_id, end))

    def calls_out(self, phone: str, at: datetime, agent: str = "agent7") -> str:
        self.be(at)
        start = CallStart(phone, Direction.OUT)
        call, _ = asyncio.run(start_call(self.reception.desk, an_actor(name=agent), start))
        return str(call.call_id)

    def offers(self, call_id: str, at: datetime, agent: str = "agent7") -> str:
        """An offer given in a call."""
        offer_id = OfferId(f"off_{self.number():06}")

        def work(tx: Tx) -> None:
            call = tx.get_call(CallId(call_id))
            assert call is not None
            made = an_offer(offer_id=offer_id, created_at=at, call_id=call.call_id, case_id=call.case_id, actor=agent)
            tx.add_offer(made)

        self.be(at)
        self.change(work)
        return offer_id

    def stays(self, confirmed_at: datetime | None, **over: Any) -> Reservation:
        """A reservation with the line of its confirmation."""
        number = self.number()
        names = {
            "reservation_id": ReservationId(f"res_{number:06}"), "external_ref": f"SNT-{number:06}",
            "request_key": f"k-{number}", "pms_ref": PmsRef(str(100_000 + number)), "state": ReservationState.CONFIRMED,
        }  # fmt: skip
        one = a_reservation(**{**names, **over})
        became = ReservationState.CONFIRMED if confirmed_at else one.state
        line = HistoryLine(confirmed_at or one.created_at, "agent7", "booked", None, became)

        def work(tx: Tx) -> None:
            tx.add_reservation(one)
            tx.add_history(one.reservation_id, line)

        if confirmed_at is not None:
            self.be(confirmed_at)
        self.change(work)
        return one

    def sells(self, call_id: str, at: datetime, price: Any, offer_id: str = "", **over: Any) -> Reservation:
        """A sale of seven nights in a call."""
        call = self.reception.read(lambda tx: tx.get_call(CallId(call_id)))
        return self.stays(
            at, call_id=call.call_id, case_id=call.case_id, offer_id=OfferId(offer_id) if offer_id else None,
            nightly=night_prices(price=price), created_at=at, **over,
        )  # fmt: skip

    def report(self, period: Period, *by: Dimension, actor: Any = BOSS, **more: Any) -> Report:
        wish = ReportWish(period, "BELEK1", by, **{"ask_pms": False, **more})
        return asyncio.run(report(self.reception.desk, actor, wish))


def rows_of(found: Report) -> dict[tuple[str, str], KpiRow]:
    """Lines by KPI and `dimension:key` (money: `:currency` behind it)."""
    named: dict[tuple[str, str], KpiRow] = {}
    for row in found.rows:
        place = ",".join(f"{name}:{key}" for name, key in row.by.items())
        named[row.kpi, ":".join(filter(None, (place, row.currency or "")))] = row
    return named
