"""The weekly sheet: the reports' own numbers, real moves told from chance, one page, nothing from outside."""

import asyncio
import io
import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from cli.reports.kpi_week import WeekSheet, week_sheet
from cli.reports.kpi_week_actions import action_words
from cli.reports.kpi_week_words import WeekWords
from cli.screens.kpi_routine import week as week_screen
from cli.screens.reader import Reader
from domain.errors import InvalidInput
from domain.kpi_book import DayBook
from domain.kpi_row import Dimension, Period
from integration.adapters.phrases import CataloguePhrases
from integration.usecases.kpi_actions import HalfHour, actions
from integration.usecases.kpi_pilot import start_pilot
from integration.usecases.kpi_weekly import WeekWish, monday_of, week_name, weekly
from tests.builders import an_actor
from tests.kpi.floor import BOSS, Counted, rows_of
from tests.kpi.week import WEEK, the_week
from tests.kpi.weeks import HOTEL, put_days

ENGLISH, TURKISH = (Reader(CataloguePhrases(), language) for language in ("en", "tr"))
MONDAY = date(2027, 6, 14)


def told(floor: Counted, actor: Any = BOSS, **more: Any) -> dict[str, Any]:
    wish = WeekWish(hotel_id=HOTEL, ask_pms=False, **more)
    return {**asyncio.run(weekly(floor.reception.desk, actor, wish)), "plan": None}


@cache
def four_weeks() -> Counted:
    """The last of them worse; a pilot began with the first."""
    floor = Counted()
    floor.be(datetime(2027, 5, 24, 5, tzinfo=UTC))
    asyncio.run(start_pilot(floor.reception.desk, BOSS, HOTEL))
    floor.change(lambda tx: put_days(tx, date(2027, 5, 24), 28, MONDAY))
    floor.be(datetime(2027, 6, 21, 7, tzinfo=UTC))
    return floor


@cache
def a_body() -> dict[str, Any]:
    return told(four_weeks())


@cache
def sheet(language: str, *, with_cards: bool) -> WeekSheet:
    return week_sheet(a_body(), TURKISH if language == "tr" else ENGLISH, with_cards=with_cards)


def row_of(body: dict[str, Any], kpi: str, currency: str | None = None) -> dict[str, Any]:
    return next(row for row in body["rows"] if (row["kpi"], row["currency"]) == (kpi, currency))


def test_the_hand_computed_week_stands_on_the_sheet() -> None:
    floor = the_week()
    body, lines = told(floor, monday=WEEK.first), rows_of(floor.report(WEEK))
    assert (body["week"], body["from"], body["to"]) == ("2027-W18", "2027-05-03", "2027-05-09")
    assert row_of(body, "frt_s")["now"]["value"] == lines["frt_s", ""].percentiles[75] == 90
    assert row_of(body, "service_level")["now"]["value"] == 0.4
    assert row_of(body, "revenue", "EUR")["now"]["value"] == 1400.0
    assert row_of(body, "revenue", "TRY")["now"]["value"] == 35_000.0
    assert [(one["reason"], one["n"], one["together"]) for one in body["lost_reasons"]] == [
        ("price", 2, 0.666667),
        ("no_availability", 1, 1.0),
    ]


def test_a_week_before_the_first_case_is_no_week_of_noughts() -> None:
    body = told(the_week(), monday=WEEK.first)
    assert row_of(body, "contact_volume")["last"]["value"] is None
    assert row_of(body, "contact_volume")["last"]["real"] is None


def test_all_figures_of_a_week_are_the_reports() -> None:
    lines = rows_of(four_weeks().report(Period(MONDAY, date(2027, 6, 20))))
    for row in a_body()["rows"]:
        line = lines[row["kpi"], row["currency"] or ""]
        value = line.percentiles[75] if row["stat"] == "p75" else line.value
        assert row["now"]["value"] == pytest.approx(float(value or 0), abs=1e-6), row["kpi"]
        assert (row["now"]["n"], row["status"]) == (line.n, line.status.value), row["kpi"]


def test_what_was_made_worse_is_real_and_what_was_not_is_chance() -> None:
    body = a_body()
    assert body["baseline"]["week"] == "2027-W21"
    for kpi in ("frt_s", "missed_lead_rate"):
        assert (row_of(body, kpi)["last"]["real"], row_of(body, kpi)["last"]["better"]) == (True, False)
    for kpi in ("handoff_rate", "resolution_s", "offer_to_sale_rate", "contact_volume"):
        assert row_of(body, kpi)["last"]["real"] is False


