"""What the contacts of a day would buy, if they are sales: drawn for all, so that no sale moves another's numbers."""

import numpy as np

from scenarios.demand_columns import SalesDraw
from scenarios.demand_plan import DemandPlan
from scenarios.demand_tables import F8, I8
from scenarios.streams import DayStreams, Purpose


def draw_sales(plan: DemandPlan, numbers: DayStreams, day: int, count: int) -> SalesDraw:
    """The columns of `count` contacts of a day."""
    tables = plan.sales
    lead_days = tables.lead_days.take(numbers.rows(Purpose.LEAD_TIME, count))
    price = numbers.of(Purpose.PRICE).standard_normal(count)
    price *= tables.price_sigma
    price -= tables.price_sigma**2 / 2
    return SalesDraw(
        convert_u=numbers.u(Purpose.CONVERT, count),
        lead_days=lead_days,
        nights=tables.nights.take(numbers.rows(Purpose.NIGHTS, count)),
        adults=tables.adults.take(numbers.rows(Purpose.ADULTS, count)),
        has_children=numbers.u(Purpose.CHILDREN, count) < tables.with_children.take(day + lead_days),
        price_factor=np.exp(price, out=price),
        stage_u=numbers.u(Purpose.STAGE, count),
        lapse_u=numbers.u(Purpose.LAPSE, count),
        confirm_delay_e=numbers.e(Purpose.CONFIRM_DELAY, count),
        cancel_u=numbers.u(Purpose.CANCEL, count),
        cancel_elapsed=tables.cancel_elapsed.take(numbers.rows(Purpose.CANCEL_WHEN, count)),
        no_show_u=numbers.u(Purpose.NO_SHOW, count),
        alternative_u=numbers.u(Purpose.ALTERNATIVE, count * 3).reshape(count, 3),
        follow_up_u=numbers.u(Purpose.FOLLOW_UP, count * 2).reshape(count, 2),
        follow_up_days=_at_least_a_day(tables.follow_up_after_days, numbers.e(Purpose.FOLLOW_UP_GAP, count)),
        follow_up_work_e=numbers.e(Purpose.FOLLOW_UP_WORK, count),
    )


def _at_least_a_day(mean_days: float, unit: F8) -> I8:
    """Geometric: 1, 2, 3... days with this mean."""
    if mean_days <= 1:
        return np.ones(len(unit), dtype=np.int64)
    days: I8 = (unit * (-1 / np.log1p(-1 / mean_days))).astype(np.int64) + 1
    return days
