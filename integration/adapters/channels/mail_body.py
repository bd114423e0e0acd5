"""What a mail says, and what came along.

The first text part that is not an attachment is the text: plain if there is one, else HTML with its marks taken off.
Forwarded mails (`message/rfc822`) are attachments, not text. Bombs are bounded: parts, characters and attachments are
counted, and base64 that is none is read as far as it goes.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from email.message import Message

from domain.contact import Attachment
from integration.adapters.channels.html_text import text_of_html
from integration.adapters.channels.mail_charset import decoded
from integration.adapters.channels.mail_headers import spelt
from integration.adapters.channels.reading import clean

MOST_TEXT = 200_000
_MOST_PARTS = 300
_MOST_ATTACHMENTS = 100
_MOST_NAME = 200
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_KINDS = {"image": "image", "audio": "audio", "video": "video"}


def text_of(mail: Message) -> str:
    """The written part; empty when there is none."""
    html = ""
    for part in _parts(mail):
        kind = part.get_content_type()
        if _is_attached(part) or kind not in {"text/plain", "text/html"}:
            continue
        text = decoded(_bytes_of(part), str(part.get_content_charset() or "us-ascii"))[: MOST_TEXT * 4]
        if kind == "text/plain" and text.strip():
            return _lines(text)
        html = html or text
    return _lines(text_of_html(html))


def attachments_of(mail: Message) -> tuple[Attachment, ...]:
    """What came along, named as the sender named it; `ref` is its place among the parts."""
    found = []
    for place, part in enumerate(_parts(mail)):
        if not _is_attached(part):
            continue
        kind, name = part.get_content_type(), _name_of(part)
        attached = _KINDS.get(kind.partition("/")[0], "document")
        found.append(Attachment(attached, clean(kind), str(place), name))
    return tuple(found[:_MOST_ATTACHMENTS])


def _name_of(part: Message) -> str:
    """What the sender called it; empty when that cannot be read."""
    try:
        return clean(spelt(str(part.get_filename() or "")))[:_MOST_NAME]
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _lines(text: str) -> str:
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))[:MOST_TEXT]


def _parts(mail: Message) -> Iterator[Message]:
    """Leaves, and forwarded mails as leaves, in their order; without recursion."""
    rest, count = [mail], 0
    while rest and count < _MOST_PARTS:
        part, count = rest.pop(), count + 1
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_type() != "message/rfc822":
            rest += [one for one in reversed(payload) if isinstance(one, Message)]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    kind = part.get_content_type()
    if kind == "message/rfc822" or part.get_content_disposition() == "attachment" or _name_of(part):
        return True
    return not kind.startswith("text/") and not kind.startswith("multipart/")


def _bytes_of(part: Message) -> bytes:
    """The part's bytes, its transfer encoding taken off; of broken base64, as much as is whole."""
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        return _from_base64(str(part.get_payload()).encode("ascii", "replace"))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _from_base64(raw: bytes) -> bytes:
    """As much as is whole groups of four; everything else that stands between is overlooked."""
    letters = _NOT_BASE64.sub(b"", raw)
    whole = letters[: len(letters) - len(letters) % 4]
    tail = letters[len(whole) :]
    try:
        return base64.b64decode(whole) + (base64.b64decode(tail + b"=" * (4 - len(tail))) if len(tail) > 1 else b"")
    except binascii.Error:
        return b""
