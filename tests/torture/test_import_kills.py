"""kill -9 in the middle of an import: the same command makes each row exactly once, and says so for each.

The twin brings the file in with keys that are new in every run, as an importer without keys of its own would: it
doubles what the kill had left behind. So the kill does fall where it matters.
"""

import csv
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.santral import a_home, run
from tests.torture.books import rows
from tests.torture.house import NOW, ROOT

ROWS = 12
LATER = (NOW + timedelta(minutes=5)).isoformat()
POINTS = ("intent_stored", "pms_answered", "verified", "outcome_stored")


def a_file(folder: Path, prefix: str = "") -> Path:
    """Twelve confirmed stays, two of them alike."""
    header = ["status", "check_in", "nights", "adults", "room_type", "rate_plan", "guarantee", "name", "phone"]
    lines = [
        ["confirmed", f"{10 + number}.09.2027", 2, 2, "FAM", "UAI-FLEX", "card", f"Anna Schmidt{chr(97 + number)}",
         f"+4915123{number:06d}"]
        for number in [*range(ROWS - 1), 0]
    ]  # fmt: skip
    file = folder / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*(["key"] if prefix else []), *header])
        writer.writerows([[f"{prefix}{n}", *line] if prefix else line for n, line in enumerate(lines)])
    return file


def killed(home: Path, file: Path, point: str, passing: int) -> None:
    """Run the import until it kills itself."""
    (home / "doom").write_text(f"{point} {passing}", "ascii")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW.isoformat()}
    words = ("reservation", "import", str(file), "--actor", "it", "--jobs", "3")
    command = [sys.executable, "-m", "tests.torture.doomed_command", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, timeout=120)
    (home / "doom").unlink()
    assert done.returncode == -signal.SIGKILL, done.stderr


def live(home: Path) -> list[str]:
    """Our references on live records of the PMS."""
    found = rows(
        home / "pms.sqlite", "SELECT x.ref FROM reservation r JOIN reservation_ref x ON x.reservation = r.id"
        " WHERE x.system = 'SANTRAL' AND r.status = 'Reserved'",
    )  # fmt: skip
    return [one["ref"] for one in found]


def prove(tmp_path: Path, point: str, passing: int) -> None:
    home, file = a_home(tmp_path), a_file(tmp_path)
    killed(home, file, point, passing)
    words = ("reservation", "import", str(file), "--json", "--actor", "it")
    ended = run(*words, home=home, SANTRAL_AS_OF=LATER)
    assert ended.code == 0, ended.out
    assert (ended.body["ok"], ended.body["failed"], ended.body["skipped"]) == (ROWS, 0, 0)
    assert ended.body["resumed"]
    assert ended.body["finished_at"]
    ours = rows(home / "santral.sqlite", "SELECT reservation_id, external_ref FROM reservations")
    assert Counter(live(home)) == Counter(one["external_ref"] for one in ours)
    assert len(ours) == ROWS
    with Path(ended.body["result"]).open(encoding="utf-8-sig", newline="") as result:
        told = list(csv.DictReader(result))
    assert [(int(one["line"]), one["status"]) for one in told] == [(line, "ok") for line in range(2, ROWS + 2)]
    assert {one["made"] for one in told} == {one["reservation_id"] for one in ours}
    again = run(*words, home=home, SANTRAL_AS_OF=LATER)
    assert (again.code, again.body["ok"], again.body["skipped"]) == (0, 0, ROWS)
    assert len(live(home)) == ROWS


def test_an_import_that_was_killed_goes_on_and_makes_each_row_once(tmp_path: Path) -> None:
    prove(tmp_path, "pms_answered", 10)


@pytest.mark.torture
@pytest.mark.parametrize("passing", [1, 7, 16])
@pytest.mark.parametrize("point", POINTS)
def test_an_import_goes_on_wherever_it_was_killed(tmp_path: Path, point: str, passing: int) -> None:
    prove(tmp_path, point, passing)


def test_without_keys_of_the_rows_own_a_kill_would_double_what_it_left_behind(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    killed(home, a_file(tmp_path, "first-"), "pms_answered", 10)
    left = len(live(home))
    ended = run(
        "reservation", "import", str(a_file(tmp_path, "second-")), "--json", "--actor", "it", home=home,
        SANTRAL_AS_OF=LATER,
    )  # fmt: skip
    assert ended.code == 0, ended.out
    assert len(live(home)) == ROWS + left > ROWS
