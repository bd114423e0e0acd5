"""Shapes of a comparison with the PMS."""

from integration.http.shapes.kinds import Day, Instant, Shape


class ComparedField(Shape):
    """A field of a record that does not agree: codes, days or amounts; null = none on that side.

    `repair`: what was done about the record (`adopted`, `made`, `cancelled_here`, `cancelled_in_pms`, `gone`, or
    `left:` and why), null when it was only reported.
    """

    line: int
    reservation_id: str | None
    pms_ref: str | None
    external_ref: str
    repair: str | None
    field: str
    here: str | None
    there: str | None


class PendingWrite(Shape):
    """A write whose outcome is being looked up: no error."""

    intent_id: str
    kind: str
    state: str
    reservation_id: str | None
    external_ref: str
    sent_at: Instant | None


class Comparison(Shape):
    """`unfinished` (going on, or cut short before `position`), `same`, `different` or `repaired`.

    The lists show the findings behind line `after`; `next` is the line to go on behind, null when that was all.
    """

    comparison_id: str
    hotel_id: str
    status: str
    actor: str
    created_at: Instant
    finished_at: Instant | None
    arrival_from: Day
    arrival_to: Day
    position: Day
    repair: bool
    missing_in_pms: list[ComparedField]
    missing_here: list[ComparedField]
    different: list[ComparedField]
    surplus: list[ComparedField]
    unreadable: list[ComparedField]
    pending: list[PendingWrite]
    left: int
    counts: dict[str, int]
    next: int | None
