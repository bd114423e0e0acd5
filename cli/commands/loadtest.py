"""`santral loadtest run`, `search`, `worker`: the season as load on the service, and the verdict on it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Context, Exit, Option

from cli.context import Session, session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb

if TYPE_CHECKING:
    from cli.loadtest.conduct import House, Outcome
    from cli.loadtest.target import Target

app = verbs()
BASE = "antalya-high-season"
OUT = Path("santral-loadtest")
Named = Annotated[
    str, Argument(metavar="SCENARIO", help="Scenario file, or the name of a shipped one.", show_default=True)
]
Sets = Annotated[
    list[str] | None,
    Option("--set", metavar="PATH=VALUE", help="What if, such as load.shares.option=0.5.", show_default=False),
]
Hour = Annotated[
    str, Option("--hour", metavar="2027-08-02T10:00", help="Local hour to begin with; default: the scenario's.")
]
Minutes = Annotated[float | None, Option("--minutes", help="Season minutes to play.", show_default=False)]
Speed = Annotated[
    float | None, Option("--speed", help="Divides gaps, talk and think times, times of faults.", show_default=False)
]
Peak = Annotated[float | None, Option("--peak", help="Multiplies arrivals.", show_default=False)]
Rate = Annotated[
    float | None, Option("--rate", help="Arrivals a real second, evenly, not the season's.", show_default=False)
]
Users = Annotated[
    int | None, Option("--users", help="Closed load of so many users, labelled so.", min=1, show_default=False)
]
Profile = Annotated[str, Option("--profile", metavar="steady|spike|soak", help="Shape of the load.")]
Seed = Annotated[int | None, Option("--seed", help="Number everything is drawn from.", show_default=False, min=0)]
Workers = Annotated[int, Option("--workers", help="Generator processes here.", min=1, max=64)]
Master = Annotated[bool, Option("--master", help="Wait for generators of other machines (`loadtest worker`).")]
Expect = Annotated[int, Option("--expect", help="How many of them.", min=0, max=64)]
Listen = Annotated[str, Option("--listen", help="Address at which they are waited for.")]
Database = Annotated[
    str, Option("--database", metavar="auto|sqlite|postgresql", help="Store of the run; auto: what its faults need.")
]
To = Annotated[str, Option("--target", metavar="URL", help="A service that runs already, not one of our own.")]
TokenFile = Annotated[
    Path | None, Option("--token-file", help="JSON with tokens of its users, by role.", show_default=False)
]
Allow = Annotated[
    list[str] | None, Option("--allow", metavar="HOST", help="Allow load on this host.", show_default=False)
]
Waive = Annotated[
    list[str] | None, Option("--waive", metavar="CHECK", help="Answer for a skipped check.", show_default=False)
]
Reason = Annotated[str, Option("--reason", help="Why it is waived.")]
By = Annotated[str, Option("--by", metavar="NAME", help="Who answers for it.")]
Out = Annotated[Path, Option("--out", help="Where run folders go.")]
Strict = Annotated[bool, Option("--strict", help="At risk fails too.")]


@app.command(cls=Verb)
def run(
    ctx: Context,
    scenario: Named = BASE,
    hour: Hour = "",
    minutes: Minutes = None,
    speed: Speed = None,
    peak: Peak = None,
    rate: Rate = None,
    users: Users = None,
    profile: Profile = "steady",
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 1,
    master: Master = False,
    expect: Expect = 0,
    listen: Listen = "127.0.0.1",
    database: Database = "auto",
    target: To = "",
    token_file: TokenFile = None,
    allow: Allow = None,
    waive: Waive = None,
    reason: Reason = "",
    by: By = "",
    out: Out = OUT,
    strict: Strict = False,
) -> None:
    """Load the service with an hour of the season, check every record afterwards, and judge: exit 0 or 7."""
    from cli.loadtest.conduct import run_load
    from cli.loadtest.target import check_options, waivers_of
    from cli.loadtest.wishes import LoadWish

    session = session_of(ctx)
    check_options(target, token_file=token_file, allow=allow, database=database)
    wish = LoadWish(
        scenario=scenario, out=out, sets=tuple(sets or ()), hour=hour, minutes=minutes, speed=speed, peak=peak,
        rate=rate, users=users, profile=profile, seed=seed, workers=workers, is_master=master, expect=expect,
        listen=listen, database=database, is_strict=strict, waivers=waivers_of(waive or (), reason, by),
    )  # fmt: skip
    house = _house(session)
    if target:
        from cli.loadtest.remote import run_at

        books = session.settings if session.options.home else None
        outcome = run_at(house, wish, _target(session, target, token_file, allow), books)
    else:
        outcome = run_load(house, wish)
    _told(session, outcome)


@app.command("by-hand", cls=Verb)
def by_hand(
    ctx: Context,
    scenario: Named = BASE,
    hour: Hour = "",
    minutes: Minutes = None,
    speed: Speed = None,
    peak: Peak = None,
    rate: Rate = None,
    sets: Sets = None,
    seed: Seed = None,
    target: To = "",
    token_file: TokenFile = None,
    allow: Allow = None,
    out: Out = OUT,
) -> None:
    """Make everything ready for your own Locust and tell its folder; the end of stdin ends the run, which is judged."""
    from cli.loadtest.conduct import run_load
    from cli.loadtest.target import check_options
    from cli.loadtest.wishes import LoadWish

    session = session_of(ctx)
    check_options(target, token_file=token_file, allow=allow, database="auto")
    wish = LoadWish(
        scenario=scenario, out=out, sets=tuple(sets or ()), hour=hour, minutes=minutes, speed=speed, peak=peak,
        rate=rate, seed=seed,
    )  # fmt: skip
    house = replace(_house(session), by_hand=session.announce_run)
    if not target:
        _told(session, run_load(house, wish))
        return
    from cli.loadtest.remote import run_at

    books = session.settings if session.options.home else None
    _told(session, run_at(house, wish, _target(session, target, token_file, allow), books))


@app.command(cls=Verb)
def search(
    ctx: Context,
    scenario: Named = BASE,
    hour: Hour = "",
    speed: Speed = None,
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 1,
    step_s: Annotated[float, Option("--step-s", help="Real seconds of load of a step, at least.", min=5)] = 60.0,
    most_steps: Annotated[int, Option("--steps", help="At most so many steps.", min=1, max=50)] = 10,
    most_minutes: Annotated[float, Option("--within", metavar="MINUTES", help="Begin no step after.", min=1)] = 45.0,
    quick: Annotated[bool, Option("--quick", help="Short steps, few of them: a first idea.")] = False,
    out: Out = OUT,
) -> None:
    """Find the highest multiple of the real peak that meets all targets, and what breaks first: exit 0 or 7."""
    from cli.loadtest.climb import Bounds, climb
    from cli.loadtest.wishes import LoadWish
    from cli.screens import loadtest_search as screen

    session = session_of(ctx)
    wish = LoadWish(
        scenario=scenario, out=out, sets=tuple(sets or ()), hour=hour, speed=speed, seed=seed, workers=workers,
        database="sqlite",
    )  # fmt: skip
    bounds = Bounds(20.0, 5, 10.0, contacts=0) if quick else Bounds(step_s, most_steps, most_minutes)
    body = climb(_house(session), wish, bounds)
    session.show(body, screen.found, rows="steps")
    if body["interrupted"]:
        raise Exit(ExitCode.INTERRUPTED)
    if body["status"] != "pass":
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def worker(
    ctx: Context,
    folder: Annotated[Path, Argument(metavar="FOLDER", help="The run's folder, shared or copied to this machine.")],
    master_host: Annotated[str, Option("--master-host", help="Machine on which `loadtest run --master` waits.")],
    master_port: Annotated[int, Option("--master-port", help="Its port.", min=1, max=65535)] = 5557,
) -> None:
    """Make load here for a run that another machine conducts; its files stay in the folder."""
    from cli.loadtest.generators import work
    from cli.screens import loadtest_search as screen

    session = session_of(ctx)
    session.show(work(folder, session.environ, master_host, master_port), screen.worked)


def _house(session: Session) -> "House":
    from cli.loadtest.conduct import House

    return House(session.settings, session.environ, session.talk, session.progress)


def _target(session: Session, url: str, token_file: Path | None, allow: list[str] | None) -> "Target":
    from cli.loadtest.target import TARGETS, target_of

    return target_of(url, token_file, [*(allow or ()), *session.environ.get(TARGETS, "").split(",")])


def _told(session: Session, outcome: "Outcome") -> None:
    from cli.loadtest.telling import body_of
    from cli.screens import load

    session.show(body_of(outcome), load.verdict, rows="checks")
    if outcome.is_interrupted:
        raise Exit(ExitCode.INTERRUPTED)
    if outcome.result.verdict.value != "PASS":
        raise Exit(ExitCode.THRESHOLD)
