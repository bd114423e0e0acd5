"""A visit: one request of one actor, from the token to the encoded answer.

A route enters, reads its body, calls one use case and replies:

    visit = await enter(request)
    body = await visit.body(ConfirmBody)
    work = confirm_reservation(visit.desk, visit.actor, reservation_id, visit.key(), body.guarantee)
    return await visit.write(work)

Bodies are checked strictly by pydantic (unknown fields refused, `"2"` is no number); answers are encoded once by
msgspec and never pass a response model. No answer may be kept by anything on its way: it may hold personal data.
"""

import re
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from domain.access import Actor
from integration.http.edge_errors import (
    BatchMalformed,
    BodyMalformed,
    BodyMissing,
    BodyTooLarge,
    KeyMalformed,
    KeyMissing,
    MediaUnsupported,
    SchemaViolation,
)
from integration.http.service import Service, service_of
from integration.http.violations import field_of
from integration.usecases.answers import Answer
from integration.usecases.desk import Desk

B = TypeVar("B", bound=BaseModel)
T = TypeVar("T")
MAX_BODY = 1024 * 1024
MAX_KEY = 255
_BATCH = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NO_STORE = {"Cache-Control": "no-store"}
_LOGGED = (
    "reservation_id", "guest_id", "call_id", "case_id", "offer_id", "pms_ref", "request_key", "status", "outcome",
    "in_pms",
)  # fmt: skip


class Visit:
    """One request of one actor."""

    __slots__ = ("actor", "began", "desk", "request", "service")

    def __init__(self, request: Request, service: Service, actor: Actor, began: float) -> None:
        self.request = request
        self.service = service
        self.desk: Desk = service.desk
        self.actor = actor
        self.began = began

    async def body(self, model: type[B]) -> B:
        """The body as a model. No body is taken as `{}` where the model needs nothing."""
        raw = await _raw(self.request)
        if not raw.strip():
            if any(field.is_required() for field in model.model_fields.values()):
                raise BodyMissing
            return model()
        _check_media(self.request.headers.get("content-type", ""))
        return parse(model, raw)

    def key(self, *, required: bool = False) -> str:
        """The request key: the caller's, or a fresh one. The answer names it either way, a problem too."""
        key = key_of(self.request.headers.getlist("idempotency-key"))
        if key is None:
            if required:
                raise KeyMissing
            key = self.desk.ids.new("key")
        self.request.state.request_key = key
        return key

    async def write(
        self,
        work: Coroutine[Any, Any, Answer],
        *,
        status: int = 200,
        place: str = "",
        name: str = "",
    ) -> Response:
        """Carry a use case out to its end and reply with its answer. `place` + the field `name` make the Location."""
        answer = await self.finish(work)
        headers = {"Idempotency-Key": self.request.state.request_key}
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        if place:
            headers["Location"] = f"{place}/{answer.body[name]}"
        self.log(answer.body, replayed=answer.replayed)
        return reply(answer.body, status, headers)

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something that writes to its end, whoever hangs up."""
        return await self.service.writes.finish(work)

    def log(self, body: Mapping[str, object], **more: object) -> None:
        """One line: what was done (the operation's name) to which ids, by whom, in how many milliseconds."""
        ids = {name: body[name] for name in _LOGGED if body.get(name) is not None}
        taken = round((perf_counter() - self.began) * 1000, 1)
        name = self.request.scope["route"].operation_id
        self.service.log.info(name, actor=self.actor.name, ms=taken, **ids, **more)


async def enter(request: Request) -> Visit:
    """Find out who asks; Unauthenticated for anybody we do not know."""
    began = perf_counter()
    service = service_of(request.scope)
    actor = await service.tokens.actor_of(request.headers.get("authorization"))
    batches = request.headers.getlist("santral-batch")
    if batches and request.method != "GET":
        actor = replace(actor, batch=batch_of(batches))
    return Visit(request, service, actor, began)


def reply(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Encode an answer."""
    marks = {**_NO_STORE, **headers} if headers else _NO_STORE
    return Response(msgspec.json.encode(body), status, marks, "application/json")


def parse(model: type[B], raw: bytes) -> B:
    """Strictly; BodyMalformed for what is no JSON, SchemaViolation for what does not fit."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        if found[0]["type"] == "json_invalid":
            raise BodyMalformed from None
        raise SchemaViolation([dict(one) for one in found], field_of(found[0]["loc"])) from None


def key_of(values: list[str]) -> str | None:
    """The Idempotency-Key, in its quoted form (a structured-field string) or bare; None when there is none."""
    if not values:
        return None
    key = values[0].strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(values) > 1 or not 1 <= len(key) <= MAX_KEY or not (key.isascii() and key.isprintable()):
        raise KeyMalformed
    return key


def batch_of(values: list[str]) -> str:
    """The Santral-Batch: the run that a write belongs to; BatchMalformed for what is none."""
    if len(values) != 1 or _BATCH.fullmatch(values[0]) is None:
        raise BatchMalformed
    return values[0]


async def _raw(request: Request) -> bytes:
    """The bytes of a body, read no further than allowed."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > MAX_BODY:
        raise BodyTooLarge(most=MAX_BODY)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise BodyTooLarge(most=MAX_BODY)
        parts.append(part)
    return b"".join(parts)


def _check_media(content_type: str) -> None:
    media = content_type.partition(";")[0].strip().lower()
    if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
        raise MediaUnsupported
