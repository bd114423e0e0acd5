"""The verdict: each rule of docs/algorithms/load-verdict.md breaks one thing and sees what is said of it."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from loadtests.checks import Check, Section
from loadtests.compare import changed, compare_results
from loadtests.generator import Health
from loadtests.load_checks import lag_limit_ms
from loadtests.result import Result, extended, read_result, write_result
from loadtests.run_plan import MARKS
from loadtests.samples import Samples
from loadtests.target_checks import headroom_check
from loadtests.verdict import read_marks
from loadtests.words import CheckStatus, Verdict
from tests.loadtests.runs import T0, health, judged, mark, samples, scenario, slower, with_problem

LOST = Check(Section.INTEGRITY, "acknowledged_once", "each once", "1 of 300", CheckStatus.FAIL, "res_7: not there")
KEPT = Check(Section.INTEGRITY, "acknowledged_once", "each once", "0 of 300", CheckStatus.PASS)


def the(result: Result, name: str) -> Check:
    """A check by its name."""
    return next(one for one in result.checks if one.name == name)


def statuses(result: Result) -> set[CheckStatus]:
    """Of all checks."""
    return {one.status for one in result.checks}


def test_a_run_that_did_everything_right_passes(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120), checks=[KEPT])
    assert (result.verdict, result.why.slug) == (Verdict.PASS, "passed")
    assert statuses(result) == {CheckStatus.PASS}


def test_sections_stand_in_the_order_of_judgement(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(), checks=[headroom_check(12, 10), KEPT])
    order = [list(Section).index(one.section) for one in result.checks]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("healths", "name"),
    [
        ([health(late=1)], "user_pool"),
        ([health(cpu=(0.5,) * 50 + (0.95,) * 10)], "generator_cpu"),
        ([health(begun=99, ended=99)], "planned_load"),
        ([health(ended=99)], "planned_load"),
        ([health(is_whole=False)], "generator_whole"),
        ([health(planned=0, begun=0, ended=0)], "planned_load"),
        ([], "generator_whole"),
        ([health(), health(process=1)], "generator_whole"),
    ],
)
def test_a_load_that_was_not_delivered_is_invalid_whatever_the_latencies(
    tmp_path: Path, healths: list[Health], name: str
) -> None:
    result = judged(tmp_path, samples(120, quote=900.0), healths=healths)
    assert the(result, "availability_p95").status is CheckStatus.FAIL
    assert the(result, name).status is CheckStatus.INVALID
    assert result.verdict is Verdict.INVALID
    assert name in result.why.params["checks"]


def test_a_generator_that_lagged_is_invalid(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120, lag_ms=4.0))
    assert the(result, "schedule_lag").status is CheckStatus.INVALID
    assert result.verdict is Verdict.INVALID


def test_the_lag_allowed_is_ten_milliseconds_and_a_tenth_of_the_tightest_target() -> None:
    assert lag_limit_ms(scenario("targets.load.lag_p99_ms=10").scenario) == 10
    tight = ("targets.load.lag_p99_ms=500", "targets.load.webhook_p99_ms=80")
    assert lag_limit_ms(scenario(*tight).scenario) == 8


def test_a_run_that_was_broken_off_never_passes(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120), is_complete=False)
    assert (result.verdict, result.why.slug) == (Verdict.INVALID, "broken_off")


def test_nothing_recorded_is_invalid_and_does_not_break_the_judge(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(0), healths=[])
    assert result.verdict is Verdict.INVALID
    assert read_result(write_result(tmp_path, result).parent) == result


def test_a_lost_record_fails_even_a_run_whose_load_was_never_delivered(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120, lag_ms=40.0), checks=[LOST], is_complete=False)
    assert (result.verdict, result.why.params["checks"]) == (Verdict.FAIL, "acknowledged_once")


def test_an_answer_that_says_what_is_not_true_fails_the_run_even_during_a_fault(tmp_path: Path) -> None:
    found = with_problem(samples(120), [2050], "wrong_price")
    result = judged(tmp_path, found, marks=[mark("slow", 40, 42)])
    assert the(result, "answers_right").status is CheckStatus.FAIL
    assert the(result, "answers_right").evidence == "wrong_price=1"
    assert result.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("limit", "status"), [(330, CheckStatus.PASS), (297, CheckStatus.AT_RISK), (250, CheckStatus.FAIL)]
)
def test_a_target_is_met_missed_or_at_risk_as_the_interval_lies(
    tmp_path: Path, limit: int, status: CheckStatus
) -> None:
    result = judged(tmp_path, samples(300), sets=(f"targets.load.availability_p95_ms={limit}",))
    assert the(result, "availability_p95").status is status
    word = Verdict.FAIL if status is CheckStatus.FAIL else Verdict.PASS
    assert result.verdict is word


def test_what_is_at_risk_is_named_and_fails_when_strict(tmp_path: Path) -> None:
    sets = ("targets.load.availability_p95_ms=297",)
    mild, strict = (judged(tmp_path, samples(300), sets=sets, is_strict=one) for one in (False, True))
    assert (mild.verdict, mild.why.slug) == (Verdict.PASS, "passed_at_risk")
    assert "availability_p95" in mild.why.params["checks"]
    assert (strict.verdict, strict.why.slug) == (Verdict.FAIL, "at_risk_strict")


def test_too_few_requests_can_miss_a_target_and_never_meet_it(tmp_path: Path) -> None:
    fast, slow = (judged(tmp_path, samples(6, quote=one)) for one in (20.0, 5000.0))
    assert the(fast, "availability_p95").status is CheckStatus.AT_RISK
    assert "(<72)" in the(fast, "availability_p95").evidence
    assert the(slow, "availability_p95").status is CheckStatus.FAIL


def test_a_group_that_nobody_asked_for_is_skipped_and_makes_the_run_invalid(tmp_path: Path) -> None:
    found = samples(120)
    result = judged(tmp_path, found.where(found.operation != "webhook"))
    assert the(result, "webhook_p99").status is CheckStatus.SKIPPED
    assert (result.verdict, result.why.slug) == (Verdict.INVALID, "unproven")


def frozen(*, is_open: bool) -> Samples:
    """A server that stands still for one second in five; a closed client of one user stands still with it."""
    found = samples(100, 60, lag_ms=0.0, quote=20.0)
    found = found.where(found.operation == "quote")
    due_s = (found.due_ns - T0) / 1e9
    wait = np.where(due_s % 5 < 1, (1 - due_s % 5) * 1e9, 0).astype(np.int64)
    if is_open:
        return _done_later(found, wait)
    asked = np.concatenate([[True], np.diff(np.floor(due_s)) > 0]) | (wait == 0)
    return _done_later(found, wait).where(asked)


def _done_later(found: Samples, wait: np.ndarray) -> Samples:
    columns = {name: getattr(found, name) for name in Samples.__slots__}
    return Samples(**{**columns, "done_ns": found.done_ns + wait})


def test_a_frozen_server_shows_its_true_percentile_which_a_closed_load_hides(tmp_path: Path) -> None:
    whole, hidden = (judged(tmp_path, frozen(is_open=one)) for one in (True, False))
    true_ms, seen_ms = whole.operations[0].p95.ms, hidden.operations[0].p95.ms
    assert true_ms is not None
    assert seen_ms is not None
    assert 700 < true_ms < 900
    assert seen_ms < 100
    assert the(whole, "availability_p95").status is CheckStatus.FAIL


def test_latencies_and_errors_of_a_fault_do_not_count_and_its_recovery_does(tmp_path: Path) -> None:
    found = slower(samples(120), 40, 52, 3000)
    found = with_problem(found, range(2000, 2550), "status_503")
    result = judged(tmp_path, found, marks=[mark("slow", 40, 50)])
    assert result.verdict is Verdict.PASS
    assert result.marks[0].took_s == pytest.approx(1.92, abs=0.09)
    assert {one.window for one in result.groups} == {"whole", "outside", "busiest", "fault_1"}
    assert the(result, "error_rate").measured.startswith("0.00 %")


def test_without_the_mark_the_same_fault_fails_the_run(tmp_path: Path) -> None:
    found = with_problem(slower(samples(120), 40, 52, 3000), range(2000, 2550), "status_503")
    result = judged(tmp_path, found)
    assert the(result, "error_rate").status is CheckStatus.FAIL
    assert the(result, "availability_p95").status is CheckStatus.FAIL


def test_a_recovery_that_takes_too_long_fails_and_what_comes_after_the_time_allowed_counts(tmp_path: Path) -> None:
    found = slower(samples(120), 40, 90, 3000)
    result = judged(tmp_path, found, marks=[mark("slow", 40, 50)], sets=("load.recovery_s=20",))
    check = the(result, "recovery_1_slow")
    assert (check.status, check.measured[:2]) == (CheckStatus.FAIL, "40")
    assert the(result, "availability_p95").status is CheckStatus.FAIL


def test_one_error_after_a_good_moment_moves_the_recovery_behind_it(tmp_path: Path) -> None:
    found = with_problem(samples(120), [2650], "timeout")
    result = judged(tmp_path, found, marks=[mark("service_killed", 45, 50)])
    assert result.marks[0].took_s == pytest.approx(3.0, abs=0.05)


def test_a_recovery_one_could_not_watch_long_enough_is_at_risk_and_one_without_requests_is_skipped(
    tmp_path: Path,
) -> None:
    late = judged(tmp_path, slower(samples(120), 100, 200, 3000), marks=[mark("slow", 100, 110)])
    assert the(late, "recovery_1_slow").status is CheckStatus.AT_RISK
    over = judged(tmp_path, samples(120), marks=[mark("slow", 100, 130)])
    assert the(over, "recovery_1_slow").status is CheckStatus.SKIPPED
    never = judged(tmp_path, samples(120), marks=[mark("slow", 100, None)])
    assert the(never, "recovery_1_slow").status is CheckStatus.SKIPPED
    assert never.verdict is Verdict.INVALID


def test_the_next_fault_ends_the_watch_over_the_one_before(tmp_path: Path) -> None:
    found = slower(samples(120), 40, 80, 3000)
    result = judged(tmp_path, found, marks=[mark("slow", 40, 50), mark("down", 60, 70)])
    assert [one.took_s is None for one in result.marks] == [True, False]
    assert result.marks[0].watched_s == pytest.approx(10.0)


def test_headroom_fails_below_what_is_asked_and_is_judged_with_the_rest(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120), checks=[KEPT])
    assert extended(result, [headroom_check(10.0, 10)]).verdict is Verdict.PASS
    short = extended(result, [headroom_check(9.9, 10, "service_cpu")])
    assert (short.verdict, short.why.params["checks"]) == (Verdict.FAIL, "headroom")
    assert headroom_check(None, 10).status is CheckStatus.FAIL


def test_a_headroom_shown_by_targets_that_are_at_risk_is_at_risk_itself(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120), checks=[KEPT])
    unsure = headroom_check(12.0, 10, is_certain=False)
    assert unsure.status is CheckStatus.AT_RISK
    assert headroom_check(9.9, 10, is_certain=False).status is CheckStatus.FAIL
    assert extended(result, [unsure]).verdict is Verdict.PASS


def test_a_closed_load_is_labelled(tmp_path: Path) -> None:
    result = judged(tmp_path, samples(120), users=20)
    assert result.asked.model == "closed"
    assert [one.slug for one in result.notes][:1] == ["closed_load"]


def test_the_load_is_told_as_a_multiple_of_the_season_s_busiest_half_hour(tmp_path: Path) -> None:
    result = judged(tmp_path, samples())
    load = result.load
    assert load.per_hour == 100 * 60
    assert load.peak_per_hour is not None
    assert load.multiple == pytest.approx(6000 / load.peak_per_hour)


def test_a_result_is_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    found = with_problem(samples(120), [5, 6], "timeout")
    result = judged(tmp_path, found, marks=[mark("slow", 40, 42, 'say "no" <b>')], checks=[KEPT])
    write_result(tmp_path, result)
    assert read_result(tmp_path) == result
    told = msgspec.json.decode((tmp_path / "result.json").read_bytes())
    assert told["schema"] == 1
    assert told["verdict"] == result.verdict.value
    assert {"section", "name", "target", "measured", "status", "evidence"} == set(told["checks"][0])


def test_a_mark_that_was_begun_and_then_ended_counts_once_and_a_cut_line_not_at_all(tmp_path: Path) -> None:
    lines = [msgspec.json.encode(one) for one in (mark("slow", 1, None), mark("slow", 1, 3))]
    (tmp_path / MARKS).write_bytes(b"\n".join([*lines, b'{"kind":"do']))
    assert read_marks(tmp_path) == [mark("slow", 1, 3)]


def test_two_runs_alike_differ_in_nothing_and_a_slower_one_does(tmp_path: Path) -> None:
    one = judged(tmp_path, samples(120, seed=1))
    same = judged(tmp_path, samples(120, seed=2))
    slow = judged(tmp_path, samples(120, seed=2, quote=260.0))
    assert sum(found.is_real for found in compare_results(one, same)) <= 2
    real = {(found.name, found.figure) for found in compare_results(one, slow) if found.is_real}
    assert {("availability", "p50"), ("availability", "p95"), ("quote", "p95")} <= real
    assert all(found.value is not None and found.value > 0 for found in compare_results(one, slow) if found.is_real)


def test_a_difference_is_real_by_chance_no_oftener_than_it_says(tmp_path: Path) -> None:
    runs = [judged(tmp_path, samples(60, seed=seed)) for seed in range(12)]
    found = [one for a, b in zip(runs[::2], runs[1::2], strict=True) for one in compare_results(a, b)]
    assert np.mean([one.is_real for one in found]) <= 0.06


def test_what_was_not_alike_is_named(tmp_path: Path) -> None:
    one, other = judged(tmp_path, samples()), judged(tmp_path, samples(), speed=30.0)
    assert changed(one, one) == []
    assert ("speed", "60.0", "30.0") in changed(one, other)


def test_unanswered_percentiles_cannot_be_compared(tmp_path: Path) -> None:
    bad = with_problem(samples(), range(600), "timeout")
    found = compare_results(judged(tmp_path, samples()), judged(tmp_path, bad))
    p95 = next(one for one in found if one.name == "quote" and one.figure == "p95")
    assert (p95.b, p95.is_real) == (None, False)
    errors = next(one for one in found if one.name == "quote" and one.figure == "error_rate")
    assert errors.is_real


def test_two_quotes_must_both_be_slow_to_hold_a_recovery_up_and_a_fault_ends_where_the_next_begins(
    tmp_path: Path,
) -> None:
    found = slower(samples(120, 6), 51.0, 51.2, 3000)
    result = judged(tmp_path, found, marks=[mark("slow", 40, 50), mark("down", 60, 62)])
    assert result.marks[0].took_s == 0.0
    broken = judged(
        tmp_path, with_problem(found, range(300, 420), "timeout"), marks=[mark("slow", 40, 50), mark("down", 60, 70)]
    )
    ends = {one.name: one.ended_s for one in broken.windows}
    assert ends["fault_1"] == pytest.approx(60.0)


def test_one_judge_reads_the_same_folder_twice_and_says_the_same(tmp_path: Path) -> None:
    found = samples(30)
    assert judged(tmp_path, found) == judged(tmp_path, found)
