"""From bytes at the door to cases in the queue."""

import json
from dataclasses import replace
from datetime import timedelta

from domain.case import CallOutcome, CaseKind, CaseStatus, LeadStatus
from domain.guest import GuestId, IdentityKind
from integration.ports.channels import SignatureFault, Unbelieved
from integration.ports.queue_records import DeliveryState
from integration.usecases.take_delivery import Stored
from tests.intake.reception import MIDNIGHT, Writer, a_reception, message, ring, signed, webhook

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna Kowalska")
BORIS = Writer("+79160000002", "RU.2222222222", "Борис Ильин 🌊")
HIDDEN = Writer("", "DE.3333333333", "İsmail Işık")


def test_a_message_opens_a_sales_case_with_a_lead_and_running_clocks():
    desk = a_reception()
    desk.write(ANNA, "Hello, do you have a family room in July?", NINE)
    assert [one.effects for one in desk.take_in()] == [1]
    (case,) = desk.cases()
    assert (case.kind, case.status, case.lead_status, case.channel) == (
        CaseKind.SALES,
        CaseStatus.OPEN,
        LeadStatus.OPEN,
        "whatsapp",
    )
    assert case.opened_at == NINE
    assert (case.due_at or NINE) > NINE
    assert json.loads(case.clocks)["first_response"]["started"] == int(NINE.timestamp() * 1000)


def test_the_same_delivery_twice_is_one_message():
    desk = a_reception()
    for _ in range(3):
        desk.write(ANNA, "Hello", NINE, "wamid.once")
    assert sum(one.effects for one in desk.take_in()) == 1
    assert desk.texts() == [["Hello"]]


def test_emoji_cyrillic_and_turkish_letters_arrive_as_they_were_written():
    desk = a_reception()
    said = ["Merhaba 👋🏽 IŞIK ışık İstanbul", "Здравствуйте, есть номер на двоих? 🌴"]
    desk.write(HIDDEN, said[0], NINE)
    desk.write(BORIS, said[1], NINE)
    desk.take_in()
    assert sorted(desk.texts()) == sorted([[one] for one in said])
    assert {case.language for case in desk.cases()} == {"tr", "ru"}


def test_somebody_without_a_number_is_known_by_his_user_id_and_later_by_his_number_too():
    desk = a_reception()
    desk.write(HIDDEN, "Oda var mı?", NINE)
    desk.take_in()
    desk.write(replace(HIDDEN, number="+491710000003"), "Numaram bu", NINE + timedelta(minutes=5))
    desk.rings("newCall", "c1", "+491710000003", NINE + timedelta(minutes=9), user="101")
    desk.take_in()
    (case,) = desk.cases()
    assert [row.channel.value for row in desk.messages(case)] == ["whatsapp", "whatsapp", "phone"]
    guest = desk.read(lambda tx: tx.get_guest(GuestId(case.guest_id or "")))
    assert guest.value_of(IdentityKind.PHONE) == "+491710000003"
    assert (guest.given_name, guest.surname) == ("İsmail", "Işık")


def test_a_contact_after_the_window_opens_a_new_case_and_one_in_between_makes_them_one():
    desk = a_reception()
    desk.write(ANNA, "first", NINE)
    desk.write(ANNA, "much later", NINE + timedelta(days=5))
    desk.take_in()
    assert desk.texts() == [["first"], ["much later"]]
    desk.write(ANNA, "late in coming", NINE + timedelta(days=2, hours=12))
    desk.take_in()
    assert desk.texts() == [["first", "late in coming", "much later"]]


def test_a_resolved_case_is_taken_up_again_within_a_day_only():
    desk = a_reception()
    desk.write(ANNA, "first", NINE)
    desk.take_in()
    desk.office.clock.set(NINE + timedelta(hours=1))
    (case,) = desk.cases()
    assert desk.change(case.case_id, "resolved").status is CaseStatus.RESOLVED
    desk.write(ANNA, "one more thing", NINE + timedelta(hours=20))
    desk.take_in()
    assert [one.status for one in desk.cases()] == [CaseStatus.OPEN]
    desk.office.clock.set(NINE + timedelta(hours=21))
    desk.change(case.case_id, "resolved")
    desk.write(ANNA, "something else", NINE + timedelta(hours=50))
    desk.take_in()
    assert desk.texts() == [["first", "one more thing"], ["something else"]]


