"""kill -9 in the middle of undoing a whole import: the same command undoes each reservation exactly once."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.santral import Body, a_home, run
from tests.torture.books import rows
from tests.torture.house import NOW, ROOT
from tests.torture.test_import_kills import ROWS, a_file, live

LATER = (NOW + timedelta(minutes=5)).isoformat()
POINTS = ("rollback_begun", "intent_stored", "pms_answered", "verified", "outcome_stored", "rollback_step_done")
IT = ("--actor", "it")


def a_plan(home: Path, tmp_path: Path) -> Body:
    """Twelve stays brought in by mistake, and the plan to undo them."""
    made = run("reservation", "import", str(a_file(tmp_path)), "--json", *IT, home=home)
    assert made.code == 0, made.out
    words = ("rollback", "plan", "--batch", made.body["batch_id"], "--reason", "wrong file", "--json")
    plan = run(*words, home=home, SANTRAL_ACTOR="it")
    assert plan.code == 0, plan.out + plan.err
    assert plan.body["reservations"] == ROWS
    return plan.body


def killed(home: Path, rollback_id: str, point: str, passing: int) -> None:
    """Apply until it kills itself."""
    (home / "doom").write_text(f"{point} {passing}", "ascii")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SANTRAL_HOME": str(home), "SANTRAL_AS_OF": NOW.isoformat()}
    words = ("rollback", "apply", rollback_id, "--yes", *IT)
    command = [sys.executable, "-m", "tests.torture.doomed_command", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, timeout=120)
    (home / "doom").unlink()
    assert done.returncode == -signal.SIGKILL, done.stderr


def prove(tmp_path: Path, point: str, passing: int) -> None:
    home = a_home(tmp_path)
    plan = a_plan(home, tmp_path)
    killed(home, plan["rollback_id"], point, passing)
    words = ("rollback", "apply", plan["rollback_id"], "--yes", "--json", *IT)
    ended = run(*words, home=home, SANTRAL_AS_OF=LATER)
    assert (ended.code, ended.body["state"]) == (0, "applied"), ended.out + ended.err
    assert live(home) == []
    store = home / "santral.sqlite"
    assert {one["state"] for one in rows(store, "SELECT state FROM reservations")} == {"rolled_back"}
    undone = rows(store, "SELECT reservation_id FROM history WHERE action = 'rollback_cancel'")
    assert len({one["reservation_id"] for one in undone}) == len(undone) == ROWS
    tasks = rows(store, "SELECT task_id FROM tasks WHERE kind = 'correction_message'")
    assert len(tasks) == ROWS
    assert run("audit", "verify", home=home).code == 0
    again = run(*words, home=home, SANTRAL_AS_OF=LATER)
    assert (again.code, again.body["replayed"]) == (0, True)


def test_a_rollback_that_was_killed_goes_on_and_undoes_each_reservation_once(tmp_path: Path) -> None:
    prove(tmp_path, "pms_answered", 7)


@pytest.mark.torture
@pytest.mark.parametrize("passing", [1, 5])
@pytest.mark.parametrize("point", POINTS)
def test_a_rollback_goes_on_wherever_it_was_killed(tmp_path: Path, point: str, passing: int) -> None:
    prove(tmp_path, point, 1 if point == "rollback_begun" else passing)
