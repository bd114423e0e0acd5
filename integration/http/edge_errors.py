"""What can be wrong with a request before any rule of the house is asked.

    EdgeError
    ├── Unauthenticated     no token, or one we do not know (401)
    ├── BodyMissing         a body is needed and there is none (400)
    ├── BodyMalformed       the body is not JSON (400)
    ├── BodyTooLarge        more than a body may be (413)
    ├── MediaUnsupported    the body says it is something else than JSON (415)
    ├── SchemaViolation     JSON, and not what this path takes; `violations` name the fields (422)
    ├── KeyMissing          this write needs an Idempotency-Key (400)
    ├── KeyMalformed        an Idempotency-Key that is none (400)
    ├── BatchMalformed      a Santral-Batch that is none (400)
    ├── PathUnknown         there is no such path (404)
    ├── MethodNotAllowed    the path is there, the method is not (405)
    └── InternalError       our own fault (500)

They are spoken of by `problem.py` like the errors of the domain: template, parameters, code, hint.
"""

from collections.abc import Mapping
from typing import ClassVar

from integration.usecases.marks import N_


class EdgeError(Exception):
    """The request cannot be taken. `template` and `params` make the sentence, `headers` go with the answer."""

    code: ClassVar[str] = "bad_request"
    template: ClassVar[str] = N_("The request cannot be read.")
    hint: ClassVar[str] = ""
    field: str = ""

    def __init__(self, *, headers: Mapping[str, str] | None = None, **params: object) -> None:
        """Keep the parts of the sentence apart."""
        super().__init__(self.code)
        self.params = params
        self.headers: Mapping[str, str] = headers or {}


class Unauthenticated(EdgeError):
    """Nobody we know."""

    code = "unauthenticated"
    template = N_("This needs a valid token.")
    hint = N_("Send it as: Authorization: Bearer snt_...")


class BodyMissing(EdgeError):
    """Nothing where something is needed."""

    code = "body_missing"
    template = N_("The body is empty.")


class BodyMalformed(EdgeError):
    """Not JSON."""

    code = "body_malformed"
    template = N_("The body is not JSON.")


class BodyTooLarge(EdgeError):
    """More than a body may be."""

    code = "body_too_large"
    template = N_("The body is larger than {most} bytes.")


class MediaUnsupported(EdgeError):
    """Something else than JSON."""

    code = "media_unsupported"
    template = N_("The body must be application/json.")


class SchemaViolation(EdgeError):
    """Fields that are missing, unknown or of another type. `violations`: pydantic's error list, without the input."""

    code = "schema_violation"
    template = N_("The request does not have the shape that this path takes.")

    def __init__(self, violations: list[Mapping[str, object]], field: str) -> None:
        super().__init__()
        self.violations = violations
        self.field = field


class KeyMissing(EdgeError):
    """A write that must not happen twice came without a key."""

    code = "request_key_missing"
    template = N_("This write needs the header Idempotency-Key.")
    hint = N_("Make a fresh key for each new request and send the same one when you repeat it.")
    field = "Idempotency-Key"


class KeyMalformed(EdgeError):
    """Empty, too long, doubled or not printable."""

    code = "request_key_malformed"
    template = N_("An Idempotency-Key is 1 to 255 printable ASCII characters.")
    field = "Idempotency-Key"


class BatchMalformed(EdgeError):
    """Empty, too long, doubled, or other characters."""

    code = "batch_malformed"
    template = N_("A Santral-Batch is 1 to 64 letters, digits, dots, dashes or underscores.")
    field = "Santral-Batch"


class PathUnknown(EdgeError):
    """No such path."""

    code = "path_unknown"
    template = N_("There is no such path.")


class MethodNotAllowed(EdgeError):
    """The path is there, the method is not."""

    code = "method_not_allowed"
    template = N_("This path does not take {method}.")


class InternalError(EdgeError):
    """Our own fault; the log holds the same number."""

    code = "internal_error"
    template = N_("Something went wrong on our side. It has been noted as {request_id}.")
