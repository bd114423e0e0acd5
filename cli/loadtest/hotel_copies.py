"""The hotels of a scenario as hotel files: copies get ids of their own, and rooms as the scenario says.

A scenario says `copies = 8` and `rooms = 352` of one file. The mock PMS and the service read files, so each of those
hotels becomes one: the text of the original with three kinds of line changed, its id, its id in the PMS, and the rooms
of its types. Comments and everything else stay as they were written.
"""

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from domain.errors import InvalidInput
from scenarios.loader import HotelFileError, parse_hotel, shipped_hotels
from scenarios.scenario_hotels import ScenarioHotel
from scenarios.toml_lines import KeyPath, key_lines

_VALUE = re.compile(r"""^(\s*[\w"'.-]+\s*=\s*)("[^"]*"|'[^']*'|\d[\d_]*)""")


def write_hotels(folder: Path, hotels: Iterable[ScenarioHotel]) -> tuple[Path, ...]:
    """Write a file for each hotel, named by its id. InvalidInput for a file whose ids cannot be changed."""
    found = []
    for one in hotels:
        path = folder / f"{one.hotel_id.lower()}.toml"
        path.write_text(hotel_text(_original(one.file), one), encoding="utf-8")
        found.append(path)
    return tuple(found)


def hotel_text(text: str, one: ScenarioHotel) -> str:
    """The text of the file as this hotel's own; InvalidInput when a value that has to change does not stand on a line
    of its own."""
    text = text.replace("\r\n", "\n")
    pms_id = one.hotel.pms.hotel_id + one.hotel_id.removeprefix(one.hotel.id)
    wanted: dict[KeyPath, str] = {("hotel", "id"): f'"{one.hotel_id}"', ("pms", "hotel_id"): f'"{pms_id}"'}
    for i, room_type in enumerate(one.hotel.room_types):
        wanted["room_types", i, "rooms"] = str(one.rooms_by_type[room_type.code])
    places, lines = key_lines(text), text.split("\n")
    for path, value in wanted.items():
        number = places.get(path, 0) - 1
        lines[number] = _VALUE.sub(rf"\g<1>{value}", lines[number], count=1)
    made = "\n".join(lines)
    _check(made, one, pms_id)
    return made


def _check(made: str, one: ScenarioHotel, pms_id: str) -> None:
    try:
        hotel = parse_hotel(made, one.file)
    except HotelFileError as error:
        raise _not_to_copy(one) from error
    rooms = {room_type.code: room_type.rooms for room_type in hotel.room_types}
    if (hotel.id, hotel.pms.hotel_id, rooms) != (one.hotel_id, pms_id, one.rooms_by_type):
        raise _not_to_copy(one)


def _not_to_copy(one: ScenarioHotel) -> InvalidInput:
    return InvalidInput(
        "{file} cannot be copied: its id, its hotel_id and the rooms of its types each need a line of their own.",
        file=one.file, field="hotels",
    )  # fmt: skip


def _original(file: str) -> str:
    if file in shipped_hotels():
        return files("scenarios").joinpath("hotels", f"{file}.toml").read_text(encoding="utf-8")
    return Path(file).read_text(encoding="utf-8-sig")
