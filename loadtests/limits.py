"""Which percentile of which group a scenario's targets speak of."""

from collections.abc import Mapping

from loadtests.words import Group
from scenarios.schema.season import Scenario

JUDGED: dict[Group, float] = {Group.AVAILABILITY: 0.95, Group.BOOKING: 0.95, Group.WEBHOOK: 0.99}
Limits = Mapping[Group, tuple[float, float]]


def limits_for(scenario: Scenario) -> dict[Group, tuple[float, float]]:
    """Percentile and milliseconds by group."""
    load = scenario.targets.load
    most = {Group.AVAILABILITY: load.availability_p95_ms, Group.BOOKING: load.booking_p95_ms,
            Group.WEBHOOK: load.webhook_p99_ms}  # fmt: skip
    return {group: (q, most[group]) for group, q in JUDGED.items()}
