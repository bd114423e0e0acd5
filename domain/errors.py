"""Every "no" the rules of the house can say.

    DomainError
    ├── InvalidInput          what was typed cannot be meant (CLI exit 2, HTTP 422)
    ├── Refused               it was understood, and a rule forbids it (3, 409)
    │   ├── MoveNotAllowed        the reservation is in a state that does not lead there
    │   ├── OfferExpired          the price was promised until an instant that is over
    │   ├── ReservationLapsed     the hold or option is dead, even if no sweep has seen it yet
    │   ├── NotGuaranteed         confirmed means guaranteed or paid
    │   ├── NoRoomLeft            the PMS would not give the room
    │   ├── PriceChanged          the PMS would not give the quoted price; carries the new one
    │   ├── OutcomeMissing        a call must end with a result, a lost one with a reason
    │   ├── CallClosed            the call has ended
    │   ├── KeyReused             the same request key came with another command (HTTP 422)
    │   ├── ReservationBusy       an earlier write to it has no known outcome yet
    │   ├── InFlight              the same key is being worked on right now
    │   ├── TooManyHolds          the agent's cap on live holds
    │   ├── WindowClosed          the channel takes no free text any more from us
    │   ├── ChannelNotVerified    nobody but an agent says that this address is the guest's
    │   ├── ConsentMissing        an advertisement without the guest's consent
    │   ├── CodeWrong             what was read back is not the code that was sent
    │   ├── CodeExpired           no code for this address can be read back any more
    │   ├── TooManyCodes          the address has had its codes of this hour
    │   ├── ChangedSincePlan      a rollback was planned for what is no longer so
    │   └── AlreadyUndone         the rollback was undone before
    ├── NotFound              there is no such thing here (4, 404)
    └── Forbidden             the role does not allow it (3, 403)

A message is a template and its parameters, so that an edge can say it in another language without parsing English:
`InvalidInput("A stay has at least {least} night.", least=1)`. `code` is unique per class and part of the API.
"""

from collections.abc import Mapping
from typing import ClassVar


class DomainError(Exception):
    """A rule said no. `template` and `params` make the sentence; `field` names the input at fault, if one is."""

    code: ClassVar[str] = "domain_error"

    def __init__(self, template: str, /, *, hint: str = "", field: str = "", **params: object) -> None:
        """Keep the parts apart: `str(error)` is the English sentence."""
        super().__init__(template)
        self.template = template
        self.params: Mapping[str, object] = params
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.template.format(**self.params) if self.params else self.template


class InvalidInput(DomainError):
    """What was given cannot be meant."""

    code = "invalid_input"


class Refused(DomainError):
    """Understood, and forbidden by a rule."""

    code = "refused"


class MoveNotAllowed(Refused):
    """The state does not lead there; see `domain.reservation.MOVES`."""

    code = "move_not_allowed"


class OfferExpired(Refused):
    """The quoted price was promised until an instant that has passed."""

    code = "offer_expired"


class ReservationLapsed(Refused):
    """The hold or option has reached its deadline."""

    code = "reservation_lapsed"


class NotGuaranteed(Refused):
    """A confirmation needs a guarantee or a sufficient payment."""

    code = "not_guaranteed"


class NoRoomLeft(Refused):
    """The PMS has no such room for these nights, or a restriction forbids it."""

    code = "no_room_left"


class PriceChanged(Refused):
    """The PMS refuses the quoted price; `params["new_total"]` holds the price it asks now."""

    code = "price_changed"


class OutcomeMissing(Refused):
    """A call ends with an outcome; a lost one with a reason, a follow-up with a date."""

    code = "outcome_missing"


class CallClosed(Refused):
    """The call has ended; its result stands."""

    code = "call_closed"


class KeyReused(Refused):
    """The request key belongs to another command."""

    code = "key_reused"


class ReservationBusy(Refused):
    """An earlier write to this reservation has no known outcome; nothing else may be written before it is known."""

    code = "reservation_busy"


class InFlight(Refused):
    """The very same request is being carried out now. `retry_after`: seconds after which to ask again, when known."""

    code = "in_flight"

    def __init__(
        self,
        template: str,
        /,
        *,
        retry_after: float | None = None,
        hint: str = "",
        field: str = "",
        **params: object,
    ) -> None:
        """Keep the advised wait."""
        super().__init__(template, hint=hint, field=field, **params)
        self.retry_after = retry_after


class TooManyHolds(Refused):
    """The agent already keeps as many rooms as one agent may."""

    code = "too_many_holds"


class WindowClosed(Refused):
    """The guest wrote too long ago: the channel takes no free text now."""

    code = "window_closed"


class ChannelNotVerified(Refused):
    """Documents of a stay go only where the guest has written from, or what a network or a code vouches for."""

    code = "channel_not_verified"


class ConsentMissing(Refused):
    """Nothing commercial leaves without a consent that stands."""

    code = "consent_missing"


class CodeWrong(Refused):
    """Another code was sent to this address."""

    code = "code_wrong"


class CodeExpired(Refused):
    """There is no code that could still be read back: too old, used, replaced, or guessed at too often."""

    code = "code_expired"


class TooManyCodes(Refused):
    """An address gets a few codes an hour."""

    code = "too_many_codes"


class ChangedSincePlan(Refused):
    """The reservation is no longer as the plan of a rollback saw it."""

    code = "since_plan"


class AlreadyUndone(Refused):
    """The rollback was taken back by another one, which stands."""

    code = "already_undone"


class NotFound(DomainError):
    """No such thing here."""

    code = "not_found"


class Forbidden(DomainError):
    """The actor's role does not allow it."""

    code = "forbidden"
