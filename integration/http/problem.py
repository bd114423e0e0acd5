"""From an error to an RFC 9457 problem: ONE table says which status and title a class has.

The `type` is `urn:santral:problem:<code>`; `detail` and `hint` are said in the caller's language, `code` never
changes. A class that is not in the table answers as its nearest ancestor does, and a test sees to it that none is left
out. What was typed is never repeated from a schema violation: only where it is wrong, and how.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.responses import Response

from domain import errors as no
from domain.errors import DomainError
from integration import errors as failed
from integration.errors import ServiceError
from integration.http import edge_errors as edge
from integration.http.edge_errors import EdgeError
from integration.http.violations import violation_body
from integration.ports.surroundings import Phrases
from integration.usecases.answers import Body
from integration.usecases.marks import N_
from integration.usecases.views import instant

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:santral:problem:"
Problematic = DomainError | ServiceError | EdgeError


@dataclass(frozen=True, slots=True)
class Kind:
    """How a class is answered; `retry_after_s` where waiting helps and nothing better is known."""

    status: int
    title: str
    retry_after_s: int | None = None


KINDS: Mapping[type[Exception], Kind] = {
    no.DomainError: Kind(409, N_("Refused")),
    no.InvalidInput: Kind(422, N_("Invalid input")),
    no.Refused: Kind(409, N_("Refused")),
    no.MoveNotAllowed: Kind(409, N_("Not possible in this state")),
    no.OfferExpired: Kind(409, N_("The offer has expired")),
    no.ReservationLapsed: Kind(409, N_("The reservation has lapsed")),
    no.NotGuaranteed: Kind(409, N_("A guarantee is missing")),
    no.NoRoomLeft: Kind(409, N_("No room left")),
    no.PriceChanged: Kind(409, N_("The price has changed")),
    no.OutcomeMissing: Kind(409, N_("The outcome is missing")),
    no.CallClosed: Kind(409, N_("The call has ended")),
    no.KeyReused: Kind(422, N_("The request key belongs to another command")),
    no.ReservationBusy: Kind(409, N_("The reservation is busy"), 120),
    no.InFlight: Kind(409, N_("Being carried out"), 2),
    no.TooManyHolds: Kind(409, N_("Too many holds")),
    no.WindowClosed: Kind(409, N_("The channel takes no free text now")),
    no.ChannelNotVerified: Kind(409, N_("The address is not verified")),
    no.ConsentMissing: Kind(409, N_("The consent is missing")),
    no.CodeWrong: Kind(409, N_("The code is wrong")),
    no.CodeExpired: Kind(409, N_("The code is over")),
    no.TooManyCodes: Kind(409, N_("Too many codes")),
    no.ChangedSincePlan: Kind(409, N_("Changed since it was planned")),
    no.AlreadyUndone: Kind(409, N_("Undone already")),
    no.NotFound: Kind(404, N_("Not found")),
    no.Forbidden: Kind(403, N_("Not allowed")),
    failed.ServiceError: Kind(500, N_("Our own fault")),
    failed.PmsError: Kind(502, N_("The PMS failed")),
    failed.PmsUnavailable: Kind(503, N_("The PMS cannot be reached"), 5),
    failed.PmsRejected: Kind(409, N_("The PMS refused")),
    failed.PmsProtocolError: Kind(502, N_("The PMS cannot be understood")),
    failed.PmsOutcomeUnknown: Kind(504, N_("The outcome is not known"), 5),
    failed.OutcomeUnknown: Kind(504, N_("The outcome is not known"), 5),
    failed.OutcomePending: Kind(409, N_("The outcome is not known yet"), 120),
    failed.StoreUnavailable: Kind(503, N_("Our store cannot be used"), 2),
    failed.NotReady: Kind(503, N_("Not ready yet"), 15),
    failed.ConfigurationError: Kind(500, N_("The service is not set up rightly")),
    edge.EdgeError: Kind(400, N_("Bad request")),
    edge.Unauthenticated: Kind(401, N_("Who are you?")),
    edge.BodyMissing: Kind(400, N_("The body is missing")),
    edge.BodyMalformed: Kind(400, N_("The body is not JSON")),
    edge.BodyTooLarge: Kind(413, N_("The body is too large")),
    edge.MediaUnsupported: Kind(415, N_("Not JSON")),
    edge.SchemaViolation: Kind(422, N_("Not the shape of this path")),
    edge.KeyMissing: Kind(400, N_("The request key is missing")),
    edge.KeyMalformed: Kind(400, N_("The request key is none")),
    edge.BatchMalformed: Kind(400, N_("The batch is none")),
    edge.PathUnknown: Kind(404, N_("No such path")),
    edge.MethodNotAllowed: Kind(405, N_("The method is not allowed")),
    edge.InternalError: Kind(500, N_("Our own fault")),
}


def kind_of(cls: type[Exception]) -> Kind:
    """The class's own row, else its nearest ancestor's."""
    return next(KINDS[one] for one in cls.__mro__ if one in KINDS)


def problem(error: Problematic, phrases: Phrases, language: str, instance: str) -> Response:
    """The answer to an error. `instance`: what it happened to (the path, or the number of our own fault)."""
    kind = kind_of(type(error))
    body: Body = {
        "type": f"{TYPE}{error.code}",
        "title": phrases.say(language, kind.title),
        "status": kind.status,
        "detail": phrases.say(language, error.template, error.params),
        "code": error.code,
        "hint": phrases.say(language, error.hint) or None,
        "field": getattr(error, "field", "") or None,
        "instance": instance,
        **_more(error, phrases, language),
    }
    return Response(msgspec.json.encode(body), kind.status, _headers(error, kind, language), MEDIA_TYPE)


def _more(error: Problematic, phrases: Phrases, language: str) -> Body:
    """What only some problems tell."""
    match error:
        case edge.SchemaViolation():
            return {"errors": [violation_body(one, phrases, language) for one in error.violations]}
        case no.PriceChanged():
            amount, _, currency = str(error.params.get("new_total", "")).partition(" ")
            return {"new_total": {"amount": amount, "currency": currency}} if currency else {}
        case failed.PmsUnavailable() if error.down_since is not None:
            return {"since": instant(error.down_since)}
        case failed.PmsRejected():
            return {"pms_code": error.pms_code or None, "pms_status": error.status}
        case _:
            return {}


def _headers(error: Problematic, kind: Kind, language: str) -> dict[str, str]:
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    advised = error.retry_after if isinstance(error, failed.PmsUnavailable | no.InFlight) else None
    wait = kind.retry_after_s if advised is None else max(1, math.ceil(advised))
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if isinstance(error, EdgeError):
        headers.update(error.headers)
    return headers
