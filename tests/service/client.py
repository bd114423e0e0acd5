"""A tiny ASGI client. Every answer it gets is held to the API document: status, media type, shape, nothing
undocumented.

    reply = await client.post("/v1/quotes", {"check_in": "2027-07-10", "nights": 7, "adults": 2})
    assert reply.status == 200, reply.json
"""

import copy
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs
from fastapi import FastAPI
from starlette.routing import Match

from integration.http.describe import document
from integration.http.routes import all_routes

Scope = dict[str, Any]


@dataclass
class Reply:
    """One answer."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@cache
def closed_document() -> dict[str, Any]:
    """The API document, with every answer closed: an undocumented key is an error."""
    doc = copy.deepcopy(document(FastAPI(title="Santral", routes=all_routes(), openapi_url=None)))
    for schema in doc["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return doc


@cache
def _validator(model: str) -> Any:
    doc = closed_document()
    return jsonschema_rs.validator_for(
        {"$ref": f"#/components/schemas/{model}", "components": doc["components"]}, validate_formats=True
    )


def check(method: str, scope: Scope, reply: Reply) -> None:
    """Hold an answer to the document. Paths that are not in it (no route) may only answer with a problem."""
    template = next(
        (route.path for route in all_routes() if route.matches(scope)[0] is not Match.NONE),  # type: ignore[attr-defined]
        None,
    )
    known = closed_document()["paths"].get(template, {}).get(method.lower())
    if known is None:
        if template is None or reply.status == 405:
            _validator("Problem").validate(reply.json)
        return
    documented = known["responses"].get(str(reply.status))
    if documented is None:
        assert reply.status == 405, f"{method} {template}: {reply.status} is not documented"
        documented = known["responses"]["400"]
    media, content = next(iter(documented["content"].items()))
    assert reply.headers["content-type"] == media
    _validator(content["schema"]["$ref"].rpartition("/")[2]).validate(reply.json)


@dataclass
class Client:
    """Speaks to an application in this process."""

    app: Any
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        params: dict[str, Any] | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request. `body` goes as JSON, `raw` as it is; `key` is the Idempotency-Key."""
        sent = {**({"content-type": "application/json"} if body is not None else {}), **self.headers}
        if self.token is not None:
            sent["authorization"] = f"Bearer {self.token}"
        if key is not None:
            sent["idempotency-key"] = key
        sent.update(headers or {})
        payload = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        scope = scope_of(method, path, params or {}, sent)
        reply = await call(self.app, scope, payload)
        check(method, scope, reply)
        return reply

    async def get(self, path: str, **params: Any) -> Reply:
        return await self.ask("GET", path, params=params)

    async def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return await self.ask("POST", path, body, **more)

    async def patch(self, path: str, body: Any = None, **more: Any) -> Reply:
        return await self.ask("PATCH", path, body, **more)


def scope_of(method: str, path: str, params: dict[str, Any], headers: dict[str, str]) -> Scope:
    """An ASGI HTTP scope."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode(params, doseq=True).encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def call(app: Any, scope: Scope, payload: bytes) -> Reply:
    """Send one request through an ASGI application."""
    asked = False
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": payload, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], headers, b"".join(one.get("body", b"") for one in messages[1:]))
