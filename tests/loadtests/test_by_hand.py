"""Locust by hand: `locust -f loadtests/locustfile.py` makes a run of its own and judges it."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from cli.loadtest.by_hand import ByHand
from cli.loadtest.planning import marks_of, plan_of
from cli.loadtest.wishes import LoadWish, settle
from loadtests.launch import LOCUSTFILE
from loadtests.run_plan import write_plan
from loadtests.stage_command import SCENARIO, TOKEN_FILE, stage_command
from tests.loadtests.driving import free_port, swarm, wait_for
from tests.loadtests.test_wishes import NOW

PATIENCE_S = 120


def test_without_a_host_a_stage_of_the_scenario_is_made() -> None:
    assert stage_command({}, ["--headless", "-u", "9"])[-2:] == ["by-hand", "smoke"]
    assert stage_command({SCENARIO: "bad-monday"}, [])[-1] == "bad-monday"


@pytest.mark.parametrize("words", [["-H", "http://127.0.0.1:9"], ["--host=http://127.0.0.1:9"]])
def test_a_host_is_a_target_whose_tokens_are_named(words: list[str]) -> None:
    with pytest.raises(SystemExit, match=TOKEN_FILE):
        stage_command({}, words)
    command = stage_command({TOKEN_FILE: "tokens.json"}, words)
    assert command[-4:] == ["--target", "http://127.0.0.1:9", "--token-file", "tokens.json"]


@pytest.mark.parametrize("word", ["--master", "--worker", "--processes=2"])
def test_several_processes_are_another_command(word: str) -> None:
    with pytest.raises(SystemExit, match="santral loadtest run --workers"):
        stage_command({}, [word])


@pytest.mark.parametrize("said", ["", "done\n"])
def test_a_run_by_hand_says_where_it_is_and_is_over_when_stdin_says_so(said: str, tmp_path: Path) -> None:
    wish = LoadWish("smoke", tmp_path)
    write_plan(tmp_path, plan_of(wish, settle(wish), marks_of("x", NOW, lambda: bytes(32)), "http://127.0.0.1:1"))
    places: list[tuple[Path, str]] = []

    async def play() -> None:
        one = ByHand(tmp_path, {}, 0, lambda folder, url: places.append((folder, url)), io.StringIO(said))
        assert not one.is_over
        await one.start(workers=1, expect=0, listen="127.0.0.1")
        while not one.is_over:
            await asyncio.sleep(0)
        await one.stop()

    asyncio.run(asyncio.wait_for(play(), 10))
    assert places == [(tmp_path, "http://127.0.0.1:1")]


@pytest.mark.torture  # most of a minute
def test_the_browser_plays_a_run_of_its_own_and_the_end_of_locust_judges_it(tmp_path: Path) -> None:
    pytest.importorskip("locust")
    port = free_port()
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--web-host", "127.0.0.1"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--web-port", str(port)], cwd=tmp_path, stdout=log, stderr=log, env=dict(os.environ)
        )
    try:
        swarm(port, 40)
        (folder,) = (tmp_path / "santral-loadtest").iterdir()
        wait_for(folder / "generator-0.json")
        with urlopen(f"http://127.0.0.1:{port}/stats/requests", timeout=5) as now:
            assert {"call_start", "webhook"} <= {one["name"] for one in json.load(now)["stats"]}
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE_S)
    except URLError:
        raise AssertionError((tmp_path / "log").read_text(encoding="utf-8")) from None
    finally:
        process.kill()
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert code == (0 if result["verdict"] == "PASS" else 7), (tmp_path / "log").read_text(encoding="utf-8")
    assert {one["status"] for one in result["checks"] if one["section"] == "integrity"} == {"pass"}
    assert not (folder / "tokens.json").exists()
