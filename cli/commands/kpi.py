"""`santral kpi`: the figures of call centre and PMS, read as one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Context, Option

from cli.context import session_of
from cli.nouns import verbs
from cli.options import Verb
from domain.kpi_row import Dimension

if TYPE_CHECKING:
    from cli.context import Session
    from cli.screens.blocks import Screen

app = verbs()
From = Annotated[
    str | None, Option("--from", help="First day, YYYY-MM-DD; default: a week up to the last day.", show_default=False)
]
To = Annotated[str | None, Option("--to", help="Last day, YYYY-MM-DD; default: today.", show_default=False)]
By = Annotated[
    list[Dimension] | None, Option("--by", help="Break down by this too; may be repeated.", show_default=False)
]
Slugs = Annotated[
    list[str] | None,
    Option("--kpi", metavar="SLUG", help="This KPI; may be repeated; default: all.", show_default=False),
]
NoPms = Annotated[bool, Option("--no-pms", help="Do not ask the PMS again; what it last said counts.")]
RatesFile = Annotated[
    Path | None, Option("--rates", metavar="FILE", help="CSV of currency,rate to convert money by.", show_default=False)
]
Into = Annotated[str | None, Option("--into", help="Currency to convert into (EUR).", show_default=False)]
RateDay = Annotated[str | None, Option("--rate-day", help="Day of the rates; it is shown.", show_default=False)]
Plan = Annotated[
    str | None,
    Option("--plan", metavar="SCENARIO", help="Beside this season as planned: simulate it.", show_default=False),
]
Replications = Annotated[int, Option("--replications", help="With --plan: how often.")]
Workers = Annotated[int, Option("--workers", help="With --plan: at once; 0 for all processors.", min=0)]
Explain = Annotated[
    str | None, Option("--explain", metavar="SLUG", help="The rows behind this KPI instead.", show_default=False)
]
Parts = Annotated[
    list[str] | None,
    Option("--part", metavar="NAME=KEY", help="With --explain: of this part (channel=phone).", show_default=False),
]
After = Annotated[str | None, Option("--after", help="With --explain: go on behind this place.", show_default=False)]
Limit = Annotated[int, Option("--limit", help="With --explain: at most so many rows.", min=1, max=1000)]
Out = Annotated[
    Path | None,
    Option("--out", metavar="FILE", help="Write a file: .xlsx with charts, .csv, .parquet.", show_default=False),
]
Form = Annotated[
    str | None,
    Option(
        "--format", metavar="FORM", help="table|json|csv|markdown; with --out xlsx|csv|parquet.", show_default=False
    ),
]
Headings = Annotated[
    str, Option("--headings", metavar="names|words", help="With --out: stable names, or the reader's words.")
]
Force = Annotated[bool, Option("--force", help="Write over a file that is there.")]


@app.command(cls=Verb)
def report(
    ctx: Context,
    first: From = None,
    last: To = None,
    by: By = None,
    kpi: Slugs = None,
    no_pms: NoPms = False,
    rates: RatesFile = None,
    into: Into = None,
    rate_day: RateDay = None,
    plan: Plan = None,
    replications: Replications = 20,
    workers: Workers = 0,
    explain: Explain = None,
    part: Parts = None,
    after: After = None,
    limit: Limit = 100,
    out: Out = None,
    form: Form = None,
    headings: Headings = "names",
    force: Force = False,
) -> None:
    """All KPIs of a period with targets, intervals and percentiles; from the PMS where it knows better."""
    from cli.kpi_files import chosen_form, headings_of, wrote_report
    from cli.kpi_wishes import beside_plan, check_plan, must_explain, part_of, period_of, rates_of, wish_of
    from cli.screens import kpi as screens
    from integration.usecases import kpi_report as work

    session = session_of(ctx)
    headings_of(headings)
    if explain is None:
        must_explain(part, after)
    check_plan(plan, explain)
    file_form = chosen_form(session, form, out, is_forced=force, is_explained=explain is not None)
    money = rates_of(rates, into, rate_day)
    period = period_of(session, first, last, has_plan=plan is not None)
    wish = wish_of(session, period, by, kpi, ask_pms=not no_pms, rates=money)
    if plan is not None:
        wish = beside_plan(session, wish, plan, replications, workers)
    if explain is not None:
        where = part_of(part)
        found = session.run(lambda desk: work.explain(desk, session.actor, explain, wish, limit, after, where))
        session.show(work.explained_body(found), screens.explained, rows="rows")
        return
    if out is not None and file_form is not None:
        wrote_report(session, wish, out, file_form, headings)
        return
    body = work.report_body(session.run(lambda desk: work.report(desk, session.actor, wish)))
    session.show(body, screens.report, rows="rows")


@app.command(cls=Verb)
def live(
    ctx: Context,
    by: By = None,
    kpi: Slugs = None,
    every: Annotated[int, Option("--every", help="Seconds between two looks.", min=1, max=3600)] = 10,
    once: Annotated[bool, Option("--once", help="Look once.")] = False,
) -> None:
    """Today so far, missed leads right now and revenue at risk; on a terminal until Ctrl-C, else once."""
    from cli.kpi_live import watch
    from cli.screens import kpi_board as screens

    session = session_of(ctx)
    if once or not session.printer.is_terminal:
        session.show(_now(session, by, kpi), screens.live, rows="rows")
        return

    def screen(body: dict[str, Any], columns: int) -> "Screen":
        return screens.wall(body, session.reader, columns, every)

    watch(session, lambda: _now(session, by, kpi), screen, every)


def _now(session: "Session", by: list[Dimension] | None, kpi: list[str] | None) -> dict[str, Any]:
    from cli.kpi_wishes import period_of, wish_of
    from domain.kpi_row import Period
    from integration.usecases.kpi_board import board
    from integration.usecases.kpi_report import report, report_body

    today = period_of(session, None, None).last
    wish = wish_of(session, Period(today, today), by, kpi, ask_pms=False)
    found = session.run(lambda desk: report(desk, session.actor, wish))
    return {**report_body(found), "board": session.run(lambda desk: board(desk, session.actor, session.hotel_id))}


@app.command(cls=Verb)
def refresh(
    ctx: Context,
    every: Annotated[bool, Option("--all", help="Make every figure anew from the records.")] = False,
) -> None:
    """Count what has changed; the service does so by itself."""
    from cli.screens import kpi as screens
    from integration.usecases import kpi_refresh as work

    session = session_of(ctx)
    done = session.run(lambda desk: work.recount(desk, session.actor) if every else work.refresh(desk))
    session.show({"notes": done.notes, "families": done.families, "left": done.left}, screens.refreshed)
