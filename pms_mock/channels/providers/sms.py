"""Two Turkish senders of short messages.

Netgsm, REST v2: `POST /sms/rest/v2/send` with Basic authentication; it has no number of ours, and its report wants
its own job number, so what was lost cannot be asked for. Verimor: `POST /v2/send.json`, answered by a campaign's
number in plain text; `custom_id` is ours and `GET /v2/status?custom_id=` finds it again.
"""

from pms_mock.channels.memory import ChannelMemory, Sent
from pms_mock.channels.wire import Asked, Said, said, text

_NO_TEXT, _NO_ACCESS, _NO_HEADER, _BAD = "20", "30", "40", "70"


def netgsm(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Take a message; what is refused comes with 406 and a code."""
    if asked.method != "POST" or asked.path != "/sms/rest/v2/send":
        return said({"code": _BAD, "description": "unknown path"}, 404)
    if not all(asked.basic()):
        return said({"code": _NO_ACCESS, "description": "access denied"}, 401)
    body = asked.json()
    rows = body.get("messages") or []
    code = refused or (_NO_HEADER if not body.get("msgheader") else _BAD if len(rows) != 1 else "")
    if not code and not (rows[0].get("msg") and str(rows[0].get("no", "")).isdigit()):
        code = _NO_TEXT
    if code:
        return said({"code": code, "description": "refused"}, 406)
    kept = memory.keep("netgsm", str(rows[0]["no"]), body)
    return said({"code": "00", "jobid": f"{17_000_000_000 + kept.number}", "description": "queued"})


def verimor(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Take a message, or say what became of one."""
    if asked.method == "GET" and asked.path == "/v2/status":
        return said([_status(one.provider_id, one.correlation, one.receiver) for one in _found(memory, asked)])
    if asked.method != "POST" or asked.path != "/v2/send.json":
        return text("NOT_FOUND", 404)
    body = asked.json()
    rows = body.get("messages") or []
    if not (body.get("username") and body.get("password")):
        return text("AUTHENTICATION_FAILED", 401)
    if refused or len(rows) != 1 or not rows[0].get("msg") or not str(rows[0].get("dest", "")).isdigit():
        return text(refused or "INVALID_MESSAGE", 400)
    clean = {name: value for name, value in body.items() if name not in {"username", "password"}}
    kept = memory.keep("verimor", str(rows[0]["dest"]), clean, correlation=str(body.get("custom_id", "")))
    return text(str(5_000_000 + kept.number))


def _found(memory: ChannelMemory, asked: Asked) -> list[Sent]:
    wanted = asked.query.get("custom_id", "")
    return [one for one in memory.sent("verimor") if wanted and one.correlation == wanted]


def _status(provider_id: str, correlation: str, receiver: str) -> dict[str, object]:
    number = int(provider_id.rpartition(".")[2])
    return {
        "campaign_id": 5_000_000 + number,
        "campaign_custom_id": correlation,
        "message_id": number,
        "dest": receiver,
        "status": "DELIVERED",
    }
