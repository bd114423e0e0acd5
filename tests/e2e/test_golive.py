"""`santral golive check` as a person runs it: the verdict is the exit code, and everything stands in its folder.

It asserts nothing about speed: the smoke scenario's limits are wide, and what is at risk passes.
"""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from cli.golive.lines import LINES
from tests.e2e.santral import Body, a_home, contents, run

pytestmark = (
    pytest.mark.torture
)  # two whole checks take a minute each; the smoke load and every probe are in `make test`
NO_LOCUST = pytest.mark.skipif(find_spec("locust") is None, reason="the optional extra `load` is not installed")
SMALL = ("golive", "check", "smoke", "--minutes", "6", "-n", "1")
WAIVED = ("hold_time", "masking_retention", "targets_calibrated")


def waivers(folder: Path, *lines: str) -> Path:
    path = folder / "golive.toml"
    rows = (f'[[waive]]\nline = "{one}"\nreason = "a demo hotel"\nname = "Ayse"\n' for one in lines)
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Body]:
    """One check of the smoke scenario, cut short, with what the demo's hotel lacks waived."""
    if find_spec("locust") is None:
        pytest.skip("the optional extra `load` is not installed")
    folder = tmp_path_factory.mktemp("golive")
    file = waivers(folder, *WAIVED, "headroom")
    ended = run("--json", *SMALL, "--waivers", str(file), "--out", str(folder), home=folder / "none")
    return ended.code, ended.body


def of(body: Body, section: str) -> dict[str, str]:
    return {one["name"]: one["status"] for one in body["checks"] if one["section"] == section}


def test_the_exit_code_is_the_verdict(checked: tuple[int, Body]) -> None:
    code, body = checked
    assert code == (0 if body["verdict"] == "PASS" else 7)


def test_every_line_is_ready_or_waived_on_the_home_of_the_run(checked: tuple[int, Body]) -> None:
    found = of(checked[1], "readiness")
    rows = {one["name"]: one["evidence"] for one in checked[1]["checks"]}
    assert list(found) == [one.slug for one in LINES]
    for slug, status in found.items():
        assert status == ("waived" if slug in WAIVED else "pass"), rows[slug]


def test_load_records_and_season_stand_beside_readiness(checked: tuple[int, Body]) -> None:
    body = checked[1]
    assert set(of(body, "integrity").values()) == {"pass"}
    assert len(of(body, "season")) >= 8
    assert of(body, "headroom")


def test_everything_is_written_into_the_folder_of_the_run(checked: tuple[int, Body]) -> None:
    folder = Path(checked[1]["folder"])
    told = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in told["checks"]] == [one["name"] for one in checked[1]["checks"]]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert LINES[0].en.replace("'", "&#x27;") in page
    assert 'name="readiness"' in (folder / "junit.xml").read_text(encoding="utf-8")
    assert not [one for one in folder.iterdir() if one.is_file() and b"snt_" in one.read_bytes()]
    assert not list(folder.glob("golive-channels.toml"))


@NO_LOCUST
def test_a_hotels_own_home_is_looked_at_and_not_written_into(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    before = contents(home)
    ended = run("--json", *SMALL, "--hotel-home", "--minutes", "1", "--out", str(tmp_path / "out"), home=home)
    assert ended.code == 7
    rows = {one["name"]: one for one in ended.body["checks"] if one["section"] == "readiness"}
    assert (rows["roles_defined"]["status"], rows["status_mapping"]["status"]) == ("fail", "pass")
    assert rows["hold_time"]["status"] == "pass"
    assert "BELEK1" in rows["hold_time"]["evidence"]
    assert contents(home) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--waivers", "none.toml"), "cannot be read"),
        (("--search", "none.json"), "is not the result of a search"),
        (("--hotel-home",), "no Santral home"),
        (("-n", "0"), "replications"),
    ],
)
def test_what_cannot_be_checked_is_told_in_one_sentence(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ended = run(*SMALL, *words, "--out", str(tmp_path / "out"), home=tmp_path / "none")
    assert ended.code in {2, 4}, ended.err
    assert said in ended.err
    assert not (tmp_path / "out").exists()
