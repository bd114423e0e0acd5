"""Guests, cases, calls and what the integration keeps for itself: intents, answers, users, rates, tasks, leases."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.access import Role
from domain.case import Call, CallId, CallOutcome, CaseId
from domain.errors import InvalidInput, NotFound
from domain.guest import ChannelIdentity, GuestId, GuestProfile, IdentityKind
from domain.reservation import ReservationId
from integration.ports.records import (
    AuditEntry,
    Intent,
    IntentId,
    IntentKind,
    IntentState,
    OtherSellerRate,
    StoredAnswer,
    Task,
    TaskKind,
    User,
)
from integration.ports.store import Tx
from tests.builders import a_call, a_case, a_guest, a_stay, eur, minutes_later
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW

DAY = timedelta(days=1)


def put(store: Played, guest: GuestProfile, *keys: str) -> None:
    store.write(lambda tx: tx.put_guest(guest, frozenset(keys)))


def test_an_identity_that_somebody_else_has_moves_over(store: Played) -> None:
    phone = ChannelIdentity(IdentityKind.PHONE, "+905321112233")
    first, second = a_guest(), a_guest(guest_id=GuestId("gst_2"), identities=(phone,))
    put(store, first, "yilmaz")
    put(store, second, "yilmaz")
    assert store.read(lambda tx: tx.find_guest(phone)) == second
    left = store.read(lambda tx: tx.get_guest(first.guest_id))
    assert left is not None
    assert left.identities == first.identities[1:]


def test_the_same_number_in_another_scope_is_another_identity(store: Played) -> None:
    belek = ChannelIdentity(IdentityKind.PMS_PROFILE, "77", "BELEK1")
    guest = a_guest(identities=(belek,))
    put(store, guest)
    assert store.read(lambda tx: tx.find_guest(belek)) == guest
    assert store.read(lambda tx: tx.find_guest(replace(belek, scope="SIDE1"))) is None


def test_guests_are_found_by_name_best_match_first(store: Played) -> None:
    rows = [("gst_1", "yilmaz"), ("gst_2", "yilmaz ayse"), ("gst_3", "yilmaz"), ("gst_4", "demir")]
    for guest_id, keys in rows:
        put(store, a_guest(guest_id=GuestId(guest_id), identities=()), *keys.split())

    def found(limit: int, *keys: str) -> list[str]:
        return [one.guest_id for one in store.read(lambda tx: tx.find_guests_by_name(keys, limit))]

    assert found(9, "ayse", "yilmaz") == ["gst_2", "gst_3", "gst_1"]
    assert found(1, "ayse", "yilmaz") == ["gst_2"]
    assert found(9, *(f"other{number}" for number in range(60)), "yilmaz") == ["gst_3", "gst_2", "gst_1"]
    assert found(9) == []


def test_a_guest_put_again_has_the_new_name_keys_only(store: Played) -> None:
    put(store, a_guest(), "yilmaz")
    put(store, a_guest(surname="Demir"), "demir")
    assert store.read(lambda tx: tx.find_guests_by_name(["yilmaz"], 9)) == []
    assert store.read(lambda tx: tx.find_guests_by_name(["demir"], 9)) == [a_guest(surname="Demir")]


def test_a_subject_key_is_kept_as_it_is(store: Played) -> None:
    store.write(lambda tx: tx.add_subject_key("gst_1", b"\x00\xff" * 16))
    assert store.read(lambda tx: tx.subject_key("gst_1")) == b"\x00\xff" * 16
    assert store.read(lambda tx: tx.subject_key("gst_2")) is None


def calls(store: Played, *calls: Call) -> None:
    def work(tx: Tx) -> None:
        tx.add_case(a_case())
        for call in calls:
            tx.add_call(call)

    store.write(work)


def test_the_open_call_of_an_agent_is_the_newest_that_has_not_ended(store: Played) -> None:
    older, newer = a_call(call_id=CallId("cal_1")), a_call(call_id=CallId("cal_2"), hotel_id="SIDE1")
    ended = a_call(call_id=CallId("cal_3"), ended_at=NOW, outcome=CallOutcome.SERVICE)
    calls(store, older, newer, ended, a_call(call_id=CallId("cal_4"), actor="agent8"))
    assert store.read(lambda tx: tx.open_call("agent7", None)) == newer
    assert store.read(lambda tx: tx.open_call("agent7", "BELEK1")) == older
    assert store.read(lambda tx: tx.open_call("agent9", None)) is None
    listed = store.read(lambda tx: tx.list_calls(hotel_id=None, actor="agent7", open_only=False, limit=9))
    assert listed == [ended, newer, older]


def test_changing_a_call_or_case_that_is_not_there_is_not_found(store: Played) -> None:
    with pytest.raises(NotFound, match="cal_0"):
        store.write(lambda tx: tx.update_call(a_call(call_id=CallId("cal_0"))))
    with pytest.raises(NotFound, match="cas_0"):
        store.write(lambda tx: tx.update_case(a_case(case_id=CaseId("cas_0"))))


def an_intent(number: int = 1, **over: object) -> Intent:
    intent = Intent(
        intent_id=IntentId(f"int_{number}"),
        kind=IntentKind.CREATE_BOOKING,
        state=IntentState.SENT,
        hotel_id="BELEK1",
        actor="agent7",
        request_key=f"key-{number}",
        fingerprint="f",
        external_ref=f"SX-{number}",
        command="{}",
        created_at=NOW,
        deadline=minutes_later(1),
    )
    return replace(intent, **over)  # type: ignore[arg-type]  # fields by name


def test_a_request_key_belongs_to_one_intent_for_life(store: Played) -> None:
    assert store.write(lambda tx: tx.add_intent(an_intent(1)))
    assert not store.write(lambda tx: tx.add_intent(an_intent(2, request_key="key-1")))
    assert store.write(lambda tx: tx.add_intent(an_intent(2, request_key="key-1", actor="agent8")))
    assert store.read(lambda tx: tx.intent_of_key("BELEK1", "agent7", "key-1")) == an_intent(1)


def test_an_intent_moves_only_from_a_state_that_was_expected(store: Played) -> None:
    store.write(lambda tx: tx.add_intent(an_intent()))
    done = an_intent(state=IntentState.DONE, settled_at=NOW)
    assert not store.write(lambda tx: tx.update_intent(done, expected=(IntentState.OPEN, IntentState.UNKNOWN)))
    assert not store.write(lambda tx: tx.update_intent(done, expected=()))
    assert store.write(lambda tx: tx.update_intent(done, expected=(IntentState.SENT,)))
    assert store.read(lambda tx: tx.get_intent(done.intent_id)) == done


def test_unsettled_intents_come_oldest_first(store: Played) -> None:
    newer = an_intent(1, created_at=minutes_later(5), reservation_id=ReservationId("res_1"))
    older = an_intent(2, state=IntentState.UNKNOWN, reservation_id=ReservationId("res_2"))
    settled = an_intent(3, state=IntentState.REFUSED)

    def work(tx: Tx) -> None:
        for intent in (newer, older, settled):
            tx.add_intent(intent)

    store.write(work)
    assert store.read(lambda tx: tx.unsettled_intents()) == [older, newer]
    assert store.read(lambda tx: tx.unsettled_intents(reservation_id=ReservationId("res_1"))) == [newer]
    assert store.read(lambda tx: tx.unsettled_intents(limit=1)) == [older]


def test_a_forgotten_answer_keeps_its_key_and_loses_its_body(store: Played) -> None:
    old = StoredAnswer("BELEK1", "agent7", "key-1", "f", NOW, NOW + DAY, IntentId("int_1"), None, "{}")
    new = replace(old, request_key="key-2", until=NOW + 2 * DAY)
    store.write(lambda tx: tx.put_answer(old))
    store.write(lambda tx: tx.put_answer(new))
    assert store.write(lambda tx: tx.forget_answers(NOW + DAY)) == 1
    assert store.write(lambda tx: tx.forget_answers(NOW + DAY)) == 0
    assert store.read(lambda tx: tx.get_answer("BELEK1", "agent7", "key-1")) == replace(old, body=None)
    assert store.read(lambda tx: tx.get_answer("BELEK1", "agent7", "key-2")) == new


def test_a_token_works_until_its_user_is_revoked(store: Played) -> None:
    user = User("ayse", Role.SUPERVISOR, NOW)
    assert store.write(lambda tx: tx.add_user(user))
    assert not store.write(lambda tx: tx.add_user(replace(user, role=Role.ADMIN)))
    store.write(lambda tx: tx.add_token("ayse", "h1", NOW))
    store.write(lambda tx: tx.add_token("ayse", "h2", NOW))
    assert store.read(lambda tx: tx.user_of_token("h1")) == replace(user, token_count=2)
    assert store.read(lambda tx: tx.user_of_token("h3")) is None
    assert store.write(lambda tx: tx.revoke_user("ayse", minutes_later(1)))
    assert not store.write(lambda tx: tx.revoke_user("ayse", minutes_later(2)))
    assert not store.write(lambda tx: tx.revoke_user("nobody", NOW))
    assert store.read(lambda tx: tx.user_of_token("h1")) is None
    assert store.read(lambda tx: tx.list_users()) == [replace(user, revoked_at=minutes_later(1))]


def test_rates_of_other_sellers_are_those_of_the_nights_and_the_newest_of_each(store: Played) -> None:
    first = date(2027, 7, 10)
    rate = OtherSellerRate("BELEK1", "ota", first, "STD", "UAI", eur("190.00"), date(2027, 5, 1))
    rows = [rate, replace(rate, stay_on=first + DAY), replace(rate, room_type="FAM"), replace(rate, hotel_id="SIDE1")]
    assert store.write(lambda tx: tx.put_other_seller_rates(rows)) == 4
    cheaper = replace(rate, price=eur("180.00"))
    assert store.write(lambda tx: tx.put_other_seller_rates([cheaper])) == 1
    asked = a_stay(first, 1)
    assert store.read(lambda tx: tx.other_seller_rates("BELEK1", asked, ["STD"])) == [cheaper]
    both = store.read(lambda tx: tx.other_seller_rates("BELEK1", asked, ["STD", "FAM"]))
    assert {one.room_type for one in both} == {"STD", "FAM"}
    assert store.read(lambda tx: tx.other_seller_rates("BELEK1", asked, [])) == []


def test_a_task_is_finished_once(store: Played) -> None:
    task = Task("tsk_1", TaskKind.REFUND, "BELEK1", NOW, {"reservation_id": "res_1"}, "100.00 EUR")
    store.write(lambda tx: tx.add_task(task))
    assert store.read(lambda tx: tx.list_tasks(hotel_id="BELEK1", open_only=True, limit=9)) == [task]
    assert store.write(lambda tx: tx.finish_task("tsk_1", NOW))
    assert not store.write(lambda tx: tx.finish_task("tsk_1", NOW))
    assert store.read(lambda tx: tx.list_tasks(hotel_id="BELEK1", open_only=True, limit=9)) == []


def test_a_lease_has_one_holder_until_it_is_over_or_let_go(store: Played) -> None:
    def take(holder: str, minutes: float) -> bool:
        now = minutes_later(minutes)
        return store.write(lambda tx: tx.take_lease("sweep", holder, now, now + timedelta(minutes=10)))

    assert take("a", 0)
    assert not take("b", 9.99)
    assert take("a", 5)
    assert not take("b", 14.99)
    assert take("b", 15)
    store.write(lambda tx: tx.release_lease("sweep", "a"))
    assert not take("a", 16)
    store.write(lambda tx: tx.release_lease("sweep", "b"))
    assert take("a", 16)


def test_audit_rows_are_numbered_without_gaps_even_after_a_refusal(store: Played) -> None:
    entry = AuditEntry(NOW, "agent7", "operator", "cli", "hold", {"reservation_id": "res_1"})

    def refused(tx: Tx) -> None:
        tx.add_audit(entry)
        raise InvalidInput("no")

    store.write(lambda tx: tx.add_audit(entry))
    with pytest.raises(InvalidInput):
        store.write(refused)
    store.write(lambda tx: tx.add_audit(entry))
    rows = store.read(lambda tx: tx.tail_audit(9))
    assert [json.loads(row)["seq"] for row in rows] == [1, 2]
    assert store.read(lambda tx: tx.tail_audit(1)) == rows[1:]


def test_text_that_is_no_unicode_is_refused_and_nothing_is_written(store: Played) -> None:
    with pytest.raises(InvalidInput, match="characters"):
        put(store, a_guest(surname="\ud800"))
    assert store.read(lambda tx: tx.get_guest(a_guest().guest_id)) is None
