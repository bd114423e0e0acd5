"""E-mail: the bytes of one mail (RFC 5322), as an arrival.

Its number is Message-ID and a digest of what the sender fixed (From, Date, Subject, body). Message-ID alone will not
do: it may be missing, the same for two mails, or copied by somebody who wants his mail to pass for one seen before. The
digest leaves out what the way adds, so the same mail through two aliases, moved to and fro, or fetched again after the
server renumbered its mailbox (UIDVALIDITY) has the same number. Where it lay is a fact, for the one who fetches.

The mail is taken apart with the plain policy of the standard library and its headers are decoded here, one by one: the
newer policy parses headers by grammar when they are read, and raises on what hostile senders write. A mail that is too
large is read as far as the limit and says so (`truncated`); one that cannot be taken apart at all is an `other`. A mail
server's report on a mail of ours is a receipt (`mail_bounce`).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message

from domain.contact import Channel, Handle, Sender, Vouching
from domain.guest import IdentityKind
from integration.adapters.channels.events import key, said
from integration.adapters.channels.handles import address
from integration.adapters.channels.mail_body import attachments_of, text_of
from integration.adapters.channels.mail_bounce import Bounce, bounce_in
from integration.adapters.channels.mail_headers import AsItStands, ids_in, is_automatic, mailboxes, moment, one, words
from integration.adapters.channels.mail_trust import is_vouched
from integration.adapters.channels.quotes import without_quotes
from integration.adapters.channels.reading import clean
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received

MOST_BYTES = 8_000_000
_MOST_LINES, _MOST_DIVIDERS, _MOST_NESTS = 120_000, 1_000, 30
_MOST_RECEIVERS = 5
_TAKING_APART = (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError)
_TRUNCATED = {"truncated": "yes"}
_HEAD = re.compile(rb"\r?\n\r?\n")
_PLACE = re.compile(r";UIDVALIDITY=([0-9]{1,20})/?;?/?;?UID=([0-9]{1,20})", re.IGNORECASE)
_TOKEN_IN_ADDRESS = re.compile(r"\+([a-z0-9_]{6,64})@", re.IGNORECASE)
_TOKEN_IN_SUBJECT = re.compile(r"\[#([A-Za-z0-9_]{6,64})\]")
# Addresses by which an OTA lets guest and hotel write to each other. Booking's is documented; the rest are from memory.
RELAYS: Mapping[str, str] = {
    "guest.booking.com": "booking",
    "m.expediapartnercentral.com": "expedia",
    "guest.airbnb.com": "airbnb",
    "agoda-messaging.com": "agoda",
}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`account`: its address; `authserv_id`: the name our own mail server signs its Authentication-Results with."""

    account: str
    authserv_id: str = ""
    relays: Mapping[str, str] = field(default_factory=lambda: RELAYS)
    channel: Channel = Channel.EMAIL
    answer: str = ""

    def receive(self, delivery: Delivery) -> Received:
        """One fetched mail; its URL is that of RFC 5092, `imap://host/INBOX;UIDVALIDITY=7/;UID=42`."""
        place = _PLACE.search(delivery.url)
        return (self.read(delivery.body, place.groups() if place else ()),)

    def read(self, raw: bytes, place: Iterable[str] = ()) -> Arrival:
        """One mail's bytes; `place`: UIDVALIDITY and UID, when it was fetched."""
        where = dict(zip(("uid_validity", "uid"), place, strict=False))
        try:
            readable = _bounded(raw)
            arrival = self._arrival(message_from_bytes(readable, policy=AsItStands()), raw, where)
            return arrival if len(readable) == len(raw) else replace(arrival, facts={**arrival.facts, **_TRUNCATED})
        except _TAKING_APART:
            number = f"digest:{hashlib.sha256(raw).hexdigest()[:32]}"
            facts = said(why="The mail cannot be taken apart.") | where
            return Arrival(self.channel, self.account, ArrivalKind.OTHER, number, facts=facts)

    def _arrival(self, mail: Message, raw: bytes, where: dict[str, str]) -> Arrival:
        bounce = bounce_in(mail)
        return self._mail(mail, raw, where) if bounce is None else self._report(mail, raw, bounce, where)

    def _report(self, mail: Message, raw: bytes, bounce: Bounce, where: dict[str, str]) -> Arrival:
        """What a mail server says became of a mail of ours."""
        facts = said(status=bounce.status, code=bounce.code, outbox_id=bounce.outbox_id) | where
        number = _number(mail, ids_in(mail, "message-id"), raw)
        at = moment(mail, "date")
        return Arrival(
            self.channel, self.account, ArrivalKind.RECEIPT, number, at=at, about=bounce.message_id, facts=facts
        )

    def _mail(self, mail: Message, raw: bytes, where: dict[str, str]) -> Arrival:
        senders = mailboxes(mail, "from")
        name, sender = senders[0] if senders else ("", "")
        is_proven = len(senders) == 1 and is_vouched(mail, self.authserv_id, sender)
        own, replied, line = ids_in(mail, "message-id"), ids_in(mail, "in-reply-to"), ids_in(mail, "references")
        subject, is_ours = words(mail, "subject"), sender.lower() == self.account.lower()
        return Arrival(
            self.channel,
            self.account,
            ArrivalKind.MESSAGE,
            _number(mail, own, raw),
            self._theirs(mail) if is_ours else self._handles(sender, is_proven=is_proven),
            moment(mail, "date"),
            name="" if is_ours else name,
            text=clean(without_quotes(text_of(mail))),
            thread=key(*(line or replied or own)[:1]),
            about=key(*replied[:1]),
            subject=subject,
            attachments=attachments_of(mail),
            is_automatic=is_automatic(mail),
            sender=Sender.AGENT if is_ours and is_proven else Sender.GUEST,
            facts=where
            | said(
                reply_to=self._elsewhere(mail, sender),
                reply_token=_reply_token(mail, subject),
                message_id=own[0] if own else "",
            ),
        )

    def _theirs(self, mail: Message) -> tuple[Handle, ...]:
        """Of a mail in our own name: whom it was written to."""
        return tuple(one for _, to in mailboxes(mail, "to")[:_MOST_RECEIVERS] for one in self._handles(to))

    def _handles(self, sender: str, *, is_proven: bool = False) -> tuple[Handle, ...]:
        """The address, or at an OTA's relay the relay: it stands for one stay, never for a person."""
        vouching = Vouching.SIGNED_MAIL if is_proven else Vouching.CLAIMED
        ota = self.relays.get(sender.rpartition("@")[2].lower())
        if ota:
            return (Handle(IdentityKind.OTA_RELAY, sender.lower(), ota, vouching),)
        return address(sender, vouching)

    def _elsewhere(self, mail: Message, sender: str) -> str:
        """Where answers are wanted, when that is not the sender."""
        wanted = mailboxes(mail, "reply-to")
        return wanted[0][1] if wanted and wanted[0][1].lower() != sender.lower() else ""


