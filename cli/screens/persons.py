"""Persons as people read them: files, evidence, merges, suggestions."""

from cli.screens.blocks import Block, Facts, Heading, Screen, Table
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_


def person(body: Body, t: Reader) -> Screen:
    """All that is known of who somebody is."""
    rows = tuple(
        (file["guest_id"], file["name"], one["kind"], one["value"], one["vouching"] or "", one["last_seen"] or "")
        for file in body["files"]
        for one in file["identities"]
    )
    headers = t.words(N_("Guest"), N_("Name"), N_("Known by"), N_("Value"), N_("Vouched for by"), N_("Last seen"))
    return [
        Facts(((t(N_("Person")), body["person"]), (t(N_("Cases")), ", ".join(body["cases"])))),
        Table(headers, rows),
        *_merges(body, t),
        *_suggestions(body, t),
    ]


def _merges(body: Body, t: Reader) -> list[Block]:
    if not body["merges"]:
        return []
    rows = tuple(
        (one["merge_id"], one["loser"], one["winner"], one["rule"], one["actor"], one["at"], one["undone_at"] or "")
        for one in body["merges"]
    )
    headers = t.words(N_("Merge"), N_("Guest"), N_("Merged into"), N_("Rule"), N_("Actor"), N_("At"), N_("Undone"))
    return [Heading(t(N_("Merges"))), Table(headers, rows)]


def _suggestions(body: Body, t: Reader) -> list[Block]:
    if not body["suggestions"]:
        return []
    rows = tuple((one["one"], one["other"], one["rule"], one["evidence"]) for one in body["suggestions"])
    headers = t.words(N_("Guest"), N_("Perhaps also"), N_("Rule"), N_("Evidence"))
    return [Heading(t(N_("Suggestions"))), Table(headers, rows)]


def merge(body: Body, t: Reader) -> Screen:
    """A merge, or one that was undone."""
    return [
        Facts(
            (
                (t(N_("Merge")), body["merge_id"]),
                (t(N_("Guest")), body["loser"]),
                (t(N_("Merged into")), body["winner"]),
                (t(N_("Evidence")), body["evidence"]),
                (t(N_("Undone")), body["undone_at"]),
                (t(N_("Reason")), body["reason"]),
            )
        )
    ]
