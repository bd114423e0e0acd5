"""Four documents to work with: problems and what solves them, the fourteen days, before and after, readiness."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cli.golive.kit_facts import KitFacts, many
from cli.golive.kit_kpis import Column
from cli.golive.kit_said import said
from cli.golive.lines import LINES, Line, Part
from cli.reports.kit_parts import Grid, Row, Section, Sheet, Words
from cli.reports.pdf import Cell
from cli.screens.kpi import KPI_NAMES, value_of
from domain.channel_plan import span_words
from domain.kpi_list import KPIS, Better
from domain.kpi_row import KpiRow
from domain.kpi_targets import TARGETS
from domain.plan_words import plan_words
from integration.usecases.kpi_views import row_body
from loadtests.checks import Check
from loadtests.checks import Section as Of
from loadtests.words import CheckStatus

Body = dict[str, Any]
BY_CHANNEL = frozenset({"frt_s", "resolution_s", "asa_s"})
TONES = {CheckStatus.PASS: "good", CheckStatus.WAIVED: "risk", CheckStatus.FAIL: "bad"}


def problems(facts: KitFacts) -> Sheet:
    """Problem, root cause, solution, and where it shows."""
    text = said("problems", facts.language, facts.values)
    rows = tuple((Cell(one["problem"], bold=True), one["cause"], one["solution"], one["shown"]) for one in text["rows"])
    head = tuple(text[one] for one in ("problem", "cause", "solution", "shown"))
    return Sheet(
        "problems", text["title"], text["intro"], (Section(text["heading"], (Grid(head, rows, (3, 3, 5, 3)),)),)
    )


def sprint(facts: KitFacts) -> Sheet:
    """Fourteen days; dates when the first one is known."""
    text = said("sprint", facts.language, facts.values)
    rows = tuple(
        (str(number), _date(facts, number), Cell(one["work"], bold=True), text["owners"][one["owner"]], one["done"],
         one["proof"])
        for number, one in enumerate(text["days"], 1)
    )  # fmt: skip
    head = tuple(text[one] for one in ("day", "date", "work", "owner", "done", "proof"))
    grid = Grid(head, rows, (0.7, 1.7, 4, 2.2, 4, 2.6))
    return Sheet("sprint", text["title"], text["intro"], (Section(text["heading"], (grid,)),))


def _date(facts: KitFacts, number: int) -> str:
    return "" if facts.start is None else facts.reader.day((facts.start + timedelta(days=number - 1)).isoformat())


def kpis(facts: KitFacts) -> Sheet:
    """Before and after, with targets; empty columns where nothing was recorded."""
    found, text = facts.measured, said("kpis", facts.language, facts.values)
    periods = text["period"].format(before=_period(facts, found.before, text), after=_period(facts, found.after, text))
    rows = tuple(
        (
            Cell(facts.reader(KPI_NAMES[one["kpi"]]), bold=True), one["formula"], one["source"],
            _value(facts, found.before, one["kpi"], text), _value(facts, found.after, one["kpi"], text),
            _target(one["kpi"], text),
        )
        for one in text["rows"]
    )  # fmt: skip
    head = tuple(text[one] for one in ("kpi", "formula", "source", "before", "after", "target"))
    say = plan_words(facts.language)
    targets = tuple(
        (say(one.channel), span_words(one.targets.first_response_s, say), span_words(one.targets.resolution_s, say))
        for one in facts.serves.channels
    )
    return Sheet(
        "kpis", text["title"], text["intro"],
        (
            Section(text["heading"], (Words((periods,)), Grid(head, rows, (3, 4.6, 1.8, 2.6, 2.6, 2.4)))),
            Section(text["targets_heading"],
                    (Grid((text["channel"], text["first"], text["solved"]), targets, (3, 2, 2)),)),
        ),
    )  # fmt: skip


def _period(facts: KitFacts, column: Column, text: Body) -> str:
    if column.period is None:
        return str(text["no_data"])
    day = facts.reader.day
    return f"{day(column.period.first.isoformat())} - {day(column.period.last.isoformat())}"


def _value(facts: KitFacts, column: Column, kpi: str, text: Body) -> str:
    return "\n".join(_said(facts, row, text) for row in column.of(kpi))


def _said(facts: KitFacts, row: KpiRow, text: Body) -> str:
    body = row_body(row)
    value = value_of(body, facts.reader)
    return value if row.unit.value == "count" else str(text["count"].format(value=value, n=row.n))


def _target(kpi: str, text: Body) -> str:
    if kpi in BY_CHANNEL:
        return str(text["by_channel"])
    known = TARGETS.get(kpi)
    if known is None:
        better = {Better.MORE: "higher", Better.LESS: "lower", Better.NEITHER: "watch"}[KPIS[kpi].better]
        return str(text[better])
    low, high = (None if one is None else f"{one * 100:g}" for one in (known.low, known.high))
    return str(text["in_band" if high else "at_least"].format(low=low, high=high))


def readiness(facts: KitFacts) -> Sheet:
    """The 35 lines; with evidence once somebody has looked."""
    text = said("readiness", facts.language, many(facts.values, count=len(LINES)))
    run = facts.readiness
    found = {} if run is None else {one.name: one for one in run.checks if one.section is Of.READINESS}
    head = (text["no"], text["line"], text["stands"], text["evidence"])
    sections = tuple(
        Section(text["parts"][part], (Grid(head, tuple(_lines(facts, part, found, text)), (0.6, 4.4, 1.6, 7)),))
        for part in Part
    )
    standing = Section("", (Words((_standing(facts, found, text),)),))
    return Sheet("readiness", text["title"], text["intro"], (standing, *sections))


def _standing(facts: KitFacts, found: dict[str, Check], text: Body) -> str:
    if facts.readiness is None:
        return str(text["unchecked"])
    statuses = [found[one.slug].status if one.slug in found else CheckStatus.SKIPPED for one in LINES]
    ready, waived = (statuses.count(one) for one in (CheckStatus.PASS, CheckStatus.WAIVED))
    rest = len(LINES) - ready - waived
    return str(text["checked"].format(run=facts.readiness.run_id, ready=ready, waived=waived, rest=rest))


def _lines(facts: KitFacts, part: Part, found: dict[str, Check], text: Body) -> Iterator[Row]:
    for number, line in enumerate(LINES, 1):
        if line.part is part:
            yield _line(facts, number, line, found.get(line.slug), text)


def _line(facts: KitFacts, number: int, line: Line, check: Check | None, text: Body) -> Row:
    status = CheckStatus.SKIPPED if check is None else check.status
    said_of = text["states"].get(status.value, text["states"]["fail"])
    evidence = "" if check is None else check.evidence
    return str(number), line.text(facts.language), Cell(said_of, TONES.get(status, "soft"), bold=True), evidence
