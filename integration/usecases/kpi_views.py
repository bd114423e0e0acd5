"""A KPI report as JSON, in the words of the contract."""

from decimal import Decimal

from domain.kpi_plan import Planned, difference, is_outside
from domain.kpi_row import KpiRow
from integration.usecases.answers import Body
from integration.usecases.kpi_explain import Explained
from integration.usecases.kpi_pms import Differing
from integration.usecases.kpi_shapes import Rates, Report
from integration.usecases.views import instant


def row_body(row: KpiRow) -> Body:
    """A line as JSON; money as a decimal string, with its currency."""
    found = row.percentiles
    return {
        "kpi": row.kpi,
        "value": rounded(row.value),
        "unit": row.unit.value,
        "low": rounded(row.low),
        "high": rounded(row.high),
        **{f"p{percent}": found.get(percent) for percent in (50, 75, 90, 95)},
        "n": row.n,
        "open_n": row.open_n,
        "target": row.target,
        "target_low": row.target_low,
        "in_target": rounded(row.in_target),
        "status": row.status.value,
        "by": dict(row.by),
        "currency": row.currency,
        "wall_p75": row.wall.get(75),
    }


def rounded(value: float | Decimal | None) -> float | str | None:
    """Shares and means to six places; money to two, as text."""
    if value is None:
        return None
    return str(round(value, 2)) if isinstance(value, Decimal) else round(value, 6)


def report_body(found: Report) -> Body:
    """A report as JSON."""
    pms = found.pms
    return {
        "period": {"from": found.period.first.isoformat(), "to": found.period.last.isoformat()},
        "hotels": list(found.hotel_ids),
        "made_at": instant(found.made_at),
        "uncounted": found.uncounted,
        "rates": None if found.rates is None else _rates_body(found.rates),
        "pms": {
            "asked": pms.asked,
            "reservations": pms.stays,
            "vouched": pms.vouched,
            "seen_at": instant(pms.seen_at),
            "silent": list(pms.silent),
            "differing": [_differing_body(one) for one in pms.differing],
        },
        "plan": None if found.plan is None else _plan_body(found.plan),
        "rows": [{**row_body(row), **beside_body(row)} for row in found.rows],
    }


def beside_body(row: KpiRow) -> Body:
    """What was planned for a line, as JSON; None where a plan does not know it, or there is none."""
    plan = row.plan
    return {
        "plan": rounded(plan.value) if plan else None,
        "plan_low": rounded(plan.low) if plan else None,
        "plan_high": rounded(plan.high) if plan else None,
        "difference": rounded(difference(row)),
        "outside": is_outside(row),
    }


def _plan_body(plan: Planned) -> Body:
    return {
        "scenario": plan.scenario,
        "seed": plan.seed,
        "replications": plan.replications,
        "confidence": plan.confidence,
        "currency": plan.currency,
        "first": plan.first.isoformat(),
        "last": plan.last.isoformat(),
        "hotels": list(plan.hotels),
    }


def _rates_body(rates: Rates) -> Body:
    rows = {name: str(one) for name, one in sorted(rates.one_is.items())}
    return {"into": rates.into, "day": rates.day.isoformat(), "one_is": rows}


def _differing_body(one: Differing) -> Body:
    return {
        "reservation_id": one.reservation_id,
        "hotel_id": one.hotel_id,
        "pms_ref": one.pms_ref,
        "fields": list(one.fields),
        "here": dict(one.here),
        "there": dict(one.there),
    }


def explained_body(found: Explained) -> Body:
    """The rows behind a number as JSON."""
    return {"kpi": found.kpi, "kind": found.kind, "rows": found.rows, "next": found.next}
