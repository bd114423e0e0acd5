"""The table of the wire, read once: operations, their parameters, and the shape of their bodies.

`wire_schema.json` is derived from the vendor's documents (see derive.py) and ships with the mock. Body validators are
compiled by jsonschema-rs on first use of an operation, because a command line that reads one reservation should not
pay for the others.

Formats: `date` is an ISO day that exists; `date-time` is RFC 3339 with the offset left optional, because the dialect
has instants "in the property's time zone" that carry none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

Json = dict[str, Any]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)


def is_day(text: str) -> bool:
    """True for an ISO calendar day that exists, e.g. `2026-07-10`."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_instant(text: str) -> bool:
    """True for an RFC 3339 date and time, the offset optional."""
    if not _INSTANT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(re.sub(r"\.([0-9]+)", lambda m: "." + (m[1] + "000000")[:6], text))
    except ValueError:
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {"date": is_day, "date-time": is_instant, "byte": lambda _text: True}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the dialect: where it is, and what it takes."""

    id: str
    area: str
    method: str
    template: str
    query: Json
    form: Json
    segments: Json
    headers: Json
    body: str | None
    success: int

    @property
    def is_write(self) -> bool:
        return self.method != "GET" and self.area != "oauth"


@dataclass(frozen=True, slots=True)
class Wire:
    """All operations by id, the ones known but not offered, and the definitions their bodies use."""

    release: str
    operations: dict[str, Operation]
    elsewhere: tuple[tuple[str, str], ...]
    definitions: Json


@lru_cache(maxsize=1)
def wire() -> Wire:
    """The shipped table."""
    raw = msgspec.json.decode(Path(__file__).with_name("wire_schema.json").read_bytes())
    return Wire(
        raw["release"],
        {name: _operation(name, entry, raw["headers"]) for name, entry in raw["operations"].items()},
        tuple((method, path) for method, path in raw["elsewhere"]),
        raw["definitions"],
    )


def _operation(name: str, entry: Json, headers: Json) -> Operation:
    return Operation(
        id=name,
        area=entry["area"],
        method=entry["method"],
        template=entry["path"],
        query=entry["query"],
        form=entry["form"],
        segments=entry["segments"],
        headers={header: headers[header] for header in entry["headers"]},
        body=entry["body"],
        success=int(entry["success"]),
    )


@lru_cache(maxsize=64)
def validator(body: str) -> Any:  # noqa: ANN401 - jsonschema-rs' validator class
    """The compiled validator of a body, e.g. `rsv/createReservation`."""
    from jsonschema_rs import Draft4Validator  # noqa: PLC0415 - a native library that reads need not load

    schema = {"$ref": f"#/definitions/{body}", "definitions": wire().definitions}
    return Draft4Validator(schema, validate_formats=True, formats=FORMATS)
