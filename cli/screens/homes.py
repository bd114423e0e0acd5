"""What `santral init` has made."""

from cli.screens.blocks import Facts, Screen, Table
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
