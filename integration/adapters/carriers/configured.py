"""The carriers of a home, read from its `channels.toml`: one table each, `[carriers.NAME]`.

    [carriers.whatsapp]
    kind = "whatsapp"
    hotels = ["BELEK1"]
    base = "https://graph.facebook.com"
    phone_number_id = "100000000000001"
    token = "env:WHATSAPP_TOKEN"
    templates = { offer = "offer_v1", summary = "booking_summary", payment_link = "payment_link" }

What no table speaks of goes to the stand-ins of this machine, so a new home can be tried out as it is; a table
without a `base` does too. What a base may be is decided in `guard`. docs/channels-outbound.md lists the kinds and
their keys.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from domain.contact import Channel
from integration.adapters.carriers.guard import STAND_IN, as_address, check_host, checked_base
from integration.adapters.carriers.line import Line
from integration.adapters.channel_hooks import Section
from integration.adapters.ohip.asgi import AsgiApp, AsgiTransport
from integration.adapters.ohip.socket import SocketTransport
from integration.errors import ConfigurationError
from integration.ports.outbound import Carrier, PaymentCarrier
from integration.ports.surroundings import Clock, Ids


class StandIns(Protocol):
    """The providers' stand-ins of this machine."""

    @property
    def app(self) -> AsgiApp: ...

    async def mail_server(self) -> tuple[str, int]:
        """Host and port of the one that takes mail."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Outside:
    """What carriers are made of. `stand_ins` None: there are none, and what is not configured has no way out."""

    clock: Clock
    ids: Ids
    is_live: bool = False
    stand_ins: StandIns | None = None


class HomeCarriers:
    """Gives carriers by hotel and channel; each is made when it is first asked for."""

    def __init__(self, outside: Outside, tables: Mapping[str, object], env: Mapping[str, str]) -> None:
        """`tables`: what the file says by name; `env`: where `env:NAME` is looked up."""
        self._outside, self._tables, self._env = outside, tables, env
        self._standing: dict[Channel, Carrier] = {}

    @cached_property
    def _own(self) -> dict[tuple[str, Channel], Carrier]:
        found: dict[tuple[str, Channel], Carrier] = {}
        for name, table in self._tables.items():
            carrier, hotels = self._made(name, table)
            for hotel_id in hotels:
                if (hotel_id, carrier.channel) in found:
                    raise ConfigurationError(
                        "{hotel} has two carriers for {channel}.", hotel=hotel_id, channel=carrier.channel.value
                    )
                found[hotel_id, carrier.channel] = carrier
        return found

    def check(self) -> None:
        """ConfigurationError when a table cannot be used; for whoever starts a service."""
        _ = self._own

    def of(self, hotel_id: str, channel: Channel) -> Carrier | None:
        """The hotel's own carrier, else the stand-in's, else None."""
        return self._own.get((hotel_id, channel)) or self._stand_in(channel)

    def payments(self, hotel_id: str) -> PaymentCarrier | None:
        """The hotel's payment provider."""
        found = self.of(hotel_id, Channel.PAYMENT)
        return found if found is not None and hasattr(found, "ask") else None  # type: ignore[return-value]

    async def close(self) -> None:
        """Let go of connections, then of the stand-ins."""
        made = [*self.__dict__.get("_own", {}).values(), *self._standing.values()]
        for carrier in {id(one): one for one in made}.values():
            await carrier.close()
        if self._outside.stand_ins is not None:
            await self._outside.stand_ins.close()

    def _stand_in(self, channel: Channel) -> Carrier | None:
        if self._outside.stand_ins is None or channel not in DEFAULTS:
            return None
        if channel not in self._standing:
            kind, table = DEFAULTS[channel]
            section = _Section(f"{STAND_IN}-{channel.value}", table, {}, self._outside)
            self._standing[channel] = KINDS[kind](section)
        return self._standing[channel]

    def _made(self, name: str, table: object) -> tuple[Carrier, Iterable[str]]:
        if not isinstance(table, dict):
            raise ConfigurationError("{carrier} is no carrier.", carrier=name[:60])
        section = _Section(f"carriers.{name}", table, self._env, self._outside)
        kind = section.keys.text("kind")
        if kind not in KINDS:
            raise ConfigurationError(
                "{kind} is no kind of carrier {carrier} could have.",
                kind=kind[:60],
                carrier=name,
                hint=", ".join(sorted(KINDS)),
            )
        hotels = [one.upper() for one in section.keys.texts("hotels", required=True)]
        carrier = KINDS[kind](section)
        section.keys.finish()
        return carrier, hotels


def read_carriers(path: Path, env: Mapping[str, str], outside: Outside) -> HomeCarriers:
    """The carriers of a home. ConfigurationError when the file cannot be read; what is in it is looked at when used."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("{place} cannot be read.", place=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError("{place} is not TOML: {why}.", place=str(path), why=str(error)) from None
    tables = content.get("carriers", {})
    if not isinstance(tables, dict):
        raise ConfigurationError("{place} has no carriers in it that could be used.", place=str(path))
    return HomeCarriers(outside, tables, env)


@dataclass(frozen=True, slots=True)
class _Section:
    """One carrier's table, and what it is made of."""

    name: str
    table: Mapping[str, object] = field(repr=False)
    env: Mapping[str, str] = field(repr=False)
    outside: Outside
    keys: Section = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", Section(self.name, self.table, self.env))

    def line(self, stand_in: str, *credentials: str, key: str = "base") -> Line:
        """The line to `base`; without one to the stand-in's part of this machine."""
        base = self.keys.text(key, "")
        if base:
            checked = checked_base(base, self.name, is_live=self.outside.is_live, credentials=credentials)
            return Line(SocketTransport(checked))
        return Line(AsgiTransport(self._stand_ins().app), f"/{stand_in}")

    def _stand_ins(self) -> StandIns:
        if self.outside.stand_ins is None:
            raise ConfigurationError("Carrier {carrier} needs a base.", carrier=self.name)
        return self.outside.stand_ins


