"""Take a delivery at the door: prove it in memory, store it, and answer at once.

Nothing is done with what it says here. A provider waits for a second or two and sends again when nothing comes back,
so the only work is the proof and one small transaction; the effects are the intake's (`take_in`). What is not proven
is answered as such and leaves no trace but a count. Secrets do not reach the store: neither signatures nor the token in
a path are kept, and what is read again later counts as proven.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from domain.errors import NotFound
from integration.ports.channels import Delivery, Greeting, Unbelieved, Unreadable
from integration.ports.hooks import Hook
from integration.ports.queue_records import DeliveryState, StoredDelivery
from integration.usecases.desk import Desk
from integration.usecases.redact import redact

KEPT_HEADERS = ("content-type", "webhook-id", "webhook-timestamp")


@dataclass(frozen=True, slots=True)
class Stored:
    """It is ours now. `answer`: what the provider wants to read."""

    delivery_id: str
    answer: str


AtTheDoor = Stored | Greeting | Unbelieved


def hook_of(desk: Desk, name: str) -> Hook:
    """The endpoint with this name; NotFound."""
    found = desk.hooks.get(name)
    if found is None:
        raise NotFound("There is no hook {hook}.", hook=name[:60])
    return found


async def take_delivery(desk: Desk, hook: Hook, delivery: Delivery) -> AtTheDoor:
    """Prove and store it. StoreUnavailable when it cannot be kept: the provider sends again."""
    received = hook.wire.receive(delivery)
    if isinstance(received, Unbelieved | Greeting):
        return received
    stored = StoredDelivery(
        delivery_id=desk.ids.new("dlv"),
        channel=hook.channel,
        wire=hook.name,
        state=DeliveryState.UNREADABLE if isinstance(received, Unreadable) else DeliveryState.PENDING,
        received_at=delivery.received_at,
        envelope=_envelope(hook, delivery),
        body=redact(hook.channel, delivery.body),
        problem=received.why if isinstance(received, Unreadable) else None,
    )
    if received != ():
        await desk.store.transact(lambda tx: tx.add_delivery(stored))
    return Stored(stored.delivery_id if received != () else "", hook.wire.answer)


def _envelope(hook: Hook, delivery: Delivery) -> Mapping[str, str]:
    """What reading it again needs; the query without the path, whose last part may be a secret."""
    try:
        query = urlsplit(delivery.url).query
    except ValueError:
        query = ""
    kept = {name: delivery.headers[name] for name in KEPT_HEADERS if name in delivery.headers}
    return {**kept, ":method": delivery.method, ":url": f"/hooks/{hook.name}" + (f"?{query}" if query else "")}


def delivery_of(stored: StoredDelivery) -> Delivery:
    """A stored delivery, to be read again."""
    headers = {name: value for name, value in stored.envelope.items() if not name.startswith(":")}
    plain = Delivery(stored.body, headers, stored.envelope.get(":url", ""), stored.received_at, is_proven=True)
    return replace(plain, method=stored.envelope.get(":method", "POST"))