def test_a_missed_call_is_a_case_with_a_call_back_due():
    desk = a_reception()
    desk.rings("newCall", "c1", "+905320000001", NINE)
    desk.rings("hangup", "c1", "+905320000001", NINE + timedelta(seconds=40), cause="cancel")
    desk.take_in()
    (case,) = desk.cases()
    assert case.due_on is not None
    assert json.loads(case.clocks)["call_back_until"] > NINE.timestamp() * 1000


def test_a_ringing_extension_opens_its_agents_call_and_nobody_answering_ends_it():
    desk = a_reception()
    desk.rings("newCall", "c1", "+905320000001", NINE, user="101")
    desk.take_in()
    call = desk.read(lambda tx: tx.open_call("agent7", "BELEK1"))
    assert call.phone == "+905320000001"
    assert call.case_id == desk.cases()[0].case_id
    desk.rings("hangup", "c1", "+905320000001", NINE + timedelta(seconds=30), cause="noAnswer")
    desk.take_in()
    assert desk.read(lambda tx: tx.get_call(call.call_id)).outcome is CallOutcome.ABANDONED


def test_callers_who_withhold_their_number_are_not_one_guest():
    desk = a_reception()
    for number in ("c1", "c2"):
        desk.rings("newCall", number, "anonymous", NINE)
        desk.take_in()
        desk.rings("hangup", number, "anonymous", NINE + timedelta(seconds=30), cause="cancel")
    desk.take_in()
    assert [len(rows) for rows in desk.texts()] == [2, 2]


def test_a_switchboards_number_links_nobody():
    desk = a_reception()
    for number in ("c1", "c2"):
        desk.rings("newCall", number, "+902422222222", NINE)
    desk.take_in()
    assert len(desk.cases()) == 2


def test_what_is_not_proven_is_refused_and_leaves_nothing():
    desk = a_reception()
    body = webhook((ANNA, message(ANNA, "hello", NINE, "wamid.1")))
    assert desk.deliver("whatsapp", signed(body, NINE, "another-secret")) == Unbelieved(SignatureFault.WRONG)
    unsigned = replace(signed(body, NINE), headers={})
    assert desk.deliver("whatsapp", unsigned) == Unbelieved(SignatureFault.MISSING)
    knocked = replace(ring("newCall", "c1", "+905320000001", NINE), url="https://hotel.example/hooks/exchange/x" * 2)
    assert isinstance(desk.deliver("exchange", knocked), Unbelieved)
    assert desk.read(lambda tx: tx.list_deliveries(channel=None, state=None, after=None, limit=10)) == []


def test_no_secret_of_a_delivery_is_stored():
    desk = a_reception()
    desk.rings("newCall", "c1", "+905320000001", NINE)
    desk.write(ANNA, "hello", NINE)
    for stored in desk.read(lambda tx: tx.pending_deliveries(10)):
        assert "0123456789abcdef0123" not in str(stored)
        assert "sha256=" not in str(stored)


def test_a_thousand_messages_of_one_webhook_are_one_delivery():
    desk = a_reception()
    guests = [replace(ANNA, number=f"+9053200{number:05d}", user=f"TR.{number:010d}") for number in range(50)]
    written = [
        (
            guests[number % 50],
            message(guests[number % 50], f"no {number}", NINE + timedelta(seconds=number), f"w{number}"),
        )
        for number in range(1000)
    ]
    desk.deliver("whatsapp", signed(webhook(*written), NINE + timedelta(minutes=20)))
    assert [one.effects for one in desk.take_in()] == [1000]
    assert [len(rows) for rows in desk.texts()] == [20] * 50


def test_a_body_that_cannot_be_read_is_kept_for_it_to_look_at():
    desk = a_reception()
    found = desk.deliver("whatsapp", signed(b"not json", NINE))
    assert isinstance(found, Stored)
    assert [one.problem for one in desk.take_in()] == ["The body is not JSON."]
    (kept,) = desk.read(lambda tx: tx.list_deliveries(channel=None, state=None, after=None, limit=10))
    assert (kept.state, kept.body) == (DeliveryState.UNREADABLE, b"not json")


def test_a_deletion_that_comes_before_its_message_waits_for_it():
    desk = a_reception()
    gone = message(ANNA, "", NINE, "wamid.2", type="revoke", revoke={"original_message_id": "wamid.1"})
    del gone["text"]
    desk.deliver("whatsapp", signed(webhook((ANNA, gone)), NINE))
    assert [one.problem for one in desk.take_in()] == ["waits"]
    desk.write(ANNA, "my card number is ...", NINE, "wamid.1")
    desk.take_in()
    desk.take_in()
    assert desk.texts() == [[""]]
    assert desk.take_in() == []
