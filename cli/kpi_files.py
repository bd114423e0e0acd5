"""A KPI report in a file: which form was asked for, by name or by the file's ending, and the file itself."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli.options import Format
from domain.errors import InvalidInput, Refused
from domain.kpi_row import Dimension
from integration.adapters.new_files import is_there

if TYPE_CHECKING:
    from cli.context import Session
    from integration.usecases.kpi_shapes import Report, ReportWish

FORMS = ("xlsx", "csv", "parquet")
NAMES, WORDS = "names", "words"


def headings_of(typed: str) -> str:
    """`names` or `words`; InvalidInput for anything else."""
    if typed not in {NAMES, WORDS}:
        raise InvalidInput("{text} are no headings.", text=typed[:40], hint=f"{NAMES}, {WORDS}", field="headings")
    return typed


def chosen_form(
    session: "Session", typed: str | None, out: Path | None, *, is_forced: bool, is_explained: bool = False
) -> str | None:
    """The form of the file a report goes to: as typed, else by the file's ending; None for the screen.

    InvalidInput for what fits neither, Refused for a file that is there.
    """
    if out is None:
        _on_screen(session, typed)
        return None
    if is_explained:
        raise InvalidInput("The rows behind a KPI are shown, not written to a file.", field="out")
    form = (typed or out.suffix.removeprefix(".")).lower()
    if form not in FORMS:
        raise InvalidInput("{text} is no form of file.", text=form[:40] or out.name, hint=", ".join(FORMS), field="out")
    if is_there(out) and not is_forced:
        raise Refused("{place} is there already.", place=str(out), hint="--force writes it anew.")
    return form


def _on_screen(session: "Session", typed: str | None) -> None:
    if typed is None:
        return
    if typed in FORMS and typed != Format.CSV.value:
        raise InvalidInput("A file in this form needs a name: --out FILE.", field="out")
    if typed not in set(Format):
        raise InvalidInput("{text} is no form of file.", text=typed[:40], hint=", ".join(Format), field="format")
    session.options.form = typed


def wrote_report(session: "Session", wish: "ReportWish", out: Path, form: str, headings: str) -> None:
    """Ask for the report, write it whole or not at all, say so. A workbook is drawn by day, whatever else was asked.

    InvalidInput when the file cannot be written as named, ConfigurationError without the library of its form.
    """
    from cli.screens.kpi_exports import report_file
    from integration.adapters.table_files import import_parquet
    from integration.usecases.kpi_report import report

    if form == "parquet":
        import_parquet()
    if form == "xlsx" and Dimension.DAY not in wish.by:
        wish = replace(wish, by=(Dimension.DAY, *wish.by))
    found = session.run(lambda desk: report(desk, session.actor, wish))
    _write(session, found, out, form, headings)
    body = {"file": str(out), "format": form, "rows": len(found.rows), "uncounted": found.uncounted}
    session.show(body, report_file)


def _write(session: "Session", found: "Report", out: Path, form: str, headings: str) -> None:
    from cli.reports.kpi_tables import in_words
    from cli.reports.kpi_workbook import workbook_bytes
    from integration.adapters.day_folder import write_whole
    from integration.adapters.table_files import WRITERS
    from integration.usecases.kpi_tables import lines_table

    if form == "xlsx":
        content = workbook_bytes(found.rows, found.period, found.hotel_ids, session.reader, found.plan)
        write_whole(out, content)
        return
    table = lines_table(found.rows, found.period, has_plan=found.plan is not None)
    write_whole(out, WRITERS[form](in_words(table, session.reader) if headings == WORDS else table))
