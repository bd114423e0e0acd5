"""For those who watch and those who write clients: alive, ready, figures, the API document. No token needed."""

import msgspec
from fastapi import APIRouter, Request, Response

from integration.http.describe import document, operation
from integration.http.metrics import CONTENT_TYPE
from integration.http.service import service_of
from integration.http.shapes.office import Health, Ready
from integration.http.visit import reply
from integration.usecases.list_cases import clock_row

router = APIRouter()
_NOT_READY = 503


@router.get("/healthz", **operation("alive", "Is the process alive?", Health, is_public=True))
async def alive() -> Response:
    """It is, or there would be no answer."""
    return reply({"status": "ok"})


@router.get(
    "/readyz",
    **operation("ready", "Can it sell?", Ready, is_public=True, also={_NOT_READY: "Not now; `checks` say why."}),
)
async def ready(request: Request) -> Response:
    """The store can be written and the PMS can be read; 503 says which cannot. At most a few seconds old."""
    checks = await service_of(request.scope).readiness.checks()
    good = not any(one.error for one in checks)
    body = {"status": "ready" if good else "not_ready", "checks": [one.body() for one in checks]}
    return reply(body, 200 if good else _NOT_READY)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Prometheus' text format."""
    service = service_of(request.scope)
    for hotel_id in service.desk.hotels:
        service.metrics.pms_line(hotel_id, is_down=service.desk.line.down_since(hotel_id) is not None)
    now = service.desk.clock.now()
    counts, cases = await service.desk.store.read(lambda tx: (tx.counts(), tx.count_open_cases(now)))
    service.metrics.queue(clock_row(one, now) for one in cases)
    return Response(service.metrics.text(counts), media_type=CONTENT_TYPE)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The API document, made once."""
    app = request.app
    if not hasattr(app.state, "document"):
        app.state.document = msgspec.json.encode(document(app))
    return Response(app.state.document, media_type="application/json")
