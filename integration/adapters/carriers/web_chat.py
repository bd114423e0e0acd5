"""Web chat: the hotel's own site, which comes and fetches what was written (`/chat/{hook}/messages`).

There is no provider: what stands in our store is taken. So nothing can be lost on the way out, and the visitor's page
shows it at its next look.
"""

from dataclasses import dataclass

from domain.contact import Channel
from integration.ports.outbound import Accepted, Looked
from integration.ports.queue_records import Outgoing


@dataclass(frozen=True, slots=True)
class WebChatCarrier:
    """Takes everything."""

    channel: Channel = Channel.WEB_CHAT

    async def send(self, one: Outgoing) -> Accepted:
        """It is there."""
        return Accepted(one.outbox_id, str(one.document.get("account", "")))

    async def look_up(self, one: Outgoing) -> Accepted | Looked:
        """What was being put down when the process died is put down again: there is one store, and it is ours."""
        return Accepted(one.outbox_id, str(one.document.get("account", "")))

    async def close(self) -> None:
        """Nothing is open."""
