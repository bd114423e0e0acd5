"""The audit's proof, and the care of a home: checks, backup, restore, upgrade."""

from cli.screens.blocks import Block, Facts, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

COLOURS = {"ok": "green", "failed": "red", "whole": "green", "tampered": "red"}


def _toned(status: str) -> Tone:
    return Tone(status, COLOURS.get(status, "yellow"))


def proof(body: Body, t: Reader) -> Screen:
    """Whether the audit is whole."""
    marks = body["checkpoints"]
    facts = Facts(
        (
            (t(N_("Audit")), _toned(body["status"])),
            (t(N_("Rows")), body["rows"]),
            (t(N_("First bad row")), body["first_bad"]),
            (t(N_("Checkpoints")), marks["count"]),
            (t(N_("Rows without a checkpoint")), marks["behind"]),
        )
    )
    found = tuple((one["seq"] or "", one["fault"]) for one in body["findings"])
    table: list[Block] = [Table(t.words(N_("Row"), N_("Finding")), found)] if found else []
    return [facts, *table, *_history(body, t)]


def _history(body: Body, t: Reader) -> list[Block]:
    said: list[Block] = []
    if body["sealed_at_upgrade"]:
        template = N_("Rows 1 to {last} are older than the chain: they were sealed as they stood at the upgrade.")
        said.append(Text(t(template, last=body["sealed_at_upgrade"])))
    for one in body["restores"]:
        template = N_("A backup was restored that ends at row {seq} ({at}); rows lost: {lost}.")
        said.append(Text(t(template, seq=one["seq"], at=t.instant(one["at"]), lost=one["lost"])))
    return said


def exported(body: Body, t: Reader) -> Screen:
    """What was exported."""
    return [Facts(((t(N_("File")), body["file"]), (t(N_("Rows")), body["rows"])))]


def checks(body: Body, t: Reader) -> Screen:
    """A list of checks and their verdict."""
    rows = tuple((one["name"], _toned(one["status"]), one["hint"]) for one in body["checks"])
    return [Table(t.words(N_("Check"), N_("Status"), N_("Hint")), rows)]


def kept(body: Body, t: Reader) -> Screen:
    """A backup or a restore."""
    facts = Facts(
        (
            (t(N_("File")), body["file"]),
            (t(N_("Audit rows")), body["rows"]),
            (t(N_("Audit rows lost")), body.get("lost")),
            (t(N_("The former store")), body.get("kept")),
        )
    )
    return [facts, *checks(body, t)]


def upgraded(body: Body, t: Reader) -> Screen:
    """An upgrade."""
    return [
        Facts(
            (
                (t(N_("Schema before")), body["from"]),
                (t(N_("Schema now")), body["to"]),
                (t(N_("Audit rows sealed")), body["sealed"] or None),
                (t(N_("The former store")), body["kept"]),
            )
        )
    ]
