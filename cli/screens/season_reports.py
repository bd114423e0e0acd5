"""What was written, for people."""

from cli.screens.blocks import Facts, Screen, Tone
from cli.screens.reader import Body, Reader
from cli.screens.seasons import STATUSES
from integration.usecases.marks import N_


def written(body: Body, t: Reader) -> Screen:
    """The file, and how the targets stand."""
    said, tone = STATUSES[body["verdict"]]
    return [
        Facts(
            (
                (t(N_("Report")), body["file"]),
                (t(N_("Pictures")), len(body["pictures"]) or None),
                (t(N_("Scenario")), body["scenario"]),
                (t(N_("Seed")), body["seed"]),
                (t(N_("Replications")), body["replications"]),
                (t(N_("Targets")), Tone(t(said), tone)),
            )
        )
    ]
