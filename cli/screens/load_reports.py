"""Two load tests held against each other, for people."""

from cli.screens.blocks import Facts, Heading, Screen, Table, Text, Tone
from cli.screens.load_words import GROUPS, window_name
from cli.screens.reader import Body, Reader
from integration.usecases.marks import N_

SECOND_MS, SMALL_MS = 1000.0, 10.0


def compared(body: Body, t: Reader) -> Screen:
    """What was not alike, then every difference; B minus A."""
    facts = Facts(
        (
            ("A", f"{body['a']} ({body['verdicts'][0]})"),
            ("B", f"{body['b']} ({body['verdicts'][1]})"),
            (t(N_("Report")), body["report"]),
        )
    )
    headers = t.words(N_("Stretch"), N_("What"), N_("Figure"), N_("A"), N_("B"), N_("Difference"), N_("95 % interval"),
                      N_("Is it real?"))  # fmt: skip
    rows = tuple(_row(one, t) for one in body["rows"])
    changed = tuple(tuple(one) for one in body["changed"])
    alike: Screen = [Text(t(N_("Both were run alike.")))]
    unlike: Screen = [Heading(t(N_("What was not alike"))), Table((t(N_("What")), "A", "B"), changed)]
    return [facts, *(unlike if changed else alike), Heading(t(N_("Differences"))), Table(headers, rows)]


def _row(one: Body, t: Reader) -> tuple[object, ...]:
    name = t(GROUPS[one["name"]]) if one["window"] != "whole" and one["name"] in GROUPS else one["name"]
    figures = (_figure(one, key) for key in ("a", "b", "value"))
    real = Tone(t(N_("yes")), "red" if (one["value"] or 0) > 0 else "green") if one["is_real"] else t(N_("no"))
    low, high = (
        ("-∞" if one["low"] is None else _figure(one, "low")),
        ("+∞" if one["high"] is None else _figure(one, "high")),
    )
    interval = "" if one["value"] is None else f"{low} … {high}"
    told = t(N_("errors")) if one["figure"] == "error_rate" else one["figure"]
    return (window_name(one["window"], t), name, told, *figures, interval, real)


def _figure(one: Body, key: str) -> str:
    value = one[key]
    if value is None:
        return "∞" if key in {"a", "b"} else ""
    sign = "+" if key not in {"a", "b"} else ""
    if one["figure"] == "error_rate":
        return f"{value * 100:{sign}.2f} %"
    if abs(value) >= SECOND_MS:
        return f"{value / SECOND_MS:{sign}.2f} s"
    return f"{value:{sign}.0f} ms" if abs(value) >= SMALL_MS else f"{value:{sign}.1f} ms"
