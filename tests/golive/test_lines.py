"""The readiness list is whole, in both languages, and every line is looked at by a probe of its own name."""

from collections import Counter
from pathlib import Path

import pytest

from cli.golive.facts import Facts
from cli.golive.lines import BY_SLUG, LINES, Line, Part, State
from cli.golive.readiness import PROBES, answered_for, checks_of
from cli.golive.waivers import CHECKS
from cli.loadtest.target import Waiver
from cli.screens.load_words import check_name
from cli.screens.reader import Reader
from integration.adapters.phrases import CataloguePhrases
from loadtests.checks import verdict_of
from loadtests.words import CheckStatus, Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "golive.md"
LINE = LINES[0]


def test_there_are_35_lines_five_in_each_part() -> None:
    assert len(LINES) == len(BY_SLUG) == 35
    assert Counter(one.part for one in LINES) == dict.fromkeys(Part, 5)


@pytest.mark.parametrize("line", LINES, ids=lambda one: one.slug)
def test_a_line_has_a_probe_two_languages_and_a_place_in_the_documentation(line: Line) -> None:
    assert line.slug in PROBES
    assert line.tr
    assert line.en
    assert line.tr != line.en
    page = PAGE.read_text(encoding="utf-8")
    assert f"`{line.slug}`" in page
    assert line.en in page


def test_screens_show_a_line_in_the_readers_language() -> None:
    assert check_name("masked_data", Reader(CataloguePhrases(), "tr")) == "Kişisel veriler maskeli (KVKK)"
    assert check_name("masked_data", Reader(CataloguePhrases(), "en")) == "Personal data is masked (KVKK)"


def test_every_probe_is_of_a_line_and_no_check_is_named_like_one() -> None:
    assert set(PROBES) == set(BY_SLUG)
    assert not set(CHECKS) & set(BY_SLUG)


def test_a_probe_that_saw_nothing_is_not_ready() -> None:
    facts = Facts()
    facts.tell("only", "told")
    assert facts.stands(LINE).state is State.NOT_READY


def test_one_fact_that_does_not_hold_is_enough_and_stands_first() -> None:
    facts = Facts()
    facts.need("good", holds=True)
    facts.same("price", 3, 4)
    found = facts.stands(LINE)
    assert (found.state, found.evidence) == (State.NOT_READY, "!price=4, not 3; good")


def test_what_a_probe_could_not_go_on_without_keeps_its_line_back() -> None:
    facts = Facts()
    facts.need("good", holds=True)
    assert facts.stands(LINE, "the PMS is away").state is State.NOT_READY


def test_a_waiver_touches_only_what_is_not_ready_and_says_who_answers() -> None:
    good, bad = Facts(), Facts()
    good.need("seen", holds=True)
    bad.need("seen", holds=False)
    found = [good.stands(LINES[0]), bad.stands(LINES[1])]
    waivers = [Waiver(one.slug, "after the pilot", "Ayse") for one in LINES[:2]]
    after = answered_for(found, waivers)
    assert [one.state for one in after] == [State.READY, State.WAIVED]
    assert "Ayse: after the pilot" in after[1].evidence
    assert "!seen" in after[1].evidence


@pytest.mark.parametrize(
    ("state", "status", "verdict"),
    [
        (True, CheckStatus.PASS, Verdict.PASS),
        (False, CheckStatus.FAIL, Verdict.FAIL),
    ],
)
def test_a_line_is_a_check_and_one_that_is_not_ready_fails_the_verdict(
    state: bool, status: CheckStatus, verdict: Verdict
) -> None:
    facts = Facts()
    facts.need("seen", holds=state)
    checks = checks_of([facts.stands(LINE)])
    assert [one.status for one in checks] == [status]
    assert verdict_of(checks) is verdict
