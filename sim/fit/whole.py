"""Everything a log tells, part by part; what it cannot tell has no row, or a row that says what is wanting."""

from dataclasses import dataclass

from scenarios.schema.season import Scenario
from sim.fit.again import fit_redial, tries_of
from sim.fit.demand import fit_demand
from sim.fit.fitted import FitStatus, Fitted
from sim.fit.log import Log
from sim.fit.patience import PatienceView, fit_patience
from sim.fit.sales import fit_sales
from sim.fit.talks import fit_talks
from sim.fit.work import fit_work


@dataclass(frozen=True, slots=True)
class Told:
    """What a log has told: values with intervals, and patience for people."""

    rows: tuple[Fitted, ...]
    patience: tuple[PatienceView, ...]

    @property
    def fitted(self) -> tuple[Fitted, ...]:
        """Only what was fitted."""
        return tuple(one for one in self.rows if one.status is FitStatus.FITTED)


def fit(log: Log, base: Scenario, rooms: int | None = None) -> Told:
    """Fit all parts. `base`: the scenario that keeps what the log does not tell; `rooms`: of the hotels logged."""
    tries = tries_of(log)
    patience, views = fit_patience(log, tries.before, base)
    rows = [
        *fit_demand(log, tries.is_first(log), base, rooms),
        *fit_work(log, base),
        *fit_talks(log, base),
        *patience,
        *fit_redial(log, tries, base),
        *fit_sales(log, base),
    ]
    return Told(tuple(rows), tuple(views))
