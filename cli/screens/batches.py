"""Files brought in and written out, as people read them."""

from cli.screens.blocks import Block, Facts, Screen, Table, Text, Tone
from cli.screens.cases import LEADS
from cli.screens.reader import Body, Reader
from domain.plan_words import plan_words
from integration.usecases.marks import N_

MOST_NOTE = 40
COLOURS = {"ok": "green", "failed": "red", "unknown": "yellow", "skipped": "green"}


def ran(body: Body, t: Reader) -> Screen:
    """What a run over a file did."""
    facts = (
        (t(N_("File")), body["file"]),
        (t(N_("Batch")), body["batch_id"]),
        *_counts(body, t),
        (t(N_("Result file")), body["result"]),
    )
    return [Facts(facts), *_rows(body, t), *_notes(body, t)]


def _counts(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    return (
        (t(N_("Made")), str(body["ok"])),
        (t(N_("Failed")), str(body["failed"])),
        (t(N_("Not known yet")), str(body["unknown"]) if body.get("unknown") else None),
        (t(N_("Skipped")), str(body["skipped"])),
    )


def _notes(body: Body, t: Reader) -> list[Block]:
    notes: list[Block] = []
    if body["rows_left_out"]:
        notes.append(Text(t(N_("{count} more rows did not go well."), count=body["rows_left_out"])))
    if body["unknown"]:
        notes.append(Text(t(N_("Run the same command again in two minutes: it looks for what is not known yet."))))
    if body["dry_run"]:
        notes.append(Text(t(N_("Nothing was written."))))
    elif body["resumed"]:
        notes.append(Text(t(N_("This went on with a run that had stopped."))))
    return notes


def _rows(body: Body, t: Reader) -> list[Block]:
    rows = tuple(
        (one["line"], Tone(one["status"], COLOURS[one["status"]]), one["code"], one["reason"], one["made"])
        for one in body["rows"]
    )
    headers = t.words(N_("Line"), N_("Status"), N_("Code"), N_("Reason"), N_("What is there"))
    return [Table(headers, rows)] if rows else []


def batch(body: Body, t: Reader) -> Screen:
    """One batch."""
    facts = (
        (t(N_("Batch")), body["batch_id"]),
        (t(N_("File")), body["file"]),
        (t(N_("Hotel")), body["hotel_id"]),
        (t(N_("Who")), body["actor"]),
        (t(N_("Begun")), t.instant(body["created_at"], body["hotel_id"] or "")),
        (t(N_("Finished")), t.instant(body["finished_at"], body["hotel_id"] or "")),
        *_counts(body, t),
    )
    return [Facts(facts), *_rows(body, t)]


def listing(body: Body, t: Reader) -> Screen:
    """Many batches."""
    rows = tuple(
        (
            one["batch_id"], one["kind"], one["file"], one["actor"],
            t.instant(one["created_at"], one["hotel_id"] or ""), t.instant(one["finished_at"], one["hotel_id"] or ""),
            one["ok"], one["failed"], one["skipped"],
        )
        for one in body["batches"]
    )  # fmt: skip
    headers = t.words(
        N_("Batch"), N_("Kind"), N_("File"), N_("Who"), N_("Begun"), N_("Finished"), N_("Made"), N_("Failed"),
        N_("Skipped"),
    )  # fmt: skip
    return [Table(headers, rows) if rows else Text(t(N_("Nothing was brought in yet.")))]


def exported(body: Body, t: Reader) -> Screen:
    """What was written."""
    blocks: list[Block] = [Facts(((t(N_("File")), body["file"]), (t(N_("Rows")), str(body["rows"]))))]
    if body["masked"]:
        blocks.append(Text(t(N_("Guests are masked: the file cannot be brought in again."))))
    return blocks


def leads(body: Body, t: Reader) -> Screen:
    """Leads as a file would have them, the columns that fit a screen."""
    say = plan_words(t.language)
    rows = tuple(
        (
            one["lead_id"],
            t(LEADS[one["status"]]) if one["status"] else "",
            say(one["channel"]),
            one["name"],
            one["phone"] or one["email"],
            one["source"],
            one["check_in"],
            one["nights"],
            one["note"][:MOST_NOTE],
        )
        for one in body["leads"]
    )
    headers = t.words(
        N_("Lead"), N_("State"), N_("Channel"), N_("Guest"), N_("Reached at"), N_("Source"), N_("Arrival"),
        N_("Nights"), N_("Note"),
    )  # fmt: skip
    return [Table(headers, rows) if rows else Text(t(N_("No lead to show.")))]
