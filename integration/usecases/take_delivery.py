"""Take a delivery at the door: prove it in memory, store it, and answer at once.

Nothing is done with what it says here. A provider waits for a second or two and sends again when nothing comes back,
so the only work is the proof and one small transaction; the effects are the intake's (`take_in`). What is not proven
is answered as such and leaves no trace but a count. Secrets do not reach the store: neither signatures nor the token in
a path are kept, and what is read again later counts as proven.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from domain.errors import NotFound
from integration.ports.channels import Delivery, Greeting, Received, Unbelieved, Unreadable, Wire
from integration.ports.hooks import Hook
from integration.ports.queue_records import DeliveryState, StoredDelivery
from integration.usecases.desk import Desk
from integration.usecases.redact import redact

NOT_GIVEN = ":not_given"
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
    received = _proven(hook.wire, delivery)
    if isinstance(received, Unbelieved | Greeting):
        return received
    stored = stored_as(desk, hook, delivery, received.why if isinstance(received, Unreadable) else None)
    if received != ():
        await desk.store.transact(lambda tx: tx.add_delivery(stored))
    return Stored(stored.delivery_id if received != () else "", hook.wire.answer)


def stored_as(desk: Desk, hook: Hook, delivery: Delivery, problem: str | None) -> StoredDelivery:
    """A delivery as it is stored; `problem`: why it cannot be read."""
    return StoredDelivery(
        delivery_id=desk.ids.new("dlv"),
        channel=hook.channel,
        wire=hook.name,
        state=DeliveryState.PENDING if problem is None else DeliveryState.UNREADABLE,
        received_at=delivery.received_at,
        envelope=_envelope(hook, delivery),
        body=redact(hook.channel, delivery.body),
        problem=problem,
    )


def _proven(wire: Wire, delivery: Delivery) -> Received | None:
    """A wire that can prove a delivery without taking it apart is asked for no more: a batch may be large, and the
    provider is waiting. None: proven, and not read yet."""
    prove: Callable[[Delivery], Unbelieved | Greeting | None] | None = getattr(wire, "prove", None)
    return prove(delivery) if prove is not None else wire.receive(delivery)


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
