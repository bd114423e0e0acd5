"""`santral loadtest`: a whole run on real processes. It asserts what is never a matter of speed: nothing is lost, the
exit code is the verdict, and nothing is left behind."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from integration.errors import ConfigurationError
from tests.e2e.santral import NOW, SCRIPT, Body, a_home, run

NO_LOCUST = pytest.mark.skipif(find_spec("locust") is None, reason="the optional extra `load` is not installed")
SMALL = ("loadtest", "run", "smoke", "--minutes", "8", "--speed", "60", "--peak", "6")
PATIENCE_S = 240


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Body]:
    """One run of the smoke scenario, cut short."""
    if find_spec("locust") is None:
        pytest.skip("the optional extra `load` is not installed")
    folder = tmp_path_factory.mktemp("load")
    ended = run("--json", *SMALL, "--out", str(folder), home=folder / "none")
    return ended.code, ended.body


def of(body: Body, section: str) -> dict[str, str]:
    return {one["name"]: one["status"] for one in body["checks"] if one["section"] == section}


def test_nothing_is_lost_and_every_record_was_looked_at(smoke: tuple[int, Body]) -> None:
    _, body = smoke
    integrity = of(body, "integrity")
    assert len(integrity) >= 10
    assert set(integrity.values()) == {"pass"}, body["checks"]
    told = json.loads((Path(body["folder"]) / "audit.json").read_text(encoding="utf-8"))
    assert told["acknowledged_reservations"] > 0


def test_the_exit_code_is_the_verdict(smoke: tuple[int, Body]) -> None:
    code, body = smoke
    assert code == (0 if body["verdict"] == "PASS" else 7)


def test_the_folder_has_everything_but_what_opens_the_service(smoke: tuple[int, Body]) -> None:
    folder = Path(smoke[1]["folder"])
    names = {one.name for one in folder.iterdir()}
    assert {"plan.json", "result.json", "report.html", "junit.xml", "audit.json", "service.json"} <= names
    assert {"samples-0.csv", "journal-0.jsonl", "generator-0.json"} <= names
    assert "tokens.json" not in names
    assert not [one for one in folder.iterdir() if b"snt_" in one.read_bytes()]


def test_every_write_of_the_run_is_its_batch(smoke: tuple[int, Body]) -> None:
    lines = (Path(smoke[1]["folder"]) / "journal-0.jsonl").read_text(encoding="utf-8").splitlines()
    keys = [json.loads(line)["key"] for line in lines]
    assert keys
    assert all(key.startswith(smoke[1]["run_id"]) for key in keys if "-" in key)


@NO_LOCUST
def test_ctrl_c_ends_everything_and_the_run_is_invalid(tmp_path: Path) -> None:
    words = [str(SCRIPT), "--json", *SMALL, "--speed", "1", "--out", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("begins" in line for line in process.stderr)
        children = set(below(process.pid))
        assert children
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert json.loads(out)["verdict"] == "INVALID"
    assert not {pid for pid in children if is_ours(pid)}
    assert not list(tmp_path.glob("*/tokens.json"))


def below(pid: int) -> Iterator[int]:
    """The processes that a process has started."""
    for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split():
        yield int(one)
        yield from below(int(one))


def is_ours(pid: int) -> bool:
    """Whether it still runs, and is not another that got its number."""
    try:
        os.kill(pid, 0)
        return "santral" in Path(f"/proc/{pid}/environ").read_text(encoding="utf-8", errors="replace").lower()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("smoke", "--target", "http://hotel.example"), 3, "nobody has allowed it"),
        (("smoke", "--target", "http://127.0.0.1:1"), 2, "--token-file"),
        (("smoke", "--hour", "2027-09-01T10:00"), 2, "no day of the season"),
        (("smoke", "--waive", "integrity"), 2, "--reason"),
        (("smoke", "--waive", "nothing", "--reason", "x", "--by", "y"), 2, "There is no check nothing"),
        (("smoke", "--token-file", "tokens.json"), 2, "--token-file belongs to --target"),
        (("smoke", "--users", "5", "--peak", "2"), 2, "not both"),
        (("smoke", "--master", "--expect", "1", "--listen", "192.0.2.1"), 2, "Nobody can be waited for"),
        (("nowhere",), 2, "nowhere"),
    ],
)
@NO_LOCUST
def test_what_cannot_be_run_is_told_in_one_sentence(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    ended = run("loadtest", "run", *words, "--out", str(tmp_path / "out"), home=tmp_path)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert not (tmp_path / "out").exists()


OWN = """
schema = 1
extends = "smoke"
name = "own"

[title]
tr = "Bizimki"
en = "Ours"

[season]
first = 2027-05-01
last = 2027-05-02

[[hotels]]
file = "belek-resort"

[demand]
factor = 20

[load]
day = 2027-05-01
start = "12:00"
minutes = 10
speed = 60
peak = 12
"""


@contextmanager
def a_service(home: Path) -> Iterator[str]:
    """A service that somebody else started, on its home's embedded mock."""
    env = {**os.environ, "SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW}
    with subprocess.Popen(
        [SCRIPT, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        guard = threading.Timer(PATIENCE_S, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            guard.cancel()
            process.kill()


def tokens_of(home: Path, folder: Path) -> Path:
    """The file for `--token-file`, its users made as IT makes them."""
    found: dict[str, list[str]] = {}
    for role, count in (("operator", 6), ("supervisor", 1), ("admin", 0)):
        found[role] = []
        for number in range(count):
            name = f"{role}{number}"
            assert run("user", "add", name, "--role", role, home=home).code == 0
            found[role].append(run("--json", "user", "token", name, home=home).body["token"])
    path = folder / "load-tokens.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


@pytest.mark.torture  # half a minute
@NO_LOCUST
def test_a_running_service_is_loaded_audited_and_its_run_rolled_back_as_one(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    tokens, out = tokens_of(home, tmp_path), tmp_path / "out"
    with a_service(home) as url:
        words = ("loadtest", "run", str(tmp_path / "own.toml"), "--target", url, "--token-file", str(tokens))
        ended = run("--json", "--home", str(home), *words, "--out", str(out), home=home)
        body = ended.body
    integrity = of(body, "integrity")
    assert set(integrity.values()) == {"pass"}, body["checks"]
    assert ended.code == (0 if body["verdict"] == "PASS" else 7)
    told = json.loads((Path(body["folder"]) / "audit.json").read_text(encoding="utf-8"))
    assert told["acknowledged_reservations"] > 0
    plan = run("--json", "rollback", "plan", "--batch", body["run_id"], "--reason", "a load test", home=home)
    assert plan.code == 0, plan.err
    assert plan.body["rollback_id"]


@NO_LOCUST
def test_a_target_whose_books_are_not_ours_is_invalid_until_somebody_answers_for_it(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    tokens, out = tokens_of(home, tmp_path), tmp_path / "out"
    with a_service(home) as url:
        words = ("loadtest", "run", str(tmp_path / "own.toml"), "--target", url, "--token-file", str(tokens))
        ended = run("--json", *words, "--minutes", "2", "--out", str(out), home=home)
    statuses = of(ended.body, "integrity")
    assert (ended.code, ended.body["verdict"]) == (7, "INVALID")
    assert statuses["acknowledged_once"] == "skipped"


def test_without_locust_one_sentence_says_what_is_missing() -> None:
    from cli.loadtest.generators import check_installed

    with pytest.raises(ConfigurationError, match="Locust, which is not installed") as told:
        check_installed(lambda: False)
    assert "santral[load]" in told.value.hint
