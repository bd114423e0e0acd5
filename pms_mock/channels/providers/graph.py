"""Meta's Graph API: WhatsApp Cloud API and Instagram messaging.

WhatsApp: `POST /vN/{phone number id}/messages`; there is no number of ours but `biz_opaque_callback_data`, which
comes back with receipts. Instagram: `POST /vN/{account}/messages`, and `GET /vN/{account}/conversations`.
"""

import re
from datetime import UTC, datetime
from typing import Any

from pms_mock.channels.memory import ChannelMemory
from pms_mock.channels.wire import Asked, Said, said

_MESSAGES = re.compile(r"/v\d+\.\d/(\d{1,20})/messages")
_TALKS = re.compile(r"/v\d+\.\d/(\d{1,20})/conversations")
_BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_RATE = frozenset({4, 80007, 130429, 131048, 131056})
_LONGEST = 4096


def _error(code: int, message: str, status: int = 400) -> Said:
    body = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "stand-in"}
    return said({"error": body}, status)


def whatsapp(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Take a message."""
    found = _MESSAGES.fullmatch(asked.path)
    if found is None or asked.method != "POST":
        return _error(100, "Unsupported request", 404)
    if not asked.bearer():
        return _error(190, "Invalid OAuth access token", 401)
    if refused:
        return _error(int(refused), "Refused on demand", 429 if int(refused) in _RATE else 400)
    body = asked.json()
    fault = _fault_of(body)
    if fault is not None:
        return fault
    receiver = str(body.get("to") or body.get("recipient"))
    kept = memory.keep("whatsapp", receiver, body, correlation=str(body.get("biz_opaque_callback_data", "")))
    contact = {"input": receiver, "wa_id": receiver.lstrip("+")} if body.get("to") else {"user_id": receiver}
    number = f"wamid.{kept.provider_id}"
    return said({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": number}]})


def _fault_of(body: dict[str, Any]) -> Said | None:
    if body.get("messaging_product") != "whatsapp" or bool(body.get("to")) == bool(body.get("recipient")):
        return _error(100, "Invalid parameter")
    if body.get("recipient") and not _BSUID.fullmatch(str(body["recipient"])):
        return _error(131062, "Recipient is not supported")
    kind = body.get("type")
    if kind == "text":
        written = str(body.get("text", {}).get("body", ""))
        return None if 0 < len(written) <= _LONGEST else _error(100, "Text is missing or too long")
    if kind == "template":
        template = body.get("template", {})
        is_whole = template.get("name") and template.get("language", {}).get("code")
        return None if is_whole else _error(132000, "Template parameters do not match")
    return _error(131009, "Parameter value is not valid")


def instagram(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Take a message, or show a conversation."""
    if not asked.bearer():
        return _error(190, "Invalid OAuth access token", 401)
    if refused:
        return _error(int(refused), "Refused on demand")
    talk, found = _TALKS.fullmatch(asked.path), _MESSAGES.fullmatch(asked.path)
    if talk is not None and asked.method == "GET":
        return said({"data": [_talk(memory, talk[1], asked.query.get("user_id", ""))]})
    if found is None or asked.method != "POST":
        return _error(100, "Unsupported request", 404)
    body = asked.json()
    receiver, written = str(body.get("recipient", {}).get("id", "")), str(body.get("message", {}).get("text", ""))
    if not receiver or not written:
        return _error(100, "Invalid parameter")
    kept = memory.keep("instagram", receiver, body)
    return said({"recipient_id": receiver, "message_id": f"m_{kept.provider_id}"})


def _talk(memory: ChannelMemory, account: str, user: str) -> dict[str, Any]:
    rows = [
        {
            "id": f"m_{one.provider_id}",
            "message": one.body.get("message", {}).get("text", ""),
            "created_time": datetime.fromtimestamp(one.at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "from": {"id": account},
        }
        for one in reversed(memory.sent("instagram", receiver=user))
    ]
    return {"id": f"t_{user}", "messages": {"data": rows[:20]}}
