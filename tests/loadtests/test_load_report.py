"""A load test's report: whole, by itself, the same every time, and harmless whatever a run, a check or a mark says."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest

from cli.context import Session
from cli.main import main
from cli.reports.load import JUNIT, REPORT, SECTIONS, load_page, write_reports
from cli.reports.load_junit import junit
from cli.reports.load_versus import versus_page
from cli.reports.load_view import LoadView
from cli.reports.words import Words
from cli.screens.blocks import Table, Text
from cli.screens.load import verdict
from cli.screens.load_words import CHECKS, check_name, measured_words
from loadtests.checks import Check, Section
from loadtests.generator import read_health
from loadtests.result import Note, Result, write_result
from loadtests.verdict import samples_of
from loadtests.words import CheckStatus, Group, Verdict
from tests.loadtests.runs import health, judged, mark, samples, slower, with_problem
from tests.sim.reports import markup, reader

HOSTILE = "<script>alert('x')</script>]]>&amp;<img src=x onerror=alert(1)> \"q\" \ud800\x00\x1b\x0b￾ Ğüş Привет"
CHECK = Check(Section.INTEGRITY, "acknowledged_once", "each once", "1 of 9", CheckStatus.FAIL, "res_1: twice")


def a_run(folder: Path, **changes: object) -> Result:
    """Faults, failures and all."""
    found = with_problem(slower(samples(90, 40), 30, 42, 900), range(2400, 2440), "connection")
    marks = [mark("slow", 30, 40, "PMS slow"), mark("service_killed", 60, 61)]
    result = judged(folder, found, marks=marks, checks=[CHECK])
    return msgspec.structs.replace(result, **changes)


def view_of(folder: Path, result: Result) -> LoadView:
    """What the report looks at."""
    return LoadView(result, samples_of(folder), read_health(folder))


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_page_is_whole_and_asks_for_nothing_outside_itself(tmp_path: Path, language: str) -> None:
    result = a_run(tmp_path)
    html, xml = write_reports(tmp_path, result, samples_of(tmp_path), language)
    assert (html.name, xml.name) == (REPORT, JUNIT)
    text, page = html.read_text(encoding="utf-8"), markup(html.read_bytes())
    assert page.open == []
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert set(SECTIONS) <= set(page.ids)
    assert {reader(language)(title) for title in SECTIONS.values()} <= set(page.texts)
    assert sum(tag == "svg" for tag, _ in page.elements) == 6
    assert "http:" not in text.replace("http://127.0.0.1:1", "")
    assert "https:" not in text
    assert not re.search(r"<(?:script|link|iframe|object|embed|img)\b|@import|url\((?!#)", text)
    asked = re.findall(r'href="#([^"]*)"', text) + re.findall(r"url\(#([^)]*)\)", text)
    assert set(asked) <= set(page.ids)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    view = view_of(tmp_path, a_run(tmp_path))
    assert load_page(view, reader()) == load_page(view, reader())


def test_the_page_says_the_verdict_first_and_why(tmp_path: Path) -> None:
    texts = markup(load_page(view_of(tmp_path, a_run(tmp_path)), reader())).texts
    assert "FAIL: Missed: Every acknowledged reservation is in the PMS once." in texts
    assert "Recovery 2: Service killed" in texts
    turkish = " ".join(markup(load_page(view_of(tmp_path, a_run(tmp_path)), reader("tr"))).texts)
    assert "Missed" not in turkish


def test_what_the_audit_counted_is_told_in_the_reader_s_language(tmp_path: Path) -> None:
    said = "2 wrong of 10 reservations"
    english, turkish = reader(), reader("tr")
    assert [measured_words(said, one) for one in (english, turkish)] == [said, "10 rezervasyon içinde 2 yanlış"]
    assert measured_words("99.5 % of 40 reservations", turkish) == "40 rezervasyon içinde %99.5"
    assert measured_words("3 wrong of 5 elephants", turkish) == "3 wrong of 5 elephants"
    result = msgspec.structs.replace(a_run(tmp_path), checks=[replace(CHECK, measured=said)])
    assert "10 rezervasyon içinde 2 yanlış" in markup(load_page(view_of(tmp_path, result), turkish)).texts


def test_nothing_a_run_says_becomes_markup(tmp_path: Path) -> None:
    hostile = replace(CHECK, name=HOSTILE, target=HOSTILE, measured=HOSTILE, evidence=HOSTILE)
    result = a_run(tmp_path)
    marks = tuple(msgspec.structs.replace(one, about=HOSTILE, kind=HOSTILE) for one in result.marks)
    asked = msgspec.structs.replace(result.asked, settings=(HOSTILE,), url=HOSTILE)
    problems = {HOSTILE: 3, "timeout": 1}
    result = msgspec.structs.replace(
        result, checks=(hostile,), run_id=HOSTILE, name=HOSTILE, marks=marks, asked=asked, problems=problems,
        why=Note("failed", {"checks": HOSTILE}),
    )  # fmt: skip
    html = load_page(view_of(tmp_path, result), reader())
    page = markup(html)
    assert not any(tag in {"script", "img"} for tag, _ in page.elements)
    assert not any(name.startswith("on") for _, found in page.elements for name in found)
    assert b"\x00" not in html
    assert page.open == []


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_run_of_which_nothing_is_left_can_be_shown(tmp_path: Path, language: str) -> None:
    result = judged(tmp_path, samples(0), healths=[])
    page = markup(load_page(view_of(tmp_path, result), reader(language)))
    assert reader(language)("No request was recorded.") in page.texts
    assert page.open == []


def test_two_runs_stand_on_one_page(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    for place in (one, other):
        place.mkdir()
    a, b = a_run(one), judged(other, samples(90, 40, seed=9, quote=400.0), speed=30.0)
    page = markup(versus_page(view_of(one, a), view_of(other, b), reader()))
    assert page.open == []
    assert "speed" in page.texts
    assert "yes" in page.texts
    assert sum(tag == "svg" for tag, _ in page.elements) == 1


def cases(xml: bytes) -> dict[str, ElementTree.Element]:
    """Test cases by name."""
    root = ElementTree.fromstring(xml)
    for suite in root.iter("testsuite"):
        found = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(found)
        assert int(suite.attrib["failures"]) == len([one for one in found if one.find("failure") is not None])
        assert int(suite.attrib["errors"]) == len([one for one in found if one.find("error") is not None])
    return {one.attrib["name"]: one for one in root.iter("testcase")}


def test_junit_has_a_case_a_check_and_is_red_exactly_when_the_command_is() -> None:
    every = [Check(Section.TARGETS, one.value, "<= 1", "2", one, "where") for one in CheckStatus]
    found = cases(junit("smoke", every, Verdict.FAIL, "why"))
    kinds = {name: [one.tag for one in case] for name, case in found.items()}
    assert kinds == {
        "pass": ["system-out"], "fail": ["failure"], "at_risk": ["system-out"], "invalid": ["error"],
        "skipped": ["error"], "waived": ["skipped", "system-out"], "verdict": ["failure"],
    }  # fmt: skip
    assert "AT RISK" in str(found["at_risk"].findtext("system-out"))
    assert found["fail"].find("failure").attrib["message"] == "target <= 1; measured 2"  # type: ignore[union-attr]
    assert found["fail"].findtext("failure") == "where"
    strict = cases(junit("smoke", every, Verdict.FAIL, "why", is_strict=True))
    assert strict["at_risk"].find("failure") is not None
    assert list(cases(junit("smoke", every[:1], Verdict.PASS, "why"))["verdict"]) == []
    assert cases(junit("smoke", [], Verdict.INVALID, "why"))["verdict"].find("error") is not None


def test_junit_is_well_formed_whatever_a_check_says() -> None:
    hostile = [Check(Section.LOAD, HOSTILE, HOSTILE, HOSTILE, one, HOSTILE) for one in CheckStatus]
    xml = junit(HOSTILE, hostile, Verdict.FAIL, HOSTILE, is_strict=True)
    found = ElementTree.fromstring(xml)
    assert len(list(found.iter("testcase"))) == len(CheckStatus) + 1
    assert "Привет" in xml.decode("utf-8")


def test_every_check_of_the_judge_has_a_name_in_words(tmp_path: Path) -> None:
    result = a_run(tmp_path)
    t = reader()
    assert all(check_name(one.name, t) != one.name for one in result.checks)
    assert check_name("something_new", t) == "something_new"


def test_the_audit_s_checks_all_have_names_in_words() -> None:
    from cli.loadtest.audit import _ORDER

    assert set(_ORDER) <= set(CHECKS)


def test_the_terminal_shows_each_section_then_the_verdict(tmp_path: Path) -> None:
    result = a_run(tmp_path)
    body = {
        "verdict": result.verdict.value, "why": msgspec.to_builtins(result.why),
        "notes": msgspec.to_builtins(result.notes), "run_id": "run_1", "folder": "f", "report": "r",
        "checks": [msgspec.to_builtins(one) for one in result.checks],
    }  # fmt: skip
    screen = verdict(json.loads(json.dumps(body)), reader())
    tables = [one for one in screen if isinstance(one, Table)]
    assert len(tables) == 3
    assert sum(len(one.rows) for one in tables) == len(result.checks)
    said = [str(one.text) for one in screen if isinstance(one, Text)]
    assert said[-1].startswith("FAIL: Missed: ")


def run(*typed: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    code = main(list(typed), Session(environ={}, out=out, err=err))
    return code, out.getvalue(), err.getvalue()


def test_a_run_is_shown_again_and_written_in_another_language(tmp_path: Path) -> None:
    folder = tmp_path / "run_1"
    folder.mkdir()
    write_result(folder, a_run(folder))
    code, out, _ = run("loadtest", "report", str(folder), "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["verdict"], told["run_id"], told["folder"]) == ("FAIL", "run_1", str(folder))
    page, xml = tmp_path / "r.html", tmp_path / "r.xml"
    assert run("loadtest", "report", str(folder), "--out", str(page), "--lang", "tr")[0] == 0
    assert b'lang="tr"' in page.read_bytes()
    assert run("loadtest", "report", str(folder), "--out", str(xml))[0] == 0
    assert "verdict" in cases(xml.read_bytes())
    assert run("loadtest", "report", str(folder), "--out", str(xml))[0] == 3
    assert run("loadtest", "report", str(folder), "--out", str(tmp_path / "r.pdf"))[0] == 2


def test_two_runs_are_held_against_each_other(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        (tmp_path / name).mkdir()
        write_result(tmp_path / name, judged(tmp_path / name, samples(60, seed=seed), healths=[health()]))
    page = tmp_path / "v.html"
    code, out, _ = run("loadtest", "report", str(tmp_path / "a"), str(tmp_path / "b"), "--json", "--out", str(page))
    told = json.loads(out)
    assert code == 0
    assert {"name", "window", "figure", "a", "b", "value", "low", "high", "is_real"} == set(told["rows"][0])
    assert told["changed"] == []
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")


def test_a_run_that_is_not_there_is_not_found_and_a_broken_one_is_bad_input(tmp_path: Path) -> None:
    assert run("loadtest", "report", str(tmp_path))[0] == 4
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    assert run("loadtest", "report", str(tmp_path))[0] == 2


@pytest.mark.parametrize("name", ["samples-0.csv", "generator-0.json"])
def test_records_that_were_damaged_are_bad_input(tmp_path: Path, name: str) -> None:
    write_result(tmp_path, a_run(tmp_path))
    path = tmp_path / name
    path.write_bytes(path.read_bytes().replace(b"00,", b"0x,").replace(b'"', b"'"))
    code, _, told = run("loadtest", "report", str(tmp_path), "--out", str(tmp_path / "r.html"))
    assert (code, "cannot be read" in told) == (2, True)
    assert not (tmp_path / "r.html").exists()


def test_many_rare_operations_are_drawn_as_one_line(tmp_path: Path) -> None:
    found = samples(60, 40)
    names = found.operation.astype(object)
    rare = np.nonzero(found.operation == "call_start")[0]
    names[rare] = [f"rare_{place % 20}" for place in range(len(rare))]
    result = judged(tmp_path, replace(found, operation=names.astype(np.str_)))
    view, w = view_of(tmp_path, result), Words(reader(), "")
    lines = view.lines(Group.OTHER, w)
    assert len(lines) == 7
    assert lines[-1][0] == "14 others"
    assert sum(int(mask.sum()) for _, mask in lines) == len(rare)
    assert sum(int(mask.sum()) for _, mask in view.curves(w)) == len(found)
    assert view.moment == "2027-08-02 10:00"
