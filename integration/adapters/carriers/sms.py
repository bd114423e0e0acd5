"""Short messages through two Turkish senders: Netgsm (REST v2) and Verimor.

Numbers go without `+`. Netgsm answers 200 or 406 with a code of its own and has no number of ours: what was lost
cannot be asked for. Verimor takes `custom_id` (ours) and can be asked by it, which is why it is the better one to
lose an answer of. Both are told whether a message advertises: the registry of consents is asked on their side too.

What became of a message has to be asked: Netgsm tells nobody, and Verimor, which does (`channels.verimor_sms`), gives
up after a quarter of an hour. Netgsm is asked by its own numbers, a hundred at a time; Verimor by ours, one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from domain.contact import Channel
from domain.outbound import MessageKind
from integration.adapters.carriers.line import JSON, Line, basic, encoded, object_in
from integration.ports.outbound import Accepted, Looked, MaybeTaken, NotSent, NotTaken, Report
from integration.ports.queue_records import Outgoing

_OK, _UNKNOWN_THERE = 200, 404
_MOST_JOBS = 100
_NETGSM_CODES: Mapping[str, str] = {
    "20": "text_refused",
    "40": "sender_name_unknown",
    "50": "consent_registry_refuses",
    "51": "consent_registry_unknown",
    "70": "parameters_refused",
}
_NETGSM_UNREAD = {"30": "unauthorised", "80": "rate_limited", "85": "rate_limited"}
_NETGSM_NOTHING = "60"
_NETGSM_SAYS: Mapping[int, Report] = {
    0: Report("sent"),
    1: Report("delivered"),
    2: Report("failed", "expired"),
    3: Report("failed", "number_wrong"),
    4: Report("failed", "not_passed_on"),
    11: Report("failed", "operator_refused"),
    12: Report("failed", "sending_failed"),
    13: Report("failed", "doubled"),
    14: Report("failed", "no_credit"),
    15: Report("failed", "blacklisted"),
    16: Report("failed", "consent_registry_refuses"),
    17: Report("failed", "consent_registry_failed"),
}
_VERIMOR_WAITS = frozenset({"SENDING", "WAITING", "SENT"})


def plain(number: str) -> str:
    """`+447700900123` -> `447700900123`."""
    return number.removeprefix("+")


@dataclass(frozen=True, slots=True)
class NetgsmCarrier:
    """`header`: the sender's name the recipients see."""

    line: Line
    user: str
    password: str = field(repr=False)
    header: str
    channel: Channel = Channel.SMS

    async def send(self, one: Outgoing) -> Accepted:
        """One message."""
        is_commercial = one.kind == MessageKind.COMMERCIAL
        body = {
            "msgheader": self.header,
            "encoding": "TR",
            "iysfilter": "11" if is_commercial else "0",
            "messages": [{"msg": str(one.document.get("text", "")), "no": plain(one.handle_value)}],
        }
        headers = (basic(self.user, self.password), JSON)
        found = object_in(await self.line.send("POST", "/sms/rest/v2/send", headers, encoded(body)))
        code = str(found.get("code", ""))
        if code == "00":
            return Accepted(str(found.get("jobid", "")), self.header)
        if code in _NETGSM_UNREAD:
            raise NotSent(_NETGSM_UNREAD[code])
        if code in _NETGSM_CODES:
            raise NotTaken(_NETGSM_CODES[code])
        raise MaybeTaken(f"code_{code}" if code.isdigit() else "answer_unreadable")

    async def look_up(self, _one: Outgoing) -> Accepted | Looked:
        """It has no number of ours."""
        return Looked.SILENT

    async def reports(self, rows: Sequence[Outgoing]) -> Mapping[str, Report]:
        """By its own numbers."""
        ours = {one.provider_id: one.outbox_id for one in rows if one.provider_id}
        found: dict[str, Report] = {}
        jobs = list(ours)
        for start in range(0, len(jobs), _MOST_JOBS):
            for job in await self._jobs(jobs[start : start + _MOST_JOBS]):
                said = _NETGSM_SAYS.get(_number(job.get("status")))
                outbox_id = ours.get(str(job.get("jobid")))
                if said is not None and outbox_id is not None:
                    found[outbox_id] = said
        return found

    async def _jobs(self, jobs: list[str]) -> list[dict[str, object]]:
        headers = (basic(self.user, self.password), JSON)
        wanted = encoded({"jobids": jobs, "pagenumber": 0, "pagesize": len(jobs)})
        found = object_in(await self.line.ask("POST", "/sms/rest/v2/report", headers, wanted))
        code, rows = str(found.get("code", "")), found.get("jobs")
        if code == _NETGSM_NOTHING:
            return []
        if code != "00" or not isinstance(rows, list):
            raise NotSent(_NETGSM_UNREAD.get(code, "answer_unreadable"))
        return [row for row in rows if isinstance(row, dict)]

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()


