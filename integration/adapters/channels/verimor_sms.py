"""Verimor's reports on short messages: a JSON array is posted as soon as it is known what became of them.

Source: the vendor's `user_guide` (SMS API). Nothing is signed, so the URL ends in a secret and the vendor's addresses
belong beside it. Each row names our own number (`campaign_custom_id`), so it is believed of that message alone. It is
sent three times more, every five minutes, unless it is answered 200, and then never again: the outbox asks as well.
`inbound` rows (a guest answers a short message) are kept and left alone. Times are on the clocks of Istanbul.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo

from domain.contact import Channel
from integration.adapters.carriers.sms import verimor_report
from integration.adapters.channels.calls import ISTANBUL
from integration.adapters.channels.events import each, key, said
from integration.adapters.channels.proof import Doorkeeper
from integration.adapters.channels.reading import Part, local_instant, read_json
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Greeting, Received, Unbelieved, Unreadable

_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class VerimorSms:
    """`account`: what we call this sender; `zone`: where its clocks are."""

    door: Doorkeeper
    account: str
    zone: tzinfo = field(default=ISTANBUL)
    channel: Channel = Channel.SMS
    answer: str = ""

    @classmethod
    def of(cls, account: str, tokens: Iterable[str], networks: Iterable[str] = ()) -> "VerimorSms":
        """ConfigurationError for a short token or an address that is none."""
        return cls(Doorkeeper.of(tokens, networks, account), account)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its rows; an empty test is greeted."""
        fault = self.door.fault(delivery)
        if fault is not None:
            return Unbelieved(fault)
        if not delivery.body.strip():
            return Greeting("OK")
        body = _rows(delivery.body)
        if isinstance(body, Unreadable):
            return body
        return tuple(each(self.channel, self.account, body.events(_ROWS), self._report))

    def _report(self, part: Part) -> Arrival | None:
        campaign, number, status = part.token("campaign_id"), part.token("message_id"), part.text("status")
        word = verimor_report(status)
        if part.text("type") != "outbound" or not number or not word.status:
            return None
        return Arrival(
            self.channel,
            self.account,
            ArrivalKind.RECEIPT,
            key(campaign, number, status),
            at=local_instant(part.text("sent_at") or part.text("done_at"), self.zone),
            about=key(campaign),
            facts=said(
                status=word.status,
                code=word.code,
                operator_code=part.token("gsm_error"),
                outbox_id=part.token("campaign_custom_id"),
            ),
        )


def _rows(body: bytes) -> Part | Unreadable:
    """The array as a field of an object, which is what `reading` reads; Unreadable for what is no array."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not (text.startswith(b"[") and text.endswith(b"]")):
        return Unreadable("The body is not a JSON array.")
    return read_json(b'{"%s":%s}' % (_ROWS.encode(), text))
