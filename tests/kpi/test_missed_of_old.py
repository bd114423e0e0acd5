"""Calls that nobody took, told by a telephone system's file long after: they count as they were, and solve nothing."""

import csv
from pathlib import Path

import pytest

from cli.exit_codes import ExitCode
from tests.e2e.santral import Body, a_home, run

READ_AT = "2027-05-20T09:00:00Z"
# Belek's telephone is served from 08:00 (05:00Z) to midnight (21:00Z); 20 s of that time are promised. The last call
# ends on the hotel's next day, given up after ten seconds of service.
CALLS = {
    "late": ("inbound", "2027-05-10T09:00:00", 30),
    "soon": ("inbound", "2027-05-10T10:00:00", 12),
    "ours": ("outbound", "2027-05-10T11:00:00", 40),
    "midnight": ("inbound", "2027-05-10T20:59:50", 60),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("missed")
    home, file = a_home(place), place / "cdr.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        names = ("call_uuid", "direction", "caller_id_number", "destination_number", "start_stamp", "answer_stamp")
        writer.writerow([*names, "duration"])
        for number, (name, (direction, at, seconds)) in enumerate(CALLS.items()):
            guest = f"0049151123400{number:02}"
            ends = (guest, "4440000") if direction == "inbound" else ("101", guest)
            writer.writerow([name, direction, *ends, f"{at}Z", "", seconds])
    brought = run("call", "import", str(file), "--json", home=home, SANTRAL_AS_OF=READ_AT)
    assert (brought.code, brought.body["ok"]) == (ExitCode.DONE, len(CALLS)), brought.out
    return home


def rows(home: Path, *words: str) -> dict[str, Body]:
    told = run("kpi", "report", *words, "--no-pms", "--json", home=home, SANTRAL_AS_OF=READ_AT)
    return {row["kpi"]: row for row in told.body["rows"] if not row["by"]}


def test_who_gave_up_late_was_not_answered_in_time_and_who_gave_up_soon_says_nothing(home: Path) -> None:
    found = rows(home, "--from", "2027-05-10", "--to", "2027-05-11")
    first = found["frt_s"]
    assert (first["n"], first["open_n"], first["in_target"], first["status"]) == (1, 0, 0.0, "missed")
    assert (first["p75"], first["value"]) == (30, 30.0)
    assert (found["abandonment_rate"]["value"], found["abandonment_rate"]["n"]) == (1.0, 3)


def test_nothing_was_solved_by_not_being_taken(home: Path) -> None:
    found = rows(home, "--from", "2027-05-10", "--to", "2027-05-11")["resolution_s"]
    assert (found["n"], found["open_n"], found["value"]) == (0, 0, None)


def test_a_contact_belongs_to_the_day_on_which_the_call_began(home: Path) -> None:
    days = [rows(home, "--from", day, "--to", day) for day in ("2027-05-10", "2027-05-11")]
    assert [found["contact_volume"]["n"] for found in days] == [4, 0]
    assert [found["call_volume_in"]["n"] + found["call_volume_out"]["n"] for found in days] == [4, 0]
