"""Reading what strangers send: nothing here raises, whatever the bytes are.

A body is JSON or a form; either becomes a `Part`, an object whose fields are asked for by name and type. A field that
is absent is empty; one of another type than asked for is empty too and is noted in `wrong`, so that the reader of an
event can say afterwards that it was not what it seemed. JSON is read by msgspec. What msgspec refuses although people's
telephones send it (half an emoji, a number past 64 bits) is read again by the standard library and mended: halves of
characters become U+FFFD. NUL, which no database keeps in text, is dropped. A name that stands twice counts once, the
last time. Bodies that are nested too deeply, or are no JSON at all, are `Unreadable` as a whole.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

import msgspec

from integration.ports.channels import Delivery, Unreadable

_T = TypeVar("_T")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_MOST_FIELDS = 1_000
_MOST_DIGITS = 400
_NUL = "\0"
# An epoch this large counts milliseconds, and this large microseconds: as seconds both are past the year 5000.
_MILLIS, _MICROS = 100_000_000_000, 100_000_000_000_000
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_NOT_JSON = Unreadable("The body is not JSON.")
_NO_OBJECT = Unreadable("The body is JSON, but not an object.")


class Part:
    """A JSON object, or a form, read with distrust. `wrong`: names of fields that were of another type than asked."""

    __slots__ = ("_fields", "_path", "raw", "wrong")

    def __init__(self, raw: object, path: str = "", wrong: list[str] | None = None) -> None:
        """Without `wrong` it keeps its own list: it is an event."""
        self.raw = raw
        self._fields: dict[str, object] = raw if isinstance(raw, dict) else {}
        self._path = path
        self.wrong: list[str] = [] if wrong is None else wrong
        if raw is not None and not isinstance(raw, dict):
            self.wrong.append(path or "event")

    def __bool__(self) -> bool:
        """Whether it has any field."""
        return bool(self._fields)

    def names(self) -> Iterator[str]:
        """Its fields."""
        return iter(self._fields)

    def has(self, name: str) -> bool:
        """Present, and not null."""
        return self._fields.get(name) is not None

    def text(self, name: str) -> str:
        """Text; empty when absent."""
        value = self._fields.get(name)
        return value if isinstance(value, str) else self._not(name, value, "")

    def token(self, name: str) -> str:
        """An id or a code: text, or a whole number that some senders do not quote."""
        value = self._fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value.strip() if isinstance(value, str) else self._not(name, value, "")

    def whole(self, name: str) -> int | None:
        """A whole number, quoted or not; None when absent or empty."""
        value = self._fields.get(name)
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self._not(name, value or None if isinstance(value, str) else value, None)

    def flag(self, name: str) -> bool:
        """A yes, as JSON or as a form writes it."""
        value = self._fields.get(name)
        if isinstance(value, str):
            return value.strip().lower() in {"true", "1", "yes"}
        return value if isinstance(value, bool) else bool(self._not(name, value, default=False))

    def when(self, name: str) -> datetime | None:
        """An instant: see `instant`."""
        value = self._fields.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return instant(value)
        return self._not(name, value, None)

    def part(self, name: str) -> "Part":
        """An object inside; what is wrong in it is wrong in this event."""
        return Part(self._fields.get(name), self._place(name), self.wrong)

    def parts(self, name: str) -> "list[Part]":
        """A list of objects inside, as `part`."""
        return [Part(one, self._place(name), self.wrong) for one in self._list(name)]

    def events(self, name: str) -> "list[Part]":
        """A list of objects each of which stands for itself: what is wrong in one is not wrong in the next."""
        return [Part(one, self._place(name)) for one in self._list(name)]

    def tokens(self, name: str) -> list[str]:
        """A list of ids, codes or numbers, or a single one."""
        value = self._fields.get(name)
        if not isinstance(value, list):
            return [one] if (one := self.token(name)) else []
        return [Part({name: one}, self._path, self.wrong).token(name) for one in value]

    def _list(self, name: str) -> list[object]:
        value = self._fields.get(name)
        return value if isinstance(value, list) else self._not(name, value, [])

    def _not(self, name: str, value: object, default: _T) -> _T:
        if value is not None:
            self.wrong.append(self._place(name))
        return default

    def _place(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


def read_json(body: bytes) -> Part | Unreadable:
    """A JSON object; a byte order mark in front is overlooked."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        value = msgspec.json.decode(body)
        value = _mended(value) if b"\\u0000" in body else value
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value = _read_again(body)
    except RecursionError:
        return Unreadable("The body is nested too deeply.")
    if isinstance(value, Unreadable):
        return value
    return Part(value) if isinstance(value, dict) else _NO_OBJECT


def _read_again(body: bytes) -> object:
    """What msgspec refuses, read slowly and mended; Unreadable when it is no JSON either."""
    try:
        text = body.decode("utf-8", "surrogatepass")
        return _mended(json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=_constant))
    except (ValueError, RecursionError):
        return _NOT_JSON


def _whole(digits: str) -> object:
    """A number too long to be one stays what it is: text."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _real(digits: str) -> object:
    value = float(digits)
    return value if abs(value) != float("inf") else digits


def _constant(name: str) -> object:
    raise ValueError(name)


def clean(text: str) -> str:
    """Without NUL, and with a mark for each half of a character."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace(_NUL, "")


def _mended(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {clean(name): _mended(one) for name, one in value.items()}
    return value


def read_form(body: bytes) -> Part | Unreadable:
    """A form of at most a thousand fields; of a name that stands twice the last one counts."""
    pairs = form_pairs(body)
    return Part(dict(pairs)) if pairs is not None else Unreadable("The body is not a form.")


def form_pairs(body: bytes) -> list[tuple[str, str]] | None:
    """Names and values in their order; None for what cannot be a form."""
    try:
        text = body.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace")
    except ValueError:
        return None
    return [(clean(name), clean(value)) for name, value in pairs]


def read_either(delivery: Delivery) -> Part | Unreadable:
    """JSON or a form, as the content type says or, without one, as it looks."""
    kind = delivery.headers.get("content-type", "").lower()
    looks = delivery.body.lstrip()[:1] == b"{"
    return read_json(delivery.body) if "json" in kind or looks else read_form(delivery.body)


def query_of(url: str) -> dict[str, str]:
    """The query of a URL; empty for a URL that is none."""
    try:
        return dict(form_pairs(urlsplit(url).query.encode("utf-8", "replace")) or ())
    except ValueError:
        return {}


def instant(value: str | float) -> datetime | None:
    """Epoch seconds, milli- or microseconds, quoted or not, or ISO 8601 with a zone; None for anything else."""
    if isinstance(value, str):
        text = value.strip()
        if not _WHOLE.fullmatch(text):
            return _iso(text)
        value = int(text)
    try:
        unit = 1_000_000 if abs(value) >= _MICROS else 1_000 if abs(value) >= _MILLIS else 1
        return _credible(datetime.fromtimestamp(value / unit, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def local_instant(text: str, zone: tzinfo) -> datetime | None:
    """`2027-07-10 14:05:00` on the clocks of a place, as an instant; None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
        return _credible((found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return _credible(found.astimezone(UTC)) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _credible(found: datetime) -> datetime | None:
    return found if _EARLIEST <= found < _LATEST else None
