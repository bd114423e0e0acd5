"""Screens of the board: its lines, and one task with the commands that end it."""

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

KINDS = {
    "refund": N_("Refund"),
    "front_desk": N_("For the front desk"),
    "check_booking": N_("Check a reservation"),
    "deposit_unknown": N_("Did this deposit happen?"),
    "waitlist": N_("Waitlist"),
    "group": N_("Group"),
    "message_unknown": N_("Did this message arrive?"),
    "message_failed": N_("A message was not taken"),
    "payment_check": N_("Check a payment"),
    "correction_message": N_("Tell a guest what is true"),
    "message_undeliverable": N_("A message did not arrive"),
    "message_held": N_("A message may not leave"),
}


def _kind(body: Body, t: Reader) -> str:
    name = KINDS.get(body["kind"])
    return str(body["kind"]) if name is None else t(name)


def board(body: Body, t: Reader) -> Screen:
    """Many tasks."""
    rows = tuple(
        (
            one["task_id"], _kind(one, t), one["hotel_id"], t.instant(one["created_at"], one["hotel_id"]),
            one["ids"].get("reservation_id") or one["ids"].get("pms_ref"), one["detail"],
            one["decision"] or t(N_("open")),
        )
        for one in body["tasks"]
    )  # fmt: skip
    headers = t.words(N_("Task"), N_("What"), N_("Hotel"), N_("Since"), N_("Reservation"), N_("Detail"), N_("Decision"))
    return [Table(headers, rows) if rows else Text(t(N_("Nothing waits for a person.")))]


def task(body: Body, t: Reader) -> Screen:
    """One task."""
    hotel_id = body["hotel_id"]
    facts = Facts(
        (
            (t(N_("Task")), body["task_id"]),
            (t(N_("What")), _kind(body, t)),
            (t(N_("Hotel")), hotel_id),
            (t(N_("Since")), t.instant(body["created_at"], hotel_id)),
            (t(N_("Ids")), ", ".join(f"{name}={value}" for name, value in body["ids"].items())),
            (t(N_("Detail")), body["detail"]),
            (t(N_("Ended")), t.instant(body["done_at"], hotel_id)),
            (t(N_("Decision")), body["decision"]),
            (t(N_("Who")), body["done_by"]),
            (t(N_("Note")), body["note"]),
        )
    )
    return [facts, *_overruled(body, t), *_ways(body, t)]


def _overruled(body: Body, t: Reader) -> list[Block]:
    said = body.get("overruled")
    return [Text(Tone(t(said), "yellow"))] if said else []


def _ways(body: Body, t: Reader) -> list[Block]:
    rows = tuple((one["way"], one["command"]) for one in body["ways"])
    return [Heading(t(N_("How it can end"))), Table(t.words(N_("Way"), N_("Command")), rows)] if rows else []
