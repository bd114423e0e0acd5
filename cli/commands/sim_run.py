"""`santral sim run`, `compare`, `tornado`: simulate a season, hold two against each other, ask what matters."""

from typing import Annotated

from typer import Argument, Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb

app = verbs()
BASE = "antalya-high-season"
Named = Annotated[
    str, Argument(metavar="SCENARIO", help="Scenario file, or the name of a shipped one.", show_default=True)
]
Sets = Annotated[
    list[str] | None,
    Option(
        "--set",
        metavar="PATH=VALUE",
        help="What if: team.phone.ru+=1, demand.factor=1.2, work.phone.sales.mean_s*=1.1; may be repeated.",
        show_default=False,
    ),
]
Replications = Annotated[
    int, Option("--replications", "-n", help="Seasons to simulate; with --until-precision the most.")
]
Seed = Annotated[
    int | None, Option("--seed", help="Number everything is drawn from; default: the scenario's.", show_default=False)
]
Workers = Annotated[int, Option("--workers", help="Processes; 0: one for each processor.")]
Where = Annotated[
    str,
    Option(
        "--executor", metavar="dask://HOST:PORT", help="A Dask cluster to run on; dask://local starts one here.",
        show_default=False,
    ),
]  # fmt: skip


@app.command(cls=Verb)
def run(
    ctx: Context,
    scenario: Named = BASE,
    replications: Replications = 10,
    until_precision: Annotated[
        str,
        Option(
            "--until-precision",
            metavar="2%",
            help="Stop when the intervals of service level and revenue are this narrow.",
            show_default=False,
        ),
    ] = "",
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 0,
    executor: Where = "",
    strict: Annotated[bool, Option("--strict", help="Exit code 7 when a target is missed.")] = False,
) -> None:
    """Simulate a season: service, handoffs, bookings, revenue, and what was lost, each with its 95 % interval."""
    from cli import sim_seasons as work
    from cli.screens import seasons
    from scenarios.scenario_loader import load_scenario

    session = session_of(ctx)
    wish = work.Wish(replications, seed, workers, executor, work.precision_of(until_precision))
    body = work.run_body(work.simulated(session, load_scenario(scenario, sets or ()), wish), wish)
    session.show(body, seasons.ran, rows="rows")
    if strict and body["verdict"] == "fail":
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def compare(
    ctx: Context,
    scenario: Named,
    other: Annotated[
        str | None,
        Argument(metavar="[OTHER]", help="The other one; default: the same, with --set.", show_default=False),
    ] = None,
    replications: Replications = 10,
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 0,
    executor: Where = "",
) -> None:
    """Two teams, prices or seasons on the same guests: the difference with its interval, and whether it is real."""
    from cli import sim_seasons as work
    from cli.screens import seasons
    from scenarios.scenario_loader import load_scenario

    session = session_of(ctx)
    wish = work.Wish(replications, seed, workers, executor)
    right = load_scenario(scenario if other is None else other, sets or ())
    session.show(work.compared(session, load_scenario(scenario), right, wish), seasons.compared, rows="rows")


@app.command(cls=Verb)
def tornado(
    ctx: Context,
    scenario: Named = BASE,
    metric: Annotated[str, Option("--metric", help="The answer to ask about.")] = "service_level",
    step: Annotated[float, Option("--step", min=0.001, max=0.9, help="How far each assumption is turned.")] = 0.1,
    replications: Replications = 5,
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = 0,
    executor: Where = "",
) -> None:
    """Turn each assumption down and up by a tenth: which ones move the answer most."""
    from cli import sim_seasons as work
    from cli.screens import seasons

    session = session_of(ctx)
    wish = work.Wish(replications, seed, workers, executor)
    body, _ = work.tornado(session, scenario, sets or (), metric, step, wish)
    session.show(body, seasons.tornado, rows="rows")
