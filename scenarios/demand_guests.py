"""How the contacts of a day are: work, turns, patience, second tries; what they would buy comes from `demand_sales`."""

import numpy as np

from scenarios.demand_columns import DayDraw
from scenarios.demand_plan import DemandPlan
from scenarios.demand_sales import draw_sales
from scenarios.demand_tables import F8, I8, STEPS, choose
from scenarios.streams import DayStreams, Purpose

LEAST_TRIES = 3


def draw_guests(plan: DemandPlan, numbers: DayStreams, day: int, who: tuple[F8, I8, I8, I8, I8]) -> DayDraw:
    """All columns of the contacts `who`: when, channel, language, intent, hotel."""
    at, channel, language, intent, hotel = who
    tables, count, kind = plan.guests, len(at), channel * len(plan.intents) + intent
    work, wrap = _work(plan, numbers, kind)
    turns, unsolved_turns = _turns(plan, numbers, channel, kind)
    signals = tables.signal_bits.take(choose(numbers.u(Purpose.SIGNALS, count), tables.signal_limits, kind))
    tries = max(tables.tries, LEAST_TRIES)
    redial = np.s_[:, : tables.tries]
    gaps = numbers.rows(Purpose.REDIAL_GAP, count * tries).reshape(count, tries)[redial]
    patience = numbers.e(Purpose.PATIENCE, count)
    patience *= tables.patience_s.take(kind)
    patience += tables.fixed_patience_s.take(kind)
    return DayDraw(
        day=day,
        at=at,
        channel=channel,
        language=language,
        intent=intent,
        hotel=hotel,
        work=work,
        wrap=wrap,
        first_reply=work * tables.first_reply.take(kind),
        patience=patience,
        balk_u=numbers.u(Purpose.BALK, count),
        silent=numbers.u(Purpose.SILENT, count) < tables.silent.take(kind),
        turns=turns,
        unsolved_turns=unsolved_turns,
        signals=signals,
        redial_u=numbers.u(Purpose.REDIAL, count * tries).reshape(count, tries)[redial],
        redial_gap=tables.redial_gap_s.take(gaps),
        redial_patience_e=numbers.of(Purpose.REDIAL_PATIENCE).standard_exponential((count, tries))[redial],
        handoff_z=numbers.of(Purpose.HANDOFF_WORK).standard_normal(count),
        handoff_wrap_e=numbers.e(Purpose.HANDOFF_WRAP, count),
        handoff_patience_e=numbers.e(Purpose.HANDOFF_PATIENCE, count),
        sales=draw_sales(plan, numbers, day, count),
    )


def _work(plan: DemandPlan, numbers: DayStreams, kind: I8) -> tuple[F8, F8]:
    """Work and wrap-up. A short contact is over after an exponential time and needs no wrap-up."""
    tables, count = plan.guests, len(kind)
    work = numbers.of(Purpose.WORK).standard_normal(count)
    work *= tables.work_sigma.take(kind)
    work += tables.work_mu.take(kind)
    np.exp(work, out=work)
    wrap = numbers.e(Purpose.WRAP, count)
    wrap *= tables.wrap_s.take(kind)
    share = tables.short.take(kind)
    short_u = numbers.u(Purpose.SHORT, count)
    short = np.flatnonzero(short_u < share)
    work[short] = -np.log1p(-short_u[short] / share[short]) * tables.short_s.take(kind[short])
    wrap[short] = 0.0
    return work, wrap


def _turns(plan: DemandPlan, numbers: DayStreams, channel: I8, kind: I8) -> tuple[I8, I8]:
    """Turns, and how many of them pass unsolved: all of an unsolved contact's, which has two at least; else none."""
    tables, count = plan.guests, len(kind)
    turns = tables.turns.take(channel * STEPS + numbers.rows(Purpose.TURNS, count))
    is_unsolved = numbers.u(Purpose.UNSOLVED, count) < tables.unsolved.take(kind)
    turns[is_unsolved] = np.maximum(turns[is_unsolved], 2)
    return turns, turns * is_unsolved
