"""The inbox of a digital agent: find the case of a message that has just come in, and read it.

An inbox shows the newest open cases of a channel; an agent opens the one that looks right. So here: the list is asked
for, and cases nobody of this process has read are opened, those first that were written to when the guest wrote. What
is read on the way is remembered by the guest's own word (`people.mark_of`), so that each case is read once, whoever was
looking. A message that is not in a case ten real seconds after it was taken is a problem, `message_late`; whether it
was lost is for the audit to say.
"""

import re
from collections.abc import Generator
from datetime import datetime

from loadtests.scripts.asking import Person
from loadtests.scripts.contents import instant_of
from loadtests.scripts.steps import NO_ANSWER, Answer, Body, Check, Pause, Step

TRIES, WAIT_S, PAGE, MOST_OPENED = 10, 1.0, 100, 4
_MARK = re.compile(r"\(([^()\s]+)\)")
_OTA = "ota_reservation"


def find_case(agent: Person, channel: str, mark: str, at: datetime) -> Generator[Step, Answer, str]:
    """The id of the case that has the word; empty when there is none."""
    seen = agent.world.seen
    path = f"/v1/cases?hotel={agent.hotel_id}&channel={channel}&open=true&limit={PAGE}"
    for one in range(TRIES):
        if mark in seen:
            return seen[mark]
        if one:
            yield Pause(WAIT_S, is_real=True)
        is_last = one == TRIES - 1
        answer = yield agent.read("case_list", path, check=_listed)
        for case_id in _likely(answer, seen, at):
            shown = yield agent.read("case_show", f"/v1/cases/{case_id}", check=_shown)
            _remember(seen, shown.body)
            if mark in seen:
                return seen[mark]
        if is_last:
            yield agent.read("case_list", path, check=lambda _answer: "message_late")
    return ""


def read_case(agent: Person, case_id: str, said: list[str]) -> Generator[Step, Answer, Body]:
    """The whole case, until it has all that the guest said, each once."""
    answer = NO_ANSWER
    for one in range(TRIES):
        if one:
            yield Pause(WAIT_S, is_real=True)
        is_last = one == TRIES - 1
        answer = yield agent.read("case_show", f"/v1/cases/{case_id}", check=_has(said, is_last=is_last))
        if answer.is_good and not _missing(answer.body, said):
            break
    return answer.body if answer.is_good else {}


def _listed(answer: Answer) -> str:
    return "" if isinstance(answer.body.get("cases"), list) else "no_list"


def _shown(answer: Answer) -> str:
    return "" if isinstance(answer.body.get("contacts"), list) else "no_case"


def _has(said: list[str], *, is_last: bool) -> Check:
    def check(answer: Answer) -> str:
        if found := _shown(answer):
            return found
        texts = [one["text"] for one in answer.body["contacts"]]
        if any(texts.count(one) > 1 for one in set(said)):
            return "wrong_message_twice"
        return "message_late" if is_last and _missing(answer.body, said) else ""

    return check


def _missing(body: Body, said: list[str]) -> bool:
    texts = {one["text"] for one in body.get("contacts", ())}
    return not texts.issuperset(said)


def _likely(answer: Answer, seen: dict[str, str], at: datetime) -> list[str]:
    """Unread cases, those first that were written to about then."""
    rows = [one for one in answer.body.get("cases", ()) if one["case_id"] not in seen]
    rows.sort(key=lambda one: abs(((instant_of(one["last_at"]) or at) - at).total_seconds()))
    return [one["case_id"] for one in rows[:MOST_OPENED]]


def _remember(seen: dict[str, str], case: Body) -> None:
    """The words in a case, and the case itself, so that nobody opens it again."""
    case_id = case.get("case_id")
    if not case_id:
        return
    for one in case["contacts"]:
        for mark in _MARK.findall(one["text"]):
            seen[mark] = case_id
    for one in (case.get("guest") or {}).get("identities", ()):
        if one["kind"] == _OTA:
            seen[one["value"]] = case_id
    seen.setdefault(case_id, case_id)
