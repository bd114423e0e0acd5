"""PDF sheets: text that can be read back, tables over pages with their headings, the same bytes every time."""

import io
from datetime import date

from matplotlib.figure import Figure
from pypdf import PdfReader

from cli.reports.pdf import Cell, Document
from cli.reports.pictures import png_of


def a_sheet(rows: int = 80, scale: float = 1.0) -> Document:
    sheet = Document("Haftalık rapor", language="tr", made_on=date(2027, 8, 2), foot="Santral · Otel", scale=scale)
    sheet.heading("Öğüt ve İşler", 2)
    sheet.paragraph("ğüşıöç ĞÜŞİÖÇ Ждать € ✓")
    sheet.bullets(["bir", "iki"], numbered=True)
    sheet.table(["Kanal", "Süre"], [[f"Kanal {n}", Cell("20 s", "bad", bold=True)] for n in range(rows)], numbers=(1,))
    return sheet


def pages(sheet: Document) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(sheet.to_bytes())).pages]


def test_letters_of_our_guests_languages_can_be_read_back() -> None:
    text = "\n".join(pages(a_sheet()))
    for word in ("Haftalık rapor", "Öğüt ve İşler", "ğüşıöç ĞÜŞİÖÇ Ждать €", "1.", "iki"):
        assert word in text


def test_a_table_goes_over_pages_with_its_headings_and_every_page_is_numbered() -> None:
    found = pages(a_sheet())
    assert len(found) == 2
    for number, text in enumerate(found, 1):
        assert "Süre" in text
        assert f"{number} / 2" in text
        assert "Santral · Otel" in text
    assert [f"Kanal {n}" in "".join(found) for n in range(80)] == [True] * 80


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert a_sheet().to_bytes() == a_sheet().to_bytes()


def test_what_the_font_cannot_draw_is_no_error() -> None:
    sheet = a_sheet(1)
    sheet.paragraph("\U0001f9ff \udcff \x07 日本")
    assert len(pages(sheet)) == 1


def test_a_picture_stands_on_the_page() -> None:
    figure = Figure((3, 1))
    figure.subplots().plot([1, 2])
    sheet = a_sheet(1, scale=0.84)
    sheet.picture(png_of(figure), alt="Çizgi", caption="Bir çizgi")
    (page,) = PdfReader(io.BytesIO(sheet.to_bytes())).pages
    assert len(page.images) == 1
    assert "Bir çizgi" in page.extract_text()


def test_the_file_says_its_language_title_and_date() -> None:
    found = PdfReader(io.BytesIO(a_sheet().to_bytes()))
    assert found.metadata is not None
    assert (found.metadata.title, str(found.metadata.creation_date)[:10]) == ("Haftalık rapor", "2027-08-02")
    assert str(found.root_object["/Lang"]) == "tr"
