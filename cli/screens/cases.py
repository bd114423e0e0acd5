"""Cases, leads and handoffs as people read them; states in words, clocks in colour."""

from collections.abc import Mapping

from cli.screens import messages
from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.presence import PRESENCE
from cli.screens.reader import Body, Reader
from domain.plan_words import plan_words
from integration.usecases.marks import N_

STATUSES: Mapping[str, str] = {
    "open": N_("Open"),
    "waiting": N_("Waiting for the guest"),
    "resolved": N_("Resolved"),
}
LEADS: Mapping[str, str] = {
    "open": N_("Open"),
    "in_progress": N_("In progress"),
    "won": N_("Won"),
    "lost": N_("Lost"),
}
PRIORITIES: Mapping[str, tuple[str, str]] = {
    "normal": (N_("normal"), "green"),
    "high": (N_("high"), "yellow"),
    "urgent": (N_("urgent"), "red"),
}
CLOCKS: Mapping[str, tuple[str, str]] = {
    "idle": (N_("nothing runs"), ""),
    "running": (N_("in time"), "green"),
    "paused": (N_("stands still"), ""),
    "warning": (N_("soon late"), "yellow"),
    "breached": (N_("late"), "red"),
    "escalated": (N_("late, escalated"), "red"),
    "met": (N_("met"), "green"),
    "missed": (N_("missed"), "red"),
    "dropped": (N_("given up in time"), ""),
}
COLUMNS = (
    N_("Case"), N_("Channel"), N_("State"), N_("Lead"), N_("Priority"), N_("Clock"), N_("Due by"), N_("Comes back"),
    N_("Agent"), N_("Tags"),
)  # fmt: skip
NAMES: Mapping[str, str] = {
    "first_response": N_("First response"),
    "next_response": N_("Next response"),
    "resolution": N_("Resolution"),
}


def _toned(words: tuple[str, str], t: Reader) -> object:
    said = t(words[0])
    return Tone(said, words[1]) if words[1] else said


def listing(body: Body, t: Reader) -> Screen:
    """Many cases."""
    rows = tuple(
        (
            one["case_id"],
            plan_words(t.language)(one["channel"]),
            t(STATUSES[one["status"]]),
            t(LEADS[one["lead"]]) if one["lead"] else "",
            _toned(PRIORITIES[one["priority"]], t),
            _toned(CLOCKS[one["clock"]], t),
            t.instant(one["due_at"], one["hotel_id"]),
            t.day(one["due"]),
            _whose(one, t),
            ", ".join(one["tags"]),
        )
        for one in body["cases"]
    )
    return [Table(t.words(*COLUMNS), rows) if rows else Text(t(N_("No case to show.")))]


def _whose(one: Body, t: Reader) -> str:
    """Whose it is, and that he is not at the desk where that is so."""
    if not one["assignee"] or one["assignee_presence"] == "available":
        return one["assignee"] or ""
    return f"{one['assignee']} ({t(PRESENCE[one['assignee_presence']])})"


def clocks(body: Body, t: Reader) -> Screen:
    """All running clocks at once."""
    say = plan_words(t.language)
    rows = tuple(
        (
            one["hotel_id"], say(one["channel"]), one["open"], one["waiting"],
            _count(one["warning"], "yellow"), _count(one["breaching"], "red"), _count(one["escalated"], "red"),
            _length(one["oldest_wait_s"]),
        )
        for one in body["rows"]
    )  # fmt: skip
    headers = t.words(
        N_("Hotel"), N_("Channel"), N_("Open"), N_("Waiting for the guest"), N_("Soon late"), N_("Late"),
        N_("Escalated"), N_("Longest wait"),
    )  # fmt: skip
    return [Table(headers, rows) if rows else Text(t(N_("No case is open.")))]


def _count(number: int, level: str) -> object:
    return Tone(str(number), level) if number else number


def _length(seconds: float | None) -> str:
    """`1:04:09`: hours, minutes, seconds."""
    if seconds is None:
        return ""
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"


def case(body: Body, t: Reader) -> Screen:
    """One case, without what happened in it."""
    return [Facts(_facts(body, t))]


def _facts(body: Body, t: Reader) -> tuple[tuple[str, object], ...]:
    hotel_id = body["hotel_id"]
    return (
        (t(N_("Case")), body["case_id"]),
        (t(N_("Hotel")), hotel_id),
        (t(N_("Channel")), plan_words(t.language)(body["channel"])),
        (t(N_("State")), t(STATUSES[body["status"]])),
        (t(N_("Lead")), t(LEADS[body["lead"]]) if body["lead"] else None),
        (t(N_("Lost reason")), body["lost_reason"]),
        (t(N_("Reservation")), body.get("reservation_id")),
        (t(N_("Priority")), _toned(PRIORITIES[body["priority"]], t)),
        (t(N_("Tags")), ", ".join(body["tags"])),
        (t(N_("Agent")), body["assignee"]),
        (t(N_("Clock")), _toned(CLOCKS[body["clock"]], t)),
        (t(N_("Due by")), t.instant(body["due_at"], hotel_id)),
        (t(N_("Comes back")), t.day(body["due"])),
        (t(N_("Language")), body["language"]),
        (t(N_("Since")), t.instant(body["opened_at"], hotel_id)),
        (t(N_("Resolved")), t.instant(body["resolved_at"], hotel_id)),
    )


