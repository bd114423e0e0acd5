"""A process of its own that simulates some days of a season for the service: `python -m cli.plan_days PLAN DAY DAY N`.

The service's processes must answer calls meanwhile, so this one gives way to them. It writes one JSON document, and
ends when it is told to.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import date

from cli.kpi_planned import planned_body, planned_of
from domain.kpi_row import Period
from scenarios.scenario_loader import load_scenario

GIVE_WAY = 10


def main(words: Sequence[str]) -> None:
    """Simulate and write."""
    plan, first, last, replications = words
    os.nice(GIVE_WAY)
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    sys.stdout.write(json.dumps(planned_body(planned_of(load_scenario(plan), period, int(replications)))))


if __name__ == "__main__":
    main(sys.argv[1:])
