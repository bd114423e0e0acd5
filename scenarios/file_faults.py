"""From what the validator found to one sentence with file, line and key.

Shared by the readers of hotel files and season scenarios. A person gets the first mistake in the order of the file,
because later ones are often its echo; a key that is missing comes after all others: it is often the echo of a misspelt
one.
"""

import re
import tomllib
from decimal import Decimal

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scenarios.schema.faults import Fault, KeyPath, meant


class FileError(Exception):
    """A file that cannot be used: `file`, `line` (from 1, 0 = none), `key` and one sentence."""

    def __init__(self, file: str, key: str, line: int, message: str) -> None:
        """Keep the place and build the sentence that people read."""
        self.file, self.key, self.line, self.message = file, key, line, message
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}, {key}: {message}" if key else f"{where}: {message}")


PARSER_PLACE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
QUOTED = re.compile(r"'([^']*)'")
CODE_FORM = "PMS codes are capitals, digits, - and _ (at most 20), our own words are small letters, digits and _"
MISSING = "the key is missing"
SENTENCES = {
    "missing": MISSING,
    "string_type": "text in quotes is expected",
    "int_type": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "float_type": "a number is expected",
    "bool_type": "true or false is expected",
    "tuple_type": "a list is expected",
    "dict_type": "a table is expected",
    "model_type": "a table is expected",
    "decimal_type": "a number is expected",
    "date_type": "a day such as 2027-07-15 is expected",
    "date_from_datetime_inexact": "a day without a time is expected",
}
LENGTHS = {
    "too_short": "at least {min_length} items are expected, not {actual_length}",
    "too_long": "at most {max_length} items are expected, not {actual_length}",
}
PATTERNS = {r"^[a-z][a-z0-9-]{0,59}$": "is no name: small letters, digits and -, a letter first, 60 at most"}


class TomlFaultError(Exception):
    """Text that is not TOML: `line` (0: nobody knows) and one sentence."""

    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message
        super().__init__(message)


def toml_of(text: str) -> dict[str, object]:
    """The content of TOML text, decimals as `Decimal`. Raises TomlFaultError."""
    text = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = PARSER_PLACE.search(str(error))
        line = int(place[1]) if place is not None and place[1] else text.count("\n") + 1
        sentence = PARSER_PLACE.sub("", str(error))
        raise TomlFaultError(line, f"not valid TOML: {sentence[:1].lower()}{sentence[1:]}") from None
    except RecursionError:
        raise TomlFaultError(0, "not valid TOML: tables or lists stand too deep in each other") from None
    except (ValueError, ArithmeticError) as error:
        raise TomlFaultError(0, f"not valid TOML: a number or text cannot be read ({type(error).__name__})") from None


def known_part(lines: dict[KeyPath, int], path: KeyPath) -> KeyPath:
    """Leave out the steps that only the validator knows (the branch of a union)."""
    known: KeyPath = ()
    for step in path:
        if (*known, step) in lines or any(key[: len(known) + 1] == (*known, step) for key in lines):
            known = (*known, step)
    return known


def dotted(path: KeyPath) -> str:
    """The path as people write it; items of a list are counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """What the validator of `model` found. A list that is too short only because an item of it is wrong is an echo of
    that item, and left out."""
    every = error.errors()
    wrong = {details["loc"][:end] for details in every for end in range(len(details["loc"]))}
    return [fault_of(one, model) for one in every if one["type"] not in LENGTHS or one["loc"] not in wrong]


def fault_of(details: ErrorDetails, model: type[BaseModel]) -> Fault:
    """What the validator of `model` found, as a sentence."""
    path = tuple(step for step in details["loc"] if step not in {"[key]", "MonthDay", "date"})
    kind = details["type"]
    if kind == "extra_forbidden":
        return Fault(path, f"unknown key{meant(str(path[-1]), keys_beside(path, model))}")
    if kind in {"literal_error", "enum"}:
        expected = QUOTED.findall(details["ctx"]["expected"])
        return Fault(path, f"{details['input']!r} is not allowed{meant(str(details['input']), expected)}")
    if kind == "value_error":
        return Fault(path, str(details["ctx"]["error"]))
    if kind == "string_pattern_mismatch":
        form = PATTERNS.get(str(details["ctx"]["pattern"]), f"is not written as a code: {CODE_FORM}")
        return Fault(path, f"{details['input']!r} {form}")
    if kind in LENGTHS:
        return Fault(path, LENGTHS[kind].format(**details["ctx"]))
    message = SENTENCES.get(kind, details["msg"].replace("Input should be", "the value must be"))
    return Fault(path, f"{message[:1].lower()}{message[1:]}")


def keys_beside(path: KeyPath, model: type[BaseModel]) -> list[str]:
    """The keys the schema of `model` knows beside the last step of `path`."""
    schema: object = model.model_json_schema()
    node: object = schema
    for step in path[:-1]:
        node = _step(schema, node, step)
    here = _resolved(schema, node)
    properties = here.get("properties", {})
    names = here.get("propertyNames", {})
    if isinstance(names, dict) and isinstance(names.get("enum"), list):
        return [str(one) for one in names["enum"]]
    return list(properties) if isinstance(properties, dict) else []


def _step(schema: object, node: object, step: str | int) -> object:
    here = _resolved(schema, node)
    if isinstance(step, int):
        return here.get("items", {})
    properties = here.get("properties", {})
    if isinstance(properties, dict) and step in properties:
        return properties[step]
    patterns = here.get("patternProperties", {})
    named = next(iter(patterns.values()), None) if isinstance(patterns, dict) else None
    return named or here.get("additionalProperties", {})


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
