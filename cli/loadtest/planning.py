"""The plan of a run: everything the generator, the audit and the verdict have to know, in one file.

The pool is how many contacts can be under way at once. It is worked out from the arrivals themselves: the most that
begin within a contact's usual length, with room to spare, because a pool that is too small hides what it should show.
Users of the service are fewer: as many as a team would be.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from cli.loadtest.run_home import Crew, load_hotels
from cli.loadtest.wishes import LoadWish, Settled
from domain.errors import InvalidInput
from loadtests.arrivals import NobodyComesError, arrivals_of
from loadtests.run_plan import RunPlan
from scenarios.scenario_loader import shipped_scenarios

CONTACT_S = 1200.0
CONTACT_REAL_S = 5.0
SPARE = 2.0
LEAST_POOL, MOST_POOL = 40, 5_000
LEAST_CREW, MOST_CREW = 8, 400
LAST_CONTACT_S, PATIENCE_S = 5400.0, 60.0
Draw = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Marks:
    """What makes a run unlike any other: its id, and the secret of its hooks."""

    run_id: str
    hook_secret: str


def marks_of(name: str, now: datetime, draw: Draw) -> Marks:
    """A run id that a person can read (`smoke-20271122-064512-k3f9`) and a secret that opens nothing else.

    `draw`: fresh random bytes. The secret is one for every wire: a Standard Webhooks key whose letters also fit a URL.
    """
    letters = base64.b32encode(draw()).decode().lower()
    secret = "".join(base64.b32encode(draw()).decode()[:24] for _ in range(2))
    return Marks(f"{name[:32]}-{now:%Y%m%d-%H%M%S}-{letters[:4]}", f"whsec_{secret}")


def plan_of(wish: LoadWish, settled: Settled, marks: Marks, url: str) -> RunPlan:
    """The plan, its pool worked out. InvalidInput when a rate is asked of a stretch in which nobody comes."""
    loaded, window = settled.loaded, settled.window
    zone, first = ZoneInfo(loaded.scenario.season.time_zone), loaded.first
    is_shipped = wish.scenario in shipped_scenarios()
    processes = wish.expect or wish.workers
    plan = RunPlan(
        run_id=marks.run_id,
        name=loaded.name,
        url=url,
        scenario=loaded.content,
        scenario_path=wish.scenario if is_shipped else str(Path(wish.scenario).resolve()),
        settings=settled.sets,
        seed=loaded.scenario.seed if wish.seed is None else wish.seed,
        replication=wish.replication,
        first_day=settled.first_day,
        start_s=settled.start_s,
        end_s=settled.end_s,
        season_start=datetime(first.year, first.month, first.day, tzinfo=zone).isoformat(),
        speed=window.speed,
        peak=window.peak,
        pool=LEAST_POOL,
        processes=processes,
        hotels=load_hotels(loaded),
        rate=wish.rate,
        users=wish.users,
        hook_secret=marks.hook_secret,
    )
    return _sized(plan)


def _sized(plan: RunPlan) -> RunPlan:
    """The plan with a pool for its own arrivals and a limit for its last contacts."""
    from msgspec.structs import replace

    limit = plan.wall_s + LAST_CONTACT_S / plan.speed + PATIENCE_S
    try:
        at_s = arrivals_of(plan).at_s
    except NobodyComesError:
        raise InvalidInput("Hardly anybody comes in this stretch of the season.", field="hour") from None
    if plan.users is not None:
        return replace(plan, pool=max(plan.users, 1), limit_s=limit)
    return replace(plan, pool=pool_for(at_s / plan.speed, plan.speed), limit_s=limit)


def pool_for(at_s: NDArray[np.float64], speed: float) -> int:
    """Users for contacts that begin at these real seconds: the most within a contact's usual length, twice."""
    length = CONTACT_S / speed + CONTACT_REAL_S
    most = int((np.arange(len(at_s)) - np.searchsorted(at_s, at_s - length)).max(initial=0)) + 1
    return min(max(int(np.ceil(most * SPARE)), LEAST_POOL), MOST_POOL)


def crew_of(plan: RunPlan, settled: Settled) -> Crew:
    """As many operators as contacts may be under way, within reason; supervisors and admins as the scenario says."""
    shares = settled.window.shares
    operators = min(max(plan.pool, LEAST_CREW), MOST_CREW)
    return Crew(operators, max(shares.supervisors, 1), max(shares.admins, 1))
