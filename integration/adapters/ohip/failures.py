"""What the adapter's errors say, and what they leave out.

No text holds the PMS's own sentences or anything that was sent, because they may name a guest. Its code and path are
kept when they look like such; its title or detail is kept as the parameter `detail`, which no sentence shows.
"""

import re
from datetime import datetime

import msgspec

from integration.adapters.ohip.transport import AnswerLost, NeverLeft
from integration.adapters.ohip.wire import Problem
from integration.errors import PmsOutcomeUnknown, PmsRejected, PmsUnavailable

PAUSE_WITHOUT_ADVICE_S = 1.0


CODE = re.compile(r"[A-Za-z0-9_.:-]{1,40}", re.ASCII)


_PATH = re.compile(r"[A-Za-z0-9_.:\[\]$/-]{1,200}", re.ASCII)


_problem = msgspec.json.Decoder(Problem)


def unknown(operation: str, how: str) -> PmsOutcomeUnknown:
    """The error of a write that may have happened."""
    return PmsOutcomeUnknown(
        "It is not known whether the PMS carried out {operation} ({how}).", operation=operation, how=how
    )


def unreachable(error: NeverLeft) -> PmsUnavailable:
    """The error of a request that never left."""
    return PmsUnavailable(
        "The PMS cannot be reached.", hint="Is it running, and is SANTRAL_PMS_URL right?", how=str(error)
    )


def unanswered(operation: str, error: AnswerLost) -> PmsUnavailable:
    """The error of a read whose answer was lost: it changed nothing and may be asked again."""
    return PmsUnavailable("The PMS does not answer.", operation=operation, how=str(error))


def rejected(operation: str, status: int, body: bytes) -> PmsRejected:
    """Keep the code and path when they look like such; title and detail are kept as parameters and never shown."""
    try:
        problem = _problem.decode(body)
    except (msgspec.MsgspecError, UnicodeError):
        problem = Problem()
    code = problem.code if CODE.fullmatch(problem.code) else ""
    return PmsRejected(
        "The PMS refused {operation} ({pms_word}).",
        status=status,
        pms_code=code,
        pms_path=problem.path if _PATH.fullmatch(problem.path) else "",
        operation=operation,
        pms_word=code or f"HTTP {status}",
        detail=(problem.detail or problem.title)[:300],
    )


def seconds_in(text: str, now: datetime) -> float | None:
    """`Retry-After` as seconds: a number, or an HTTP date; None when there is none or it is not understood."""
    if text.isascii() and text.isdigit() and len(text) < 7:  # noqa: PLR2004 - a week
        return float(text)
    if not text:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - hardly ever, and it brings the e-mail package

    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, IndexError):
        return None
