"""What providers deliver when a guest writes, signed as each of them signs it.

The bodies are written anew from the providers' own pages, not borrowed from the code that reads them. One secret serves
all hooks of a run: Standard Webhooks signs with the bytes it stands for (`whsec_` and base64), Meta with its letters
(`X-Hub-Signature-256`), and the OTA's alerts have it in their path.

A delivery's number (`wamid`, `mid`, `webhook-id`, `message_id`) is made of run, contact and message, so that the same
message has it each time it is delivered.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from loadtests.run_plan import LoadHotel
from loadtests.scripts.people import mark_of, name_of, number_of
from loadtests.scripts.steps import Answer, Ask, Body, Contact, World
from loadtests.words import Persona

SIGNED_BY_META = ("whatsapp", "instagram")
STANDARD = ("web_chat", "web_form")
_PREFIX = "whsec_"
_ACCOUNT, _BUSINESS = "100000000000001", "200000000000001"


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a guest. `mark`: his own word (`people.mark_of`), which also names him where providers have names
    of their own for guests; `part`: which message of his it is; `at`: when he wrote it."""

    contact: Contact
    text: str
    mark: str
    part: str
    at: datetime

    @property
    def number(self) -> str:
        """The provider's number of it, unique in the run."""
        return f"{self.mark}-m{self.part}"


def deliver(world: World, channel: str, written: Written, *, about: Mapping[str, str] | None = None) -> Ask:
    """The delivery of a message. `about`: a lead's wishes, for the web form. KeyError for a channel without a hook."""
    hotel = world.hotel_of(written.contact)
    body = _BODIES[channel](written, hotel, about or {})
    raw = json.dumps(body, ensure_ascii=False).encode()
    path, headers = _proof(world, channel, hotel.hooks[channel], raw, written)
    return Ask(
        "webhook", Persona.GUEST, "POST", path, {"Content-Type": "application/json", **headers}, raw, written.number,
        told=lambda _answer: {"ref": written.number},
        about={"contact": written.contact.number, "hotel_id": hotel.hotel_id, "channel": channel},
    )  # fmt: skip


def fetch_chat(world: World, contact: Contact, text: str) -> Ask:
    """The hotel's web server asks what was written to a visitor: among it must be the answer he was just given."""
    hotel = world.hotel_of(contact)
    raw = json.dumps({"data": {"visitor_id": visitor_of(mark_of(world.plan.run_id, contact))}}).encode()
    headers = standard_headers(world.plan.hook_secret, "chat", world.clock(), raw)
    path = f"/chat/{hotel.chat or hotel.hooks['web_chat']}/messages"

    def check(answer: Answer) -> str:
        found = answer.body.get("messages") or ()
        return "" if any(str(one.get("text")).startswith(text) for one in found) else "answer_not_shown"

    sent = {"Content-Type": "application/json", **headers}
    return Ask("chat", Persona.GUEST, "POST", path, sent, raw, check=check)


def _proof(world: World, channel: str, hook: str, raw: bytes, written: Written) -> tuple[str, dict[str, str]]:
    secret = world.plan.hook_secret
    if channel in SIGNED_BY_META:
        mark = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        return f"/hooks/{hook}", {"X-Hub-Signature-256": f"sha256={mark}"}
    if channel in STANDARD:
        return f"/hooks/{hook}", standard_headers(secret, written.number, world.clock(), raw)
    return f"/hooks/{hook}/{secret}", {}


def standard_headers(secret: str, number: str, now: datetime, raw: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    sent = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    mark = hmac.new(key, f"{number}.{sent}.".encode() + raw, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(mark).decode()
    return {"Webhook-Id": number, "Webhook-Timestamp": sent, "Webhook-Signature": signature}


def visitor_of(mark: str) -> str:
    """The visitor of a web site, as the site's own server knows him."""
    return f"v-{mark}"


def _whatsapp(written: Written, hotel: LoadHotel, _about: Mapping[str, str]) -> Body:
    """Stamped in whole seconds; the sender by number and by user id."""
    contact = written.contact
    number, user = number_of(contact)[1:], f"US.{contact.number:012d}"
    message = {
        "from": number, "from_user_id": user, "id": written.number, "timestamp": str(int(written.at.timestamp())),
        "type": "text", "text": {"body": written.text},
    }  # fmt: skip
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": "902420000000", "phone_number_id": hotel.accounts.get("whatsapp", _ACCOUNT),
        },
        "contacts": [{"profile": {"name": name_of(contact)}, "wa_id": number, "user_id": user}],
        "messages": [message],
    }  # fmt: skip
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": _BUSINESS, "changes": [{"field": "messages", "value": value}]}],
    }


def _instagram(written: Written, hotel: LoadHotel, _about: Mapping[str, str]) -> Body:
    """Stamped in milliseconds."""
    account, stamp = hotel.accounts.get("instagram", _ACCOUNT), int(written.at.timestamp() * 1000)
    item = {
        "sender": {"id": f"67{written.contact.number:014d}"},
        "recipient": {"id": account},
        "timestamp": stamp,
        "message": {"mid": written.number, "text": written.text},
    }
    return {"object": "instagram", "entry": [{"id": account, "time": stamp, "messaging": [item]}]}


def _web_chat(written: Written, _hotel: LoadHotel, about: Mapping[str, str]) -> Body:
    contact = written.contact
    said = {
        "visitor_id": visitor_of(written.mark), "conversation_id": written.mark, "sender": "guest",
        "text": written.text, "language": contact.language, "name": name_of(contact),
    }  # fmt: skip
    return _standard("message.created", written, {**said, **about})


def _web_form(written: Written, hotel: LoadHotel, about: Mapping[str, str]) -> Body:
    contact = written.contact
    lead = {
        "lead_id": written.number, "name": name_of(contact), "phone": number_of(contact), "text": written.text,
        "language": contact.language, "hotel": hotel.hotel_id, "nights": contact.nights, "adults": contact.adults,
        "source": "load",
    }  # fmt: skip
    return _standard("lead.created", written, {**lead, **about})


def _standard(kind: str, written: Written, data: Body) -> Body:
    stamp = written.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": kind, "timestamp": stamp, "data": data}


def _ota(written: Written, _hotel: LoadHotel, about: Mapping[str, str]) -> Body:
    """An alert without the text: it is fetched by its ids."""
    payload = {
        "property_id": "4321", "message_thread_id": f"t-{written.number}", "message_id": written.number,
        "from_role": "traveler", "reservation_id": written.mark, **about,
    }  # fmt: skip
    return {"notification_id": f"n-{written.number}", "event_name": "MessageReceived", "payload": payload}


_BODIES = {"whatsapp": _whatsapp, "instagram": _instagram, "web_chat": _web_chat, "web_form": _web_form, "ota": _ota}
