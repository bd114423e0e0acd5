"""What is waived: by name, with a reason, of a line there is; everything else is one clear sentence."""

from pathlib import Path

import pytest

from cli.golive.waivers import of_checks, read_waivers
from cli.loadtest.target import Waiver
from domain.errors import InvalidInput

GOOD = '[[waive]]\nline = "targets_calibrated"\nreason = "pilot in May"\nname = "Ayse"\n'


def read(folder: Path, text: str) -> tuple[Waiver, ...]:
    path = folder / "golive.toml"
    path.write_text(text, encoding="utf-8")
    return read_waivers(path)


def test_a_file_names_line_reason_and_who_answers(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (Waiver("targets_calibrated", "pilot in May", "Ayse"),)


def test_without_a_file_nothing_is_waived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_waivers(None) == ()


def test_the_file_of_the_folder_is_read_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    assert [one.check for one in read_waivers(None)] == ["targets_calibrated"]


def test_the_headroom_can_be_waived_and_is_no_readiness_line(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + GOOD.replace("targets_calibrated", "headroom"))
    assert [one.check for one in of_checks(found)] == ["headroom"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("targets_calibrated", "no_such"), "there is no readiness line no_such"),
        (GOOD.replace("targets_calibrated", "acknowledged_once"), "there is no readiness line acknowledged_once"),
        (GOOD.replace('reason = "pilot in May"\n', ""), "the waiver of targets_calibrated needs a reason"),
        (GOOD.replace("pilot in May", "  "), "the waiver of targets_calibrated needs a reason"),
        (GOOD.replace('name = "Ayse"\n', ""), "the waiver of targets_calibrated needs a name"),
        (GOOD.replace("Ayse", "") + "until = 2027-06-01", "until is not a key of [[waive]]"),
        (GOOD + GOOD, "waives targets_calibrated twice"),
        ("[waive]\n", "holds [[waive]] tables and nothing else"),
        ("waived = 1\n", "holds [[waive]] tables and nothing else"),
        ("[[waive]\n", "golive.toml"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=r".") as told:
        read(tmp_path, text)
    assert said in str(told.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_waivers(tmp_path / "none.toml")
