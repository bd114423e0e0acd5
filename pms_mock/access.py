"""Tokens: who may ask, for which hotels.

A token is an opaque bearer text, good for an hour; only its hash is in the store, so every process knows it and
nobody can read it there. The client proves itself with Basic credentials and its application key, then either with a
user's password or, for `client_credentials`, with a scope (any, `[unv]`) and its enterprise id. Secrets are compared
in constant time.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any

import msgspec

from pms_mock.engine.seeding import secret_hash
from pms_mock.protocol.answer import Answer
from pms_mock.protocol.problem import Problem, bad_request

Json = dict[str, Any]
TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token stands for."""

    user: str
    app_key: str
    hotels: tuple[str, ...]


def issue(connection: sqlite3.Connection, headers: dict[str, str], form: Json, now_ms: int) -> Answer:
    """Answer a token request: 200 with a token, 400 when it is malformed, 401 when it is not believed."""
    name, secret = _basic(headers.get("authorization"))
    row = connection.execute(
        "SELECT client_id, secret, app_key, username, password, enterprise_id FROM client WHERE client_id = ?", (name,)
    ).fetchone()
    client = row or ("", "", "", "", "", "")
    believed = _same(client[1], secret_hash(name, secret)) & _same(client[2], headers.get("x-app-key", ""))
    if form["grant_type"] == "password":
        user, word = _needed(form, "username"), _needed(form, "password")
        believed &= _same(client[3], user) & _same(client[4], secret_hash(user, word))
    else:
        _needed(form, "scope")
        user = name
        believed &= not client[5] or _same(client[5], headers.get("enterpriseid", ""))
    if not believed or row is None:
        raise _unauthorized("Invalid client ID, client secret, username, password or scope", "Basic")
    token = _token()
    connection.execute("DELETE FROM token WHERE expires_ms <= ?", (now_ms,))
    expires = now_ms + TOKEN_SECONDS * 1000
    connection.execute("INSERT INTO token VALUES (?, ?, ?, ?)", (_hash(token), name, user, expires))
    body = {
        "access_token": token,
        "expires_in": TOKEN_SECONDS,
        "token_type": "Bearer",
        "oracle_tk_context": "user_assertion",
    }
    return Answer.json(200, body, ("cache-control", "no-store"))


def authorise(connection: sqlite3.Connection, headers: dict[str, str], now_ms: int) -> Grant:
    """The grant of a request's bearer token; raises 401 when it is missing, unknown or expired."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("The request carries no bearer token")
    row = connection.execute(
        "SELECT t.user, t.expires_ms, c.app_key, c.hotels FROM token t JOIN client c ON c.client_id = t.client_id"
        " WHERE t.hash = ?",
        (_hash(token.strip()),),
    ).fetchone()
    if row is None or row[1] <= now_ms:
        raise expired()
    if "x-app-key" not in headers:
        raise bad_request("The header is missing", "x-app-key", code="GEN00004")
    if not _same(row[2], headers["x-app-key"]):
        raise _unauthorized("The application key is not the client's")
    return Grant(row[0], row[2], tuple(msgspec.json.decode(row[3])))


def expire(connection: sqlite3.Connection, headers: dict[str, str]) -> None:
    """Let the request's token end before its time."""
    token = headers.get("authorization", "").partition(" ")[2]
    connection.execute("DELETE FROM token WHERE hash = ?", (_hash(token.strip()),))


def expired() -> Problem:
    """401: the token was good once, or never."""
    return _unauthorized("The token is not known or has expired")


def check_hotel(grant: Grant, headers: dict[str, str], path_hotel: str | None) -> str:
    """The hotel of `x-hotelid`; 403 when it is not the path's or not one of the client's."""
    hotel = headers.get("x-hotelid")
    if not hotel:
        raise bad_request("The header is missing", "x-hotelid", code="GEN00004")
    if hotel not in grant.hotels or (path_hotel is not None and path_hotel != hotel):
        raise Problem(403, "GEN00403", "The client has no access to this hotel, or x-hotelid is not the path's hotel")
    return hotel


def _basic(header: str | None) -> tuple[str, str]:
    scheme, _, text = (header or "").partition(" ")
    if scheme.lower() != "basic":
        raise _unauthorized("The token request carries no Basic credentials", "Basic")
    try:
        name, _, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _unauthorized("The Basic credentials are not readable", "Basic") from None
    return name, secret


def _needed(form: Json, name: str) -> str:
    if name not in form:
        raise bad_request("The form field is missing", name, code="GEN00004")
    return str(form[name])


def _token() -> str:
    """Three parts as in a JWT, whose content is nobody's business."""
    return ".".join(secrets.token_urlsafe(size) for size in (12, 48, 32))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _same(left: str, right: str) -> bool:
    return bool(left) & hmac.compare_digest(left.encode(), right.encode("utf-8", "surrogateescape"))


def _unauthorized(title: str, scheme: str = "Bearer") -> Problem:
    return Problem(401, "GEN00401", title, headers={"www-authenticate": f'{scheme} realm="ohip"'})
