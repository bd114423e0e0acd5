"""Headers of a mail, read so that none of them can raise: names, addresses, ids, instants, and signs of a machine.

A header is raw text with encoded words in it (`=?windows-1254?Q?=DEule?=`). Word for word is decoded by the charset it
names, or by what its bytes look like when that name is wrong. Of a header that stands twice the first counts.
"""

import binascii
import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from integration.adapters.channels.mail_charset import decoded
from integration.adapters.channels.reading import clean

_MOST = 20_000
_MOST_PEOPLE, _MOST_IDS = 50, 100
_ID = re.compile(r"<([^<>\s]{1,500})>")
_FOLD = re.compile(r"[\r\n\t ]+")
_BULK = frozenset({"bulk", "auto_reply", "junk", "list"})
_MACHINE_MADE = ("x-loop", "x-autoreply", "x-autorespond", "list-id")


class AsItStands(Compat32):
    """The plain policy of the standard library, but for one thing: a header is given as it stands, bytes and all."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the library's signature
        """Unchanged, but no longer than anybody needs."""
        return value[:_MOST]


def one(mail: Message, name: str) -> str:
    """The first header of a name as it stands, unfolded; empty when absent."""
    value = mail.get(name)
    text = str(value) if value is not None else ""
    return _FOLD.sub(" ", _bytes_in(text)).strip()


def every(mail: Message, name: str) -> list[str]:
    """All headers of a name, topmost first."""
    return [_FOLD.sub(" ", _bytes_in(str(value))).strip() for value in mail.get_all(name, [])[:_MOST_IDS]]


def _bytes_in(text: str) -> str:
    """8-bit headers come as halves of characters: read them as the bytes they were."""
    if text.isascii():
        return text
    return decoded(text.encode("utf-8", "surrogateescape"), "utf-8")


def words(mail: Message, name: str) -> str:
    """A header's text, encoded words decoded."""
    return spelt(one(mail, name))


def spelt(text: str) -> str:
    """Text with its encoded words decoded; as it stands when they are not such."""
    if "=?" not in text:
        return clean(text)
    try:
        pieces = decode_header(text)
    except (MessageError, ValueError, binascii.Error, IndexError, TypeError):
        return clean(text)
    found = (piece if isinstance(piece, str) else decoded(piece, charset or "us-ascii") for piece, charset in pieces)
    return clean(_FOLD.sub(" ", "".join(found))).strip()


def mailboxes(mail: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses of a header, without those that have no address."""
    try:
        pairs = getaddresses([one(mail, name)])
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    return [(spelt(who), where) for who, where in pairs[:_MOST_PEOPLE] if "@" in where]


def ids_in(mail: Message, name: str) -> list[str]:
    """Message ids, without their brackets."""
    text = one(mail, name)
    found = _ID.findall(text)
    bare = [text] if name == "message-id" and text and not found and " " not in text else []
    return [clean(number) for number in (found or bare)[:_MOST_IDS]]


def moment(mail: Message, name: str) -> datetime | None:
    """An instant; a time without a zone is taken as UTC (RFC 5322, `-0000`)."""
    try:
        found = parsedate_to_datetime(one(mail, name))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_automatic(mail: Message) -> bool:
    """Written by a machine (RFC 3834): answering it could go on for ever."""
    submitted = one(mail, "auto-submitted").lower().partition(";")[0].strip()
    path = mail.get("return-path")
    return (
        submitted not in {"", "no"}
        or one(mail, "precedence").lower() in _BULK
        or (path is not None and str(path).strip() == "<>")
        or any(mail.get(name) is not None for name in _MACHINE_MADE)
        or mail.get_content_type() == "multipart/report"
    )
