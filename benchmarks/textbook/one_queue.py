"""A queue with impatient callers as SimPy's own guide writes it: a `Resource`, and a process for each call that waits
for it or for the end of the caller's patience (`req | timeout`).

Callers come with the same draws as the season engine's, so both give the same number of abandoned calls.
"""

from collections.abc import Generator

import simpy

Column = list[float]


class CallCentre:
    """`abandoned`: how many have given up so far."""

    def __init__(self, agents: int) -> None:
        self.env = simpy.Environment()
        self.agents = simpy.Resource(self.env, capacity=agents)
        self.abandoned = 0

    def call(self, talk: float, patience: float) -> Generator[simpy.Event, object, None]:
        """One caller, from the first ring to the end."""
        with self.agents.request() as request:
            yield request | self.env.timeout(patience)
            if request.triggered:
                yield self.env.timeout(talk)
            else:
                self.abandoned += 1

    def arrivals(self, at: Column, talk: Column, patience: Column) -> Generator[simpy.Event, object, None]:
        """Everybody, one after the other."""
        for when, how_long, how_patient in zip(at, talk, patience, strict=True):
            yield self.env.timeout(when - self.env.now)
            self.env.process(self.call(how_long, how_patient))


def abandoned(agents: int, at: Column, talk: Column, patience: Column) -> int:
    """How many of these callers give up. Times in seconds, `at` sorted."""
    centre = CallCentre(agents)
    centre.env.process(centre.arrivals(at, talk, patience))
    centre.env.run()
    return centre.abandoned
