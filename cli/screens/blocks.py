"""The blocks of a screen: heading, text, facts, table. `Tone` marks a word that is coloured on a terminal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tone:
    """A text in an alert's colour: red, yellow or green; `str()` is the bare text."""

    text: str
    level: str

    def __str__(self) -> str:
        """Return the text."""
        return self.text


Cell = object
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that says what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of its own."""

    text: str | Tone


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, a line each; a value of None or an empty text is left out."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


Block = Heading | Text | Facts | Table
Screen = list[Block]
