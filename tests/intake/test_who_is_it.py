"""Who a contact is from, who is one person, and taking people apart again (docs/algorithms/dedupe-and-unmerge.md)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from domain.access import Actor, Role
from domain.errors import Forbidden, InvalidInput, NotFound, Refused
from domain.guest import ChannelIdentity, GuestId, GuestProfile, IdentityKind
from integration.ports.queue_records import GuestMerge
from integration.usecases.merge_guests import Person, merge_guests, show_person, unmerge_guest
from integration.usecases.person_views import person_body
from tests.builders import a_guest
from tests.intake.day import form
from tests.intake.reception import MIDNIGHT, Reception, Writer, a_reception, message, signed, webhook

NINE = MIDNIGHT + timedelta(hours=6)
AGENT = Actor("agent7", Role.OPERATOR, "cli")
CHIEF = Actor("chief", Role.SUPERVISOR, "cli")
PHONE = ChannelIdentity(IdentityKind.PHONE, "+905320000001")
ANNA = Writer("+905320000001", "TR.1111111111", "Anna")
BORIS = Writer("+905320000001", "TR.2222222222", "Boris")
CARLA = Writer("+905320000001", "TR.3333333333", "Carla")
HIDDEN = replace(ANNA, number="")


def guest_of(desk: Reception, identity: ChannelIdentity) -> GuestProfile:
    found = desk.read(lambda tx: tx.find_guest(identity))
    assert isinstance(found, GuestProfile)
    return found


def user(writer: Writer) -> ChannelIdentity:
    return ChannelIdentity(IdentityKind.WHATSAPP_USER, writer.user, "portfolio-1")


def person(desk: Reception, guest: GuestProfile) -> Person:
    return asyncio.run(show_person(desk.desk, AGENT, guest.guest_id))


def merged(desk: Reception, one: GuestProfile, other: GuestProfile) -> GuestMerge:
    return asyncio.run(merge_guests(desk.desk, CHIEF, one.guest_id, other.guest_id, "the same voice"))


def a_caller_and_a_writer() -> tuple[Reception, GuestProfile, GuestProfile]:
    """A number that rang, and a user without a number who wrote."""
    desk = a_reception()
    desk.rings("newCall", "c1", PHONE.value, NINE)
    desk.write(HIDDEN, "Merhaba", NINE + timedelta(minutes=5))
    desk.take_in()
    return desk, guest_of(desk, PHONE), guest_of(desk, user(ANNA))


def test_two_files_that_one_message_ties_together_are_one_person_and_their_cases_one_case():
    desk, caller, writer = a_caller_and_a_writer()
    assert len(desk.cases()) == 2
    desk.write(ANNA, "Bu numaram", NINE + timedelta(minutes=9))
    desk.take_in()
    (merge,) = person(desk, writer).merges
    assert {merge.winner, merge.loser} == {caller.guest_id, writer.guest_id}
    assert (merge.winner, merge.rule, merge.actor) == (caller.guest_id, "number_seen", "intake")
    assert PHONE.value not in merge.evidence
    assert len(desk.cases()) == 1


def test_a_machine_does_not_bring_together_again_what_a_person_took_apart():
    desk, caller, writer = a_caller_and_a_writer()
    desk.write(ANNA, "Bu numaram", NINE + timedelta(minutes=9))
    desk.take_in()
    asyncio.run(unmerge_guest(desk.desk, CHIEF, writer.guest_id, "his wife's telephone"))
    assert len(desk.cases()) == 2
    desk.write(ANNA, "Yine ben", NINE + timedelta(minutes=12))
    desk.take_in()
    assert len(desk.cases()) == 2
    (hint,) = person(desk, caller).suggestions
    assert hint.rule == "parted_before"


def test_messages_in_between_go_to_whom_they_are_from_and_cases_get_their_numbers_back():
    desk, caller, writer = a_caller_and_a_writer()
    before = {case.case_id for case in desk.cases()}
    merged(desk, caller, writer)
    desk.write(HIDDEN, "in between", NINE + timedelta(hours=1))
    desk.rings("newCall", "c2", PHONE.value, NINE + timedelta(hours=2))
    desk.take_in()
    assert len(desk.cases()) == 1
    asyncio.run(unmerge_guest(desk.desk, CHIEF, writer.guest_id, "another person"))
    assert {case.case_id for case in desk.cases()} == before
    assert sorted(desk.texts()) == [["", ""], ["Merhaba", "in between"]]


def test_a_case_that_became_part_of_another_is_still_found_by_its_number():
    desk, caller, writer = a_caller_and_a_writer()
    merged(desk, caller, writer)
    (case,) = desk.cases()
    gone = desk.read(lambda tx: tx.merge_of_loser(writer.guest_id))
    assert gone.winner == caller.guest_id
    joined = [row.home_case for row in desk.messages(case) if row.home_case != case.case_id]
    assert desk.read(lambda tx: tx.get_case(joined[0])).joined_into == case.case_id


@pytest.mark.parametrize("order", list(permutations((ANNA, BORIS, CARLA))))
def test_a_number_of_several_users_links_nobody_in_any_order(order: tuple[Writer, ...]):
    desk = a_reception()
    desk.rings("newCall", "c1", PHONE.value, NINE)
    for place, writer in enumerate((*order, *order)):
        desk.write(writer, writer.name, NINE + timedelta(minutes=place))
        desk.take_in()
    desk.rings("newCall", "c2", PHONE.value, NINE + timedelta(minutes=30))
    desk.take_in()
    assert sorted(desk.texts()) == [["", ""], ["Anna", "Anna"], ["Boris", "Boris"], ["Carla", "Carla"]]
    alone = guest_of(desk, PHONE)
    assert alone.identities == (PHONE,)
    assert {hint.rule for hint in person(desk, alone).suggestions} == {"shared_number"}


def test_a_number_of_the_hotels_records_stays_with_its_guest():
    desk = a_reception()
    registered = a_guest(
        guest_id=GuestId("gst_0"), identities=(ChannelIdentity(IdentityKind.PMS_PROFILE, "100", "BELEK1"), PHONE)
    )
    asyncio.run(desk.desk.store.transact(lambda tx: tx.put_guest(registered, frozenset())))
    for writer in (ANNA, BORIS):
        desk.write(writer, "hello", NINE)
        desk.take_in()
    assert guest_of(desk, PHONE).guest_id == guest_of(desk, user(ANNA)).guest_id == "gst_0"
    assert guest_of(desk, user(BORIS)).guest_id != "gst_0"
    assert [hint.rule for hint in person(desk, registered).suggestions] == ["conflict"]


def test_what_a_form_says_of_somebody_is_only_a_suggestion():
    desk = a_reception()
    desk.write(ANNA, "hello", NINE)
    desk.take_in()
    desk.deliver("form", form("lead-1", {"name": "Anna", "phone": PHONE.value}, NINE + timedelta(minutes=1)))
    desk.take_in()
    assert len(desk.cases()) == 2
    desk.deliver("form", form("lead-2", {"name": "Anna", "phone": PHONE.value}, NINE + timedelta(minutes=2)))
    desk.take_in()
    assert len(desk.cases()) == 2
    (hint,) = person(desk, guest_of(desk, PHONE)).suggestions
    assert hint.rule == "number_said"


def test_a_user_who_changes_his_number_stays_who_he_is():
    desk = a_reception()
    desk.write(ANNA, "hello", NINE)
    desk.take_in()
    changed = {
        "type": "system",
        "system": {
            "type": "user_changed_number",
            "body": "Anna changed her number",
            "wa_id": "905320000009",
            "new_wa_id": "905320000009",
            "user_id": "TR.9999999999",
        },
    }
    told = message(ANNA, "", NINE + timedelta(minutes=1), "wamid.change", **changed)
    del told["text"]
    desk.deliver("whatsapp", signed(webhook((ANNA, told)), NINE + timedelta(minutes=1)))
    desk.take_in()
    desk.rings("newCall", "c1", "+905320000009", NINE + timedelta(minutes=5))
    desk.take_in()
    assert len(desk.cases()) == 1


def test_an_operator_neither_merges_nor_parts():
    desk, caller, writer = a_caller_and_a_writer()
    with pytest.raises(Forbidden):
        asyncio.run(merge_guests(desk.desk, AGENT, caller.guest_id, writer.guest_id, "the same voice"))
    merged(desk, caller, writer)
    with pytest.raises(Forbidden):
        asyncio.run(unmerge_guest(desk.desk, AGENT, writer.guest_id, "a slip"))


def test_merging_by_hand_says_why_and_refuses_what_is_no_merge():
    desk, caller, writer = a_caller_and_a_writer()
    with pytest.raises(InvalidInput):
        asyncio.run(merge_guests(desk.desk, CHIEF, caller.guest_id, writer.guest_id, "  "))
    merged(desk, caller, writer)
    with pytest.raises(Refused):
        merged(desk, writer, caller)
    with pytest.raises(NotFound):
        asyncio.run(unmerge_guest(desk.desk, CHIEF, caller.guest_id, "a slip"))
    body = person_body(person(desk, writer), AGENT)
    assert [len(file["identities"]) for file in body["files"]] == [1, 1]
    assert PHONE.value not in str(body)
    assert body["merges"][0]["evidence"] == "the same voice"
