"""One write: what it is, and what differs between the kinds.

`Write` is what a use case hands to `writing.carry_out`; its `steps` say what to check, what to send, what proves that
it happened, and how to finish. The fingerprint is of the use case's command, so the same from every edge; the external
reference is a function of hotel, actor and key: a retry finds the same record even after our store was restored.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.access import Actor
from domain.errors import DomainError, InvalidInput
from domain.hotel import HotelTerms
from domain.reservation import ReservationId
from integration.errors import PmsRejected
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body

MAX_KEY = 255


class Steps(Protocol):
    """The parts of a write that differ by kind. `proof` is what the PMS gave or showed (its number for a create)."""

    async def prepare(self, intent: Intent) -> str | None:
        """Read what is needed (prices, the guest's number); repeatable, writes nothing of this intent.

        What was decided and must not be decided again (a price) is returned as JSON text: it is kept in
        `intent.prepared` before the call leaves, and whoever takes the intent over gets it back there.
        """
        ...

    async def send(self, intent: Intent) -> str:
        """Make the one PMS call; return the proof."""
        ...

    async def seek(self, intent: Intent) -> str | None:
        """Look for evidence that it happened; None when there is none (which proves nothing)."""
        ...

    async def verify(self, intent: Intent, proof: str) -> None:
        """Read back what was written; may compensate and raise a Refused."""
        ...

    def check(self, tx: ReadTx) -> None:
        """Refuse, in the transaction that stores the intent, what cannot go on."""
        ...

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Write the outcome; return the answer's body."""
        ...

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """Build the answer anew once the stored one is gone."""
        ...

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Say the PMS's no in our words."""
        ...


@dataclass(frozen=True, slots=True)
class Write:
    """One write. `command`: what was asked, JSON-able, the same from every edge; `may_resend` False for money."""

    kind: IntentKind
    hotel: HotelTerms
    actor: Actor
    request_key: str
    command: Mapping[str, object]
    steps: Steps
    reservation_id: ReservationId | None = None
    guest_id: str | None = None
    may_resend: bool = True


def canonical(command: Mapping[str, object]) -> str:
    """Canonical JSON text: sorted keys, no spaces."""
    return json.dumps(command, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def external_reference(hotel_id: str, actor: str, request_key: str) -> str:
    """Our reference on the PMS record: a function of hotel, actor and key, so that a retry finds the same record."""
    digest = hashlib.sha256(f"{hotel_id}\0{actor}\0{request_key}".encode()).hexdigest()
    return f"SNT-{digest[:32].upper()}"


def check_key(request_key: str) -> None:
    """InvalidInput unless the key is 1 to 255 printable ASCII characters."""
    if not 1 <= len(request_key) <= MAX_KEY or not request_key.isascii() or not request_key.isprintable():
        raise InvalidInput("A request key is 1 to 255 printable ASCII characters.", field="key")


def fingerprint(kind: IntentKind, command: Mapping[str, object]) -> str:
    """SHA-256 of kind and command: the same from every edge."""
    return hashlib.sha256(f"{kind.value}\0{canonical(command)}".encode()).hexdigest()
