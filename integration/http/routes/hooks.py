"""Hooks: where providers deliver. `/hooks/{name}`, with a secret last part for providers that sign nothing.

No token of ours is asked for: the wire proves where a delivery comes from, on its raw bytes. A delivery is stored and
answered at once; what it says is done by the intake. 401: not proven (why is counted, and not told to whoever asks);
404: no such hook; 413: more than five megabytes; 503: the store is down, and the provider sends again.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.datastructures import Headers

from domain.errors import NotFound
from integration.errors import StoreUnavailable
from integration.http.direct import DirectRoute
from integration.http.service import Service, service_of
from integration.ports.channels import Delivery, Greeting, Unbelieved
from integration.ports.hooks import Hook
from integration.usecases.take_delivery import hook_of, take_delivery

router = APIRouter(route_class=DirectRoute)
MOST = 5 * 1024 * 1024
_REFUSED, _UNKNOWN, _LARGE, _DOWN = 401, 404, 413, 503


async def hook(request: Request) -> Response:
    """Prove it, store it, answer."""
    service = service_of(request.scope)
    name = request.path_params["name"]
    try:
        endpoint = hook_of(service.desk, name)
    except NotFound:
        return Response(status_code=_UNKNOWN)
    body = await _body(request)
    if body is None:
        service.metrics.hook(name, "too_large")
        return Response(status_code=_LARGE)
    try:
        found = await take_delivery(service.desk, endpoint, _delivery(service, endpoint, request, body))
    except StoreUnavailable as error:
        service.metrics.hook(name, "store_down")
        service.log.warning("delivery_not_stored", hook=name, code=error.code)
        return Response(status_code=_DOWN, headers={"Retry-After": "2"})
    if isinstance(found, Unbelieved):
        service.metrics.hook(name, f"refused_{found.fault.value}")
        return Response(status_code=_REFUSED)
    if isinstance(found, Greeting):
        service.metrics.hook(name, "greeted")
        return Response(found.body, media_type=found.content_type)
    service.metrics.hook(name, "stored")
    if found.delivery_id:
        service.wake(found.delivery_id)
    return Response(found.answer, media_type="text/plain")


for _path, _name in (("/hooks/{name}", "hook"), ("/hooks/{name}/{token}", "hook_with_token")):
    router.add_api_route(_path, hook, methods=["GET", "POST"], name=_name, include_in_schema=False)


async def _body(request: Request) -> bytes | None:
    """The raw bytes; None when they are too many, whatever the sender says of their number."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > MOST:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST:
            return None
        parts.append(part)
    return b"".join(parts)


def _delivery(service: Service, endpoint: Hook, request: Request, body: bytes) -> Delivery:
    scope = request.scope
    headers = _headers(request.headers)
    public = (endpoint.public_url or f"{scope['scheme']}://{headers.get('host', '')}") + scope["path"]
    query = scope["query_string"].decode("latin-1")
    remote = request.client.host if request.client else ""
    url = f"{public}?{query}" if query else public
    return Delivery(body, headers, url, service.desk.clock.now(), scope["method"], remote)


def _headers(headers: Headers) -> Mapping[str, str]:
    """By name in lower case; of one that stands twice the last."""
    return dict(headers.items())
