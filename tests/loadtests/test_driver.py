"""The generator against a real server on the loopback, Locust in processes of its own."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from loadtests.journal import Fate, latest
from loadtests.launch import LOCUSTFILE, Role
from loadtests.run_plan import read_start
from tests.loadtests.driving import (
    ROOT,
    a_folder,
    acknowledged,
    ended,
    free_port,
    in_browser,
    left,
    run_to_end,
    share_slower,
    start,
    swarm,
    toy_server,
    wait_for,
)

PATIENCE_S = 60.0


def test_every_contact_of_the_window_is_played_once_and_timed_from_when_it_was_due(tmp_path):
    with toy_server() as url:
        folder = a_folder(tmp_path / "run", url, 2.0, rate=20.0, limit_s=30.0)
        found = run_to_end(folder, TOY_OPERATIONS="hold pay", TOY_BACKGROUND="2")
    (health,) = found.health
    assert (health.planned, health.begun, health.ended, health.is_whole) == (40, 40, 40, True)
    assert Counter(found.samples.operation.tolist())["hold"] == 40
    assert Counter(acknowledged(found.journal)) == {f"run_1-{k}-{step}": 1 for k in range(40) for step in range(2)}
    assert len({one.ref for one in found.journal if one.fate is Fate.ACKNOWLEDGED}) == 80
    holds = found.samples.where(found.samples.operation == "hold")
    t0 = read_start(folder) or 0
    assert sorted(holds.due_ns.tolist()) == pytest.approx([t0 + k * 50_000_000 for k in range(40)], abs=1_000)
    assert (found.samples.sent_ns >= found.samples.due_ns).all()
    assert (found.samples.done_ns > found.samples.sent_ns).all()
    assert set(found.samples.pms_ms.tolist()) == {1.5}
    boards = found.samples.where(found.samples.operation == "board")
    assert set(boards.contact.tolist()) == {-1}
    assert set(boards.persona.tolist()) == {"supervisor"}
    assert health.locust["hold"]["requests"] == 40


def test_a_frozen_server_shows_in_open_load_and_hides_in_closed_load(tmp_path):
    with toy_server(FREEZE="1", PERIOD="2") as url:
        opened = run_to_end(a_folder(tmp_path / "open", url, 4.0, rate=50.0, limit_s=40.0))
    with toy_server(FREEZE="1", PERIOD="2") as url:
        folder = a_folder(tmp_path / "closed", url, 4.0, rate=50.0, users=2, limit_s=40.0)
        closed = run_to_end(folder, TOY_OPERATIONS=" ".join(["hold"] * 25))
    assert share_slower(opened.samples, 200) > 0.2
    assert share_slower(closed.samples, 200) < 0.1
    assert sorted(opened.samples.latency_ms)[-len(opened.samples) // 100] > 600


def test_a_pool_that_is_too_small_shows_as_lag_and_in_the_health(tmp_path):
    with toy_server() as url:
        folder = a_folder(tmp_path / "run", url, 1.0, rate=30.0, pool=1, limit_s=40.0)
        found = run_to_end(folder, TOY_PAUSE="0.1")
    (health,) = found.health
    assert (health.pool, health.most_busy) == (1, 1)
    assert health.late > 15
    assert health.begun == health.ended == 30
    assert (found.samples.lag_ms > 500).sum() > 5


def test_a_run_that_reaches_its_limit_is_not_whole(tmp_path):
    with toy_server() as url:
        folder = a_folder(tmp_path / "run", url, 1.0, rate=20.0, pool=1, limit_s=1.5)
        found = run_to_end(folder, TOY_PAUSE="0.3")
    (health,) = found.health
    assert not health.is_whole
    assert health.ended < health.planned == 20


def test_two_workers_share_all_contacts_and_start_together(tmp_path):
    with toy_server() as url:
        folder, port = a_folder(tmp_path / "run", url, 2.0, rate=30.0, processes=2, limit_s=30.0), free_port()
        env = {"TOY_BACKGROUND": "1"}
        master = start(folder, Role.MASTER, 2, port, **env)
        workers = [start(folder, Role.WORKER, 2, port, **env) for _ in range(2)]
        found = ended(folder, master, *workers)
    assert Counter(acknowledged(found.journal)) == {f"run_1-{k}-0": 1 for k in range(60)}
    assert [(one.process, one.planned, one.ended, one.is_whole) for one in found.health] == [
        (0, 30, 30, True),
        (1, 30, 30, True),
    ]
    assert {one.began_ns for one in found.health} == {read_start(folder)}
    assert sum(one.locust["hold"]["requests"] for one in found.health) == 60


def test_a_killed_generator_leaves_what_it_wrote_and_no_health(tmp_path):
    with toy_server() as url:
        folder = a_folder(tmp_path / "run", url, 30.0, rate=100.0, limit_s=60.0)
        process = start(folder)
        wait_for(folder / "samples-0.csv", least=5_000)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
    found = left(folder)
    assert len(found.samples) > 20
    assert not found.health
    sent = {one.key for one in found.journal if one.fate is Fate.INTENDED}
    assert set(acknowledged(found.journal)) <= sent
    assert len(sent) >= len(found.samples)


def test_answers_that_are_cut_or_never_come_leave_the_fate_unknown(tmp_path):
    with toy_server() as url:
        folder = a_folder(tmp_path / "run", url, 1.0, rate=10.0, limit_s=30.0)
        found = run_to_end(folder, TOY_OPERATIONS="cut gone hold")
    told = set(zip(found.samples.operation.tolist(), found.samples.problem.tolist(), strict=True))
    assert told == {("cut", "cut_answer"), ("gone", "connection"), ("hold", "")}
    fates = {(operation, one.fate) for (operation, _), one in latest(found.journal).items()}
    assert fates == {("cut", Fate.UNKNOWN), ("gone", Fate.UNKNOWN), ("hold", Fate.ACKNOWLEDGED)}
    assert found.health[0].locust["gone"]["failures"] == 10


def test_the_locustfile_says_in_one_sentence_what_it_needs():
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--host", "http://127.0.0.1:1"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("SANTRAL_LOAD")}
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 1
    assert done.stderr.strip().startswith("--host needs SANTRAL_LOAD_TOKENS: a file with tokens of its users")


@pytest.mark.torture  # long
def test_it_starts_from_the_browser_as_often_as_wanted_each_time_in_a_folder_of_its_own(tmp_path):
    with toy_server() as url:
        folder, port = a_folder(tmp_path / "run", url, 1.0, rate=10.0, limit_s=20.0), free_port()
        again = folder / "again-1"
        with in_browser(folder, url, port):
            for place in (folder, again):
                swarm(port, users=3)
                wait_for(place / "generator-0.json")
    first, second = left(folder), left(again)
    assert [one.health[0].is_whole for one in (first, second)] == [True, True]
    assert [one.health[0].pool for one in (first, second)] == [3, 3]
    assert set(acknowledged(first.journal)) == {f"run_1-{k}-0" for k in range(10)}
    assert set(acknowledged(second.journal)) == {f"run_1-again-1-{k}-0" for k in range(10)}
