"""How a script asks: requests of one person in one contact, numbered, marked as the run's, and repeated when lost.

Every write has a key of its own, `RUN-CONTACT-STEP`, and carries the run as its batch, so that the audit can tell what
the run wrote and one rollback undoes it. `surely` is what a good client does when nobody knows what became of a write:
it waits a moment and sends it again under the same key.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any

import msgspec

from loadtests.scripts.steps import (
    NO_ANSWER,
    PENDING,
    Answer,
    Ask,
    Body,
    Check,
    Pause,
    Step,
    Told,
    World,
    nothing_wrong,
)
from loadtests.words import Persona

Going = Generator[Step, Answer, Answer]
TRIES = 3
LEAST_WAIT_S, MOST_WAIT_S = 1.0, 5.0
WORTH_REPEATING = PENDING | {"pms_unavailable", "store_unavailable", "reservation_busy"}
_FAILURES = 500


@dataclass
class Numbers:
    """The steps of one contact, counted; whoever acts in it counts on."""

    run_id: str
    contact: str
    _steps: "count[int]" = field(default_factory=partial(count, 1))

    def key(self) -> str:
        """The next key."""
        return f"{self.run_id}-{self.contact}-{next(self._steps)}"


@dataclass
class Person:
    """Somebody with a token. `contact`: number of the contact the journal names, -1 for work of nobody's."""

    world: World
    persona: Persona
    role: str
    place: int
    numbers: Numbers
    contact: int = -1
    language: str = "en"
    hotel_id: str = ""
    _about: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """What the journal says of all his writes."""
        self._about = {"contact": self.contact, "hotel_id": self.hotel_id}

    @property
    def actor(self) -> str:
        """`operator-3`: the fourth operator token."""
        return f"{self.role}-{self.place}"

    def read(self, operation: str, path: str, *, check: Check = nothing_wrong) -> Ask:
        """A GET."""
        return Ask(operation, self.persona, "GET", path, self._headers(), actor=self.actor, check=check)

    def ask(self, operation: str, path: str, body: Body, *, check: Check = nothing_wrong) -> Ask:
        """A POST without a key: it changes nothing that matters when it is done twice."""
        return Ask(operation, self.persona, "POST", path, self._headers(), _json(body), actor=self.actor, check=check)

    def write(
        self,
        operation: str,
        path: str,
        body: Body,
        *,
        told: Told,
        check: Check = nothing_wrong,
        noes: frozenset[str] = frozenset(),
        about: Mapping[str, Any] | None = None,
    ) -> Ask:
        """A POST that is journalled. `noes`: codes of refusals that are an answer."""
        key = self.numbers.key()
        headers = {**self._headers(), "Idempotency-Key": key, "Santral-Batch": self.numbers.run_id}
        known = {**self._about, **(about or {})}
        return Ask(
            operation, self.persona, "POST", path, headers, _json(body), key, self.actor,
            check=check, noes=noes, told=told, about=known,
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        token = self.world.tokens[self.role][self.place]
        return {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept-Language": self.language,
        }


def place_in(tokens: tuple[str, ...], number: int, part: int, parts: int) -> int:
    """Which of the tokens is that of the `number`-th person of a part: parts share the tokens one by one, so that who
    telephones is not who chats, as long as there are enough."""
    mine = range(part, len(tokens), parts) if len(tokens) >= parts else range(len(tokens))
    return mine[number % len(mine)]


def _json(body: Body) -> bytes:
    return msgspec.json.encode(body)


def surely(ask: Ask) -> Going:
    """Send a write until it is known what became of it, three times at most; the last answer."""
    answer = yield ask
    for _ in range(TRIES - 1):
        if not is_worth_repeating(answer):
            break
        yield Pause(wait_of(answer), is_real=True)
        answer = yield replace(ask, is_repeat=True)
    return answer


def is_worth_repeating(answer: Answer) -> bool:
    """Whether the same again may tell more: nothing came, or it is not known, or not possible yet."""
    return bool(answer.error) or not answer.status or answer.status >= _FAILURES or answer.code in WORTH_REPEATING


def wait_of(answer: Answer) -> float:
    """Real seconds: what the service advises, one to five."""
    advised = answer.headers.get("retry-after", "")
    return min(MOST_WAIT_S, max(LEAST_WAIT_S, float(advised) if advised.isdigit() else LEAST_WAIT_S))


def until(ask: Callable[[], Ask], is_so: Callable[[Answer], bool], *, tries: int, wait_s: float) -> Going:
    """Read again and again, `wait_s` real seconds apart, until it is so; the last answer."""
    answer = NO_ANSWER
    for one in range(tries):
        if one:
            yield Pause(wait_s, is_real=True)
        answer = yield ask()
        if is_so(answer):
            break
    return answer
