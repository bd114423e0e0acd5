"""Days and nights. A stay is the nights `[arrival, departure)`; most ranges on the wire name their last day instead."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pms_mock.protocol.problem import bad_request

MAX_SPAN_DAYS = 90
_ONE = timedelta(days=1)


@lru_cache(maxsize=4096)
def nights(arrival: str, departure: str) -> tuple[str, ...]:
    """The ISO days of the nights from arrival to the night before departure."""
    return tuple(each_day(arrival, before(departure)))


def each_day(start: str, end: str) -> Iterator[str]:
    """Every ISO day from start to end, both included."""
    day, last = date.fromisoformat(start), date.fromisoformat(end)
    while day <= last:
        yield day.isoformat()
        day += _ONE


def before(day: str) -> str:
    """The day before."""
    return (date.fromisoformat(day) - _ONE).isoformat()


def plus(day: str, days: int) -> str:
    """The day `days` later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def span(start: str, end: str) -> int:
    """Days from start to end."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def weekday(day: str) -> int:
    """0 = Monday."""
    return date.fromisoformat(day).weekday()


def checked_span(start: str | None, end: str | None, path: str, *, least: int = 0) -> tuple[str, str]:
    """Both days, refused when one is missing, the order is wrong, or the span is beyond the vendor's limit of 90."""
    if start is None or end is None:
        raise bad_request("The range of days needs both ends", path, code="GEN00004")
    if span(start, end) < least:
        raise bad_request("The range of days is reversed or empty", path)
    if span(start, end) > MAX_SPAN_DAYS:
        raise bad_request(f"The range of days is longer than {MAX_SPAN_DAYS}", path, code="GEN00006")
    return start, end


def local_day(now_ms: int, zone: ZoneInfo) -> str:
    """The calendar day at the property."""
    return datetime.fromtimestamp(now_ms / 1000, zone).date().isoformat()


def utc_text(now_ms: int) -> str:
    """An instant as RFC 3339 UTC with seconds."""
    return datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
