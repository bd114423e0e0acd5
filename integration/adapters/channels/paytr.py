"""PayTR: "this link was paid", as a form with its proof inside (source: dev.paytr.com, "Link API" and "iFrame API").

`hash` is base64 HMAC-SHA256, keyed with the merchant key, over callback id (links only), order number, merchant salt,
status and total, written one after the other. **Only these are proven**: currency, `payment_amount` and the rest could
be anybody's, and the total may exceed what was asked because of instalment interest. Amounts count hundredths. Links
report success only, the iframe failures too. Values that touch could be cut elsewhere under the same hash: a link needs
its callback id, and whoever uses a notice must know callback id and order number together. The answer must be the text
`OK`, or the same comes again every minute.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.contact import Channel
from integration.adapters.channels.events import key, one_of, said
from integration.adapters.channels.proof import hmac_sha256, is_one_of, secrets_of, to_bytes
from integration.adapters.channels.reading import Part, read_form
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, SignatureFault, Unbelieved, Unreadable

_STATUSES = {"success": "paid", "failed": "failed"}
_CURRENCIES = {"TL": "TRY"}
_LEAST_SALT = 4


@dataclass(frozen=True, slots=True)
class PayTr:
    """`keys`: merchant key and salt, as pairs; `is_link`: links sign their callback id, the iframe has none."""

    keys: tuple[tuple[bytes, bytes], ...]
    merchant: str
    is_link: bool = True
    channel: Channel = Channel.PAYMENT
    answer: str = "OK"

    @classmethod
    def of(cls, merchant: str, keys: Iterable[tuple[str, str]], *, is_link: bool = True) -> "PayTr":
        """ConfigurationError for keys or salts that are none."""
        pairs = tuple(keys)
        merchant_keys = secrets_of([one for one, _ in pairs], "paytr")
        salts = secrets_of([salt for _, salt in pairs], "paytr", _LEAST_SALT)
        return cls(tuple(zip(merchant_keys, salts, strict=True)), merchant, is_link)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event."""
        body = read_form(delivery.body)
        if isinstance(body, Unreadable):
            return Unbelieved(SignatureFault.WRONG)
        given = body.text("hash")
        if not given and not delivery.is_proven:
            return Unbelieved(SignatureFault.MISSING)
        wanted = [self._hash(merchant_key, salt, body) for merchant_key, salt in self.keys]
        is_signed = delivery.is_proven or is_one_of(to_bytes(given), wanted)
        if not is_signed or (self.is_link and not body.text("callback_id")):
            return Unbelieved(SignatureFault.WRONG)
        return (one_of(self.channel, f"paytr/{self.merchant}", body, self._event),)

    def _hash(self, merchant_key: bytes, salt: bytes, body: Part) -> bytes:
        front = (body.text("callback_id") if self.is_link else "") + body.text("merchant_oid")
        signed = to_bytes(front) + salt + to_bytes(body.text("status") + body.text("total_amount"))
        return base64.b64encode(hmac_sha256(merchant_key, signed))

    def _event(self, part: Part) -> Arrival | None:
        order, status = part.token("merchant_oid"), part.text("status")
        total = part.whole("total_amount")
        if not order or status not in _STATUSES:
            return None
        currency = part.text("currency").upper()
        return Arrival(
            self.channel,
            f"paytr/{self.merchant}",
            ArrivalKind.PAYMENT,
            key(order, status),
            facts=said(
                status=_STATUSES[status],
                amount=f"{Decimal(total) / 100:.2f}" if total is not None else "",
                currency=_CURRENCIES.get(currency, currency),
                reference=part.token("callback_id") or order,
                payment_id=order,
                method=part.text("payment_type"),
                test=part.flag("test_mode") or None,
                code=part.token("failed_reason_code"),
            ),
        )
