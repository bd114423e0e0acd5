"""What a killed run leaves is swept away by the next one, and nothing else is."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.loadtest.leftovers import LOCK, held, sweep, temporary_place
from loadtests.run_plan import TOKENS

HOLDS = """
import sys
from pathlib import Path
from cli.loadtest.leftovers import held
with held(Path(sys.argv[1])), held(Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


def a_run(out: Path, name: str) -> Path:
    folder = out / name
    folder.mkdir(parents=True)
    (folder / TOKENS).write_text("{}", encoding="utf-8")
    (folder / "journal-0.jsonl").write_text("{}\n", encoding="utf-8")
    return folder


def test_a_run_that_was_killed_leaves_no_tokens_and_no_home_to_the_next(tmp_path: Path) -> None:
    run, home = a_run(tmp_path / "out", "dead"), a_run(tmp_path, "santral-load-abc")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(run), str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        sweep(tmp_path / "out", tmp_path)
        assert (run / TOKENS).exists()
        assert home.exists()
        process.kill()
    sweep(tmp_path / "out", tmp_path)
    assert [one.name for one in run.iterdir()] == ["journal-0.jsonl"]
    assert not home.exists()


def test_a_living_run_of_the_same_process_is_left_alone(tmp_path: Path) -> None:
    run = a_run(tmp_path, "alive")
    with held(run):
        sweep(tmp_path, tmp_path)
        assert (run / TOKENS).exists()
        assert (run / LOCK).exists()
    assert not (run / LOCK).exists()


def test_folders_without_a_lock_and_links_to_folders_are_left_alone(tmp_path: Path) -> None:
    theirs, other = a_run(tmp_path, "santral-load-theirs"), a_run(tmp_path / "elsewhere", "kept")
    (other / LOCK).touch()
    (tmp_path / "santral-load-link").symlink_to(other)
    sweep(tmp_path / "none", tmp_path)
    assert (theirs / TOKENS).exists()
    assert (other / TOKENS).exists()


def test_a_temporary_place_is_gone_even_when_its_work_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def work() -> None:
        with temporary_place("santral-load-") as place:
            (place / "home").mkdir()
            assert place.parent == tmp_path
            raise ValueError("broke")

    with pytest.raises(ValueError, match="broke"):
        work()
    assert list(tmp_path.iterdir()) == []
