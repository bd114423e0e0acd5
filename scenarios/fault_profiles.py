"""Read a fault profile, or say in one sentence what is wrong with it and where.

Takes a path, or the name of a profile that comes with Santral (`bad-day`). The first mistake in the order of the file
is told with its line, as for a hotel file.
"""

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenarios.schema.faults import KeyPath, meant
from scenarios.schema.faults_profile import FaultProfile, FaultRule
from scenarios.toml_lines import key_lines, line_of

MAX_BYTES = 1_000_000
# A key that is missing, or a list that lost its items, is often the echo of another mistake: told only when alone.
ECHOES = {"missing": 1, "too_short": 2}


class FaultProfileError(Exception):
    """A fault profile that cannot be used: `file`, `line` (from 1, 0 = none) and one sentence."""

    code = "fault_profile"

    def __init__(self, file: str, line: int, message: str) -> None:
        """Keep the place and build the sentence that people read."""
        self.file, self.line, self.message = file, line, message
        super().__init__(f"{file}, line {line}: {message}" if line else f"{file}: {message}")


def shipped_profiles() -> tuple[str, ...]:
    """Give the names of the profiles that come with Santral."""
    names = (entry.name for entry in files("scenarios").joinpath("faults").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_profile(path_or_name: str | Path) -> FaultProfile:
    """Read and check a profile. Raises FaultProfileError."""
    name, text = _read(str(path_or_name))
    return parse_profile(text, name)


def parse_profile(text: str, file: str = "fault profile") -> FaultProfile:
    """Make a profile of TOML text; `file` is the name that errors show."""
    text = text.replace("\r\n", "\n")
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise FaultProfileError(file, 0, f"not valid TOML: {error}") from None
    try:
        return FaultProfile.model_validate(content)
    except ValidationError as error:
        raise _located(file, text, error.errors()) from None


def _located(file: str, text: str, errors: list[ErrorDetails]) -> FaultProfileError:
    lines = key_lines(text)
    found = [(ECHOES.get(one["type"], 0), line_of(lines, _path(one["loc"])), _sentence(one)) for one in errors]
    _, line, message = min(found)
    return FaultProfileError(file, line, message)


def _read(wanted: str) -> tuple[str, str]:
    if wanted in shipped_profiles():
        resource = files("scenarios").joinpath("faults", f"{wanted}.toml")
        return resource.name, resource.read_text(encoding="utf-8")
    try:
        with Path(wanted).open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        shipped = ", ".join(shipped_profiles())
        raise FaultProfileError(wanted, 0, f"there is no such fault profile; shipped profiles are {shipped}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a usable path"
        raise FaultProfileError(wanted, 0, f"the file cannot be read: {why}") from None
    if len(raw) > MAX_BYTES:
        raise FaultProfileError(wanted, 0, "the file is larger than 1 MB, so it is not a fault profile")
    try:
        return Path(wanted).name, raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FaultProfileError(wanted, 0, "the file is not UTF-8 text") from None


def _path(location: KeyPath) -> KeyPath:
    return tuple(
        step for step in location if not (isinstance(step, str) and step.startswith(("timedelta", "datetime")))
    )


def _sentence(details: ErrorDetails) -> str:
    where = details["loc"]
    key = str(where[-1]) if where and isinstance(where[-1], str) else ""
    if details["type"] == "extra_forbidden":
        known = FaultRule.model_fields if len(where) > 1 else ("schema", "about", "seed", "fault")
        return f"unknown key {key}{meant(key, known)}"
    if details["type"] == "missing":
        return f"the key {key} is missing"
    message = details["msg"].removeprefix("Value error, ").replace("Input should be", "the value must be")
    return f"{key}: {message}" if key else message
