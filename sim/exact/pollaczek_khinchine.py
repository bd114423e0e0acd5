"""One agent, no abandonment, talk times of any law (M/G/1): Pollaczek and Khinchine.

The mean wait needs the mean and the second moment of talk, its second moment the third one: E[W] = rate E[S2] / (2 (1 -
load)) and E[W2] = 2 E[W]2 + rate E[S3] / (3 (1 - load)). The chance to wait is the load.
"""

from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True)
class AnyTalk:
    """`waits`: share of guests who wait; first and second moment of the wait of all, seconds and seconds squared."""

    waits: float
    mean_wait_s: float
    mean_square_wait: float


def any_talk(rate: float, moments: tuple[float, float, float]) -> AnyTalk:
    """Solve it for the first three moments of talk. ValueError when one agent cannot keep up."""
    load = rate * moments[0]
    if load >= 1:
        raise ValueError("one agent cannot keep up with this load")
    mean = rate * moments[1] / (2.0 * (1.0 - load))
    return AnyTalk(load, mean, 2.0 * mean * mean + rate * moments[2] / (3.0 * (1.0 - load)))


def lognormal_moments(mean: float, sigma: float) -> tuple[float, float, float]:
    """The first three moments of a lognormal of a mean; `sigma`: standard deviation of its logarithm."""
    spread = sigma * sigma
    return (mean, mean**2 * exp(spread), mean**3 * exp(3.0 * spread))
