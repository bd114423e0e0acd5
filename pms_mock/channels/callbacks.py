"""What a provider tells back: receipts, payments, signed as each of them signs.

A callback is made here as headers and body; `post` brings it to a service, on this machine only.
"""

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from pms_mock.channels.memory import ChannelMemory, Link, Sent
from pms_mock.channels.providers.payments import IYZICO_SECRET, PAYTR_KEY, PAYTR_SALT

_TIMEOUT_S = 10.0
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Callback:
    """A webhook ready to be posted."""

    headers: Mapping[str, str]
    body: bytes


def whatsapp_receipt(sent: Sent, status: str, *, secret: str, account: str, code: int | None = None) -> Callback:
    """A message was `sent`, `delivered`, `read` or `failed` (with a code)."""
    row: dict[str, object] = {
        "id": f"wamid.{sent.provider_id}",
        "status": status,
        "timestamp": str(sent.at_ms // 1000 + 1),
        "recipient_id": sent.receiver.lstrip("+"),
        "biz_opaque_callback_data": sent.correlation,
    }
    if code is not None:
        row["errors"] = [{"code": code, "title": "refused"}]
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": account}, "statuses": [row]}
    entry = {"id": "200000000000001", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    mark = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Callback({"content-type": _JSON, "x-hub-signature-256": f"sha256={mark}"}, body)


def pay_link(memory: ChannelMemory, token: str) -> Link:
    """A guest pays a link. LookupError for one that is not there."""
    link = next((one for one in memory.links() if one.token == token), None)
    if link is None:
        raise LookupError(token)
    paid = replace(link, state="paid", payment_id=link.payment_id or f"{9_000_000 + len(memory.links())}{token[-3:]}")
    memory.keep_link(paid)
    return paid


def iyzico_notice(link: Link, *, secret: str = IYZICO_SECRET, status: str = "SUCCESS") -> Callback:
    """A link's payment was tried."""
    body = {
        "iyziEventType": "CHECKOUT_FORM_AUTH",
        "iyziReferenceCode": f"ref-{link.token}-{status}",
        "iyziPaymentId": link.payment_id,
        "token": link.token,
        "paymentConversationId": link.correlation,
        "status": status,
        "iyziEventTime": 0,
    }
    signed = "".join(
        str(body[name]) for name in ("iyziEventType", "iyziPaymentId", "token", "paymentConversationId", "status")
    )
    mark = hmac.new(secret.encode(), f"{secret}{signed}".encode(), hashlib.sha256).hexdigest()
    return Callback({"content-type": _JSON, "x-iyz-signature-v3": mark}, json.dumps(body).encode())


def paytr_notice(link: Link, *, key: str = PAYTR_KEY, salt: str = PAYTR_SALT) -> Callback:
    """A link was paid."""
    total = str(int(float(link.amount) * 100 + 0.5))
    signed = f"{link.correlation}{link.payment_id}{salt}success{total}".encode()
    form = {
        "callback_id": link.correlation,
        "merchant_oid": link.payment_id,
        "status": "success",
        "total_amount": total,
        "payment_amount": total,
        "currency": link.currency,
        "payment_type": "card",
        "hash": base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha256).digest()).decode(),
    }
    return Callback({"content-type": _FORM}, urlencode(form).encode())


def post(url: str, callback: Callback) -> int:
    """Bring it to a service; the status of its answer. ValueError for an address that is not this machine's."""
    place = urlsplit(url)
    host = "127.0.0.1" if place.hostname == "localhost" else place.hostname or ""
    if not ip_address(host).is_loopback:
        raise ValueError(f"{url} is not on this machine")
    line = http.client.HTTPConnection(host, place.port or 80, timeout=_TIMEOUT_S)
    try:
        line.request("POST", place.path or "/", callback.body, dict(callback.headers))
        return line.getresponse().status
    finally:
        line.close()
