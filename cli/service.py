"""The integration service of one process: a desk for many callers, its HTTP application, and the workers beside it."""

from collections.abc import Callable
from typing import Any

from cli.wiring import open_desk
from integration.adapters.logs import configure_logs
from integration.errors import PmsError
from integration.settings import Settings
from integration.usecases.desk import Desk


def service_app(settings: Settings) -> Any:  # noqa: ANN401 - an ASGI application
    """Make the application. NotFound without a home; ConfigurationError or StoreUnavailable when it cannot be used."""
    import structlog

    from integration.http.app import create_app
    from integration.http.metrics import Metrics
    from integration.workers.line_watch import LineWatch
    from integration.workers.resolver import Resolver
    from integration.workers.sweep import Sweep
    from integration.workers.watch import Watch

    configure_logs()
    metrics = Metrics()
    ends: list[Callable[[], None]] = []
    desk = open_desk(
        settings, at_end=ends.append, log=structlog.get_logger("santral.pms"), on_call=metrics.pms_call, inline=False
    )

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
        ],
        on_close=[desk.pms.close, desk.store.close, end],
        metrics=metrics,
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
