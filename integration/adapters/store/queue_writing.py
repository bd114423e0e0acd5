"""What can be written of the one queue; see `integration.ports.queue.QueueWrites`."""

from datetime import datetime

from domain.presence import Presence
from integration.adapters.store.access import Access
from integration.adapters.store.contact_rows import presence_columns
from integration.adapters.store.queue_rows import (
    CONSENT,
    DELIVERY,
    EVENT,
    FACT,
    HANDOFF,
    INBOX,
    MERGE,
    MESSAGE,
    NOTICE,
    OUTGOING,
    SETTING,
    SUGGESTION,
)
from integration.adapters.store.scalars import to_ms
from integration.ports.queue_records import (
    CaseEvent,
    ChannelSetting,
    Consent,
    GuestMerge,
    IdentityFact,
    InboxRow,
    Notice,
    Outgoing,
    OutgoingState,
    StoredDelivery,
    StoredHandoff,
    StoredMessage,
    Suggestion,
)


class QueueWriting(Access):
    """What can be written of the queue."""

    __slots__ = ()

    def add_delivery(self, delivery: StoredDelivery) -> None:
        self._change("add_delivery", DELIVERY.columns(delivery))

    def update_delivery(self, delivery: StoredDelivery) -> None:
        """NotFound for an unknown delivery."""
        self._must_change("update_delivery", delivery.delivery_id, DELIVERY.columns(delivery))

    def add_inbox(self, row: InboxRow) -> bool:
        return self._change("add_inbox", INBOX.columns(row)) == 1

    def add_message(self, message: StoredMessage) -> None:
        self._change("add_message", MESSAGE.columns(message))

    def update_message(self, message: StoredMessage) -> None:
        """NotFound for an unknown message."""
        self._must_change("update_message", message.message_id, MESSAGE.columns(message))

    def add_case_event(self, event: CaseEvent) -> None:
        self._change("add_case_event", {**EVENT.columns(event), "parent": event.case_id})

    def add_handoff(self, handoff: StoredHandoff) -> None:
        self._change("add_handoff", HANDOFF.columns(handoff))

    def update_handoff(self, handoff: StoredHandoff, *, expected: str) -> bool:
        columns = {**HANDOFF.columns(handoff), "the_id": handoff.handoff_id, "expected": expected}
        return self._change("update_handoff", columns) == 1

    def put_identity_fact(self, fact: IdentityFact) -> None:
        self._change("put_identity_fact", FACT.columns(fact))

    def add_merge(self, merge: GuestMerge) -> None:
        self._change("add_merge", MERGE.columns(merge))

    def undo_merge(self, merge_id: str, at: datetime, by: str, reason: str) -> bool:
        columns = {"the_id": merge_id, "undone_at": to_ms(at), "undone_by": by, "reason": reason}
        return self._change("undo_merge", columns) == 1

    def put_suggestion(self, suggestion: Suggestion) -> None:
        self._change("put_suggestion", SUGGESTION.columns(suggestion))

    def add_outgoing(self, outgoing: Outgoing) -> bool:
        return self._change("add_outgoing", OUTGOING.columns(outgoing)) == 1

    def update_outgoing(self, outgoing: Outgoing, *, expected: OutgoingState) -> bool:
        columns = {**OUTGOING.columns(outgoing), "the_id": outgoing.outbox_id, "expected": expected.value}
        return self._change("update_outgoing", columns) == 1

    def add_consent(self, consent: Consent) -> None:
        self._change("add_consent", CONSENT.columns(consent))

    def put_notice(self, notice: Notice) -> None:
        self._change("put_notice", NOTICE.columns(notice))

    def add_channel_setting(self, setting: ChannelSetting) -> bool:
        return self._change("add_channel_setting", SETTING.columns(setting)) == 1

    def put_presence(self, presence: Presence) -> None:
        self._change("put_presence", presence_columns(presence))

    def put_cursor(self, name: str, position: str, at: datetime) -> None:
        self._change("put_cursor", {"name": name, "position": position, "at": to_ms(at)})
