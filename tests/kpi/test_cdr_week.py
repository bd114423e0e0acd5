"""A telephone system's file of the week in which the hotel's clocks go back: the report against the file itself."""

import csv
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from cli.exit_codes import ExitCode
from tests.e2e.santral import Body, run

ZONE = ZoneInfo("Europe/Berlin")
SUNDAY = date(2027, 10, 31)
DAYS = [SUNDAY - timedelta(days=6 - number) for number in range(7)]
READ_AT = "2027-11-05T09:00:00Z"
# Around both midnights of the Sunday of 25 hours, and in each of its two hours from two to three.
AT_THE_EDGE = (
    datetime(2027, 10, 30, 21, 59, 50, tzinfo=UTC), datetime(2027, 10, 30, 22, 0, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 22, 59, 59, tzinfo=UTC), datetime(2027, 10, 31, 23, 0, tzinfo=UTC),
)  # fmt: skip
Record = dict[str, str]


def records() -> list[Record]:
    chance, monday = Random(5), datetime(2027, 10, 24, 22, tzinfo=UTC)
    begins = [*AT_THE_EDGE, *(monday + timedelta(seconds=chance.randrange(7 * 86_400)) for _ in range(60))]
    return [a_record(number, at, chance) for number, at in enumerate(begins)]


def a_record(number: int, at: datetime, chance: Random) -> Record:
    is_out, is_answered = chance.random() < 0.25, chance.random() < 0.7
    wait, talk = chance.choice([0, 1, 19, 20, 21, 45]), chance.randrange(10, 900) if is_answered else 0
    agent, guest = chance.choice(["101", "102"]), f"0049151123{number:05}"
    return {
        "call_uuid": f"u{number}", "direction": "outbound" if is_out else "inbound",
        "caller_id_number": agent if is_out else guest, "destination_number": guest if is_out else "4440000",
        "connected_user": agent if is_answered else "", "start_stamp": at.isoformat(),
        "answer_stamp": (at + timedelta(seconds=wait)).isoformat() if is_answered else "",
        "end_stamp": (at + timedelta(seconds=wait + talk)).isoformat(),
    }  # fmt: skip


def counted(rows: list[Record]) -> dict[str, tuple[float | None, int]]:
    """Value and n of each KPI, from the file alone."""
    inbound = [row for row in rows if row["direction"] == "inbound"]
    waits = [
        (datetime.fromisoformat(row["answer_stamp"]) - datetime.fromisoformat(row["start_stamp"])).total_seconds()
        for row in inbound
        if row["answer_stamp"]
    ]
    gone, n = len(inbound) - len(waits), len(inbound)
    in_time = sum(wait <= 20 for wait in waits)
    return {
        "call_volume_in": (n, n),
        "call_volume_out": (len(rows) - n, len(rows) - n),
        "asa_s": (float(Fraction(int(sum(waits)), len(waits))) if waits else None, len(waits)),
        "abandonment_rate": (gone / n if n else None, n),
        "service_level": (in_time / n if n else None, n),
    }


def day_of(row: Record) -> date:
    return datetime.fromisoformat(row["start_stamp"]).astimezone(ZONE).date()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Body:
    place = tmp_path_factory.mktemp("berlin")
    hotel, home, file = place / "hotel.toml", place / "home", place / "cdr.csv"
    shipped = Path(__file__).parents[2] / "scenarios" / "hotels" / "belek-resort.toml"
    text = shipped.read_text(encoding="utf-8").replace("Europe/Istanbul", ZONE.key)
    assert ZONE.key in text
    hotel.write_text(text, encoding="utf-8")
    rows = records()
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    made = run("init", "--small", "--start", "2027-10-25", "--hotel-file", str(hotel), home=home, SANTRAL_AS_OF=READ_AT)
    assert made.code == ExitCode.DONE, made.err
    brought = run("call", "import", str(file), "--json", home=home, SANTRAL_AS_OF=READ_AT)
    assert (brought.code, brought.body["ok"]) == (ExitCode.DONE, len(rows)), brought.out
    words = ("kpi", "report", "--from", DAYS[0].isoformat(), "--to", SUNDAY.isoformat(), "--by", "day", "--by", "agent")
    return run(*words, "--json", home=home, SANTRAL_AS_OF=READ_AT).body


def same(found: tuple[float | None, int], expected: tuple[float | None, int]) -> bool:
    return found[1] == expected[1] and found[0] == (pytest.approx(expected[0], abs=1e-6) if expected[1] else None)


def line(told: Body, kpi: str, by: dict[str, str]) -> tuple[float | None, int]:
    """A part without anything to count has no line."""
    found = [(row["value"], row["n"]) for row in told["rows"] if (row["kpi"], row["by"]) == (kpi, by)]
    return found[0] if found else (None, 0)


def test_the_week_is_the_files(told: Body) -> None:
    for kpi, expected in counted([row for row in records() if day_of(row) in DAYS]).items():
        assert same(line(told, kpi, {}), expected), kpi


def test_each_day_is_the_hotels_own_the_one_of_25_hours_too(told: Body) -> None:
    for day in DAYS:
        rows = [row for row in records() if day_of(row) == day]
        for kpi, expected in counted(rows).items():
            assert same(line(told, kpi, {"day": day.isoformat()}), expected), (kpi, day)
    assert len([row for row in records() if day_of(row) == SUNDAY]) > len(AT_THE_EDGE) - 2


def test_calls_that_nobody_took_stand_under_no_agent_and_the_parts_sum_to_the_whole(told: Body) -> None:
    rows = [row for row in records() if day_of(row) in DAYS and row["direction"] == "inbound"]
    for agent in ("", "101", "102"):
        assert line(told, "call_volume_in", {"agent": agent})[1] == sum(row["connected_user"] == agent for row in rows)
