"""KPIs into a folder: a set of files for each day, in one form or several."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.inputs import a_day_or_none
from cli.kpi_files import FORMS, WORDS
from cli.reports.kpi_tables import in_words
from cli.reports.kpi_workbook import workbook_bytes
from domain.errors import InvalidInput
from domain.kpi_row import Period
from integration.adapters.day_folder import DayFile, DayFolder
from integration.adapters.table_files import WRITERS, import_parquet
from integration.usecases.export_kpis import KpiDay, days_of, make_ready, period_to_export, read_day
from integration.usecases.kpi_shapes import ReportWish
from integration.usecases.kpi_tables import lines_table

if TYPE_CHECKING:
    from cli.context import Session

Body = dict[str, Any]


def forms_of(typed: str) -> tuple[str, ...]:
    """`xlsx,csv` as forms, each once; InvalidInput for another, ConfigurationError for one whose library is missing."""
    found = tuple(dict.fromkeys(part.strip().lower() for part in typed.split(",") if part.strip()))
    for one in found or ("",):
        if one not in FORMS:
            raise InvalidInput("{text} is no form of file.", text=one[:40], hint=", ".join(FORMS), field="format")
    if "parquet" in found:
        import_parquet()
    return found


def export_days(
    session: "Session", folder: Path, forms: tuple[str, ...], headings: str, days: tuple[str | None, str | None],
    *, ask_pms: bool,
) -> Body:  # fmt: skip
    """Bring a folder up to date, day by day."""
    first, last = (a_day_or_none(day, name) for day, name in zip(days, ("from", "to"), strict=True))
    hotel_id = session.desk.hotel(session.hotel_id).hotel_id if session.hotel_id else None
    scope = {"hotel": hotel_id or "", "headings": headings, "language": session.language}
    with DayFolder(folder, scope) as held:
        period = period_to_export(session.desk, hotel_id, first, last, held.first_day)
        wish = ReportWish(period, hotel_id, ask_pms=ask_pms)
        left = session.run(lambda desk: make_ready(desk, session.actor, wish))
        rows = [_one_day(session, held, hotel_id, day, forms, headings) for day in days_of(period)]
    return {
        "folder": str(folder),
        "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
        "formats": list(forms),
        "written": sum(len(row["written"]) for row in rows),
        "unchanged": sum(row["unchanged"] for row in rows),
        "uncounted": left,
        "days": rows,
    }


def _one_day(
    session: "Session", held: DayFolder, hotel_id: str | None, day: date, forms: tuple[str, ...], headings: str
) -> Body:
    found = session.run(lambda desk: read_day(desk, hotel_id, day))
    written: list[str] = []
    count = 0
    for form in forms:
        files = _files(session, found, hotel_id, form, headings)
        written += held.put(day, form, files, final=found.is_final, open=found.open_n)
        count += len(files)
    return {
        "day": day.isoformat(), "final": found.is_final, "open": found.open_n, "written": written,
        "unchanged": count - len(written),
    }  # fmt: skip


def _files(session: "Session", found: KpiDay, hotel_id: str | None, form: str, headings: str) -> list[DayFile]:
    """The files of a day in one form, the lines last: who sees them has the facts too."""
    period = Period(found.day, found.day)
    if form == "xlsx":
        hotel_ids = (hotel_id,) if hotel_id else tuple(sorted(session.desk.hotels))
        content = workbook_bytes(found.rows, period, hotel_ids, session.reader)
        return [DayFile(f"kpi-{found.day}.xlsx", content, len(found.rows))]
    lines = lines_table(found.rows, period)
    named = {**found.facts, "kpi": in_words(lines, session.reader) if headings == WORDS else lines}
    return [
        DayFile(f"{name}-{found.day}.{form}", WRITERS[form](table), len(table.rows)) for name, table in named.items()
    ]
