"""What the demo needs of HTTP: one agent's calls to the service, with his token, counted and timed.

A plain client on purpose: it follows nothing, retries nothing and shows every status, because the demo is about them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

Body = dict[str, Any]
TIME_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers (lower-case names) and the JSON body."""

    status: int
    headers: Mapping[str, str]
    body: Body

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """A key of the body."""
        return self.body[name]


@dataclass
class Agent:
    """One person with a token."""

    url: str
    token: str
    language: str = "en"
    _session: aiohttp.ClientSession = field(init=False)

    async def __aenter__(self) -> Self:
        """Open the connection."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        limit = aiohttp.ClientTimeout(total=TIME_LIMIT_S)
        self._session = aiohttp.ClientSession(self.url, headers=headers, timeout=limit)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self._session.close()

    async def get(self, path: str) -> Reply:
        """Read."""
        async with self._session.get(path) as answer:
            return await _reply(answer)

    async def post(self, path: str, body: Body, *, key: str | None = None) -> Reply:
        """Write, under an idempotency key when one is given."""
        headers = {"Idempotency-Key": key} if key is not None else {}
        async with self._session.post(path, json=body, headers=headers) as answer:
            return await _reply(answer)


async def _reply(answer: aiohttp.ClientResponse) -> Reply:
    text = await answer.text()
    body = json.loads(text) if text else {}
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(answer.status, headers, body if isinstance(body, dict) else {"rows": body})
