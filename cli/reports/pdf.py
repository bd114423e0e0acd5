"""PDF sheets that print as they look on every machine: A4, our own colours, the font that Matplotlib ships.

DejaVu Sans holds Turkish, German and Russian letters; only the letters used are put into the file, so nothing is asked
of the reader's machine. Tables go over to the next page with their headings, a row never splits, every page is
numbered. The file carries the date it is told, never the clock, so the same sheet gives the same bytes. What the font
cannot draw (an emoji in a guest's note) becomes a box instead of an error.

    sheet = Document("Durum eşlemesi", language="tr", made_on=date(2027, 8, 2))
    sheet.heading("Seçenek", level=2)
    sheet.table(["Kanal", "Hedef"], [["Telefon", Cell("20 s", "good")]], numbers=(1,))
    Path("sheet.pdf").write_bytes(sheet.to_bytes())
"""

import io
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import matplotlib
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

__all__ = ["Cell", "Document"]
FONT = "DejaVu"
FACES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
INK, SOFT, PALE, LINE = (34, 34, 34), (92, 92, 92), (240, 243, 245), (200, 200, 200)
TONES = {"good": (0, 97, 143), "bad": (166, 63, 0), "risk": (122, 86, 0), "soft": SOFT}
HEADINGS = {1: 16.0, 2: 12.0, 3: 10.0}
MARGIN_MM = 14.0
BODY_PT, SMALL_PT, LINE_MM = 9.0, 7.5, 4.6
_MORE = 1.45


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. `tone`: good, bad, risk or soft colours it; `bold`: stands out."""

    text: str
    tone: str = ""
    bold: bool = False


class _Sheet(FPDF):
    """A4 with the foot of every page."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-MARGIN_MM + 3)
        self.set_font(FONT, "", SMALL_PT)
        self.set_text_color(*SOFT)
        half = self.epw / 2
        self.cell(half * 1.6, 4, self.foot)
        self.cell(half * 0.4, 4, f"{self.page_no()} / {{nb}}", align="R")


class Document:
    """A PDF that is written from top to bottom."""

    def __init__(
        self,
        title: str,
        *,
        language: str,
        made_on: date,
        foot: str = "",
        landscape: bool = False,
        scale: float = 1.0,
    ) -> None:
        """Begin a sheet. `made_on`: the only date in the file; `foot`: at the foot of each page (empty: the title);
        `scale`: of letters and rows, below one for a sheet that has to fit one page."""
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        logging.getLogger("fpdf").setLevel(logging.ERROR)
        self._scale = scale
        self._pdf = pdf = _Sheet(orientation="landscape" if landscape else "portrait", format="A4")
        fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        for style, name in FACES.items():
            pdf.add_font(FONT, style, fonts / name)
        pdf.foot = _plain(foot or title)
        pdf.set_margin(MARGIN_MM)
        pdf.set_auto_page_break(True, margin=MARGIN_MM + 2)
        pdf.set_title(_plain(title))
        pdf.set_lang(language)
        pdf.set_creation_date(datetime.combine(made_on, time(), UTC))
        pdf.set_producer("santral")
        pdf.add_page()
        self.heading(title)

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return self._pdf.page_no()

    def new_page(self) -> None:
        """Go on at the top of the next page."""
        self._pdf.add_page()

    def space(self, mm: float = 2.0) -> None:
        """Leave some room."""
        self._pdf.ln(mm * self._scale)

    def heading(self, text: str, level: int = 1, *, room_mm: float = 12.0) -> None:
        """A heading (1: of the sheet, 2: of a part, 3: within a part), also in the PDF's outline; never the last line
        of a page: `room_mm` below it stay together with it."""
        pdf, size = self._pdf, HEADINGS[level] * self._scale
        if pdf.will_page_break(size + room_mm):
            pdf.add_page()
        if level > 1:
            self.space(2.5 if level == 2 else 1.5)  # noqa: PLR2004 - a part stands further off than what is in it
        pdf.start_section(_plain(text), level=level - 1)
        self._write(text, size, bold=True)
        self.space(0.8)

    def paragraph(self, text: str, *, soft: bool = False, bold: bool = False, tone: str = "") -> None:
        """A paragraph; `tone` as of a cell."""
        self._write(text, BODY_PT * self._scale, bold=bold, colour=TONES.get("soft" if soft else tone, INK))
        self.space(0.9)

    def bullets(self, texts: Iterable[str], *, numbered: bool = False) -> None:
        """A list, with dots or with numbers."""
        pdf, size = self._pdf, BODY_PT * self._scale
        for place, text in enumerate(texts, start=1):
            pdf.set_font(FONT, "", size)
            pdf.set_text_color(*INK)
            height = _height(size)
            if pdf.will_page_break(height * 2):
                pdf.add_page()
            pdf.cell(6, height, f"{place}." if numbered else "•", align="L")
            pdf.multi_cell(pdf.epw - 6, height, _plain(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.space(0.6)

    def table(
        self,
        headers: Sequence[str],
        rows: Iterable[Sequence[str | Cell]],
        *,
        widths: Sequence[float] | None = None,
        numbers: Sequence[int] = (),
        caption: str = "",
    ) -> None:
        """A table over the whole width. `widths`: shares of it by column; `numbers`: columns set to the right."""
        pdf, size = self._pdf, (BODY_PT - 1.0) * self._scale
        if caption:
            self._write(caption, SMALL_PT * self._scale, colour=SOFT)
        pdf.set_font(FONT, "", size)
        pdf.set_text_color(*INK)
        pdf.set_draw_color(*LINE)
        pdf.set_line_width(0.15)
        with pdf.table(
            width=pdf.epw,
            col_widths=tuple(widths) if widths else None,
            text_align=tuple("RIGHT" if place in numbers else "LEFT" for place in range(len(headers))),
            v_align="TOP",
            line_height=_height(size),
            padding=(0.5, 1.0, 0.5, 1.0),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=PALE),
        ) as made:
            made.row([_plain(one) for one in headers])
            for row in rows:
                line = made.row()
                for cell in row:
                    one = cell if isinstance(cell, Cell) else Cell(cell)
                    line.cell(_plain(one.text), style=_face(one))
        self.space(1.6)

    def picture(self, png: bytes, *, alt: str = "", caption: str = "", share: float = 1.0) -> None:
        """A picture from PNG bytes over a share of the width; `alt`: what it shows."""
        pdf = self._pdf
        pdf.image(io.BytesIO(png), w=pdf.epw * share, alt_text=_plain(alt) or None)
        if caption:
            self._write(caption, SMALL_PT * self._scale, colour=SOFT)
        self.space(1.2)

    def to_bytes(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    def drop(self) -> None:
        """Give a sheet up that is not written; its fonts are open files."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _write(self, text: str, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        pdf = self._pdf
        pdf.set_font(FONT, "B" if bold else "", size)
        pdf.set_text_color(*colour)
        pdf.multi_cell(0, _height(size), _plain(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _height(points: float) -> float:
    """Millimetres a line of such letters takes."""
    return points * 25.4 / 72 * _MORE


def _face(cell: Cell) -> FontFace | None:
    if not cell.tone and not cell.bold:
        return None
    return FontFace(emphasis="BOLD" if cell.bold else None, color=TONES.get(cell.tone, INK))


def _plain(text: str) -> str:
    """What can be drawn: no control characters, no half characters; line ends stay."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(one if one.isprintable() or one == "\n" else " " for one in whole)
