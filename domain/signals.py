"""What is noticed about a contact or case: tags to sort by, signals to act on, each one bit.

A **tag** says what a case is about (Reservation, Support), who it is from (VIP) and how it came (OTA); people can set
and remove it. A **signal** is what a rule acts on: somebody wants to cancel, is upset, cannot wait, has bought on the
telephone, arrives soon. Rules over them take an int, because the season engine asks them a million times.
"""

from collections.abc import Iterable
from enum import StrEnum


class Tag(StrEnum):
    """What a case is sorted by."""

    RESERVATION = "reservation"
    SUPPORT = "support"
    VIP = "vip"
    OTA = "ota"


class Signal(StrEnum):
    """What a rule can act on. `arrival_soon` raises the priority and forces nothing."""

    CANCELLATION = "cancellation"
    CRISIS = "crisis"
    LAST_MINUTE = "last_minute"
    SOLD_BY_PHONE = "sold_by_phone"
    ARRIVAL_SOON = "arrival_soon"
    REPEAT_GUEST = "repeat_guest"


Mark = Tag | Signal
MARKS: tuple[Mark, ...] = (*Signal, *Tag)
BITS: dict[Mark, int] = {mark: 1 << place for place, mark in enumerate(MARKS)}
SOON_S = 48 * 3600


def bits_of(marks: Iterable[Mark]) -> int:
    """The marks as one int."""
    mask = 0
    for mark in marks:
        mask |= BITS[mark]
    return mask


def marks_in(bits: int) -> tuple[Mark, ...]:
    """The marks an int stands for, in the order of `MARKS`."""
    return tuple(mark for mark in MARKS if bits & BITS[mark])


def mark_called(name: str) -> Mark:
    """The tag or signal with this word; KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME: dict[str, Mark] = {mark.value: mark for mark in MARKS}


def is_arrival_soon(arrival_s: float, now_s: float, within_s: float = SOON_S) -> bool:
    """Whether the guest arrives within 48 hours and has not arrived yet."""
    return 0 <= arrival_s - now_s <= within_s
