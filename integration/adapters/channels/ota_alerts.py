"""Thin alerts of other OTAs: "there is a message", without the message.

Expedia posts `{notification_id, event_name: "MessageReceived", payload{property_id, message_thread_id, message_id,
from_role, reservation_id}}`, Agoda a `MESSAGING_API_NEW_MESSAGE` with `metadata.uuid`, which stays the same when it is
sent again. Both shapes are from partners' reports, not checked against a contract (docs/channels.md). The text must be
fetched with the ids given here; until then the arrival says `fetch: yes` and has no text. Expedia's URL has a secret
path, Agoda fetches a bearer token from us and sends that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.contact import Channel, Handle, Sender
from domain.guest import IdentityKind
from integration.adapters.channels.events import key, one_of, said
from integration.adapters.channels.proof import LEAST_TOKEN, Doorkeeper, bearer_fault, secrets_of
from integration.adapters.channels.reading import Part, read_json
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, Unbelieved, Unreadable

_GUESTS = frozenset({"traveler", "traveller", "guest", "customer", ""})


@dataclass(frozen=True, slots=True)
class ExpediaAlerts:
    """Expedia's notifications, behind a secret path."""

    door: Doorkeeper
    channel: Channel = Channel.OTA
    answer: str = ""

    @classmethod
    def of(cls, tokens: Iterable[str], networks: Iterable[str] = ()) -> "ExpediaAlerts":
        """ConfigurationError for a short token or an address that is none."""
        return cls(Doorkeeper.of(tokens, networks, "expedia"))

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one alert."""
        fault = self.door.fault(delivery)
        if fault is not None:
            return Unbelieved(fault)
        body = read_json(delivery.body)
        return body if isinstance(body, Unreadable) else (one_of(self.channel, "expedia", body, self._alert),)

    def _alert(self, part: Part) -> Arrival | None:
        payload = part.part("payload")
        if part.text("event_name") != "MessageReceived":
            return None
        return _alert("expedia", payload, payload.token("message_id") or part.token("notification_id"))


@dataclass(frozen=True, slots=True)
class AgodaAlerts:
    """Agoda's notifications, with a bearer token of ours."""

    tokens: tuple[bytes, ...]
    channel: Channel = Channel.OTA
    answer: str = ""

    @classmethod
    def of(cls, tokens: Iterable[str]) -> "AgodaAlerts":
        """ConfigurationError for a short token."""
        return cls(secrets_of(tokens, "agoda", LEAST_TOKEN))

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one alert."""
        fault = bearer_fault(delivery, self.tokens)
        if fault is not None:
            return Unbelieved(fault)
        body = read_json(delivery.body)
        return body if isinstance(body, Unreadable) else (one_of(self.channel, "agoda", body, self._alert),)

    def _alert(self, part: Part) -> Arrival | None:
        about = part.part("metadata")
        kind = about.text("event_type") or part.text("event_type")
        if kind != "MESSAGING_API_NEW_MESSAGE":
            return None
        payload = part.part("payload")
        return _alert("agoda", payload, about.token("uuid") or payload.token("message_id"))


def _alert(ota: str, payload: Part, number: str) -> Arrival | None:
    place, reservation = payload.token("property_id"), payload.token("reservation_id")
    if not number:
        return None
    role = payload.text("from_role").lower()
    return Arrival(
        Channel.OTA,
        f"{ota}/{place}" if place else ota,
        ArrivalKind.MESSAGE,
        key(number),
        (Handle(IdentityKind.OTA_RESERVATION, reservation, ota),) if reservation else (),
        payload.when("timestamp"),
        thread=key(payload.token("message_thread_id") or payload.token("conversation_id")),
        sender=Sender.GUEST if role in _GUESTS else Sender.AGENT,
        facts=said(fetch=True, message_id=payload.token("message_id"), type=payload.text("message_type")),
    )
