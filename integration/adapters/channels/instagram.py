"""Instagram messaging: signed batches of what was written, unsent, liked and seen (source: Meta, "Instagram Platform").

`entry[]{id: our account, messaging[]}`; while another app has the conversation the same items come as `standby[]`, and
test deliveries as `changes[]{field: "messages", value: item}`. A writer is an IGSID, which means something for one
account of ours only. A message's number is its `mid`. What we sent comes back as an **echo**: its guest is the
recipient, and whoever typed it in the Instagram app has answered. An unsent message comes as its `mid` with
`is_deleted`. Times are epoch seconds, milliseconds or ISO 8601, all three seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.contact import Attachment, Channel, Handle, Sender
from domain.guest import IdentityKind
from integration.adapters.channels.events import each, key, said, unread, wrongly_typed
from integration.adapters.channels.graph import GraphApp
from integration.adapters.channels.reading import Part, read_json
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Greeting, Received, Unbelieved, Unreadable

_ATTACHED = {"image": "image", "video": "video", "audio": "audio", "file": "document"}
_MOST_ATTACHMENTS = 50


@dataclass(frozen=True, slots=True)
class Instagram:
    """One app's deliveries, for all the accounts it serves."""

    app: GraphApp
    channel: Channel = Channel.INSTAGRAM
    answer: str = ""

    @classmethod
    def of(cls, secrets: Iterable[str], verify_token: str) -> "Instagram":
        """ConfigurationError for secrets that are none."""
        return cls(GraphApp.of(secrets, verify_token, "instagram"))

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
        found = tuple(one for entry in body.events("entry") for one in self._entry(entry))
        if not found and body.wrong:
            return (unread(self.channel, "", body, wrongly_typed(body)),)
        return found

    def _entry(self, entry: Part) -> list[Arrival]:
        account = entry.token("id")
        found = each(self.channel, account, entry.events("messaging"), lambda one: _item(one, account))
        found += each(self.channel, account, entry.events("standby"), lambda one: _item(one, account))
        for change in entry.events("changes"):
            is_message = change.text("field") == "messages" and change.part("value")
            item = Part(change.part("value").raw) if is_message else change
            found += each(self.channel, account, [item], lambda one: _item(one, account))
        if entry.wrong:
            found.append(unread(self.channel, account, entry, wrongly_typed(entry)))
        return found


def _item(part: Part, account: str) -> Arrival | None:
    if part.has("message"):
        return _message(part, part.part("message"), account)
    if part.has("postback"):
        return _postback(part, part.part("postback"), account)
    if part.has("message_edit"):
        return _edit(part, part.part("message_edit"), account)
    if part.has("reaction"):
        return _reaction(part, part.part("reaction"), account)
    return _seen(part, part.part("read"), account) if part.has("read") else None


def _arrival(part: Part, account: str, kind: ArrivalKind, number: str, side: str = "sender") -> Arrival:
    """What all arrivals have; `side` is the end of the line at which the guest is."""
    person = part.part(side).token("id")
    guest = (Handle(IdentityKind.INSTAGRAM_USER, person, account),) if person else ()
    return Arrival(Channel.INSTAGRAM, account, kind, number, guest, part.when("timestamp"))


def _message(part: Part, message: Part, account: str) -> Arrival | None:
    mid = message.token("mid")
    if not mid:
        return None
    is_echo = message.flag("is_echo")
    side = "recipient" if is_echo else "sender"
    if message.flag("is_deleted"):
        gone = _arrival(part, account, ArrivalKind.MESSAGE_DELETED, key(mid, "deleted"), side)
        return replace(gone, about=key(mid), sender=Sender.AGENT if is_echo else Sender.GUEST)
    reply, story = message.part("reply_to"), message.part("reply_to").part("story")
    referral = message.part("referral")
    return replace(
        _arrival(part, account, ArrivalKind.MESSAGE, key(mid), side),
        text=message.text("text"),
        about=key(reply.token("mid")),
        attachments=_attachments(message),
        sender=Sender.AGENT if is_echo else Sender.GUEST,
        facts=said(
            story_id=story.token("id"),
            choice=message.part("quick_reply").text("payload"),
            app_id=message.token("app_id"),
            source=referral.text("source").lower(),
            source_id=referral.token("ad_id"),
            type="unsupported" if message.flag("is_unsupported") else "",
        ),
    )


def _attachments(message: Part) -> tuple[Attachment, ...]:
    """A story that mentions us and a shared post are of unknown kind; the type is kept as their name."""
    found = [
        Attachment(_ATTACHED.get(one.text("type"), "unknown"), ref=one.part("payload").text("url"), name=_name(one))
        for one in message.parts("attachments")[:_MOST_ATTACHMENTS]
    ]
    return tuple(found) or ((Attachment("unknown"),) if message.flag("is_unsupported") else ())


def _name(attached: Part) -> str:
    kind = attached.text("type")
    return "" if kind in _ATTACHED else kind


def _postback(part: Part, pressed: Part, account: str) -> Arrival | None:
    mid = pressed.token("mid")
    if not mid:
        return None
    found = _arrival(part, account, ArrivalKind.MESSAGE, key(mid))
    return replace(found, text=pressed.text("title"), facts=said(choice=pressed.text("payload")))


def _edit(part: Part, edit: Part, account: str) -> Arrival | None:
    mid = edit.token("mid")
    if not mid:
        return None
    found = _arrival(part, account, ArrivalKind.MESSAGE_EDITED, key(mid, "edit", edit.token("num_edit")))
    return replace(found, text=edit.text("text"), about=key(mid))


def _reaction(part: Part, reaction: Part, account: str) -> Arrival | None:
    mid, action = reaction.token("mid"), reaction.text("action")
    if not mid:
        return None
    number = key(mid, "reaction", part.part("sender").token("id"), action, part.token("timestamp"))
    found = _arrival(part, account, ArrivalKind.REACTION, number)
    emoji = reaction.text("emoji") or reaction.text("reaction")
    is_gone = action == "unreact"
    return replace(found, text="" if is_gone else emoji, about=key(mid), facts=said(withdrawn=is_gone or None))


def _seen(part: Part, read: Part, account: str) -> Arrival | None:
    mid = read.token("mid")
    if not mid:
        return None
    found = _arrival(part, account, ArrivalKind.RECEIPT, key(mid, "read"))
    return replace(found, about=key(mid), facts=said(status="read"))
