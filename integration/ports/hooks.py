"""Where a channel comes in: a configured endpoint, its wire and the hotel it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.contact import Channel
from integration.ports.channels import Wire


@dataclass(frozen=True, slots=True)
class Hook:
    """`name`: its place in the URL, `/hooks/{name}`; `hotel_id`: whose contacts these are, unless `accounts` (business
    number, page, mailbox, property) says otherwise; `extensions`: the agent at each extension of a telephone system;
    `never_link`: numbers that belong to no guest (switchboards, agencies), E.164; `public_url`:
    how the outside reaches us, where a proxy stands before us."""

    name: str
    wire: Wire
    hotel_id: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)
    never_link: frozenset[str] = frozenset()
    public_url: str = ""

    @property
    def channel(self) -> Channel:
        """The channel of its wire."""
        return self.wire.channel

    def hotel_of(self, account: str) -> str:
        """The hotel an account belongs to."""
        return self.accounts.get(account, self.hotel_id)
