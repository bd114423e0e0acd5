"""What was asked for on the command line, settled into a scenario that says it.

Every option about the load is a what-if on `[load]` (`--speed 6` is `--set load.speed=6`), so that the generator, the
audit and the report see one settled scenario and never two opinions. A profile is a handful of such what-ifs: `spike`
puts ten times the arrivals into a twelfth of the window, `soak` plays a whole working day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.loadtest.target import Waiver
from domain.errors import InvalidInput
from scenarios.scenario_loader import LoadedScenario, load_scenario
from scenarios.schema.season_load import LoadWindow

DAY_S = 86_400
DAY_LETTERS = len("2027-08-02")
MINUTES = 60.0
MOST = 1_000_000
PROFILES = ("steady", "spike", "soak")
SPIKE_FACTOR, SPIKE_PART = 10, 12
SOAK_START, SOAK_MINUTES = "load.start=09:00", 720
DATABASES = ("auto", "sqlite", "postgresql")
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class LoadWish:
    """One run as asked for; None: as the scenario says.

    `hour`: local instant of the season at which the load begins; `rate`: arrivals a second of real time; `users`:
    closed load; `expect`: generator processes on other machines, which are waited for at `listen`.
    """

    scenario: str
    out: Path
    sets: tuple[str, ...] = ()
    hour: str = ""
    minutes: float | None = None
    speed: float | None = None
    peak: float | None = None
    rate: float | None = None
    users: int | None = None
    profile: str = "steady"
    seed: int | None = None
    replication: int = 0
    workers: int = 1
    is_master: bool = False
    expect: int = 0
    listen: str = LOOPBACK
    database: str = "auto"
    is_strict: bool = False
    waivers: tuple[Waiver, ...] = ()

    def __post_init__(self) -> None:
        """InvalidInput for numbers that cannot be meant."""
        for name in ("minutes", "speed", "peak", "rate"):
            value = getattr(self, name)
            if value is not None and not 0 < value <= MOST:
                raise InvalidInput("--{name} must be above 0 and at most {most}.", name=name, most=MOST, field=name)
        for one, other in _clashes(self):
            raise InvalidInput("Give {one} or {other}, not both.", one=one, other=other, field=one.lstrip("-"))
        if self.is_master != bool(self.expect):
            raise InvalidInput("--master and --expect belong together.", field="expect")
        if self.listen != LOOPBACK and not self.is_master:
            raise InvalidInput("{option} belongs to {other}.", option="--listen", other="--master", field="listen")
        for value, known, name in ((self.profile, PROFILES, "profile"), (self.database, DATABASES, "database")):
            if value not in known:
                raise InvalidInput("--{name} is one of {known}.", name=name, known=", ".join(known), field=name)


@dataclass(frozen=True, slots=True)
class Settled:
    """The scenario of a run with everything that was asked for. `sets`: all what-ifs, so that it can be read again;
    `first_day`, `start_s`, `end_s`: as in the plan; `start`: the aware instant at which the load begins."""

    loaded: LoadedScenario
    sets: tuple[str, ...]
    first_day: int
    start_s: float
    end_s: float
    start: datetime

    @property
    def window(self) -> LoadWindow:
        """The scenario's `[load]`."""
        found = self.loaded.scenario.load
        assert found is not None  # noqa: S101 - `settle` has looked
        return found


def settle(wish: LoadWish) -> Settled:
    """Read the scenario as wished. ScenarioFileError and HotelFileError as for any scenario; InvalidInput when it has
    no `[load]` and no hour was given, and for a window that is not within one day of the season."""
    loaded = load_scenario(wish.scenario, wish.sets)
    if loaded.scenario.load is None and not wish.hour:
        raise InvalidInput(
            "{name} does not say which hour to play: it has no [load].", name=loaded.name,
            hint="--hour 2027-08-02T10:00 plays an hour of it.", field="hour",
        )  # fmt: skip
    sets = (*wish.sets, *_what_ifs(wish, loaded))
    loaded = load_scenario(wish.scenario, sets)
    window, season = loaded.scenario.load, loaded.scenario.season
    assert window is not None  # noqa: S101 - the what-ifs have made one
    day = (window.day - season.first).days
    clock_s = window.start.hour * 3600 + window.start.minute * 60
    if not 0 <= day < season.days:
        raise InvalidInput("{day} is no day of the season of {name}.", day=window.day, name=loaded.name, field="hour")
    if clock_s + window.minutes * MINUTES > DAY_S:
        raise InvalidInput("The load must end before midnight of its day.", field="minutes")
    start_s = float(day * DAY_S + clock_s)
    start = datetime.combine(window.day, window.start, ZoneInfo(season.time_zone))
    return Settled(loaded, sets, day, start_s, start_s + window.minutes * MINUTES, start)


def _what_ifs(wish: LoadWish, loaded: LoadedScenario) -> list[str]:
    found: list[str] = []
    moment = _moment(wish.hour, ZoneInfo(loaded.scenario.season.time_zone)) if wish.hour else None
    if moment is not None:
        found += [f"load.day={moment:%Y-%m-%d}", f'load.start="{moment:%H:%M}"']
        found += [] if loaded.scenario.load is not None else ["load.minutes=60"]
    if wish.profile == "soak":
        found += _soak(moment)
    for name in ("minutes", "speed", "peak"):
        value = getattr(wish, name)
        found += [f"load.{name}={value:g}"] if value is not None else []
    return [*found, *(_spike(wish, loaded, found) if wish.profile == "spike" else ())]


def _soak(moment: datetime | None) -> list[str]:
    """A whole working day; from an hour that was asked for, as much of it as there is before midnight."""
    if moment is None:
        return [SOAK_START, f"load.minutes={SOAK_MINUTES}"]
    left = DAY_S // 60 - moment.hour * 60 - moment.minute
    return [f"load.minutes={min(SOAK_MINUTES, left)}"]


def _clashes(wish: LoadWish) -> Iterator[tuple[str, str]]:
    """Options of which one would do nothing beside the other: arrivals at a rate are even, users of a closed load come
    when they have ended, and a master makes no load itself."""
    has_rate, has_users, is_spike = wish.rate is not None, wish.users is not None, wish.profile == "spike"
    asked = (
        (has_rate and has_users, "--rate", "--users"),
        (has_rate and wish.peak is not None, "--rate", "--peak"),
        (has_rate and is_spike, "--rate", "--profile spike"),
        (has_users and wish.peak is not None, "--users", "--peak"),
        (has_users and is_spike, "--users", "--profile spike"),
        (wish.is_master and wish.workers > 1, "--workers", "--master"),
    )
    yield from ((one, other) for is_asked, one, other in asked if is_asked)


def _spike(wish: LoadWish, loaded: LoadedScenario, found: list[str]) -> list[str]:
    """Ten times the arrivals in the middle twelfth of the window."""
    window = load_scenario(wish.scenario, [*wish.sets, *found]).scenario.load if found else loaded.scenario.load
    assert window is not None  # noqa: S101 - `settle` has looked
    length = max(window.minutes / SPIKE_PART, 0.1)
    at = timedelta(minutes=(window.minutes - length) / 2)
    return [
        f'load.spikes=[{{at="{int(at.total_seconds())}s", minutes={length:g}, factor={SPIKE_FACTOR}}}]',
    ]


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """A day alone is no hour: its midnight is hardly ever meant."""
    try:
        moment = datetime.fromisoformat(text if len(text) > DAY_LETTERS else "")
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise InvalidInput("{text} is not an hour such as 2027-08-02T10:00.", text=text[:40], field="hour") from None
