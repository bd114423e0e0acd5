"""What the engine simulates: queues, groups of agents, how many are there when, and the rules that move results.

A **queue** is a channel and a language. An agent belongs to one **group**; a group takes from its queues in the order
of its list. Work comes in three kinds: a **call** takes a whole free agent; a **chat** takes one of an agent's slots
and goes on at a speed that depends on how many are open; **backlog** (e-mail, OTA messages) is done one at a time when
nothing that cannot wait is waiting. Nothing is taken away from an agent once begun.

Three choices move results by points and are therefore inputs, with these defaults: which of several equally suited
groups takes a contact (`TieBreak.ORDER`: the first in the plan's list), what happens to agents whose shift ends while
they are busy (`ShiftEnd.FINISH`: they finish what they have, and take nothing new), and the formula of the service
level (`domain.kpi`). Times are float seconds from the season's start; staff changes come before arrivals of the same
instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from domain.hours import OpenSpans

INTERVAL_S = 1800.0
FOREVER = float("inf")


class Work(IntEnum):
    """What a contact takes of an agent."""

    CALL = 0
    CHAT = 1
    BACKLOG = 2


class WhenClosed(Enum):
    """What happens to a contact that comes while its queue is closed: it waits (messages), leaves a number and is
    called at the next opening (calls), or is lost."""

    WAIT = "wait"
    CALL_BACK = "call_back"
    LOST = "lost"


class TieBreak(Enum):
    """Which of several groups that could take a contact at the same level gets it: the first in the plan's list, or
    the one whose agent has been free for longest."""

    ORDER = "order"
    LONGEST_FREE = "longest_free"


class ShiftEnd(Enum):
    """Who leaves when a group shrinks: free agents first, then named busy ones after what they have (`finish`), or
    whoever of the group finishes next (`first_finishers`)."""

    FINISH = "finish"
    FIRST_FINISHERS = "first_finishers"


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """One queue. `priority`: smaller is served first where a group may choose (non-preemptive); equal ones by the order
    of the group's list, contacts of one queue first come first served.

    `balk`: chance that a guest who would have to wait leaves at once. `spans`: when it is open (None: always).
    `call_back_after_s`: who has waited so long leaves a number and is called back when an agent is free (None: never).
    """

    name: str
    channel: int
    language: int
    work: Work
    priority: int = 0
    balk: float = 0.0
    spans: OpenSpans | None = None
    when_closed: WhenClosed = WhenClosed.WAIT
    call_back_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Agents who can do the same. `queues`: indices into `EnginePlan.queues`; `levels`: for each of them 0 for a first
    skill, 1 for a fallback (served only when no group of a lower level is free), and so on.

    `slots`: for each of them the most chats at once (1 for calls and backlog). An agent with an open chat takes other
    chats up to the smallest `slots` of those he has, but no call and no backlog. `speeds[k - 1]`: how fast each of k
    open chats goes on (1.0: as if it were alone).
    """

    name: str
    queues: tuple[int, ...]
    levels: tuple[int, ...]
    slots: tuple[int, ...]
    speeds: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """All the engine needs beside the contacts. `heads[i, g]`: agents of group g on duty in interval i."""

    queues: tuple[QueuePlan, ...]
    groups: tuple[GroupPlan, ...]
    heads: NDArray[np.int32]
    interval_s: float = INTERVAL_S
    tie_break: TieBreak = TieBreak.ORDER
    shift_end: ShiftEnd = ShiftEnd.FINISH

    def __post_init__(self) -> None:
        """ValueError when the shapes do not agree."""
        if self.heads.shape[1:] != (len(self.groups),):
            raise ValueError("heads has one row for each interval and one column for each group")
        for group in self.groups:
            if not len(group.queues) == len(group.levels) == len(group.slots):
                raise ValueError(f"group {group.name}: queues, levels and slots are of one length")

    @property
    def until_s(self) -> float:
        """When the season ends."""
        return float(self.heads.shape[0] * self.interval_s)


