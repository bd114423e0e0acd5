"""An agent's answer in a case, on the channel the guest wrote on last."""

from loadtests.scripts import contents
from loadtests.scripts.asking import Going, Person, surely
from loadtests.scripts.steps import Answer

NOT_SAID = frozenset({"window_closed", "channel_not_verified", "refused", "consent_missing"})
_FAILED = frozenset({"failed", "undeliverable"})


def replies(agent: Person, case_id: str, channel: str, text: str) -> Going:
    """Write to the guest."""
    ask = agent.write(
        "reply", f"/v1/cases/{case_id}/messages", {"text": text}, told=contents.told_sending, check=is_sent,
        noes=NOT_SAID, about={"case_id": case_id, "channel": channel},
    )  # fmt: skip
    return (yield from surely(ask))


def is_sent(answer: Answer) -> str:
    """It is on its way, or there."""
    if not answer.body.get("outbox_id"):
        return "wrong_outbox_id"
    return "not_sent" if answer.body.get("status") in _FAILED else ""
