"""Taking a guest from one channel to another: when, to where, and what the next agent must know.

Three triggers, as data. **Unsolved turns**: two or more turns (the guest's message or messages and an agent's reply)
without a solution go to the telephone. **Urgent signal**: cancellation, crisis or last minute go there at once.
**Phone sale**: what was sold on the telephone is summed up in writing. `decide_handoff` is asked after every turn and
works on two ints, because the season engine asks the same function.

A handoff is a record with a life: `triggered -> offered -> accepted -> connected -> solved`. The guest may decline;
when nobody is free it becomes a call-back with a time. The **packet** goes along, so that nobody has to ask twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from domain.case import CaseId
from domain.case_events import EventKind
from domain.contact import Channel
from domain.errors import MoveNotAllowed, OutcomeMissing
from domain.hours import OpenSpans, deadline
from domain.offer import OfferId
from domain.roles import MESSAGE_CHANNELS
from domain.signals import Signal, bits_of

HandoffId = NewType("HandoffId", str)


class Trigger(StrEnum):
    """Why a guest is handed over, in the order in which they are looked for; `by_hand`: an agent decided it."""

    URGENT_SIGNAL = "urgent_signal"
    UNSOLVED_TURNS = "unsolved_turns"
    PHONE_SALE = "phone_sale"
    BY_HAND = "by_hand"


TRIGGER_BITS: dict[Trigger, int] = {trigger: 1 << place for place, trigger in enumerate(Trigger)}


@dataclass(frozen=True, slots=True)
class HandoffRule:
    """From any of `sources` to the first of `targets` that reaches the guest, once there are `min_turns` unsolved turns
    and, if `any_of` names signals, one of them."""

    trigger: Trigger
    sources: tuple[Channel, ...]
    targets: tuple[Channel, ...]
    min_turns: int = 0
    any_of: tuple[Signal, ...] = ()

    def __post_init__(self) -> None:
        """ValueError for a rule that would always or never hold."""
        if not self.min_turns and not self.any_of:
            raise ValueError("a handoff rule needs turns or signals")
        if not self.targets or set(self.sources) & set(self.targets):
            raise ValueError("a handoff leads to another channel")


_SPEAKING = tuple(channel for channel in MESSAGE_CHANNELS if channel is not Channel.OTA)
DEFAULT_RULES = (
    HandoffRule(
        Trigger.URGENT_SIGNAL,
        MESSAGE_CHANNELS,
        (Channel.PHONE,),
        any_of=(Signal.CANCELLATION, Signal.CRISIS, Signal.LAST_MINUTE),
    ),
    HandoffRule(Trigger.UNSOLVED_TURNS, _SPEAKING, (Channel.PHONE,), min_turns=2),
    HandoffRule(
        Trigger.PHONE_SALE, (Channel.PHONE,), (Channel.WHATSAPP, Channel.EMAIL), any_of=(Signal.SOLD_BY_PHONE,)
    ),
)
ReadyRule = tuple[int, int, Trigger, int]


@dataclass(frozen=True, slots=True)
class HandoffRules:
    """The hotel's rules, and how soon it calls back when nobody is free (seconds of the telephone's open hours)."""

    rules: tuple[HandoffRule, ...] = DEFAULT_RULES
    callback_within_s: float = 1_800.0
    _ready: dict[Channel, tuple[ReadyRule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the rules by channel and urgency."""
        by_urgency = sorted(self.rules, key=lambda rule: TRIGGER_BITS[rule.trigger])
        ready = {
            channel: tuple(
                (rule.min_turns, bits_of(rule.any_of), rule.trigger, TRIGGER_BITS[rule.trigger])
                for rule in by_urgency
                if channel in rule.sources
            )
            for channel in Channel
        }
        object.__setattr__(self, "_ready", ready)

    def of(self, channel: Channel) -> tuple[ReadyRule, ...]:
        """The rules of one channel, ready for `decide_handoff`."""
        return self._ready[channel]

    def targets(self, trigger: Trigger, source: Channel) -> tuple[Channel, ...]:
        """Where a trigger leads from a channel, best first."""
        return next((one.targets for one in self.rules if one.trigger is trigger and source in one.sources), ())


