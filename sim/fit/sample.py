"""A log of a simulated season, as a hotel's telephone and message systems would have written it.

Its parameters are known, so fitting it shows what a fit is worth. Every leg that the engine ended has a row; turns and
bookings are what was drawn with the contact. When an agent found a silent guest gone is not in the engine's books, so
that wait is empty. Rooms never run out here: selling against stock is no business of a log.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import numpy as np

from scenarios.demand import DayDraw, draw_day
from scenarios.demand_plan import DAY_S
from scenarios.schema.season_words import CHANNELS, INTENTS
from sim.engine import SeasonEngine
from sim.fit.log import NOTHING, Log, LogBuilder, LogRow, Seen
from sim.plan import Leg, Legs, Outcome
from sim.season import SeasonModel

SEEN = {
    Outcome.SERVED: Seen.ANSWERED,
    Outcome.ABANDONED: Seen.GAVE_UP,
    Outcome.BALKED: Seen.GAVE_UP,
    Outcome.SILENT: Seen.SILENT,
    Outcome.CLOSED: Seen.CLOSED,
    Outcome.CALL_BACK: Seen.CLOSED,
    Outcome.EXPIRED: Seen.UNKNOWN,
    Outcome.OPEN: Seen.UNKNOWN,
}
_SALES = INTENTS.index("sales")


def sample(model: SeasonModel, seed: int, days: int, tell: Callable[[str], None] | None = None) -> Iterator[LogRow]:
    """Rows of the first `days` days, in the order in which their legs ended; `tell`: told how far it is. ValueError for
    days beyond the season."""
    if not 1 <= days <= model.days:
        raise ValueError(f"the season has {model.days} days")
    engine = SeasonEngine(model.plan_of(seed, 0), model.guests)
    draws: list[DayDraw] = []
    for day in range(days):
        if tell is not None:
            tell(f"{day + 1}/{days}")
        draw = draw_day(model.demand, seed, 0, day)
        draws.append(draw)
        legs = engine.day(model.contacts(draw), (day + 1) * DAY_S)
        yield from _rows(model, draws, legs)
    yield from _rows(model, draws, engine.finish())


def sampled_log(model: SeasonModel, seed: int, days: int) -> Log:
    """The same as columns."""
    builder = LogBuilder()
    for row in sample(model, seed, days):
        builder.add(row)
    return builder.log()


def _rows(model: SeasonModel, draws: list[DayDraw], legs: Legs) -> Iterator[LogRow]:
    starts = np.cumsum([0, *map(len, draws)])
    midnight = datetime.combine(model.loaded.first, time())
    for k in range(len(legs.contact)):
        contact = int(legs.contact[k])
        day = int(np.searchsorted(starts, contact, side="right")) - 1
        yield _row(model, draws[day], contact - int(starts[day]), legs, k, midnight)


def _row(model: SeasonModel, draw: DayDraw, row: int, legs: Legs, k: int, midnight: datetime) -> LogRow:
    leg, outcome = Leg(int(legs.leg[k])), Outcome(int(legs.outcome[k]))
    queue = model.plan.queues[int(legs.queue[k])]
    channel = CHANNELS.index(model.channels[queue.channel])
    intent, is_cut = int(draw.intent[row]), bool(legs.is_handed_over[k])
    is_answered, wait = outcome is Outcome.SERVED, float(legs.wait[k])
    talk, wrap = _talk(model, draw, row, leg, channel) if is_answered else (float("nan"), float("nan"))
    sold = _bought(model, draw, row, channel, wait) if is_answered and intent == _SALES and not is_cut else NOTHING
    return LogRow(
        at=midnight + timedelta(seconds=float(legs.at[k])),
        channel=channel,
        language=int(draw.language[row]),
        intent=intent,
        is_sales=int(intent == _SALES),
        leg=Leg.FIRST if leg is Leg.REDIAL else leg,
        outcome=SEEN[outcome],
        wait=float("nan") if outcome is Outcome.SILENT else wait,
        talk=float("nan") if is_cut else talk,
        wrap=float("nan") if is_cut else wrap,
        is_cut=int(is_cut),
        turns=int(draw.turns[row]),
        unsolved=int(draw.unsolved_turns[row] >= 2),  # noqa: PLR2004 - two turns, as the rule has it
        bought=sold,
        lead_days=int(draw.sales.lead_days[row]) if sold == 1 else NOTHING,
        nights=int(draw.sales.nights[row]) if sold == 1 else 0,
        caller=f"guest-{int(legs.contact[k])}",
    )


def _talk(model: SeasonModel, draw: DayDraw, row: int, leg: Leg, channel: int) -> tuple[float, float]:
    """An agent's time and wrap-up, as the engine was given them."""
    if leg is not Leg.HANDOFF:
        return float(draw.work[row]), float(draw.wrap[row])
    tables = model.demand.guests
    kind = model.channels.index(CHANNELS[channel]) * len(INTENTS) + int(draw.intent[row])
    talk = np.exp(tables.work_mu[kind] + tables.work_sigma[kind] * draw.handoff_z[row])
    return float(talk), float(tables.wrap_s[kind] * draw.handoff_wrap_e[row])


def _bought(model: SeasonModel, draw: DayDraw, row: int, channel: int, wait: float) -> int:
    selling = model.loaded.scenario.selling
    name = CHANNELS[channel]
    half_life = selling.slow_reply_half_life_s.get(name, float("inf"))
    return int(draw.sales.convert_u[row] < selling.conversion[name] * 2 ** (-wait / half_life))
