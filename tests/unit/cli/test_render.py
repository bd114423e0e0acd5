"""Writing: one JSON document, tables, CSV that spreadsheets cannot run, colour on a terminal only."""

import csv
import io
import json

from cli.options import Format
from cli.render import Printer
from cli.screens.blocks import Facts, Heading, Screen, Table, Text, Tone

BODY = {
    "rows": [
        {
            "name": "=1+1",
            "total": {"amount": "410.00", "currency": "EUR"},
            "vip": True,
            "tags": ["a", "b"],
            "due": None,
        },
        {"name": "Ayşe", "total": {"amount": "1.00", "currency": "TRY"}, "vip": False, "tags": [], "due": "2027-07-10"},
    ]
}


def screen() -> Screen:
    return [
        Heading("Choices"),
        Facts((("Offer", "off_1"), ("Nothing", None))),
        Table(("Room", "Why"), (("STD", Tone("closed", "red")), ("FAM", "\x1b[2Jwiped\u202e"))),
        Text(Tone("Sold out", "red")),
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(form: Format, out: io.StringIO | None = None, *, colour: bool = True) -> str:
    stream = out or io.StringIO()
    Printer(form, stream, io.StringIO(), colour=colour).answer(BODY, screen, "rows")
    return stream.getvalue()


def test_json_is_one_document_with_everything_in_it() -> None:
    assert json.loads(written(Format.JSON)) == BODY


def test_a_table_leaves_out_what_is_not_known_and_draws_no_escape_codes() -> None:
    text = written(Format.TABLE)
    assert "Nothing" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "?[2Jwiped?" in text


def test_colour_is_for_a_terminal_that_wants_it() -> None:
    assert "\x1b[31mSold out\x1b[0m" in written(Format.TABLE, Terminal())
    assert "\x1b[31m" not in written(Format.TABLE, Terminal(), colour=False)
    assert "\x1b" not in written(Format.JSON, Terminal())


def test_markdown_has_headings_and_pipes() -> None:
    text = written(Format.MARKDOWN)
    assert "## Choices" in text
    assert "| STD    | closed" in text


def test_csv_is_flat_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(written(Format.CSV))))
    assert rows[0] == {
        "name": "'=1+1", "total_amount": "410.00", "total_currency": "EUR", "vip": "true", "tags": '["a", "b"]',
        "due": "",
    }  # fmt: skip
    assert rows[1]["name"] == "Ayşe"


def test_half_characters_do_not_break_the_writing() -> None:
    out = io.StringIO()
    Printer(Format.JSON, out).document({"text": "ill \udcff"})
    assert "ill" in json.loads(out.getvalue())["text"]
