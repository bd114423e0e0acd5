"""What `santral init` has made, and what `santral demo` has found."""

from cli.screens.blocks import Facts, Screen, Table, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def made(body: Body, t: Reader) -> Screen:
    """Where the home is and what is in it."""
    return [
        Facts(
            (
                (t(N_("Home")), body["home"]),
                (t(N_("Start")), body["start"]),
                (t(N_("Seed")), body["seed"]),
                (t(N_("Guest profiles")), body["profiles"]),
                (t(N_("Reservations in the PMS")), body["reservations"]),
            )
        ),
        Table(
            (t(N_("Hotel")), t(N_("Name")), t(N_("Rooms")), t(N_("File"))),
            tuple((one["hotel_id"], one["name"], one["rooms"], one["file"]) for one in body["hotels"]),
        ),
    ]


def told(body: Body, t: Reader) -> Screen:
    """The demo's checks and verdict."""
    rows = tuple(
        (
            one["name"],
            one["target"],
            one["measured"],
            Tone(one["status"].upper(), "green" if one["status"] == "pass" else "red"),
            one["evidence"],
        )
        for one in body["checks"]
    )
    return [
        Table(t.words(N_("Check"), N_("Target"), N_("Measured"), N_("Status"), N_("Evidence")), rows),
        Facts(((t(N_("Verdict")), body["verdict"]), (t(N_("Report")), body["report"]))),
    ]
