"""Offers and reservations: what is found, in which order, and what a change needs."""

import sqlite3
from datetime import timedelta
from itertools import count

import psycopg
import pytest

from domain.case import CallId, CaseId
from domain.errors import NotFound, Refused
from domain.guest import GuestId
from domain.offer import OfferId
from domain.reservation import PmsRef, Reservation, ReservationId, ReservationState
from domain.stay import StayDates
from integration.ports.store import Tx
from tests.builders import ARRIVAL, a_reservation, a_stay, an_offer, minutes_later
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW

NUMBERS = count(1)
S = ReservationState


def one(**over: object) -> Reservation:
    """A reservation of its own."""
    number = next(NUMBERS)
    mine = {"reservation_id": ReservationId(f"res_{number:06}"), "external_ref": f"SX-{number:06}"}
    return a_reservation(**mine | over)


def add(store: Played, *reservations: Reservation) -> None:
    def work(tx: Tx) -> None:
        for reservation in reservations:
            tx.add_reservation(reservation)

    store.write(work)


def test_what_is_unknown_is_none(store: Played) -> None:
    assert store.read(lambda tx: tx.get_offer(OfferId("off_0"))) is None
    assert store.read(lambda tx: tx.get_reservation(ReservationId("res_0"))) is None
    assert store.read(lambda tx: tx.find_reservation(external_ref="SX-0")) is None
    assert store.read(lambda tx: tx.find_reservation()) is None


def test_offers_are_listed_newest_first_by_hotel_and_call(store: Played) -> None:
    rows = [("off_1", "BELEK1", "cal_1"), ("off_2", "SIDE1", "cal_1"), ("off_3", "BELEK1", None)]

    def work(tx: Tx) -> None:
        for offer_id, hotel, call in rows:
            tx.add_offer(an_offer(offer_id=OfferId(offer_id), hotel_id=hotel, call_id=call))

    store.write(work)

    def listed(hotel: str | None, call: str | None, limit: int = 9) -> list[str]:
        found = store.read(lambda tx: tx.list_offers(hotel, CallId(call) if call else None, limit))
        return [offer.offer_id for offer in found]

    assert listed(None, None) == ["off_3", "off_2", "off_1"]
    assert listed("BELEK1", None) == ["off_3", "off_1"]
    assert listed(None, "cal_1") == ["off_2", "off_1"]
    assert listed("BELEK1", "cal_1", 1) == ["off_1"]


def test_the_requests_of_an_offer_can_be_changed_alone(store: Played) -> None:
    offer = an_offer()
    store.write(lambda tx: tx.add_offer(offer))
    store.write(lambda tx: tx.set_offer_requests(offer.offer_id, ("late_check_in",)))
    kept = store.read(lambda tx: tx.get_offer(offer.offer_id))
    assert kept is not None
    assert (kept.requests, kept.choices) == (("late_check_in",), offer.choices)
    with pytest.raises(NotFound):
        store.write(lambda tx: tx.set_offer_requests(OfferId("off_0"), ()))


def test_a_reservation_is_found_by_its_references(store: Played) -> None:
    mine = one(external_ref="SX-A", pms_ref=PmsRef("77"))
    add(store, one(), mine)
    assert store.read(lambda tx: tx.find_reservation(external_ref="SX-A")) == mine
    assert store.read(lambda tx: tx.find_reservation(pms_ref="77", hotel_id=mine.hotel_id)) == mine
    assert store.read(lambda tx: tx.find_reservation(external_ref="SX-A", pms_ref="78", hotel_id="BELEK1")) is None


def test_a_listing_applies_every_filter_and_is_continued_by_id(store: Played) -> None:
    plain = one()
    other = one(hotel_id="SIDE1", state=S.OPTION, guest_id=GuestId("gst_2"), stay=a_stay(ARRIVAL + timedelta(days=3)))
    third = one(state=S.CONFIRMED, call_id=CallId("cal_1"), case_id=CaseId("cas_1"))
    add(store, plain, other, third)

    def ids(**filters: object) -> list[Reservation]:
        return store.read(lambda tx: tx.list_reservations(**filters))  # type: ignore[arg-type]  # filters by name

    assert ids() == [third, other, plain]
    assert ids(hotel_id="SIDE1") == [other]
    assert ids(states=(S.HOLD, S.CONFIRMED)) == [third, plain]
    assert ids(guest_id="gst_2") == [other]
    assert ids(call_id="cal_1") == [third]
    assert ids(case_id="cas_1") == [third]
    assert ids(arrival_from=ARRIVAL + timedelta(days=1)) == [other]
    assert ids(arrival_to=ARRIVAL) == [third, plain]
    assert ids(limit=1) == [third]
    assert ids(after=other.reservation_id) == [plain]
    assert ids(hotel_id="BELEK1", states=(S.HOLD,), arrival_from=ARRIVAL, arrival_to=ARRIVAL) == [plain]


