"""The only place that prints: data on stdout, talk on stderr.

`--json` writes the body, one document and nothing else. `table` and `markdown` write the screen made of the same
body; `csv` writes its rows, flattened (`total_amount`, `total_currency`). Colour is for a terminal only, and
NO_COLOR turns it off.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from cli.options import Format
from cli.screens.blocks import Facts, Heading, Screen, Table, Text, Tone

Body = dict[str, Any]
_COLOURS = {"red": "31", "yellow": "33", "green": "32"}
_CONTROLS = (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HIDDEN = dict.fromkeys(_CONTROLS, "?")
# A sign and nothing but digits behind it is a telephone number or an amount, and harmless.
_FORMULA = re.compile(r"[=@\t\r]|[+-].*[^\d\s().,*•/-]", re.DOTALL)


class Printer:
    """Writes one run's answer. `form`: how; streams are the process's unless a test hands over its own."""

    def __init__(
        self, form: Format, out: TextIO | None = None, err: TextIO | None = None, *, colour: bool = False
    ) -> None:
        """Hold the streams."""
        self.form = form
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._colour = colour and self._out.isatty()

    def answer(self, body: Body, screen: Callable[[], Screen], rows: str = "") -> None:
        """Write a body in the form asked for. `rows`: its key with the rows of a CSV; empty = the body is one row."""
        if self.form is Format.JSON:
            self.document(body)
        elif self.form is Format.CSV:
            self._csv(body[rows] if rows else [body])
        else:
            self._write(self.text(screen()))

    def text(self, screen: Screen) -> str:
        """A screen as text, its blocks apart."""
        return "\n\n".join(part for part in map(self._block, screen) if part)

    def document(self, body: object) -> None:
        """One JSON document; characters that the stream cannot carry are escaped."""
        import json

        is_unicode = (self._out.encoding or "").lower().replace("-", "") == "utf8"
        self._write(_whole(json.dumps(body, ensure_ascii=not is_unicode, indent=2)))

    def line(self, text: str) -> None:
        """One line of data, out at once (the address of a server)."""
        self._write(text)
        self._out.flush()

    def lines(self, texts: Iterable[str]) -> None:
        """Many lines of data, as they come."""
        for text in texts:
            self._out.write(text)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at what is written, as tables."""
        return self.form is Format.TABLE and self._out.isatty()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal; 80 and 24 where it does not say."""
        try:
            found = os.get_terminal_size(self._out.fileno())
        except (OSError, ValueError):
            return 80, 24
        return found.columns or 80, found.lines or 24

    def raw(self, text: str) -> None:
        """What a terminal is told, at once."""
        self._out.write(_whole(text))
        self._out.flush()

    def talk(self, text: str) -> None:
        """A sentence for the person, on stderr, at once."""
        print(_whole(text), file=self._err, flush=True)

    def ask(self, question: str) -> None:
        """A question, the cursor behind it."""
        print(_whole(question), end=" ", file=self._err, flush=True)

    def _write(self, text: str) -> None:
        print(_whole(text), file=self._out)

    def _block(self, block: Heading | Text | Facts | Table) -> str:
        match block:
            case Heading(text):
                return f"## {text}" if self.form is Format.MARKDOWN else f"{text}\n{'=' * len(text)}"
            case Text(text):
                return self._cell(text)
            case Facts(rows):
                return self._facts([row for row in rows if row[1] not in {None, ""}])
            case Table(headers, table_rows):
                return self._table(headers, table_rows) if table_rows else ""

    def _facts(self, rows: Sequence[tuple[str, object]]) -> str:
        if self.form is Format.MARKDOWN:
            return "\n".join(f"- **{label}**: {value}" for label, value in rows)
        width = max((len(label) for label, _ in rows), default=0)
        return "\n".join(f"{label:<{width}}  {self._cell(value)}" for label, value in rows)

    def _table(self, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        from tabulate import tabulate

        style = "github" if self.form is Format.MARKDOWN else "simple"
        cells = [[self._cell(cell) for cell in row] for row in rows]
        return tabulate(cells, headers, tablefmt=style, disable_numparse=True)

    def _cell(self, value: object) -> str:
        if isinstance(value, Tone) and self._colour and value.level in _COLOURS:
            return f"\x1b[{_COLOURS[value.level]}m{value.text}\x1b[0m"
        return "" if value is None else _printable(str(value))

    def _csv(self, rows: Iterable[Mapping[str, Any]]) -> None:
        import csv

        flat = [dict(_flat(row)) for row in rows]
        columns = list(dict.fromkeys(name for row in flat for name in row))
        writer = csv.DictWriter(self._out, columns, lineterminator="\n")
        if columns:
            writer.writeheader()
        writer.writerows(flat)


def _whole(text: str) -> str:
    """The text without the half characters that an ill-encoded argument leaves behind: they cannot be written."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _printable(text: str) -> str:
    """The text without control characters, with which a stored name could write over the screen."""
    return text.translate(_HIDDEN)


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}_")
        else:
            yield f"{prefix}{name}", _field(value)


def _field(value: object) -> object:
    """A CSV field: lists as JSON, yes and no in lower case; a text that a spreadsheet would run is quoted with `'`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        import json

        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return "" if value is None else value
