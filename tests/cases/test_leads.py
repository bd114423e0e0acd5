"""A sales case has one lead: won needs a reservation, lost a reason, and the PMS is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.case import CallEnd, CallOutcome, CaseId
from domain.contact import Channel
from domain.errors import InvalidInput, MoveNotAllowed, OutcomeMissing
from domain.guest import ChannelIdentity, IdentityKind
from domain.reservation import ReservationId, ReservationState
from integration.usecases.lead_add import LeadCard, add_lead
from integration.usecases.lead_wish import LeadWish
from integration.usecases.take_calls import CallStart, end_call, start_call
from tests.builders import a_reservation
from tests.cases.desk import AGENT, ANNA, Floor, run


def sold(floor: Floor, case: dict[str, Any], **over: Any) -> ReservationId:
    """A confirmed reservation of the case."""
    one = a_reservation(
        state=ReservationState.CONFIRMED,
        case_id=CaseId(str(case["case_id"])),
        guest_id=case["guest_id"],
        **over,
    )
    run(floor.reception.desk.store.transact(lambda tx: tx.add_reservation(one)))
    return one.reservation_id


def test_a_lead_by_hand_opens_a_sales_case_with_running_clocks_and_joins_the_next_time():
    floor = Floor()
    first = floor.lead(channel=Channel.WEB_FORM)
    assert (first["kind"], first["lead"], first["channel"], first["clock"]) == ("sales", "open", "web_form", "running")
    assert first["tags"] == ["reservation"]
    floor.reception.office.clock.advance(minutes=1)
    again = floor.lead(channel=Channel.EMAIL, text="And a baby cot?")
    assert (again["case_id"], again["guest_id"]) == (first["case_id"], first["guest_id"])
    assert [one["text"] for one in floor.show(first["case_id"])["contacts"]] == [
        "Family room in July?",
        "And a baby cot?",
    ]


def test_the_same_key_adds_a_lead_once():
    floor = Floor()
    card = LeadCard(ANNA, text="Hello")
    first = run(add_lead(floor.reception.desk, AGENT, card, "k"))
    again = run(add_lead(floor.reception.desk, AGENT, card, "k"))
    assert (again.replayed, again.body) == (True, first.body)
    assert len(floor.show(first.body["case_id"])["contacts"]) == 1


def test_whoever_types_a_lead_has_spoken_to_the_guest_unless_another_channel_is_said():
    floor = Floor()
    lead = floor.lead()
    assert (lead["channel"], lead["kind"], lead["tags"]) == ("phone", "sales", ["reservation"])
    clocks = floor.show(lead["case_id"])["clocks"]
    assert (clocks["first_response"]["state"], clocks["resolution"]["state"]) == ("met", "running")
    assert lead["waiting_since"] is None


def test_days_party_and_source_of_a_lead_are_kept_and_shown():
    floor = Floor()
    lead = floor.lead(wish=LeadWish(date(2027, 7, 10), 7, 2, (7, 3), source="ITB 2027"))
    (contact,) = floor.show(lead["case_id"])["contacts"]
    assert contact["wants"] == {
        "check_in": "2027-07-10", "nights": 7, "adults": 2, "child_ages": [7, 3], "source": "ITB 2027",
    }  # fmt: skip
    plain = floor.lead(guest=replace(ANNA, phone="+49 151 23456780", email=None))
    assert [one["wants"] for one in floor.show(plain["case_id"])["contacts"]] == [None]


@pytest.mark.parametrize(
    "wish",
    [
        LeadWish(nights=0), LeadWish(adults=0), LeadWish(adults=13), LeadWish(child_ages=(18,)), LeadWish(rooms=100),
        LeadWish(date(9999, 12, 31), 2), LeadWish(source="x" * 81),
    ],
)  # fmt: skip
def test_what_nobody_can_want_is_refused(wish: LeadWish):
    with pytest.raises(InvalidInput):
        Floor().lead(wish=wish)


def test_a_lead_of_nobody_by_no_channel_of_guests_or_due_in_the_past_is_refused():
    floor = Floor()
    with pytest.raises(InvalidInput, match="No lead comes by payment"):
        floor.lead(channel=Channel.PAYMENT)
    with pytest.raises(InvalidInput, match="telephone number or an e-mail"):
        floor.lead(guest=replace(ANNA, phone=None, email=None))
    with pytest.raises(InvalidInput, match="in the past"):
        floor.lead(due=date(2027, 4, 1))


def test_starting_a_lead_makes_it_ones_own():
    floor = Floor()
    case_id = floor.lead()["case_id"]
    started = floor.start(case_id)
    assert (started["lead"], started["assignee"]) == ("in_progress", AGENT.name)
    with pytest.raises(MoveNotAllowed):
        floor.start(case_id)


def test_a_lead_is_not_won_without_a_reservation_that_stands():
    floor = Floor()
    lead = floor.lead()
    with pytest.raises(OutcomeMissing, match="only by a reservation"):
        floor.win(lead["case_id"])
    one = a_reservation(
        state=ReservationState.CANCELLED, case_id=CaseId(lead["case_id"]), guest_id=lead["guest_id"],
        reservation_id=ReservationId("res_000009"), external_ref="SX-9", request_key="k9",
    )  # fmt: skip
    run(floor.reception.desk.store.transact(lambda tx: tx.add_reservation(one)))
    with pytest.raises(OutcomeMissing):
        floor.win(lead["case_id"], "res_000009")
    with pytest.raises(OutcomeMissing, match="not of this case"):
        floor.win(lead["case_id"], "res_nothing")


def test_a_won_lead_ends_its_case():
    floor = Floor()
    lead = floor.lead(due=date(2027, 5, 20))
    reservation_id = sold(floor, lead, pms_ref=None)
    won = floor.win(lead["case_id"])
    assert (won["lead"], won["status"], won["due"]) == ("won", "resolved", None)
    assert (won["reservation_id"], won["in_pms"]) == (reservation_id, False)
    notes = floor.reception.read(lambda tx: tx.list_notes(reservation_id))
    assert [note.text for note in notes] == [f"Lead of case {lead['case_id']}: won."]


def test_a_lead_is_not_lost_without_a_reason_of_the_hotels_list():
    floor = Floor()
    case_id = floor.lead()["case_id"]
    with pytest.raises(OutcomeMissing, match="needs a reason"):
        floor.lose(case_id, None)
    with pytest.raises(InvalidInput, match="not a lost reason"):
        floor.lose(case_id, "weather")
    lost = floor.lose(case_id, "price")
    assert (lost["lead"], lost["lost_reason"], lost["status"]) == ("lost", "price", "resolved")
    assert floor.start(case_id)["status"] == "open"


def test_the_reason_of_a_lost_lead_is_noted_on_the_guests_profile_in_the_pms_once():
    floor = Floor()
    lead = floor.lead()
    office = floor.reception.office
    number = run(office.pms.create_profile(office.hotel, a_draft(floor, lead)))
    known = ChannelIdentity(IdentityKind.PMS_PROFILE, number, "BELEK1")
    guest = floor.reception.read(lambda tx: tx.get_guest(lead["guest_id"]))
    run(floor.reception.desk.store.transact(lambda tx: tx.put_guest(guest.known_as(known), frozenset())))
    lost = floor.lose(lead["case_id"], "price")
    assert lost["in_pms"] is True
    profile = run(office.pms.read_profile(office.hotel, number))
    assert profile.notes == (f"Lead of case {lead['case_id']}: lost, Fiyat.",)


def a_draft(floor: Floor, lead: dict[str, Any]) -> Any:
    from integration.usecases.write_guest import draft_of

    return draft_of(floor.reception.read(lambda tx: tx.get_guest(lead["guest_id"])))


def test_a_call_to_be_followed_up_comes_back_on_its_day_and_not_before():
    floor = Floor()
    desk = floor.reception.desk
    call, _ = run(start_call(desk, AGENT, CallStart("+905321112233")))
    run(end_call(desk, AGENT, call.call_id, CallEnd(CallOutcome.FOLLOW_UP, due_on=date(2027, 5, 4))))
    assert floor.listed(due=True) == []
    floor.reception.office.clock.advance(days=3)
    assert floor.listed(due=True) == [call.case_id]
    floor.lose(call.case_id, "price")
    assert floor.listed(due=True) == []


def test_a_missed_call_is_listed_as_due():
    floor = Floor()
    nine = floor.reception.office.clock.now()
    floor.reception.rings("newCall", "c1", "+905320000001", nine)
    floor.reception.rings("hangup", "c1", "+905320000001", nine + timedelta(seconds=40), cause="noAnswer")
    floor.reception.take_in()
    (case,) = floor.reception.cases()
    floor.reception.office.clock.advance(days=4)
    assert floor.listed(due=True) == [case.case_id]
