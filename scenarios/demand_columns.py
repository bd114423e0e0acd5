"""A day's contacts as columns: one row each, in the order in which they arrive.

Everything a contact will ever need is drawn with it, used or not: how long it takes, how long the guest waits, whether
and when he comes back, what happens if the rules hand him over, what he would buy. Another team, another opening hour
or another price then never shifts another contact's numbers. Seconds and whole days unless said otherwise; columns
ending in `_u` are uniform in [0, 1), columns ending in `_e` are unit exponentials.
"""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scenarios.demand_tables import F8, I8

Columns = TypeVar("Columns", "DayDraw", "SalesDraw")


@dataclass(frozen=True, slots=True)
class SalesDraw:
    """What the contact would buy, if it is a sale. Drawn for every contact.

    `lead_days`: from the contact to the arrival; `price_factor`: the guest's price against the mean (mean 1);
    `stage_u`: confirmed at once, option, or a hold that lapses; `lapse_u`: whether an option does; `confirm_delay_e`:
    times the scenario's mean delay; `cancel_elapsed`: part of the lead time gone by when he cancels; `alternative_u`:
    columns other dates (yes or no), other dates (which), sister hotel; `follow_up_u`: columns called again, buys then;
    `follow_up_days`: days until that call, 1 at least.
    """

    convert_u: F8
    lead_days: I8
    nights: I8
    adults: I8
    has_children: NDArray[np.bool_]
    price_factor: F8
    stage_u: F8
    lapse_u: F8
    confirm_delay_e: F8
    cancel_u: F8
    cancel_elapsed: F8
    no_show_u: F8
    alternative_u: F8
    follow_up_u: F8
    follow_up_days: I8
    follow_up_work_e: F8

    def __len__(self) -> int:
        """How many."""
        return len(self.convert_u)


@dataclass(frozen=True, slots=True)
class DayDraw:
    """The contacts of a day (or of a stretch of one), sorted by `at` (seconds from the season's start).

    `channel`, `language`, `intent`, `hotel`: places in the plan's lists. `work`: an agent's seconds until it is done;
    `first_reply`: of these, until the first answer is out; `turns`: messages and replies it takes; `unsolved_turns`:
    how many of them pass without a solution (2 or more: the rules of `domain.handoff` may hand it over); `signals`: a
    mask of `domain.signals.BITS`. `redial_*`: one column a try. `handoff_*`: of the leg on the channel it is handed
    to, before that channel's means are applied.
    """

    day: int
    at: F8
    channel: I8
    language: I8
    intent: I8
    hotel: I8
    work: F8
    wrap: F8
    first_reply: F8
    patience: F8
    balk_u: F8
    silent: NDArray[np.bool_]
    turns: I8
    unsolved_turns: I8
    signals: I8
    redial_u: F8
    redial_gap: F8
    redial_patience_e: F8
    handoff_z: F8
    handoff_wrap_e: F8
    handoff_patience_e: F8
    sales: SalesDraw

    def __len__(self) -> int:
        """How many."""
        return len(self.at)


def rows_of(columns: Columns, rows: slice) -> Columns:
    """The same columns for some rows, without a copy."""
    cut: dict[str, Any] = {}
    for one in fields(columns):
        value = getattr(columns, one.name)
        if isinstance(value, SalesDraw):
            value = rows_of(value, rows)
        elif isinstance(value, np.ndarray):
            value = value[rows]
        cut[one.name] = value
    return type(columns)(**cut)
