"""What a home fetches from, read from its `channels.toml`: one table each, `[pulls.NAME]`.

    [pulls.info]                               [pulls.booking]
    source = "imap"                            source = "booking"
    hotel = "BELEK1"                           hotel = "BELEK1"
    address = "info@belek.example"             accounts = { "booking/4321" = "BELEK1" }
    host = "imap.belek.example"                base = "https://supply-xml.booking.com/messaging"
    user = "info@belek.example"                token_url = "https://..."
    password = "env:SANTRAL_SECRET_..."        client_id = "env:SANTRAL_SECRET_..."
    since = "2027-03-01"                       client_secret = "env:SANTRAL_SECRET_..."

Secrets come from the environment and from nowhere else. Outside of this machine nothing is reached unless the house is
live (`SANTRAL_OUTBOUND=live`), and then over TLS only: a copy of a house that is tried out must not empty the real
one's queues. docs/channels.md lists the keys.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from integration.adapters.carriers.guard import as_address, is_loopback
from integration.adapters.channel_hooks import Section
from integration.adapters.channels.mail import Mailbox
from integration.adapters.channels.ota import BookingMessages
from integration.adapters.ohip.socket import SocketTransport
from integration.adapters.sources.booking import Account, BookingSource
from integration.adapters.sources.imap import ImapSource
from integration.adapters.sources.mail_line import Place, Security
from integration.errors import ConfigurationError
from integration.ports.channels import Wire
from integration.ports.hooks import Hook
from integration.ports.pulls import Pull, Source
from integration.usecases.marks import N_

LIVE_HINT = N_("Set SANTRAL_OUTBOUND=live when real mailboxes and queues may be fetched from.")
_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.PLAIN: 143}
_FASTEST_S, _SLOWEST_S, _USUAL_S = 1, 3600, 30


class PullSection(Section):
    """One source's table."""

    def __init__(self, name: str, table: Mapping[str, object], env: Mapping[str, str], *, is_live: bool) -> None:
        """Of one source."""
        super().__init__(name, table, env)
        self._is_live = is_live

    def secret(self, key: str) -> str:
        """A variable's content; ConfigurationError when the secret itself stands in the file."""
        value = self._take(key)
        if not isinstance(value, str) or not value.startswith("env:"):
            raise ConfigurationError(
                "{key} of source {source} must be a variable, env:SANTRAL_SECRET_....", key=key, source=self.name
            )
        found = self._opened(key, value)
        if not found.isprintable():
            raise self._wrong(key)
        return found

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number."""
        value = self._take(key)
        value = default if value is None else value
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(key)
        return value

    def day(self, key: str) -> date:
        """A day, `"2027-03-01"` or as TOML writes it."""
        value = self._take(key)
        try:
            found = date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            found = None
        if type(found) is not date:
            raise self._wrong(key)
        return found

    def allow(self, host: str, *, is_safe: bool) -> str:
        """A host that may be reached, `localhost` as the address it means; `is_safe`: over TLS."""
        if is_loopback(host):
            return as_address(host)
        if not self._is_live:
            raise ConfigurationError(
                "Source {source} would reach {host}, which is not this machine.",
                source=self.name,
                host=host[:80],
                hint=LIVE_HINT,
            )
        if not is_safe:
            raise ConfigurationError(
                "Source {source} would reach {host} without TLS.", source=self.name, host=host[:80]
            )
        return host

    def wrong(self, key: str) -> ConfigurationError:
        """What is said of a key that cannot be used."""
        return self._wrong(key)

    def _wrong(self, key: str) -> ConfigurationError:
        return ConfigurationError(
            "{key} of source {source} is missing or cannot be used.", key=key[:60], source=self.name
        )


@dataclass(frozen=True, slots=True)
class _Address:
    """A URL in its two halves."""

    base: str
    path: str


def read_pulls(path: Path, env: Mapping[str, str], *, is_live: bool) -> dict[str, Pull]:
    """The sources of a home; none without a file. ConfigurationError says which source and key cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("{place} cannot be read.", place=str(path)) from error
    return pulls_of(text, env, str(path), is_live=is_live)


