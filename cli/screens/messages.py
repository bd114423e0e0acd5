"""What goes out to guests, as people read it."""

from cli.screens.blocks import Facts, Screen, Table, Text
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

STATES = {
    "queued": N_("waits to be sent"),
    "sending": N_("is being sent"),
    "accepted": N_("the provider has it"),
    "delivered": N_("has arrived"),
    "read": N_("was read"),
    "failed": N_("was not taken"),
    "unknown": N_("not known"),
    "held": N_("may not leave"),
}


def sending(body: Body, t: Reader) -> Screen:
    """One message."""
    state = STATES.get(body["status"])
    facts = Facts(
        (
            (t(N_("Message")), body["outbox_id"]),
            (t(N_("Case")), body["case_id"]),
            (t(N_("Channel")), body["channel"]),
            (t(N_("To")), body["to"]),
            (t(N_("State")), t(state) if state is not None else body["status"]),
            (t(N_("Why")), body["problem"]),
        )
    )
    said = [Text(t(N_("This was done before under the same key; nothing was done now.")))]
    return [facts, *(said if body.get("replayed") else [])]


def consents(body: Body, t: Reader) -> Screen:
    """What a guest allows."""
    rows = tuple((one["purpose"], one["state"], one["source"], t.instant(one["at"])) for one in body["consents"])
    return [Table(t.words(N_("Advertising by"), N_("State"), N_("Source"), N_("At")), rows)]
