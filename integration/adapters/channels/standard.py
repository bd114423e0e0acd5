"""Standard Webhooks: the open signature that our own senders and partners use (source: standardwebhooks.com, 1.0.0).

Three headers: `webhook-id` (the same for every attempt, so it is the number of the event), `webhook-timestamp` (epoch
seconds) and `webhook-signature`, a list of `v1,<base64>` parted by spaces, one for each key while a key is being
replaced. Signed is `id.timestamp.body` with HMAC-SHA256. A secret is `whsec_` and base64 of 24 to 64 bytes. A true
signature whose time is more than five minutes from ours is OLD: a replay, or a clock that is off.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from integration.adapters.channels.proof import hmac_sha256, is_one_of, to_bytes
from integration.errors import ConfigurationError
from integration.ports.channels import Delivery, SignatureFault

_PREFIX, _VERSION = "whsec_", "v1,"
_LEAST_KEY, _MOST_KEY = 24, 64
_TOLERANCE_S = 300
_MOST_SIGNATURES = 20
_SECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class StandardKeys:
    """The keys a sender may sign with."""

    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, secrets: Iterable[str], channel: str) -> "StandardKeys":
        """ConfigurationError when there is none, or one is not base64 of 24 to 64 bytes."""
        keys = tuple(_key(secret) for secret in secrets)
        if not keys or not all(_LEAST_KEY <= len(one) <= _MOST_KEY for one in keys):
            raise ConfigurationError("The secret of {channel} is missing or too short.", channel=channel)
        return cls(keys)

    def fault(self, delivery: Delivery) -> SignatureFault | None:
        """None: proven, and of now."""
        if delivery.is_proven:
            return None
        number, sent = delivery.headers.get("webhook-id", ""), delivery.headers.get("webhook-timestamp", "").strip()
        given = delivery.headers.get("webhook-signature", "").split()
        if not number or not sent or not given:
            return SignatureFault.MISSING
        wanted = [signature(key, number, sent, delivery.body) for key in self.keys]
        if not any(is_one_of(to_bytes(one), wanted) for one in given[:_MOST_SIGNATURES]):
            return SignatureFault.WRONG
        if not _SECONDS.fullmatch(sent):
            return SignatureFault.WRONG
        is_of_now = abs(delivery.received_at.timestamp() - int(sent)) <= _TOLERANCE_S
        return None if is_of_now else SignatureFault.OLD


def signature(key: bytes, number: str, sent: str, body: bytes) -> bytes:
    """`v1,` and base64 of the HMAC."""
    signed = to_bytes(f"{number}.{sent}.") + body
    return _VERSION.encode() + base64.b64encode(hmac_sha256(key, signed))


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(to_bytes(secret.removeprefix(_PREFIX)), validate=True)
    except (binascii.Error, ValueError):
        return b""
