"""Agents' calls in the one queue."""

import asyncio
from datetime import timedelta

import pytest

from domain.access import Role
from domain.case import CallEnd, CallOutcome, CaseKind, CaseStatus, LeadStatus
from domain.contact import Vouching
from domain.guest import ChannelIdentity, GuestId, IdentityKind
from integration.ports.pms import ProfileDraft
from integration.usecases.merge_guests import merge_guests
from integration.usecases.people import root_of
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


def test_another_call_that_rings_meanwhile_is_not_taken_for_the_one_the_agent_starts():
    desk = a_reception()
    desk.rings("newCall", "c1", "905320000001", NINE, user="101")
    desk.rings("newCall", "c2", "493055571600", NINE + timedelta(seconds=1), user="101")
    desk.take_in()
    first, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart("+905320000001")))
    second, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart("+49 30 55571600")))
    opened = desk.read(lambda tx: tx.list_calls(hotel_id="BELEK1", actor="agent7", open_only=True, limit=9))
    assert {one.call_id for one in opened} == {first.call_id, second.call_id}


def test_who_is_named_while_two_calls_are_open_is_not_tied_to_the_other_caller():
    desk = a_reception()
    desk.rings("newCall", "c1", "+905320000001", NINE, user="101")
    desk.rings("newCall", "c2", "+905320000002", NINE + timedelta(seconds=1), user="101")
    desk.take_in()
    named = asyncio.run(
        create_guest(desk.desk, AGENT, desk.desk.hotel("BELEK1"), GuestCard("Anna Schmidt", phone="+905320000001"))
    )
    other = desk.read(lambda tx: tx.find_guest(ChannelIdentity(IdentityKind.PHONE, "+905320000002")))
    assert desk.read(lambda tx: root_of(tx, other.guest_id)) != desk.read(lambda tx: root_of(tx, named.guest_id))


def test_a_call_is_known_again_after_its_case_was_joined_into_another():
    desk = a_reception()
    written(desk)
    desk.rings("newCall", "c1", "+905320000002", NINE + timedelta(minutes=11), user="101")
    desk.take_in()
    rung = desk.read(lambda tx: tx.open_call("agent7", "BELEK1"))
    anna = desk.read(lambda tx: tx.find_guest(ChannelIdentity(IdentityKind.PHONE, "+905320000001")))
    chief = an_actor(Role.SUPERVISOR, "chief")
    asyncio.run(merge_guests(desk.desk, chief, anna.guest_id, rung.guest_id, "the same voice"))
    call, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart("+905320000002")))
    assert call.call_id == rung.call_id


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


def test_an_unknown_caller_of_a_call_started_by_hand_is_met_again_by_his_number():
    desk = a_reception()
    desk.office.clock.set(NINE)
    call, card = asyncio.run(start_call(desk.desk, AGENT, CallStart("0532 000 00 01")))
    asyncio.run(end_call(desk.desk, AGENT, None, CallEnd(CallOutcome.FOLLOW_UP, due_on=NINE.date())))
    assert (card.guest, call.guest_id is not None) == (None, True)
    desk.write(ANNA, "Az önce konuştuk", NINE + timedelta(minutes=30))
    desk.rings("newCall", "c1", "+905320000001", NINE + timedelta(hours=1))
    desk.take_in()
    (case,) = desk.cases()
    assert [row.channel.value for row in desk.messages(case)] == ["phone", "whatsapp", "phone"]


def test_a_number_read_off_a_display_vouches_for_nobody():
    desk = a_reception()
    asyncio.run(start_call(desk.desk, AGENT, CallStart("0532 000 00 01")))
    identity = ChannelIdentity(IdentityKind.PHONE, "+905320000001")
    fact = desk.read(lambda tx: tx.get_identity_fact(identity))
    assert fact.vouching is Vouching.TYPED
    desk.rings("newCall", "c1", "+905320000001", NINE)
    desk.take_in()
    assert desk.read(lambda tx: tx.get_identity_fact(identity)).vouching is Vouching.NETWORK


@pytest.mark.parametrize("number", ["0242 222 22 22", "444 1 444", "0242 745 11 22"])
def test_a_switchboard_an_agency_and_a_house_are_no_person(number: str):
    desk = a_reception()
    call, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart(number)))
    assert call.guest_id is None


def test_who_is_named_in_the_call_by_another_number_is_the_caller_and_can_be_parted_from_it():
    desk = a_reception()
    desk.office.clock.set(NINE)
    call, _ = asyncio.run(start_call(desk.desk, AGENT, CallStart("0532 000 00 01")))
    card = GuestCard(name="Anna Schmidt", phone="+49 151 23456789")
    guest = asyncio.run(create_guest(desk.desk, AGENT, desk.office.hotel, card))
    kept = desk.read(lambda tx: tx.get_call(call.call_id))
    assert kept.guest_id == guest.guest_id
    number = GuestId(str(call.guest_id))
    assert desk.read(lambda tx: root_of(tx, number)) == desk.read(lambda tx: root_of(tx, guest.guest_id))
    asyncio.run(end_call(desk.desk, AGENT, None, CallEnd(CallOutcome.FOLLOW_UP, due_on=NINE.date())))
    again, shown = asyncio.run(start_call(desk.desk, AGENT, CallStart("0532 000 00 01")))
    assert shown.guest is not None
    assert shown.guest.full_name == "Anna Schmidt"
    assert again.case_id == call.case_id
    asyncio.run(end_call(desk.desk, AGENT, None, CallEnd(CallOutcome.SERVICE)))
    other = GuestCard(name="Boris Petrov", phone="+49 151 99999999")
    asyncio.run(start_call(desk.desk, AGENT, CallStart("0532 000 00 01")))
    boris = asyncio.run(create_guest(desk.desk, AGENT, desk.office.hotel, other))
    assert desk.read(lambda tx: root_of(tx, boris.guest_id)) == boris.guest_id


def test_a_caller_the_exchange_met_and_the_pms_knows_is_shown_by_name():
    desk = a_reception()
    known = ProfileDraft("Ayşe", "Yılmaz", "tr", "TR", "+905320000001", None, "")
    desk.office.pms.house(desk.office.hotel).write_profile("9001", known)
    desk.rings("newCall", "c1", "+905320000001", NINE, user="101")
    desk.take_in()
    call, card = asyncio.run(start_call(desk.desk, AGENT, CallStart("+905320000001")))
    assert card.guest is not None
    assert (card.guest.full_name, card.guest.guest_id) == ("Ayşe Yılmaz", call.guest_id)
