"""One queue, first come first served, whatever the draws: who waits how long, call by call, without an event list.

Kiefer and Wolfowitz (1955): keep when each agent will be free; a call starts with the one who is free first, unless the
guest's patience ends before that. An engine fed the same draws must come to the same waits to the last digit, for any
law of talk, patience and arrivals. Starts and ends are added up as an event loop adds them (start + work), so that even
the rounding is the same.
"""

from heapq import heapreplace

import numpy as np
from numpy.typing import NDArray

_F8 = NDArray[np.float64]


def waits_of(at: _F8, busy: _F8, patience: _F8, agents: int) -> tuple[_F8, NDArray[np.bool_]]:
    """The wait of each call (until it is answered or given up) and whether it was answered.

    `at`: arrivals, sorted; `busy`: seconds an agent is taken, wrap-up included; `patience`: all of one length.
    ValueError without agents.
    """
    if agents < 1:
        raise ValueError("somebody must be there to answer")
    free = [0.0] * agents
    waits, answered = [0.0] * len(at), [True] * len(at)
    for row, (arrival, work, enough) in enumerate(zip(at.tolist(), busy.tolist(), patience.tolist(), strict=True)):
        start = max(arrival, free[0])
        if start < arrival + enough or start == arrival:
            heapreplace(free, start + work)
            waits[row] = start - arrival
        else:
            waits[row] = (arrival + enough) - arrival
            answered[row] = False
    return np.array(waits), np.array(answered, dtype=np.bool_)
