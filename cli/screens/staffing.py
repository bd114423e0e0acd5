"""A staffed week for people: the cost, the roster, and what the simulation says to it."""

from decimal import Decimal

from cli.screens.blocks import Facts, Heading, Screen, Table, Tone
from cli.screens.reader import Body, Reader
from cli.screens.seasons import figure, interval_of, name_of, status_of
from integration.usecases.marks import N_

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def staffed(body: Body, t: Reader) -> Screen:
    """Facts, proof, roster."""
    facts = Facts(
        (
            (t(N_("Scenario")), body["scenario"]),
            (t(N_("Week from")), t.day(body["week"])),
            (t(N_("People")), body["people"]),
            (t(N_("Cost of a week")), f"{Decimal(str(body['weekly_cost'])):,.0f} {body['currency']}"),
            (t(N_("People added and taken out by simulation")), f"+{body['added']} -{body['removed']}"),
            (
                t(N_("Targets")),
                Tone(t(N_("on target")), "green") if body["verdict"] == "pass" else Tone(t(N_("off target")), "red"),
            ),
            (t(N_("Files")), ", ".join(body["files"])),
        )
    )
    kinds = {"mean": t(N_("as days vary")), "bad": t(N_("every day as busy as one in ten"))}
    proof = tuple(
        (kinds[row["day"]], name_of(row["metric"], t), figure(row, "value"), interval_of(row), status_of(row, t))
        for row in body["rows"]
    )
    headers = t.words(N_("Week"), N_("Figure"), N_("Value"), N_("95 % interval"), N_("Status"))
    roster = tuple(
        (row["person"], row["shift"], f"{row['start']}-{row['end']}", *(row[day] for day in DAYS))
        for row in body["roster"]
    )
    days = t.words(N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
    return [
        facts,
        Table(headers, proof),
        Heading(t(N_("Roster"))),
        Table((*t.words(N_("Person"), N_("Shift"), N_("Time")), *days), roster),
    ]
