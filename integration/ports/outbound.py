"""What takes our messages out: carriers of channels and providers of payment links, in our words.

A carrier is given an `Outgoing` and has exactly three ways not to say "accepted", and which one decides what may happen
next. **NotSent**: it never left, or was refused unread (no connection, 401, 403, 429, a limit of rate): it may be sent
again. **NotTaken**: it was read and refused: it is never sent again. **MaybeTaken** (time limit, reset, 5xx, an answer
that cannot be read): nobody knows, so it is never sent again before somebody has looked. `look_up` asks the provider by
our own number (the outbox id), where it can be asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from domain.contact import Channel
from domain.money import Money
from integration.ports.queue_records import Outgoing


class CarrierError(Exception):
    """Not accepted. `code`: ours, or the provider's own; never what was sent."""

    def __init__(self, code: str, *, retry_after_s: float | None = None) -> None:
        """Keep the code and the advised wait."""
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class NotSent(CarrierError):
    """It never left, or nobody read it."""


class NotTaken(CarrierError):
    """It was read and refused. The code `window_closed` means that a template would be taken."""


class MaybeTaken(CarrierError):
    """It may have been taken."""


WINDOW_CLOSED = "window_closed"
NO_CARRIER = "no_carrier"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it. `provider_id`: its number there; `account`: the business number, mailbox or property it went
    out from; `facts`: what else was said (a payment link's `url`)."""

    provider_id: str
    account: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Looked(StrEnum):
    """`absent`: the provider can be asked and has never heard of it; `silent`: it cannot be asked."""

    ABSENT = "absent"
    SILENT = "silent"


class Carrier(Protocol):
    """One configured way out of one channel."""

    @property
    def channel(self) -> Channel: ...

    async def send(self, one: Outgoing, /) -> Accepted:
        """Send once. Raises NotSent, NotTaken or MaybeTaken, nothing else."""
        ...

    async def look_up(self, one: Outgoing, /) -> Accepted | Looked:
        """Ask whether it was taken. Raises NotSent when the provider cannot be asked now."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says became of a message it took. `status`: sent, delivered, read or failed; `code`: why it
    failed, the provider's own word; `at`: when, where the provider says so."""

    status: str
    code: str = ""
    at: datetime | None = None


@runtime_checkable
class Reporting(Protocol):
    """A carrier that has to be asked what became of what it took, for it does not tell, or stops telling too soon."""

    async def reports(self, rows: Sequence[Outgoing], /) -> Mapping[str, Report]:
        """By outbox id, of those it knows something of. NotSent when it cannot be asked now."""
        ...


class PaymentState(StrEnum):
    """What a payment provider says of a payment."""

    PAID = "paid"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as its provider tells when asked. `reference`: our number of the link (the outbox id)."""

    payment_id: str
    state: PaymentState
    reference: str
    amount: Money | None = None


class PaymentCarrier(Carrier, Protocol):
    """Makes payment links, and can be asked what became of one."""

    async def ask(self, payment_id: str, reference: str) -> Payment:
        """The payment. Raises NotSent when the provider cannot be asked now, NotTaken when it knows no such payment."""
        ...


class Carriers(Protocol):
    """The carriers of all hotels."""

    def check(self) -> None:
        """ConfigurationError when one of them cannot be used."""
        ...

    def of(self, hotel_id: str, channel: Channel) -> Carrier | None:
        """The hotel's way out on a channel; None when it has none. ConfigurationError when it cannot be used."""
        ...

    def payments(self, hotel_id: str) -> PaymentCarrier | None:
        """The hotel's payment provider."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class NoCarriers:
    """A house that sends nothing."""

    def check(self) -> None:
        """There is nothing to check."""

    def of(self, _hotel_id: str, _channel: Channel) -> Carrier | None:
        """None."""
        return None

    def payments(self, _hotel_id: str) -> PaymentCarrier | None:
        """None."""
        return None

    async def close(self) -> None:
        """Nothing is open."""
