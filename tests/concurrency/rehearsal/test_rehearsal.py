"""A month in small: across New Year, with faults, all promises hold; and a broken part is noticed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from cli.rehearsal.house import Parts
from cli.rehearsal.plan import NO_FAULTS, Plan
from cli.rehearsal.play import Played, play
from cli.rehearsal.promises import NAMES
from cli.screens.rehearsals import PROMISES
from tests.concurrency.rehearsal.broken import Blind, CancelsNothing, PaysTwice, SendsTwice, without_a_guard

NEW_YEAR = Plan(days=3, bookings=150, seed=1, start=date(2027, 12, 30))
A_DAY = Plan(days=1, bookings=60, seed=3, start=date(2027, 5, 1))
A_SMALL_HOTEL = Plan(days=1, bookings=72, seed=3, faults=NO_FAULTS, hotel="demo-resort")


DAYS: list[int] = []


@lru_cache
def new_year() -> Played:
    return play(NEW_YEAR, tell=DAYS.append)


@lru_cache
def a_day() -> Played:
    return play(A_DAY)


def broken(played: Played) -> set[str]:
    return {check.name for check in played.checks if not check.holds}


def test_three_days_across_new_year_with_faults_keep_every_promise() -> None:
    played = new_year()
    assert [(check.name, check.findings) for check in played.checks if not check.holds] == []
    assert played.body["verdict"] == "PASS"


def test_a_rehearsal_meets_what_it_is_meant_to_meet() -> None:
    """Lapses, refusals, front desk, faults, repeated keys: a month in which nothing happens would prove nothing."""
    body = new_year().body
    assert body["booked"] > 90
    assert body["refused"] > 0
    assert body["reservations"]["expired"] > 10
    assert body["events"]["reservation_adopted"] > 0
    assert body["simulated_s"] > 3 * 86_400
    done = {row["verb"]: row["done"] for row in body["verbs"]}
    assert min(done[verb] for verb in ("faults", "desk_confirm", "night_audit", "check_in")) > 0
    assert {"terminal_died", "in_flight"} <= set(body["codes"])
    assert min(check.looked_at for check in new_year().checks if check.name != "settled") > 0


@pytest.mark.parametrize(
    ("plan", "played"),
    [(A_DAY, a_day), pytest.param(NEW_YEAR, new_year, marks=pytest.mark.torture)],
    ids=["a day", "new year"],
)
def test_the_same_seed_plays_the_same_history_in_another_process(
    tmp_path: Path, plan: Plan, played: Callable[[], Played]
) -> None:
    """Byte for byte: the history, our store and the hotel's; the other process hashes its strings differently."""
    out = tmp_path / "history.jsonl"
    typed = ["--days", plan.days, "--bookings", plan.bookings, "--seed", plan.seed, "--start", plan.start, "--out", out]
    answer = subprocess.run(
        [sys.executable, "-m", "cli.main", "rehearsal", "run", *map(str, typed), "--json"],
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "PYTHONHASHSEED": "7", "SANTRAL_HOME": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    body = json.loads(answer.stdout)
    assert body["digests"] == played().body["digests"]
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(rows) == body["digests"]["rows"]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_another_seed_plays_another_history() -> None:
    one, other = a_day().body["digests"], play(replace(A_DAY, seed=4)).body["digests"]
    assert [name for name in ("history", "store", "pms") if one[name] == other[name]] == []


@pytest.mark.parametrize(
    ("plan", "parts", "noticed"),
    [
        (A_DAY, Parts(pms=SendsTwice), {"acknowledged_once", "books_agree"}),
        pytest.param(A_DAY, Parts(pms=PaysTwice), {"payments"}, marks=pytest.mark.torture),
        (A_DAY, Parts(sweep_pms=Blind), {"paid_kept"}),
        pytest.param(A_DAY, Parts(sweep_pms=CancelsNothing), {"books_agree"}, marks=pytest.mark.torture),
        (A_SMALL_HOTEL, Parts(app=without_a_guard), {"stock"}),
    ],
    ids=["sends twice", "pays twice", "sweeps blindly", "cancels nothing", "no guard"],
)  # fmt: skip
def test_a_broken_part_is_noticed(plan: Plan, parts: Any, noticed: set[str]) -> None:
    played = play(plan, parts=parts)
    assert noticed <= broken(played)
    assert played.body["verdict"] == "FAIL"


def test_the_same_days_with_sound_parts_pass() -> None:
    assert (broken(a_day()), broken(play(A_SMALL_HOTEL))) == (set(), set())


def test_every_promise_has_its_words_and_its_check() -> None:
    assert [check.name for check in new_year().checks] == list(NAMES) == list(PROMISES)


def test_days_are_told_as_they_pass() -> None:
    new_year()
    assert DAYS == [1, 2, 3]
