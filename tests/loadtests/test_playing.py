"""How a script is played, and what is written about it: without Locust, a network or time."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loadtests.driver.clock import NS, now_ns
from loadtests.driver.playing import Judge, Stage
from loadtests.driver.pool import Pool
from loadtests.journal import Entry, Fate, read_journal
from loadtests.journal_file import JournalFile
from loadtests.recorder import Recorder, parts_of
from loadtests.samples import Samples, read_samples
from loadtests.scripts.steps import NO_ANSWER, Answer, Ask, Pause, Script
from loadtests.words import Persona

LATENCY = 5_000_000
GOOD = Answer(200, {"server-timing": "pms;dur=4.5, total;dur=5.25"}, b'{"ref":"r1"}')


class Bench:
    """A stage in a folder, whose time is where the last wait or answer left it."""

    def __init__(self, folder: Path, answer: Answer = GOOD, speed: float = 10.0) -> None:
        self.samples_path, self.journal_path = folder / "samples-0.csv", folder / "journal-0.jsonl"
        self.at, self.answer, self.speed = 1_000, answer, speed
        self.seen: list[list[Entry]] = []

    def _wait_until(self, due: int) -> None:
        self.at = max(self.at, due)

    def _send(self, ask: Ask, judge: Judge) -> Answer:
        self.seen.append(self.journal())
        sent, self.at = self.at, self.at + LATENCY
        judge(self.answer, sent, self.at)
        return self.answer

    def play(self, script: Script, end: int | None = None) -> None:
        with closing(Recorder(self.samples_path)) as recorder, closing(JournalFile(self.journal_path)) as journal:
            Stage(recorder, journal, self.speed, self._wait_until).play(script, 7, 1_000, self._send, end)

    def journal(self) -> list[Entry]:
        return read_journal([self.journal_path])

    def samples(self) -> Samples:
        return read_samples([self.samples_path])


def a_write(**changes: Any) -> Ask:
    known: dict[str, Any] = {
        "key": "run-7-1",
        "told": lambda answer: {"ref": answer.body["ref"]},
        "about": {"contact": 7},
    }
    return Ask("hold", Persona.OPERATOR, "POST", "/hold", {}, **{**known, **changes})


def a_read() -> Ask:
    return Ask("board", Persona.SUPERVISOR, "GET", "/board", {})


def steps(*asked: Ask | Pause, answers: list[Answer] | None = None) -> Script:
    for one in asked:
        answer = yield one
        if answers is not None:
            answers.append(answer)


def test_a_write_stands_in_the_journal_before_it_is_sent(tmp_path):
    bench = Bench(tmp_path)
    bench.play(steps(a_write()))
    assert [one.fate for one in bench.seen[0]] == [Fate.INTENDED]
    fates = [json.loads(line)["fate"] for line in bench.journal_path.read_text(encoding="utf-8").splitlines()]
    assert fates == ["intended", "acknowledged"]
    assert {(one.key, one.contact, one.ref) for one in bench.journal()} == {("run-7-1", 7, ""), ("run-7-1", 7, "r1")}


def test_a_read_is_not_journalled(tmp_path):
    bench = Bench(tmp_path)
    bench.play(steps(a_read()))
    assert bench.journal() == []
    assert len(bench.samples()) == 1


def test_a_request_is_due_when_the_answer_before_it_was_there_plus_the_pauses_between(tmp_path):
    bench = Bench(tmp_path, speed=10.0)
    bench.play(steps(a_read(), Pause(20.0), Pause(1.0, is_real=True), a_read(), a_read()))
    done = 1_000 + LATENCY
    second = done + 2 * NS + NS
    assert bench.samples().due_ns.tolist() == [1_000, second, second + LATENCY]


def test_who_goes_round_does_not_sleep_beyond_the_end_of_the_window(tmp_path):
    bench = Bench(tmp_path, speed=10.0)
    bench.play(steps(a_read(), Pause(600.0), a_read(), Pause(1.0, is_real=True), a_read()), end=2 * NS)
    assert bench.samples().due_ns.tolist() == [1_000, 2 * NS, 2 * NS + LATENCY + NS]


def test_a_script_gets_the_answer_to_what_it_asked_and_nothing_for_a_pause(tmp_path):
    answers: list[Answer] = []
    Bench(tmp_path).play(steps(a_read(), Pause(1.0), answers=answers))
    assert answers == [GOOD, NO_ANSWER]


def test_an_answer_that_did_not_come_leaves_the_fate_unknown(tmp_path):
    bench = Bench(tmp_path, Answer(0, error="timeout"))
    bench.play(steps(a_write()))
    assert {one.fate for one in bench.journal()} == {Fate.INTENDED, Fate.UNKNOWN}
    assert bench.samples().problem.tolist() == ["timeout"]
    assert bench.samples().status.tolist() == [0]


def test_a_success_that_cannot_be_read_is_an_error_and_still_a_success_for_the_journal(tmp_path):
    def broken(answer: Answer) -> dict[str, object]:
        return {"ref": answer.body["missing"]["deep"]}

    bench = Bench(tmp_path)
    bench.play(steps(a_write(told=broken, check=lambda answer: answer.body["missing"])))
    assert {(one.fate, one.problem) for one in bench.journal()} == {
        (Fate.INTENDED, ""),
        (Fate.ACKNOWLEDGED, "unreadable"),
    }
    assert bench.samples().problem.tolist() == ["unreadable"]


def test_a_sample_keeps_nanoseconds_and_the_parts_the_service_named(tmp_path):
    bench = Bench(tmp_path)
    bench.play(steps(a_read()))
    (found,) = [bench.samples()]
    assert found.latency_ms.tolist() == [5.0]
    parts = (found.queue_ms, found.pms_ms, found.store_ms, found.injected_ms, found.total_ms)
    assert [one.tolist() for one in parts] == [[-1], [4.5], [-1], [-1], [5.25]]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("", "-1,-1,-1,-1,-1"),
        ("pms;dur=41.2, store;dur=0.9, total;dur=44.0", "-1,41.2,0.9,-1,44.0"),
        ('queue;dur=1,pms;desc="two calls";dur=3.5,injected;dur=0', "1,3.5,-1,0,-1"),
        ("cache;dur=9, pms, total;dur=abc, store;dur=1e3", "-1,-1,-1,-1,-1"),
        ("total;dur=5,7\nx,y", "-1,-1,-1,-1,5"),
    ],
)
def test_server_timing_is_read_and_what_is_no_number_is_left_out(header, row):
    assert parts_of(header) == row


def test_a_last_line_that_was_cut_by_a_kill_is_left_out(tmp_path):
    bench = Bench(tmp_path)
    bench.play(steps(a_write(), a_read()))
    for path in (bench.samples_path, bench.journal_path):
        path.write_bytes(path.read_bytes()[:-20])
    assert len(bench.samples()) == 1
    assert len(bench.journal()) == 1


@pytest.mark.parametrize("lost", range(1, 12))
def test_wherever_the_kill_cut_it_the_last_line_is_not_read_as_a_number(tmp_path, lost):
    bench = Bench(tmp_path)
    bench.play(steps(a_read(), a_read()))
    bench.samples_path.write_bytes(bench.samples_path.read_bytes()[:-lost])
    assert len(bench.samples()) == 1


def test_a_second_recorder_goes_on_where_the_first_ended(tmp_path):
    bench = Bench(tmp_path)
    bench.play(steps(a_read()))
    Bench(tmp_path).play(steps(a_read()))
    assert len(bench.samples()) == 2


def test_a_contact_nobody_was_free_for_is_late():
    pool = Pool(numbers=[0, 2, 4], due_ns=[100, 200, 300], most=1)
    assert [pool.take(50), pool.take(250), pool.take(300), pool.take(400)] == [(0, 100), (2, 200), (4, 300), None]
    assert pool.late == 1


def test_closed_load_is_due_when_somebody_is_free_and_never_late():
    pool = Pool(numbers=[0, 1], due_ns=None, most=1)
    assert [pool.take(50), pool.take(250)] == [(0, 50), (1, 250)]
    assert (pool.late, pool.planned) == (0, 0)


def test_a_pool_takes_no_more_users_than_it_may():
    pool = Pool(numbers=[], due_ns=[], most=2)
    assert [pool.join(), pool.join(), pool.join()] == [True, True, False]
    assert pool.size == 2


def test_the_clock_counts_on_from_the_wall_clock_and_never_goes_back():
    read = [now_ns() for _ in range(1_000)]
    assert read == sorted(read)
    assert read[0] > 1_600_000_000 * NS