def whole(body: Body, t: Reader) -> Screen:
    """One case with everything that happened in it."""
    hotel_id = body["hotel_id"]
    guest = Facts(((t(N_("Guest")), body["guest"] and body["guest"]["name"]), (t(N_("Subject")), body["subject"])))
    said = tuple(
        (t.instant(one["at"], hotel_id), one["channel"], one["what"], one["actor"] or one["sender"], one["text"])
        for one in body["contacts"]
    )
    done = tuple(
        (t.instant(one["at"], hotel_id), one["kind"], one["actor"], _detail(one["detail"])) for one in body["events"]
    )
    return [
        Facts(_facts(body, t)),
        guest,
        *_clocks(body, t),
        *_reasons(body, t),
        *_table(N_("Contacts"), t.words(N_("When"), N_("Channel"), N_("What"), N_("Who"), N_("Text")), said, t),
        *_wants(body, t),
        *messages.outgoing_table(N_("What went out"), body["outgoing"], t),
        *_table(N_("What was done"), t.words(N_("When"), N_("What"), N_("Who"), N_("Detail")), done, t),
        *_handoffs(body["handoffs"], t),
    ]


def _wants(body: Body, t: Reader) -> list[Block]:
    found = (one["wants"] for one in body["contacts"] if one["wants"])
    rows = tuple(
        (
            t.day(one["check_in"]), one["nights"] or "", one["adults"] or "",
            ", ".join(map(str, one["child_ages"])), one["source"] or "",
        )
        for one in found
    )  # fmt: skip
    return _table(
        N_("What is wanted"), t.words(N_("Arrival"), N_("Nights"), N_("Adults"), N_("Children"), N_("Source")), rows, t
    )


def _table(title: str, headers: tuple[str, ...], rows: tuple[tuple[object, ...], ...], t: Reader) -> list[Block]:
    return [Heading(t(title)), Table(headers, rows)] if rows else []


def _detail(detail: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in detail.items())


def _clocks(body: Body, t: Reader) -> list[Block]:
    hotel_id = body["hotel_id"]
    rows = tuple(
        (
            t(title), _toned(CLOCKS[one["state"]], t), t.instant(one["started_at"], hotel_id),
            t.instant(one["due_at"], hotel_id), t.instant(one["stopped_at"], hotel_id), _length(one["wall_s"]),
        )
        for name, title in NAMES.items()
        if (one := body["clocks"][name]) is not None
    )  # fmt: skip
    return _table(
        N_("Clocks"), t.words(N_("Clock"), N_("State"), N_("Begun"), N_("Due by"), N_("Ended"), N_("Has run")), rows, t
    )


def _reasons(body: Body, t: Reader) -> list[Block]:
    rows = tuple((one["gives"], one["rule"], one["words"]) for one in body["why"])
    return _table(N_("Why these tags"), t.words(N_("Gives"), N_("Rule"), N_("Words")), rows, t)


def _handoffs(found: list[Body], t: Reader) -> list[Block]:
    say = plan_words(t.language)
    rows = tuple(
        (
            one["handoff_id"], one["case_id"], say(one["trigger"]), say(one["to_channel"]), say(one["state"]),
            one["to_actor"] or "", t.instant(one["due_at"], one["hotel_id"]),
        )
        for one in found
    )  # fmt: skip
    headers = t.words(
        N_("Handoff"), N_("Case"), N_("Why"), N_("Where to"), N_("State"), N_("Agent"), N_("Call back until")
    )
    return _table(N_("Handoffs"), headers, rows, t)


def handoffs(body: Body, t: Reader) -> Screen:
    """Many handoffs."""
    return [*_handoffs(body["handoffs"], t)] or [Text(t(N_("No handoff is like that.")))]


def handoff(body: Body, t: Reader) -> Screen:
    """One handoff: its packet and what became of it."""
    packet, hotel_id = body["packet"], body["hotel_id"]
    facts = Facts(
        (
            (t(N_("Guest")), packet["guest"] and packet["guest"]["name"]),
            (t(N_("Language")), packet["language"]),
            (t(N_("What was asked")), packet["asked"]),
            (t(N_("Offers")), ", ".join(packet["offers"])),
            (t(N_("What was promised")), ", ".join(packet["promised"])),
        )
    )
    say = plan_words(t.language)
    steps = tuple(
        (t.instant(one["at"], hotel_id), say(one["state"]), one["actor"], one["reason"]) for one in body["history"]
    )
    headers = t.words(N_("When"), N_("State"), N_("Who"), N_("Why"))
    return [*_handoffs([body], t), facts, *_table(N_("What was done"), headers, steps, t)]
