"""Late cases are found, warned of once and escalated once; all running clocks are one view."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.channel_plan import plan_rows, plan_table
from domain.contact import Channel
from domain.errors import InvalidInput
from domain.handoff import HandoffRules
from domain.hours import ALWAYS_OPEN
from domain.roles import DEFAULT_ROLES, ChannelRole
from domain.sla import ClockState, TargetBook, make_clock
from integration.usecases.channel_roles import ChannelWish, draw_channels, list_channels, set_channel, show_channel
from integration.usecases.list_cases import view_clocks
from integration.usecases.list_cases_alarms import sound_alarms
from integration.usecases.work_case_views import KeptClock
from integration.workers.clocks import CLOCKS, ClockWatch
from tests.cases.desk import AGENT, BOSS, Floor, run
from tests.intake.reception import MIDNIGHT, Writer
from tests.service.house import Ears

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna Kowalska")
BORIS = Writer("+905320000002", "TR.2222222222", "Boris")


def a_floor() -> tuple[Floor, str]:
    floor = Floor()
    floor.reception.write(ANNA, "Hello", NINE)
    floor.reception.take_in()
    floor.reception.office.clock.set(NINE + timedelta(seconds=5))
    return floor, floor.reception.cases()[0].case_id


def test_late_cases_come_first_due_first_and_near_ones_are_told_apart():
    floor, first = a_floor()
    floor.reception.write(BORIS, "Hi", NINE + timedelta(seconds=60))
    floor.reception.take_in()
    second = next(one.case_id for one in floor.reception.cases() if one.case_id != first)
    clock = floor.reception.office.clock
    assert (floor.listed(breaching=True), floor.listed(warning=True)) == ([], [])
    clock.set(NINE + timedelta(seconds=100))
    assert (floor.listed(breaching=True), floor.listed(warning=True)) == ([], [first])
    clock.set(NINE + timedelta(seconds=200))
    assert floor.listed(breaching=True) == [first, second]
    assert floor.listed(channel=Channel.PHONE) == []
    with pytest.raises(InvalidInput):
        floor.listed(breaching=True, after=first)


def test_the_view_of_all_clocks_says_how_many_are_late_and_who_has_waited_longest():
    floor, _ = a_floor()
    floor.reception.office.clock.set(NINE + timedelta(seconds=130))
    body = run(view_clocks(floor.reception.desk, AGENT))
    (row,) = body["rows"]
    assert (row["hotel_id"], row["channel"], row["open"], row["breaching"]) == ("BELEK1", "whatsapp", 1, 1)
    assert row["oldest_wait_s"] == 130.0


def test_a_clock_is_warned_of_once_and_escalated_once_whoever_looks():
    floor, case_id = a_floor()
    clock = floor.reception.office.clock
    clock.set(NINE + timedelta(seconds=95))
    first = run(sound_alarms(floor.reception.desk, CLOCKS))
    assert [(one.kind, one.clock) for one in first.said] == [("warned", "first_response")]
    assert run(sound_alarms(floor.reception.desk, CLOCKS)).said == ()
    assert run(sound_alarms(floor.reception.desk, CLOCKS, first.known)).said == ()
    clock.set(NINE + timedelta(seconds=185))
    assert [one.kind for one in run(sound_alarms(floor.reception.desk, CLOCKS)).said] == ["escalated"]
    assert [one["kind"] for one in floor.show(case_id)["events"]] == ["warned", "escalated"]
    assert "case_escalated" in floor.reception.read(lambda tx: tx.tail_audit(1))[0]
    assert floor.show(case_id)["clock"] == "escalated"


def test_the_worker_tells_ids_and_nothing_of_the_guest():
    floor, case_id = a_floor()
    floor.reception.office.clock.set(NINE + timedelta(seconds=95))
    log = Ears()
    asyncio.run(ClockWatch(floor.reception.desk, log).work())
    assert log.lines == [("warning", "case_warned", {"case_id": case_id, "clock": "first_response"})]


@pytest.mark.parametrize("now", [0, 60, 89, 90, 119, 120, 179, 180, 500])
@pytest.mark.parametrize("ran", [((0.0, None),), ((0.0, 50.0),), ((0.0, 150.0),)])
@pytest.mark.parametrize("stopped", [None, 110.0, 130.0])
def test_a_kept_clock_stands_as_the_rules_say(now, ran, stopped):
    for answered in (False, True):
        one = make_clock(ran, 120.0, ALWAYS_OPEN, stopped_s=stopped, is_answered=answered)
        kept = KeptClock(
            0, one.target_s, in_ms(one.due_s), in_ms(one.warn_s), in_ms(one.escalate_s), in_ms(one.stopped_s), answered,
            [(in_ms(start) or 0, in_ms(end)) for start, end in one.ran],
        )  # fmt: skip
        assert kept.state(now * 1000) is one.state(now)
    assert isinstance(one.state(now), ClockState)


def in_ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def set_it(floor: Floor, channel: str, **wish: Any) -> dict[str, Any]:
    return floor.answered(set_channel(floor.reception.desk, BOSS, None, channel, ChannelWish(**wish), floor.key()))


def test_a_new_target_counts_for_cases_that_begin_after_it_and_no_others():
    floor, first = a_floor()
    shown = set_it(floor, "whatsapp", first_response_s=600.0, role=ChannelRole.CLOSING)
    assert (shown["first_response_s"], shown["role"], shown["versions"][0]["version"]) == (600.0, "closing", 1)
    floor.reception.write(BORIS, "Hi", NINE + timedelta(seconds=60))
    floor.reception.take_in()
    second = next(one.case_id for one in floor.reception.cases() if one.case_id != first)
    floor.tag(first, "support")
    targets = [floor.show(one)["clocks"]["first_response"]["target_s"] for one in (first, second)]
    assert targets == [120.0, 600.0]


def test_a_channel_that_is_never_to_hand_over_does_not():
    floor, _ = a_floor()
    set_it(floor, "whatsapp", turns=0)
    rows = run(list_channels(floor.reception.desk, AGENT, None))["rows"]
    of_whatsapp = [row["scenario"] for row in rows if row["channel"] == "whatsapp"]
    assert of_whatsapp == ["hybrid", "urgent_signal"]
    set_it(floor, "whatsapp", turns=3)
    handoffs = run(show_channel(floor.reception.desk, AGENT, None, "whatsapp"))["handoffs"]
    assert ["turns>=3"] in [row["when"] for row in handoffs]
    set_it(floor, "whatsapp", resolution_s=1800.0)
    kept = run(show_channel(floor.reception.desk, AGENT, None, "whatsapp"))
    assert ["turns>=3"] in [row["when"] for row in kept["handoffs"]]
    assert [one["version"] for one in kept["versions"]] == [3, 2, 1]


def test_what_is_past_cannot_be_set_and_nothing_is_not_a_setting():
    floor, _ = a_floor()
    for wish in ({}, {"turns": 99}, {"first_response_s": 0.0}, {"turns": 1, "since": NINE - timedelta(days=1)}):
        with pytest.raises(InvalidInput):
            set_it(floor, "whatsapp", **wish)
    with pytest.raises(InvalidInput, match="not a channel"):
        set_it(floor, "pigeon", turns=1)


def test_the_drawings_are_made_from_the_live_rules():
    floor, _ = a_floor()
    set_it(floor, "whatsapp", turns=7)
    drawn = run(draw_channels(floor.reception.desk, AGENT, None, "tr"))
    assert "7 veya daha çok" in drawn["flow"]
    assert "7 veya daha çok" in drawn["svg"]
    assert any("7 veya daha çok çözülmemiş tur" in line[2] for line in drawn["table"])
    assert drawn["life"].startswith("stateDiagram-v2")


def test_the_table_in_the_documentation_is_that_of_the_usual_rules():
    headings, lines = plan_table(plan_rows(DEFAULT_ROLES, HandoffRules(), TargetBook(), 0.0), "en")
    page = (Path(__file__).resolve().parents[2] / "docs" / "cases.md").read_text(encoding="utf-8")
    for line in (headings, *lines):
        assert f"| {' | '.join(line)} |" in page
