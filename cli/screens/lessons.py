"""What an exercise ends with: its checks, and whether all of them hold."""

from cli.screens.blocks import Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def learnt(body: Body, t: Reader) -> Screen:
    """The checks, then PASS or FAIL."""
    rows = tuple(
        (one["name"], one["target"], one["measured"], Tone(one["status"], _colour(one["status"] == "pass")))
        for one in body["checks"]
    )
    headers = t.words(N_("Check"), N_("Target"), N_("Measured"), N_("Status"))
    return [Table(headers, rows), Text(Tone(body["verdict"], _colour(body["verdict"] == "PASS")))]


def _colour(is_good: bool) -> str:  # noqa: FBT001 - yes or no is all there is
    return "green" if is_good else "red"
