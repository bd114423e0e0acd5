"""Read a scenario file, or say in one sentence what is wrong with it and where.

A hotel file passes three gates: it is TOML, each section has the shape the
schema gives it, and the sections agree with each other. Whatever fails, the
reader gets the same kind of answer - file, line, key, sentence - and the first
mistake in the order of the file, because later ones are often its echo. A key
that is missing comes after all others: it is often the echo of a misspelt one.
"""

import re
import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenarios.schema.checks import find_faults
from scenarios.schema.faults import Fault, KeyPath, meant
from scenarios.schema.hotel import Hotel
from scenarios.toml_lines import key_lines, line_of

SHIPPED = ("belek-resort", "side-resort", "kemer-boutique", "demo-resort")
MAX_BYTES = 1_000_000
PARSER_PLACE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
QUOTED = re.compile(r"'([^']*)'")
CODE_FORM = "PMS codes are capitals, digits, - and _ (at most 20), our own words are small letters, digits and _"
SENTENCES = {
    "missing": "the key is missing",
    "string_type": "text in quotes is expected",
    "int_type": "a whole number is expected",
    "bool_type": "true or false is expected",
    "tuple_type": "a list is expected",
    "dict_type": "a table is expected",
    "model_type": "a table is expected",
    "decimal_type": "a number is expected",
}


class HotelFileError(Exception):
    """A hotel file that cannot be used: `file`, `line` (from 1, 0 = none), `key` and one sentence."""

    code = "hotel_file"

    def __init__(self, file: str, key: str, line: int, message: str) -> None:
        """Keep the place and build the sentence that people read."""
        self.file, self.key, self.line, self.message = file, key, line, message
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}, {key}: {message}" if key else f"{where}: {message}")


def shipped_hotels() -> tuple[str, ...]:
    """Give the names of the hotel files that come with Santral, the default one first."""
    return SHIPPED


def load_hotel(path_or_name: str | Path) -> Hotel:
    """Read and check a hotel file.

    Takes a path, or the name of a shipped hotel (`belek-resort`). Raises
    `HotelFileError` for a file that is missing, unreadable, not TOML, not of
    the schema, or not in agreement with itself.
    """
    name, text = _read(path_or_name)
    return parse_hotel(text, name)


def parse_hotel(text: str, file: str = "hotel file") -> Hotel:
    """Make a `Hotel` of TOML text; `file` is the name that errors show."""
    content = _toml(text, file)
    version = content.get("schema")
    if version != 1 or isinstance(version, bool):
        said = "the file has none" if version is None else f"the file says {version}"
        raise HotelFileError(file, "schema", 1, f"this version of Santral reads schema = 1; {said}")
    try:
        hotel = Hotel.model_validate(content)
    except ValidationError as error:
        raise _located(file, text, [_fault(details) for details in error.errors()]) from None
    faults = find_faults(hotel)
    if faults:
        raise _located(file, text, list(faults))
    return hotel


def _read(path_or_name: str | Path) -> tuple[str, str]:
    if str(path_or_name) in SHIPPED:
        resource = files("scenarios").joinpath("hotels", f"{path_or_name}.toml")
        return resource.name, resource.read_text(encoding="utf-8")
    path = Path(path_or_name)
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        shipped = ", ".join(SHIPPED)
        raise HotelFileError(str(path), "", 0, f"there is no such hotel file; shipped hotels are {shipped}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise HotelFileError(str(path), "", 0, f"the file cannot be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise HotelFileError(path.name, "", 0, "the file is larger than 1 MB, so it is not a hotel file")
    try:
        return path.name, raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise HotelFileError(path.name, "", line, "the file is not UTF-8 text") from None


def _toml(text: str, file: str) -> dict[str, object]:
    text = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = PARSER_PLACE.search(str(error))
        at_end = text.count("\n") + 1
        line = int(place[1]) if place is not None and place[1] else at_end
        sentence = PARSER_PLACE.sub("", str(error))
        raise HotelFileError(file, "", line, f"not valid TOML: {sentence[:1].lower()}{sentence[1:]}") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise HotelFileError(file, "", 0, f"not valid TOML: {type(error).__name__}") from None


def _located(file: str, text: str, faults: list[Fault]) -> HotelFileError:
    lines = key_lines(text.replace("\r\n", "\n"))
    placed = [(line_of(lines, _known(lines, fault.path)), fault) for fault in faults]
    line, fault = min(placed, key=lambda item: (item[1].message == SENTENCES["missing"], item[0]))
    return HotelFileError(file, _dotted(fault.path), line, fault.message)


def _known(lines: dict[KeyPath, int], path: KeyPath) -> KeyPath:
    """Leave out the steps that only the validator knows (the branch of a union)."""
    known: KeyPath = ()
    for step in path:
        if (*known, step) in lines or any(key[: len(known) + 1] == (*known, step) for key in lines):
            known = (*known, step)
    return known


def _dotted(path: KeyPath) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _fault(details: ErrorDetails) -> Fault:
    path = tuple(step for step in details["loc"] if step not in {"[key]", "MonthDay", "date"})
    kind = details["type"]
    if kind == "extra_forbidden":
        return Fault(path, f"unknown key{meant(str(path[-1]), _siblings(path))}")
    if kind in {"literal_error", "enum"}:
        expected = QUOTED.findall(details["ctx"]["expected"])
        return Fault(path, f"{details['input']!r} is not allowed{meant(str(details['input']), expected)}")
    if kind == "value_error":
        return Fault(path, str(details["ctx"]["error"]))
    if kind == "string_pattern_mismatch":
        return Fault(path, f"{details['input']!r} is not written as a code: {CODE_FORM}")
    message = SENTENCES.get(kind, details["msg"].replace("Input should be", "the value must be"))
    return Fault(path, f"{message[:1].lower()}{message[1:]}")


def _siblings(path: KeyPath) -> list[str]:
    """Give the keys the schema knows beside the last step of `path`."""
    schema: object = Hotel.model_json_schema()
    node: object = schema
    for step in path[:-1]:
        node = _step(schema, node, step)
    properties = _resolved(schema, node).get("properties", {})
    return list(properties) if isinstance(properties, dict) else []


def _step(schema: object, node: object, step: str | int) -> object:
    here = _resolved(schema, node)
    if isinstance(step, int):
        return here.get("items", {})
    properties = here.get("properties", {})
    return properties.get(step, here.get("additionalProperties", {})) if isinstance(properties, dict) else {}


def _resolved(schema: object, node: object) -> dict[str, object]:
    """Follow a reference, and the non-null branch of an optional one."""
    while isinstance(node, dict):
        if "anyOf" in node:
            node = next((branch for branch in node["anyOf"] if branch.get("type") != "null"), {})
        elif "$ref" in node and isinstance(schema, dict):
            node = schema["$defs"][str(node["$ref"]).rsplit("/", 1)[-1]]
        else:
            return node
    return {}
