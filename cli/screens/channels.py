"""Channels as people read them."""

from cli.screens.blocks import Facts, Screen, Table
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def replayed(body: Body, t: Reader) -> Screen:
    """What a replay found."""
    rows = tuple((one["delivery_id"], one["problem"]) for one in body["left"])
    facts = Facts(((t(N_("Deliveries")), body["deliveries"]), (t(N_("New effects")), body["effects"])))
    return [facts, Table(t.words(N_("Delivery"), N_("Problem")), rows)] if rows else [facts]
