"""What may be in a body: strict JSON, then the shape that the vendor's document gives.

Strict means: UTF-8, no duplicate names, no NaN or Infinity, no number that overflows, no half of a surrogate pair, no
NUL, no nesting deeper than any real payload. Everything that fails is a 400 with the place where it failed; a hostile
body must never become a 500 or a long wait.
"""

import json
import math
from typing import Any

from pms_mock.protocol.problem import Problem, bad_request
from pms_mock.protocol.wire import validator

Json = dict[str, Any]

MAX_BODY_BYTES = 1_048_576
_MAX_DIGITS = 18


class _NotJson(ValueError):
    """A value that JSON text can spell and the dialect cannot mean."""


def parse(raw: bytes) -> Json:
    """The JSON object in `raw`; raises a 400 `Problem` that says what is wrong with it."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise bad_request("The body is not UTF-8 text") from None
    except RecursionError:
        raise bad_request("The body is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise bad_request("The body is not JSON", detail=f"{error.msg} at character {error.pos}") from None
    except _NotJson as error:
        raise bad_request(str(error)) from None
    if not isinstance(value, dict):
        raise bad_request("The body is not a JSON object")
    return value


def check(value: Json, body: str) -> None:
    """Refuse what does not fit the definition `body` (`document/name`); reports the first misfit by its path."""
    try:
        error = next(iter(validator(body).iter_errors(value)), None)
    except (ValueError, RecursionError, UnicodeError):
        raise bad_request("The body cannot be checked") from None
    if error is not None:
        raise _misfit(error)


def _misfit(error: Any) -> Problem:  # noqa: ANN401 - jsonschema-rs' error class
    path = ""
    for step in error.instance_path:
        path += f"[{step}]" if isinstance(step, int) else (f".{step}" if path else str(step))
    return bad_request(
        "The body does not fit the document", path or "body", code="GEN00002", detail=error.message[:300]
    )


def _object(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _NotJson("A name occurs twice in one object")
    for key, member in pairs:
        if "\0" in key or (isinstance(member, str) and "\0" in member):
            raise _NotJson("A text holds the character NUL")
    return value


def _constant(text: str) -> float:
    raise _NotJson(f"{text} is not a JSON number")


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise _NotJson("A number is too large")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value) or len(text) > _MAX_DIGITS * 2:
        raise _NotJson("A number is too large or too long")
    return value
