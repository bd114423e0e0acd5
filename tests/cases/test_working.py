"""What people do to a case stands, whatever comes in later; what makes no sense is refused in one sentence."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.case_steps import CaseStep
from domain.errors import InvalidInput, KeyReused, MoveNotAllowed, NotFound, OutcomeMissing
from integration.usecases.work_case import tag_case
from tests.builders import a_case, an_actor
from tests.cases.desk import AGENT, Floor, run
from tests.intake.reception import MIDNIGHT, Writer

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna Kowalska")


def a_floor(text: str = "Hello, a question") -> tuple[Floor, str]:
    """Anna has written; her case."""
    floor = Floor()
    floor.reception.write(ANNA, text, NINE)
    floor.reception.take_in()
    (case,) = floor.reception.cases()
    return floor, case.case_id


def test_a_tag_by_hand_stands_when_more_is_written():
    floor, case_id = a_floor("I want to book a room")
    assert floor.tag(case_id, "vip", remove=("reservation",))["tags"] == ["vip"]
    floor.reception.write(ANNA, "I want to book a room, please", NINE + timedelta(minutes=3))
    floor.reception.take_in()
    assert floor.show(case_id)["tags"] == ["vip"]


def test_a_tag_nobody_knows_and_one_both_set_and_taken_off_are_refused():
    floor, case_id = a_floor()
    for add, remove in ((("honeymoon",), ()), (("vip",), ("vip",)), ((), ())):
        with pytest.raises(InvalidInput):
            floor.tag(case_id, *add, remove=remove)


def test_a_case_is_given_to_a_user_to_oneself_to_nobody_and_to_no_stranger():
    floor, case_id = a_floor()
    floor.hire("deniz")
    assert floor.assign(case_id, "deniz")["assignee"] == "deniz"
    assert floor.assign(case_id, AGENT.name)["assignee"] == AGENT.name
    assert floor.assign(case_id, None)["assignee"] is None
    with pytest.raises(NotFound, match="no user stranger"):
        floor.assign(case_id, "stranger")


def test_a_case_with_an_open_lead_is_not_resolved_and_one_of_support_is():
    floor, case_id = a_floor()
    with pytest.raises(OutcomeMissing, match="win it or lose it"):
        floor.step(case_id, CaseStep.RESOLVE)
    assert floor.tag(case_id, "support")["kind"] == "support"
    done = floor.step(case_id, CaseStep.RESOLVE)
    assert (done["status"], done["clock"], done["due_at"]) == ("resolved", "idle", None)
    with pytest.raises(MoveNotAllowed):
        floor.step(case_id, CaseStep.RESOLVE)
    assert floor.step(case_id, CaseStep.REOPEN)["status"] == "open"


def test_waiting_for_the_guest_ends_when_he_writes():
    floor, case_id = a_floor()
    floor.reception.office.clock.advance(minutes=1)
    assert floor.step(case_id, CaseStep.WAIT)["status"] == "waiting"
    assert floor.show(case_id)["clocks"]["resolution"]["state"] == "paused"
    with pytest.raises(MoveNotAllowed):
        floor.step(case_id, CaseStep.WAIT)
    floor.reception.write(ANNA, "Here I am", NINE + timedelta(minutes=10))
    floor.reception.take_in()
    assert floor.show(case_id)["status"] == "open"


def test_the_same_key_does_it_once_and_another_command_under_it_is_refused():
    floor, case_id = a_floor()
    first = run(tag_case(floor.reception.desk, AGENT, case_id, "once", add=["vip"]))
    again = run(tag_case(floor.reception.desk, AGENT, case_id, "once", add=["vip"]))
    assert (first.replayed, again.replayed, again.body["tags"]) == (False, True, ["vip"])
    assert [one["kind"] for one in floor.show(case_id)["events"]] == ["tagged"]
    with pytest.raises(KeyReused):
        run(tag_case(floor.reception.desk, AGENT, case_id, "once", add=["ota"]))


def test_every_piece_of_work_leaves_an_audit_row_without_personal_data():
    floor, case_id = a_floor()
    floor.tag(case_id, "support")
    floor.assign(case_id, AGENT.name)
    floor.step(case_id, CaseStep.RESOLVE)
    rows = floor.reception.read(lambda tx: tx.tail_audit(3))
    assert ["case_tagged" in rows[0], "case_assigned" in rows[1], "case_resolved" in rows[2]] == [True] * 3
    assert all(case_id in row and "Anna" not in row and "+90532" not in row for row in rows)


def test_an_operator_sees_the_guest_masked_and_a_supervisor_in_clear():
    floor, case_id = a_floor()
    masked = floor.show(case_id, an_actor(Role.OPERATOR))["guest"]
    clear = floor.show(case_id, an_actor(Role.SUPERVISOR, "chief"))["guest"]
    assert (masked["masked"], masked["name"]) == (True, "A*** K***")
    assert (clear["masked"], clear["name"]) == (False, "Anna Kowalska")


def test_every_tag_says_which_rule_and_which_words():
    floor, case_id = a_floor("I want to book a room")
    why = floor.show(case_id)["why"]
    assert [one for one in why if one["gives"] == "reservation"]
    assert all(one["rule"] and one["words"] for one in why)


def test_a_case_from_before_the_one_queue_can_be_worked_on_too():
    floor = Floor()
    old = a_case()
    run(floor.reception.desk.store.transact(lambda tx: tx.add_case(old)))
    floor.tag(old.case_id, "vip")
    floor.assign(old.case_id, AGENT.name)
    started = floor.start(old.case_id)
    assert (started["tags"], started["assignee"], started["lead"]) == (["vip"], AGENT.name, "in_progress")
    lost = floor.lose(old.case_id, "price")
    assert (lost["status"], lost["lead"], lost["lost_reason"], lost["in_pms"]) == ("resolved", "lost", "price", False)


def test_what_is_not_there_is_not_found():
    floor, _ = a_floor()
    with pytest.raises(NotFound, match="no case cas_nothing"):
        floor.tag("cas_nothing", "vip")


def test_a_case_is_resolved_though_the_providers_clock_runs_ahead_of_ours():
    floor, case_id = a_floor()
    floor.tag(case_id, "support")
    floor.reception.write(ANNA, "Thank you", NINE + timedelta(minutes=1))
    floor.reception.take_in()
    floor.reception.office.clock.set(NINE - timedelta(minutes=2))
    assert floor.step(case_id, CaseStep.RESOLVE)["status"] == "resolved"
