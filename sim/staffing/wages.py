"""What a season's planned team costs the hotel, in the currency it sells in.

Everybody planned is paid, whether he comes or not: absence is in `employer_cost`, as holidays and insurance are. An
hour costs the desk's wage with the premium of the language, a night hour the night's premium more, times what an hour
costs the employer. `[exchange]` turns wages into the currency of prices, so that one agent more stands beside what he
sells.
"""

from collections.abc import Sequence
from datetime import timedelta

from scenarios.schema.season import Scenario
from scenarios.schema.season_words import WEEK
from sim.staffing.shifts import HOUR, night_minutes
from sim.team import Group, Post, groups


def season_wages(scenario: Scenario, of: Sequence[Group] | None = None) -> float | None:
    """The season's wages in `selling.price.currency`. `of`: the team, else the scenario's own. None when `[exchange]`
    does not say what that currency is worth."""
    rate = _rate(scenario)
    if rate is None:
        return None
    first, days = scenario.season.first, scenario.season.days
    often = [0] * WEEK
    for day in range(days):
        often[(first + timedelta(days=day)).weekday()] += 1
    total = sum(
        _shift_cost(scenario, group, post) * sum(n for n, works in zip(often, post.days, strict=True) if works)
        for group in (groups(scenario) if of is None else of)
        for post in group.posts
    )
    return total / rate


def _rate(scenario: Scenario) -> float | None:
    """What one unit of the currency of prices is worth in that of wages."""
    sold_in = scenario.selling.price.currency
    return 1.0 if sold_in == scenario.staff.currency else scenario.exchange.get(sold_in)


def _shift_cost(scenario: Scenario, group: Group, post: Post) -> float:
    """One person's day in the currency of wages."""
    staff, shift = scenario.staff, scenario.shifts[post.shift]
    hourly = float(scenario.team[group.desk].wage_per_hour) * (1 + staff.language_premium.get(group.language, 0.0))
    night = night_minutes(shift, scenario.labour) * shift.work_minutes / shift.length_minutes
    return (shift.work_minutes + night * staff.night_premium) / HOUR * hourly * staff.employer_cost
