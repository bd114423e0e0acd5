"""The generator's journal: what the service promised. The audit asks afterwards whether the promises were kept.

One line of JSON for every write, written before its request is sent (`intended`) and again when its answer came
(`acknowledged`, `refused`) or did not (`unknown`). A write that is only intended or unknown may have happened or not,
once at most; an acknowledged one must be found exactly once, a refused one not at all.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from heapq import merge
from pathlib import Path

import msgspec


class Fate(StrEnum):
    """What the client knows of a write."""

    INTENDED = "intended"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A write and what is known of it. `key`: the idempotency key (webhooks: the provider's message id).

    `ref`: what it was about or made (a reservation, case, call, offer id); the others as the answer said them: amounts
    as decimal text, days as ISO text. `ended_ns` of a call's end is the instant at which it was sent.
    """

    at_ns: int
    operation: str
    fate: Fate
    key: str
    actor: str = ""
    contact: int = -1
    hotel_id: str = ""
    ref: str = ""
    status: str = ""
    pms_ref: str = ""
    check_in: str = ""
    check_out: str = ""
    room_type: str = ""
    rate_plan: str = ""
    rooms: int = 1
    total: str = ""
    currency: str = ""
    paid: str = ""
    quoted: str = ""
    call_id: str = ""
    case_id: str = ""
    channel: str = ""
    http_status: int = 0
    problem: str = ""


_DECODER = msgspec.json.Decoder(Entry)


def read_journal(paths: Iterable[Path]) -> list[Entry]:
    """All processes' lines in order of time; a last line cut short by a kill is left out."""
    return sorted(_lines(paths), key=lambda one: one.at_ns)


def walk_journal(paths: Iterable[Path]) -> Iterator[Entry]:
    """The same one after the other, without holding them all: each file is in order of time by itself."""
    return merge(*(_lines((path,)) for path in paths), key=lambda one: one.at_ns)


def _lines(paths: Iterable[Path]) -> Iterator[Entry]:
    for path in paths:
        with path.open("rb") as lines:
            for line in lines:
                try:
                    if line != b"\n":
                        yield _DECODER.decode(line)
                except msgspec.DecodeError:
                    continue


def latest(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """The last word on each write, by (operation, key)."""
    return {(one.operation, one.key): one for one in entries}
