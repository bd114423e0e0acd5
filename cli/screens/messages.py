"""What goes out to guests, as people read it."""

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from domain.plan_words import plan_words
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
    "undeliverable": N_("did not arrive"),
}
_COLOURS = {"delivered": "green", "read": "green", "failed": "red", "undeliverable": "red", "unknown": "yellow"}
PURPOSES = {
    "reply": N_("answer"),
    "offer": N_("offer"),
    "summary": N_("summary"),
    "payment_link": N_("payment link"),
    "correction": N_("correction"),
    "campaign": N_("advertisement"),
    "out_of_hours": N_("answer out of hours"),
    "alert": N_("alert to supervisors"),
    "address_code": N_("code to be read back"),
    "payment_request": N_("request for a payment link"),
    "payment_check": N_("check of a payment"),
}


def _state(body: Body, t: Reader) -> object:
    said = STATES.get(body["status"])
    name = t(said) if said is not None else body["status"]
    level = "yellow" if body["status"] == "held" else _COLOURS.get(body["status"])
    return Tone(name, level) if level else name


def outgoing_table(title: str, found: list[Body], t: Reader) -> list[Block]:
    """What went out, or is on its way; nothing where nothing did."""
    rows = tuple(
        (
            t.instant(one["created_at"], one["hotel_id"]), one["outbox_id"], plan_words(t.language)(one["channel"]),
            t(PURPOSES[one["purpose"]]) if one["purpose"] in PURPOSES else one["purpose"], one["to"], _state(one, t),
            one["problem"] or "",
        )
        for one in found
    )  # fmt: skip
    headers = t.words(N_("When"), N_("Message"), N_("Channel"), N_("What"), N_("To"), N_("State"), N_("Why"))
    return [Heading(t(title)), Table(headers, rows)] if rows else []


def outbox(body: Body, t: Reader) -> Screen:
    """Many messages."""
    return [*outgoing_table(N_("What went out"), body["outgoing"], t)] or [Text(t(N_("No message is like that.")))]


def outgoing(body: Body, t: Reader) -> Screen:
    """One message, and what is written in it."""
    facts = Facts(
        (
            (t(N_("Since")), t.instant(body["changed_at"], body["hotel_id"])),
            (t(N_("Not after")), t.instant(body["use_by"], body["hotel_id"])),
            (t(N_("Subject")), body["subject"]),
            (t(N_("Text")), body["text"]),
        )
    )
    return [*sending(body, t), facts]


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


def code_sent(body: Body, t: Reader) -> Screen:
    """A code on its way, and until when it can be read back."""
    until = Facts(((t(N_("Can be read back until")), t.instant(body["expires_at"], body["hotel_id"])),))
    ask = Text(t(N_("Ask the guest to read the code to you, then repeat the command with --code.")))
    return [*sending(body, t), until, ask]


def proven(body: Body, t: Reader) -> Screen:
    """An address that is the guest's now."""
    return [
        Facts(
            (
                (t(N_("Guest")), body["guest_id"]),
                (t(N_("Address")), body["value"]),
                (t(N_("Proven by")), t(N_("a code that was read back"))),
                (t(N_("At")), t.instant(body["proven_at"])),
            )
        )
    ]
