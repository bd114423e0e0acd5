"""Short messages through two Turkish senders: Netgsm (REST v2) and Verimor.

Numbers go without `+`. Netgsm answers 200 or 406 with a code of its own and has no number of ours: what was lost
cannot be asked for. Verimor takes `custom_id` (ours) and can be asked by it, which is why it is the better one to
lose an answer of. Both are told whether a message advertises: the registry of consents is asked on their side too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from domain.contact import Channel
from domain.outbound import MessageKind
from integration.adapters.carriers.line import JSON, Line, basic, encoded, object_in
from integration.ports.outbound import Accepted, Looked, MaybeTaken, NotSent, NotTaken
from integration.ports.queue_records import Outgoing

_OK = 200
_NETGSM_CODES: Mapping[str, str] = {
    "20": "text_refused",
    "40": "sender_name_unknown",
    "50": "consent_registry_refuses",
    "51": "consent_registry_unknown",
    "70": "parameters_refused",
}
_NETGSM_UNREAD = {"30": "unauthorised", "80": "rate_limited", "85": "rate_limited"}


def plain(number: str) -> str:
    """`+447700900123` -> `447700900123`."""
    return number.removeprefix("+")


@dataclass(frozen=True, slots=True)
class NetgsmCarrier:
    """`header`: the sender's name the recipients see."""

    line: Line
    user: str
    password: str = field(repr=False)
    header: str
    channel: Channel = Channel.SMS

    async def send(self, one: Outgoing) -> Accepted:
        """One message."""
        is_commercial = one.kind == MessageKind.COMMERCIAL
        body = {
            "msgheader": self.header,
            "encoding": "TR",
            "iysfilter": "11" if is_commercial else "0",
            "messages": [{"msg": str(one.document.get("text", "")), "no": plain(one.handle_value)}],
        }
        headers = (basic(self.user, self.password), JSON)
        found = object_in(await self.line.send("POST", "/sms/rest/v2/send", headers, encoded(body)))
        code = str(found.get("code", ""))
        if code == "00":
            return Accepted(str(found.get("jobid", "")), self.header)
        if code in _NETGSM_UNREAD:
            raise NotSent(_NETGSM_UNREAD[code])
        if code in _NETGSM_CODES:
            raise NotTaken(_NETGSM_CODES[code])
        raise MaybeTaken(f"code_{code}" if code.isdigit() else "answer_unreadable")

    async def look_up(self, _one: Outgoing) -> Accepted | Looked:
        """It has no number of ours."""
        return Looked.SILENT

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()


@dataclass(frozen=True, slots=True)
class VerimorCarrier:
    """`header`: the sender's name the recipients see."""

    line: Line
    user: str
    password: str = field(repr=False)
    header: str
    channel: Channel = Channel.SMS

    async def send(self, one: Outgoing) -> Accepted:
        """One message."""
        is_commercial = one.kind == MessageKind.COMMERCIAL
        body: dict[str, object] = {
            "username": self.user,
            "password": self.password,
            "source_addr": self.header,
            "valid_for": "24:00",
            "custom_id": one.outbox_id,
            "is_commercial": is_commercial,
            "messages": [{"msg": str(one.document.get("text", "")), "dest": plain(one.handle_value)}],
        }
        if is_commercial:
            body["iys_recipient_type"] = "BIREYSEL"
        answer = await self.line.send("POST", "/v2/send.json", (JSON,), encoded(body))
        said = answer.body.decode("utf-8", "replace").strip()
        if answer.status != _OK:
            raise NotTaken(_code(said))
        if not said.isdigit():
            raise MaybeTaken("answer_unreadable")
        return Accepted(said, self.header)

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        """By our number."""
        query = urlencode({"username": self.user, "password": self.password, "custom_id": one.outbox_id})
        answer = await self.line.ask("GET", f"/v2/status?{query}", ())
        try:
            rows = msgspec.json.decode(answer.body)
        except msgspec.DecodeError:
            raise NotSent("answer_unreadable") from None
        if not isinstance(rows, list):
            raise NotSent("answer_unreadable")
        mine = (row for row in rows if isinstance(row, dict) and row.get("campaign_custom_id") == one.outbox_id)
        row = next(mine, None)
        return Accepted(str(row.get("campaign_id", "")), self.header) if row is not None else Looked.ABSENT

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()


def _code(said: str) -> str:
    """`INVALID_MESSAGE` -> `invalid_message`; a sentence is not kept, it may repeat what was sent."""
    is_code = 0 < len(said) <= 60 and said.replace("_", "").isascii() and said.replace("_", "").isalnum()  # noqa: PLR2004
    return said.lower() if is_code else "refused"
