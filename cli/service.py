"""The integration service of one process: a desk for many callers, its HTTP application, and the workers beside it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cli.wiring import open_desk
from integration.adapters.logs import configure_logs
from integration.errors import ConfigurationError, PmsError
from integration.settings import Settings
from integration.usecases.desk import Desk


def service_app(settings: Settings) -> Any:  # noqa: ANN401 - an ASGI application
    """Make the application. NotFound without a home; ConfigurationError or StoreUnavailable when it cannot be used."""
    import structlog

    from cli.service_plans import ServicePlans
    from integration.http.app import create_app
    from integration.http.metrics import Metrics
    from integration.workers.clocks import ClockWatch
    from integration.workers.intake import Intake
    from integration.workers.kpi_counts import KpiCounts
    from integration.workers.line_watch import LineWatch
    from integration.workers.outbox import Outbox
    from integration.workers.pulls import Pulls
    from integration.workers.reports import Reports
    from integration.workers.resolver import Resolver
    from integration.workers.sweep import Sweep
    from integration.workers.watch import Watch

    configure_logs()
    metrics = Metrics()
    ends: list[Callable[[], None]] = []
    desk = open_desk(
        settings, at_end=ends.append, log=structlog.get_logger("santral.pms"), on_call=metrics.pms_call, inline=False
    )
    plans = ServicePlans(settings.home / "scenarios")
    desk = replace(desk, plans=plans)
    check_hooks(desk)
    desk.carriers.check()
    intake = Intake(desk, structlog.get_logger("santral.intake"))
    pull_log = structlog.get_logger("santral.pulls")
    pulls = [Pulls(desk, pull_log, one, wake=intake.wake, count=metrics.hook) for one in desk.pulls.values()]

    async def end() -> None:
        for close in ends:
            close()

    return create_app(
        desk,
        workers=[
            Sweep(desk, structlog.get_logger("santral.sweep")),
            Resolver(desk, structlog.get_logger("santral.resolver")),
            LineWatch(desk, structlog.get_logger("santral.line_watch")),
            Watch(desk, structlog.get_logger("santral.watch")),
            intake,
            ClockWatch(desk, structlog.get_logger("santral.clocks")),
            *pulls,
            Outbox(desk, structlog.get_logger("santral.outbox")),
            Reports(desk, structlog.get_logger("santral.reports")),
            KpiCounts(desk, structlog.get_logger("santral.kpi")),
        ],
        on_close=[plans.close, desk.pms.close, desk.carriers.close, desk.store.close, end],
        metrics=metrics,
        wake=intake.wake,
    )


def check_hooks(desk: Desk) -> None:
    """ConfigurationError when a hook cannot be used, or is of a hotel that is not this home's."""
    for hook in (*desk.hooks.values(), *(pull.hook for pull in desk.pulls.values())):
        for hotel_id in (hook.hotel_id, *hook.accounts.values()):
            if hotel_id not in desk.hotels:
                raise ConfigurationError(
                    "Hook {hook} is of {hotel}, which is no hotel here.", hook=hook.name, hotel=hotel_id
                )


async def check_mappings(desk: Desk) -> list[str]:
    """Hold every hotel file against its PMS: ConfigurationError if one does not fit. Gives those not answered for."""
    from integration.adapters.ohip.check import check_mapping

    unread = []
    for hotel in desk.hotels.values():
        try:
            await check_mapping(desk.pms, hotel, hotel.today(desk.clock.now()))
        except PmsError:
            unread.append(hotel.hotel_id)
    return unread
