"""WhatsApp Cloud API and Instagram messaging, outbound (source: Meta's Graph API pages).

WhatsApp has no key of ours that makes a repetition safe; `biz_opaque_callback_data` carries the outbox id and comes
back with every receipt, so a lost answer is settled by the receipt. It cannot be asked. Free text goes within 24
hours of the guest's last message, an approved template outside of it (refusal 131047 says that the window is closed).
Instagram has no number of ours at all: a lost answer is looked for in the conversation, by its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from domain.contact import Channel
from domain.guest import IdentityKind
from integration.adapters.carriers.line import JSON, Line, bearer, encoded, object_in, part_of
from integration.adapters.ohip.transport import Reply
from integration.ports.outbound import WINDOW_CLOSED, Accepted, Looked, MaybeTaken, NotSent, NotTaken
from integration.ports.queue_records import Outgoing

VERSION = "v25.0"
_WINDOW = frozenset({131047, 2018278, 2534022})
_RATE = frozenset({4, 613, 80007, 130429, 131048, 131056})
_UNREAD = frozenset({190})
_MAYBE = frozenset({1, 2, 131000})
_CODES: Mapping[int, str] = {
    130472: "held_back_by_provider",
    131026: "undeliverable",
    131042: "provider_account_unpaid",
    131049: "held_back_by_provider",
    131050: "guest_stopped_advertising",
    131062: "user_id_not_supported",
    132000: "template_wrong",
    132001: "template_missing",
    132012: "template_wrong",
    132015: "template_paused",
    132016: "template_disabled",
}
_BAD = 400
_SKEW = timedelta(seconds=5)
_TEMPLATE_LANGUAGES = {"en": "en", "tr": "tr", "de": "de", "ru": "ru"}


def checked(answer: Reply) -> dict[str, Any]:
    """The answer's object; the refusal it holds is raised as what it means."""
    found = object_in(answer)
    if answer.status < _BAD:
        return found
    code = part_of(found, "error", "code")
    if not isinstance(code, int):
        raise NotTaken(f"status_{answer.status}")
    if code in _WINDOW:
        raise NotTaken(WINDOW_CLOSED)
    if code in _RATE:
        raise NotSent("rate_limited")
    if code in _UNREAD:
        raise NotSent("unauthorised")
    if code in _MAYBE:
        raise MaybeTaken(f"code_{code}")
    raise NotTaken(_CODES.get(code, f"code_{code}"))


@dataclass(frozen=True, slots=True)
class WhatsAppCarrier:
    """`phone_number_id`: ours; `templates`: the approved template's name for each purpose of ours."""

    line: Line
    phone_number_id: str
    token: str = field(repr=False)
    templates: Mapping[str, str] = field(default_factory=dict)
    version: str = VERSION
    channel: Channel = Channel.WHATSAPP

    async def send(self, one: Outgoing) -> Accepted:
        """One message."""
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_receiver(one),
            **(self._template(one) if one.document.get("form") == "template" else _text(one)),
            "biz_opaque_callback_data": one.outbox_id,
        }
        path = f"/{self.version}/{self.phone_number_id}/messages"
        found = checked(await self.line.send("POST", path, (bearer(self.token), JSON), encoded(body)))
        number = part_of(found, "messages", "0", "id")
        if not isinstance(number, str) or not number:
            raise MaybeTaken("answer_unreadable")
        return Accepted(number, self.phone_number_id)

    async def look_up(self, _one: Outgoing) -> Accepted | Looked:
        """It cannot be asked; a receipt tells."""
        return Looked.SILENT

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()

    def _template(self, one: Outgoing) -> dict[str, object]:
        name = self.templates.get(one.purpose, "")
        if not name:
            raise NotTaken("template_missing")
        values = part_of(one.document, "template", "values") or []
        parameters = [{"type": "text", "text": str(value)} for value in values]
        language = _TEMPLATE_LANGUAGES.get(str(one.document.get("language", "en")), "en")
        components = [{"type": "body", "parameters": parameters}] if parameters else []
        return {
            "type": "template",
            "template": {"name": name, "language": {"code": language}, "components": components},
        }


def _receiver(one: Outgoing) -> dict[str, str]:
    name = "recipient" if one.handle_kind is IdentityKind.WHATSAPP_USER else "to"
    return {name: one.handle_value}


def _text(one: Outgoing) -> dict[str, object]:
    answered = str(one.document.get("reply_to") or "")
    context = {"context": {"message_id": answered}} if answered.startswith("wamid.") else {}
    return {"type": "text", "text": {"body": str(one.document.get("text", "")), "preview_url": False}, **context}


@dataclass(frozen=True, slots=True)
class InstagramCarrier:
    """`account`: ours, to which the guest's id belongs."""

    line: Line
    account: str
    token: str = field(repr=False)
    version: str = VERSION
    channel: Channel = Channel.INSTAGRAM

    async def send(self, one: Outgoing) -> Accepted:
        """One message; after the first day only what a person typed goes, and says so by its tag."""
        if one.document.get("form") == "template":
            raise NotTaken(WINDOW_CLOSED)
        tag = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if one.document.get("form") == "person" else {}
        written = str(one.document.get("text", ""))
        body = {"recipient": {"id": one.handle_value}, "message": {"text": written}, **tag}
        path = f"/{self.version}/{self.account}/messages"
        found = checked(await self.line.send("POST", path, (bearer(self.token), JSON), encoded(body)))
        number = part_of(found, "message_id")
        if not isinstance(number, str) or not number:
            raise MaybeTaken("answer_unreadable")
        return Accepted(number, self.account)

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        """The same text of ours in the conversation, written since we sent it."""
        fields = quote("messages{id,message,created_time,from}")
        path = f"/{self.version}/{self.account}/conversations?user_id={quote(one.handle_value)}&fields={fields}"
        found = object_in(await self.line.ask("GET", path, (bearer(self.token),)))
        rows = part_of(found, "data", "0", "messages", "data")
        if not isinstance(rows, list):
            raise NotSent("answer_unreadable")
        mine = (row for row in rows if part_of(row, "from", "id") == self.account and _is_same(one, row))
        row = next(mine, None)
        return Accepted(str(row["id"]), self.account) if row is not None else Looked.ABSENT

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()


def _is_same(one: Outgoing, row: Mapping[str, Any]) -> bool:
    sent_at = datetime.fromisoformat(str(one.document.get("sent_at") or one.changed_at.isoformat()))
    try:
        written = datetime.strptime(str(row.get("created_time")), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return False
    return row.get("message") == one.document.get("text") and written >= sent_at - _SKEW
