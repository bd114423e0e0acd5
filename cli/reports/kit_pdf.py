"""Documents of the kit as PDF: each alone, and all in one with a contents page.

The contents need page numbers before anything is laid out. They follow from the pages of the single documents, which
begin on pages of their own in the whole too; should one come out otherwise, the whole is laid out again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cli.reports.kit_parts import Drawing, Grid, Section, Sheet, Words
from cli.reports.pdf import Document


@dataclass(frozen=True, slots=True)
class Print:
    """What all sheets of one kit share. `foot`: at the foot of every page; `made_on`: the date the file carries."""

    language: str
    foot: str
    made_on: date


def sheet_pdf(sheet: Sheet, how: Print) -> tuple[bytes, int]:
    """One document, and how many pages it has."""
    made = _begun(sheet.title, how)
    _fill(made, sheet)
    return made.to_bytes(), made.pages


def kit_pdf(
    title: str, intro: str, contents: tuple[str, str, str], sheets: Sequence[tuple[Sheet, int]], how: Print
) -> bytes:
    """All of them behind a contents page; `contents`: its heading and those of its two columns; `sheets`: with their
    numbers of pages."""
    pages = [2 + sum(count for _, count in sheets[:place]) for place in range(len(sheets))]
    for _ in range(2):
        told = [(one, page) for (one, _), page in zip(sheets, pages, strict=True)]
        laid, made = _laid_out(title, intro, contents, told, how)
        if laid == pages:
            break
        pages = laid
    return made.to_bytes()


def _laid_out(
    title: str, intro: str, contents: tuple[str, str, str], sheets: Sequence[tuple[Sheet, int]], how: Print
) -> tuple[list[int], Document]:
    """The whole with the pages that the contents name; the pages on which documents did begin."""
    made, pages = _begun(title, how), []
    made.paragraph(intro)
    made.heading(contents[0], level=2)
    rows = [(f"{place}. {one.title}", str(page)) for place, (one, page) in enumerate(sheets, 1)]
    made.table(contents[1:], rows, widths=(9, 1), numbers=(1,))
    for place, (one, _) in enumerate(sheets, 1):
        made.new_page()
        pages.append(made.pages)
        made.heading(f"{place}. {one.title}")
        _fill(made, one)
    return pages, made


def _begun(title: str, how: Print) -> Document:
    return Document(title, language=how.language, made_on=how.made_on, foot=how.foot, landscape=True)


def _fill(made: Document, sheet: Sheet) -> None:
    made.paragraph(sheet.intro, soft=True)
    for section in sheet.sections:
        _section(made, section)


def _section(made: Document, section: Section) -> None:
    if section.heading:
        made.heading(section.heading, level=2)
    for part in section.parts:
        match part:
            case Words(texts, True):
                made.bullets(texts, numbered=True)
            case Words(texts):
                for text in texts:
                    made.paragraph(text)
            case Grid(headers, rows, widths):
                made.table(headers, rows, widths=widths)
            case Drawing(png, alt):
                made.picture(png, alt=alt, share=0.86)