def _whatsapp(section: _Section) -> Carrier:
    from integration.adapters.carriers.graph import VERSION, WhatsAppCarrier  # noqa: PLC0415 - only what is used is read

    token = section.keys.text("token")
    return WhatsAppCarrier(
        section.line("whatsapp", token),
        section.keys.text("phone_number_id"),
        token,
        section.keys.pairs("templates"),
        section.keys.text("version", VERSION),
    )


def _instagram(section: _Section) -> Carrier:
    from integration.adapters.carriers.graph import VERSION, InstagramCarrier  # noqa: PLC0415 - as above

    token = section.keys.text("token")
    line = section.line("instagram", token)
    return InstagramCarrier(line, section.keys.text("account"), token, section.keys.text("version", VERSION))


def _netgsm(section: _Section) -> Carrier:
    from integration.adapters.carriers.sms import NetgsmCarrier  # noqa: PLC0415 - as above

    user, password = section.keys.text("user"), section.keys.text("password")
    return NetgsmCarrier(section.line("netgsm", password), user, password, section.keys.text("header"))


def _verimor(section: _Section) -> Carrier:
    from integration.adapters.carriers.sms import VerimorCarrier  # noqa: PLC0415 - as above

    user, password = section.keys.text("user"), section.keys.text("password")
    return VerimorCarrier(section.line("verimor", password), user, password, section.keys.text("header"))


def _smtp(section: _Section) -> Carrier:
    from integration.adapters.carriers.mail import MailCarrier, at  # noqa: PLC0415 - as above

    keys = section.keys
    host, port = keys.text("host", ""), keys.text("port", "587")
    security = keys.text("security", "none" if not host else "starttls")
    if not port.isdigit() or security not in {"none", "starttls", "tls"}:
        raise ConfigurationError("The port or security of carrier {carrier} cannot be used.", carrier=section.name)
    sender = keys.text("sender")
    check_host(host or "127.0.0.1", section.name, is_live=section.outside.is_live, credentials=(sender,))
    server = at(as_address(host), int(port)) if host else section._stand_ins().mail_server
    return MailCarrier(
        server, sender, keys.text("name", ""), keys.text("user", ""), keys.text("password", ""), security
    )


def _web_chat(_section: _Section) -> Carrier:
    from integration.adapters.carriers.web_chat import WebChatCarrier  # noqa: PLC0415 - as above

    return WebChatCarrier()


def _booking(section: _Section) -> Carrier:
    from integration.adapters.carriers.booking import BookingCarrier  # noqa: PLC0415 - as above

    client_id, secret = section.keys.text("client_id"), section.keys.text("client_secret")
    line, logon = section.line("booking", secret), section.line("booking", secret, key="logon")
    return BookingCarrier(line, logon, client_id, secret, section.outside.clock)


def _iyzico(section: _Section) -> Carrier:
    from integration.adapters.carriers.payments import IyzicoLinks  # noqa: PLC0415 - as above

    api_key, secret = section.keys.text("api_key"), section.keys.text("secret")
    ids = section.outside.ids
    return IyzicoLinks(section.line("iyzico", secret), api_key, secret, lambda: ids.new("rnd"))


def _paytr(section: _Section) -> Carrier:
    from integration.adapters.carriers.payments import PayTrLinks  # noqa: PLC0415 - as above

    keys = section.keys
    merchant, key, salt = keys.text("merchant"), keys.text("key"), keys.text("salt")
    return PayTrLinks(section.line("paytr", key, salt), merchant, key, salt, keys.text("callback_url", ""))


KINDS: Mapping[str, Callable[[_Section], Carrier]] = {
    "whatsapp": _whatsapp,
    "instagram": _instagram,
    "netgsm": _netgsm,
    "verimor": _verimor,
    "smtp": _smtp,
    "web_chat": _web_chat,
    "booking": _booking,
    "iyzico": _iyzico,
    "paytr": _paytr,
}
_TEMPLATES = {name: f"{STAND_IN}-{name}" for name in ("offer", "summary", "payment_link", "correction", "address_code")}
DEFAULTS: Mapping[Channel, tuple[str, Mapping[str, object]]] = {
    Channel.WHATSAPP: (
        "whatsapp",
        {"token": STAND_IN, "phone_number_id": "100000000000001", "templates": _TEMPLATES},
    ),
    Channel.INSTAGRAM: ("instagram", {"token": STAND_IN, "account": "17840000000000001"}),
    Channel.SMS: ("netgsm", {"user": STAND_IN, "password": STAND_IN, "header": "SANTRAL"}),
    Channel.EMAIL: ("smtp", {"sender": "reservations@hotel.example", "name": "Santral"}),
    Channel.WEB_CHAT: ("web_chat", {}),
    Channel.OTA: ("booking", {"client_id": STAND_IN, "client_secret": STAND_IN}),
    Channel.PAYMENT: ("iyzico", {"api_key": "stand-in-api-key", "secret": "stand-in-secret"}),
}
