"""From a cell to what is meant, whether a person typed it, Excel turned it into a number, or a program wrote it.

Amounts are read as people of the coast write them (`4.350,00`, `4,350.00`, `4350`, `€ 4.350`), days as `2027-08-03`,
`03.08.2027` or a real date. What could be meant in two ways is refused rather than guessed: `08/03/2027` is the third
of August for one reader and the eighth of March for another, a number where a day belongs is Excel's count of days.
A text that was quoted with `'` against spreadsheets that run formulas loses the quote again.
"""

import math
import re
from datetime import date, datetime, time
from decimal import Decimal

from domain.errors import InvalidInput
from domain.money import MINOR_DIGITS
from integration.ports.sheets import Cell

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 2000
_SIGNS = {"€": "EUR", "₺": "TRY", "TL": "TRY", "$": "USD", "US$": "USD", "£": "GBP"} | {
    code: code for code in MINOR_DIGITS
}
_MARK = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_MARKED = re.compile(rf"(?P<before>{_MARK})?\s*(?P<number>[0-9].*?)\s*(?P<after>{_MARK})?", re.IGNORECASE)
_PLAIN = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]{1,2}))?")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3}){0,3})(?:(?!\2)[.,]([0-9]{1,2}))?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_TURKISH_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_WHOLE = re.compile(r"([0-9]{1,6})(?:[.,]0+)?")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " ") | {"’": "'"})


def guarded(text: str) -> str:
    """A text that no spreadsheet runs: quoted with `'` where it begins like a formula."""
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def text_of(cell: Cell, column: str) -> str:
    """The cell as text, empty for nothing; InvalidInput for characters that are no text, and for far too long."""
    text = _written(cell).strip()
    if text[:1] == "'" and text[1:2] and text[1] in (*FORMULA, "'"):
        text = text[1:]
    if len(text) > LONGEST:
        raise InvalidInput("The cell under {column} is longer than {most} characters.", column=column, most=LONGEST)
    if any(not one.isprintable() and one not in "\n\r\t\u00a0\u202f\u2009" for one in text):
        raise InvalidInput("The cell under {column} holds characters that are no text.", column=column)
    return text


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - a float holds whole numbers that far
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def amount_of(cell: Cell, column: str) -> tuple[Decimal, str | None] | None:
    """Amount, and the currency if a sign or code stands beside it; None for nothing."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell >= 0:
            return Decimal(str(cell)), None
        raise _no_amount(cell, column)
    text = text_of(cell, column).translate(_SPACES)
    if not text:
        return None
    marked = _MARKED.fullmatch(text)
    amount = _number(marked["number"]) if marked is not None else None
    if marked is None or amount is None or (marked["before"] and marked["after"]):
        raise _no_amount(text, column)
    sign = marked["before"] or marked["after"]
    return amount, _SIGNS[sign.upper()] if sign else None


def _number(text: str) -> Decimal | None:
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return Decimal(f"{plain[1]}.{plain[2] or 0}")
    grouped = _GROUPED.fullmatch(text)
    if grouped is None:
        return None
    return Decimal(f"{grouped[1].replace(grouped[2], '')}.{grouped[3] or 0}")


def day_of(cell: Cell, column: str) -> date | None:
    """A day; None for nothing."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell, column)
    if not text:
        return None
    if found := _ISO_DAY.fullmatch(text):
        parts = found[1], found[2], found[3]
    elif found := _TURKISH_DAY.fullmatch(text):
        parts = found[3], found[2], found[1]
    else:
        raise _no_day(text, column)
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise _no_day(text, column) from None


def whole_of(cell: Cell, column: str) -> int | None:
    """A whole number; None for nothing."""
    text = text_of(cell, column)
    if not text:
        return None
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise InvalidInput("{text} under {column} is not a whole number.", text=text[:40], column=column, field=column)
    return int(found[1])


def ages_of(cell: Cell, column: str) -> tuple[int, ...]:
    """Ages of children: `7`, `7;3`, `7, 3`, `7 3`."""
    parts = [part for part in re.split(r"[;,/+\s]+", text_of(cell, column)) if part]
    if any(_WHOLE.fullmatch(part) is None for part in parts):
        raise InvalidInput(
            "{text} under {column} are not ages such as 7;3.", text=" ".join(parts)[:40], column=column, field=column
        )
    return tuple(int(part) for part in parts)


def codes_of(cell: Cell, column: str) -> tuple[str, ...]:
    """Codes, each once: `late_check_in;allergy`."""
    return tuple(dict.fromkeys(part for part in re.split(r"[;,|\s]+", text_of(cell, column)) if part))


def _no_amount(typed: Cell, column: str) -> InvalidInput:
    return InvalidInput(
        "{text} under {column} is not an amount such as 4350.00 or 4.350,00.",
        text=str(typed)[:40], column=column, field=column,
    )  # fmt: skip


def _no_day(text: str, column: str) -> InvalidInput:
    return InvalidInput(
        "{text} under {column} is not a day such as 2027-08-03 or 03.08.2027.",
        text=text[:40], column=column, field=column,
    )  # fmt: skip
