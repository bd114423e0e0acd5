"""The hooks of a home, read from its `channels.toml`: one table each, `[hooks.NAME]`, NAME being its place in the URL.

    public_url = "https://calls.example.com"

    [hooks.whatsapp]
    wire = "whatsapp"
    hotel = "BELEK1"
    secrets = ["env:SANTRAL_SECRET_..."]
    verify_token = "env:SANTRAL_SECRET_..."

What is secret is either `env:SANTRAL_SECRET_...`, a variable of the service's environment, or stands here itself; the
file then is for the service's eyes only. It is no hotel file, because hotel files are handed around. docs/channels.md
lists what each wire asks for.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from domain.contact import Channel
from integration.errors import ConfigurationError
from integration.ports.channels import Wire
from integration.ports.hooks import Hook

_ENV = "env:"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Build = Callable[["Section"], Wire]


class Section:
    """One hook's table: every key must be asked for, or the file is refused."""

    def __init__(self, name: str, table: Mapping[str, object], env: Mapping[str, str]) -> None:
        """Of one hook."""
        self.name = name
        self._table, self._env = table, env
        self._asked: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        """A text or secret; ConfigurationError when it is missing and there is no default."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            raise self._wrong(key)
        return self._opened(key, value)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of them."""
        value = self._take(key)
        if value is None and not required:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self._wrong(key)
        return tuple(self._opened(key, one) for one in value)

    def pairs(self, key: str) -> dict[str, str]:
        """A table of texts."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self._wrong(key)
        return {str(left): str(right) for left, right in value.items()}

    def finish(self) -> None:
        """ConfigurationError for a key nobody asked for: a slip would otherwise switch a guard off."""
        for key in self._table:
            if key not in self._asked:
                raise self._wrong(key)

    def _take(self, key: str) -> object:
        self._asked.add(key)
        return self._table.get(key)

    def _opened(self, key: str, value: str) -> str:
        if not value.startswith(_ENV):
            return value
        found = self._env.get(value.removeprefix(_ENV), "")
        if not found:
            raise ConfigurationError(
                "The variable {variable} for {key} of hook {hook} is not set.",
                variable=value.removeprefix(_ENV),
                key=key,
                hook=self.name,
            )
        return found

    def _wrong(self, key: str) -> ConfigurationError:
        return ConfigurationError("{key} of hook {hook} is missing or cannot be used.", key=key, hook=self.name)


def read_hooks(path: Path, env: Mapping[str, str]) -> dict[str, Hook]:
    """The hooks of a home; none without a file. ConfigurationError says which hook and key cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("{place} cannot be read.", place=str(path)) from error
    return hooks_of(text, env, str(path))


def hooks_of(text: str, env: Mapping[str, str], place: str = "channels.toml") -> dict[str, Hook]:
    """The hooks that a file's text says."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError("{place} is not TOML: {why}.", place=place, why=str(error)) from None
    tables = content.get("hooks", {})
    if not isinstance(tables, dict) or set(content) - {"hooks", "public_url", "carriers", "pulls"}:
        raise ConfigurationError("{place} has hooks, carriers, pulls and a public_url, nothing else.", place=place)
    public_url = str(content.get("public_url", "")).rstrip("/")
    return {name: _hook(name, table, env, public_url) for name, table in tables.items()}


def _hook(name: str, table: object, env: Mapping[str, str], public_url: str) -> Hook:
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        raise ConfigurationError("{hook} is no name for a hook: small letters, digits, - and _.", hook=name[:60])
    section = Section(name, table, env)
    kind = section.text("wire")
    if kind not in WIRES:
        raise ConfigurationError(
            "{wire} is no wire that hook {hook} could have.", wire=kind[:60], hook=name, hint=", ".join(sorted(WIRES))
        )
    hook = Hook(
        name=name,
        wire=WIRES[kind](section),
        hotel_id=section.text("hotel").upper(),
        accounts={account: hotel.upper() for account, hotel in section.pairs("accounts").items()},
        extensions=section.pairs("extensions"),
        never_link=frozenset(section.texts("never_link")),
        public_url=public_url,
    )
    section.finish()
    return hook


def _whatsapp(section: Section) -> Wire:
    from integration.adapters.channels.whatsapp import WhatsApp  # noqa: PLC0415 - only wires that are used are read

    secrets, token = section.texts("secrets", required=True), section.text("verify_token")
    return WhatsApp.of(secrets, token, section.text("portfolio", ""))


def _instagram(section: Section) -> Wire:
    from integration.adapters.channels.instagram import Instagram  # noqa: PLC0415 - as above

    return Instagram.of(section.texts("secrets", required=True), section.text("verify_token"))


def _cti(section: Section) -> Wire:
    from integration.adapters.channels.cti import NeutralCti  # noqa: PLC0415 - as above

    return NeutralCti.of(*_of_exchange(section))


def _verimor(section: Section) -> Wire:
    from integration.adapters.channels.verimor import Verimor  # noqa: PLC0415 - as above

    return Verimor.of(*_of_exchange(section))


def _verimor_sms(section: Section) -> Wire:
    from integration.adapters.channels.verimor_sms import VerimorSms  # noqa: PLC0415 - as above

    return VerimorSms.of(*_of_exchange(section))


def _netgsm(section: Section) -> Wire:
    from integration.adapters.channels.netgsm import Netgsm  # noqa: PLC0415 - as above

    return Netgsm.of(*_of_exchange(section))


def _of_exchange(section: Section) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return section.text("account", section.name), section.texts("tokens", required=True), section.texts("networks")


def _twilio(section: Section) -> Wire:
    from integration.adapters.channels.twilio import TwilioVoice  # noqa: PLC0415 - as above

    return TwilioVoice.of(section.text("account", section.name), section.texts("secrets", required=True))


def _web(channel: Channel) -> Build:
    def build(section: Section) -> Wire:
        from integration.adapters.channels.web import WebWire  # noqa: PLC0415 - as above

        return WebWire.of(channel, section.text("account", section.name), section.texts("secrets", required=True))

    return build


def _expedia(section: Section) -> Wire:
    from integration.adapters.channels.ota_alerts import ExpediaAlerts  # noqa: PLC0415 - as above

    return ExpediaAlerts.of(section.texts("tokens", required=True), section.texts("networks"))


def _agoda(section: Section) -> Wire:
    from integration.adapters.channels.ota_alerts import AgodaAlerts  # noqa: PLC0415 - as above

    return AgodaAlerts.of(section.texts("tokens", required=True))


def _iyzico(section: Section) -> Wire:
    from integration.adapters.channels.iyzico import Iyzico  # noqa: PLC0415 - as above

    return Iyzico.of(section.text("merchant"), section.texts("secrets", required=True))


def _paytr(section: Section) -> Wire:
    from integration.adapters.channels.paytr import PayTr  # noqa: PLC0415 - as above

    return PayTr.of(section.text("merchant"), [(section.text("key"), section.text("salt"))])


WIRES: Mapping[str, Build] = {
    "whatsapp": _whatsapp,
    "instagram": _instagram,
    "cti": _cti,
    "verimor": _verimor,
    "verimor_sms": _verimor_sms,
    "netgsm": _netgsm,
    "twilio": _twilio,
    "web_chat": _web(Channel.WEB_CHAT),
    "web_form": _web(Channel.WEB_FORM),
    "partner": _web(Channel.PARTNER),
    "expedia": _expedia,
    "agoda": _agoda,
    "iyzico": _iyzico,
    "paytr": _paytr,
}
