"""Shapes of what goes out to guests."""

from integration.http.shapes.kinds import Instant, Shape


class Sending(Shape):
    """A message on its way out: `status` is queued, sending, accepted, delivered, read, failed, unknown or held."""

    outbox_id: str
    case_id: str | None
    hotel_id: str
    channel: str
    kind: str
    purpose: str
    status: str
    to: str
    message_id: str | None
    provider_id: str | None
    created_at: Instant
    attempts: int
    problem: str | None


class ConsentRow(Shape):
    """What a guest allows by one way of advertising; None: never asked."""

    purpose: str
    state: str | None
    source: str | None
    at: Instant | None


class Consents(Shape):
    """What a guest allows now."""

    guest_id: str
    consents: list[ConsentRow]
