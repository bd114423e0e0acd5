"""Query, form, path and header values: the types of Swagger 2.0, read strictly.

A name that the operation does not have, a value of the wrong type, an empty value, a second value for a single
parameter: 400. `multi` arrays repeat the name; an array without a collection format is comma separated. Headers that
begin with `x-` and are not in the document are refused too; other headers are the transport's business.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote

from pms_mock.protocol.problem import bad_request
from pms_mock.protocol.wire import FORMATS

Json = dict[str, Any]

_INTEGER = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_MAX_FIELDS = 500


def read_query(raw: bytes, table: Json) -> Json:
    """Typed values by name, defaults filled in; raises 400 on anything the table does not allow."""
    return _typed(_pairs(raw), table, "query")


def read_form(raw: bytes, table: Json) -> Json:
    """The same for a form body (the token request)."""
    return _typed(_pairs(raw), table, "form")


def read_segments(values: Iterable[tuple[str, str]], table: Json) -> Json:
    """Typed path segments; `values` are percent-encoded texts by name."""
    decoded: dict[str, list[str]] = {}
    for name, text in values:
        try:
            decoded[name] = [unquote(text, errors="strict")]
        except UnicodeDecodeError:
            raise bad_request("The path is not UTF-8", name) from None
    return _typed(decoded, table, "path")


def read_headers(headers: Iterable[tuple[bytes, bytes]], table: Json) -> dict[str, str]:
    """Header texts by lower-case name; a document header may come once, an unknown `x-` header may not come."""
    read: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        if name in read and (name in table or name in {"content-type", "content-length", "accept"}):
            raise bad_request("A header is sent twice", name)
        if name.startswith("x-") and name not in table:
            raise bad_request("The header is not known", name, code="GEN00003")
        read[name] = raw_value.decode("latin-1")
    for name, schema in table.items():
        if name in read and name != "authorization":
            _value(read[name], schema, name)
    return read


def _pairs(raw: bytes) -> dict[str, list[str]]:
    try:
        text = raw.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except (UnicodeError, ValueError):
        raise bad_request("The parameters are not readable") from None
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _typed(values: dict[str, list[str]], table: Json, place: str) -> Json:
    typed: Json = {name: schema["default"] for name, schema in table.items() if "default" in schema}
    for name, texts in values.items():
        if name not in table:
            raise bad_request(f"The {place} parameter is not known", name[:80], code="GEN00003")
        schema = table[name]
        typed[name] = _list(texts, schema, name) if schema["type"] == "array" else _single(texts, schema, name)
    for name, schema in table.items():
        if schema.get("required") and name not in values:
            raise bad_request(f"The {place} parameter is missing", name, code="GEN00004")
    return typed


def _single(texts: list[str], schema: Json, name: str) -> Any:  # noqa: ANN401 - a Swagger value
    if len(texts) > 1:
        raise bad_request("The parameter takes one value", name)
    return _value(texts[0], schema, name)


def _list(texts: list[str], schema: Json, name: str) -> list[Any]:
    if schema.get("collectionFormat") != "multi":
        if len(texts) > 1:
            raise bad_request("The parameter takes one comma separated value", name)
        texts = texts[0].split(",")
    if len(texts) > schema.get("maxItems", _MAX_FIELDS):
        raise bad_request("The parameter has too many values", name)
    values = [_value(text, schema["items"], name) for text in texts]
    if schema.get("uniqueItems") and len(set(values)) != len(values):
        raise bad_request("The parameter repeats a value", name)
    return values


def _value(text: str, schema: Json, name: str) -> Any:  # noqa: ANN401 - a Swagger value
    if not text or "\0" in text:
        raise bad_request("The parameter is empty or holds NUL", name)
    match schema["type"]:
        case "integer":
            return int(_matching(_INTEGER, text, name, "an integer"))
        case "number":
            return float(_matching(_NUMBER, text, name, "a number"))
        case "boolean":
            if text not in {"true", "false"}:
                raise bad_request("The parameter is not true or false", name)
            return text == "true"
        case _:
            return _text(text, schema, name)


def _text(text: str, schema: Json, name: str) -> str:
    if "enum" in schema and text not in schema["enum"]:
        raise bad_request("The parameter is not one of the document's values", name, detail=text[:80])
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
        raise bad_request("The parameter is too short or too long", name)
    if "pattern" in schema and not re.search(schema["pattern"], text):
        raise bad_request("The parameter does not match its pattern", name)
    if "format" in schema and not FORMATS[schema["format"]](text):
        raise bad_request(f"The parameter is not a {schema['format']}", name, detail=text[:80])
    return text


def _matching(pattern: re.Pattern[str], text: str, name: str, kind: str) -> str:
    if not pattern.fullmatch(text):
        raise bad_request(f"The parameter is not {kind}", name, detail=text[:80])
    return text
