"""The event log: one JSON line per event on stderr, holding a name, ids and codes, and nothing about anybody.

What may be said is listed here by field name; a field that is not on the list is written as `withheld`, and so is a
value that does not look like an id, a code or a number. So a careless call cannot put a guest's name, number, address
or message into a log. Libraries that log sentences (the server, asyncio) are heard by name and level only, their text
withheld too: it may quote what was sent.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "at", "logger", "actor", "role", "hotel", "hotel_id", "reservation_id", "pms_ref",
        "guest_id", "call_id", "case_id", "outbox_id", "channel", "offer_id", "intent_id", "task_id", "batch_id",
        "request_id", "request_key", "external_ref", "status", "outcome", "code", "pms_code", "pms_path", "operation",
        "route", "method", "error", "error_class", "place", "where", "url", "port", "version", "ms", "seconds",
        "hook", "delivery_id", "wait", "count", "attempts", "expired", "left", "replayed", "in_pms", "dry_run",
    }
)  # fmt: skip
WITHHELD = "withheld"
_CODE = re.compile(r"[A-Za-z0-9_.:/{}\[\]$=-]{0,255}", re.ASCII)
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
Event = MutableMapping[str, Any]


def only_codes(_logger: object, _method: str, event: Event) -> Event:
    """Keep what is on the list and looks like a code; withhold the rest. An exception keeps its class."""
    caught = event.pop("exc_info", None)
    if isinstance(caught, BaseException):
        event["error_class"] = type(caught).__name__
    for name in ("stack_info", "exception", "stack"):
        event.pop(name, None)
    return {name: value if name in ALLOWED and _is_code(value) else WITHHELD for name, value in event.items()}


def _is_code(value: object) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


class _OfLibraries(logging.Handler):
    """What libraries log: that they did, at which level, and the class of an exception."""

    def __init__(self, log: "structlog.typing.BindableLogger") -> None:
        super().__init__()
        self._log: Any = log

    def emit(self, record: logging.LogRecord) -> None:
        """One line; the sentence stays out."""
        caught = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        tell = self._log.error if record.levelno >= logging.ERROR else self._log.warning
        tell("library_log", logger=record.name, error_class=caught)


def configure_logs(stream: TextIO | None = None, *, level: str = "info") -> None:
    """Set logging up for this process: our events from `level` on, warnings and errors of libraries."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            only_codes,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_OfLibraries(structlog.get_logger())]
    root.setLevel(logging.WARNING)
