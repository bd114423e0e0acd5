"""The words of a load test: operations, the groups that have targets, personas, statuses of a check, verdicts.

One operation is one kind of request. A group is what a target speaks of; requests of no group are counted and shown,
and count towards the error rate.
"""

from enum import StrEnum


class Persona(StrEnum):
    """Who sends a request."""

    OPERATOR = "operator"
    DIGITAL = "digital"
    GUEST = "guest"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Group(StrEnum):
    """What has a latency target."""

    AVAILABILITY = "availability"
    BOOKING = "booking"
    WEBHOOK = "webhook"
    OTHER = "other"


GROUPS: dict[str, Group] = {
    "quote": Group.AVAILABILITY,
    "hold": Group.BOOKING,
    "option": Group.BOOKING,
    "confirm": Group.BOOKING,
    "pay": Group.BOOKING,
    "webhook": Group.WEBHOOK,
}


def group_of(operation: str) -> Group:
    """The group an operation belongs to: `quote` is availability, `call_start` is other."""
    return GROUPS.get(operation, Group.OTHER)


class CheckStatus(StrEnum):
    """How one line of the verdict stands. `skipped`: could not be looked at, which is never a pass."""

    PASS = "pass"  # noqa: S105 - the word of the verdict
    FAIL = "fail"
    AT_RISK = "at_risk"
    INVALID = "invalid"
    SKIPPED = "skipped"
    WAIVED = "waived"


class Verdict(StrEnum):
    """The word at the end."""

    PASS = "PASS"  # noqa: S105 - the word of the verdict
    FAIL = "FAIL"
    INVALID = "INVALID"
