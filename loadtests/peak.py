"""How much the season itself asks for, to say how many times over a run was.

The real peak is the busiest half hour that is expected of the whole season, told as contacts an hour. A run's own load
is the contacts that arrived in a real hour: a season hour played in a minute is sixty times the season, whatever stands
in the scenario.
"""

from scenarios.demand_builder import demand_plan
from scenarios.demand_plan import HALF_HOUR_S
from scenarios.scenario_loader import LoadedScenario

HOUR_S = 3600.0


def real_peak(loaded: LoadedScenario) -> float:
    """Contacts an hour expected in the season's busiest half hour."""
    rates = demand_plan(loaded).rates.sum(axis=(2, 3))
    return float(rates.max()) * HOUR_S / HALF_HOUR_S
