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
from datetime import UTC, datetime
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from pms_mock.channels.memory import ChannelMemory, Link, Sent
from pms_mock.channels.providers.payments import IYZICO_SECRET, PAYTR_KEY, PAYTR_SALT
from pms_mock.channels.providers.sms import verimor_row

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


def verimor_report(memory: ChannelMemory, number: int, status: str, code: str = "") -> Callback:
    """What became of a short message, as it is posted; from now on the stand-in says so too. LookupError."""
    sent = memory.report(number, status, code)
    body = [{"type": "outbound", **verimor_row(memory, sent)}]
    return Callback({"content-type": _JSON}, json.dumps(body).encode())


def bounce(sent: Sent, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A mail server's report on a mail (RFC 3464), as it comes into the sender's mailbox. `status`: RFC 3463."""
    headers = sent.body["headers"]
    when = format_datetime(datetime.fromtimestamp(sent.at_ms / 1000, UTC))
    lines = (
        "Return-Path: <>",
        "From: Mail Delivery System <MAILER-DAEMON@mx.stand-in.example>",
        f"To: {headers.get('from', '')}",
        "Subject: Mail delivery report",
        f"Date: {when}",
        f"Message-ID: <report.{sent.number}.{action}@mx.stand-in.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
        "",
        "--report",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"This is the mail system. Your message to {sent.receiver}: {action}.",
        "--report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.stand-in.example",
        f"Arrival-Date: {when}",
        "",
        f"Final-Recipient: rfc822; {sent.receiver}",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; on demand",
        "",
        "--report",
        "Content-Type: text/rfc822-headers; charset=us-ascii",
        "",
        f"From: {headers.get('from', '')}",
        f"To: {sent.receiver}",
        f"Message-ID: <{sent.correlation}>",
        "",
        "--report--",
        "",
    )
    return "\r\n".join(lines).encode()


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
