"""Where a report gets the season as it was planned from: a scenario, simulated outside of the service."""

from typing import TYPE_CHECKING, Protocol

from domain.errors import NotFound

if TYPE_CHECKING:
    from domain.kpi_plan import Planned
    from domain.kpi_row import Period


class SeasonPlans(Protocol):
    """Scenarios by name."""

    async def planned(self, name: str, period: "Period") -> "Planned":
        """A period of a scenario's season. NotFound for a name that is none, InvalidInput for days that are not in its
        season, NotReady while it is being simulated: the same question again finds it."""
        ...


class NoPlans:
    """There are none."""

    async def planned(self, name: str, _period: "Period") -> "Planned":
        """NotFound."""
        raise NotFound("There is no plan {plan}.", plan=name[:60], field="plan")
