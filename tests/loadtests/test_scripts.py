"""The personas of the load test, played on the real service: they end well, and the journal is what the store holds."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
import pytest

from cli.loadtest.audit import audit, note_start
from cli.loadtest.audit_promises import fold
from domain.signals import BITS, Signal
from loadtests.journal import Fate, latest
from loadtests.run_plan import JOURNAL
from loadtests.scripts.cast import background, contact_of, script_of
from loadtests.scripts.steps import Answer, Ask, Contact
from loadtests.words import CheckStatus
from scenarios.demand import demand_plan, draw_day
from scenarios.scenario_loader import load_scenario
from tests.loadtests.stage import Stage, a_contact, a_stage


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


@pytest.fixture
def stage(made: Path, tmp_path: Path) -> Iterator[Stage]:
    with a_stage(made, tmp_path) as found:
        yield found


@cache
def drawn(count: int) -> list[Contact]:
    """Contacts of a busy hour as the season draws them."""
    demand = demand_plan(load_scenario("smoke"))
    day = draw_day(demand, 3, 0, 0)
    return [contact_of(demand, day, row, row) for row in range(100, 100 + count)]


def test_an_hour_of_drawn_contacts_ends_without_a_problem_beside_supervisors_and_admin(stage: Stage):
    stage.enough = 400
    played = stage.play_scripts([*background(stage.world, 0), *(script_of(one, stage.world) for one in drawn(60))])
    assert played.problems() == []
    asked = Counter(one.ask.operation for one in played.took)
    assert {"call_end", "quote", "webhook", "reply", "clocks", "tasks", "lead_add", "rollback_apply"} <= set(asked)
    assert asked["call_start"] == asked["call_end"]


def everybody() -> list[Contact]:
    """Buyers of all kinds on all channels."""
    kinds = [(place / 6, channel) for place in range(6) for channel in ("phone", "whatsapp", "web_chat", "email")]
    return [a_contact(50 + one, channel=channel, stage_u=u, turns=2) for one, (u, channel) in enumerate(kinds)]


def test_the_journal_says_what_the_store_holds(stage: Stage):
    played = stage.play(*everybody())
    assert played.problems() == []
    sales = fold(played.journal).sales
    assert {one.status for one in sales.values()} == {"confirmed", "option", "cancelled"}
    kept = {str(one["reservation_id"]): one for one in stage.rows("SELECT * FROM reservations")}
    assert set(kept) == set(sales)
    for ref, said in sales.items():
        one = kept[ref]
        assert (one["state"], one["pms_ref"], one["room_type"]) == (said.status, said.pms_ref, said.room_type)
        assert Decimal(one["total"]) / 100 == Decimal(said.total)


def test_every_write_is_journalled_before_it_is_sent_and_known_at_the_end(stage: Stage):
    played = stage.play(*everybody()[:6])
    keys = [one.ask.key for one in played.took if one.ask.told is not None]
    assert set(keys) == {one.key for one in played.journal}
    assert all(one.fate is Fate.INTENDED for one in played.journal[:1])
    assert {one.fate for one in latest(played.journal).values()} <= {Fate.ACKNOWLEDGED, Fate.REFUSED}
    assert all(key.startswith("run7-") for key in keys)


def test_the_audit_finds_every_promise_of_the_personas_kept(stage: Stage, tmp_path: Path):
    stage.enough = 200
    note_start(tmp_path, stage.settings, stage.settings.mock_path)
    contacts = [*everybody(), *drawn(20)]
    played = stage.play_scripts([*background(stage.world, 0), *(script_of(one, stage.world) for one in contacts)])
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in played.journal)
    (tmp_path / JOURNAL.format(0)).write_bytes(lines)
    stage.give_mock_its_own_clock()
    checks = audit(tmp_path, stage.world.plan, stage.settings, stage.settings.mock_path)
    assert {one.name: one.evidence for one in checks if one.status is not CheckStatus.PASS} == {}


def test_messages_that_come_twice_and_in_the_wrong_order_are_in_their_case_once(stage: Stage):
    stage.world.load = stage.world.load.model_copy(
        update={"shares": stage.world.load.shares.model_copy(update={"double_delivery": 1.0})}
    )
    played = stage.play(*(a_contact(one, channel="whatsapp", turns=2, intent="prearrival") for one in range(8)))
    assert played.problems() == []
    sent = Counter(one.ask.key for one in played.of("webhook"))
    assert max(sent.values()) == 2
    rows = stage.rows("SELECT provider_id FROM messages WHERE sender = 'guest'")
    assert Counter(str(one["provider_id"]) for one in rows) == Counter(dict.fromkeys(sent, 1))


def test_two_turns_that_solve_nothing_become_a_call(stage: Stage):
    played = stage.play(a_contact(channel="whatsapp", turns=3, unsolved_turns=3))
    assert played.problems() == []
    steps = [one.answer.body["state"] for one in played.of("handoff_step")]
    assert steps == ["accepted", "connected", "solved"]
    (call,) = played.of("call_start")
    assert call.answer.body["case_id"] == played.of("reply")[0].ask.about["case_id"]


def test_what_is_solved_in_two_turns_is_not_handed_over(stage: Stage):
    played = stage.play(*(a_contact(one, channel="whatsapp", turns=4) for one in range(4)))
    assert played.problems() == []
    assert played.of("handoff_step") == []


def test_who_sells_in_a_chat_sells_in_its_case_and_sends_the_offer_now_and_then(stage: Stage):
    played = stage.play(*(a_contact(one, channel="whatsapp", turns=1) for one in range(12)))
    assert played.problems() == []
    sent = [one for one in played.of("offer_send") if one.answer.is_good]
    assert 0 < len(sent) < len({one.ask.about["case_id"] for one in played.of("reply")})
    kept = stage.rows("SELECT call_id, case_id FROM offers") + stage.rows("SELECT call_id, case_id FROM reservations")
    assert all(one["call_id"] is None and one["case_id"] for one in kept)
    other = spoiled_case(played.of("quote")[0].answer)
    assert played.of("quote")[0].ask.problem(other) == "wrong_case"


def spoiled_case(answer: Answer) -> Answer:
    """The same offer, in another case."""
    return Answer(answer.status, answer.headers, msgspec.json.encode({**answer.body, "case_id": "cas_another"}))


def test_a_wish_to_cancel_becomes_a_call_at_once(stage: Stage):
    contact = a_contact(channel="whatsapp", intent="change_or_cancel", signals=BITS[Signal.CANCELLATION], turns=1)
    played = stage.play(contact)
    assert played.problems() == []
    assert len(played.of("call_end")) == 1


def test_nothing_to_sell_is_an_answer(stage: Stage):
    def sold_out(ask: Ask, answer: Answer) -> Answer:
        if ask.operation != "quote":
            return answer
        body = {**msgspec.json.decode(answer.raw), "choices": [], "alternatives": []}
        return Answer(answer.status, answer.headers, msgspec.json.encode(body))

    played = stage.play(a_contact(), spoil=sold_out)
    assert played.problems() == []
    (ended,) = played.of("call_end")
    assert (ended.answer.body["outcome"], ended.answer.body["lost_reason"]) == ("not_sold", "no_availability")
    assert played.of("hold") == []


def test_a_regular_is_known_when_he_rings_again(stage: Stage):
    numbers = range(24)
    first = stage.play(*(a_contact(one, intent="prearrival") for one in numbers))
    stage.world.plan = msgspec.structs.replace(stage.world.plan, run_id="run8")
    again = stage.play(*(a_contact(one, intent="prearrival") for one in numbers))
    assert first.problems() == again.problems() == []
    assert again.of("guest_create") == []


def test_a_call_comes_by_the_exchange_and_the_operator_takes_the_one_on_his_screen(stage: Stage):
    played = stage.play(a_contact(3))
    operations = [one.ask.operation for one in played.took]
    (started,) = played.of("call_start")
    events = [json.loads(one.ask.body) for one in played.of("webhook")]
    assert [one["event"] for one in events] == ["newCall", "answer", "hangup"]
    assert {one["callId"] for one in events} == {"run7-3-call"}
    shown = played.of("calls_open")[-1].answer.body["calls"]
    assert started.answer.body["call_id"] in {one["call_id"] for one in shown}
    assert operations.index("webhook") < operations.index("calls_open") < operations.index("call_start")
    assert operations.index("call_start") < len(operations) - 1 - operations[::-1].index("webhook")


def test_the_same_contact_asks_the_same_twice(stage: Stage):
    def first_asks() -> list[tuple[str, bytes]]:
        script = script_of(drawn(40)[7], stage.world)
        step = next(script)
        script.close()
        assert isinstance(step, Ask)
        return [(step.path, step.body)]

    assert first_asks() == first_asks()


def test_a_run_without_hooks_makes_leads_by_hand(stage: Stage):
    stage.world.plan = msgspec.structs.replace(stage.world.plan, hook_secret="")
    played = stage.play(a_contact(channel="whatsapp"), a_contact(2, channel="ota"))
    assert played.problems() == []
    assert len(played.of("lead_add")) == 2
    assert played.of("webhook") == []
