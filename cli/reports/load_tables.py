"""The load report's tables: the checks, operations with their intervals, windows, recoveries, and how it was run."""

from collections.abc import Callable, Iterable, Sequence

from cli.reports.load_view import group_name, ms
from cli.reports.page import cell, element, paragraph, table, text
from cli.reports.words import Words
from cli.screens.load_words import SECTIONS, STATUSES, check_name, kind_name, measured_words, window_name
from integration.usecases.marks import N_
from loadtests.checks import Check
from loadtests.result import Result, Row
from loadtests.statistics import Percentile

SECOND_MS, SMALL_MS = 1000.0, 10.0


def checks(found: Iterable[Check], w: Words) -> str:
    """One table, the sections below each other."""
    every = list(found)
    headers = [w(one) for one in (N_("Check"), N_("Target"), N_("Measured"), N_("Status"), N_("Evidence"))]
    parts: list[str] = []
    for section, title in SECTIONS.items():
        rows = [_check(one, w) for one in every if one.section.value == section]
        if rows:
            parts += [element("tr", element("th", text(w(title)), colspan="5", class_="part")), *rows]
    return table(headers, parts)


def _check(one: Check, w: Words) -> str:
    tone = {"invalid": "fail", "skipped": "fail", "waived": "at_risk"}.get(one.status.value, one.status.value)
    return element(
        "tr",
        cell(check_name(one.name, w)) + cell(w(one.target)) + cell(measured_words(one.measured, w))
        + cell(w(STATUSES[one.status.value][0]), tone) + cell(one.evidence, "note"),
    )  # fmt: skip


def operations(result: Result, w: Words) -> str:
    """Each operation over the whole run."""
    return _rows(result.operations, [w(N_("Operation"))], lambda one: cell(one.name), w)


def windows(result: Result, w: Words) -> str:
    """Each group in each stretch."""
    rows = [one for one in result.groups if one.window != "outside" or result.marks]
    return _rows(
        rows,
        [w(N_("Stretch")), w(N_("Group"))],
        lambda one: cell(window_name(one.window, w)) + cell(group_name(one.name, w)),
        w,
    )


def _rows(rows: Iterable[Row], names: Sequence[str], first: Callable[[Row], str], w: Words) -> str:
    headers = [
        *names,
        *(w(one) for one in (N_("Requests"), N_("Failed"), "p50", "p95", "p99", N_("Slowest"))),
    ]
    made = [
        element(
            "tr",
            first(one) + cell(w.number(one.errors.n), "n") + cell(_failed(one, w), "n")
            + "".join(cell(percentile(found, w), "n") for found in (one.p50, one.p95, one.p99))
            + cell(ms(one.max_ms, w), "n"),
        )
        for one in rows
    ]  # fmt: skip
    return table(headers, made, numbers=range(len(names), len(headers)))


def _failed(one: Row, w: Words) -> str:
    return (
        f"{w.number(one.errors.hits)} ({w.share(one.errors.value, 2)})" if one.errors.value and one.errors.hits else "0"
    )


def percentile(found: Percentile, w: Words) -> str:
    """With its interval; an open end is told by the sign for infinity."""
    if not found.n:
        return ""
    if found.ms is None:
        return w(N_("no answer"))
    in_seconds = found.ms >= SECOND_MS
    one, low = (_plain(value, w, in_seconds=in_seconds) for value in (found.ms, found.low))
    high = "∞" if found.high is None else _plain(found.high, w, in_seconds=in_seconds)
    return f"{one} ({low}–{high}) {'s' if in_seconds else 'ms'}"


def _plain(value: float | None, w: Words, *, in_seconds: bool) -> str:
    if value is None:
        return "∞"
    return w.number(value / SECOND_MS, 2) if in_seconds else w.number(value, 0 if value >= SMALL_MS else 1)


def recoveries(result: Result, w: Words) -> str:
    """What was broken and how soon it was well again."""
    if not result.marks:
        return paragraph(w(N_("Nothing was broken on purpose.")), "empty")
    headers = [w(one) for one in (N_("What"), N_("About"), N_("From"), N_("Until"), N_("Well again after"))]
    rows = [
        element(
            "tr",
            cell(kind_name(one.kind, w)) + cell(one.about, "note") + cell(_s(one.began_s, w), "n")
            + cell(_s(one.ended_s, w), "n")
            + cell(_s(one.took_s, w) if one.took_s is not None else w(N_("not seen")), "n"),
        )
        for one in result.marks
    ]  # fmt: skip
    return table(headers, rows, numbers=(2, 3, 4))


def _s(value: float | None, w: Words) -> str:
    return "–" if value is None else w(N_("{n} s"), n=w.number(value, 1))


def run_facts(result: Result, moment: str, w: Words) -> str:
    """What was played, and how."""
    asked, load = result.asked, result.load
    rows = (
        (w(N_("Run")), result.run_id),
        (w(N_("Scenario")), result.name),
        (w(N_("Service")), asked.url),
        (w(N_("Moment of the season")), moment),
        (w(N_("Seed")), str(asked.seed)),
        (w(N_("Settings")), w.listed(asked.settings)),
        (w(N_("Load")), w(N_("open: arrivals come whatever happens")) if asked.model == "open" else w(
            N_("closed: {n} users wait for their answers"), n=str(asked.users))),
        (w(N_("Speed")), w.number(asked.speed, 1)),
        (w(N_("Arrivals times")), w.number(asked.peak, 1)),
        (w(N_("Generator processes")), w.number(load.processes)),
        (w(N_("Contacts")), w.number(load.planned)),
        (w(N_("Requests")), w.number(load.requests)),
        (w(N_("Requests a second, mean and most")),
         f"{w.number(load.requests_s, 1)} / {w.number(load.most_requests_s)}"),
        (w(N_("Contacts an hour")), w.number(load.per_hour)),
        (w(N_("The season's busiest half hour, contacts an hour")),
         "–" if load.peak_per_hour is None else w.number(load.peak_per_hour, 1)),
        (w(N_("Multiple of the real peak")), "–" if load.multiple is None else w.number(load.multiple, 1)),
    )  # fmt: skip
    told = [
        element("tr", element("th", text(name), scope="row") + cell(value, "note")) for name, value in rows if value
    ]
    return table([w(N_("What")), w(N_("Which"))], told)


def locust(result: Result, w: Words) -> str:
    """Locust's own table beside ours; its percentiles are rounded to two digits and count from the sending."""
    ours = {one.name: one for one in result.operations}
    rows = [
        element(
            "tr",
            cell(name)
            + "".join(cell(ms(found.get(key), w), "n") for key in ("p50", "p95", "p99"))
            + "".join(cell(ms(one.ms, w), "n") for one in (ours[name].p50, ours[name].p95, ours[name].p99)),
        )
        for name, found in result.locust.items()
        if name in ours
    ]
    headers = [w(N_("Operation")), *(f"Locust {one}" for one in ("p50", "p95", "p99")),
               *(w(N_("ours, {what}"), what=one) for one in ("p50", "p95", "p99"))]  # fmt: skip
    return table(headers, rows, numbers=range(1, 7)) if rows else ""
