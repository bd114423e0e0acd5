"""Some days of a season: over all of them they are the season's own figures, and days sum to the whole."""

from functools import cache

import pytest

from scenarios.scenario_loader import load_scenario
from sim.figures import figures
from sim.period import CHANNEL, DAY, WHOLE, Days, Figures, simulate_days
from sim.runner import Job, simulate
from sim.sensitivity import job_of

CHANNELS = ("phone", "whatsapp", "web_chat", "instagram", "email", "ota")
SHARED = (
    "service_level", "asa_s", "abandonment_rate", "handoff_rate", "resolution_s", "call_to_reservation_rate", "revenue",
    "basket_total", "basket_adr",
)  # fmt: skip


@cache
def job() -> Job:
    return job_of(load_scenario("antalya-high-season", ["season.last=2027-06-04", "demand.factor=0.3"]))


@cache
def over(first: int, last: int) -> Figures:
    return simulate_days(job(), 1, Days(first, last))


@cache
def season() -> dict[str, float | None]:
    return figures(simulate(job(), 1))


@pytest.mark.parametrize("slug", SHARED)
def test_over_the_whole_season_they_are_the_seasons_figures(slug: str) -> None:
    assert over(0, 3)[slug, WHOLE, WHOLE] == pytest.approx(season()[slug], rel=1e-12)


@pytest.mark.parametrize("slug", ["frt_s", "resolution_s"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_so_are_the_times_of_each_channel(slug: str, channel: str) -> None:
    assert over(0, 3)[slug, CHANNEL, channel] == season()[f"{slug}.{channel}"]


@pytest.mark.parametrize("slug", ["contact_volume", "call_volume_in", "revenue"])
def test_the_first_days_and_the_others_sum_to_the_whole(slug: str) -> None:
    parts = [over(0, 1)[slug, WHOLE, WHOLE], over(2, 3)[slug, WHOLE, WHOLE]]
    assert sum(part or 0.0 for part in parts) == pytest.approx(over(0, 3)[slug, WHOLE, WHOLE])
    days = [over(0, 3)[slug, DAY, str(day)] for day in range(4)]
    assert sum(day or 0.0 for day in days) == pytest.approx(over(0, 3)[slug, WHOLE, WHOLE])


def test_channels_sum_to_the_whole() -> None:
    by_channel = [over(1, 2)["contact_volume", CHANNEL, channel] or 0.0 for channel in CHANNELS]
    assert sum(by_channel) == over(1, 2)["contact_volume", WHOLE, WHOLE]
    assert season()["contacts"] == over(0, 3)["contact_volume", WHOLE, WHOLE]


def test_a_season_that_ends_sooner_after_them_changes_nothing() -> None:
    """The first day is played with four days more, here the whole season; the figures of its calls are the day's."""
    assert over(0, 0)["call_volume_in", WHOLE, WHOLE] == over(0, 3)["call_volume_in", DAY, "0"]
    assert over(0, 0)["service_level", WHOLE, WHOLE] == over(0, 3)["service_level", DAY, "0"]


def test_sales_by_channel_are_not_known() -> None:
    assert ("revenue", CHANNEL, "phone") not in over(0, 3)
