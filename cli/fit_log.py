"""A contact log read from CSV or XLSX: row by row into columns, every bad row with its line and reason.

No row is lost without a word: each is used, passed over (what went out, calls between extensions) or bad.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from math import isfinite, nan
from typing import Any

from cli.fit_words import (
    CHANNEL,
    COLUMNS,
    INBOUND,
    INTENT,
    LANGUAGE,
    LEG,
    NO,
    NO_ROOM,
    OUTCOME,
    PASSED_OVER,
    SERVICE,
    YES,
)
from domain.errors import InvalidInput
from integration.ports.sheets import Cell, Sheet, SheetRow
from integration.usecases.call_rows import instant_of
from integration.usecases.sheet_cells import day_of, text_of, whole_of
from integration.usecases.sheet_columns import cells_of, check_present, chosen_columns, folded, header_of
from scenarios.schema.season_words import CHANNELS, INTENTS
from sim.fit.log import NOTHING, LogBuilder, LogRow, Seen
from sim.plan import Leg

LONGEST_S = 8 * 86_400.0
MOST_SHOWN = 1000
EVERY = 20_000
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)", re.ASCII)
_SECONDS = re.compile(r"\d{1,7}(?:[.,]\d+)?", re.ASCII)
_SALES = INTENTS.index("sales")
_meant = lru_cache(maxsize=4096)(folded)


@dataclass(slots=True)
class ReadLog:
    """What came of a file's rows. `bad`: how many could not be used; `bad_rows`: the first thousand, line and error."""

    builder: LogBuilder
    columns: tuple[str, ...]
    read: int = 0
    passed_over: int = 0
    bad: int = 0
    bad_rows: list[tuple[int, InvalidInput]] = field(default_factory=list)


def read_log(sheet: Sheet, zone: tzinfo, tell: Callable[[int], None]) -> ReadLog:
    """Read all rows; instants without a zone are local ones; `tell`: told now and then how many.

    InvalidInput for a sheet that is no log at all.
    """
    columns = chosen_columns(header_of(sheet.rows), COLUMNS)
    check_present(columns, ("started",))
    found = ReadLog(LogBuilder(has_channels="channel" in columns), tuple(columns))
    for row in sheet.rows:
        found.read += 1
        if found.read % EVERY == 0:
            tell(found.read)
        try:
            read = _read(row, columns, zone)
        except InvalidInput as error:
            found.bad += 1
            if len(found.bad_rows) < MOST_SHOWN:
                found.bad_rows.append((row.line, error))
            continue
        if read is None:
            found.passed_over += 1
        else:
            found.builder.add(read)
    return found


def _read(row: SheetRow, columns: Mapping[str, int], zone: tzinfo) -> LogRow | None:
    if row.trouble:
        raise InvalidInput(row.trouble)
    return log_row(cells_of(row, columns), zone)


def log_row(cells: Mapping[str, Cell], zone: tzinfo) -> LogRow | None:
    """One row; None for what did not come in from a guest. InvalidInput for a row that cannot be meant."""
    if not _is_inbound(cells):
        return None
    at = _at(cells, "started", zone)
    if at is None:
        raise InvalidInput("Nothing stands under {column}.", column="started", field="started")
    channel = _word(cells, "channel", CHANNEL, CHANNELS.index("phone"))
    intent, is_sales = _intent(cells)
    outcome = _outcome(cells)
    wait, talk = _times(cells, at, zone, channel, outcome)
    bought, lead_days = _sale(cells, at)
    return LogRow(
        at=at,
        channel=channel,
        language=_word(cells, "language", LANGUAGE, NOTHING),
        intent=intent,
        is_sales=is_sales,
        leg=_word(cells, "leg", LEG, Leg.FIRST),
        outcome=outcome,
        wait=wait,
        talk=talk,
        wrap=_seconds(cells, "wrap_s"),
        is_cut=max(_flag(cells, "handed_over"), 0),
        turns=whole_of(cells.get("turns"), "turns") or 0,
        unsolved=_flag(cells, "unsolved"),
        bought=bought,
        lead_days=lead_days,
        nights=whole_of(cells.get("nights"), "nights") or 0,
        caller=text_of(cells.get("caller"), "caller"),
    )


def _is_inbound(cells: Mapping[str, Cell]) -> bool:
    typed = text_of(cells.get("direction"), "direction")
    word = _meant(typed)
    if typed and word not in INBOUND | PASSED_OVER:
        raise _no_word(typed, "direction", ("inbound", "outbound", "internal"))
    return word not in PASSED_OVER


