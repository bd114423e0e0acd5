"""The words of a PDF of ours: glyph numbers turned back into letters by the tables that the file carries."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
_TABLE = re.compile(rb"/ToUnicode (\d+) 0 R")
_PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", re.IGNORECASE)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_NAMED = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_words(content: bytes) -> str:
    """Everything that is written on the pages, run together in the order in which it stands."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    streams = {number: _opened(body) for number, body in objects.items() if b"stream" in body}
    fonts = {name: _letters(streams, objects[int(at)]) for name, at in set(_FONT.findall(content))}
    told, letters = [], dict[int, str]()
    for number in sorted(streams):
        for font, shown in _SHOWN.findall(streams[number]):
            if font:
                letters = fonts.get(font, {})
            else:
                glyphs = _ESCAPED.sub(lambda found: _NAMED.get(found[1], found[1]), shown)
                told.append(
                    "".join(letters.get(int.from_bytes(glyphs[at : at + 2]), "") for at in range(0, len(glyphs), 2))
                )
    return " ".join(told)


def _opened(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    try:
        return zlib.decompress(found[1])
    except zlib.error:
        return found[1]


def _letters(streams: dict[int, bytes], font: bytes) -> dict[int, str]:
    table = _TABLE.search(font)
    pairs = _PAIR.findall(streams[int(table[1])]) if table else []
    return {int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs}