def constant_heads(heads: Sequence[int], intervals: int) -> NDArray[np.int32]:
    """The same heads in every interval."""
    return np.tile(np.asarray(heads, dtype=np.int32), (intervals, 1))


_F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts that arrive within one stretch of time (a day), one row each, sorted by `at`.

    All draws a contact will ever need come with it, so that another team never shifts another contact's numbers.
    Seconds unless said otherwise; `u` columns are uniform in [0, 1).

    `work`: until the contact is done, by one agent, alone; wrap-up comes after it (the agent stays busy, the guest is
    gone). `patience`: how long the guest waits. `silent`: a guest who gives up leaves no sign, so an agent still takes
    the chat when its turn comes and loses `silent_s` on it. `first_reply`: work until the first answer is out.
    `handoff_at`: work after which the rules hand the guest over to `handoff_queue` (more than `work`: never); the rest
    is not done, a new leg with `handoff_work`, `handoff_wrap`, `handoff_patience` joins that queue. `redial_u[:, k]`,
    `redial_gap`, `redial_patience`: the k-th time the guest has given up (columns: tries): he comes back after the gap
    when `redial_u < redial[queue]` of the run. `mark`: what the layer above wants back (an index into its own columns).
    """

    at: _F8
    queue: NDArray[np.int32]
    work: _F8
    wrap: _F8
    patience: _F8
    balk_u: _F8
    silent: NDArray[np.bool_]
    first_reply: _F8
    handoff_at: _F8
    handoff_queue: NDArray[np.int32]
    handoff_work: _F8
    handoff_wrap: _F8
    handoff_patience: _F8
    redial_u: _F8
    redial_gap: _F8
    redial_patience: _F8
    mark: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        """How many."""
        return len(self.at)


@dataclass(frozen=True, slots=True)
class GuestRules:
    """How guests behave, beyond what is drawn with each: chance to come back after giving up by queue (length:
    queues), how long a silently abandoned chat keeps an agent's slot (seconds)."""

    redial: tuple[float, ...]
    silent_s: float = 0.0


class Leg(IntEnum):
    """How a contact came about."""

    FIRST = 0
    REDIAL = 1
    HANDOFF = 2
    CALL_BACK = 3
    FOLLOW_UP = 4


class Outcome(IntEnum):
    """How a leg ended. `SILENT`: given up without a sign, found by an agent. `CLOSED`: came outside the hours and is
    called back or lost. `CALL_BACK`: left a number instead of waiting. `EXPIRED`: backlog not begun in time. `OPEN`: at
    the end of the season still there."""

    SERVED = 0
    ABANDONED = 1
    BALKED = 2
    SILENT = 3
    CLOSED = 4
    CALL_BACK = 5
    EXPIRED = 6
    OPEN = 7


@dataclass(frozen=True, slots=True)
class Legs:
    """What became of contacts, one row for each leg that ended, in the order in which they ended.

    `contact`: the running number of the first leg it goes back to, counted over the whole run in order of arrival (so a
    redial or handoff carries its first leg's number); `leg`: `Leg`; `tries`: how often the guest has given up before.
    `at`: when this leg arrived; `wait`: until an agent took it or it ended without; `handle`: seconds it took of an
    agent or of a chat's slot, wrap-up included; `ended`: when the guest was gone; `replied`: when the first answer was
    out (nan: never); `group`: -1 when nobody took it.
    """

    contact: NDArray[np.int64]
    leg: NDArray[np.int8]
    tries: NDArray[np.int8]
    queue: NDArray[np.int32]
    at: _F8
    wait: _F8
    handle: _F8
    ended: _F8
    replied: _F8
    outcome: NDArray[np.int8]
    group: NDArray[np.int32]
    is_handed_over: NDArray[np.bool_] = field(repr=False)
