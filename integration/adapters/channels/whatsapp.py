"""WhatsApp Cloud API: signed batches of messages, receipts and calls (source: Meta, "Cloud API webhooks").

`entry[].changes[]{field, value}`; a `messages` value carries `contacts[]` beside `messages[]` or `statuses[]`. Up to
1,000 events come at once, in any order, again for up to seven days. There is no event id: a message's number is its
own (`wamid...`), a receipt's is message, status and time. Since 2026 a writer may have no telephone number here: the
business-scoped user id (BSUID) then is all there is, so a sender is a set of handles, never "the number". A BSUID means
something within one business portfolio only, and webhooks do not name that: it is configured.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.contact import Channel, Sender
from integration.adapters.channels.events import each, key, said, unread, wrongly_typed
from integration.adapters.channels.graph import GraphApp
from integration.adapters.channels.reading import Part, read_json
from integration.adapters.channels.whatsapp_content import content_of, referral_facts
from integration.adapters.channels.whatsapp_people import Account, People, callee, recipient, sender
from integration.adapters.channels.whatsapp_system import system_arrival
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Greeting, Received, Unbelieved, Unreadable

_MESSAGES, _CALLS, _ECHOES = "messages", "calls", "smb_message_echoes"
_ABOUT_MESSAGE = {
    "reaction": (ArrivalKind.REACTION, "message_id"),
    "edit": (ArrivalKind.MESSAGE_EDITED, "original_message_id"),
    "revoke": (ArrivalKind.MESSAGE_DELETED, "original_message_id"),
}
_CALL_KINDS = {"connect": ArrivalKind.CALL_RINGING, "terminate": ArrivalKind.CALL_ENDED}
_CALL_DIRECTIONS = {"USER_INITIATED": "in", "BUSINESS_INITIATED": "out"}


@dataclass(frozen=True, slots=True)
class WhatsApp:
    """`portfolio`: the business portfolio's id, the scope of BSUIDs; without it the WhatsApp business account's is."""

    app: GraphApp
    portfolio: str = ""
    channel: Channel = Channel.WHATSAPP
    answer: str = ""

    @classmethod
    def of(cls, secrets: Iterable[str], verify_token: str, portfolio: str = "") -> "WhatsApp":
        """ConfigurationError for secrets that are none."""
        return cls(GraphApp.of(secrets, verify_token, "whatsapp"), portfolio)

    def prove(self, delivery: Delivery) -> Unbelieved | Greeting | None:
        """Only where it comes from; None: go on."""
        return self.app.prove(delivery)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and take it apart."""
        proof = self.app.prove(delivery)
        if isinstance(proof, Unbelieved | Greeting):
            return proof
        body = read_json(delivery.body)
        if isinstance(body, Unreadable):
            return body
        return tuple(one for entry in body.events("entry") for one in self._entry(entry)) or self._nothing(body)

    def _nothing(self, body: Part) -> tuple[Arrival, ...]:
        """A body without entries is kept if anything in it is not as it should be."""
        return (unread(self.channel, "", body, wrongly_typed(body)),) if body.wrong else ()

    def _entry(self, entry: Part) -> list[Arrival]:
        waba = entry.token("id")
        changes = entry.events("changes")
        found = [one for change in changes for one in self._change(change, waba)]
        if entry.wrong:
            found.append(unread(self.channel, waba, entry, wrongly_typed(entry)))
        return found

    def _change(self, change: Part, waba: str) -> list[Arrival]:
        value = Part(change.raw).part("value")
        account = Account(value.part("metadata").token("phone_number_id") or waba, self.portfolio or waba)
        people = People(value.events("contacts"))
        rows = {
            _MESSAGES: lambda one: _message(one, people, account),
            "statuses": lambda one: _receipt(one, account),
            _CALLS: lambda one: _call(one, people, account),
            "message_echoes": lambda one: _echo(one, account),
        }
        found: list[Arrival] = []
        for name, read in rows.items():
            found += each(self.channel, account.number, value.events(name), read)
        is_known = change.text("field") in {_MESSAGES, _CALLS, _ECHOES} and not value.has("errors")
        if not is_known or value.wrong or not found:
            why = wrongly_typed(value) if value.wrong else "A change of a kind we do not know."
            found.append(unread(self.channel, account.number, change, why))
        return found


