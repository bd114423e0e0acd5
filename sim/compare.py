"""A against B on the same seasons: the difference with an interval, and whether it is more than chance.

Both run the same replications of the same seed, so every guest who comes in A comes in B with the same words, patience
and wishes (common random numbers). What is reported is the interval of the paired difference, not two intervals side by
side: most of what varies from season to season cancels out.
"""

from dataclasses import dataclass
from statistics import fmean, variance

from domain.kpi_list import Unit
from sim.figures import LEAST, half_width, unit_of
from sim.runner import Run


@dataclass(frozen=True, slots=True)
class Difference:
    """B minus A in one metric over n paired replications. `is_real`: the 95 % interval does not hold 0; `noise_ratio`:
    variance of the difference of independent runs by that of the paired one (how much pairing gained)."""

    metric: str
    unit: Unit
    a: float | None
    b: float | None
    value: float | None
    low: float | None
    high: float | None
    n: int
    noise_ratio: float | None

    @property
    def is_real(self) -> bool:
        """Whether the difference is more than chance."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def compare(a: Run, b: Run) -> tuple[Difference, ...]:
    """The differences in every metric both have. ValueError when the two are not runs of the same seed and number."""
    if a.job.seed != b.job.seed or len(a.figures) != len(b.figures):
        raise ValueError("two runs can be compared when they are the same replications of the same seed")
    return tuple(_difference(metric, a, b) for metric in a.figures[0] if metric in b.figures[0])


def _difference(metric: str, a: Run, b: Run) -> Difference:
    pairs = [
        (one[metric], other[metric])
        for one, other in zip(a.figures, b.figures, strict=True)
        if one[metric] is not None and other[metric] is not None
    ]
    ours = [one for one, _ in pairs if one is not None]
    theirs = [other for _, other in pairs if other is not None]
    if not ours:
        return Difference(metric, unit_of(metric), None, None, None, None, None, 0, None)
    steps = [other - one for one, other in zip(ours, theirs, strict=True)]
    mean, half = fmean(steps), half_width(steps)
    low, high = (None, None) if half is None else (mean - half, mean + half)
    ratio = _noise_ratio(ours, theirs, steps) if len(steps) >= LEAST else None
    return Difference(metric, unit_of(metric), fmean(ours), fmean(theirs), mean, low, high, len(steps), ratio)


def _noise_ratio(ours: list[float], theirs: list[float], steps: list[float]) -> float | None:
    paired = variance(steps)
    return (variance(ours) + variance(theirs)) / paired if paired > 0 else None
