"""Files as people make them, and as enemies do: every row, or one clear sentence."""

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from domain.errors import InvalidInput, Refused
from integration.adapters import sheets, sheets_xlsx
from integration.adapters.sheets import open_sheet
from integration.adapters.sheets_csv import UNREADABLE
from integration.adapters.sheets_out import check_target, open_writer
from integration.ports.sheets import SheetRow

TEXT = "Ad Soyad;Tutar\nŞükrü Ağaoğlu;4.350,00\n"
DAY = datetime.fromisoformat("2027-08-03T00:00:00")
ROWS = [("Ad Soyad", "Tutar"), ("Şükrü Ağaoğlu", "4.350,00")]


def rows_of(path: Path) -> list[SheetRow]:
    with open_sheet(path) as sheet:
        return list(sheet.rows)


def cells_of(path: Path) -> list[tuple[Any, ...]]:
    return [row.cells for row in rows_of(path)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_csv_is_read_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace(";", separator).encode(encoding))
    assert cells_of(path) == ROWS


def test_a_comma_a_sep_line_windows_line_ends_and_empty_rows_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'name,total\r\n\r\n,,\r\n"Kaya, Ali","4,350.00",\r\n')
    assert [(row.line, row.cells) for row in rows_of(path)] == [(1, ("name", "total")), (4, ("Kaya, Ali", "4,350.00"))]
    path.write_text("sep=;\nname;total\na,b;c\n", encoding="utf-8")
    assert [(row.line, row.cells) for row in rows_of(path)] == [(2, ("name", "total")), (3, ("a,b", "c"))]


def test_rows_that_cannot_be_taken_apart_cost_themselves_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'a,b\n"x"y,1\n2,3\n{"z" * 40_000},1\n4,5\n"never closed,6\n', encoding="utf-8")
    told = [(row.line, row.cells, row.trouble) for row in rows_of(path)]
    assert told == [
        (1, ("a", "b"), ""), (2, (), UNREADABLE), (3, ("2", "3"), ""), (4, (), UNREADABLE), (5, ("4", "5"), ""),
        (6, (), UNREADABLE),
    ]  # fmt: skip


def make_book(path: Path, rows: list[list[Any]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    book.close()


def test_an_xlsx_gives_real_days_and_numbers_and_no_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    make_book(path, [["check_in", "adults", "name"], [DAY, 2, "Ayşe"], [None, None], [], ["", 3, None]])
    assert [(row.line, row.cells) for row in rows_of(path)] == [
        (1, ("check_in", "adults", "name")), (2, (DAY, 2, "Ayşe")), (5, (None, 3)),
    ]  # fmt: skip


def test_merged_cells_and_formulas_give_what_is_kept_for_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b"])
    sheet.append(["x", "=1+1"])
    sheet.append(["left", "right"])
    sheet.merge_cells("A3:B3")
    book.save(path)
    assert cells_of(path) == [("a", "b"), ("x",), ("left",)]


def a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)


def entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')


def utf16_entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"))


def many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(sheets_xlsx.MOST_PARTS + 1):
            archive.writestr(f"{number}.bin", b"")


def cut_short(path: Path) -> None:
    make_book(path, [["a"]])
    path.write_bytes(path.read_bytes()[:-40])


def test_another_file_by_the_name_of_an_excel_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7\n\x81\x8d\xff")
    with pytest.raises(InvalidInput, match=r"a\.xlsx is not an Excel file"), sheets.open_sheet(path):
        pass


def no_book(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")


def broken_sheet(path: Path) -> None:
    make_book(path, [["a"], ["b"]])
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</row>", b"</wor>", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def a_far_row(path: Path) -> None:
    make_book(path, [["a"], ["b"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["xl/worksheets/sheet1.xml"].replace(b'<row r="2"', b'<row r="99999999999"').replace(b'r="A2"', b"")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": text}).items():
            archive.writestr(name, content)


def old_excel(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def a_picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x81\x8d\x8f" * 20)


@pytest.mark.parametrize(
    "made",
    [a_bomb, entities, utf16_entities, many_parts, cut_short, no_book, broken_sheet, a_far_row, old_excel, a_picture],
    ids=lambda made: made.__name__,
)
def test_a_hostile_or_damaged_file_is_refused_with_one_sentence(
    tmp_path: Path, made: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets_xlsx, "MOST_LINES", 10_000)
    path = tmp_path / "a.xlsx"
    made(path)
    with pytest.raises(InvalidInput) as refused:
        rows_of(path)
    assert "a.xlsx" in str(refused.value)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match=r"gone\.csv cannot be read"):
        rows_of(tmp_path / "gone.csv")
    path = tmp_path / "a.csv"
    path.write_text("a\n" * 20, encoding="utf-8")
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)
    with pytest.raises(InvalidInput, match="million rows"):
        rows_of(path)
    monkeypatch.setattr(sheets, "MOST_BYTES", 10)
    with pytest.raises(InvalidInput, match="200 MB"):
        rows_of(path)
    path.write_text("a" * 1_000_001, encoding="utf-8")
    monkeypatch.undo()
    with pytest.raises(InvalidInput, match="a million characters"):
        rows_of(path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_written_is_read_again_and_runs_in_no_spreadsheet(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    evil = ['=HYPERLINK("x")', "+905321112233", "-1", "@SUM(A1)", 'Ayşe, "Kaya"', "'quoted", "a\x01b", ""]
    with open_writer(path, ("name", "note")) as writer:
        for text in evil:
            writer.write({"name": text, "note": "x"})
    read = cells_of(path)
    assert read[0] == ("name", "note")
    assert [row[0] or "" for row in read[1:]] == [
        "'=HYPERLINK(\"x\")", "'+905321112233", "'-1", "'@SUM(A1)", "Ayşe, \"Kaya\"", "''quoted", "ab", "",
    ]  # fmt: skip
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(Refused):
        check_target(path, force=False)
    with pytest.raises(InvalidInput):
        check_target(tmp_path / "out.xls", force=False)


def test_a_file_that_could_not_be_finished_is_not_there(tmp_path: Path) -> None:
    def broken_off() -> None:
        with open_writer(tmp_path / "out.json", ("name",)) as writer:
            writer.write({"name": "a"})
            writer.write({})

    with pytest.raises(KeyError):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    done = []
    for name in ("none/out.csv", f"{'x' * 251}.csv", "folder.csv"):
        with pytest.raises(InvalidInput, match="cannot be written"), open_writer(tmp_path / name, ("name",)):
            done.append(name)
    assert done == []
    assert [one.name for one in tmp_path.iterdir()] == ["folder.csv"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_long_file_is_read_in_memory_that_does_not_grow_with_it(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"long.{ending}"
    with open_writer(path, ("name", "phone", "note")) as writer:
        for number in range(5_000):
            writer.write({"name": f"Guest {number}", "phone": f"+90532{number:07}", "note": "n" * 50})
    with open_sheet(path) as sheet:
        for _, _row in zip(range(1_000), sheet.rows, strict=False):
            pass
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        count = sum(1 for _ in sheet.rows)
        after, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 5_001 - 1_000
    assert (after - before) / count < 20
    assert peak - before < 2_000_000