def _message(part: Part, people: People, account: Account) -> Arrival | None:
    kind, number = part.text("type"), part.token("id")
    if not number:
        return None
    person = people.of(part)
    if kind == "system":
        return system_arrival(part, person, account)
    if kind in _ABOUT_MESSAGE:
        return _about_message(part, person, account)
    content = content_of(part, kind)
    context = part.part("context")
    referral = part.part("referral")
    return Arrival(
        Channel.WHATSAPP,
        account.number,
        ArrivalKind.MESSAGE,
        key(number),
        sender(part, person, account),
        part.when("timestamp"),
        name=person.part("profile").text("name"),
        text=content.text,
        thread=part.token("group_id"),
        about=key(context.token("id")),
        attachments=content.attachments,
        facts=content.facts
        | said(
            username=person.part("profile").text("username"),
            forwarded=context.flag("forwarded") or context.flag("frequently_forwarded") or None,
        )
        | referral_facts(referral),
    )


def _about_message(part: Part, person: Part, account: Account) -> Arrival | None:
    name = part.text("type")
    kind, target = _ABOUT_MESSAGE[name]
    inner = part.part(name)
    about, content = inner.token(target), content_of(inner.part("message"), inner.part("message").text("type"))
    if not about:
        return None
    is_reaction = kind is ArrivalKind.REACTION
    return Arrival(
        Channel.WHATSAPP,
        account.number,
        kind,
        key(part.token("id")),
        sender(part, person, account),
        part.when("timestamp"),
        name=person.part("profile").text("name"),
        text=inner.text("emoji") if is_reaction else content.text if kind is ArrivalKind.MESSAGE_EDITED else "",
        about=key(about),
        attachments=content.attachments if kind is ArrivalKind.MESSAGE_EDITED else (),
        facts=said(withdrawn=(not inner.text("emoji")) or None) if is_reaction else {},
    )


def _receipt(part: Part, account: Account) -> Arrival | None:
    number, status = part.token("id"), part.text("status").lower()
    if not number or not status:
        return None
    errors = part.parts("errors")
    return Arrival(
        Channel.WHATSAPP,
        account.number,
        ArrivalKind.RECEIPT,
        key(number, status, part.token("timestamp")),
        recipient(part, account),
        part.when("timestamp"),
        about=key(number),
        facts=said(
            status=status,
            code=errors[0].token("code") if errors else "",
            reason=errors[0].text("title") if errors else "",
            outbox_id=part.text("biz_opaque_callback_data"),
            category=part.part("pricing").text("category"),
            billable=part.part("pricing").flag("billable") if part.part("pricing").has("billable") else None,
        ),
    )


def _call(part: Part, people: People, account: Account) -> Arrival | None:
    number, event = part.token("id"), part.text("event")
    kind = _CALL_KINDS.get(event)
    if not number or kind is None:
        return None
    direction = _CALL_DIRECTIONS.get(part.text("direction"), "in")
    person = people.of(part)
    status = part.text("status").lower()
    return Arrival(
        Channel.WHATSAPP,
        account.number,
        kind,
        key(number, event),
        sender(part, person, account) if direction == "in" else callee(part, account),
        part.when("timestamp"),
        name=person.part("profile").text("name"),
        thread=key(number),
        facts=said(direction=direction, cause=status, talk_s=part.whole("duration")),
    )


def _echo(part: Part, account: Account) -> Arrival | None:
    """What a colleague wrote in the WhatsApp Business app; the guest is the one it was sent to."""
    number = part.token("id")
    if not number:
        return None
    content = content_of(part, part.text("type"))
    return Arrival(
        Channel.WHATSAPP,
        account.number,
        ArrivalKind.MESSAGE,
        key(number),
        callee(part, account),
        part.when("timestamp"),
        text=content.text,
        attachments=content.attachments,
        sender=Sender.AGENT,
        facts=content.facts,
    )
