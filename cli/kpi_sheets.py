"""The work of `santral kpi weekly`: the week's body, the season beside it, both files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.sim_seasons import Wish
from domain.kpi_row import Period
from integration.adapters.new_files import unwritable, write_whole
from integration.usecases.kpi_weekly import WeekWish, monday_of, weekly

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """What was typed; `plan`: a scenario, empty for none."""

    week: str | None
    baseline: str | None
    out: Path
    plan: str = ""
    has_cards: bool = False
    asks_pms: bool = True


def written_week(session: Session, asked: WeekAsked, wish: Wish) -> Body:
    """Count, write, tell. Writing the same week again writes the same files anew."""
    from cli.reports.kpi_week import week_sheet

    monday = None if asked.week is None else monday_of(asked.week, "week")
    baseline = None if asked.baseline is None else monday_of(asked.baseline, "baseline")
    wished = WeekWish(monday, baseline, session.hotel_id, asked.asks_pms)
    body = session.run(lambda desk: weekly(desk, session.actor, wished))
    body["plan"] = _planned(session, asked.plan, body, wish) if asked.plan else None
    sheet = week_sheet(body, session.reader, with_cards=asked.has_cards)
    hotel = f"{session.hotel_id}-" if session.hotel_id else ""
    stem = asked.out / f"{hotel}{body['week']}"
    files = {"html": stem.with_name(f"{stem.name}.html"), "pdf": stem.with_name(f"{stem.name}.pdf")}
    _folder(asked.out)
    for name, path in files.items():
        write_whole(path, getattr(sheet, name))
    return {**body, **{name: str(path) for name, path in files.items()}}


def _planned(session: Session, scenario: str, body: Body, wish: Wish) -> Body:
    from cli.inputs import a_day
    from cli.kpi_bands import beside_plan

    return beside_plan(session, scenario, Period(a_day(body["from"], "week"), a_day(body["to"], "week")), wish)


def _folder(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(place, error) from error
