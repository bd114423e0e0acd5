"""One connection to a mailbox (IMAP4rev1, RFC 3501), one command at a time; it blocks, so it lives in a thread.

The mailbox is opened with EXAMINE and read with BODY.PEEK: nothing in it is changed, marked or moved, and people can go
on using it. A mail is asked for by its first bytes only (`<0.n>`), so that no sender decides how much memory we use.
The standard library's imaplib speaks the protocol; what it raises becomes `LineBroken` (the connection is of no use any
more) or `Refused` (the server answered NO: the connection stands).

Cleartext is for this machine only. STARTTLS that the server does not offer is a failure, never a reason to go on
without.
"""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from integration.adapters.channels.mail import MOST_BYTES

STEP_LIMIT_S = 15.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_QUOTED = re.compile(rb'BODY\[\](?:<0>)? "((?:[^"\\]|\\.)*)"', re.DOTALL)
# AttributeError: a TLS socket that is cut while it is read loses the object it reads with.
_BROKEN = (imaplib.IMAP4.error, OSError, ValueError, EOFError, AttributeError)


class LineBroken(Exception):
    """No connection, or none any more. The text is a code: `no_connection`, `login_refused`, `folder_refused`,
    `line_cut`, `odd_answer`."""


class Refused(Exception):
    """The server said NO to one command."""


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Place:
    """A mailbox. `ca_file`: certificates to trust besides the machine's; empty: the machine's."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    security: Security = Security.TLS
    ca_file: str = ""


class MailLine:
    """The connection. Every method blocks, for at most `STEP_LIMIT_S` without a byte from the server."""

    def __init__(self, place: Place) -> None:
        """Connect nowhere yet."""
        self.validity = 0
        self.next_uid = 0
        self._place = place
        self._client: imaplib.IMAP4 | None = None

    def open(self) -> None:
        """Connect, log in and open the folder for reading. LineBroken."""
        with _breaking("no_connection"):
            self._client = self._connected()
        with _breaking("login_refused"):
            self._client.login(_quoted(self._place.user), self._place.password)
        with _breaking("folder_refused"):
            status, _ = self._client.select(_quoted(self._place.folder), readonly=True)
        if status != "OK":
            raise LineBroken("folder_refused")
        self.validity, self.next_uid = self._told("UIDVALIDITY"), self._told("UIDNEXT")

    def search(self, first: int, last: int, since: date) -> list[int]:
        """The UIDs from `first` to `last` of mails that came on `since` or later, in order."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        rows = self._asked("SEARCH", f"UID {first}:{last} SINCE {day}")
        found = {int(word) for row in rows if isinstance(row, bytes) for word in row.split()}
        return sorted(uid for uid in found if first <= uid <= last)

    def fetch(self, uid: int) -> bytes | None:
        """A mail's bytes, at most one more than are ever read; None when it is not there any more."""
        for row in self._asked("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MOST_BYTES + 1}>)"):
            raw = _body_of(row, uid)
            if raw is not None:
                return raw
        return None

    def cut(self) -> None:
        """Break the connection, from any thread: whoever reads from it is woken."""
        client = self._client
        if client is not None:
            with contextlib.suppress(*_BROKEN):
                client.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say good-bye and hang up. Never raises."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*_BROKEN):
                client.logout()
            with contextlib.suppress(*_BROKEN):
                client.shutdown()

    def _connected(self) -> imaplib.IMAP4:
        place = self._place
        if place.security is Security.TLS:
            return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=_trust(place), timeout=STEP_LIMIT_S)
        client = imaplib.IMAP4(place.host, place.port, timeout=STEP_LIMIT_S)
        if place.security is Security.STARTTLS:
            try:
                client.starttls(_trust(place))
            except _BROKEN:
                with contextlib.suppress(*_BROKEN):
                    client.shutdown()
                raise
        return client

    def _told(self, name: str) -> int:
        assert self._client is not None  # noqa: S101 - it was opened
        row = self._client.response(name)[1][0]
        if not isinstance(row, bytes) or not row.isdigit():
            raise LineBroken("odd_answer")
        return int(row)

    def _asked(self, command: str, *words: str) -> list[object]:
        if self._client is None:
            raise LineBroken("line_cut")
        with _breaking("line_cut"):
            status, rows = self._client.uid(command, *words)
        if status != "OK":
            raise Refused
        return list(rows)


@contextlib.contextmanager
def _breaking(code: str) -> Iterator[None]:
    """Whatever breaks inside is a LineBroken with this code; its own text may hold what was sent."""
    try:
        yield
    except _BROKEN:
        raise LineBroken(code) from None


def _trust(place: Place) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=place.ca_file or None)


def _quoted(text: str) -> str:
    """A quoted string of the protocol; ValueError for what cannot stand in one."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("not printable ASCII")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _body_of(row: object, uid: int) -> bytes | None:
    """The mail in one row of an answer: a literal, or a short one in quotes. Servers also put in what nobody asked for
    (a flag that changed, of another mail), which is passed by."""
    head, body = (row[0], row[1]) if isinstance(row, tuple) else (row, None)
    if not isinstance(head, bytes) or b"BODY[]" not in head:
        return None
    said = _UID.search(head.partition(b"BODY[]")[0])
    if said is not None and int(said[1]) != uid:
        return None
    if isinstance(body, bytes):
        return body
    quoted = _QUOTED.search(head)
    return re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else b""
