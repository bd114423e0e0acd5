"""Neutral CTI: `newCall`, `answer`, `hangup`, as JSON or a form, for any exchange that can call a URL.

The format is the one Zammad documents as "generic CTI", because exchanges already have a template for it: `event`,
`from`, `to`, `direction` (in, out), `callId`; `user` and `queue` with a new call, `answeringNumber` with an answer,
`cause` with a hang-up. `timestamp` (epoch or ISO 8601) is ours, and welcome. Nothing is signed: a secret path and,
where known, the exchange's addresses. An event's number is call, event and who answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.contact import Channel
from integration.adapters.channels.calls import call, cause_of, one_event
from integration.adapters.channels.events import key
from integration.adapters.channels.handles import phone
from integration.adapters.channels.proof import Doorkeeper
from integration.adapters.channels.reading import Part, read_either
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received

_KINDS = {
    "newcall": ArrivalKind.CALL_RINGING,
    "answer": ArrivalKind.CALL_ANSWERED,
    "hangup": ArrivalKind.CALL_ENDED,
}


@dataclass(frozen=True, slots=True)
class NeutralCti:
    """`account`: what we call this exchange."""

    door: Doorkeeper
    account: str
    channel: Channel = Channel.PHONE
    answer: str = ""

    @classmethod
    def of(cls, account: str, tokens: Iterable[str], networks: Iterable[str] = ()) -> "NeutralCti":
        """ConfigurationError for a short token or an address that is none."""
        return cls(Doorkeeper.of(tokens, networks, account), account)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event; an empty test is greeted."""
        return one_event(self.door, self.account, delivery, read_either, self._event)

    def _event(self, part: Part) -> Arrival | None:
        kind, number = _KINDS.get(part.text("event").strip().lower()), part.token("callId")
        direction = part.text("direction").strip().lower()
        if kind is None or not number or direction not in {"in", "out"}:
            return None
        users = part.tokens("user") or part.tokens("user[]")
        answering = part.token("answeringNumber")
        guest, ours = ("from", "to") if direction == "in" else ("to", "from")
        return call(
            self.account,
            kind,
            key(number, part.text("event"), answering),
            key(number),
            phone(part.token(guest)),
            part.when("timestamp"),
            direction=direction,
            agent=answering or ",".join(users),
            queue=part.token("queue"),
            dialled=part.token(ours),
            cause=cause_of(part.text("cause")),
        )
