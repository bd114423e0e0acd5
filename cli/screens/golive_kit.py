"""What the go-live kit wrote, for people."""

from pathlib import PurePath

from cli.screens.blocks import Facts, Screen, Table
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def written(body: Body, t: Reader) -> Screen:
    """The documents with their files, and where they are."""
    rows = tuple(
        (one["slug"], one["title"], ", ".join(PurePath(name).name for name in one["files"]))
        for one in body["documents"]
    )
    return [
        Table(t.words(N_("Document"), N_("Title"), N_("Files")), rows),
        Facts(
            (
                (t(N_("Folder")), body["folder"]),
                (t(N_("All in one")), body["whole"]),
                (t(N_("Page")), body["page"]),
                (t(N_("Fingerprint")), body["fingerprint"]),
                (t(N_("Files written")), body["written"]),
                (t(N_("Files left as they were")), body["unchanged"]),
            )
        ),
    ]
