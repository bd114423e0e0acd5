"""Today's figures and the board, for people."""

from cli.screens.blocks import Heading, Screen, Table, Text, Tone
from cli.screens.kpi import length, part_name, percent
from cli.screens.kpi import report as report_screen
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

KINDS = {"offer": N_("Offer"), "hold": N_("Hold"), "option": N_("Option")}


def live(body: Body, t: Reader) -> Screen:
    """Today so far, then the board."""
    return [*report_screen(body, t), *board(body["board"], t)]


def board(body: Body, t: Reader) -> Screen:
    """Missed leads, revenue at risk, lost reasons."""
    return [*_missed(body["missed_leads"], t), *_risk(body["at_risk"], t), *_reasons(body, t)]


def _missed(missed: Body, t: Reader) -> Screen:
    if not missed["n"]:
        return [Heading(t(N_("Missed leads right now"))), Text(Tone(t(N_("None.")), "green"))]
    rows = tuple(
        (
            one["case_id"], part_name("channel", one["channel"], t), t.instant(one["opened_at"], one["hotel_id"]),
            Tone(length(one["waited_s"]) or t(N_("gave up")), "red"), length(one["target_s"]), one["agent"],
        )
        for one in missed["leads"]
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
        (one["reason"], one["n"], percent(one["share"], t), percent(one["together"], t)) for one in body["lost_reasons"]
    )
    headers = t.words(N_("Lost reason"), N_("n"), N_("Part"), N_("Together"))
    since = t.day(body["period"]["from"])
    return [Heading(t(N_("Why leads were lost since {day}"), day=since)), Table(headers, rows)]
