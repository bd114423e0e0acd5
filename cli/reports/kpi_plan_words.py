"""The season as planned beside the days as they were, in words (`cli.kpi_bands`)."""

from typing import Any

from cli.reports.kpi_week_words import WeekWords
from cli.reports.pdf import Cell
from cli.reports.plot_kpi import PANEL_NAMES
from integration.usecases.marks import N_

Body = dict[str, Any]
MADE = N_(
    "Season {scenario}, simulated {n} times. While the plan holds, a day is inside its band 99 times in 100. "
    "The line is the mean, a diamond a day outside."
)


def plan_said(words: WeekWords) -> str:
    """How the bands were made."""
    plan = words.body["plan"]
    return words.t(MADE, scenario=plan["scenario"], n=plan["replications"])


def plan_headers(words: WeekWords) -> tuple[str, ...]:
    """Of the table of days outside."""
    return words.t.words(N_("Measure"), N_("Days outside"), N_("Which"))


def plan_rows(words: WeekWords) -> list[list[Cell]]:
    """Measure, how many days are outside, which."""
    return [_row(row, words) for row in words.body["plan"]["rows"]]


def _row(row: Body, words: WeekWords) -> list[Cell]:
    days = "; ".join(_outside(row, day, words) for day in row["days"] if day["outside"])
    judged = sum(day["low"] is not None and day["actual"] is not None for day in row["days"])
    tone = "bad" if row["outside"] else ""
    counted = words.t(N_("{n} of {of}"), n=len(row["outside"]), of=judged)
    return [Cell(words.t(PANEL_NAMES[row["kpi"]])), Cell(counted, tone), Cell(days or "–", tone)]


def _outside(row: Body, day: Body, words: WeekWords) -> str:
    currency = words.body["plan"]["currency"]
    currency = currency if row["unit"] == "money" else ""
    value, low, high = (words.figure(day[name], row["unit"], currency) for name in ("actual", "low", "high"))
    sentence = N_("{day}: {value}, not {low} to {high}")
    return words.t(sentence, day=words.t.day(day["day"]), value=value, low=low, high=high)
