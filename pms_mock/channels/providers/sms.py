"""Two Turkish senders of short messages.

Netgsm, REST v2: `POST /sms/rest/v2/send` with Basic authentication; it has no number of ours, and its report
(`POST /sms/rest/v2/report`) wants its own job numbers, so what was lost cannot be asked for. Verimor: `POST
/v2/send.json`, answered by a campaign's number in plain text; `custom_id` is ours and `GET /v2/status?custom_id=` finds
it again, or answers 404. A message is pending (0, `WAITING`) until somebody says what became of it
(`ChannelMemory.report`).
"""

from datetime import UTC, datetime, timedelta

from pms_mock.channels.memory import ChannelMemory, Sent
from pms_mock.channels.wire import Asked, Said, said, text

_JOBS, _CAMPAIGNS = 17_000_000_000, 5_000_000
_TURKEY = timedelta(hours=3)
_NO_RECORD = "60"
_NO_TEXT, _NO_ACCESS, _NO_HEADER, _BAD = "20", "30", "40", "70"


def netgsm(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Take a message, or say what became of some; what is refused comes with 406 and a code."""
    if asked.method == "POST" and asked.path == "/sms/rest/v2/report" and all(asked.basic()):
        return _netgsm_report(memory, asked.json().get("jobids") or [])
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
    return said({"code": "00", "jobid": f"{_JOBS + kept.number}", "description": "queued"})


def verimor(memory: ChannelMemory, asked: Asked, refused: str) -> Said:
    """Take a message, or say what became of one."""
    if asked.method == "GET" and asked.path == "/v2/status":
        found = _found(memory, asked)
        return said([verimor_row(memory, one) for one in found]) if found else text("NO_SUCH_CAMPAIGN", 404)
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
    return text(str(_CAMPAIGNS + kept.number))


def _found(memory: ChannelMemory, asked: Asked) -> list[Sent]:
    wanted = asked.query.get("custom_id", "")
    return [one for one in memory.sent("verimor") if wanted and one.correlation == wanted]


def verimor_row(memory: ChannelMemory, one: Sent) -> dict[str, object]:
    """How a message stands, as Verimor writes it."""
    status, code = memory.reported(one.number)
    done = _local(memory).isoformat(" ", "seconds")
    return {
        "campaign_id": _CAMPAIGNS + one.number,
        "campaign_custom_id": one.correlation,
        "message_id": str(one.number),
        "message_custom_id": None,
        "dest": one.receiver,
        "size": 1,
        "international_multiplier": 1,
        "credits": 1,
        "status": status or "WAITING",
        "gsm_error": code or "0",
        "sent_at": done if status == "DELIVERED" else None,
        "done_at": done if status else None,
    }


def _netgsm_report(memory: ChannelMemory, jobs: list[object]) -> Said:
    known = {str(_JOBS + one.number): one for one in memory.sent("netgsm")}
    rows = [_netgsm_row(memory, job, known[job]) for job in map(str, jobs) if job in known]
    return said({"code": "00", "jobs": rows}) if rows else said({"code": _NO_RECORD, "description": "no record"}, 406)


def _netgsm_row(memory: ChannelMemory, job: str, one: Sent) -> dict[str, object]:
    status, code = memory.reported(one.number)
    return {
        "jobid": job,
        "number": one.receiver,
        "status": int(status or "0"),
        "operator": 30,
        "msglen": 1,
        "deliveredDate": _local(memory).strftime("%d.%m.%Y %H:%M:%S") if status == "1" else "",
        "errorCode": int(code or "0"),
    }


def _local(memory: ChannelMemory) -> datetime:
    """The clocks of the senders."""
    return (datetime.fromtimestamp(memory.now_ms() / 1000, UTC) + _TURKEY).replace(tzinfo=None)
