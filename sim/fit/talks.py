"""Conversations: how many turns they take, and how often two turns have not solved them.

Whoever is not solved after two turns is handed over by rule, so his turns are cut short: the mean of a geometric number
of turns is taken from the others.
"""

import numpy as np

from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS, INTENTS
from sim.fit.fitted import Z95, Fitted, Of, share, too_few
from sim.fit.log import Log, Seen
from sim.plan import Leg

LEAST_TURNS = 30
LEAST_UNSOLVED = 50
MOST_TURNS = 50.0


def fit_talks(log: Log, base: Scenario) -> list[Fitted]:
    """Turns and unsolved shares of every channel whose rows tell them."""
    rows: list[Fitted] = []
    ended = (log.outcome == Seen.ANSWERED) & np.isin(log.leg, (Leg.FIRST, Leg.REDIAL))
    for place, channel in enumerate(CHANNELS):
        given = base.work.get(channel)
        if given is None or given.kind == "call":
            continue
        here = ended & (log.channel == place)
        turns = log.turns[here & (log.turns > 0) & (log.unsolved != 1)]
        if given.turns_mean > 1 and len(turns):
            rows.append(_turns(f"work.{channel}.turns_mean", turns.astype(np.float64)))
        known = here & (log.unsolved >= 0)
        for intent, name in enumerate(INTENTS):
            mine = log.unsolved[known & (log.intent == intent)]
            if len(mine) and (mine.any() or name in given.unsolved_after_two_turns):
                path = f"work.{channel}.unsolved_after_two_turns.{name}"
                rows.append(share(path, int(mine.sum()), len(mine), Of.ANSWERED, LEAST_UNSOLVED))
    return rows


def _turns(path: str, turns: np.typing.NDArray[np.float64]) -> Fitted:
    n = len(turns)
    if n < LEAST_TURNS:
        return too_few(path, n, Of.ANSWERED, LEAST_TURNS)
    mean = float(turns.mean())
    half = Z95 * float(turns.std(ddof=1)) / n**0.5
    return Fitted(path, n, Of.ANSWERED, value=mean, low=max(1.0, mean - half), high=min(mean + half, MOST_TURNS))
