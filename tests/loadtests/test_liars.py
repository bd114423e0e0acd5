"""The proof of the verdict: services that misbehave on purpose are caught, each by the checks that are there for it.

A real service and a real mock PMS on loopback sockets, a proxy between client and service that tells one kind of lie, a
client that keeps a journal by hand, and then the audit. An honest run has no finding at all.
"""

import asyncio
import atexit
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from time import time_ns

import pytest

from cli.loadtest.audit import audit
from loadtests.checks import Check, verdict_of
from loadtests.recorder import Recorder
from loadtests.run_plan import SAMPLES
from loadtests.samples import Samples, read_samples
from loadtests.words import CheckStatus, Persona, Verdict
from tests.loadtests.misbehaving import Liar, Lie
from tests.loadtests.runs import a_plan, judged
from tests.loadtests.shop import DATABASE, Client, an_open_shop, make_shop, open_shop, settings_of
from tests.postgres import a_database, drop

CAUGHT_BY = {
    Lie.NONE: set(),
    Lie.LOSES: {"acknowledged_once"},
    Lie.DOUBLES: {"our_records_known", "pms_records_known"},
    Lie.WRONG_PRICE: {"as_acknowledged", "prices_as_quoted"},
    Lie.DROPS_MESSAGES: {"messages_in_one_case"},
    Lie.CONFIRMS_HOLDS: {"as_acknowledged"},
}


@cache
def model() -> tuple[Path, str]:
    """A home made once, and the agent's token."""
    folder = Path(mkdtemp(prefix="santral-liars-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder, make_shop(folder)


def a_shop(folder: Path) -> str:
    """A copy of it; the token."""
    made, token = model()
    copytree(made / "home", folder / "home")
    return token


def audited(folder: Path, *, is_blind: bool = False) -> list[Check]:
    """The audit of a folder; blind: without the PMS's records."""
    settings = settings_of(folder)
    mock = None if is_blind else settings.mock_path
    return audit(folder, a_plan(), settings, mock, pause=lambda _seconds: None)


def failing(checks: list[Check]) -> set[str]:
    return {one.name for one in checks if one.status is CheckStatus.FAIL}


@pytest.mark.parametrize("lie", CAUGHT_BY)
def test_one_lie_is_caught_by_the_checks_that_are_there_for_it(tmp_path: Path, lie: Lie) -> None:
    """Two bookings of six, or two messages of three, are honest; a single lie fails the run."""
    liar = open_shop(tmp_path, a_shop(tmp_path), lie, every=3)
    checks = audited(tmp_path)
    assert failing(checks) == CAUGHT_BY[lie], [one for one in checks if one.status is CheckStatus.FAIL]
    assert verdict_of(checks) is (Verdict.FAIL if CAUGHT_BY[lie] else Verdict.PASS)
    assert (liar.told > 0) == (lie is not Lie.NONE)
    assert (tmp_path / "audit.json").is_file()


def test_a_lost_booking_among_many_is_named_by_its_number_and_its_key(tmp_path: Path) -> None:
    liar = open_shop(tmp_path, a_shop(tmp_path), Lie.LOSES, every=4)
    (lost,) = [one for one in audited(tmp_path) if one.status is CheckStatus.FAIL]
    assert liar.told == 1
    assert lost.measured == "1 wrong of 6 reservations"
    assert "LST1: acknowledged under run-1-0-" in lost.evidence
    assert "is not in the PMS" in lost.evidence


def test_without_the_pms_a_lost_booking_is_still_missing_in_our_store_and_the_rest_is_skipped(tmp_path: Path) -> None:
    open_shop(tmp_path, a_shop(tmp_path), Lie.DOUBLES, every=3)
    checks = audited(tmp_path, is_blind=True)
    skipped = {one.name for one in checks if one.status is CheckStatus.SKIPPED}
    assert failing(checks) == {"our_records_known"}
    assert skipped == {
        "acknowledged_once", "pms_records_known", "books_agree", "no_night_oversold", "in_pms_before_call_end",
    }  # fmt: skip
    assert all("cannot be read" in one.evidence for one in checks if one.status is CheckStatus.SKIPPED)


def test_an_honest_run_whose_pms_cannot_be_read_is_no_pass(tmp_path: Path) -> None:
    open_shop(tmp_path, a_shop(tmp_path))
    assert verdict_of(audited(tmp_path, is_blind=True)) is Verdict.INVALID


@pytest.mark.parametrize(("at_once", "is_met"), [(1, True), (12, False)])
def test_a_service_that_is_slow_only_under_load_fails_its_target_only_under_load(
    tmp_path: Path, at_once: int, *, is_met: bool
) -> None:
    samples = quotes(tmp_path, at_once)
    found = {one.name: one.status for one in judged(tmp_path / "judged", samples).checks}
    assert (found["availability_p95"] is not CheckStatus.FAIL) == is_met


def quotes(folder: Path, at_once: int, number: int = 84) -> Samples:
    """So many quotes, some at a time, through a service that is slow as soon as four are under way; as recorded."""
    (folder / "judged").mkdir()
    recorder = Recorder(folder / SAMPLES.format(0))

    async def one_after_the_other(client: Client, places: Iterator[int]) -> None:
        for place in places:
            due = time_ns()
            status, _ = await client.ask("/v1/quotes", {"check_in": "2027-09-10", "nights": 2, "adults": 2})
            recorder.write("quote", Persona.OPERATOR, place, (due, due, time_ns()), status, "", "")

    async def run() -> Liar:
        token = a_shop(folder)
        async with an_open_shop(folder, token, Lie.SLOW_UNDER_LOAD, limit=4, delay_s=0.7) as (client, liar):
            places = iter(range(number))
            await asyncio.gather(*(one_after_the_other(client, places) for _ in range(at_once)))
            return liar

    liar = asyncio.run(run())
    recorder.close()
    assert (liar.told > 0) == (at_once > 4)
    return read_samples([folder / SAMPLES.format(0)])


def test_a_store_in_postgresql_is_read_in_the_same_way(tmp_path: Path) -> None:
    url = a_database(empty=True)
    try:
        (tmp_path / DATABASE).write_text(url, "ascii")
        open_shop(tmp_path, make_shop(tmp_path), Lie.DOUBLES, every=3)
        checks = audited(tmp_path)
        assert failing(checks) == CAUGHT_BY[Lie.DOUBLES]
        assert {one.status for one in checks} == {CheckStatus.FAIL, CheckStatus.PASS}
    finally:
        drop(url)
