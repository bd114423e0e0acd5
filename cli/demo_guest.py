"""The guest's side of the demo: what one person writes on WhatsApp and Instagram, and what reaches her.

Bodies have the provider's shapes and are signed over their raw bytes, as Meta does it; they go to the service's
`/hooks` on a real socket. What the service sends her is read from the box of the providers' stand-ins in the demo's
home. Her number is one of those kept for drama: it reaches nobody.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import aiohttp

from cli.channel_desk import memory_of
from integration.settings import Settings
from pms_mock.channels.memory import Sent

Body = dict[str, Any]
NUMBER = "+447700900123"
USER = "GB.demo4711"
IGSID = "6745230001112223"
_NAME = "Anna Clarke"
_SIGNED_WITH = "the demo's own, worth nothing outside"
_PHONE_ID, _ACCOUNT = "100000000000001", "17840000000000001"
_LIMIT_S = 20.0


def channels_text(hotel_id: str) -> str:
    """The `channels.toml` of the demo's home."""
    parts = [
        f'[hooks.{name}]\nwire = "{name}"\nhotel = "{hotel_id}"\n'
        f'secrets = ["{_SIGNED_WITH}"]\nverify_token = "{_SIGNED_WITH}"\n'
        for name in ("whatsapp", "instagram")
    ]
    return "\n".join(parts)


def whatsapp_body(text: str, number: str, at: datetime) -> Body:
    """A webhook of WhatsApp with one message of hers, stamped in whole seconds."""
    message = {"from": NUMBER[1:], "from_user_id": USER, "id": number, "timestamp": str(int(at.timestamp()))}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "902420000000", "phone_number_id": _PHONE_ID},
        "contacts": [{"profile": {"name": _NAME}, "wa_id": NUMBER[1:], "user_id": USER}],
        "messages": [{**message, "type": "text", "text": {"body": text}}],
    }
    entry = {"id": "200000000000001", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def instagram_body(text: str, number: str, at: datetime) -> Body:
    """A webhook of Instagram with one message of hers, stamped in milliseconds."""
    stamp = int(at.timestamp() * 1000)
    item = {
        "sender": {"id": IGSID},
        "recipient": {"id": _ACCOUNT},
        "timestamp": stamp,
        "message": {"mid": number, "text": text},
    }
    return {"object": "instagram", "entry": [{"id": _ACCOUNT, "time": stamp, "messaging": [item]}]}


@dataclass
class Writer:
    """One guest with two accounts. `now`: the clock her messages are stamped with."""

    url: str
    settings: Settings
    now: Callable[[], datetime]
    _count: int = 0
    _session: aiohttp.ClientSession = field(init=False)

    async def __aenter__(self) -> Self:
        """Open the connection."""
        self._session = aiohttp.ClientSession(self.url, timeout=aiohttp.ClientTimeout(total=_LIMIT_S))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self._session.close()

    async def whatsapp(self, text: str, *, times: int = 1) -> list[int]:
        """Write on WhatsApp; the provider delivers it `times` times. Gives the service's answers."""
        body = whatsapp_body(text, self._number("wamid.demo"), self.now())
        return [await self._deliver("whatsapp", body) for _ in range(times)]

    async def instagram(self, text: str) -> int:
        """Write on Instagram. Gives the service's answer."""
        return await self._deliver("instagram", instagram_body(text, self._number("aWdfZGVtbw"), self.now()))

    async def unsigned(self) -> int:
        """Somebody else posts to the hook without the provider's secret. Gives the service's answer."""
        body = {"object": "whatsapp_business_account", "entry": []}
        return await self._deliver("whatsapp", body, signed_with="a guess")

    def box(self, provider: str) -> list[Sent]:
        """What the provider's stand-in took, oldest first."""
        with memory_of(self.settings) as memory:
            return memory.sent(provider)

    def _number(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}.{self._count:04d}"

    async def _deliver(self, hook: str, body: Body, *, signed_with: str = _SIGNED_WITH) -> int:
        raw = json.dumps(body, ensure_ascii=False).encode()
        async with self._session.post(f"/hooks/{hook}", data=raw, headers=signed(raw, signed_with)) as answer:
            return answer.status


def signed(raw: bytes, secret: str = _SIGNED_WITH) -> Mapping[str, str]:
    """The headers of a delivery, as Meta signs it."""
    mark = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mark}"}
