"""Make a Santral home: hotel files, an empty store, and the mock hotel full of guests and stays.

Everything is made in a folder beside the home and put in place when it is whole (`cli.home.building`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cli.home import Home, building, check_place, write_mark
from cli.mock_seed import PROFILES, seed_document
from domain.errors import InvalidInput
from integration.adapters.store.carers import care_of
from integration.settings import Settings
from pms_mock import control
from scenarios.loader import load_hotel, shipped_hotels
from scenarios.schema.hotel import Hotel

Body = dict[str, Any]
MOST_SHIPPED = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What to make: own `hotel_files`, else the first `hotels` shipped ones; `start` None is the hotel's today.

    `small` makes a thin book for trying out.
    """

    seed: int = 1
    start: date | None = None
    hotels: int | None = None
    hotel_files: tuple[Path, ...] = ()
    profiles: int = PROFILES
    small: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class HotelFile:
    """A checked hotel file: its name, its text as it was, and what it says."""

    name: str
    text: bytes
    hotel: Hotel


def make_home(settings: Settings, wish: Wish, now: datetime, tell: Callable[[str], None]) -> Body:
    """Make a home at `settings.home`. HotelFileError, InvalidInput, or Refused when there is one already."""
    check_place(settings.home, force=wish.force)
    found = _hotel_files(wish)
    start = wish.start or now.astimezone(ZoneInfo(found[0].hotel.hotel.time_zone)).date()
    document = seed_document(
        [one.hotel for one in found], wish.seed, start, profiles_per_hotel=wish.profiles, small=wish.small
    )
    with building(settings.home, force=wish.force) as folder:
        _write_files(folder, found)
        tell(f"{', '.join(one.hotel.id for one in found)} ...")
        counts = seed_mock(folder / settings.mock_path.name, document)
        care_of(replace(settings, home=folder)).make(force=wish.force)
        write_mark(
            folder, Home(start, wish.seed, wish.profiles, wish.small, found[0].hotel.pms.mock_client.model_dump())
        )
    return {
        "home": str(settings.home),
        "seed": wish.seed,
        "start": start.isoformat(),
        "hotels": [
            {"hotel_id": one.hotel.id, "name": one.hotel.hotel.name, "rooms": one.hotel.rooms, "file": one.name}
            for one in found
        ],
        "profiles": counts["profiles"],
        "reservations": counts["reservations"],
    }


def seed_mock(path: Path, document: Body) -> dict[str, int]:
    """Write a seed document into the mock's file."""
    store = control.open_store(str(path))
    try:
        return control.seed(store, document)
    finally:
        store.close()


def _hotel_files(wish: Wish) -> list[HotelFile]:
    if wish.hotel_files and wish.hotels is not None:
        raise InvalidInput("Give --hotels or --hotel-file, not both.", field="hotels")
    if wish.hotel_files:
        checked = [(path, load_hotel(path)) for path in wish.hotel_files]
        found = [HotelFile(_toml_name(path), path.read_bytes(), hotel) for path, hotel in checked]
    else:
        count = 1 if wish.hotels is None else wish.hotels
        if not 1 <= count <= MOST_SHIPPED:
            raise InvalidInput(
                "1 to {most} hotels come with Santral, not {count}.", most=MOST_SHIPPED, count=count, field="hotels"
            )
        found = [_shipped(name) for name in shipped_hotels()[:count]]
    _check_clients(found)
    return found


def _shipped(name: str) -> HotelFile:
    file = f"{name}.toml"
    return HotelFile(file, files("scenarios").joinpath("hotels", file).read_bytes(), load_hotel(name))


def _toml_name(path: Path) -> str:
    """The name in the home: hotel files are found there by their ending."""
    return f"{path.stem}.toml"


def _check_clients(found: Sequence[HotelFile]) -> None:
    """One home talks to its mock as one client."""
    if len({one.hotel.pms.mock_client for one in found}) > 1:
        raise InvalidInput("Hotels of one home have the same [pms.mock_client].", field="hotel_file")
    if len({one.name for one in found}) < len(found):
        raise InvalidInput("Two hotel files have the same name.", field="hotel_file")


def _write_files(folder: Path, found: Sequence[HotelFile]) -> None:
    place = folder / "hotels"
    place.mkdir()
    for one in found:
        (place / one.name).write_bytes(one.text)
