"""A mail server's report on a mail of ours: RFC 3464, `multipart/report` of type `delivery-status`.

Its second part says for each receiver what was done (`Action`: failed, delayed, delivered, relayed, expanded) and why
(`Status`: RFC 3463, 5.1.1 is an unknown mailbox). Its third is the mail that it is about, or the head of it, whose
Message-ID is how we know our own again: it is made of the outbox id. A report on any other mail stays a mail, for a
person to read. Anybody can write such a mail, but only who was sent ours knows its Message-ID, and all that a report
does is to tell a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from integration.adapters.channels.mail_headers import AsItStands, ids_in, one
from integration.adapters.channels.reading import clean

_OURS = re.compile(r"(out_[A-Za-z0-9]{6,60})@[^@\s]{1,253}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_SAYS = {"failed": "failed", "delayed": "sent", "relayed": "sent", "expanded": "sent", "delivered": "delivered"}
_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_MOST_PARTS = 20
_MOST_HEAD = 100_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_id`: of our mail; `outbox_id`: the first half of it; `status`: sent, delivered or failed; `code`: RFC
    3463, empty when none is given."""

    message_id: str
    outbox_id: str
    status: str
    code: str


def bounce_in(mail: Message) -> Bounce | None:
    """What a report says of a mail of ours; None for any other mail."""
    kind = str(mail.get_param("report-type") or "").lower()
    if mail.get_content_type() != "multipart/report" or kind != "delivery-status":
        return None
    parts = mail.get_payload()
    inner = [part for part in parts[:_MOST_PARTS] if isinstance(part, Message)] if isinstance(parts, list) else []
    own = next((_OURS.fullmatch(number) for part in inner for number in _numbers(part)), None)
    told = next((block for part in inner for block in _blocks(part) if block.get("action") is not None), None)
    status = _SAYS.get(one(told, "action").lower().partition(" ")[0]) if told is not None else None
    if own is None or told is None or status is None:
        return None
    code = _STATUS.search(one(told, "status"))
    return Bounce(clean(own[0]), own[1], status, code[0] if code else "")


def _numbers(part: Message) -> list[str]:
    """Message ids of the mail that came back, or of its head."""
    if part.get_content_type() not in _RETURNED:
        return []
    inner = part.get_payload()
    if isinstance(inner, list):
        return ids_in(inner[0], "message-id") if inner and isinstance(inner[0], Message) else []
    raw = part.get_payload(decode=True)
    text = raw[:_MOST_HEAD].decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return ids_in(message_from_string(text, policy=AsItStands()), "message-id")


def _blocks(part: Message) -> Iterator[Message]:
    """Groups of fields: of the report as a whole, then of each receiver."""
    inner = part.get_payload()
    if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"} and isinstance(
        inner, list
    ):
        yield from (block for block in inner[:_MOST_PARTS] if isinstance(block, Message))
