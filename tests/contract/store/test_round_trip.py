"""What goes in comes out equal: every entity, whatever it holds, through SQL and back."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import Call, Case
from domain.guest import GuestProfile
from domain.offer import Offer
from domain.reservation import HistoryLine, Reservation
from domain.stay import StayDates
from integration.ports.records import (
    AuditEntry,
    Intent,
    Note,
    OtherSellerRate,
    StoredAnswer,
    Task,
    User,
)
from integration.ports.store import Tx
from tests.builders import a_case, a_reservation
from tests.contract.store import entities
from tests.contract.store.playing import Played
from tests.postgres import a_database, why_not


class Undone(Exception):
    """Ends a trial's transaction without a trace."""


Stores = list[Played]


@pytest.fixture(scope="module")
def stores() -> Iterator[Stores]:
    """One of each kind (PostgreSQL if it is there): an example is drawn once, which takes longer than to store it."""
    with ExitStack() as stack:
        urls = [""] if why_not() else ["", a_database()]
        yield [stack.enter_context(Played(url=url)) for url in urls]


def trial(stores: Stores, work: Callable[[Tx], None]) -> None:
    """Run `work` in each store and roll it back, so that no example meets the rows of another."""

    def undone(tx: Tx) -> None:
        work(tx)
        raise Undone

    for store in stores:
        with pytest.raises(Undone):
            store.write(undone)


@given(entities.OFFERS)
def test_an_offer_comes_back_as_it_was(stores: Stores, offer: Offer) -> None:
    def work(tx: Tx) -> None:
        tx.add_offer(offer)
        assert tx.get_offer(offer.offer_id) == offer

    trial(stores, work)


@given(entities.reservations(), entities.reservations())
def test_a_reservation_comes_back_as_it_was_when_added_and_when_changed(
    stores: Stores, reservation: Reservation, other: Reservation
) -> None:
    after = replace(other, reservation_id=reservation.reservation_id, version=reservation.version + 1)

    def work(tx: Tx) -> None:
        tx.add_reservation(reservation)
        assert tx.get_reservation(reservation.reservation_id) == reservation
        assert tx.update_reservation(after, expected_version=reservation.version)
        assert tx.get_reservation(reservation.reservation_id) == after

    trial(stores, work)


@given(st.lists(entities.HISTORY, max_size=4))
def test_history_comes_back_in_the_order_it_was_written(stores: Stores, lines: list[HistoryLine]) -> None:
    one = a_reservation()

    def work(tx: Tx) -> None:
        tx.add_reservation(one)
        for line in lines:
            tx.add_history(one.reservation_id, line)
        assert tx.history(one.reservation_id) == lines

    trial(stores, work)


@given(st.lists(entities.NOTES, max_size=4))
def test_notes_come_back_in_the_order_they_were_written(stores: Stores, notes: list[Note]) -> None:
    def work(tx: Tx) -> None:
        for note in notes:
            tx.add_note("off_1", note)
        assert tx.list_notes("off_1") == notes

    trial(stores, work)


@given(entities.GUESTS)
def test_a_guest_comes_back_with_identities_in_order(stores: Stores, guest: GuestProfile) -> None:
    def work(tx: Tx) -> None:
        tx.put_guest(guest, frozenset({"yilmaz", "ayse"}))
        assert tx.get_guest(guest.guest_id) == guest
        for identity in guest.identities:
            assert tx.find_guest(identity) == guest

    trial(stores, work)


@given(entities.cases(), entities.cases())
def test_a_case_comes_back_as_it_was_when_added_and_when_changed(stores: Stores, case: Case, other: Case) -> None:
    after = replace(other, case_id=case.case_id)

    def work(tx: Tx) -> None:
        tx.add_case(case)
        assert tx.get_case(case.case_id) == case
        tx.update_case(after)
        assert tx.get_case(case.case_id) == after

    trial(stores, work)


@given(entities.CALLS, entities.CALLS)
def test_a_call_comes_back_as_it_was_when_added_and_when_changed(stores: Stores, call: Call, other: Call) -> None:
    after = replace(other, call_id=call.call_id)

    def work(tx: Tx) -> None:
        tx.add_case(a_case())
        tx.add_call(call)
        assert tx.get_call(call.call_id) == call
        tx.update_call(after)
        assert tx.get_call(call.call_id) == after

    trial(stores, work)


@given(entities.INTENTS, entities.INTENTS)
def test_an_intent_comes_back_as_it_was_when_added_and_when_changed(
    stores: Stores, intent: Intent, other: Intent
) -> None:
    after = replace(other, intent_id=intent.intent_id)

    def work(tx: Tx) -> None:
        assert tx.add_intent(intent)
        assert tx.get_intent(intent.intent_id) == intent
        assert tx.intent_of_key(intent.hotel_id, intent.actor, intent.request_key) == intent
        assert tx.update_intent(after, expected=(intent.state,))
        assert tx.get_intent(intent.intent_id) == after

    trial(stores, work)


@given(entities.ANSWERS)
def test_a_stored_answer_comes_back_as_it_was(stores: Stores, answer: StoredAnswer) -> None:
    def work(tx: Tx) -> None:
        tx.put_answer(answer)
        assert tx.get_answer(answer.hotel_id, answer.actor, answer.request_key) == answer

    trial(stores, work)


@given(entities.USERS)
def test_a_user_comes_back_as_they_were(stores: Stores, user: User) -> None:
    def work(tx: Tx) -> None:
        assert tx.add_user(user)
        assert tx.list_users() == [user]

    trial(stores, work)


@given(entities.RATES)
def test_another_sellers_rate_comes_back_as_it_was(stores: Stores, rate: OtherSellerRate) -> None:
    def work(tx: Tx) -> None:
        assert tx.put_other_seller_rates([rate]) == 1
        assert tx.other_seller_rates("BELEK1", StayDates.of_nights(rate.stay_on, 1), ["STD"]) == [rate]

    trial(stores, work)


@given(entities.TASKS)
def test_a_task_comes_back_as_it_was(stores: Stores, task: Task) -> None:
    def work(tx: Tx) -> None:
        tx.add_task(task)
        assert tx.list_tasks(hotel_id=None, open_only=False, limit=9) == [task]

    trial(stores, work)


def canonical(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(st.lists(entities.AUDIT, min_size=1, max_size=3))
def test_an_audit_row_is_canonical_json_of_all_its_fields(stores: Stores, entries: list[AuditEntry]) -> None:
    def work(tx: Tx) -> None:
        for entry in entries:
            tx.add_audit(entry)
        kept = tx.tail_audit(9)
        for number, (entry, text) in enumerate(zip(entries, kept, strict=True), 1):
            body = json.loads(text)
            assert text == canonical(body)
            assert body["seq"] == number
            assert body["at"] == round(entry.at.timestamp() * 1000)
            assert body["ids"] == entry.ids
            assert body["digests"] == entry.digests
            assert body["fields"] == list(entry.fields)
            said = (body["actor"], body["role"], body["via"], body["action"], body["reason"])
            assert said == (entry.actor, entry.role, entry.via, entry.action, entry.reason)

    trial(stores, work)
