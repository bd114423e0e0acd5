"""The scenario file that a fit makes: what the log told, over a base that keeps the rest.

Every value carries its source (`derived`) and a note with the size of its sample and its interval, so that reports of a
simulation show what it rests on. Numbers keep four digits that count.
"""

from collections.abc import Sequence
from math import floor, log10

from scenarios.schema.season import Title
from scenarios.toml_text import quoted
from sim.fit.fitted import Fitted, Of

DIGITS = 4
COUNTED = {
    Of.CONTACTS: "contacts",
    Of.DAYS: "days",
    Of.MONTHS: "months",
    Of.ANSWERED: "answered contacts",
    Of.GAVE_UP: "guests who gave up",
    Of.WAITED: "guests who had to wait",
    Of.REDIALS: "redials",
    Of.BOOKINGS: "bookings",
    Of.ROOMS: "rooms",
}


def scenario_text(fitted: Sequence[Fitted], extends: str, name: str, title: Title, what: str) -> str:
    """The file. `what`: the log in a few words, for its first line; `extends` as the new file will find the base."""
    lines = [
        f"# {_plain(what)}",
        "# Written by `santral scenario fit`; whatever is not here is the base's.",
        "",
        "schema = 1",
        f"extends = {quoted(extends)}",
        f"name = {quoted(name)}",
        "",
        "[title]",
        f"tr = {quoted(title.tr)}",
        f"en = {quoted(title.en)}",
    ]
    tables: dict[str, list[str]] = {}
    for one in fitted:
        table, _, key = one.path.rpartition(".")
        tables.setdefault(table, []).append(
            f'{key} = {{ value = {_value(one)}, source = "derived", note = {quoted(note_of(one))} }}'
        )
    for table, rows in tables.items():
        lines += ["", f"[{table}]", *rows]
    return "\n".join(lines) + "\n"


def note_of(one: Fitted) -> str:
    """Sample and interval of a value."""
    rests = f"; rests on {one.rests_on}" if one.rests_on else ""
    return f"n = {one.n} {COUNTED[one.of]}{_interval(one)}{rests}"


def _interval(one: Fitted) -> str:
    if isinstance(one.low, float) and isinstance(one.high, float):
        return f", 95 % {rounded(one.low)} to {rounded(one.high)}"
    if not isinstance(one.low, tuple) or not isinstance(one.high, tuple):
        return ""
    widest = max((high - low) / 2 for low, high in zip(one.low, one.high, strict=True))
    return f", 95 % within {rounded(widest)}"


def rounded(value: float) -> float | int:
    """Four digits that count."""
    if value == 0:
        return 0
    short = round(value, DIGITS - 1 - floor(log10(abs(value))))
    return int(short) if short == int(short) else short


def _value(one: Fitted) -> str:
    if not isinstance(one.value, tuple):
        return _number(one.value or 0.0)
    rows = [
        f"{{ value = {row[0]}, weight = {_number(row[1])} }}" if isinstance(row, tuple) else _number(row)
        for row in one.value
    ]
    return f"[{', '.join(rows)}]"


def _number(value: float) -> str:
    found = rounded(value)
    return f"{found:.12f}".rstrip("0").rstrip(".") if isinstance(found, float) else str(found)


def _plain(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
