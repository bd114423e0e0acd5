"""The vendor's documents, when they are on this machine, with the two overlays: ISO dates mended, objects closed."""

from __future__ import annotations

import copy
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
SPECS = Path(os.environ.get("SANTRAL_PMS_SPECS", ROOT.parent / "shared" / "pms-specs")) / "ohip"
needs_specs = pytest.mark.skipif(
    not (SPECS / "subset").is_dir(), reason="the vendor's documents are not here: set SANTRAL_PMS_SPECS to their folder"
)
NAMES = ("oauth", "par", "inv", "crm", "csh", "rsv")


@lru_cache
def document(name: str) -> Json:
    loaded: Json = json.loads((SPECS / "subset" / f"{name}.subset.json").read_text("utf-8"))
    return loaded


@lru_cache
def strict_definitions(name: str) -> Json:
    definitions: Json = copy.deepcopy(document(name)["definitions"])
    _walk(definitions)
    return definitions


def _walk(value: object) -> None:
    if isinstance(value, dict):
        if value.get("type") == "string" and value.get("format") == "date" and value.get("maxLength", 10) < 10:
            del value["maxLength"]
        if value.get("type") == "object" and isinstance(value.get("properties"), dict):
            value.setdefault("additionalProperties", False)
        for item in value.values():
            _walk(item)
    elif isinstance(value, list):
        for item in value:
            _walk(item)


@lru_cache
def validator(name: str, definition: str) -> Draft4Validator:
    schema = {"$ref": f"#/definitions/{definition}", "definitions": strict_definitions(name)}
    return Draft4Validator(schema)


def misfits(name: str, definition: str, body: object) -> list[str]:
    errors = validator(name, definition).iter_errors(body)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:120]}" for error in errors]


@lru_cache
def _routes() -> list[tuple[str, re.Pattern[str], str, Json]]:
    routes = []
    for name in NAMES:
        spec = document(name)
        for path, item in spec["paths"].items():
            for method in ("get", "post", "put", "delete"):
                if method in item:
                    pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", spec["basePath"] + path))
                    routes.append((method.upper(), pattern, name, item[method]))
    return sorted(routes, key=lambda route: route[1].pattern.count("[^/]"))


def operation_of(method: str, path: str) -> tuple[str, Json] | None:
    for verb, pattern, name, operation in _routes():
        if verb == method and pattern.fullmatch(path):
            return name, operation
    return None


def answer_misfits(method: str, path: str, status: int, body: bytes) -> list[str]:
    """How an answer differs from what the vendor's document says of it; empty when it fits."""
    found = operation_of(method, path)
    if found is None:
        return []
    name, operation = found
    declared = operation["responses"].get(str(status))
    if declared is None:
        return [f"{status} is not declared for {operation['operationId']}"]
    if "$ref" in declared:
        declared = document(name)["responses"][declared["$ref"].rsplit("/", 1)[1]]
    reference = declared.get("schema", {}).get("$ref")
    if reference is None:
        definition = "exceptionDetailType" if status >= 400 and name != "oauth" else None
    else:
        definition = reference.rsplit("/", 1)[1]
    if definition is None:
        return ["a body where the document has none"] if body and status < 400 else []
    return misfits(name, definition, json.loads(body))
