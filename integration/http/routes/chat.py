"""Where the hotel's own web server fetches the chat: signed like a delivery, not by a user's token."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from integration.http.direct import DirectRoute
from integration.http.edge_errors import BodyTooLarge
from integration.http.service import service_of
from integration.http.visit import MAX_BODY, reply
from integration.ports.channels import Delivery, Unbelieved
from integration.usecases.pull_chat import pull_chat
from integration.usecases.take_delivery import hook_of

router = APIRouter(route_class=DirectRoute)
_UNBELIEVED, _UNKNOWN = 401, 404


async def messages(request: Request) -> Response:
    """Prove who asks, then tell."""
    service = service_of(request.scope)
    name = request.path_params["name"]
    try:
        hook = hook_of(service.desk, name)
    except NotFound:
        return Response(status_code=_UNKNOWN)
    body = await request.body()
    if len(body) > MAX_BODY:
        raise BodyTooLarge(most=MAX_BODY)
    headers = dict(request.headers.items())
    delivery = Delivery(body, headers, str(request.url), service.desk.clock.now(), request.method)
    found = await pull_chat(service.desk, hook, delivery)
    if isinstance(found, Unbelieved):
        service.metrics.hook(name, f"refused_{found.fault.value}")
        return Response(status_code=_UNBELIEVED)
    return reply(found)


router.add_api_route("/chat/{name}/messages", messages, methods=["POST"], name="chat", include_in_schema=False)
