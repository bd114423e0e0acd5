"""`santral golive check`: will the integration hold in the season, and is the hotel ready for it?"""

from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from cli.commands.loadtest import (
    BASE,
    OUT,
    Database,
    Hour,
    Minutes,
    Named,
    Out,
    Peak,
    Profile,
    Rate,
    Seed,
    Sets,
    Speed,
    Strict,
    Workers,
)
from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb

app = verbs()
REPLICATIONS, FEW, QUICK_MINUTES = 5, 2, 10.0


@app.command(cls=Verb)
def check(
    ctx: Context,
    scenario: Named = BASE,
    hour: Hour = "",
    minutes: Minutes = None,
    speed: Speed = None,
    peak: Peak = None,
    rate: Rate = None,
    profile: Profile = "steady",
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 1,
    database: Database = "auto",
    replications: Annotated[
        int | None,
        Option("--replications", "-n", help="Seasons to simulate; default: 5, quick: 2.", min=1, show_default=False),
    ] = None,
    headroom: Annotated[bool, Option("--headroom", help="Search for the headroom too (minutes).")] = False,
    search: Annotated[
        Path | None, Option("--search", metavar="RESULT", help="Headroom of a search made before.", show_default=False)
    ] = None,
    waivers: Annotated[
        Path | None,
        Option("--waivers", metavar="FILE", help="What is waived; default: golive.toml.", show_default=False),
    ] = None,
    hotel_home: Annotated[
        bool, Option("--hotel-home", help="Look at the readiness of the home of --home, not of the run's own.")
    ] = False,
    quick: Annotated[
        bool, Option("--quick", help="Ten minutes of the season, two replications: a first idea.")
    ] = False,
    out: Out = OUT,
    strict: Strict = False,
) -> None:
    """Play the load, simulate the season, look at the 35 lines of the readiness list, and judge: exit 0 or 7."""
    from cli.golive.check import GoliveWish, go_live
    from cli.golive.waivers import read_waivers
    from cli.loadtest.telling import body_of
    from cli.loadtest.wishes import LoadWish
    from cli.screens import load as screen
    from domain.errors import InvalidInput

    session = session_of(ctx)
    if headroom and search is not None:
        raise InvalidInput("Give {one} or {other}, not both.", one="--headroom", other="--search", field="search")
    load = LoadWish(
        scenario=scenario, out=out, sets=tuple(sets or ()), hour=hour, speed=speed, peak=peak, rate=rate,
        minutes=QUICK_MINUTES if quick and minutes is None else minutes, profile=profile, seed=seed, workers=workers,
        database=database, is_strict=strict,
    )  # fmt: skip
    wish = GoliveWish(
        load, replications or (FEW if quick else REPLICATIONS), read_waivers(waivers), search, headroom, quick,
        hotel_home,
    )  # fmt: skip
    outcome = go_live(session, wish)
    session.show(body_of(outcome), screen.verdict, rows="checks")
    if outcome.is_interrupted:
        raise Exit(ExitCode.INTERRUPTED)
    if outcome.result.verdict.value != "PASS":
        raise Exit(ExitCode.THRESHOLD)
