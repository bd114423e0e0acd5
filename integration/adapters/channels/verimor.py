"""Verimor Bulutsantralim, a Turkish cloud exchange: form posts when a telephone rings, is answered and hung up.

Source: the vendor's `report_event` page. Nothing is signed. When the URL is registered an empty POST must be answered
2xx. Times are on the clocks of Istanbul and do not say so. A hang-up is the whole record of the call: `answered` says
whether somebody took it (an early edition of the page says the opposite; where `answer_stamp` is filled or empty, that
decides). Some events come once for each extension that rings, so an event's number is call, event and extension.
Calls inside the house are kept and left alone, and so is `user_hangup`, the end of one extension's part.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from domain.contact import Channel
from integration.adapters.channels.calls import ISTANBUL, call, cause_of, iso, one_event
from integration.adapters.channels.events import key
from integration.adapters.channels.handles import phone
from integration.adapters.channels.proof import Doorkeeper
from integration.adapters.channels.reading import Part, local_instant, read_form
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received

_KINDS = {
    "ringing": (ArrivalKind.CALL_RINGING, "start_stamp"),
    "answer": (ArrivalKind.CALL_ANSWERED, "answer_stamp"),
    "hangup": (ArrivalKind.CALL_ENDED, "end_stamp"),
    "user_hangup": (ArrivalKind.OTHER, "end_stamp"),
}
_DIRECTIONS = {"inbound": "in", "outbound": "out", "internal": "internal"}


@dataclass(frozen=True, slots=True)
class Verimor:
    """`account`: what we call this exchange; `zone`: where its clocks are."""

    door: Doorkeeper
    account: str
    zone: tzinfo = field(default=ISTANBUL)
    channel: Channel = Channel.PHONE
    answer: str = ""

    @classmethod
    def of(cls, account: str, tokens: Iterable[str], networks: Iterable[str] = ()) -> "Verimor":
        """ConfigurationError for a short token or an address that is none."""
        return cls(Doorkeeper.of(tokens, networks, account), account)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event; the empty test is greeted."""
        return one_event(self.door, self.account, delivery, lambda one: read_form(one.body), self._event)

    def _event(self, part: Part) -> Arrival | None:
        event, number = part.text("event_type"), part.token("call_uuid")
        direction = _DIRECTIONS.get(part.text("direction"))
        if event not in _KINDS or not number or direction is None:
            return None
        kind, stamp = _KINDS[event]
        agent = part.token("connected_user") or part.token("dialed_user")
        guest, ours = ("destination_number", "caller_id_number")
        if direction == "in":
            guest, ours = ours, guest
        ended = kind is ArrivalKind.CALL_ENDED
        return call(
            self.account,
            ArrivalKind.OTHER if direction == "internal" else kind,
            key(number, event, agent),
            key(number),
            phone(part.token(guest)) if direction != "internal" else (),
            self._at(part, stamp),
            direction=direction,
            agent=agent,
            queue=part.token("queue"),
            dialled=part.token(ours) if direction == "in" else "",
            shown=part.token("outbound_caller_id_number"),
            started_at=iso(self._at(part, "start_stamp")),
            answered_at=iso(self._at(part, "answer_stamp")),
            wait_s=part.whole("queue_wait_duration"),
            talk_s=part.whole("duration") if ended else None,
            missed=(not _was_answered(part)) if ended and direction == "in" else None,
            cause=cause_of(part.text("hangup_cause")),
            ended_by=part.text("sip_hangup_disposition"),
            recorded=part.flag("recording_present") or None,
            failure=part.token("failure_status"),
        )

    def _at(self, part: Part, stamp: str) -> datetime | None:
        return local_instant(part.text(stamp), self.zone)


def _was_answered(part: Part) -> bool:
    return bool(part.text("answer_stamp").strip()) if part.has("answer_stamp") else part.flag("answered")
