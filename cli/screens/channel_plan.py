"""Channels as people read them: the scenario-channel table, one channel with its versions."""

from collections.abc import Sequence

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text
from cli.screens.reader import Body, Reader
from domain.channel_plan import span_words
from domain.plan_words import plan_words
from integration.usecases.marks import N_


def table(body: Body, t: Reader) -> Screen:
    """The scenario-channel table."""
    headers = t.words(N_("Channel"), N_("Scenario"), N_("When"), N_("Where to"), N_("First response"), N_("Resolution"))
    return [Table(headers, tuple(_row(one, t) for one in body["rows"]))]


def _row(one: Body, t: Reader) -> tuple[object, ...]:
    say = plan_words(t.language)
    return (
        say(one["channel"]),
        say(one["scenario"]),
        ", ".join(_when(code, t) for code in one["when"]),
        " / ".join(map(say, one["to"])),
        span_words(one["first_response_s"], say),
        span_words(one["resolution_s"], say),
    )


def _when(code: str, t: Reader) -> str:
    say, turns = plan_words(t.language), code.removeprefix("turns>=")
    return say(code) if turns == code else f"{turns} {say('turns')}"


def drawn(body: Body, _t: Reader) -> Screen:
    """The table in words, as it is pinned to the wall."""
    return [Table(tuple(body["headings"]), tuple(tuple(line) for line in body["table"]))]


def channel(body: Body, t: Reader) -> Screen:
    """One channel: what counts now, handoffs, versions."""
    say = plan_words(t.language)
    facts = Facts(
        (
            (t(N_("Hotel")), body["hotel_id"]),
            (t(N_("Channel")), say(body["channel"])),
            (t(N_("Role")), say(body["role"])),
            (t(N_("First response")), span_words(body["first_response_s"], say)),
            (t(N_("Next response")), span_words(body["next_response_s"], say)),
            (t(N_("Resolution")), span_words(body["resolution_s"], say)),
            (t(N_("Hours")), "; ".join(body["hours"]) if body["hours"] else t(N_("as in the hotel file"))),
            (t(N_("Open now")), t(N_("yes")) if body["open_now"] else t(N_("no"))),
            (t(N_("Languages")), ", ".join(body["languages"])),
            (t(N_("Notice")), " ".join(filter(None, (body["notice_url"], body["notice_version"]))) or None),
        )
    )
    moves = [Text(f"{say(one['scenario'])}: {_row(one, t)[2]} → {_row(one, t)[3]}") for one in body["handoffs"]]
    return [facts, *moves, *_versions(body["versions"], body["hotel_id"], t)]


def _versions(versions: Sequence[Body], hotel_id: str, t: Reader) -> list[Block]:
    if not versions:
        return [Text(t(N_("Nothing was set; the hotel file counts.")))]
    say = plan_words(t.language)
    rows = tuple(
        (
            one["version"],
            t.instant(one["effective_from"], hotel_id),
            one["set_by"],
            say(one["role"]) if one["role"] else "",
            span_words(one["first_response_s"], say),
            span_words(one["next_response_s"], say),
            span_words(one["resolution_s"], say),
            "" if one["turns"] is None else one["turns"],
            "; ".join(one["hours"] or ()),
            ", ".join(one["languages"] or ()),
            " ".join(filter(None, (one["notice_url"], one["notice_version"]))),
        )
        for one in versions
    )
    headers = t.words(
        N_("No."), N_("From"), N_("Who"), N_("Role"), N_("First response"), N_("Next response"), N_("Resolution"),
        N_("Turns"), N_("Hours"), N_("Languages"), N_("Notice"),
    )  # fmt: skip
    return [Heading(t(N_("Versions"))), Table(headers, rows)]
