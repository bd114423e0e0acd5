"""Shapes of what goes out to guests."""

from integration.http.shapes.kinds import Instant, Shape


class Sending(Shape):
    """A message on its way out: `status` is queued, sending, accepted, delivered, read, failed, undeliverable, unknown
    or held; `changed_at`: since when."""

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
    changed_at: Instant
    attempts: int
    problem: str | None


class Outgoings(Shape):
    """Messages, newest first; `next`: what to go on behind."""

    outgoing: list[Sending]
    next: str | None


class OutgoingFile(Sending):
    """A message with what is written in it; after `use_by` it is not sent any more."""

    subject: str | None
    text: str
    use_by: Instant | None


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
