"""Netgsm Netsantral, a Turkish cloud exchange: JSON posts named by `scenario` (source: the vendor's package page).

Nothing is signed. Live events (`Inbound_call`, `Outbound_call`, `Answer`, `Hangup`) carry `unique_id` and a time in
milliseconds; after the call comes its record, `cdr`, whose keys are Turkish: `bas` start, `sure` seconds, `arayan` who
rang, `aranan` who was rung, `yon` direction, `sondurum` result, on the clocks of Istanbul. The record is of the call
`asteriskId`, which is the exchange's name, a hyphen and the live events' number. `yon` counts 0 out, 1 in, 2 in and
missed, 3 out and missed, 4 and 5 inside the house. Keys pressed, menus and queues are kept and left alone; a queue
event has no call.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo

from domain.contact import Channel
from integration.adapters.channels.calls import ISTANBUL, call, one_event
from integration.adapters.channels.events import digest, key
from integration.adapters.channels.handles import phone
from integration.adapters.channels.proof import Doorkeeper
from integration.adapters.channels.reading import Part, local_instant, read_either
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received

_KINDS = {
    "inbound_call": (ArrivalKind.CALL_RINGING, "in"),
    "inboundtopbx": (ArrivalKind.CALL_RINGING, "in"),
    "outbound_call": (ArrivalKind.CALL_RINGING, "out"),
    "answer": (ArrivalKind.CALL_ANSWERED, ""),
    "hangup": (ArrivalKind.CALL_ENDED, ""),
    "dtmf": (ArrivalKind.OTHER, ""),
    "context": (ArrivalKind.OTHER, ""),
    "queue": (ArrivalKind.OTHER, ""),
}
_DAY = 86_400
_RECORDS = {0: ("out", False), 1: ("in", False), 2: ("in", True), 3: ("out", True), 4: ("internal", False)}


@dataclass(frozen=True, slots=True)
class Netgsm:
    """`account`: what we call this exchange; `zone`: where its clocks are."""

    door: Doorkeeper
    account: str
    zone: tzinfo = field(default=ISTANBUL)
    channel: Channel = Channel.PHONE
    answer: str = ""

    @classmethod
    def of(cls, account: str, tokens: Iterable[str], networks: Iterable[str] = ()) -> "Netgsm":
        """ConfigurationError for a short token or an address that is none."""
        return cls(Doorkeeper.of(tokens, networks, account), account)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event; an empty test is greeted."""
        return one_event(self.door, self.account, delivery, read_either, self._event)

    def _event(self, part: Part) -> Arrival | None:
        scenario = part.text("scenario").lower()
        if scenario == "cdr":
            return self._record(part)
        if scenario not in _KINDS:
            return None
        kind, direction = _KINDS[scenario]
        number, agent = part.token("unique_id"), part.token("internal_num")
        what = agent or part.token("queue_name") or part.token("context_name") or part.token("digit")
        return call(
            self.account,
            kind if number else ArrivalKind.OTHER,
            key(number, scenario, what, part.token("timestamp")) if number else digest(part.raw),
            key(number),
            phone(part.token("customer_num")),
            part.when("timestamp"),
            event=scenario,
            direction=direction,
            agent=agent,
            queue=part.token("queue_name"),
            dialled=part.token("incoming_number"),
            wait_s=part.whole("holdtime"),
            talk_s=part.whole("talktime"),
            missed=_is_missed(part) if kind is ArrivalKind.CALL_ENDED else None,
        )

    def _record(self, part: Part) -> Arrival | None:
        number, way = part.token("kimlik"), part.whole("yon")
        direction, missed = _RECORDS.get(way if way is not None else -1, ("internal", False))
        if not number:
            return None
        began = local_instant(part.text("bas"), self.zone)
        talked = part.whole("sure")
        ended = began + timedelta(seconds=max(0, min(talked, _DAY))) if began is not None and talked else began
        _, _, asterisk = part.token("asteriskId").partition("-")
        guest = part.token("arayan") if direction == "in" else part.token("aranan")
        return call(
            self.account,
            ArrivalKind.OTHER if direction == "internal" else ArrivalKind.CALL_ENDED,
            key("cdr", number),
            key(asterisk),
            phone(guest) if direction != "internal" else (),
            ended,
            event="cdr",
            direction=direction,
            dialled=part.token("trunk") or part.token("santral"),
            queue=_queue_in(part.token("aranan")) if direction == "in" else "",
            talk_s=talked,
            missed=missed if direction == "in" else None,
            cause=f"sondurum_{part.token('sondurum')}" if part.has("sondurum") else "",
            recorded=True if part.text("seskaydi") else None,
        )


def _is_missed(part: Part) -> bool | None:
    """Known only where the exchange says how long was spoken."""
    talked = part.whole("talktime")
    return None if talked is None else talked == 0


def _queue_in(called: str) -> str:
    """`850...-queue-Destek` names a queue of the exchange."""
    return called.partition("-queue-")[2]
