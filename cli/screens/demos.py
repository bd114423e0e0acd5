"""What `santral demo` found: a table of checks, and the verdict."""

from cli.screens.blocks import Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def verdict(body: Body, t: Reader) -> Screen:
    """The checks, then PASS or FAIL and where the report is."""
    return [
        Table(
            (t(N_("Check")), t(N_("Target")), t(N_("Measured")), t(N_("Status"))),
            tuple(
                (one["name"], one["target"], one["measured"], Tone(one["status"], _colour(one["status"])))
                for one in body["checks"]
            ),
        ),
        Text(Tone(body["verdict"], _colour(body["verdict"].lower()))),
        Text(t(N_("Report: {place}"), place=body["report"])),
    ]


def _colour(status: str) -> str:
    return "green" if status == "pass" else "red"
