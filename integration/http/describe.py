"""The API document: OpenAPI 3.1, put together from the same models that check the bodies.

A route says with `operation(...)` what it takes, what it answers and whether it has a request key; FastAPI adds paths
and parameters. Schemas of bodies are lifted out of the operations into `components`, so that every model is described
once.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from integration.http.shapes.office import Problem

REF = "#/components/schemas/{model}"
PROBLEM = {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}
ALWAYS = {
    400: "The request cannot be read.",
    401: "No valid token.",
    422: "Not the shape of this path, or not to be meant.",
    500: "Our own fault; `instance` holds the number under which it was noted.",
}
MORE = {
    403: "The role does not allow it.",
    404: "No such thing here.",
    409: "Refused by a rule, or still under way.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    502: "The PMS cannot be understood.",
    503: "The PMS or our store cannot be used now.",
    504: "A write whose outcome is not known; repeat it with the same key.",
}
READS = (403, 404, 502, 503)
WRITES = (403, 404, 409, 413, 415, 502, 503, 504)
DESCRIPTION = """Joins a hotel's call centre to its PMS: quote, hold, option, confirm, pay, change, cancel.

Writes may carry an `Idempotency-Key`; creating a reservation and paying must. The same key with the same command gives
the same answer (`Idempotency-Replayed: true`); with another command it is refused. A quote takes none: repeated, it is
a new offer. Problems are RFC 9457, in the language of `Accept-Language`."""


class KeyUse(Enum):
    """Whether a write takes a request key."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


def operation(
    operation_id: str,
    summary: str,
    answer: type[BaseModel],
    *,
    body: type[BaseModel] | None = None,
    status: int = 200,
    key: KeyUse = KeyUse.NONE,
    also: Mapping[int, str] | None = None,
    is_public: bool = False,
) -> dict[str, Any]:
    """Describe one route. Handed on to FastAPI as keyword arguments. `also`: other statuses with the same shape."""
    problems = {} if is_public else {**ALWAYS, **{code: MORE[code] for code in (WRITES if body else READS)}}
    extra: dict[str, Any] = {}
    if is_public:
        extra["security"] = []
    if body is not None:
        needed = any(field.is_required() for field in body.model_fields.values())
        schema = body.model_json_schema(ref_template=REF)
        extra["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema}}}
    if body is not None:
        extra["parameters"] = [_BATCH_PARAMETER]
    if key is not KeyUse.NONE:
        extra["parameters"] = [_key_parameter(is_required=key is KeyUse.REQUIRED), _BATCH_PARAMETER]
    good: dict[str, Any] = {"model": answer, "description": (answer.__doc__ or "").strip()}
    if key is not KeyUse.NONE:
        good["headers"] = _ANSWER_HEADERS
    responses: dict[int, dict[str, Any]] = {status: good}
    responses |= {code: {"model": answer, "description": text} for code, text in (also or {}).items()}
    responses |= {code: {"description": text, "content": PROBLEM} for code, text in problems.items()}
    return {
        "operation_id": operation_id,
        "summary": summary,
        "status_code": status,
        "response_model": None,
        "responses": responses,
        "openapi_extra": extra,
    }


_ANSWER_HEADERS = {
    "Idempotency-Key": {
        "description": "The key of this request, made by us when none came.",
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true`: nothing was done this time, the answer is the first one's.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


_BATCH_PARAMETER = {
    "name": "Santral-Batch",
    "in": "header",
    "required": False,
    "description": "The run this write belongs to: `santral rollback plan --batch` undoes a run as a whole.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    "example": "season-opening-1",
}


def _key_parameter(*, is_required: bool) -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": is_required,
        "description": "A fresh key per request; the same one for a repeat. Bare, or as a structured-field string.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "example": "7f3c1a52-quote-1",
    }


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    made = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0", description=DESCRIPTION, routes=app.routes
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template=REF)
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for path in made["paths"].values():
        for one in path.values():
            _lift_body(one, schemas)
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "`snt_...`, made by `santral user token`."}
    }
    made["security"] = [{"token": []}]
    return made


def _lift_body(one: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Move a body's schema, and those it needs, to the components."""
    content = one.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None or "$ref" in content["schema"]:
        return
    schema = dict(content["schema"])
    schemas.update(schema.pop("$defs", {}))
    schemas[schema["title"]] = schema
    one["requestBody"]["content"]["application/json"] = {
        "schema": {"$ref": REF.format(model=schema["title"])},
        "example": schema["examples"][0],
    }
