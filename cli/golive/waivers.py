"""What a hotel answers for itself: lines that are not ready, waived by a named person with a reason.

    [[waive]]
    line = "targets_calibrated"
    reason = "The pilot begins on 1 May; targets follow on 1 June."
    name = "whoever answers for it"

The file is `golive.toml` beside the scenario's run, or any that `--waivers` names. Only the readiness list can be
waived, and what could not be looked at (`headroom`); what was tried and failed stands.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from cli.golive.lines import BY_SLUG
from cli.loadtest.target import Waiver
from domain.errors import InvalidInput

FILE = Path("golive.toml")
CHECKS = ("headroom",)
KEYS = ("line", "reason", "name")


def read_waivers(path: Path | None) -> tuple[Waiver, ...]:
    """Of a file; None: `golive.toml` here, if there is one. InvalidInput says what is wrong with it, and where."""
    place = path or FILE
    if path is None and not place.is_file():
        return ()
    try:
        content = tomllib.loads(place.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("{file} cannot be read.", file=str(place), field="waivers") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("{file}: {why}", file=str(place), why=str(error), field="waivers") from error
    return checked(content, str(place))


def checked(content: Mapping[str, object], file: str) -> tuple[Waiver, ...]:
    """The waivers of a parsed file. InvalidInput for unknown keys and lines, and for a missing reason or name."""
    rows = content.get("waive", [])
    if set(content) - {"waive"} or not isinstance(rows, list):
        raise InvalidInput("{file} holds [[waive]] tables and nothing else.", file=file, field="waivers")
    found = tuple(_waiver(row, number, file) for number, row in enumerate(rows, 1))
    names = [one.check for one in found]
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise InvalidInput("{file} waives {line} twice.", file=file, line=twice, field="waivers")
    return found


def _waiver(row: object, number: int, file: str) -> Waiver:
    known = row if isinstance(row, dict) else {}
    strange = next(iter(sorted(set(known) - set(KEYS))), None)
    if strange is not None:
        raise InvalidInput("{file}: {key} is not a key of [[waive]]; it has line, reason, name.", file=file,
                           key=strange, field="waivers")  # fmt: skip
    texts = {key: value.strip() for key in KEYS if isinstance(value := known.get(key), str)}
    line = texts.get("line", "")
    if line not in BY_SLUG and line not in CHECKS:
        raise InvalidInput("{file}: there is no readiness line {line}.", file=file, line=line or f"[[waive]] {number}",
                           hint=", ".join((*BY_SLUG, *CHECKS)), field="waivers")  # fmt: skip
    for key in ("reason", "name"):
        if not texts.get(key):
            raise InvalidInput("{file}: the waiver of {line} needs a {key}.", file=file, line=line, key=key,
                               field="waivers")  # fmt: skip
    return Waiver(line, texts["reason"], texts["name"])


def of_checks(waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Those that are about no readiness line: the run's own judge applies them."""
    return tuple(one for one in waivers if one.check not in BY_SLUG)
