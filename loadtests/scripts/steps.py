"""The steps of a script, and what a script may know: its contact and the world around it.

    script(contact, world, dice) -> Generator[Step, Answer, None]

A step is an `Ask` (a request that is complete: path, headers, body) or a `Pause`. The driver answers an `Ask` with the
`Answer` that came, and a `Pause` with `NO_ANSWER`. A request is due when the answer before it was there, plus the
pauses between: a script must not be asked for its next step before its pause is over, because it signs and stamps what
it sends when it makes it.

An answer is judged twice. `Ask.problem` says whether it is what it should be (an expected "no", such as sold out, is
no problem). `Ask.entry` says what is now known of a write: `None` for a read.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import msgspec

from loadtests.journal import Entry, Fate
from loadtests.run_plan import LoadHotel, RunPlan
from loadtests.words import Persona
from scenarios.schema.season_load import LoadWindow

Body = dict[str, Any]
OK, CREATED = 200, 201
REFUSALS, FAILURES = 400, 500
UNDER_WAY = frozenset({"in_flight", "outcome_pending"})
PENDING = UNDER_WAY | {"pms_outcome_unknown"}
UNTOUCHED = frozenset({"pms_unavailable"})


@dataclass(frozen=True)
class Answer:
    """What came back. `status` 0: nothing did, and `error` says why in one word (`timeout`, `connection`); header names
    in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    error: str = ""

    @cached_property
    def body(self) -> Body:
        """The JSON object; empty when it is none."""
        try:
            found = msgspec.json.decode(self.raw)
        except msgspec.DecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_good(self) -> bool:
        """Whether it is a success."""
        return OK <= self.status < REFUSALS

    @property
    def code(self) -> str:
        """The code of a problem; empty for none."""
        return "" if self.is_good else str(self.body.get("code") or "")

    @property
    def fate(self) -> Fate:
        """What is known of a write that was answered so. A failure of the service proves nothing, except that a PMS
        which was never reached has nothing."""
        if self.is_good:
            return Fate.ACKNOWLEDGED
        if not self.status or self.code in PENDING or self.error:
            return Fate.UNKNOWN
        if self.status >= FAILURES:
            return Fate.REFUSED if self.code in UNTOUCHED else Fate.UNKNOWN
        return Fate.REFUSED


NO_ANSWER = Answer(0)
Check = Callable[[Answer], str]
Told = Callable[[Answer], Mapping[str, Any]]


def nothing_wrong(answer: Answer) -> str:
    """The check of an answer whose status says it all."""
    del answer
    return ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `path` with its query; `headers` complete, token and key included; `expects`: statuses of a success;
    `noes`: codes of problems that are an answer and no error (`no_room_left`).

    `check`: what is wrong with a success, as a slug, or nothing; a slug that begins with `wrong_` is an untruth, which
    fails a run however rare it is, any other is an error. `told`: for a write, what a success says about it, as
    fields of `Entry`; None: a read, which is not journalled. `about`: fields of `Entry` that are known beforehand.
    `key`: the idempotency key, or the message id of a webhook. `actor`: `operator-3` is the fourth operator token.
    `is_repeat`: the same write once more, because nobody knew what became of it.
    """

    operation: str
    persona: Persona
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    key: str = ""
    actor: str = ""
    expects: frozenset[int] = frozenset({OK, CREATED})
    noes: frozenset[str] = frozenset()
    is_repeat: bool = False
    check: Check = nothing_wrong
    told: Told | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def problem(self, answer: Answer) -> str:
        """A slug, or nothing: an error of the transport, a status nobody expects, or content that is wrong."""
        if answer.error or not answer.status:
            return answer.error or "no_answer"
        if answer.status not in self.expects:
            return "" if answer.code in self._allowed else f"status_{answer.status}"
        if self.key and not self.is_repeat and answer.headers.get("idempotency-replayed") == "true":
            return "wrong_replay"
        return self.check(answer)

    @property
    def _allowed(self) -> frozenset[str]:
        return self.noes | UNDER_WAY if self.is_repeat else self.noes

    def intended(self, at_ns: int) -> Entry | None:
        """The journal's line before the request is sent; None for a read."""
        return None if self.told is None else self._entry(at_ns, Fate.INTENDED, {})

    def entry(self, at_ns: int, answer: Answer) -> Entry | None:
        """The journal's line once it is known what came back; None for a read."""
        if self.told is None:
            return None
        known = dict(self.told(answer)) if answer.is_good else {}
        known |= {"http_status": answer.status, "problem": answer.error or answer.code or self.problem(answer)}
        return self._entry(at_ns, answer.fate, known)

    def _entry(self, at_ns: int, fate: Fate, known: Mapping[str, Any]) -> Entry:
        merged = {**self.about, **known}
        return Entry(at_ns=at_ns, operation=self.operation, fate=fate, key=self.key, actor=self.actor, **merged)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing for a while. `seconds` of season time, divided by the run's speed; `is_real`: of real time."""

    seconds: float
    is_real: bool = False


Step = Ask | Pause
Script = Generator[Step, Answer, None]


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of the demand: who comes, how, about what, and what he would buy.

    `number`: its place in the run, unique over all generator processes; `at_s`: seconds of the season; `hotel`: place
    in the plan's hotels; `work_s`, `wrap_s`, `first_reply_s`: an agent's seconds of season time; `unsolved_turns`: how
    many of its `turns` pass without a solution; `signals`: a mask of `domain.signals.BITS`; names ending in `_u` are
    uniform in [0, 1).
    """

    number: int
    at_s: float
    channel: str
    language: str
    intent: str
    hotel: int
    work_s: float
    wrap_s: float
    first_reply_s: float
    patience_s: float
    turns: int
    unsolved_turns: int
    signals: int
    convert_u: float
    lead_days: int
    nights: int
    adults: int
    has_children: bool
    stage_u: float
    lapse_u: float
    follow_up_days: int


@dataclass
class World:
    """What all scripts of a process share.

    `tokens` by role; `now`: about what the service's clock shows, as an aware instant, and `skew` what it is ahead of
    that, once the service has said it; `is_over`: whether no more contacts come, which ends the scripts that go round
    and round; `load`: think times and shares; `conversion`: share of contacts that buy, by channel; `seen`: the case by
    the word its guest wrote, as far as somebody here has read it; `known`: telephone numbers whose guest was created.
    """

    plan: RunPlan
    load: LoadWindow
    conversion: Mapping[str, float]
    tokens: Mapping[str, tuple[str, ...]]
    now: Callable[[], datetime]
    is_over: Callable[[], bool]
    seen: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    skew: timedelta | None = None

    def clock(self) -> datetime:
        """What the service's clock shows, as far as it is known. What guests write is stamped with it."""
        return self.now() + (self.skew or timedelta())

    def hears(self, shown: datetime) -> None:
        """The service's clock shows this instant now."""
        self.skew = shown - self.now()

    def hotel_of(self, contact: Contact) -> LoadHotel:
        """The hotel the contact wants."""
        return self.plan.hotels[contact.hotel % len(self.plan.hotels)]
