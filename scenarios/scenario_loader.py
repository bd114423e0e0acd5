"""Read a season scenario: its file, the files it extends, what the command line sets; or say what is wrong and where.

`extends = "antalya-high-season"` takes everything from another scenario that this file does not say: tables merge key
by key, anything else (lists too) is replaced. Marks of sources are taken off on the way and kept with the file that
wrote them, so that a value always shows the source its own writer gave it. An error names the file that wrote it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from scenarios.file_faults import MISSING, dotted, faults_of
from scenarios.scenario_files import (
    SHIPPED,
    ScenarioFileError,
    followed,
    layer_in,
    layers_of,
    shipped_scenarios,
)
from scenarios.scenario_hotels import ScenarioHotel, hotels_of
from scenarios.scenario_layers import Layer, merged, place_of
from scenarios.scenario_marks import Assumption, assumption, leaves, nearest
from scenarios.scenario_settings import settled
from scenarios.schema.faults import Fault
from scenarios.schema.season import Scenario
from scenarios.schema.season_checks import find_scenario_faults

__all__ = [
    "LoadedScenario",
    "ScenarioFileError",
    "ScenarioHotel",
    "load_scenario",
    "parse_scenario",
    "shipped_scenarios",
]

NAMES = frozenset({"schema", "name", "title"})
MOST_CONTACTS_A_DAY = 2_000_000


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A scenario, its hotels, and what its values rest on. `content`: the whole as plain tables, marks taken off;
    `files`: whose it is, the base first."""

    scenario: Scenario
    hotels: tuple[ScenarioHotel, ...]
    assumptions: tuple[Assumption, ...]
    content: dict[str, object]
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name

    @property
    def rooms(self) -> int:
        """Rooms of all hotels."""
        return sum(one.rooms for one in self.hotels)

    @property
    def first(self) -> date:
        """The first day."""
        return self.scenario.season.first

    @property
    def days(self) -> int:
        """How many days."""
        return self.scenario.season.days


def load_scenario(path_or_name: str | Path = SHIPPED[0], sets: Sequence[str] = ()) -> LoadedScenario:
    """Read and check a scenario.

    Takes a path, or the name of a shipped one; `sets`: what-ifs such as `team.phone.ru+=1`. Raises ScenarioFileError,
    and HotelFileError when a hotel's file is wrong.
    """
    return _checked(layers_of(str(path_or_name)), sets)


def parse_scenario(text: str, file: str = "scenario file", sets: Sequence[str] = ()) -> LoadedScenario:
    """Make a scenario of TOML text; `file` is the name that errors show."""
    return _checked(followed(layer_in(text, file)), sets)


def _checked(layers: list[Layer], sets: Sequence[str]) -> LoadedScenario:
    content = merged([layer.content for layer in layers])
    content, what_ifs = settled(content, sets, _refuse_set)
    layers = [*layers, *what_ifs]
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise _located(layers, faults_of(error, Scenario)) from None
    faults = list(find_scenario_faults(scenario))
    if faults:
        raise _located(layers, faults)
    hotels = hotels_of(scenario, layers)
    if (busy := _too_busy(scenario, sum(one.rooms for one in hotels))) is not None:
        raise _located(layers, [busy])
    return LoadedScenario(scenario, hotels, _assumptions(content, layers), content, tuple(one.file for one in layers))


def _too_busy(scenario: Scenario, rooms: int) -> Fault | None:
    """A volume that no machine can draw; the key to change is the factor where there is one."""
    demand = scenario.demand
    a_day = demand.contacts_per_1000_rooms_day * demand.factor * rooms / 1000
    if a_day <= MOST_CONTACTS_A_DAY:
        return None
    key = "factor" if demand.factor > 1 else "contacts_per_1000_rooms_day"
    said = f"with {rooms:,} rooms it makes {a_day:,.0f} contacts a day; {MOST_CONTACTS_A_DAY:,} is the most"
    return Fault(("demand", key), said)


def _refuse_set(typed: str, key: str, message: str) -> ScenarioFileError:
    return ScenarioFileError(f"--set {typed}", key, 0, message)


def _assumptions(content: dict[str, object], layers: Sequence[Layer]) -> tuple[Assumption, ...]:
    found = []
    for path, value in leaves({key: value for key, value in content.items() if key not in NAMES}):
        layer, _ = place_of(layers, path)
        found.append(assumption(path, value, nearest(layer.marks, path), layer.file))
    return tuple(found)


def _located(layers: Sequence[Layer], faults: Sequence[Fault]) -> ScenarioFileError:
    """The error of the first fault: the top file's before those it extends, a missing key last."""
    placed = []
    for fault in faults:
        layer, line = place_of(layers, fault.path)
        placed.append((fault.message == MISSING, -layers.index(layer), line, fault, layer))
    _, _, line, fault, layer = min(placed, key=lambda one: one[:3])
    return ScenarioFileError(layer.file, dotted(fault.path), line, fault.message)
