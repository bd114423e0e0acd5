"""A guest is handed over when the rules say so or an agent does, to whoever is free, else as a call-back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.case import CaseId
from domain.contact import Channel
from domain.errors import InvalidInput, MoveNotAllowed, OutcomeMissing, Refused
from domain.handoff import HandoffState
from domain.hours import OpenSpans
from domain.sla import ServicePolicy
from integration.ports.queue_records import StoredHandoff
from integration.ports.serving import Serving, ServingRules
from integration.ports.store import Tx
from integration.usecases.handoff_case_rules import Wish
from tests.cases.desk import AGENT, BOSS, Floor, run
from tests.intake.reception import MIDNIGHT, Writer

MONDAY = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna Kowalska")
URGENT = "Rezervasyonumu iptal etmek istiyorum"


def writes(floor: Floor, text: str, minutes: float = 0) -> str:
    floor.reception.write(ANNA, text, MONDAY + timedelta(minutes=minutes))
    floor.reception.take_in()
    (case,) = floor.reception.cases()
    return case.case_id


def raised(floor: Floor) -> list[StoredHandoff]:
    found: list[StoredHandoff] = floor.reception.read(lambda tx: tx.list_handoffs())
    return found


def test_an_urgent_signal_is_offered_to_a_free_agent_at_once():
    floor = Floor()
    floor.hire("deniz")
    case_id = writes(floor, URGENT)
    (one,) = floor.show(case_id)["handoffs"]
    assert (one["trigger"], one["state"], one["to_channel"], one["to_actor"]) == (
        "urgent_signal", "offered", "phone", "deniz",
    )  # fmt: skip
    packet = one["packet"]
    assert (packet["asked"], packet["language"], packet["signals"]) == (URGENT, "tr", ["cancellation"])
    assert packet["guest"]["name"] == "Anna Kowalska"


def test_it_is_not_raised_again_by_the_next_message_or_the_same_one():
    floor = Floor()
    writes(floor, URGENT)
    writes(floor, f"{URGENT}!!", 1)
    assert len(raised(floor)) == 1


def test_with_nobody_free_it_is_a_call_back_within_the_hotels_time():
    floor = Floor()
    floor.hire("deniz")
    writes(floor, URGENT)
    other = Writer("+905320000002", "TR.2222222222", "Boris")
    floor.reception.write(other, URGENT, MONDAY + timedelta(minutes=1))
    floor.reception.take_in()
    second = raised(floor)[0]
    assert second.state == "callback"
    assert second.due_at is not None
    assert second.due_at - second.triggered_at == timedelta(minutes=30)


class AtNight:
    """The hotel's rules, its telephone opening at 08:00 UTC on the day of these tests."""

    opens = MIDNIGHT + timedelta(hours=8)

    def __init__(self, day: Serving) -> None:
        self._day = day

    def rules(self, hotel_id: str) -> ServingRules:
        return self._day.rules(hotel_id)

    def policy(self, hotel_id: str, since: datetime, until: datetime) -> ServicePolicy:
        starts = int(self.opens.timestamp())
        open_all_day = OpenSpans((starts,), (starts + 10 * 86_400,), starts - 10**7, starts + 10**7)
        return replace(self._day.policy(hotel_id, since, until), hours={"phone": open_all_day})

    def spans(self, hotel_id: str, lines: tuple[str, ...], since: datetime, until: datetime) -> OpenSpans:
        return self._day.spans(hotel_id, lines, since, until)


def test_at_night_nobody_is_offered_and_the_call_back_is_due_in_open_hours():
    floor = Floor()
    floor.hire("deniz")
    reception = floor.reception
    floor.reception = replace(reception, desk=replace(reception.desk, serving=AtNight(reception.desk.serving)))
    writes(floor, URGENT)
    (one,) = raised(floor)
    assert (one.state, one.to_actor, one.due_at) == ("callback", None, AtNight.opens + timedelta(minutes=30))


def test_two_turns_without_a_solution_go_to_the_telephone():
    floor = Floor()
    case_id = writes(floor, "Is there a lift?")
    answers(floor, case_id, 1)
    writes(floor, "And a pool?", 2)
    assert raised(floor) == []
    answers(floor, case_id, 3)
    assert [one.trigger for one in raised(floor)] == ["unsolved_turns"]
    assert floor.show(case_id)["handoffs"][0]["packet"]["turns"] == 2


