"""What is kept of a book: one document of the whole, one of the parts.

Everything but money stands in tables of rows (part, value, times): of a Count the value 0, of a Share 1 for a hit and 0
for a miss, of a Spread its seconds; those still open have a table of their own, named with `OPEN` behind the slug.
Parts are in their order and rows in that of their parts, so a table says how many rows each part has, then all values,
then all times, each in as few bytes a number as the largest needs.

Whoever changes what a document holds, or a formula, takes the next `FORMAT`: a document of another one is not read but
made anew from the facts, wherever it came from.
"""

from decimal import Decimal

import msgspec

from domain.kpi_book import Part

FORMAT = 2
OPEN = "?"
Column = tuple[int, memoryview]


class Document(msgspec.Struct, array_like=True):
    """`tables`: by name, rows of each part, values, times. A column: bytes a number (0: all are one), then the numbers,
    the lowest byte first. `takings`: by slug, (part, currency, amount, n)."""

    format: int = FORMAT
    parts: list[Part] = []
    tables: dict[str, tuple[Column, Column, Column]] = {}
    takings: dict[str, list[tuple[int, str, Decimal, int]]] = {}


encoded = msgspec.msgpack.Encoder().encode
decoded = msgspec.msgpack.Decoder(Document).decode
_HEAD = encoded(Document())[:2]


def is_readable(document: bytes) -> bool:
    """Whether it is a document of this format."""
    return document.startswith(_HEAD)
