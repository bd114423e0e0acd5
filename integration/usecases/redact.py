"""What a body loses before it is stored: for now nothing.

One place for all channels, passed between the proof of a delivery and the store, so that what must never be kept
(card numbers, photographs of identity papers) can be taken out here and nowhere else.
"""

from domain.contact import Channel


def redact(_channel: Channel, body: bytes) -> bytes:
    """The body as it may be stored."""
    return body
