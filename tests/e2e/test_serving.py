"""`santral serve` and `santral pms serve`: the address comes first, and a signal ends them cleanly."""

import json
import os
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.santral import NOW, SCRIPT, a_home, run


@contextmanager
def a_server(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address, once it has been said; killed if the test has not ended it."""
    env = {**os.environ, "SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW}
    with subprocess.Popen(
        [SCRIPT, *words, "--port", "0"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            guard.cancel()
            process.kill()


def asked(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.mark.parametrize(("workers", "number"), [(1, signal.SIGTERM), (2, signal.SIGINT)])
def test_the_service_answers_once_its_address_is_said_and_ends_with_0(
    tmp_path: Path, workers: int, number: signal.Signals
) -> None:
    with a_server(a_home(tmp_path), "serve", "--workers", str(workers)) as (process, url):
        for _ in range(2 * workers):
            status, ready = asked(f"{url}/readyz")
            assert (status, ready["status"]) == (200, "ready"), ready
        assert asked(f"{url}/v1/reservations")[0] == 401
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
        assert (process.returncode, rest) == (0, "")


@pytest.mark.parametrize(("workers", "number"), [(1, signal.SIGINT), (2, signal.SIGTERM)])
def test_the_mock_pms_answers_once_its_address_is_said_and_ends_with_0(
    tmp_path: Path, workers: int, number: signal.Signals
) -> None:
    with a_server(a_home(tmp_path), "pms", "serve", "--workers", str(workers)) as (process, url):
        assert asked(f"{url}/nothing")[0] == 404
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
        assert (process.returncode, rest) == (0, "")


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with a_server(a_home(tmp_path), "serve", "--workers", "2") as (process, url):
        port = int(url.rsplit(":", 1)[1])
        process.kill()
        assert process.stderr is not None
        process.stderr.read()  # the workers hold it open: it ends when the last of them has ended
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("words", [("serve",), ("pms", "serve")])
def test_a_port_that_is_taken_is_told_with_exit_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = run(*words, "--port", port, home=a_home(tmp_path))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"127.0.0.1:{port} cannot be served")
