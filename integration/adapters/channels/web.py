"""Web chat, web form and partners: our own documented JSON under Standard Webhooks (docs/channels.md has the fields).

`{"type": "message.created" | "lead.created", "timestamp": ..., "data": {...}}`, one event a delivery. The sender is the
hotel's web server or a partner's, which was given a secret; the visitor's browser is not asked to sign. So a visitor's
id is vouched for by that server, while the name, number and address he typed are claims. A lead is worth a room: a
field that cannot be read does not hide the lead, it is named in the fact `unread`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.contact import Attachment, Channel, Handle, Sender, Vouching
from domain.guest import IdentityKind
from integration.adapters.channels.events import digest, key, said, wrongly_typed
from integration.adapters.channels.handles import address, phone
from integration.adapters.channels.reading import Part, read_json
from integration.adapters.channels.standard import StandardKeys
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, Unbelieved, Unreadable

_SENDERS = {"": Sender.GUEST, "guest": Sender.GUEST, "agent": Sender.AGENT, "automatic": Sender.AUTOMATIC}
_ATTACHED = frozenset({"image", "audio", "video", "document", "location", "contact", "sticker"})
_LANGUAGE = 2
_MOST_ATTACHMENTS, _MOST_AGES = 50, 30
_COUNTS = ("nights", "adults", "rooms")


@dataclass(frozen=True, slots=True)
class WebWire:
    """One sender: `account` names the web site or partner, `channel` is web_chat, web_form or partner."""

    keys: StandardKeys
    channel: Channel
    account: str
    answer: str = ""

    @classmethod
    def of(cls, channel: Channel, account: str, secrets: Iterable[str]) -> "WebWire":
        """ConfigurationError for secrets that are none."""
        return cls(StandardKeys.of(secrets, account), channel, account)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event."""
        fault = self.keys.fault(delivery)
        if fault is not None:
            return Unbelieved(fault)
        body = read_json(delivery.body)
        if isinstance(body, Unreadable):
            return body
        number = key(delivery.headers.get("webhook-id", "")) or digest(body.raw)
        kind, data, at = body.text("type"), body.part("data"), body.when("timestamp")
        if kind == "lead.created" and data:
            return (self._lead(number, data, at),)
        if kind == "message.created" and data:
            found = self._message(number, data, at)
            if not body.wrong:
                return (found,)
        why = wrongly_typed(body) if body.wrong else "An event of a kind we do not know."
        return (Arrival(self.channel, self.account, ArrivalKind.OTHER, number, facts=said(why=why)),)

    def _handles(self, data: Part) -> tuple[Handle, ...]:
        visitor = data.token("visitor_id")
        known = (Handle(IdentityKind.WEB_VISITOR, visitor, self.account),) if visitor else ()
        country = data.text("country")
        typed = phone(data.token("phone"), Vouching.CLAIMED, country if len(country) == _LANGUAGE else "TR")
        return known + typed + address(data.text("email"), Vouching.CLAIMED)

    def _message(self, number: str, data: Part, at: datetime | None) -> Arrival:
        sender = _SENDERS.get(data.text("sender"), Sender.GUEST)
        return Arrival(
            self.channel,
            self.account,
            ArrivalKind.MESSAGE,
            number,
            self._handles(data),
            at,
            name=data.text("name"),
            text=data.text("text"),
            language=data.text("language")[:_LANGUAGE].lower(),
            thread=data.token("conversation_id"),
            about=data.token("reply_to"),
            subject=data.text("subject"),
            attachments=_attachments(data),
            sender=sender,
            is_automatic=sender is Sender.AUTOMATIC,
            facts=said(page=data.text("page"), hotel=data.token("hotel")),
        )

    def _lead(self, number: str, data: Part, at: datetime | None) -> Arrival:
        arrives, leaves = _day(data, "check_in"), _day(data, "check_out")
        counts = {name: data.whole(name) for name in _COUNTS}
        if counts["nights"] is None and arrives and leaves:
            counts["nights"] = (leaves - arrives).days
        for name in [name for name, count in counts.items() if count is not None and count < 1]:
            data.wrong.append(f"data.{name}")
            counts[name] = None
        facts = said(
            check_in=arrives.isoformat() if arrives else "",
            **counts,
            child_ages=",".join(data.tokens("child_ages")[:_MOST_AGES]),
            source=data.text("source") or (self.account if self.channel is Channel.PARTNER else ""),
            campaign=data.text("campaign"),
            lead_id=data.token("lead_id"),
            hotel=data.token("hotel"),
            budget=data.token("budget"),
            consent=data.text("consent"),
            notice_version=data.token("notice_version"),
            page=data.text("page"),
        )
        return Arrival(
            self.channel,
            self.account,
            ArrivalKind.LEAD,
            number,
            self._handles(data),
            at,
            name=data.text("name"),
            text=data.text("text"),
            language=data.text("language")[:_LANGUAGE].lower(),
            thread=data.token("conversation_id"),
            facts=facts | said(unread=", ".join(dict.fromkeys(data.wrong))),
        )


def _day(data: Part, name: str) -> date | None:
    """`2027-07-10`; anything else is named as unread."""
    text = data.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        data.wrong.append(f"data.{name}")
        return None


def _attachments(data: Part) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            one.text("kind") if one.text("kind") in _ATTACHED else "unknown",
            one.text("mime_type"),
            one.token("ref"),
            one.text("name"),
        )
        for one in data.parts("attachments")[:_MOST_ATTACHMENTS]
    )
