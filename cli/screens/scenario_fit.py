"""A fitted log for people: what was read, each value beside the base's, patience as it is, what could not be told."""

from typing import Any

from cli.screens.blocks import Block, Facts, Heading, Screen, Table, Text, Tone
from cli.screens.reader import Body, Reader
from cli.screens.scenarios import short
from integration.usecases.marks import N_

MOST_BAD = 20
MOST_ITEMS = 3
SAMPLES = {
    "contacts": N_("contacts"),
    "days": N_("days"),
    "months": N_("months"),
    "answered": N_("answered contacts"),
    "gave_up": N_("guests who gave up"),
    "waited": N_("guests who had to wait"),
    "redials": N_("redials"),
    "bookings": N_("bookings"),
    "rooms": N_("rooms"),
}
WANTING = {
    "rooms": N_("{path}: how many rooms the log is of is not known, so the base's value stays; say it with --rooms."),
    "waited": N_(
        "{path}: how long guests waited who left without a sign is not in the log, so the base's value stays."
    ),
}
NOT_TOLD = N_("{path}: the log does not say it, so the base's value stays.")
TOO_FEW = N_("{path}: too few {of} ({n}, {least} are needed), so the base's value stays.")


def fitted(body: Body, t: Reader) -> Screen:
    """The whole answer."""
    headers = t.words(N_("Value of"), N_("Base"), N_("Fitted"), N_("95 %"), N_("Sample"))
    rows = tuple(_row(one, t) for one in body["rows"] if one["status"] == "fitted")
    refused = [Text(_why(one, t)) for one in body["rows"] if one["status"] != "fitted"]
    table: list[Block] = [Table(headers, rows)] if rows else [Text(t(N_("Nothing could be fitted.")))]
    return [_facts(body, t), *table, *_patience(body, t), *refused, *_bad(body, t)]


def _facts(body: Body, t: Reader) -> Facts:
    return Facts(
        (
            (t(N_("File")), body["file"]),
            (t(N_("Base")), body["base"]),
            (t(N_("Days")), f"{t.day(body['first'])} - {t.day(body['last'])}"),
            (t(N_("Rows used")), str(body["used"])),
            (t(N_("Passed over")), str(body["passed_over"]) if body["passed_over"] else None),
            (t(N_("Not usable")), str(body["bad"]) if body["bad"] else None),
            (t(N_("Scenario")), body["out"]),
        )
    )


def _row(one: dict[str, Any], t: Reader) -> tuple[object, ...]:
    return (
        one["path"],
        _value(one["base"]),
        _value(one["fitted"]),
        _range(one["low"], one["high"], t),
        f"{one['n']} {t(SAMPLES[one['of']])}",
    )


def _value(value: object) -> str:
    """A list by its first items and its length, one of tables by its length alone."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f"{len(value)} x"
    if isinstance(value, list) and len(value) > MOST_ITEMS:
        return f"{short(value[:MOST_ITEMS])[:-1]}, … ({len(value)})]"
    return short(value)


def _range(low: object, high: object, t: Reader) -> str:
    if isinstance(low, list) and isinstance(high, list):
        widest = max((above - below) / 2 for below, above in zip(low, high, strict=True))
        return t(N_("within {width}"), width=f"{widest:.3g}")
    return f"{low} - {high}"


def _why(one: dict[str, Any], t: Reader) -> Tone:
    if one["status"] == "too_few":
        of = t(SAMPLES[one["of"]])
        return Tone(t(TOO_FEW, path=one["path"], n=one["n"], of=of, least=one["least"]), "yellow")
    return Tone(t(WANTING.get(one["of"], NOT_TOLD), path=one["path"]), "yellow")


def _patience(body: Body, t: Reader) -> list[Block]:
    if not body["patience"]:
        return []
    ends = [one["after_s"] for one in body["patience"][0]["curve"]]
    headers = (
        *t.words(
            N_("Channel"), N_("Guests"), N_("Gave up"), N_("Mean patience (s)"), N_("Mean of those who gave up (s)")
        ),
        *(t(N_("Still there at {seconds} s (fitted)"), seconds=f"{at:g}") for at in ends),
    )
    rows = tuple(
        (
            one["channel"],
            t(N_("new")) if one["kind"] == "new_s" else t(N_("with a reservation")),
            f"{one['gave_up']} / {one['waited']}",
            one["mean_s"],
            one["mean_of_given_up_s"],
            *(f"{point['still_waiting']:.2f} ({point['fitted']:.2f})" for point in one["curve"]),
        )
        for one in body["patience"]
    )
    said = t(N_("Who was answered would have waited longer: the mean of those who gave up is not their patience."))
    return [Heading(t(N_("Patience"))), Table(headers, rows), Text(said)]


def _bad(body: Body, t: Reader) -> list[Block]:
    rows = tuple((one["line"], one["reason"]) for one in body["bad_rows"][:MOST_BAD])
    more = body["bad"] - len(rows)
    table: list[Block] = [Heading(t(N_("Rows that cannot be used"))), Table(t.words(N_("Line"), N_("Reason")), rows)]
    left = [Text(t(N_("{count} more rows cannot be used."), count=more))] if more > 0 else []
    return [*table, *left] if rows else []


def sampled(body: Body, t: Reader) -> Screen:
    """What was written."""
    return [
        Facts(
            (
                (t(N_("Scenario")), body["scenario"]),
                (t(N_("Days")), body["days"]),
                (t(N_("Seed")), str(body["seed"])),
                (t(N_("Rows")), str(body["rows"])),
                (t(N_("File")), body["file"]),
            )
        )
    ]
