"""`santral sim verify`: the engine against exact and published results, with seed and date.

Each case asks the real engine a question that has an exact answer, or one that others have simulated and published. A
figure passes when it is within `BAND` standard errors of the exact one (and, where both are counts of the same draws,
when they are equal but for rounding); beside a published figure the error is that of the difference. With some three
hundred figures and fresh seeds about one run in fifty has a figure outside by chance; the default seed has none, so
with it a failure is a change of the engine. docs/algorithms/season-verification.md keeps the table.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from sim.proofs import bilingual, days, hours_of_a_day, many_queues, one_queue, same_draws, simple_msk, steady_days
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate
from sim.proofs.feed import Chance

BAND = 4.0
SEED = 20270615
ROUNDING = 1e-9
PASS, FAIL = "pass", "fail"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the exact (or published) value, the engine's, the standard error (0: counted, not estimated), `pass`
    or `fail`."""

    case: str
    metric: str
    exact: float
    simulated: float
    se: float
    status: str


def all_cases() -> list[Case]:
    """In the order of the table."""
    parts = (one_queue, many_queues, days, same_draws, hours_of_a_day, steady_days, simple_msk, bilingual)
    return [case for part in parts for case in part.cases()]


def verify(
    seed: int = SEED, *, quick: bool = False, tell: Callable[[int, int, str], None] = lambda *_: None
) -> list[Row]:
    """All rows. `quick`: fewer cases and contacts; `tell(number, count, case)` hears which case comes next."""
    chosen = [case for case in all_cases() if case.quick or not quick]
    rows: list[Row] = []
    for number, case in enumerate(chosen, 1):
        tell(number, len(chosen), case.name)
        chance = Chance(seed, case.name, case.quick if quick else case.contacts)
        rows += judged(case.name, case.exact(chance), case.simulate(chance))
    return rows


def judged(case: str, exact: Mapping[str, float], simulated: Mapping[str, Estimate]) -> Iterator[Row]:
    """A row for every exact figure."""
    for metric, value in exact.items():
        found = simulated[metric]
        is_near = abs(found.value - value) <= BAND * found.se + ROUNDING * abs(value)
        yield Row(case, metric, value, found.value, found.se, PASS if is_near else FAIL)


def body_of(rows: list[Row], seed: int, on: str, *, quick: bool) -> dict[str, object]:
    """What is printed. `on`: the date."""
    verdict = PASS if all(row.status == PASS for row in rows) else FAIL
    return {
        "seed": seed,
        "date": on,
        "quick": quick,
        "band": BAND,
        "rows": [asdict(row) for row in rows],
        "verdict": verdict,
    }
