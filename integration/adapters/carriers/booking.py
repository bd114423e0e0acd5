"""Answers inside Booking.com, by its Connectivity Messaging API (source: developers.booking.com, "Managing messages").

A token is fetched first and kept for most of its hour. A message is posted into the conversation it answers; there is
no number of ours, so after a lost answer the conversation is read and the same text of ours, written since, is the
proof.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from domain.contact import Channel
from integration.adapters.carriers.line import JSON, Line, bearer, encoded, object_in, part_of
from integration.ports.outbound import Accepted, Looked, MaybeTaken, NotSent, NotTaken
from integration.ports.queue_records import Outgoing
from integration.ports.surroundings import Clock

_TOKEN_LIFE = timedelta(minutes=50)
_SKEW = timedelta(seconds=5)
_BAD = 400
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class BookingCarrier:
    """`logon`: the line to the place where tokens are given."""

    line: Line
    logon: Line
    client_id: str
    client_secret: str = field(repr=False)
    clock: Clock
    channel: Channel = Channel.OTA
    _token: str = field(default="", repr=False)
    _until: datetime = _LONG_AGO

    async def send(self, one: Outgoing) -> Accepted:
        """One message into its conversation."""
        headers = await self._headers()
        body = {"message": {"content": str(one.document.get("text", "")), "attachment_ids": []}}
        answer = await self.line.send("POST", _talk(one), (*headers, JSON), encoded(body))
        found = object_in(answer)
        if answer.status >= _BAD or part_of(found, "data", "ok") is False:
            raise NotTaken(f"status_{answer.status}")
        number = part_of(found, "data", "message_id")
        if not isinstance(number, str) or not number:
            raise MaybeTaken("answer_unreadable")
        return Accepted(number, _account(one))

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        """Read the conversation."""
        answer = await self.line.ask("GET", _talk(one), await self._headers())
        rows = part_of(object_in(answer), "data", "conversation", "messages")
        if not isinstance(rows, list):
            raise NotSent("answer_unreadable")
        row = next((row for row in rows if _is_same(one, row)), None)
        return Accepted(str(row["message_id"]), _account(one)) if row is not None else Looked.ABSENT

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()
        await self.logon.close()

    async def _headers(self) -> tuple[tuple[str, str], ...]:
        now = self.clock.now()
        if not self._token or now >= self._until:
            body = encoded({"client_id": self.client_id, "client_secret": self.client_secret})
            found = object_in(await self.logon.ask("POST", "/token-based-authentication/exchange", (JSON,), body))
            if not isinstance(found.get("jwt"), str):
                raise NotSent("unauthorised")
            self._token, self._until = str(found["jwt"]), now + _TOKEN_LIFE
        return (bearer(self._token), ("accept-version", "1.3"))


def _account(one: Outgoing) -> str:
    return str(one.document.get("account", ""))


def _talk(one: Outgoing) -> str:
    """The account is `booking/` and the property; the thread is the conversation."""
    place = _account(one).partition("/")[2]
    thread = str(one.document.get("thread", "")).replace("%3A", ":")
    if not place or not thread:
        raise NotTaken("no_conversation")
    return f"/messaging/properties/{quote(place, safe='')}/conversations/{quote(thread, safe='')}"


def _is_same(one: Outgoing, row: object) -> bool:
    if not isinstance(row, dict) or part_of(row, "sender", "metadata", "participant_type") not in {"hotel", "property"}:
        return False
    sent_at = datetime.fromisoformat(str(one.document.get("sent_at") or one.changed_at.isoformat()))
    try:
        written = datetime.fromisoformat(str(row.get("timestamp")))
    except ValueError:
        return False
    aware = written if written.tzinfo else written.replace(tzinfo=UTC)
    return row.get("content") == one.document.get("text") and aware >= sent_at - _SKEW
