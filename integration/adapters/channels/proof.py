"""Who sent this? Proofs of origin on the raw bytes, compared in constant time.

Three kinds exist. A **signature** (HMAC of the body with a shared secret) proves sender and content. A **secret path**
(the last part of the URL is a token only the provider was told) proves the sender alone, so a list of its addresses is
kept beside it where the provider publishes one. A **bearer token** is the same in a header. Wrong, missing and old are
told apart because they mean different things to the person who looks: somebody is knocking, somebody forgot a setting,
somebody replays or a clock is off.

Secrets may be several at once, so that one can be replaced without losing a delivery. An empty or short one is refused
when a wire is built: anybody can sign with an empty key.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit

from integration.errors import ConfigurationError
from integration.ports.channels import Delivery, SignatureFault

LEAST_TOKEN = 16
_LEAST_SECRET = 8
_BEARER = "bearer "


def to_bytes(text: str) -> bytes:
    """Its bytes, whatever is in it: header values may hold halves of a character."""
    return text.encode("utf-8", "surrogatepass")


def secrets_of(values: Iterable[str], channel: str, least: int = _LEAST_SECRET) -> tuple[bytes, ...]:
    """Secrets as bytes. ConfigurationError when there is none or one of them is too short to be one."""
    found = tuple(to_bytes(value) for value in values)
    if not found or min(len(value) for value in found) < least:
        raise ConfigurationError("The secret of {channel} is missing or too short.", channel=channel)
    return found


def is_one_of(given: bytes, wanted: Iterable[bytes]) -> bool:
    """Compare with each of them, in constant time."""
    return sum(hmac.compare_digest(given, one) for one in wanted) > 0


def hmac_sha256(secret: bytes, body: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(secret, body, hashlib.sha256).digest()


def fault_of(given: str, wanted: Iterable[str]) -> SignatureFault | None:
    """MISSING when nothing was given, WRONG when it is none of those wanted."""
    if not given:
        return SignatureFault.MISSING
    matches = is_one_of(to_bytes(given), [to_bytes(one) for one in wanted])
    return None if matches else SignatureFault.WRONG


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """For providers that sign nothing: a secret in the path and, where they publish them, the addresses they call from.

    `tokens`: the last segment of the URL's path must be one of these; `networks`: CIDR blocks, none means anywhere.
    """

    tokens: tuple[bytes, ...]
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, tokens: Iterable[str], networks: Iterable[str], channel: str) -> "Doorkeeper":
        """ConfigurationError for a short token or a block that is none."""
        try:
            blocks = tuple(ip_network(block, strict=False) for block in networks)
        except ValueError:
            raise ConfigurationError("An allowed address of {channel} is not an address.", channel=channel) from None
        return cls(secrets_of(tokens, channel, LEAST_TOKEN), blocks)

    def fault(self, delivery: Delivery) -> SignatureFault | None:
        """A last segment too short to be a token is a missing one."""
        if delivery.is_proven:
            return None
        token = last_segment(delivery.url)
        if len(token) < LEAST_TOKEN:
            return SignatureFault.MISSING
        if not is_one_of(to_bytes(token), self.tokens) or not self._is_from_here(delivery.remote):
            return SignatureFault.WRONG
        return None

    def _is_from_here(self, remote: str) -> bool:
        if not self.networks:
            return True
        try:
            address: IPv4Address | IPv6Address = ip_address(remote)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)


def last_segment(url: str) -> str:
    """The last part of the path that is not empty, decoded; empty for a URL that is none."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return unquote(next((part for part in reversed(path.split("/")) if part), ""))


def bearer_fault(delivery: Delivery, tokens: tuple[bytes, ...]) -> SignatureFault | None:
    """`Authorization: Bearer <token>`, for providers that fetch a token from us first."""
    if delivery.is_proven:
        return None
    given = delivery.headers.get("authorization", "")
    if not given.lower().startswith(_BEARER):
        return SignatureFault.MISSING
    return None if is_one_of(to_bytes(given[len(_BEARER) :].strip()), tokens) else SignatureFault.WRONG
