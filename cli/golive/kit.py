"""The work of `santral golive kit`: read the home once, make every document, write what is new.

The files are a function of the configuration: written again, nothing changes, and a print whose foot carries the same
fingerprint says the same. What is there already and says something else is written over only when asked.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cli.context import Session
from cli.golive.kit_agent import agent_screen, reservation_flow
from cli.golive.kit_channels import channels, handoff, inbox
from cli.golive.kit_facts import KitFacts, Looked, gathered, many
from cli.golive.kit_plans import kpis, problems, readiness, sprint
from cli.golive.kit_pms import rollback, status_mapping
from cli.golive.kit_said import said
from cli.home import read_home
from cli.load_reports import folder_of, result_of
from cli.reports.kit_page import kit_page
from cli.reports.kit_parts import Sheet
from cli.reports.kit_pdf import Print, kit_pdf, sheet_pdf
from cli.reports.kit_xlsx import sheet_xlsx
from domain.errors import InvalidInput, Refused
from integration.adapters.new_files import begin, drop, is_there, unwritable, write_whole
from integration.usecases.kpi_shapes import near_day
from integration.usecases.marks import N_

Body = dict[str, Any]
DOCUMENTS: Mapping[str, Callable[[KitFacts], Sheet]] = {
    "agent-screen": agent_screen,
    "reservation-flow": reservation_flow,
    "status-mapping": status_mapping,
    "inbox": inbox,
    "channels": channels,
    "handoff": handoff,
    "rollback": rollback,
    "problems": problems,
    "sprint": sprint,
    "kpis": kpis,
    "readiness": readiness,
}
WHOLE, PAGE = "kit.pdf", "index.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `only`: documents by slug, empty for all; `start`: day one of the plan; `readiness`: a run of
    `golive check`, empty for none."""

    out: Path
    only: Sequence[str] = ()
    start: date | None = None
    readiness: str = ""
    is_forced: bool = False

    @property
    def slugs(self) -> tuple[str, ...]:
        """In the kit's order. InvalidInput for one that is none."""
        for slug in self.only:
            if slug not in DOCUMENTS:
                raise InvalidInput(
                    "There is no document {slug}.", slug=slug[:40], hint=", ".join(DOCUMENTS), field="only"
                )
        return tuple(slug for slug in DOCUMENTS if not self.only or slug in self.only)


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its pages and its files by name."""

    sheet: Sheet
    pages: int
    files: Mapping[str, bytes]


def written(session: Session, asked: Asked) -> Body:
    """Make and write the kit; the body says what was written. NotFound without a home, Refused for files that are
    there and differ, InvalidInput for what cannot be written."""
    slugs = asked.slugs
    if asked.start is not None:
        near_day(asked.start, "start")
    facts = gathered(session, _looked(asked), asked.start)
    _make_folder(asked.out)
    sheets = [DOCUMENTS[slug](facts) for slug in slugs]
    made_on = read_home(session.settings.home).set_up_on
    made = [_made(session, facts, one, made_on) for one in sheets]
    contents = {name: content for one in made for name, content in one.files.items()}
    if not asked.only:
        contents |= _together(session, facts, made, made_on)
    fresh = _fresh(asked, contents)
    for name in fresh:
        write_whole(asked.out / name, contents[name])
    return {
        "folder": str(asked.out),
        "hotel_id": facts.hotel.hotel_id,
        "language": facts.language,
        "fingerprint": _print_of(sheets),
        "written": len(fresh),
        "unchanged": len(contents) - len(fresh),
        "documents": [
            {
                "slug": one.sheet.slug,
                "title": one.sheet.title,
                "files": [str(asked.out / name) for name in one.files],
            }
            for one in made
        ],
        "whole": str(asked.out / WHOLE) if WHOLE in contents else None,
        "page": str(asked.out / PAGE) if PAGE in contents else None,
    }


def _looked(asked: Asked) -> Looked | None:
    if not asked.readiness:
        return None
    result = result_of(folder_of(asked.readiness))
    return Looked(result.run_id, result.checks)


def _make_folder(out: Path) -> None:
    try:
        if is_there(out) and not out.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error, N_("Name a folder that you may write to.")) from error
    drop(begin(out / PAGE))


def _print_of(sheets: Sequence[Sheet]) -> str:
    """The same for the same words, and eight characters short."""
    return hashlib.sha256(repr(sheets).encode()).hexdigest()[:8]


def _how(facts: KitFacts, sheets: Sequence[Sheet], made_on: date) -> Print:
    """`made_on`: when the home was set up, so that the clock leaves no trace."""
    text = said("common", facts.language, {})
    foot = f"Santral · {facts.hotel.name} ({facts.hotel.hotel_id}) · {text['fingerprint']} {_print_of(sheets)}"
    return Print(facts.language, foot, made_on)


def _made(session: Session, facts: KitFacts, sheet: Sheet, made_on: date) -> Made:
    session.progress(sheet.title)
    how = _how(facts, [sheet], made_on)
    pdf, pages = sheet_pdf(sheet, how)
    files = {f"{sheet.slug}.pdf": pdf, f"{sheet.slug}.xlsx": sheet_xlsx(sheet, how), **dict(sheet.more)}
    return Made(sheet, pages, files)


def _together(session: Session, facts: KitFacts, made: Sequence[Made], made_on: date) -> dict[str, bytes]:
    """All in one, and the page that leads to everything."""
    text = said("common", facts.language, many(facts.values, count=len(made)))
    how = _how(facts, [one.sheet for one in made], made_on)
    title = f"{text['kit_title']}: {facts.hotel.name}"
    session.progress(title)
    contents = (text["contents"], text["document"], text["page"])
    headers = (text["document"], text["files"], text["meaning"])
    page = kit_page(
        title, text["kit_intro"], headers, [(one.sheet, list(one.files)) for one in made], (WHOLE, text["all"]),
        how.foot, facts.language,
    )  # fmt: skip
    whole = kit_pdf(title, text["kit_intro"], contents, [(one.sheet, one.pages) for one in made], how)
    return {WHOLE: whole, PAGE: page}


def _fresh(asked: Asked, contents: Mapping[str, bytes]) -> list[str]:
    """What has to be written. Refused when a file is there, says something else, and nobody asked to write over it."""
    fresh = [name for name, content in contents.items() if _there(asked.out / name) != content]
    for name in fresh if not asked.is_forced else ():
        if is_there(asked.out / name):
            raise Refused(
                "{place} is there already and says something else.", place=str(asked.out / name),
                hint=N_("--force writes it anew."),
            )  # fmt: skip
    return fresh


def _there(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None