def decide_handoff(turns: int, signals: int, rules: tuple[ReadyRule, ...], done: int = 0) -> Trigger | None:
    """The first trigger that holds, or None.

    `turns`: unsolved turns so far (`count_turns`); `signals`: a mask of `domain.signals.BITS`; `rules`:
    `HandoffRules.of(channel)`; `done`: a mask of `TRIGGER_BITS` already acted on in this case, not raised again.
    """
    for min_turns, any_of, trigger, bit in rules:
        if turns >= min_turns and (not any_of or signals & any_of) and not done & bit:
            return trigger
    return None


def count_turns(kinds: Iterable[EventKind]) -> int:
    """Turns since the case was last solved: a guest's message or messages in a row, and a person's reply.

    `kinds` in the order of `domain.case_events.in_order`. A message that waits for its reply is no turn yet; a
    machine's reply makes none.
    """
    turns, is_asked = 0, False
    for kind in kinds:
        if kind is EventKind.GUEST_MESSAGE:
            is_asked = True
        elif kind is EventKind.HUMAN_REPLY and is_asked:
            turns, is_asked = turns + 1, False
        elif kind is EventKind.RESOLVED:
            turns, is_asked = 0, False
    return turns


def callback_due(now_s: float, rules: HandoffRules, phone: OpenSpans) -> float:
    """When the call-back is due: within the hotel's time, counted in the telephone's open hours."""
    return deadline(now_s, rules.callback_within_s, phone)


class HandoffState(StrEnum):
    """Where a handoff stands. A written summary waits as triggered and is solved once a provider has taken it."""

    TRIGGERED = "triggered"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONNECTED = "connected"
    SOLVED = "solved"
    DECLINED = "declined"
    CALLBACK = "callback"


_S = HandoffState
HANDOFF_MOVES: Mapping[HandoffState, frozenset[HandoffState]] = {
    _S.TRIGGERED: frozenset({_S.OFFERED, _S.CALLBACK, _S.DECLINED, _S.SOLVED}),
    _S.OFFERED: frozenset({_S.ACCEPTED, _S.CALLBACK, _S.DECLINED, _S.SOLVED}),
    _S.ACCEPTED: frozenset({_S.CONNECTED, _S.CALLBACK, _S.DECLINED}),
    _S.CALLBACK: frozenset({_S.CALLBACK, _S.CONNECTED, _S.DECLINED, _S.SOLVED}),
    _S.CONNECTED: frozenset({_S.SOLVED, _S.CALLBACK}),
    _S.DECLINED: frozenset({_S.OFFERED}),
    _S.SOLVED: frozenset(),
}
ENDED = frozenset({_S.SOLVED, _S.DECLINED})


@dataclass(frozen=True, slots=True)
class HandoffPacket:
    """What the next agent sees: who, what was asked, what was offered and promised, in which language."""

    who: str
    asked: str
    language: str
    offers: tuple[OfferId, ...] = ()
    promised: tuple[str, ...] = ()
    turns: int = 0
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoffStep:
    """One step of a handoff's life."""

    state: HandoffState
    at: datetime
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One handoff of a case. `due_at`: when the call-back is due, only while it is one."""

    handoff_id: HandoffId
    case_id: CaseId
    trigger: Trigger
    source: Channel
    target: Channel
    packet: HandoffPacket
    steps: tuple[HandoffStep, ...]
    due_at: datetime | None = None

    @property
    def state(self) -> HandoffState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in ENDED

    def reached_at(self, state: HandoffState) -> datetime | None:
        """When it first got there: the funnel is counted by this."""
        return next((step.at for step in self.steps if step.state is state), None)

    def moved(
        self, to: HandoffState, at: datetime, actor: str, *, reason: str = "", due_at: datetime | None = None
    ) -> "Handoff":
        """One step on. MoveNotAllowed outside the table; OutcomeMissing for a call-back without a time or a declined
        handoff without a reason."""
        if to not in HANDOFF_MOVES[self.state]:
            raise MoveNotAllowed(
                "Handoff {handoff_id} is {state}; it cannot become {to}.",
                handoff_id=self.handoff_id,
                state=self.state.value,
                to=to.value,
            )
        if to is _S.CALLBACK and due_at is None:
            raise OutcomeMissing("A call-back needs a time.", field="due")
        if to is _S.DECLINED and not reason:
            raise OutcomeMissing("A declined handoff needs a reason.", field="reason")
        step = HandoffStep(to, at, actor, reason)
        return replace(self, steps=(*self.steps, step), due_at=due_at if to is _S.CALLBACK else None)