def answers(floor: Floor, the_id: str, minutes: float) -> None:
    """A person's answer, as the outbox writes it once the provider has taken it."""
    from domain.contact import MessageId, Sender
    from integration.usecases.join_case import refold

    case_id = CaseId(the_id)
    floor.reception.numbers += 1
    number, at = floor.reception.numbers, MONDAY + timedelta(minutes=minutes)

    def work(tx: Tx) -> None:
        first = tx.messages_of(case_id)[0]
        row = replace(
            first, message_id=MessageId(f"msg_z{number}"), sender=Sender.AGENT, at=at, received_at=at, text="Yes.",
            provider_id=f"out.{number}", actor=AGENT.name, document={},
        )  # fmt: skip
        tx.add_message(row)
        refold(floor.reception.desk, tx, AGENT, case_id)

    run(floor.reception.desk.store.transact(work))


def test_by_hand_it_goes_through_its_life_and_whoever_accepts_has_the_case():
    floor = Floor()
    floor.hire("deniz")
    case_id = writes(floor, "Is there a lift?")
    one = floor.over(case_id, Wish(Channel.PHONE, "deniz"))
    assert (one["trigger"], one["state"], one["to_actor"]) == ("by_hand", "offered", "deniz")
    with pytest.raises(Refused, match="of this case is offered"):
        floor.over(case_id, Wish(Channel.PHONE))
    accepted = floor.move(one["handoff_id"], HandoffState.ACCEPTED)
    assert (accepted["to_actor"], floor.show(case_id)["assignee"]) == (AGENT.name, AGENT.name)
    floor.move(one["handoff_id"], HandoffState.CONNECTED)
    solved = floor.move(one["handoff_id"], HandoffState.SOLVED)
    assert [step["state"] for step in solved["history"]] == ["triggered", "offered", "accepted", "connected", "solved"]
    with pytest.raises(MoveNotAllowed):
        floor.move(one["handoff_id"], HandoffState.OFFERED)
    kinds = [event["kind"] for event in floor.show(case_id)["events"]]
    assert kinds.count("handoff") == 3


def test_a_declined_handoff_has_a_reason_and_a_call_back_lies_ahead():
    floor = Floor()
    case_id = writes(floor, "Is there a lift?")
    one = floor.over(case_id, Wish(Channel.PHONE, AGENT.name))["handoff_id"]
    with pytest.raises(OutcomeMissing):
        floor.move(one, HandoffState.DECLINED)
    with pytest.raises(InvalidInput, match="lies ahead"):
        floor.move(one, HandoffState.CALLBACK, due_at=MONDAY - timedelta(days=1))
    later = floor.move(one, HandoffState.CALLBACK)
    assert later["due_at"] is not None
    assert floor.move(one, HandoffState.DECLINED, reason="will write")["history"][-1]["reason"] == "will write"


def test_an_operator_sees_the_guest_of_a_packet_masked():
    floor = Floor()
    case_id = writes(floor, URGENT)
    masked = floor.show(case_id, AGENT)["handoffs"][0]["packet"]["guest"]
    clear = floor.show(case_id, BOSS)["handoffs"][0]["packet"]["guest"]
    assert (masked["name"], clear["name"]) == ("A*** K***", "Anna Kowalska")


def test_a_sale_on_the_telephone_wants_one_written_summary():
    from domain.case import CallEnd, CallOutcome
    from domain.reservation import ReservationState
    from integration.usecases.take_calls import CallStart, end_call, start_call
    from tests.builders import a_reservation

    floor = Floor()
    desk = floor.reception.desk
    call, _ = run(start_call(desk, AGENT, CallStart("+905321112233")))
    one = a_reservation(state=ReservationState.CONFIRMED, call_id=call.call_id, case_id=call.case_id)
    run(desk.store.transact(lambda tx: tx.add_reservation(one)))
    run(end_call(desk, AGENT, call.call_id, CallEnd(CallOutcome.SOLD)))
    assert [(made.trigger, made.to_channel, made.state) for made in raised(floor)] == [
        ("phone_sale", Channel.WHATSAPP, "triggered")
    ]
    floor.tag(call.case_id, "vip")
    assert len(raised(floor)) == 1
    assert floor.over(call.case_id, Wish(Channel.PHONE, AGENT.name))["state"] == "offered"
