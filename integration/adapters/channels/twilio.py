"""Twilio Voice: what happened to a call, as a signed form (source: Twilio, "Security" and "Call resource").

The signature is base64 HMAC-SHA1 over the URL that Twilio called, public name and query included, followed by each
field's name and value in the order of names (of a repeated field, its different values in order). Twilio signs with or
without the port, so both are tried; behind a proxy the delivery's URL must be the public one. A JSON body is proven by
its SHA-256 in the query instead. Events come in any order: `SequenceNumber` orders them, and with it the call's number
(CallSid) makes the event's. Use this URL for status callbacks only: as the voice URL its empty answer would hang up.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

from domain.contact import Channel
from integration.adapters.channels.calls import call, cause_of
from integration.adapters.channels.events import key, one_of
from integration.adapters.channels.handles import phone
from integration.adapters.channels.proof import is_one_of, secrets_of, to_bytes
from integration.adapters.channels.reading import Part, form_pairs, query_of, read_either
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, SignatureFault, Unbelieved, Unreadable

_PORT = re.compile(r":[0-9]*$")
_PORTS = {"https": 443, "http": 80}
_KINDS = {
    "queued": ArrivalKind.CALL_RINGING,
    "initiated": ArrivalKind.CALL_RINGING,
    "ringing": ArrivalKind.CALL_RINGING,
    "in-progress": ArrivalKind.CALL_ANSWERED,
    "answered": ArrivalKind.CALL_ANSWERED,
    "completed": ArrivalKind.CALL_ENDED,
    "busy": ArrivalKind.CALL_ENDED,
    "failed": ArrivalKind.CALL_ENDED,
    "no-answer": ArrivalKind.CALL_ENDED,
    "canceled": ArrivalKind.CALL_ENDED,
}


@dataclass(frozen=True, slots=True)
class TwilioVoice:
    """`tokens`: the account's auth tokens, primary and secondary; `account`: what we call this exchange."""

    tokens: tuple[bytes, ...]
    account: str
    channel: Channel = Channel.PHONE
    answer: str = ""

    @classmethod
    def of(cls, account: str, tokens: Iterable[str]) -> "TwilioVoice":
        """ConfigurationError for a token that is none."""
        return cls(secrets_of(tokens, account), account)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event."""
        given = delivery.headers.get("x-twilio-signature", "").strip()
        if not given and not delivery.is_proven:
            return Unbelieved(SignatureFault.MISSING)
        if not delivery.is_proven and not self._is_signed(delivery, to_bytes(given)):
            return Unbelieved(SignatureFault.WRONG)
        body = Part(query_of(delivery.url)) if delivery.method == "GET" else read_either(delivery)
        if isinstance(body, Unreadable):
            return body
        return (one_of(self.channel, self.account, body, self._event),)

    def _is_signed(self, delivery: Delivery, given: bytes) -> bool:
        digest = query_of(delivery.url).get("bodySHA256", "")
        if digest:
            wanted = hashlib.sha256(delivery.body).hexdigest().encode()
            if not is_one_of(to_bytes(digest.lower()), [wanted]):
                return False
            signed = ""
        else:
            signed = _in_order(form_pairs(delivery.body) or [])
        texts = [to_bytes(url + signed) for url in _with_and_without_port(delivery.url)]
        return is_one_of(given, [signature_of(token, text) for token in self.tokens for text in texts])

    def _event(self, part: Part) -> Arrival | None:
        sid, status = part.token("CallSid"), part.text("CallStatus").lower()
        kind = _KINDS.get(status)
        if not sid or kind is None:
            return None
        direction = "in" if part.text("Direction").lower() in {"inbound", ""} else "out"
        guest, ours = ("From", "To") if direction == "in" else ("To", "From")
        missed = kind is ArrivalKind.CALL_ENDED and status != "completed"
        return call(
            self.account,
            kind,
            key(sid, part.token("SequenceNumber") or status),
            key(part.token("ParentCallSid") or sid),
            phone(part.token(guest)),
            _moment(part.text("Timestamp")),
            direction=direction,
            leg=sid if part.token("ParentCallSid") else "",
            dialled=part.token(ours),
            forwarded_from=part.token("ForwardedFrom"),
            sequence=part.whole("SequenceNumber"),
            cause=cause_of(status) if kind is ArrivalKind.CALL_ENDED else "",
            missed=True if missed and direction == "in" else None,
            talk_s=part.whole("CallDuration"),
            recorded=True if part.token("RecordingSid") else None,
        )


def signature_of(token: bytes, signed: bytes) -> bytes:
    """Base64 of HMAC-SHA1, as Twilio has it."""
    return base64.b64encode(hmac.new(token, signed, hashlib.sha1).digest())


def _in_order(pairs: list[tuple[str, str]]) -> str:
    """Each name with each of its different values, both in order."""
    return "".join(name + value for name, value in sorted(set(pairs)))


def _with_and_without_port(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    bare = _PORT.sub("", parts.netloc)
    standard = f"{bare}:{_PORTS[parts.scheme]}" if parts.scheme in _PORTS else bare
    return [url, *(urlunsplit(parts._replace(netloc=place)) for place in (bare, standard))]


def _moment(text: str) -> datetime | None:
    """RFC 2822, `Sat, 10 Jul 2027 11:05:00 +0000`."""
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
