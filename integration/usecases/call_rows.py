"""One row of a telephone system's call record (CDR): who rang whom, when, and whether anybody answered.

Verimor, Netgsm and Asterisk name their columns differently and write dozens more; of each fact the first column named
below is taken, the others are passed over. Times are the hotel's own where no zone stands beside them. The side with
the short number is ours (an extension), the other one the guest. Calls between two extensions are nobody's.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.case import CallId, Direction
from domain.errors import InvalidInput
from integration.ports.sheets import Cell
from integration.usecases.sheet_cells import text_of
from integration.usecases.sheet_columns import folded

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unique_id": ("call_uuid", "uniqueid", "kimlik", "uuid", "call_id", "cagri_kimligi"),
    "direction": ("yon", "call_direction", "cagri_yonu"),
    "caller": ("caller_id_number", "src", "arayan", "from", "callerid"),
    "callee": ("destination_number", "dst", "aranan", "to", "called", "dialed_number"),
    "agent": ("connected_user", "internal_num", "dahili", "extension", "agent", "dialed_user"),
    "started": ("start_stamp", "start", "calldate", "bas", "baslangic", "started_at", "tarih"),
    "answered_at": ("answer_stamp", "answer", "cevaplanma"),
    "ended": ("end_stamp", "end", "bitis", "ended_at"),
    "duration": ("sure", "talktime", "billsec"),
    "disposition": ("answered", "sondurum", "son_durum", "durum", "status", "hangup_cause"),
}
_IN = frozenset({"in", "inbound", "incoming", "gelen", "inbound_call"})
_OUT = frozenset({"out", "outbound", "outgoing", "giden", "outbound_call"})
_INTERNAL = frozenset({"internal", "local", "dahili", "ic", "inboundtopbx"})
_ANSWERED = frozenset(
    {"answered", "answer", "true", "1", "yes", "evet", "cevaplandi", "cevapli", "konusuldu", "normal_clearing"}
)
_MISSED = frozenset(
    {"no_answer", "noanswer", "false", "0", "no", "hayir", "cevapsiz", "busy", "mesgul", "failed", "congestion"}
    | {"basarisiz", "cancel", "cancelled", "user_busy", "originator_cancel", "no_user_response", "ulasilamadi"}
)
_LONGEST_EXTENSION = 5
_LONGEST_CALL = timedelta(hours=24)
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ T](\d{1,2}:\d{2}(?::\d{2})?)", re.ASCII)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as the telephone system saw it. `number`: the guest's, as written; `direction` None: between our own."""

    unique_id: str
    direction: Direction | None
    number: str
    agent: str
    started_at: datetime
    ended_at: datetime
    is_answered: bool
    answered_at: datetime | None = None


def call_row(cells: Mapping[str, Cell], zone: tzinfo) -> CallRow:
    """Read a row; InvalidInput for one without id, begin or disposition, and for a call that ends before it begins."""
    texts = {name: text_of(cell, name) for name, cell in cells.items()}
    unique_id = texts.get("unique_id", "")
    if not unique_id:
        raise InvalidInput("Nothing stands under {column}.", column="unique_id", field="unique_id")
    started = instant_of(cells.get("started"), "started", zone)
    if started is None:
        raise InvalidInput("Nothing stands under {column}.", column="started", field="started")
    caller, callee = texts.get("caller", ""), texts.get("callee", "")
    direction = _direction(texts.get("direction", ""), caller, callee)
    ours, theirs = (callee, caller) if direction is Direction.IN else (caller, callee)
    agent = texts.get("agent", "") or (ours if _is_extension(ours) else "")
    ended, is_answered = _end(cells, texts, started, zone), _is_answered(texts)
    return CallRow(
        unique_id=unique_id,
        direction=direction,
        number=theirs,
        agent=agent[:40],
        started_at=started,
        ended_at=ended,
        is_answered=is_answered,
        answered_at=_answer(cells, started, ended, zone) if is_answered else None,
    )


def call_id_of(hotel_id: str, row: CallRow) -> CallId:
    """The id of the call: a function of hotel and unique id, so that bringing it in twice makes one; it sorts by the
    instant the call began, as every id does."""
    digest = int.from_bytes(hashlib.sha256(f"{hotel_id}\0{row.unique_id}".encode()).digest()[:10])
    number = int(row.started_at.timestamp() * 1000) << 80 | digest
    letters = [_LETTERS[number >> shift & 31] for shift in range(125, -1, -5)]
    return CallId(f"cal_{''.join(letters)}")


def _is_extension(number: str) -> bool:
    digits = "".join(one for one in number if one.isdigit())
    return 0 < len(digits) <= _LONGEST_EXTENSION


def _direction(typed: str, caller: str, callee: str) -> Direction | None:
    word = folded(typed)
    if word in _IN | _OUT | _INTERNAL:
        return None if word in _INTERNAL else Direction.IN if word in _IN else Direction.OUT
    if typed:
        raise InvalidInput(
            "{text} under {column} is none of {words}.",
            text=typed[:40], column="direction", words="inbound, outbound, internal", field="direction",
        )  # fmt: skip
    if _is_extension(caller):
        return None if _is_extension(callee) else Direction.OUT
    return Direction.IN


def _is_answered(texts: Mapping[str, str]) -> bool:
    typed = texts.get("disposition", "")
    word = folded(typed)
    if word in _ANSWERED | _MISSED:
        return word in _ANSWERED
    if typed:
        raise InvalidInput(
            "{text} under {column} is none of {words}.",
            text=typed[:40], column="disposition", words="answered, no answer, busy, failed", field="disposition",
        )  # fmt: skip
    return bool(texts.get("answered_at", ""))


def _end(cells: Mapping[str, Cell], texts: Mapping[str, str], started: datetime, zone: tzinfo) -> datetime:
    ended = instant_of(cells.get("ended"), "ended", zone)
    if ended is None:
        ended = started + _length(texts.get("duration", ""))
    if not started <= ended <= started + _LONGEST_CALL:
        raise InvalidInput("The call ends before it begins, or more than a day later.", field="ended")
    return ended


def _answer(cells: Mapping[str, Cell], started: datetime, ended: datetime, zone: tzinfo) -> datetime | None:
    """When it was taken; None where the record does not say, or says what cannot be."""
    try:
        answered = instant_of(cells.get("answered_at"), "answered_at", zone)
    except InvalidInput:
        return None
    return answered if answered is not None and started <= answered <= ended else None


def _length(typed: str) -> timedelta:
    """Seconds, or `0:03:25`."""
    parts = typed.split(":") if typed else ["0"]
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts):  # noqa: PLR2004
        raise InvalidInput(
            "{text} under {column} is not a whole number.", text=typed[:40], column="duration", field="duration"
        )
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return timedelta(seconds=seconds)


def instant_of(cell: Cell, column: str, zone: tzinfo) -> datetime | None:
    """An instant of a record, in UTC; without a zone it is local. None for nothing, InvalidInput for what is none."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    text = text_of(cell, column)
    if not text:
        return None
    found = _DAY_FIRST.fullmatch(text)
    clock = found[4].zfill(8 if found[4].count(":") > 1 else 5) if found else ""
    iso = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02} {clock}" if found else text
    try:
        moment = datetime.fromisoformat(iso)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(
            "{text} under {column} is not an instant such as 2027-08-03 14:05:00.",
            text=text[:40], column=column, field=column,
        ) from None  # fmt: skip
