"""A sale on a call that the exchange opened wants its written summary, as one on a call that an agent started does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.case import Call, CallEnd, CallOutcome, CaseKind, CaseStatus, LeadStatus
from domain.reservation import ReservationState
from integration.ports.channels import Delivery, Wire
from integration.ports.hooks import Hook
from integration.usecases.take_calls import CallStart, end_call, start_call
from tests.builders import a_reservation, an_actor
from tests.intake.reception import MIDNIGHT, Reception, a_reception, hooks
from tests.unit.channels.posting import CTI, NETGSM, TWILIO, VERIMOR, as_json, delivery, form, from_twilio

NINE = MIDNIGHT + timedelta(hours=6)
NUMBER = "+905320000001"
AGENT = an_actor()
ISTANBUL = ZoneInfo("Europe/Istanbul")
Step = Callable[[str, datetime], Delivery]


def _local(at: datetime) -> str:
    return at.astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M:%S")


def by_cti(step: str, at: datetime) -> Delivery:
    event = {"ring": "newCall", "answer": "answer", "end": "hangup"}[step]
    who = {"answeringNumber": "101"} if step == "answer" else {"user": "101"}
    form_ = {"event": event, "callId": "c-1", "from": NUMBER, "to": "02420000001", "direction": "in", **who}
    return delivery(form(**form_, timestamp=str(int(at.timestamp()))), at=at)


def by_verimor(step: str, at: datetime) -> Delivery:
    stamps = {"ring": {}, "answer": {"answer_stamp": _local(at)}, "end": {"answer_stamp": _local(at)}}[step]
    told = {
        "event_type": {"ring": "ringing", "answer": "answer", "end": "hangup"}[step],
        "direction": "inbound", "caller_id_number": "05320000001", "destination_number": "02420000001",
        "connected_user": "101", "call_uuid": "uuid-1", "start_stamp": _local(NINE), "end_stamp": _local(at), **stamps,
    }  # fmt: skip
    return delivery(form(**told), at=at)


def by_netgsm(step: str, at: datetime) -> Delivery:
    told = {
        "scenario": {"ring": "Inbound_call", "answer": "Answer", "end": "Hangup"}[step],
        "unique_id": "17.1", "customer_num": "905320000001", "internal_num": "101",
        "timestamp": str(int(at.timestamp() * 1000)), **({"talktime": "55"} if step == "end" else {}),
    }  # fmt: skip
    return delivery(as_json(told), at=at)


def by_twilio(step: str, at: datetime) -> Delivery:
    status = {"ring": "ringing", "answer": "in-progress", "end": "completed"}[step]
    number = {"ring": "0", "answer": "1", "end": "2"}[step]
    stamp = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    told = {"CallSid": "CA1", "From": NUMBER, "To": "+902420000001", "CallStatus": status, "Direction": "inbound"}
    return replace(from_twilio(form(**told, SequenceNumber=number, Timestamp=stamp)), received_at=at)


@dataclass(frozen=True)
class Exchange:
    wire: Wire
    step: Step
    opens: bool = True


EXCHANGES = {
    "cti": Exchange(CTI, by_cti),
    "verimor": Exchange(VERIMOR, by_verimor),
    "netgsm": Exchange(NETGSM, by_netgsm),
    "twilio": Exchange(TWILIO, by_twilio, opens=False),
}


def connected(exchange: Exchange) -> tuple[Reception, Call]:
    """A guest rings, the agent takes it; where the exchange does not say whose telephone rings, he starts the call."""
    desk = a_reception(wires=hooks() | {"pbx": Hook("pbx", exchange.wire, "BELEK1", extensions={"101": "agent7"})})
    tell(desk, exchange, "ring", 0)
    tell(desk, exchange, "answer", 5)
    if not exchange.opens:
        asyncio.run(start_call(desk.desk, AGENT, CallStart(NUMBER)))
    call = desk.read(lambda tx: tx.open_call("agent7", "BELEK1"))
    assert isinstance(call, Call)
    assert (desk.read(lambda tx: tx.list_calls(hotel_id=None, actor=None, open_only=False, limit=9))) == [call]
    return desk, call


def tell(desk: Reception, exchange: Exchange, step: str, seconds: int) -> None:
    desk.deliver("pbx", exchange.step(step, NINE + timedelta(seconds=seconds)))
    desk.take_in()


def sell(desk: Reception, call: Call) -> None:
    sold = a_reservation(state=ReservationState.CONFIRMED, call_id=call.call_id, case_id=call.case_id)
    asyncio.run(desk.desk.store.transact(lambda tx: tx.add_reservation(sold)))


def hang_up(desk: Reception, end: CallEnd) -> Any:
    return asyncio.run(end_call(desk.desk, AGENT, None, end))


@pytest.mark.parametrize("ends_first", [True, False], ids=["exchange_hangs_up_first", "agent_ends_first"])
@pytest.mark.parametrize("name", EXCHANGES)
def test_a_sale_wants_its_summary_once_whichever_exchange_it_came_by(name: str, ends_first: bool):
    exchange = EXCHANGES[name]
    desk, call = connected(exchange)
    sell(desk, call)
    if ends_first:
        tell(desk, exchange, "end", 60)
    desk.office.clock.set(NINE + timedelta(seconds=70))
    ended, case = hang_up(desk, CallEnd(CallOutcome.SOLD))
    if not ends_first:
        tell(desk, exchange, "end", 75)
    assert (ended.outcome, case.lead_status, case.status) == (CallOutcome.SOLD, LeadStatus.WON, CaseStatus.RESOLVED)
    found = desk.read(lambda tx: tx.list_handoffs())
    assert [(one.trigger, one.state, one.from_channel.value) for one in found] == [("phone_sale", "triggered", "phone")]
    desk.change(case.case_id, "tagged", {"tag": "vip"})
    assert len(desk.read(lambda tx: tx.list_handoffs())) == 1


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_service_call_is_a_support_case_whichever_exchange_it_came_by(name: str):
    desk, _ = connected(EXCHANGES[name])
    desk.office.clock.set(NINE + timedelta(seconds=70))
    _, case = hang_up(desk, CallEnd(CallOutcome.SERVICE))
    assert (case.kind, case.status, case.lead_status) == (CaseKind.SUPPORT, CaseStatus.RESOLVED, None)


def test_an_exchange_whose_clock_is_ahead_raises_no_second_summary():
    exchange = EXCHANGES["cti"]
    desk = a_reception(wires=hooks() | {"pbx": Hook("pbx", exchange.wire, "BELEK1", extensions={"101": "agent7"})})
    ahead = replace(by_cti("ring", NINE + timedelta(minutes=4)), received_at=NINE)
    desk.deliver("pbx", ahead)
    desk.take_in()
    sell(desk, desk.read(lambda tx: tx.open_call("agent7", "BELEK1")))
    desk.office.clock.set(NINE + timedelta(seconds=50))
    _, case = hang_up(desk, CallEnd(CallOutcome.SOLD))
    desk.change(case.case_id, "tagged", {"tag": "vip"})
    assert len(desk.read(lambda tx: tx.list_handoffs())) == 1


def test_a_call_the_agent_started_himself_is_not_opened_a_second_time():
    desk = a_reception(wires=hooks() | {"pbx": Hook("pbx", CTI, "BELEK1", extensions={"101": "agent7"})})
    desk.office.clock.set(NINE)
    call, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart(NUMBER)))
    for step, seconds in (("answer", 3), ("end", 60)):
        tell(desk, EXCHANGES["cti"], step, seconds)
    assert desk.read(lambda tx: tx.open_call("agent7", "BELEK1")) == call
    assert len(desk.cases()) == 1
