"""What the store can do with codes that prove an address (`domain.address_code`)."""

from datetime import datetime
from typing import Protocol

from domain.address_code import AddressCode
from domain.guest import ChannelIdentity


class CodeReads(Protocol):
    """What can be read."""

    def codes_of(self, identity: ChannelIdentity, since: datetime) -> list[AddressCode]:
        """Of one address, made after `since`, newest first."""
        ...


class CodeWrites(Protocol):
    """What can be written."""

    def put_code(self, code: AddressCode) -> None:
        """Insert, or overwrite what is there under its number."""
        ...

    def drop_codes(self, before: datetime) -> None:
        """Forget codes made before an instant."""
        ...