def _bounded(raw: bytes) -> bytes:
    """As much of a mail as is taken apart: the parser's time grows with lines times nesting, whoever nests."""
    found = raw[:MOST_BYTES]
    for mark, most in ((b"\n", _MOST_LINES), (b"\n--", _MOST_DIVIDERS)):
        if found.count(mark) > most:
            found = found[: _place_of(found, mark, most)]
    is_nest = found.lower().count(b"boundary=") > _MOST_NESTS
    return _HEAD.split(found, maxsplit=1)[0] if is_nest else found


def _place_of(raw: bytes, mark: bytes, count: int) -> int:
    """Where a mark stands for the so manieth time."""
    place = -1
    for _ in range(count):
        place = raw.index(mark, place + 1)
    return place + 1


def _number(mail: Message, own: list[str], raw: bytes) -> str:
    parts = _HEAD.split(raw, maxsplit=1)
    found = hashlib.sha256()
    for name in ("from", "date", "subject"):
        found.update(one(mail, name).encode("utf-8", "replace") + b"\n")
    found.update(parts[1].replace(b"\r\n", b"\n").rstrip() if len(parts) > 1 else b"")
    return key(own[0] if own else "", found.hexdigest()[:32])


def _reply_token(mail: Message, subject: str) -> str:
    """Ours, which comes back in `info+TOKEN@` or in `[#TOKEN]`."""
    for name in ("to", "delivered-to", "x-original-to"):
        for _, receiver in mailboxes(mail, name):
            found = _TOKEN_IN_ADDRESS.search(receiver)
            if found:
                return found[1]
    in_subject = _TOKEN_IN_SUBJECT.search(subject)
    return in_subject[1] if in_subject else ""
