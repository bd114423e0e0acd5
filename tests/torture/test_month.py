"""A month in minutes: 20,000 callers, a fault profile a day, and every promise held at the end.

The run takes several minutes of one core. The seed is fixed; another one is tried with
`santral rehearsal run --seed N`.
"""

from datetime import date

import pytest

from cli.rehearsal.plan import Plan
from cli.rehearsal.play import play

pytestmark = pytest.mark.torture


def test_a_month_of_twenty_thousand_callers_with_faults_keeps_every_promise() -> None:
    played = play(Plan(days=30, bookings=20_000, seed=1, start=date(2027, 12, 10)))
    assert [(check.name, check.findings[:5]) for check in played.checks if not check.holds] == []
    assert played.body["booked"] > 10_000


@pytest.mark.parametrize("faults", ["bad-day", "outage", "moving-hotel", "throttled"])
@pytest.mark.parametrize("seed", [11, 12])
def test_three_days_of_one_kind_of_fault_keep_every_promise(faults: str, seed: int) -> None:
    played = play(Plan(days=3, bookings=600, seed=seed, faults=faults, start=date(2027, 6, 29)))
    assert [(check.name, check.findings[:5]) for check in played.checks if not check.holds] == []
