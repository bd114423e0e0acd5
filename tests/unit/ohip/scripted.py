"""A transport that answers by script, and a client in front of it."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from domain.hotel import HotelTerms
from integration.adapters.breaker import Breakers, Thresholds
from integration.adapters.ohip.client import Limits
from integration.adapters.ohip.pms import OhipPms
from integration.adapters.ohip.transport import Headers, Reply
from integration.adapters.rate_share import RateShares
from integration.ports.pms import BookingDraft
from integration.settings import PmsCredentials
from tests.builders import a_hotel, a_party, a_stay, eur, night_prices
from tests.fakes.surroundings import FakeClock

CREDENTIALS = PmsCredentials("client", "secret", "app-key", "user", "word")


def a_draft(**over: Any) -> BookingDraft:
    """An option for the default stay: two adults and a child in a family room at 310 EUR a night."""
    draft = BookingDraft(
        reference="SNT-1",
        profile_id="900123",
        stay=a_stay(),
        party=a_party(2, 6),
        rooms=1,
        room_type="FAM",
        rate_code="UAI-FLEX",
        guarantee_code="OPT",
        nightly=night_prices(over.get("stay"), eur("310.00")),
        market_code="DIRECT",
        source_code="CALL",
        payment_method="CASH",
    )
    return replace(draft, **over)


@dataclass
class Sent:
    """One request as the transport got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None

    @property
    def token(self) -> str:
        return self.headers["authorization"].removeprefix("Bearer ")

    def json(self) -> Any:
        return json.loads(self.body or b"null")


def a_reply(status: int = 200, body: Any = None, **headers: str) -> Reply:
    """A reply; `retry_after="3"` becomes the header `retry-after`."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


class ScriptedTransport:
    """Tokens `t1`, `t2`, ... are given out on demand; everything else takes the next line of the script.

    A line is a reply or an exception; the last line is repeated. `token_script` does the same for the token call.
    """

    def __init__(self, *script: Reply | Exception, token_script: tuple[Reply | Exception, ...] = ()) -> None:
        self.script = deque(script or (a_reply(204),))
        self.token_script = deque(token_script)
        self.sent: list[Sent] = []
        self.tokens: list[Sent] = []
        self.is_closed = False

    async def send(
        self, method: str, path_and_query: str, headers: Headers, body: bytes | None, timeout_s: float
    ) -> Reply:
        assert timeout_s > 0
        request = Sent(method, path_and_query, dict(headers), body)
        await asyncio.sleep(0)
        if path_and_query == "/oauth/v1/tokens":
            self.tokens.append(request)
            return _played(
                self.token_script, a_reply(200, {"access_token": f"t{len(self.tokens)}", "expires_in": 3600})
            )
        self.sent.append(request)
        return _played(self.script, None)

    async def close(self) -> None:
        self.is_closed = True


def _played(script: "deque[Reply | Exception]", otherwise: Reply | None) -> Reply:
    if not script:
        assert otherwise is not None
        return otherwise
    line = script.popleft() if len(script) > 1 or otherwise is not None else script[0]
    if isinstance(line, Exception):
        raise line
    return line


@dataclass
class Rig:
    """The adapter, its transport and what it told."""

    transport: ScriptedTransport
    pms: OhipPms
    hotel: HotelTerms
    clock: FakeClock
    breakers: Breakers
    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    calls: list[tuple[str, float, str]] = field(default_factory=list)

    def warning(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))


def a_rig(
    *script: Reply | Exception, token_script: tuple[Reply | Exception, ...] = (), hotel: HotelTerms | None = None,
    credentials: PmsCredentials = CREDENTIALS, limits: Limits | None = None,
    thresholds: Thresholds | None = None,
) -> Rig:  # fmt: skip
    """An adapter that is answered by `script`."""
    transport = ScriptedTransport(*script, token_script=token_script)
    clock = FakeClock()
    rig: Rig

    class Log:
        def warning(self, event: str, **fields: object) -> None:
            rig.warning(event, **fields)

    breakers = Breakers(clock, Log(), thresholds)
    pms = OhipPms(
        transport, credentials, limits=limits or Limits(), clock=clock, log=Log(), shares=RateShares(),
        breakers=breakers,
        on_call=lambda operation, seconds, outcome: rig.calls.append((operation, seconds, outcome)),
    )  # fmt: skip
    rig = Rig(transport, pms, hotel or a_hotel(), clock, breakers)
    return rig