def test_three_actions_with_the_numbers_behind_them() -> None:
    floor, body = four_weeks(), a_body()
    missed, half_hours, reason = body["actions"]
    lines = rows_of(floor.report(Period(MONDAY, date(2027, 6, 20)), Dimension.CHANNEL))
    channel = f"channel:{missed['channel']}"
    assert (missed["rule"], missed["channel"]) == ("missed_leads", "whatsapp")
    assert (missed["leads"], missed["won_of"]) == (lines["missed_lead_rate", channel].n,) * 2
    basket = float(missed["basket"])
    assert float(missed["worth"]) == pytest.approx(missed["missed"] * missed["won"] / missed["won_of"] * basket, abs=1)
    assert half_hours["rule"] == "half_hours"
    assert {one["from"] for one in half_hours["half_hours"]} & {"10:00", "10:30"}
    assert half_hours["late"] == sum(one["calls"] - one["in_time"] for one in half_hours["half_hours"])
    assert (reason["rule"], reason["reason"]) == ("lost_reason", "price")
    assert all(len(said) > 20 for title, said in action_words(WeekWords(body, ENGLISH)) if title)


def test_a_week_in_which_all_is_well_has_nothing_to_do() -> None:
    assert actions(DayBook(), [HalfHour(20, 40, 40)]) == []


def test_few_calls_make_no_bad_half_hour() -> None:
    assert actions(DayBook(), [HalfHour(20, 4, 0)]) == []
    (found,) = actions(DayBook(), [HalfHour(20, 5, 4), HalfHour(21, 9, 2)])
    assert [one["from"] for one in found["half_hours"]] == ["10:30", "10:00"]


def test_without_cards_the_pdf_is_one_page_in_both_languages() -> None:
    for language in ("en", "tr"):
        assert len(PdfReader(io.BytesIO(sheet(language, with_cards=False).pdf)).pages) == 1


def test_the_pdf_can_be_searched_for_turkish_letters() -> None:
    text = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(sheet("tr", with_cards=True).pdf)).pages)
    for word in ("Geçen hafta", "Yapılacak üç şey", "Kaçan talepler", "Çözüm"):
        assert word in text


def test_the_page_needs_nothing_but_itself_and_escapes_what_comes_from_people() -> None:
    body = {**a_body(), "lost_reasons": [{**one, "reason": "<script>x</script>"} for one in a_body()["lost_reasons"]]}
    html = week_sheet(body, ENGLISH, with_cards=True).html.decode()
    assert not re.search(r"https?://|<script|<link|@import|url\((?!#)", html)
    assert "&lt;script&gt;" in html


def test_the_same_week_gives_the_same_bytes() -> None:
    assert week_sheet(a_body(), ENGLISH, with_cards=True) == sheet("en", with_cards=True)


def test_an_operator_sees_his_own_card_and_a_supervisor_all() -> None:
    names = [card["agent"] for card in a_body()["cards"]]
    assert names == ["ayse", "burak", "cem", "deniz", "elif"]
    assert [card["agent"] for card in told(four_weeks(), an_actor(name="cem"))["cards"]] == ["cem"]


def test_a_card_says_above_or_below_only_beyond_chance() -> None:
    for card in a_body()["cards"]:
        for row in card["rows"]:
            if row["beside"] == "above":
                assert row["low"] > row["house"]
            elif row["beside"] == "below":
                assert row["high"] < row["house"]
            if row["beside"] is not None:
                assert row["n"] >= 10


def test_the_terminal_shows_the_week_too() -> None:
    screen = week_screen({**a_body(), "html": "a.html", "pdf": "a.pdf"}, TURKISH)
    assert len(screen) > 5


@pytest.mark.parametrize(
    ("typed", "monday"),
    [("2027-W31", date(2027, 8, 2)), ("2027w5", date(2027, 2, 1)), ("2027-08-04", date(2027, 8, 2))],
)
def test_a_week_is_named_or_a_day_in_it(typed: str, monday: date) -> None:
    assert monday_of(typed, "week") == monday
    assert monday_of(week_name(monday), "week") == monday


@pytest.mark.parametrize("typed", ["2027-W54", "W31", "next", "2027-13-01", ""])
def test_what_is_no_week_is_said(typed: str) -> None:
    with pytest.raises(InvalidInput, match="not a week"):
        monday_of(typed, "week")


def test_a_week_to_come_and_a_week_against_itself_are_refused() -> None:
    with pytest.raises(InvalidInput, match="has not begun"):
        told(four_weeks(), monday=date(2027, 6, 28))
    with pytest.raises(InvalidInput, match="its own baseline"):
        told(four_weeks(), monday=MONDAY, baseline=MONDAY)


def test_this_week_says_that_it_is_not_over() -> None:
    body = told(four_weeks(), monday=date(2027, 6, 21))
    assert body["is_over"] is False
    assert "not over" in WeekWords(body, ENGLISH).subtitle()
