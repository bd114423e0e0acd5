"""Which column of a sheet is which: headers in English or Turkish, in any order and any spelling of the letters.

`Giriş Tarihi`, `GIRIS TARIHI` and `giris_tarihi` are one header. A header that is not known may be a slip (`recieved`)
and its values would silently be lost, so for what we write ourselves it is an error, before anything is done; the
dozens of columns of a telephone system's own records are passed over.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from domain.errors import InvalidInput
from integration.ports.sheets import Cell, SheetRow

Aliases = Mapping[str, Sequence[str]]
_TURKISH = str.maketrans({"İ": "i", "I": "i", "ı": "i"})
_MOST_SHOWN = 60


def folded(header: str) -> str:
    """Lower case, ASCII, words joined by `_`."""
    letters = unicodedata.normalize("NFKD", header.translate(_TURKISH).casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def header_of(rows: Iterator[SheetRow]) -> SheetRow:
    """The first row; InvalidInput for an empty sheet or one whose first row cannot be read."""
    first = next(rows, None)
    if first is None:
        raise InvalidInput("The file is empty: its first row names the columns.", field="file")
    if first.trouble:
        raise InvalidInput("The row with the names of the columns cannot be read.", field="file")
    return first


def known_columns(header: SheetRow, aliases: Aliases) -> dict[str, int]:
    """Column by name. InvalidInput for a header that is unknown, empty above values we would lose, or there twice."""
    names = {folded(spelt): name for name, others in aliases.items() for spelt in (name, *others)}
    found: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        typed = str(cell or "").strip()
        name = names.get(folded(typed))
        if name is None:
            raise InvalidInput(
                "Column {number} ({header}) is not known.",
                number=place + 1, header=typed[:_MOST_SHOWN] or "-", hint=", ".join(aliases), field="file",
            )  # fmt: skip
        if name in found:
            raise InvalidInput("The column {column} is there twice.", column=name, field="file")
        found[name] = place
    return found


def chosen_columns(header: SheetRow, aliases: Aliases) -> dict[str, int]:
    """Column by name, of several that would do the first alias named; unknown headers are passed over."""
    places = {folded(str(cell or "")): place for place, cell in reversed(list(enumerate(header.cells)))}
    found = {}
    for name, others in aliases.items():
        place = next((places[one] for one in map(folded, (name, *others)) if one in places), None)
        if place is not None:
            found[name] = place
    return found


def check_present(found: Mapping[str, int], *needed: tuple[str, ...]) -> None:
    """InvalidInput unless of each group at least one column is there."""
    for group in needed:
        if not any(name in found for name in group):
            raise InvalidInput("The column {column} is missing.", column=" / ".join(group), field="file")


def cells_of(row: SheetRow, columns: Mapping[str, int]) -> dict[str, Cell]:
    """The cells of a row by column; None where the row is shorter."""
    return {name: row.cells[place] if place < len(row.cells) else None for name, place in columns.items()}


def check_row(row: SheetRow, width: int) -> None:
    """InvalidInput for a row that could not be read, or that has more cells than there are columns."""
    if row.trouble:
        raise InvalidInput(row.trouble)
    if len(row.cells) > width:
        raise InvalidInput("The row has more cells than there are columns.")
