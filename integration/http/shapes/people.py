"""Shapes of guests and calls."""

from integration.http.shapes.kinds import Day, Instant, Money, Note, PmsDown, Shape


class Identity(Shape):
    """A way to know somebody again; masked where the guest is."""

    kind: str
    value: str
    scope: str


class Guest(Shape):
    """A guest; name, telephone and e-mail masked when `masked`."""

    guest_id: str
    name: str
    language: str
    nationality: str
    vip: bool
    identities: list[Identity]
    masked: bool


class Guests(Shape):
    """Guests that match, best first; `pms` while it is down: only those we know ourselves."""

    guests: list[Guest]
    pms: PmsDown | None = None


class Stay(Shape):
    """A stay as the PMS knows it."""

    pms_ref: str
    hotel_id: str
    check_in: Day
    check_out: Day
    status: str
    room_type: str
    rate_plan: str
    total: Money | None


class Preference(Shape):
    """A coded wish on the profile."""

    group: str
    code: str
    text: str


class Known(Shape):
    """What the hotel knows of a guest; not `pms_read`: its PMS did not answer, and what it knows is missing."""

    repeat: bool
    segment: str | None
    stays: list[Stay]
    preferences: list[Preference]
    notes: list[str]
    pms_read: bool


class WholeGuest(Guest, Known):
    """A guest and what the hotel knows of him."""


class Card(Known):
    """Who rings. `candidates` when a telephone number is several guests'."""

    guest: Guest | None
    candidates: list[Guest]


class GuestNoted(Note):
    """A note was kept; `in_pms` whether the hotel's profile has it too."""

    guest_id: str
    in_pms: bool


class Call(Shape):
    """A telephone call."""

    call_id: str
    case_id: str
    hotel_id: str
    direction: str
    actor: str
    started_at: Instant
    ended_at: Instant | None
    outcome: str | None
    lost_reason: str | None
    due: Day | None
    guest_id: str | None


class CallStarted(Call, Card):
    """A call, and who rings. `history`: the guest's stays."""

    history: list[Stay]


class CallEnded(Call):
    """A call with its result; `lead`: the case's lead, null for a support case."""

    lead: str | None


class Calls(Shape):
    """Calls, newest first; an operator's own."""

    calls: list[Call]
