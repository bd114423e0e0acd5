"""iyzico: "a payment was tried", as signed JSON (source: docs.iyzico.com, "Webhook").

`X-IYZ-SIGNATURE-V3` is hex HMAC-SHA256, keyed with the merchant's secret key, over chosen values written one after the
other, the secret key itself first. Which ones depends on the format: with `token` it is a hosted page (payment links
too), with `subscriptionReferenceCode` a subscription, else a direct payment. Nothing else is signed: neither amount nor
currency is even in it, so a payment must be asked for by API before anything is marked paid. Comes after 10 to 15
seconds, again every 15 minutes, three times. Its number is `iyziReferenceCode`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.contact import Channel
from integration.adapters.channels.events import key, one_of, said
from integration.adapters.channels.proof import hmac_sha256, is_one_of, secrets_of, to_bytes
from integration.adapters.channels.reading import Part, read_json
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, SignatureFault, Unbelieved, Unreadable

_HOSTED = ("iyziEventType", "iyziPaymentId", "token", "paymentConversationId", "status")
_DIRECT = ("iyziEventType", "paymentId", "paymentConversationId", "status")
_SUBSCRIPTION = ("iyziEventType", "subscriptionReferenceCode", "orderReferenceCode", "customerReferenceCode")
_STATUSES = {"SUCCESS": "paid", "FAILURE": "failed"}


@dataclass(frozen=True, slots=True)
class Iyzico:
    """`secrets`: the merchant's secret keys; `merchant`: its number, part of what subscriptions sign."""

    secrets: tuple[bytes, ...]
    merchant: str
    channel: Channel = Channel.PAYMENT
    answer: str = ""

    @classmethod
    def of(cls, merchant: str, secrets: Iterable[str]) -> "Iyzico":
        """ConfigurationError for secrets that are none."""
        return cls(secrets_of(secrets, "iyzico"), merchant)

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and read its one event; what cannot be read cannot be proven."""
        given = delivery.headers.get("x-iyz-signature-v3", "").strip()
        if not given and not delivery.is_proven:
            return Unbelieved(SignatureFault.MISSING)
        body = read_json(delivery.body)
        if isinstance(body, Unreadable):
            return Unbelieved(SignatureFault.WRONG)
        wanted = [hmac_sha256(one, to_bytes(self._signed(one, body))).hex().encode() for one in self.secrets]
        if not delivery.is_proven and not is_one_of(to_bytes(given.lower()), wanted):
            return Unbelieved(SignatureFault.WRONG)
        return (one_of(self.channel, f"iyzico/{self.merchant}", Part(body.raw), self._event),)

    def _signed(self, secret: bytes, body: Part) -> str:
        key_text = secret.decode("utf-8", "surrogatepass")
        if body.has("subscriptionReferenceCode"):
            return self.merchant + key_text + "".join(body.token(name) for name in _SUBSCRIPTION)
        names = _HOSTED if body.has("token") else _DIRECT
        return key_text + "".join(body.token(name) for name in names)

    def _event(self, part: Part) -> Arrival | None:
        number, provider_status = part.token("iyziReferenceCode"), part.text("status")
        if not number:
            return None
        is_payment = not part.has("subscriptionReferenceCode")
        return Arrival(
            self.channel,
            f"iyzico/{self.merchant}",
            ArrivalKind.PAYMENT if is_payment else ArrivalKind.OTHER,
            key(number),
            at=part.when("iyziEventTime"),
            thread=key(part.token("token")),
            facts=said(
                status=_STATUSES.get(provider_status, "pending"),
                provider_status=provider_status,
                reference=part.token("paymentConversationId"),
                payment_id=part.token("iyziPaymentId") or part.token("paymentId"),
                event=part.text("iyziEventType"),
            ),
        )
