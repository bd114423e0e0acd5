"""Booking.com's Connectivity Messaging API: write into a conversation, and read it.

A token is fetched first (`POST /token-based-authentication/exchange`) and goes along as a bearer. There is no number
of ours and no way to say the same twice safely: whoever lost an answer has to read the conversation.
"""

import re
from datetime import UTC, datetime

from pms_mock.channels.memory import ChannelMemory
from pms_mock.channels.wire import Asked, Said, said

_TALK = re.compile(r"/messaging/properties/([\w-]{1,40})/conversations/([\w-]{1,80})")
_TOKEN = "stand-in-token"  # noqa: S105 - good for nothing outside of the stand-in


def booking(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Exchange credentials, take a message, show a conversation."""
    if asked.path == "/token-based-authentication/exchange" and asked.method == "POST":
        body = asked.json()
        is_known = body.get("client_id") and body.get("client_secret")
        return said(
            {"jwt": _TOKEN, "ruid": "stand-in"} if is_known else {"message": "denied"}, 200 if is_known else 401
        )
    found = _TALK.fullmatch(asked.path)
    if found is None:
        return said({"errors": ["not found"]}, 404)
    if asked.bearer() != _TOKEN:
        return said({"errors": ["unauthorized"]}, 401)
    place = f"{found[1]}/{found[2]}"
    if asked.method == "GET":
        return said({"data": {"conversation": {"messages": _rows(memory, place)}}, "ruid": "stand-in"})
    content = str(asked.json().get("message", {}).get("content", ""))
    if refused or not content:
        return said({"errors": [refused or "empty"]}, 400)
    kept = memory.keep("booking", place, {"content": content})
    answer = {"message_id": f"bk-{kept.number}", "guest_has_account": True, "ok": True}
    return said({"data": answer, "ruid": "stand-in"})


def _rows(memory: ChannelMemory, place: str) -> list[dict[str, object]]:
    return [
        {
            "message_id": f"bk-{one.number}",
            "content": one.body["content"],
            "timestamp": datetime.fromtimestamp(one.at_ms / 1000, UTC).isoformat(),
            "sender": {"metadata": {"participant_type": "hotel"}},
        }
        for one in memory.sent("booking", receiver=place)
    ]
