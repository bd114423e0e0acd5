"""What a run plays, written down before it starts: the generator's processes and the audit read the same file.

A run has a folder. `plan.json` is written by the conductor; `tokens.json` (mode 0600) holds what opens the service and
is deleted at the end; each generator process writes `samples-<k>.csv`, `journal-<k>.jsonl` and `generator-<k>.json`;
`marks.jsonl` is the conductor's: what it broke and mended, and when; `start.json` is written by the generator as soon
as it knows the instant at which the load begins, before that instant; `result.json`, `report.html` and `junit.xml` come
last. Instants in these files are Unix nanoseconds of the machine's own clock, not of the season's.
"""

from pathlib import Path

import msgspec

PLAN, TOKENS, MARKS, RESULT = "plan.json", "tokens.json", "marks.jsonl", "result.json"
START, AGAIN = "start.json", "again-{}"
SAMPLES, JOURNAL, GENERATOR = "samples-{}.csv", "journal-{}.jsonl", "generator-{}.json"


class LoadHotel(msgspec.Struct, frozen=True, kw_only=True):
    """A hotel of the run as the generator must know it: what can be asked of it, and its hooks.

    `hooks`: name of the hook by channel (`whatsapp` -> `whatsapp-demo`), each signed with `secret`.
    """

    hotel_id: str
    time_zone: str
    currency: str
    markets: dict[str, str]
    child_ages_free: int
    most_adults: int
    hooks: dict[str, str]
    chat: str
    lost_reasons: tuple[str, ...]
    accounts: dict[str, str]


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    `scenario`: the whole scenario as it was settled (`LoadedScenario.content`), so that no file is read again;
    `first_day`: number of the day in the season, `start_s`/`end_s`: seconds of the season between which contacts
    arrive; `speed` divides gaps, talk and think times; `peak` multiplies arrivals; `rate`: arrivals a second of real
    time instead of the season's own (None: the season's); `users`: None for the open load, else so many users that each
    begin anew when they have ended (closed, labelled so); `pool`: how many contacts can be under way at once;
    `processes`: generator processes that share the contacts (contact number modulo `processes`).
    """

    run_id: str
    name: str
    url: str
    scenario: dict[str, object]
    scenario_path: str
    settings: tuple[str, ...]
    seed: int
    replication: int
    first_day: int
    start_s: float
    end_s: float
    season_start: str
    speed: float
    peak: float
    pool: int
    processes: int
    hotels: tuple[LoadHotel, ...]
    rate: float | None = None
    users: int | None = None
    limit_s: float = 600.0
    hook_secret: str = ""

    @property
    def wall_s(self) -> float:
        """How long contacts go on arriving, in real seconds."""
        return (self.end_s - self.start_s) / self.speed


def write_plan(folder: Path, plan: RunPlan) -> None:
    """Into the run's folder."""
    (folder / PLAN).write_bytes(msgspec.json.encode(plan))


def read_plan(folder: Path) -> RunPlan:
    """Back again. OSError or msgspec.DecodeError when there is none."""
    return msgspec.json.decode((folder / PLAN).read_bytes(), type=RunPlan)


def write_start(folder: Path, t0_ns: int) -> None:
    """Say when the load begins, whole or not at all: the conductor waits for it to set its timetable by it."""
    part = folder / f"{START}.part"
    part.write_bytes(msgspec.json.encode({"t0_ns": t0_ns}))
    part.replace(folder / START)


def read_start(folder: Path) -> int | None:
    """When the load begins; None while nobody knows."""
    path = folder / START
    return msgspec.json.decode(path.read_bytes(), type=dict[str, int])["t0_ns"] if path.is_file() else None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Something the conductor did: `kind` of a fault or breakdown, from `began_ns` until `ended_ns` (0: not yet)."""

    kind: str
    began_ns: int
    ended_ns: int
    about: str = ""
