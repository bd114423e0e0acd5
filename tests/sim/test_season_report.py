"""The season's report: whole, by itself, the same every time, and harmless whatever a scenario says."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from cli.reports.season import PICTURES, SECTIONS, season_report
from cli.reports.words import Words
from scenarios.scenario_loader import load_scenario
from scenarios.schema.season import Title
from tests.sim.reports import drawn, empty_view, full_view, markup, ran, reader, unmanned_view, view_of, weekly_view

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> \"quoted\" & Ğüş Привет"


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_page_is_well_formed_and_has_every_section(language: str) -> None:
    page = markup(drawn(language).html)
    assert page.open == []
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert set(SECTIONS) <= set(page.ids)
    assert [found["lang"] for tag, found in page.elements if tag == "html"] == [language]
    said = set(page.texts)
    assert {reader(language)(title) for title in SECTIONS.values()} <= said
    assert all(found.get("aria-label") for tag, found in page.elements if tag == "svg")
    assert sum(tag == "svg" for tag, _ in page.elements) == len(PICTURES)


def test_every_reference_within_the_page_has_its_target() -> None:
    page, text = markup(drawn().html), drawn().html.decode("utf-8")
    asked = re.findall(r'(?<!xlink:)href="#([^"]*)"', text) + re.findall(r"url\(#([^)]*)\)", text)
    assert set(asked) <= set(page.ids)


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_page_asks_for_nothing_outside_itself(language: str) -> None:
    text = drawn(language).html.decode("utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert not re.search(r"<(?:script|link|iframe|object|embed)\b|@import|url\((?!#)", text)
    assert set(re.findall(r'(?:src|href)="([^"#]{0,5})', text)) <= {"", "data:"}


def test_the_same_run_gives_the_same_bytes() -> None:
    again = season_report(full_view(), reader(), with_png=True)
    assert again.html == drawn().html
    assert again.pictures == drawn().pictures


def test_every_picture_is_a_real_one() -> None:
    assert tuple(drawn().pictures) == PICTURES
    for name, content in drawn().pictures.items():
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            assert image.format == "PNG", name
            assert image.width > 1000, name
            assert len(image.convert("L").getcolors() or []) > 10, f"{name} is blank"


def test_what_a_scenario_says_cannot_become_markup_or_break_the_page() -> None:
    view = full_view()
    scenario = view.loaded.scenario.model_copy(update={"title": Title(tr=HOSTILE, en=HOSTILE)})
    noted = tuple(replace(one, note=HOSTILE, path=HOSTILE) for one in view.loaded.assumptions[:2])
    broken = replace(view.loaded.assumptions[2], note="a\ud800b\x00c\x1b[31m")
    loaded = replace(view.loaded, scenario=scenario, assumptions=(*noted, broken), files=(HOSTILE,))
    assert view.versus is not None
    hostile = replace(view, loaded=loaded, versus=replace(view.versus, sets=(HOSTILE,)))
    html = season_report(hostile, reader()).html
    page = markup(html)
    assert not any(tag in {"script", "img"} for tag, _ in page.elements)
    assert not any(name.startswith("on") for _, found in page.elements for name in found)
    assert page.texts.count(HOSTILE) >= 4
    assert page.open == []
    assert b"\x00" not in html
    assert b"\x1b" not in html
    assert b"a\\ud800b" in html


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_season_in_which_nobody_came_is_said_and_not_drawn(language: str) -> None:
    report = season_report(empty_view(), reader(language), with_png=True)
    page = markup(report.html)
    assert set(SECTIONS) <= set(page.ids)
    assert reader(language)("No call came in this season.") in page.texts
    assert not {"demand", "service", "peak_day", "first_response", "lost", "revenue"} & set(report.pictures)


def test_a_season_without_a_single_agent_can_be_reported() -> None:
    report = season_report(unmanned_view(), reader(), with_png=True)
    assert "Nobody is on duty in this season." in markup(report.html).texts
    assert {"demand", "peak_day"} <= set(report.pictures)
    assert "staffing" not in report.pictures


def test_a_week_shows_the_heads_it_needs() -> None:
    page = markup(season_report(weekly_view(), reader()).html)
    assert any("busiest week, from 2 August 2027" in one for one in page.texts)
    assert any("one simulated season only" in one for one in page.texts)


def test_what_ifs_stand_first_among_the_assumptions() -> None:
    page = markup(season_report(view_of(ran("team.phone.ru+=1")), reader()).html)
    paths = [one for one in page.texts if one in {"team.phone.ru", "seed", "season.first"}]
    assert paths[0] == "team.phone.ru"
    assert [found.get("class") for tag, found in page.elements if tag == "tr"].count("what_if") == 1


def test_the_headlines_name_the_losses_and_what_one_more_would_bring() -> None:
    text = " ".join(markup(drawn().html).texts)
    assert "guests who would have booked were lost for want of people, worth" in text
    assert "With team.phone.ru+=1 revenue after cancellations changes by" in text
    assert "Service level: calls answered within 20 s / calls that came in." in text


def test_numbers_are_written_the_language_s_way() -> None:
    english, turkish = Words(reader("en"), "EUR"), Words(reader("tr"), "EUR")
    assert [english.share(0.8054), english.money(1234567), english.duration(90)] == ["80.5%", "1,234,567 EUR", "90 s"]
    assert [turkish.share(0.8054), turkish.money(1234567), turkish.duration(5400)] == [
        "%80,5",
        "1.234.567 EUR",
        "90 dk",
    ]
    assert english.interval(-0.2, 1.3, "share") == "0.0% – 100.0%"
    assert turkish.share(-0.1, 0) == "-%10"
    assert english.number(-0.0001, 1) == "0.0"


def test_every_shipped_scenario_has_a_title_in_both_languages() -> None:
    scenario = load_scenario("smoke").scenario
    assert scenario.title.tr != scenario.title.en
    assert scenario.title.tr in markup(drawn("tr").html).texts
