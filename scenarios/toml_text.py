"""Tables as TOML text: for the scenario files that Santral writes itself.

The standard library reads TOML and does not write it. This writes what a scenario's content is made of: tables,
lists, texts, numbers, days and truth values. Values of a table come before the tables in it, so every line belongs to
the header above it; a table within a list is written inline. Reading the text gives the content back.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 110


def toml_text(content: Mapping[str, object]) -> str:
    """The content as a file. TypeError for a value that TOML has no word for."""
    return "\n".join(_table(content, ())).strip("\n") + "\n"


def quoted(text: str) -> str:
    """A TOML string; what cannot be printed becomes a space."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else " " for one in escaped) + '"'


def _table(content: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    values = {key: one for key, one in content.items() if not isinstance(one, Mapping)}
    if values and path:
        yield ""
        yield f"[{'.'.join(map(_key, path))}]"
    for key, one in values.items():
        yield from _pair(key, one)
    for key, one in content.items():
        if isinstance(one, Mapping):
            yield from _table(one, (*path, key))


def _pair(key: str, value: object) -> Iterator[str]:
    line = f"{_key(key)} = {_value(value)}"
    if isinstance(value, list | tuple) and len(line) > _WIDTH:
        yield f"{_key(key)} = ["
        yield from (f"  {_value(one)}," for one in value)
        yield "]"
    else:
        yield line


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else quoted(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case Decimal():
            return _decimal(value)
        case int() | float():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(key)} = {_value(one)}' for key, one in value.items())} }}"
        case _:
            raise TypeError(f"TOML has no word for {type(value).__name__}")


def _decimal(value: Decimal) -> str:
    """With a point, so that it is read as it was: a whole number is another type."""
    text = f"{value:f}"
    return text if "." in text or not value.is_finite() else f"{text}.0"
