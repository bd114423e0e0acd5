"""Sources as people read them."""

from cli.screens.blocks import Screen, Table, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def pulled(body: Body, t: Reader) -> Screen:
    """What a round fetched from each source."""
    if not body["sources"]:
        return [Text(t(N_("Nothing is fetched from: channels.toml names no source.")))]
    headers = t.words(N_("Source"), N_("Fetched"), N_("New effects"), N_("Not given"), N_("Problem"))
    names = ("name", "stored", "effects", "not_given", "problem")
    return [Table(headers, tuple(tuple(one[name] for name in names) for one in body["sources"]))]
