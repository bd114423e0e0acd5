"""Files in and out for the commands: the sheet opened, progress on a terminal, the result file row by row.

The result file holds one line for each row of the sheet, in its order, and takes its name when the run ends, also when
it had to stop; a run that goes on writes it anew, with the rows of before.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from cli.context import Body, Session
from cli.options import Format
from domain.access import Actor
from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import is_there
from integration.adapters.sheets import open_sheet
from integration.adapters.sheets_out import SheetWriter, check_target, open_writer
from integration.errors import ServiceError
from integration.ports.batches import BatchRow, RowStatus
from integration.ports.sheets import Sheet
from integration.usecases.desk import Desk
from integration.usecases.look_up_batches import row_body, run_body
from integration.usecases.marks import N_
from integration.usecases.run_batch import BatchRun, ImportWish
from integration.usecases.sheet_cells import guarded

RESULT = ("line", "status", "code", "reason", "made", "request_key")
EVERY = 100
ELSEWHERE = N_("--result names another file.")
BringIn = Callable[[Desk, Actor, Sheet, ImportWish], Awaitable[BatchRun]]


def bring_in(session: Session, file: Path, work: BringIn, *, dry_run: bool, jobs: int, result: Path | None) -> Body:
    """Bring a file in; the body of the answer. A run that had to stop leaves its result file and raises."""
    place = result or (None if dry_run else file.with_name(f"{file.name}.result.csv"))
    stop: ServiceError | KeyboardInterrupt | None = None
    body: Body = {}
    with open_sheet(file) as sheet, _result_writer(place, file) as writer:
        report = _Report(session, writer)
        wish = ImportWish(session.hotel_id, dry_run, jobs, session.language, report)
        try:
            body = run_body(session.run(lambda desk: work(desk, session.actor, sheet, wish)))
        except (ServiceError, KeyboardInterrupt) as error:
            stop = error
    if stop is not None:
        raise stop
    return {**body, "file": str(file), "result": str(place) if place is not None else None}


class _Report:
    """Told every row: writes it, and says now and then how far it is."""

    def __init__(self, session: Session, writer: SheetWriter | None) -> None:
        self._session, self._writer = session, writer
        self._counts = dict.fromkeys(RowStatus, 0)

    def __call__(self, row: BatchRow) -> None:
        """One more."""
        self._counts[row.status] += 1
        if self._writer is not None:
            self._writer.write({name: str(value or "") for name, value in row_body(row).items()})
        if sum(self._counts.values()) % EVERY == 0:
            failed = self._counts[RowStatus.FAILED] + self._counts[RowStatus.UNKNOWN]
            self._session.progress(
                self._session.reader(
                    N_("{rows} rows: {ok} made, {failed} failed, {skipped} skipped"),
                    rows=sum(self._counts.values()),
                    ok=self._counts[RowStatus.OK],
                    failed=failed,
                    skipped=self._counts[RowStatus.SKIPPED],
                )
            )


@contextmanager
def _result_writer(place: Path | None, file: Path) -> Iterator[SheetWriter | None]:
    if place is None:
        with nullcontext() as nothing:
            yield nothing
        return
    if is_there(place) and not place.is_dir() and not _is_result(place):
        raise Refused("{place} is there already.", place=str(place), hint=ELSEWHERE)
    check_target(place, force=True)
    if place.resolve() == file.resolve():
        raise InvalidInput("The result cannot be written over the file itself.", field="result")
    with open_writer(place, RESULT, ELSEWHERE) as writer:
        yield writer


def _is_result(place: Path) -> bool:
    """Whether an earlier run wrote it; in another form than CSV, or unreadable, we cannot tell and leave it alone."""
    try:
        with place.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").startswith(",".join(RESULT).encode())
    except OSError:
        return False


class Exporting(Protocol):
    """An export under way: its pages, how many rows they had, and whether guests are in clear."""

    count: int

    @property
    def is_clear(self) -> bool: ...
    def pages(self) -> AsyncIterator[list[dict[str, str]]]: ...


async def export_to(export: Exporting, columns: Sequence[str], out: Path) -> Body:
    """Write an export to a file, whole or not at all."""
    with open_writer(out, columns) as writer:
        async for rows in export.pages():
            for row in rows:
                writer.write(row)
    return {"file": str(out), "rows": export.count, "masked": not export.is_clear, "reimportable": export.is_clear}


async def export_shown(export: Exporting, form: Format) -> Body:
    """The rows of an export as an answer. As CSV no text runs in a spreadsheet, like in the files."""
    rows = [row async for page in export.pages() for row in page]
    if form is Format.CSV:
        rows = [{name: guarded(text) for name, text in row.items()} for row in rows]
    return {"leads": rows, "masked": not export.is_clear, "reimportable": export.is_clear}
