"""What became of the legs of a stretch, by numpy when it is over: who was served, who gave up when, who is still there.

While the engine runs it writes down when a leg began and who took it; an end that follows from the columns costs no
event and no note. Only what they do not tell (a chat's end, a closed door, a guest who balked) is written down.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.plan import Outcome

F8 = NDArray[np.float64]
Flags = NDArray[np.bool_]
Column = NDArray[Any]
UNDER_WAY = -1


@dataclass(frozen=True, slots=True)
class Settled:
    """Legs and what became of them; `outcome` is -1 for who is still there (or has not arrived yet)."""

    columns: dict[str, Column]
    outcome: NDArray[np.int8]
    ended: F8
    handle: F8
    replied: F8


def from_columns(
    columns: dict[str, Column], until_s: float, is_whole: Flags, is_backlog: Flags, gives_sign: Flags
) -> Settled:
    """What follows from the columns alone: calls and letters that are over, and who gave up. By queue: `is_whole`,
    whether it takes a whole agent, `is_backlog`; by leg: `gives_sign`, whether a guest who gives up is seen to go."""
    begin, talk, leave, queue = columns["begin"], columns["talk"], columns["leave"], columns["queue"]
    outcome = np.full(len(begin), UNDER_WAY, np.int8)
    is_begun = begin >= 0
    ended = np.where(is_begun, begin + talk, leave)
    is_over = ended < until_s
    is_gone = ~is_begun & is_over & gives_sign
    is_served = is_begun & is_over & is_whole[queue]
    outcome[is_gone] = Outcome.ABANDONED
    outcome[is_gone & is_backlog[queue]] = Outcome.EXPIRED
    outcome[is_served] = Outcome.SERVED
    handle = np.where(is_served, columns["span"], 0.0)
    replied = np.where(is_served, begin + columns["reply"], np.nan)
    return Settled(columns, outcome, ended, handle, replied)


def write_ends(settled: Settled, closings: list[float], chat_ends: list[float]) -> None:
    """What the engine has written down besides: `closings`, five numbers each (leg, outcome, when, seconds of an agent,
    first answer or -1), and `chat_ends`, three (leg, when, first answer)."""
    if closings:
        rows = np.fromiter(closings, np.float64, len(closings)).reshape(-1, 5)
        legs = rows[:, 0].astype(np.int64)
        settled.outcome[legs], settled.ended[legs], settled.handle[legs] = rows[:, 1], rows[:, 2], rows[:, 3]
        settled.replied[legs] = np.where(rows[:, 4] < 0, np.nan, rows[:, 4])
    if chat_ends:
        rows = np.fromiter(chat_ends, np.float64, len(chat_ends)).reshape(-1, 3)
        legs, ended = rows[:, 0].astype(np.int64), rows[:, 1]
        begin, talk, span = (settled.columns[name][legs] for name in ("begin", "talk", "span"))
        settled.outcome[legs], settled.ended[legs] = Outcome.SERVED, ended
        settled.handle[legs] = ended - begin + (span - talk)
        settled.replied[legs] = np.minimum(rows[:, 2], ended)


def stay_open(settled: Settled, until_s: float, is_whole: Flags) -> None:
    """Who is still there at the end of the run."""
    columns, begin = settled.columns, settled.columns["begin"]
    here = (settled.outcome == UNDER_WAY) & (columns["at"] < until_s)
    is_begun, reply = begin >= 0, begin + columns["reply"]
    settled.outcome[here], settled.ended[here] = Outcome.OPEN, until_s
    settled.handle[here] = np.where(is_begun[here], until_s - begin[here], 0.0)
    is_answered = is_begun & is_whole[columns["queue"]] & (reply < until_s)
    settled.replied[here] = np.where(is_answered, reply, np.nan)[here]
