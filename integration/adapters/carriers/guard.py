"""Nothing leaves this machine by mistake: which addresses a carrier may have.

Without `SANTRAL_OUTBOUND=live` a carrier reaches the loopback and nothing else. The host must be written as a
loopback address (`127.0.0.1`, `[::1]`) or `localhost`, which is then replaced by the address, so no name is ever
looked up: a name could be made to mean anything. Numbers in other spellings (`0x7f.1`, `2130706433`) are not read as
addresses and are refused as names. Live, an address must be https (SMTP: any), and the credentials must not be the
stand-ins'.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from integration.errors import ConfigurationError

LIVE = "live"
STAND_IN = "stand-in"


def is_loopback(host: str) -> bool:
    """Whether a host, as it is written, is this machine without asking anybody."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def as_address(host: str) -> str:
    """`localhost` as the address it means."""
    return "127.0.0.1" if host == "localhost" else host


def checked_base(base: str, name: str, *, is_live: bool, credentials: Iterable[str] = ()) -> str:
    """A carrier's base URL, safe to use. ConfigurationError when it may not be reached."""
    try:
        place = urlsplit(base)
        host, port = place.hostname or "", place.port
    except ValueError:
        raise _wrong(base, name) from None
    has_more = place.username is not None or place.query or place.fragment
    if place.scheme not in {"http", "https"} or not host or has_more:
        raise _wrong(base, name)
    check_host(host, name, is_live=is_live, credentials=credentials)
    if not is_loopback(host):
        if place.scheme != "https":
            raise _wrong(base, name)
        return base.rstrip("/")
    shown = f"[{host}]" if ":" in host else as_address(host)
    return f"{place.scheme}://{shown}{f':{port}' if port else ''}{place.path}".rstrip("/")


def check_host(host: str, name: str, *, is_live: bool, credentials: Iterable[str] = ()) -> None:
    """ConfigurationError unless a carrier may reach this host."""
    if is_loopback(host):
        return
    if not is_live:
        raise ConfigurationError(
            "Carrier {carrier} would reach {host}, which is not this machine.",
            carrier=name,
            host=host,
            hint="Set SANTRAL_OUTBOUND=live when messages may really leave.",
        )
    if any(not one or one.startswith(STAND_IN) for one in credentials):
        raise ConfigurationError("Carrier {carrier} has no credentials of its own.", carrier=name)


def _wrong(base: str, name: str) -> ConfigurationError:
    return ConfigurationError("{base} is no address for carrier {carrier}.", base=base[:80], carrier=name)
