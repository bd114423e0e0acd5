"""The hotels of a scenario: its hotel files, each as often as it says, with as many rooms as it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scenarios.loader import HotelFileError, load_hotel, shipped_hotels
from scenarios.scenario_files import ScenarioFileError
from scenarios.scenario_layers import Layer, place_of
from scenarios.schema.hotel import Hotel
from scenarios.schema.season import HotelUse, Scenario

_shipped = cache(load_hotel)


@dataclass(frozen=True, slots=True)
class ScenarioHotel:
    """One hotel of a scenario. `hotel_id`: the file's id, further copies with `-2`, `-3`...; `rooms_by_type`: by
    code; `file`: the hotel file, a shipped name or a path."""

    hotel_id: str
    hotel: Hotel
    rooms_by_type: dict[str, int]
    file: str = ""

    @property
    def rooms(self) -> int:
        """Rooms of all types."""
        return sum(self.rooms_by_type.values())


def hotels_of(scenario: Scenario, layers: Sequence[Layer]) -> tuple[ScenarioHotel, ...]:
    """All hotels, copies one by one. HotelFileError when a file is wrong, ScenarioFileError when there is none, or when
    a hotel stands twice."""
    found: list[ScenarioHotel] = []
    for i, use in enumerate(scenario.hotels):
        layer, line = place_of(layers, ("hotels", i, "file"))
        file = use.file if use.file in shipped_hotels() else str(layer.folder / use.file)
        try:
            hotel = _shipped(file) if use.file in shipped_hotels() else load_hotel(file)
        except HotelFileError as error:
            if error.line:
                raise
            raise ScenarioFileError(layer.file, f"hotels[{i + 1}].file", line, error.message) from None
        taken = {one.hotel_id for one in found}
        if hotel.id in taken:
            raise ScenarioFileError(layer.file, f"hotels[{i + 1}].file", line, f"the hotel {hotel.id} stands twice")
        found.extend(_copies(use, hotel, file))
    return tuple(found)


def _copies(use: HotelUse, hotel: Hotel, file: str) -> list[ScenarioHotel]:
    own = {room_type.code: room_type.rooms for room_type in hotel.room_types}
    rooms = own if use.rooms is None else _scaled(own, use.rooms)
    ids = [hotel.id if k == 0 else f"{hotel.id}-{k + 1}" for k in range(use.copies)]
    return [ScenarioHotel(one, hotel, dict(rooms), file) for one in ids]


def _scaled(rooms: dict[str, int], total: int) -> dict[str, int]:
    """The same proportions with another total: largest remainders, earlier types first."""
    before = sum(rooms.values())
    scaled = {code: count * total // before for code, count in rooms.items()}
    by_remainder = sorted(rooms, key=lambda code: -(rooms[code] * total % before))
    for code in by_remainder[: total - sum(scaled.values())]:
        scaled[code] += 1
    return scaled
