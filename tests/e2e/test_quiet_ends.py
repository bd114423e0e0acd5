"""Whatever stops a run from outside, nobody is shown a traceback."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.santral import NOW, SCRIPT, a_home

FULL = Path("/dev/full")


def env_of(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW, **more}


@pytest.mark.parametrize("words", [("reservation", "show", "nope", "--json"), ("--help",), ("call", "list")])
def test_a_reader_who_has_gone_is_no_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [SCRIPT, *words], env=env_of(a_home(tmp_path)), stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert ended.stderr == b""
    assert ended.returncode == (4 if "nope" in words else 0)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("reservation", "show", "nope", "--json"), ("--help",), ("call", "list", "--json")])
def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        ended = subprocess.run(
            [SCRIPT, *words], env=env_of(a_home(tmp_path)), stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert ended.stderr == b"The answer cannot be written: No space left on device.\n"
    assert ended.returncode == (4 if "nope" in words else 5)


def test_workers_are_deaf_to_ctrl_c_while_they_start(tmp_path: Path) -> None:
    words = [str(SCRIPT), "serve", "--workers", "2", "--port", "0"]
    with subprocess.Popen(
        words, env=env_of(a_home(tmp_path)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode in {0, 130}, b"Traceback" in said) == (True, False)


def test_a_simulation_that_is_interrupted_ends_at_once_and_says_nothing(tmp_path: Path) -> None:
    words = [str(SCRIPT), "sim", "run", "smoke", "-n", "9000", "--workers", "2"]
    with subprocess.Popen(
        words, env=env_of(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=6)
        os.killpg(process.pid, signal.SIGINT)
        told, said = process.communicate(timeout=60)
    assert (process.returncode, told, said) == (130, b"", b"")


def test_a_demo_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path) -> None:
    env = env_of(tmp_path / "none", TMPDIR=str(tmp_path))
    words = [str(SCRIPT), "demo", "--no-load", "--report-dir", str(tmp_path / "report")]
    with subprocess.Popen(words, env=env, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"service answers" in line:
                break
        assert list(tmp_path.glob("santral-demo-*"))
        process.terminate()
        said = process.stderr.read()
        process.wait(timeout=60)
    assert (process.returncode, b"Traceback" in said) == (130, False)
    assert list(tmp_path.glob("santral-demo-*")) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