@dataclass(frozen=True, slots=True)
class VerimorCarrier:
    """`header`: the sender's name the recipients see."""

    line: Line
    user: str
    password: str = field(repr=False)
    header: str
    channel: Channel = Channel.SMS

    async def send(self, one: Outgoing) -> Accepted:
        """One message."""
        is_commercial = one.kind == MessageKind.COMMERCIAL
        body: dict[str, object] = {
            "username": self.user,
            "password": self.password,
            "source_addr": self.header,
            "valid_for": "24:00",
            "custom_id": one.outbox_id,
            "is_commercial": is_commercial,
            "messages": [{"msg": str(one.document.get("text", "")), "dest": plain(one.handle_value)}],
        }
        if is_commercial:
            body["iys_recipient_type"] = "BIREYSEL"
        answer = await self.line.send("POST", "/v2/send.json", (JSON,), encoded(body))
        said = answer.body.decode("utf-8", "replace").strip()
        if answer.status != _OK:
            raise NotTaken(_code(said))
        if not said.isdigit():
            raise MaybeTaken("answer_unreadable")
        return Accepted(said, self.header)

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        """By our number."""
        row = await self._asked(one)
        return Looked.ABSENT if row is None else Accepted(str(row.get("campaign_id", "")), self.header)

    async def reports(self, rows: Sequence[Outgoing]) -> Mapping[str, Report]:
        """By our numbers; what was heard before it stopped answering counts."""
        found: dict[str, Report] = {}
        for one in rows:
            try:
                row = await self._asked(one)
            except NotSent:
                if found:
                    break
                raise
            if row is not None:
                found[one.outbox_id] = verimor_report(str(row.get("status", "")))
        return found

    async def _asked(self, one: Outgoing) -> dict[str, object] | None:
        """What it says of our number; None for one it has never heard of (404, or a list without it)."""
        query = urlencode({"username": self.user, "password": self.password, "custom_id": one.outbox_id})
        answer = await self.line.ask("GET", f"/v2/status?{query}", ())
        if answer.status == _UNKNOWN_THERE:
            return None
        try:
            rows = msgspec.json.decode(answer.body)
        except msgspec.DecodeError:
            raise NotSent("answer_unreadable") from None
        if not isinstance(rows, list):
            raise NotSent("answer_unreadable")
        mine = (row for row in rows if isinstance(row, dict) and row.get("campaign_custom_id") == one.outbox_id)
        return next(mine, None)

    async def close(self) -> None:
        """Let go of connections."""
        await self.line.close()


def verimor_report(status: str) -> Report:
    """Verimor's word for how a message stands. `SENT` is all it can say of some countries' networks; a word that is
    not known says that the message did not arrive, like all the others in its list."""
    word = status.strip().upper()
    if word == "DELIVERED":
        return Report("delivered")
    return Report("sent") if word in _VERIMOR_WAITS else Report("failed" if word else "", _code(word))


def _number(value: object) -> int:
    """A status, quoted or not; -1 for none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1  # noqa: PLR2004


def _code(said: str) -> str:
    """`INVALID_MESSAGE` -> `invalid_message`; a sentence is not kept, it may repeat what was sent."""
    is_code = 0 < len(said) <= 60 and said.replace("_", "").isascii() and said.replace("_", "").isalnum()  # noqa: PLR2004
    return said.lower() if is_code else "refused"
