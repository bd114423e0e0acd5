"""What WhatsApp and Instagram share: Meta's Graph webhooks.

A GET asks whether the URL is ours (`hub.verify_token`) and wants its challenge back. A POST is signed over its raw
bytes with the app's secret: `X-Hub-Signature-256: sha256=<hex>`. Re-encoding the JSON before checking would fail on the
first emoji. Source: Meta, "Webhooks, getting started".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from integration.adapters.channels.proof import hmac_sha256, is_one_of, secrets_of, to_bytes
from integration.adapters.channels.reading import query_of
from integration.ports.channels import Delivery, Greeting, SignatureFault, Unbelieved

_SIGNATURE = "x-hub-signature-256"
_MOST_CHALLENGE = 200


@dataclass(frozen=True, slots=True)
class GraphApp:
    """An app's secrets (the old one beside the new one while it is being replaced) and its verify token."""

    secrets: tuple[bytes, ...]
    verify_token: bytes

    @classmethod
    def of(cls, secrets: Iterable[str], verify_token: str, channel: str) -> "GraphApp":
        """ConfigurationError for what is missing or too short."""
        return cls(secrets_of(secrets, channel), secrets_of([verify_token], channel)[0])

    def prove(self, delivery: Delivery) -> Unbelieved | Greeting | None:
        """None: go on and read it."""
        if delivery.method == "GET":
            return self._greet(query_of(delivery.url))
        if delivery.is_proven:
            return None
        given = delivery.headers.get(_SIGNATURE, "").strip()
        if not given:
            return Unbelieved(SignatureFault.MISSING)
        wanted = [f"sha256={hmac_sha256(secret, delivery.body).hex()}".encode() for secret in self.secrets]
        return None if is_one_of(to_bytes(given.lower()), wanted) else Unbelieved(SignatureFault.WRONG)

    def _greet(self, query: dict[str, str]) -> Unbelieved | Greeting:
        token, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
        if not token:
            return Unbelieved(SignatureFault.MISSING)
        is_ours = is_one_of(to_bytes(token), [self.verify_token])
        if not is_ours or query.get("hub.mode") != "subscribe" or len(challenge) > _MOST_CHALLENGE:
            return Unbelieved(SignatureFault.WRONG)
        return Greeting(challenge)