def test_a_hold_is_due_at_its_deadline_not_before_and_the_oldest_comes_first(store: Played) -> None:
    late, early = one(expires_at=minutes_later(20)), one(state=S.OPTION, expires_at=minutes_later(10))
    add(store, late, early, one(state=S.CONFIRMED), one(state=S.EXPIRED))

    def due(minutes: float, limit: int = 9) -> list[Reservation]:
        return store.read(lambda tx: tx.due_reservations(minutes_later(minutes), limit))

    assert due(9.99) == []
    assert due(10) == [early]
    assert due(30) == [early, late]
    assert due(30, 1) == [early]


def test_live_timed_are_holds_and_options_that_share_a_night_and_are_not_dead(store: Played) -> None:
    stay = a_stay(ARRIVAL, 3)
    mine = one(stay=stay, expires_at=minutes_later(10))
    others = [
        one(stay=stay.moved_by(3), expires_at=minutes_later(10)),
        one(stay=stay, room_type="FAM", expires_at=minutes_later(10)),
        one(stay=stay, hotel_id="SIDE1", expires_at=minutes_later(10)),
        one(stay=stay, expires_at=NOW),
        one(stay=stay, state=S.CONFIRMED),
    ]
    add(store, mine, *others)

    def live(asked: StayDates, minutes: float = 0) -> list[Reservation]:
        return store.read(lambda tx: tx.live_timed("BELEK1", "STD", asked, minutes_later(minutes)))

    assert live(stay.moved_by(2)) == [mine, others[0]]
    assert live(stay.moved_by(-3)) == []
    assert live(stay, 10) == []


def test_only_live_holds_of_the_agent_count(store: Played) -> None:
    add(store, one(), one(), one(created_by="agent8"), one(state=S.OPTION), one(expires_at=NOW), one(hotel_id="SIDE1"))
    assert store.read(lambda tx: tx.count_live_holds("BELEK1", "agent7", NOW)) == 2


def test_a_change_needs_the_version_it_was_made_from(store: Played) -> None:
    hold = one()
    add(store, hold)
    option = hold.moved(S.OPTION, expires_at=minutes_later(60))
    assert store.write(lambda tx: tx.update_reservation(option, expected_version=1))
    assert not store.write(lambda tx: tx.update_reservation(option, expected_version=1))
    assert store.read(lambda tx: tx.get_reservation(hold.reservation_id)) == option
    assert not store.write(lambda tx: tx.update_reservation(one(version=2), expected_version=1))


def test_a_change_that_does_not_raise_the_version_is_a_bug_that_is_said(store: Played) -> None:
    hold = one()
    add(store, hold)
    with pytest.raises(ValueError, match="does not follow"):
        store.write(lambda tx: tx.update_reservation(hold, expected_version=1))


def test_a_work_that_refuses_leaves_nothing_behind(store: Played) -> None:
    def work(tx: Tx) -> None:
        tx.add_offer(an_offer())
        tx.add_reservation(one(reservation_id=ReservationId("res_x")))
        raise Refused("no")

    with pytest.raises(Refused):
        store.write(work)
    assert store.read(lambda tx: tx.list_offers(None, None, 9)) == []
    assert store.read(lambda tx: tx.list_reservations()) == []


def test_one_external_reference_belongs_to_one_reservation(store: Played) -> None:
    add(store, one(external_ref="SX-A"))
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        add(store, one(external_ref="SX-A"))


def test_a_reading_work_has_nothing_to_write_with(store: Played) -> None:
    assert store.read(lambda tx: hasattr(tx, "add_offer")) is False


def test_gauges_count_what_is_live(store: Played) -> None:
    add(store, one(), one(state=S.OPTION), one(state=S.CONFIRMED))
    assert store.read(lambda tx: tx.counts()) == {
        "live_holds": 1,
        "options": 1,
        "open_calls": 0,
        "unsettled_intents": 0,
        "open_tasks": 0,
    }
