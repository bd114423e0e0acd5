"""What a load test plays of a season: which stretch, how fast, how many times over, and what breaks meanwhile.

Times of the faults and of the breakdowns are season time, counted from the start of the load: like the gaps between
arrivals they shrink with `speed`. What belongs to machines is real time and does not shrink: the PMS's answer times,
how long a killed process stays away, and how long a recovery may take.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from scenarios.schema.faults_profile import Moment
from scenarios.schema.season_words import NotNegative, Part, Positive
from scenarios.schema.types import ClockTime, Many, Section


class AnswerTime(Section):
    """A lognormal answer time by its median and its 95th percentile, in milliseconds."""

    median_ms: Positive
    p95_ms: Positive


class PmsTimes(Section):
    """How long the mock PMS takes: to look up availability and restrictions, and for everything else."""

    availability: AnswerTime = AnswerTime(median_ms=60, p95_ms=120)
    other: AnswerTime = AnswerTime(median_ms=300, p95_ms=600)


class Breakdown(Section):
    """A machine that fails: at `at` after the start of the load, away for `away_s` real seconds."""

    kind: Literal["service_killed", "database_restarted", "pms_restarted"]
    at: Moment
    away_s: NotNegative = 1.0


class Spike(Section):
    """For `minutes` from `at` on, `factor` times the arrivals."""

    at: Moment
    minutes: Positive
    factor: Positive


class Think(Section):
    """Seconds of season time between a person's steps (means of exponentials): an agent reading an offer out, a guest
    thinking before the next message, an agent typing an answer, a supervisor between two looks at the board."""

    agent_s: NotNegative = 40
    guest_s: NotNegative = 60
    typing_s: NotNegative = 30
    board_s: Positive = 60


class Shares(Section):
    """What becomes of what is sold, and who works beside the agents."""

    option: Part = 0.3
    pay_link: Part = 0.2
    release: Part = 0.1
    supervisors: Annotated[int, Field(ge=0, le=50)] = 2
    admins: Annotated[int, Field(ge=0, le=5)] = 1
    double_delivery: Part = 0.02


class LoadWindow(Section):
    """The stretch of the season a load test plays: a day, from a local time on, for `minutes` of season time, `speed`
    times as fast and `peak` times over. `recovery_s`: how soon after a fault or breakdown (real seconds) latencies and
    errors must be back inside their targets."""

    day: date
    start: ClockTime
    minutes: Positive
    speed: Positive = 1.0
    peak: Positive = 1.0
    pms: PmsTimes = PmsTimes()
    think: Think = Think()
    shares: Shares = Shares()
    spikes: Many[Spike] = ()
    breakdowns: Many[Breakdown] = ()
    recovery_s: Positive = 30.0
