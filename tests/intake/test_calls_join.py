"""Agents' calls in the one queue."""

import asyncio
from datetime import timedelta

from domain.case import CallEnd, CallOutcome, CaseKind, CaseStatus, LeadStatus
from integration.usecases.take_calls import CallStart, end_call, start_call
from integration.usecases.write_guest import GuestCard, create_guest
from tests.builders import an_actor
from tests.intake.reception import MIDNIGHT, Reception, Writer, a_reception

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna")
AGENT = an_actor()


def written(desk: Reception) -> None:
    desk.write(ANNA, "Fiyat alabilir miyim?", NINE)
    desk.take_in()
    desk.office.clock.set(NINE + timedelta(minutes=10))


def test_a_call_joins_the_case_of_whoever_rings():
    desk = a_reception()
    written(desk)
    call, card = asyncio.run(start_call(desk.desk, AGENT, CallStart("0532 000 00 01")))
    (case,) = desk.cases()
    assert call.case_id == case.case_id
    assert card.guest is not None
    assert [row.channel.value for row in desk.messages(case)] == ["whatsapp", "phone"]
    assert '"is_answered":true' in case.clocks


def test_a_call_that_the_exchange_opened_is_the_call_the_agent_starts():
    desk = a_reception()
    desk.rings("newCall", "c1", "+905320000001", NINE, user="101")
    desk.take_in()
    rung = desk.read(lambda tx: tx.open_call("agent7", "BELEK1"))
    call, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart("+905320000001")))
    assert call == rung
    assert len(desk.cases()) == 1


def test_a_lost_call_closes_the_case_and_a_later_message_of_the_day_opens_it_again():
    desk = a_reception()
    written(desk)
    asyncio.run(start_call(desk.desk, AGENT, CallStart("+905320000001")))
    _, case = asyncio.run(end_call(desk.desk, AGENT, None, CallEnd(CallOutcome.NOT_SOLD, "price")))
    assert (case.status, case.lead_status, case.lost_reason) == (CaseStatus.RESOLVED, LeadStatus.LOST, "price")
    desk.write(ANNA, "Bir daha düşündüm", NINE + timedelta(hours=5))
    desk.take_in()
    (case,) = desk.cases()
    assert (case.status, case.lead_status) == (CaseStatus.OPEN, LeadStatus.LOST)


def test_a_service_call_in_a_sales_case_leaves_the_lead_open():
    desk = a_reception()
    written(desk)
    asyncio.run(start_call(desk.desk, AGENT, CallStart("+905320000001")))
    _, case = asyncio.run(end_call(desk.desk, AGENT, None, CallEnd(CallOutcome.SERVICE)))
    assert (case.kind, case.lead_status, case.status) == (CaseKind.SALES, LeadStatus.OPEN, CaseStatus.OPEN)


def test_a_caller_met_by_his_number_alone_gets_the_name_the_agent_types():
    desk = a_reception()
    desk.rings("newCall", "c1", "+905320000001", NINE, user="101")
    desk.take_in()
    card = GuestCard(name="Anna Schmidt", phone="+905320000001")
    guest = asyncio.run(create_guest(desk.desk, AGENT, desk.office.hotel, card))
    assert guest.full_name == "Anna Schmidt"
    assert guest.guest_id == desk.cases()[0].guest_id