def _word(cells: Mapping[str, Cell], column: str, words: Mapping[str, int], nothing: int) -> int:
    typed = text_of(cells.get(column), column)
    if not typed:
        return nothing
    found = words.get(_meant(typed))
    if found is None:
        raise _no_word(typed, column, tuple(dict.fromkeys(_first_names(words))))
    return int(found)


def _first_names(words: Mapping[str, int]) -> list[str]:
    """Of each meaning the first word."""
    return [next(word for word, one in words.items() if one == meaning) for meaning in words.values()]


def _no_word(typed: str, column: str, words: tuple[str, ...]) -> InvalidInput:
    return InvalidInput(
        "{text} under {column} is none of {words}.",
        text=typed[:40], column=column, words=", ".join(words), field=column,
    )  # fmt: skip


def _intent(cells: Mapping[str, Cell]) -> tuple[int, int]:
    """Place of the intent and whether it is sales; `service` says only that it is not."""
    if _meant(text_of(cells.get("intent"), "intent")) in SERVICE:
        return NOTHING, 0
    intent = _word(cells, "intent", INTENT, NOTHING)
    return intent, NOTHING if intent == NOTHING else int(intent == _SALES)


def _outcome(cells: Mapping[str, Cell]) -> int:
    if text_of(cells.get("outcome"), "outcome"):
        return _word(cells, "outcome", OUTCOME, Seen.UNKNOWN)
    if "answered_at" not in cells:
        return Seen.UNKNOWN
    return Seen.ANSWERED if text_of(cells["answered_at"], "answered_at") else Seen.GAVE_UP


def _times(cells: Mapping[str, Cell], at: datetime, zone: tzinfo, channel: int, outcome: int) -> tuple[float, float]:
    """Wait and talk: from their own columns, else from the instants of the call."""
    wait, talk = _seconds(cells, "wait_s"), _seconds(cells, "talk_s")
    answered, ended = _at(cells, "answered_at", zone), _at(cells, "ended", zone)
    taken = answered if outcome == Seen.ANSWERED else ended if outcome == Seen.GAVE_UP else None
    if not isfinite(wait) and taken is not None:
        wait = _between(at, taken)
    if not isfinite(talk) and answered is not None and ended is not None and channel == CHANNELS.index("phone"):
        talk = _between(answered, ended)
    return wait, talk if outcome == Seen.ANSWERED else nan


def _between(start: datetime, end: datetime) -> float:
    seconds = (end - start).total_seconds()
    if not 0 <= seconds <= LONGEST_S:
        raise InvalidInput("The contact ends before it begins, or more than eight days later.", field="ended")
    return seconds


def _sale(cells: Mapping[str, Cell], at: datetime) -> tuple[int, int]:
    """Whether the guest said yes, and how many days ahead he arrives. A yes for which there was no room is a yes."""
    typed = text_of(cells.get("bought"), "bought")
    bought = 1 if _meant(typed) in NO_ROOM else _flag(cells, "bought")
    arrival = day_of(cells.get("check_in"), "check_in")
    if arrival is None:
        return bought, NOTHING
    if arrival < at.date():
        raise InvalidInput("The guest arrives before the contact.", field="check_in")
    return bought, (arrival - at.date()).days


def _flag(cells: Mapping[str, Cell], column: str) -> int:
    typed = text_of(cells.get(column), column)
    word = _meant(typed)
    if typed and word not in YES | NO:
        raise _no_word(typed, column, ("yes", "no"))
    return NOTHING if not typed else int(word in YES)


def _at(cells: Mapping[str, Cell], column: str, zone: tzinfo) -> datetime | None:
    found = instant_of(cells.get(column), column, zone)
    return None if found is None else found.astimezone(zone).replace(tzinfo=None)


def _seconds(cells: Mapping[str, Cell], column: str) -> float:
    """Seconds, `3:25` or `0:03:25`; nan for nothing."""
    cell: Any = cells.get(column)
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    text = "" if isinstance(cell, date) else text_of(cell, column)
    if not text and not isinstance(cell, date):
        return nan
    found = _CLOCK.fullmatch(text)
    if found is not None:
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3].replace(",", "."))
    if _SECONDS.fullmatch(text) is None or float(text.replace(",", ".")) > LONGEST_S:
        raise InvalidInput(
            "{text} under {column} is not a length such as 75 or 0:01:15.",
            text=str(cell)[:40], column=column, field=column,
        )  # fmt: skip
    return float(text.replace(",", "."))
