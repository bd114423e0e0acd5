"""KPIs: reports, the rows behind a number, the board."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.describe import operation
from integration.http.kpi_queries import BoardQuery, ExplainQuery, KpiQuery
from integration.http.shapes.kpis import KpiBoard, KpiExplained, KpiReport
from integration.http.visit import enter, reply
from integration.usecases.kpi_board import board
from integration.usecases.kpi_planned import planned_report
from integration.usecases.kpi_report import explain, explained_body, report, report_body

router = APIRouter()
PLACE = "/v1/kpis"


@router.get(PLACE, **operation("reportKpis", "Report the KPIs", KpiReport))
async def reported(request: Request, query: Annotated[KpiQuery, Query()]) -> Response:
    """All KPIs of a period, whole and in parts; an operator sees no other agent's line. Beside a plan for supervisors:
    503 while its season is simulated, the same question again finds it."""
    visit = await enter(request)
    wish = query.wish(visit.desk)
    if query.plan is not None:
        return reply(report_body(await planned_report(visit.desk, visit.actor, wish, query.plan)))
    return reply(report_body(await report(visit.desk, visit.actor, wish)))


@router.get(f"{PLACE}/board", **operation("showKpiBoard", "Show the board", KpiBoard))
async def shown(request: Request, query: Annotated[BoardQuery, Query()]) -> Response:
    """Lost reasons, missed leads right now, revenue at risk by deadline."""
    visit = await enter(request)
    return reply(await board(visit.desk, visit.actor, query.hotel, query.days))


@router.get(f"{PLACE}/{{slug}}/explain", **operation("explainKpi", "Show what a KPI counts", KpiExplained))
async def explained(request: Request, slug: str, query: Annotated[ExplainQuery, Query()]) -> Response:
    """The records behind a number, each with what it adds; give `next` as `after`."""
    visit = await enter(request)
    wish = query.wish(visit.desk)
    found = await explain(visit.desk, visit.actor, slug, wish, query.limit, query.after, query.where())
    return reply(explained_body(found))