def pulls_of(
    text: str, env: Mapping[str, str], place: str = "channels.toml", *, is_live: bool = False
) -> dict[str, Pull]:
    """The sources that a file's text says."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError("{place} is not TOML: {why}.", place=place, why=str(error)) from None
    tables, hooks = content.get("pulls", {}), content.get("hooks", {})
    if not isinstance(tables, dict) or not isinstance(hooks, dict):
        raise ConfigurationError("{place} has pulls that are no tables.", place=place)
    taken = sorted(set(tables) & set(hooks))
    if taken:
        raise ConfigurationError("{name} is a hook and a source: names are used once.", name=taken[0][:60])
    return {name: _pull(name, table, env, is_live=is_live) for name, table in tables.items()}


def _pull(name: str, table: object, env: Mapping[str, str], *, is_live: bool) -> Pull:
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii() or not isinstance(table, dict):
        raise ConfigurationError("{source} is no name for a source: small letters, digits, - and _.", source=name[:60])
    section = PullSection(name, table, env, is_live=is_live)
    kind = section.text("source")
    if kind not in SOURCES:
        raise ConfigurationError(
            "{kind} is nothing that source {source} could be.", kind=kind[:60], source=name, hint=", ".join(SOURCES)
        )
    wire, source = SOURCES[kind](section)
    hook = Hook(
        name=name,
        wire=wire,
        hotel_id=section.text("hotel").upper(),
        accounts={account: hotel.upper() for account, hotel in section.pairs("accounts").items()},
        never_link=frozenset(section.texts("never_link")),
    )
    pull = Pull(hook, source, float(section.whole("every_s", _USUAL_S, _FASTEST_S, _SLOWEST_S)))
    section.finish()
    return pull


def _imap(section: PullSection) -> tuple[Wire, Source]:
    try:
        security = Security(section.text("security", Security.TLS))
    except ValueError:
        raise section.wrong("security") from None
    place = Place(
        host=section.allow(section.text("host"), is_safe=security is not Security.PLAIN),
        port=section.whole("port", _PORTS[security], 1, 65535),
        user=section.text("user"),
        password=section.secret("password"),
        folder=section.text("folder", "INBOX"),
        security=security,
        ca_file=section.text("ca_file", "") if security is not Security.PLAIN else "",
    )
    if place.ca_file and not Path(place.ca_file).is_file():
        raise section.wrong("ca_file")
    for key in ("user", "folder"):
        if not section.text(key, "INBOX").isascii() or not section.text(key, "INBOX").isprintable():
            raise section.wrong(key)
    wire = Mailbox(section.text("address").lower(), section.text("authserv_id", ""))
    return wire, ImapSource(place, section.day("since"))


def _booking(section: PullSection) -> tuple[Wire, Source]:
    messages, tokens = _address(section, "base"), _address(section, "token_url")
    account = Account(section.secret("client_id"), section.secret("client_secret"), messages.path, tokens.path)
    place = messages.base + messages.path
    source = BookingSource(account, SocketTransport(messages.base), SocketTransport(tokens.base), place)
    return BookingMessages(), source


def _address(section: PullSection, key: str) -> _Address:
    text = section.text(key)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise section.wrong(key) from None
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query or parts.fragment:
        raise section.wrong(key)
    host = section.allow(host, is_safe=parts.scheme == "https")
    shown = f"[{host}]" if ":" in host else host
    return _Address(f"{parts.scheme}://{shown}{f':{port}' if port else ''}", parts.path.rstrip("/"))


SOURCES: Mapping[str, Callable[[PullSection], tuple[Wire, Source]]] = {"imap": _imap, "booking": _booking}
