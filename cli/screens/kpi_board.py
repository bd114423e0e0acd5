"""Today's figures and the board, for people."""

from cli.screens.blocks import Heading, Screen, Table, Text, Tone
from cli.screens.kpi import DIMENSIONS, KPI_NAMES, length, part_name, percent, short_value, standing_of, target_of
from cli.screens.kpi import report as report_screen
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

MOST_MISSED = 5
KINDS = {"offer": N_("Offer"), "hold": N_("Hold"), "option": N_("Option")}


def live(body: Body, t: Reader) -> Screen:
    """Today so far, then the board."""
    return [*report_screen(body, t), *board(body["board"], t)]


def wall(body: Body, t: Reader, columns: int, every: int) -> Screen:
    """The same for a window: what is to be done first, then the figures that have something to say, as many columns as
    there is room for."""
    at = t.instant(body["made_at"], body["hotels"][0])
    told = t(N_("{at} · every {n} s · Ctrl-C ends"), at=at, n=every)
    rows = [row for row in body["rows"] if row["n"] or row["open_n"]]
    whole = [row for row in rows if not row["by"]]
    screen: Screen = [
        Text(told),
        *_missed(body["board"]["missed_leads"], t, MOST_MISSED),
        *_risk(body["board"]["at_risk"], t),
    ]
    screen.append(_figures(whole, t, columns) if whole else Text(t(N_("Nothing has been counted today."))))
    for dimension in dict.fromkeys(name for row in rows for name in row["by"]):
        parts = [row for row in rows if dimension in row["by"]]
        screen += [Heading(t(DIMENSIONS[dimension])), _figures(parts, t, columns, dimension)]
    return [*screen, *_reasons(body["board"], t)]


def _figures(rows: list[Body], t: Reader, columns: int, dimension: str = "") -> Table:
    """KPI, part, value and standing always; target, what three quarters were within, n and what is open as room is."""
    cells: list[tuple[str, list[object]]] = [(t(N_("KPI")), [t(KPI_NAMES[row["kpi"]]) for row in rows])]
    if dimension:
        cells.append((t(DIMENSIONS[dimension]), [part_name(dimension, row["by"][dimension], t) for row in rows]))
    cells.append((t(N_("Value")), [short_value(row, t) for row in rows]))
    cells.append(("", [standing_of(row, t) for row in rows]))
    wished: list[tuple[str, list[object]]] = [
        (t(N_("Target")), [target_of(row, t) for row in rows]),
        (t(N_("75 % within")), [length(row["p75"]) for row in rows]),
        (t(N_("n")), [row["n"] for row in rows]),
        (t(N_("Open")), [row["open_n"] or "" for row in rows]),
    ]
    for one in wished:
        if sum(map(_width, (*cells, one))) <= columns:
            cells.append(one)
    return Table(tuple(name for name, _ in cells), tuple(zip(*(column for _, column in cells), strict=True)))


def _width(column: tuple[str, list[object]]) -> int:
    """Characters that a column takes, with the room behind it."""
    name, cells = column
    return max(len(name) + 2, *(len(str(cell)) for cell in cells)) + 2


def board(body: Body, t: Reader) -> Screen:
    """Missed leads, revenue at risk, lost reasons."""
    return [*_missed(body["missed_leads"], t), *_risk(body["at_risk"], t), *_reasons(body, t)]


def _missed(missed: Body, t: Reader, most: int = 1000) -> Screen:
    if not missed["n"]:
        return [Heading(t(N_("Missed leads right now"))), Text(Tone(t(N_("None.")), "green"))]
    rows = tuple(
        (
            one["case_id"], part_name("channel", one["channel"], t), t.instant(one["opened_at"], one["hotel_id"]),
            Tone(length(one["waited_s"]) or t(N_("gave up")), "red"), length(one["target_s"]), one["agent"],
        )
        for one in missed["leads"][:most]
    )  # fmt: skip
    headers = t.words(N_("Case"), N_("Channel"), N_("Since"), N_("Waited"), N_("Target"), N_("Agent"))
    return [Heading(t(N_("Missed leads right now: {n}"), n=missed["n"])), Table(headers, rows)]


def _risk(risk: Body, t: Reader) -> Screen:
    if not risk["lines"]:
        return []
    totals = tuple(
        (t(KINDS[one["kind"]]), one["n"], t.money(one), *(_within(risk, one, hours, t) for hours in (1, 4, 24)))
        for one in risk["totals"]
    )
    headers = t.words(N_("Open"), N_("n"), N_("Amount"), N_("Ends within 1 h"), N_("Within 4 h"), N_("Within 24 h"))
    return [Heading(t(N_("Revenue at risk"))), Table(headers, totals)]


def _within(risk: Body, one: Body, hours: int, t: Reader) -> str:
    """What of it ends within so many hours."""
    found = next(each["totals"] for each in risk["by_deadline"] if each["within_hours"] == hours)
    same = (each for each in found if (each["kind"], each["currency"]) == (one["kind"], one["currency"]))
    return next((t.money(each) for each in same), "")


def _reasons(body: Body, t: Reader) -> Screen:
    if not body["lost_reasons"]:
        return []
    rows = tuple(
        (t.reason(one["reason"]), one["n"], percent(one["share"], t), percent(one["together"], t))
        for one in body["lost_reasons"]
    )
    headers = t.words(N_("Lost reason"), N_("n"), N_("Part"), N_("Together"))
    since = t.day(body["period"]["from"])
    return [Heading(t(N_("Why leads were lost since {day}"), day=since)), Table(headers, rows)]
