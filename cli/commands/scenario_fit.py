"""`santral scenario fit` and `sample`: a hotel's own log becomes a scenario; a simulated season becomes a log."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option

from cli.context import session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.parameters import SheetFile
from cli.screens import scenario_fit as screens

app = verbs()
BASE = "antalya-high-season"
Force = Annotated[bool, Option("--force", help="Write over a file that is there.")]


@app.command(cls=Verb)
def fit(
    ctx: Context,
    file: SheetFile,
    base: Annotated[
        str, Option("--base", metavar="SCENARIO", help="Scenario that keeps what the log does not tell.")
    ] = BASE,
    rooms: Annotated[
        int | None, Option("--rooms", help="Rooms of the hotels the log is of; without it the volume stays the base's.",
                           show_default=False)
    ] = None,
    out: Annotated[
        Path | None, Option("--out", metavar="FILE", help="Scenario file to write (.toml).", show_default=False)
    ] = None,
    name: Annotated[
        str, Option("--name", help="Name of the new scenario; default: the file's.", show_default=False)
    ] = "",
    force: Force = False,
) -> None:  # fmt: skip
    """Fit a scenario to your own call and message log. Exit code 7 when a row could not be used, or nothing fitted."""
    from cli.scenario_fit import fitted

    session = session_of(ctx)
    body = fitted(session, file, base, out=out, rooms=rooms, name=name, force=force)
    session.show(body, screens.fitted, rows="rows")
    if body["bad"] or not any(row["status"] == "fitted" for row in body["rows"]):
        raise Exit(ExitCode.THRESHOLD)


@app.command(cls=Verb)
def sample(
    ctx: Context,
    scenario: Annotated[
        str, Argument(metavar="SCENARIO", help="Scenario file, or the name of a shipped one.", show_default=True)
    ] = BASE,
    days: Annotated[int, Option("--days", help="The season's first so many days.")] = 28,
    seed: Annotated[
        int | None,
        Option("--seed", help="Number everything is drawn from; default: the scenario's.", show_default=False),
    ] = None,
    out: Annotated[Path, Option("--out", metavar="FILE", help="Log to write (.csv, .xlsx, .json).")] = Path("log.csv"),
    force: Force = False,
) -> None:
    """Write a log of simulated days, as `fit` reads it: to see its columns, and what a fit is worth."""
    from cli.scenario_fit import sampled

    session = session_of(ctx)
    session.show(sampled(session, scenario, days=days, seed=seed, out=out, force=force), screens.sampled)
