"""Read a scenario file, or say in one sentence what is wrong with it and where.

A hotel file passes three gates: it is TOML, each section has the shape the
schema gives it, and the sections agree with each other. Whatever fails, the
reader gets the same kind of answer - file, line, key, sentence - and the first
mistake in the order of the file, because later ones are often its echo. A key
that is missing comes after all others: it is often the echo of a misspelt one.
"""

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from scenarios.file_faults import MISSING, FileError, TomlFaultError, dotted, faults_of, known_part, toml_of
from scenarios.schema.checks import find_faults
from scenarios.schema.faults import Fault
from scenarios.schema.hotel import Hotel
from scenarios.toml_lines import key_lines, line_of

SHIPPED = ("belek-resort", "side-resort", "kemer-boutique", "demo-resort", "bodrum-resort")
MAX_BYTES = 1_000_000


class HotelFileError(FileError):
    """A hotel file that cannot be used."""

    code = "hotel_file"


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
        raise _located(file, text, faults_of(error, Hotel)) from None
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
    try:
        return toml_of(text)
    except TomlFaultError as error:
        raise HotelFileError(file, "", error.line, error.message) from None


def _located(file: str, text: str, faults: list[Fault]) -> HotelFileError:
    lines = key_lines(text.replace("\r\n", "\n"))
    placed = [(line_of(lines, known_part(lines, fault.path)), fault) for fault in faults]
    line, fault = min(placed, key=lambda item: (item[1].message == MISSING, item[0]))
    return HotelFileError(file, dotted(fault.path), line, fault.message)
