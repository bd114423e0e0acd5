"""How the world fails, as seen from the integration.

    PmsError
    ├── PmsUnavailable      the request never left, or was refused unread (connect, TLS, 401, 403, 429, our share full,
    │                       our breaker open); or a read without an answer (time limit, reset, 502 to 504), which
    │                       changed nothing
    ├── PmsRejected         the PMS read it and said no; its code is kept
    ├── PmsProtocolError    a read whose answer cannot be understood
    └── PmsOutcomeUnknown   a write that may or may not have happened: timeout, reset, any 5xx, an unreadable success
    ServiceError
    ├── OutcomeUnknown      the use case's answer to PmsOutcomeUnknown once looking it up has not settled it
    │   └── OutcomePending      the same key again while that is still so
    ├── StoreUnavailable    our own store cannot be read or written
    ├── NotReady            what was asked for is being worked out; the same question again finds it
    └── ConfigurationError  a setting or hotel file that cannot be worked with

The line between unavailable and unknown decides whether a thing may be sent again: unavailable may, unknown may not.
"""

from datetime import datetime
from typing import ClassVar


class ServiceError(Exception):
    """Something around us failed. `hint` is for the person."""

    code: ClassVar[str] = "service_error"

    def __init__(self, template: str, /, *, hint: str = "", **params: object) -> None:
        """Keep template and parameters apart, as domain errors do."""
        super().__init__(template)
        self.template = template
        self.params = params
        self.hint = hint

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.template.format(**self.params) if self.params else self.template


class PmsError(ServiceError):
    """The PMS, or the way to it, failed."""

    code = "pms_error"


class PmsUnavailable(PmsError):
    """The request never left, was refused unread, or was a read that was not answered; trying again is safe.

    `retry_after`: seconds, when known. `down_since`: when we stopped asking (UTC), if that is why.
    """

    code = "pms_unavailable"

    def __init__(
        self,
        template: str,
        /,
        *,
        retry_after: float | None = None,
        down_since: datetime | None = None,
        hint: str = "",
        **params: object,
    ) -> None:
        """Keep the advised wait, and since when the PMS is down."""
        super().__init__(template, hint=hint, **params)
        self.retry_after = retry_after
        self.down_since = down_since


class PmsRejected(PmsError):
    """The PMS refused it. `pms_code`, `pms_path`: its own error code and path; `status`: HTTP status."""

    code = "pms_rejected"

    def __init__(
        self, template: str, /, *, status: int, pms_code: str = "", pms_path: str = "", hint: str = "", **params: object
    ) -> None:
        """Keep the PMS's code."""
        super().__init__(template, hint=hint, **params)
        self.status = status
        self.pms_code = pms_code
        self.pms_path = pms_path


class PmsProtocolError(PmsError):
    """A read whose answer cannot be understood; nothing was changed."""

    code = "pms_protocol_error"


class PmsOutcomeUnknown(PmsError):
    """A write that may have happened. Never send it again before its evidence is read."""

    code = "pms_write_unknown"


class OutcomeUnknown(ServiceError):
    """We asked and looked, and still cannot say (CLI exit 6, HTTP 504). The same key continues the same intent."""

    code = "pms_outcome_unknown"


class OutcomePending(OutcomeUnknown):
    """An earlier try under this key has no known outcome yet (CLI exit 6, HTTP 409)."""

    code = "outcome_pending"


class StoreUnavailable(ServiceError):
    """Our own store cannot be used."""

    code = "store_unavailable"


class NotReady(ServiceError):
    """It is being worked out (a season is simulated); the same question again finds it."""

    code = "not_ready"


class ConfigurationError(ServiceError):
    """A setting or file that cannot be worked with; the sentence names it."""

    code = "configuration_error"
