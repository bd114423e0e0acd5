"""The clocks of a case: docs/algorithms/sla-clocks.md, chapters 2 to 6."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from domain.case_events import CaseEvent, EventKind
from domain.clocks import CaseClocks, read_clocks
from domain.hours import DaySpan, OpeningHours, open_spans
from domain.sla import Alarms, ClockState, ServicePolicy, TargetBook, TargetRow

K, S = EventKind, ClockState
HOUR, DAY = 3600.0, 86_400.0
GENERAL = TargetRow(first_response_s=120, resolution_s=HOUR)


def policy(*rows: TargetRow, **more) -> ServicePolicy:
    return ServicePolicy(TargetBook((GENERAL, *rows)), **more)


PLAIN = policy()


def story(*told: tuple[float, EventKind]) -> list[CaseEvent]:
    return [CaseEvent(at_s, kind) for at_s, kind in told]


def clocks(*told: tuple[float, EventKind], under: ServicePolicy = PLAIN) -> CaseClocks:
    return read_clocks(story(*told), "whatsapp", (), under)[-1]


def test_the_first_reply_of_a_person_stops_the_first_response():
    read = clocks((0, K.GUEST_MESSAGE), (119, K.HUMAN_REPLY))
    assert read.first_response.state(119) is S.MET
    assert read.first_response.elapsed_s(500, PLAIN.spans("whatsapp")) == 119


def test_a_reply_at_the_instant_it_is_due_is_late():
    assert clocks((0, K.GUEST_MESSAGE), (120, K.HUMAN_REPLY)).first_response.state(120) is S.MISSED


def test_an_automatic_reply_stops_no_clock():
    read = clocks((0, K.GUEST_MESSAGE), (1, K.AUTO_REPLY))
    assert read.first_response.state(100) is S.WARNING
    assert read.first_response.started_s == 0


def test_a_clock_warns_is_breached_and_is_escalated():
    clock = clocks((0, K.GUEST_MESSAGE)).first_response
    assert [clock.state(s) for s in (89, 90, 119, 120, 179, 180)] == [
        S.RUNNING,
        S.WARNING,
        S.WARNING,
        S.BREACHED,
        S.BREACHED,
        S.ESCALATED,
    ]


def test_the_next_response_counts_from_the_oldest_message_not_answered():
    read = clocks((0, K.GUEST_MESSAGE), (10, K.HUMAN_REPLY), (100, K.GUEST_MESSAGE), (150, K.GUEST_MESSAGE))
    assert read.next_response.started_s == 100
    assert read.due_s == 220


def test_every_late_next_response_is_counted():
    read = clocks(
        (0, K.GUEST_MESSAGE),
        (10, K.HUMAN_REPLY),
        (100, K.GUEST_MESSAGE),
        (400, K.HUMAN_REPLY),
        (500, K.GUEST_MESSAGE),
        (510, K.HUMAN_REPLY),
    )
    assert (read.next_waits, read.next_late) == (2, 1)
    assert read.next_response.state(600) is S.MET


def test_an_agent_who_writes_first_starts_no_response_clock():
    read = clocks((0, K.HUMAN_REPLY), (50, K.GUEST_MESSAGE), (60, K.HUMAN_REPLY))
    assert read.first_response.started_s == 50
    assert read.first_response.state(60) is S.MET


def test_a_pause_stops_the_resolution_and_not_a_wait_for_us():
    read = clocks((0, K.GUEST_MESSAGE), (10, K.PAUSED))
    assert read.resolution.state(9_999) is S.PAUSED
    assert read.first_response.state(9_999) is S.ESCALATED


def test_the_guest_ends_a_pause_by_writing():
    read = clocks((0, K.GUEST_MESSAGE), (10, K.HUMAN_REPLY), (20, K.PAUSED), (5_000, K.GUEST_MESSAGE))
    assert read.resolution.due_s == 5_000 + HOUR - 20
    assert read.stood_still_s == 4_980


def test_a_resumed_clock_goes_on_where_it_stood():
    told = [(0, K.GUEST_MESSAGE), (5, K.HUMAN_REPLY), (100, K.PAUSED), (1_100, K.RESUMED), (1_200, K.RESOLVED)]
    clock = clocks(*told).resolution
    assert clock.elapsed_s(9_999, PLAIN.spans("whatsapp")) == 200
    assert clock.wall_s(9_999) == 200
    assert clock.state(9_999) is S.MET


def test_a_clock_that_was_late_before_its_pause_stays_late():
    clock = clocks((0, K.GUEST_MESSAGE), (4_000, K.PAUSED)).resolution
    assert clock.due_s == HOUR
    assert clock.state(4_001) is S.BREACHED


def test_writing_again_within_a_day_takes_the_case_up_and_the_time_between_does_not_count():
    read = clocks((0, K.GUEST_MESSAGE), (10, K.HUMAN_REPLY), (1_000, K.RESOLVED), (1_000 + DAY, K.GUEST_MESSAGE))
    assert read.reopens == 1
    assert read.resolution.due_s == 1_000 + DAY + HOUR - 1_000


def test_writing_again_after_a_day_is_a_new_run_and_the_old_one_keeps_its_result():
    told = story((0, K.GUEST_MESSAGE), (10, K.HUMAN_REPLY), (1_000, K.RESOLVED), (1_001 + DAY, K.GUEST_MESSAGE))
    old, new = read_clocks(told, "whatsapp", (), PLAIN)
    assert (old.first_response.state(2e6), old.resolution.state(2e6)) == (S.MET, S.MET)
    assert new.first_response.started_s == new.resolution.started_s == 1_001 + DAY
    assert new.reopens == 0


def test_a_case_can_be_reopened_by_hand():
    read = clocks((0, K.GUEST_MESSAGE), (10, K.HUMAN_REPLY), (100, K.RESOLVED), (200, K.REOPENED))
    assert (read.reopens, read.resolution.is_running) == (1, True)
    assert read.next_response.state(300) is S.IDLE


def test_a_solution_ends_every_wait():
    read = clocks((0, K.GUEST_MESSAGE), (10, K.HUMAN_REPLY), (20, K.GUEST_MESSAGE), (30, K.RESOLVED))
    assert read.running == ()
    assert read.next_response.state(9_999) is S.DROPPED


def test_solving_late_without_an_answer_is_a_miss():
    assert clocks((0, K.GUEST_MESSAGE), (300, K.RESOLVED)).first_response.state(300) is S.MISSED


def test_an_agent_who_takes_the_call_stops_the_first_response():
    read = read_clocks(story((0, K.CALL_QUEUED), (12, K.CALL_ANSWERED)), "phone", (), PLAIN)[-1]
    assert read.first_response.state(12) is S.MET


@pytest.mark.parametrize(("waited", "state"), [(119, S.DROPPED), (120, S.MISSED)])
def test_a_call_given_up_is_a_miss_only_past_the_target(waited: int, state: ClockState):
    assert clocks((0, K.CALL_QUEUED), (waited, K.CALL_ABANDONED)).first_response.state(9_999) is state


def test_after_a_short_call_given_up_the_next_word_starts_the_first_response_anew():
    read = clocks((0, K.CALL_QUEUED), (5, K.CALL_ABANDONED), (600, K.CALL_QUEUED), (615, K.CALL_ANSWERED))
    assert read.first_response.started_s == 600
    assert read.first_response.state(615) is S.MET


def test_a_wait_has_the_time_of_the_channel_it_began_on():
    slow = policy(TargetRow("email", first_response_s=9_000), TargetRow("phone", first_response_s=20))
    told = [CaseEvent(0, K.GUEST_MESSAGE), CaseEvent(10, K.HUMAN_REPLY), CaseEvent(50, K.GUEST_MESSAGE, "email")]
    read = read_clocks(told, "whatsapp", (), slow)[-1]
    assert (read.first_response.target_s, read.next_response.due_s) == (120, 9_050)
    assert read_clocks(story((0, K.CALL_QUEUED)), "whatsapp", (), slow)[-1].first_response.due_s == 20


def test_a_message_goes_on_waiting_when_a_call_is_given_up():
    read = clocks((0, K.GUEST_MESSAGE), (50, K.CALL_QUEUED), (60, K.CALL_ABANDONED))
    assert read.first_response.is_running
    assert read.first_response.started_s == 0


def test_of_a_call_and_a_message_the_older_one_counts():
    assert clocks((0, K.CALL_QUEUED), (5, K.GUEST_MESSAGE)).first_response.started_s == 0
    assert clocks((0, K.GUEST_MESSAGE), (5, K.CALL_QUEUED)).first_response.started_s == 0


def test_a_message_written_in_the_queue_outlives_the_call():
    read = clocks((0, K.CALL_QUEUED), (5, K.GUEST_MESSAGE), (10, K.CALL_ABANDONED))
    assert read.first_response.is_running
    assert read.first_response.started_s == 5


def test_other_tags_hold_a_running_clock_to_another_target_from_the_same_start():
    vip = policy(TargetRow(None, "vip", first_response_s=60))
    told = [CaseEvent(0, K.GUEST_MESSAGE), CaseEvent(30, K.CHANGED, tags=("vip",))]
    read = read_clocks(told, "whatsapp", (), vip)[-1]
    assert read.first_response.due_s == 60
    assert read.tags == ("vip",)


def test_a_clock_that_has_stopped_keeps_its_result_when_tags_change():
    vip = policy(TargetRow(None, "vip", first_response_s=60))
    told = [CaseEvent(0, K.GUEST_MESSAGE), CaseEvent(90, K.HUMAN_REPLY), CaseEvent(91, K.CHANGED, tags=("vip",))]
    assert read_clocks(told, "whatsapp", (), vip)[-1].first_response.state(100) is S.MET


def test_a_clock_that_has_stopped_keeps_the_hours_it_was_counted_in():
    day = OpeningHours(((DaySpan(9 * 60, 18 * 60),),) * 8)
    spans = open_spans(day, date(2027, 3, 1), date(2027, 3, 5), ZoneInfo("Europe/Istanbul"))
    night = spans.ends[0] + 60.0
    told = [
        CaseEvent(night, K.GUEST_MESSAGE),
        CaseEvent(night + 600, K.HUMAN_REPLY),
        CaseEvent(night + 601, K.CHANGED, channel="email"),
    ]
    read = read_clocks(told, "whatsapp", (), policy(hours={"email": spans}))[-1]
    assert read.first_response.state(night + 700) is S.MISSED
    assert read.resolution.due_s == spans.starts[1] + HOUR


def test_a_case_is_judged_by_the_targets_valid_when_it_began():
    stricter = policy(TargetRow(first_response_s=30, effective_from_s=1_000))
    assert read_clocks(story((999, K.GUEST_MESSAGE)), "whatsapp", (), stricter)[-1].due_s == 1_119
    assert read_clocks(story((1_000, K.GUEST_MESSAGE)), "whatsapp", (), stricter)[-1].due_s == 1_030


def test_a_target_counts_open_hours_and_the_wall_clock_stands_beside_it():
    day = OpeningHours(((DaySpan(9 * 60, 18 * 60),),) * 8)
    spans = open_spans(day, date(2027, 3, 1), date(2027, 3, 5), ZoneInfo("Europe/Istanbul"))
    evening, morning = spans.ends[0] - 60.0, spans.starts[1] + 30.0
    under = policy(hours={"whatsapp": spans})
    read = clocks((evening, K.GUEST_MESSAGE), (morning, K.HUMAN_REPLY), under=under)
    assert read.first_response.state(morning) is S.MET
    assert under.elapsed_s(read.first_response, morning) == 90
    assert read.first_response.wall_s(morning) == 15 * HOUR + 90


def test_an_open_case_is_a_lower_bound():
    read = clocks((0, K.GUEST_MESSAGE))
    assert read.resolution.elapsed_s(500, PLAIN.spans("whatsapp")) == 500
    assert read.resolution.is_running


def test_at_one_instant_the_guest_speaks_before_he_is_answered():
    read = clocks((5, K.HUMAN_REPLY), (5, K.GUEST_MESSAGE), (5, K.RESOLVED))
    assert read.first_response.state(5) is S.MET
    assert read.resolution.state(5) is S.MET


def test_a_case_without_events_has_no_clocks():
    assert read_clocks([], "whatsapp", (), PLAIN) == ()


def test_a_late_case_is_told_from_one_in_time():
    read = clocks((0, K.GUEST_MESSAGE))
    assert not read.is_late(119)
    assert read.is_late(120)
    assert read.warn_s == 90


@pytest.mark.parametrize(("warn", "escalate"), [(0.0, 1.5), (1.0, 1.5), (0.75, 0.9)])
def test_alarms_that_cannot_be_are_refused(warn: float, escalate: float):
    with pytest.raises(ValueError, match="warning"):
        Alarms(warn, escalate)
