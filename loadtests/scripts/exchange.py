"""The telephone exchange: what it tells of a call, and the call that it puts on an agent's screen.

A caller reaches the hotel's exchange first. Where the run has a hook for it, the exchange tells the service that a
telephone rings, that it was taken, and that the line is down, in the neutral CTI format (`newCall`, `answer`,
`hangup`). The service opens the call for the agent whose telephone rings; he sees it among his open calls and takes
that one. A second call beside it would be one caller counted twice, `call_not_joined`; one that is not on his screen in
ten seconds is `call_late`. A step that did not get through is the last that is told: the agent works on by hand.
"""

import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime

from loadtests.scripts.asking import Going, Person, surely
from loadtests.scripts.contents import instant_of
from loadtests.scripts.people import mark_of
from loadtests.scripts.steps import NO_ANSWER, Answer, Ask, Body, Check, Contact, Pause, Step, World, nothing_wrong
from loadtests.words import Persona

CHANNEL = "phone"
RINGS, TAKEN, OVER = "newCall", "answer", "hangup"
TRIES, WAIT_S, SHOWN = 10, 1.0, 20
_FIRST_EXTENSION = 1000
_MS = 1000
_OURS = "902420000000"


def extension_of(place: int) -> str:
    """The telephone on the desk of `operator-<place>`."""
    return str(_FIRST_EXTENSION + place)


@dataclass
class Line:
    """One caller's line to one agent. `is_up`: whether the exchange tells of it and has got through so far."""

    world: World
    contact: Contact
    agent: Person
    phone: str
    is_up: bool = False
    _is_shown: bool = False
    _rang_at: datetime | None = None

    def __post_init__(self) -> None:
        """Silent where the run has no hook for an exchange."""
        self.is_up = CHANNEL in self._hooks and bool(self.world.plan.hook_secret)

    @property
    def _hooks(self) -> dict[str, str]:
        return self.world.hotel_of(self.contact).hooks

    def rings(self) -> Generator[Step, Answer, None]:
        """It rings, the agent's screen shows it, and he takes it."""
        yield from self._tells(RINGS)
        if self.is_up and CHANNEL in self.world.hotel_of(self.contact).accounts:
            yield from self._shows()
        yield from self._tells(TAKEN)

    def goes_down(self) -> Generator[Step, Answer, None]:
        """They have hung up."""
        yield from self._tells(OVER)

    @property
    def joined(self) -> Check:
        """The call that is started must be the one his screen showed: it began when it rang, not just now."""
        if not self._is_shown:
            return nothing_wrong
        return lambda answer: "" if self._is_mine(answer.body) else "call_not_joined"

    def _tells(self, event: str) -> Generator[Step, Answer, None]:
        if not self.is_up:
            return
        answer = yield from surely(self._delivery(event))
        self.is_up = answer.is_good

    def _delivery(self, event: str) -> Ask:
        """One event. Its number is made as the service makes it, so that the audit finds it again."""
        call, extension = f"{mark_of(self.world.plan.run_id, self.contact)}-call", extension_of(self.agent.place)
        now = self.world.clock()
        if event == RINGS:
            self._rang_at = now.replace(microsecond=now.microsecond // _MS * _MS)
        answering = "" if event == RINGS else extension
        body: Body = {
            "event": event, "from": self.phone.lstrip("+"), "to": _OURS, "direction": "in", "callId": call,
            "user": [extension], "answeringNumber": answering, "timestamp": now.isoformat(),
        }  # fmt: skip
        if event == OVER:
            body["cause"] = "normalClearing"
        number = f"{call}:{event}:{answering}"
        hotel = self.world.hotel_of(self.contact)
        return Ask(
            "webhook", Persona.GUEST, "POST", f"/hooks/{hotel.hooks[CHANNEL]}/{self.world.plan.hook_secret}",
            {"Content-Type": "application/json"}, json.dumps(body).encode(), number,
            told=lambda _answer: {"ref": number},
            about={"contact": self.contact.number, "hotel_id": hotel.hotel_id, "channel": CHANNEL},
        )  # fmt: skip

    def _shows(self) -> Going:
        """The agent's open calls, until the one that rang just now is among them."""
        path = f"/v1/calls?open=true&hotel={self.agent.hotel_id}&limit={SHOWN}"
        answer = NO_ANSWER
        for one in range(TRIES):
            if one:
                yield Pause(WAIT_S, is_real=True)
            answer = yield self.agent.read("calls_open", path, check=self._shown(is_last=one == TRIES - 1))
            self._is_shown = self._has_mine(answer)
            if self._is_shown:
                break
        return answer

    def _shown(self, *, is_last: bool) -> Check:
        def check(answer: Answer) -> str:
            if not isinstance(answer.body.get("calls"), list):
                return "no_list"
            return "call_late" if is_last and not self._has_mine(answer) else ""

        return check

    def _has_mine(self, answer: Answer) -> bool:
        calls = answer.body.get("calls") if answer.is_good else None
        return any(self._is_mine(one) for one in calls or ())

    def _is_mine(self, call: Body) -> bool:
        """A list does not say who rings; the instant at which it began to ring tells the calls apart."""
        return instant_of(call.get("started_at")) == self._rang_at
