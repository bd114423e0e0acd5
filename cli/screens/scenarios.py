"""Scenarios for people: which there are, what one rests on, where two differ."""

from cli.screens.blocks import Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

SOURCES = {
    "fact": N_("fact"),
    "derived": N_("derived from data"),
    "assumption": N_("assumption"),
    "what_if": N_("what if"),
    "unmarked": N_("not said"),
}
MOST_ITEMS = 8


def table(body: Body, t: Reader) -> Screen:
    """The scenarios, one a row."""
    headers = t.words(
        N_("Scenario"), N_("Title"), N_("From"), N_("To"), N_("Days"), N_("Hotels"), N_("Rooms"), N_("Team")
    )
    keys = ("name", "title", "first", "last", "days", "hotels", "rooms", "team")
    return [Table(headers, tuple(tuple(one[key] for key in keys) for one in body["rows"]))]


def shown(body: Body, t: Reader) -> Screen:
    """A scenario, then every value with its source."""
    headers = t.words(N_("Value of"), N_("Value"), N_("Source"), N_("Note"))
    rows = tuple(
        (one["path"], short(one["value"]), _source(one["source"], t), one["note"]) for one in body["assumptions"]
    )
    return [Heading(body["title"]), _facts(body, t), Table(headers, rows)]


def validated(body: Body, t: Reader) -> Screen:
    """That it is in order."""
    return [_facts(body, t), Text(Tone(t(N_("The scenario can be used.")), "green"))]


def compared(body: Body, t: Reader) -> Screen:
    """Where two differ."""
    if body["same"]:
        return [Text(t(N_("{left} and {right} say the same."), left=body["left"], right=body["right"]))]
    rows = tuple((one["path"], short(one["left"]), short(one["right"])) for one in body["rows"])
    right = f"{body['right']} (--set)" if body["sets"] else body["right"]
    return [Table((t(N_("Value of")), body["left"], right), rows)]


def short(value: object) -> str:
    """A value in a cell: a long list by its first items and its length."""
    if isinstance(value, list):
        more = f", … ({len(value)})" if len(value) > MOST_ITEMS else ""
        return f"[{', '.join(map(short, value[:MOST_ITEMS]))}{more}]"
    if isinstance(value, dict):
        return " ".join(f"{key}={short(one)}" for key, one in value.items())
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _facts(body: Body, t: Reader) -> Facts:
    return Facts(
        (
            (t(N_("Scenario")), body["name"]),
            (t(N_("Season")), f"{t.day(body['first'])} - {t.day(body['last'])}"),
            (t(N_("Days")), body["days"]),
            (t(N_("Hotels")), body["hotels"]),
            (t(N_("Rooms")), body["rooms"]),
            (t(N_("Team")), body["team"]),
            (t(N_("Files")), ", ".join(body["files"])),
            (t(N_("Values by source")), _counted(body, t)),
        )
    )


def _counted(body: Body, t: Reader) -> str:
    return ", ".join(f"{t(SOURCES[name])} {count}" for name, count in body["sources"].items() if count)


def _source(source: str, t: Reader) -> Tone | str:
    return Tone(t(SOURCES[source]), "yellow") if source in {"what_if", "unmarked"} else t(SOURCES[source])
