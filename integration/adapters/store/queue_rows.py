"""What can be read of the one queue; see `integration.ports.queue.QueueReads`. The statements are in `queue_sql.py`."""

from datetime import datetime

from domain.case import Case, CaseId
from domain.contact import Channel, MessageId
from domain.guest import ChannelIdentity, GuestId
from domain.presence import Presence
from integration.adapters.store.access import Access
from integration.adapters.store.contact_rows import case_of, presence_of
from integration.adapters.store.record_mapping import Mapped
from integration.adapters.store.scalars import code, from_ms_or_none, json_text, to_day, to_ms, to_ms_or_none
from integration.ports.queue_records import (
    CaseEvent,
    CaseWish,
    ChannelSetting,
    Consent,
    DeliveryState,
    GuestMerge,
    IdentityFact,
    InboxRow,
    Notice,
    OpenCases,
    Outgoing,
    OutgoingWish,
    StoredDelivery,
    StoredHandoff,
    StoredMessage,
    Suggestion,
    WarnedCase,
)

DELIVERY, INBOX, MESSAGE = Mapped(StoredDelivery), Mapped(InboxRow), Mapped(StoredMessage)
EVENT, HANDOFF, FACT = Mapped(CaseEvent), Mapped(StoredHandoff), Mapped(IdentityFact)
MERGE, SUGGESTION, OUTGOING = Mapped(GuestMerge), Mapped(Suggestion), Mapped(Outgoing)
CONSENT, NOTICE, SETTING = Mapped(Consent), Mapped(Notice), Mapped(ChannelSetting)


class QueueReading(Access):
    """What can be read of the queue."""

    __slots__ = ()

    def get_delivery(self, delivery_id: str) -> StoredDelivery | None:
        row = self._one("get_delivery", {"delivery_id": delivery_id})
        return None if row is None else DELIVERY.record(row)

    def pending_deliveries(self, limit: int, after: str = "") -> list[StoredDelivery]:
        rows = self._all("pending_deliveries", {"limit": limit, "after": after})
        return [DELIVERY.record(row) for row in rows]

    def list_deliveries(
        self, *, channel: Channel | None, state: DeliveryState | None, after: str | None, limit: int
    ) -> list[StoredDelivery]:
        wanted = {"channel": code(channel), "state": code(state), "after": after}
        return [DELIVERY.record(row) for row in self._listed("deliveries", limit, wanted, {})]

    def get_inbox(self, channel: Channel, account: str, provider_id: str) -> InboxRow | None:
        key = {"channel": channel.value, "account": account, "provider_id": provider_id}
        row = self._one("get_inbox", key)
        return None if row is None else INBOX.record(row)

    def get_message(self, message_id: MessageId) -> StoredMessage | None:
        row = self._one("get_message", {"message_id": message_id})
        return None if row is None else MESSAGE.record(row)

    def find_message(self, channel: Channel, provider_id: str) -> StoredMessage | None:
        row = self._one("find_message", {"channel": channel.value, "provider_id": provider_id})
        return None if row is None else MESSAGE.record(row)

    def messages_of(self, case_id: CaseId) -> list[StoredMessage]:
        return [MESSAGE.record(row) for row in self._all("messages_of", {"case_id": case_id})]

    def messages_of_guest(self, guest_id: GuestId, limit: int) -> list[StoredMessage]:
        return [MESSAGE.record(row) for row in self._all("messages_of_guest", {"guest_id": guest_id, "limit": limit})]

    def cases_of_guest(self, guest_id: GuestId, hotel_id: str) -> list[Case]:
        return [case_of(row) for row in self._all("cases_of_guest", {"guest_id": guest_id, "hotel_id": hotel_id})]

    def list_cases(self, wish: CaseWish, limit: int) -> list[Case]:
        conditions = {
            "hotel_id": wish.hotel_id,
            "kind": wish.kind,
            "lead_status": wish.lead_status,
            "channel": code(wish.channel),
            "assignee": wish.assignee,
            "guest_id": wish.guest_id,
            "status": code(wish.status),
            "tag": None if wish.tag is None else f"%{json_text(wish.tag)}%",
            "after": wish.after,
            "warning_by": to_ms_or_none(wish.warning_by),
            "due_by": to_day(wish.due_by),
            "is_open": wish.is_open or None,
        }
        if wish.breaching_by is None:
            rows = self._listed("cases", limit, conditions, {})
        else:
            rows = self._listed("breaching", limit, conditions, {"breaching_by": to_ms(wish.breaching_by)})
        return [case_of(row) for row in rows]

    def warned_cases(self, by: datetime) -> list[WarnedCase]:
        return [WarnedCase(*row) for row in self._all("warned_cases", {"by": to_ms(by)})]

    def count_open_cases(self, now: datetime) -> list[OpenCases]:
        rows = self._all("count_open_cases", {"now": to_ms(now)})
        return [
            OpenCases(hotel, channel, total, waiting, warning, late, escalated, from_ms_or_none(since))
            for hotel, channel, total, waiting, warning, late, escalated, since in rows
        ]

    def case_events(self, case_id: CaseId) -> list[CaseEvent]:
        return [EVENT.record(row) for row in self._all("case_events", {"case_id": case_id})]

    def get_handoff(self, handoff_id: str) -> StoredHandoff | None:
        row = self._one("get_handoff", {"handoff_id": handoff_id})
        return None if row is None else HANDOFF.record(row)

    def list_handoffs(
        self, *, case_id: CaseId | None = None, hotel_id: str | None = None, state: str | None = None, limit: int = 50
    ) -> list[StoredHandoff]:
        wanted = {"case_id": case_id, "hotel_id": hotel_id, "state": state}
        return [HANDOFF.record(row) for row in self._listed("handoffs", limit, wanted, {})]

    def get_identity_fact(self, identity: ChannelIdentity) -> IdentityFact | None:
        key = {"kind": identity.kind.value, "scope": identity.scope, "value": identity.value}
        row = self._one("get_identity_fact", key)
        return None if row is None else FACT.record(row)

    def get_merge(self, merge_id: str) -> GuestMerge | None:
        row = self._one("get_merge", {"merge_id": merge_id})
        return None if row is None else MERGE.record(row)

    def merge_of_loser(self, loser: GuestId) -> GuestMerge | None:
        row = self._one("merge_of_loser", {"loser": loser})
        return None if row is None else MERGE.record(row)

    def merges_into(self, winner: GuestId) -> list[GuestMerge]:
        return [MERGE.record(row) for row in self._all("merges_into", {"winner": winner})]

    def merges_of(self, guest_id: GuestId) -> list[GuestMerge]:
        return [MERGE.record(row) for row in self._all("merges_of", {"guest_id": guest_id})]

    def suggestions_of(self, guest_id: GuestId) -> list[Suggestion]:
        return [SUGGESTION.record(row) for row in self._all("suggestions_of", {"guest_id": guest_id})]

    def get_outgoing(self, outbox_id: str) -> Outgoing | None:
        row = self._one("get_outgoing", {"outbox_id": outbox_id})
        return None if row is None else OUTGOING.record(row)

    def outgoing_of_key(self, hotel_id: str, actor: str, request_key: str) -> Outgoing | None:
        row = self._one("outgoing_of_key", {"hotel_id": hotel_id, "actor": actor, "request_key": request_key})
        return None if row is None else OUTGOING.record(row)

    def find_outgoing(self, channel: Channel, provider_id: str) -> Outgoing | None:
        row = self._one("find_outgoing", {"channel": channel.value, "provider_id": provider_id})
        return None if row is None else OUTGOING.record(row)

    def due_outgoing(self, now: datetime, limit: int) -> list[Outgoing]:
        return [OUTGOING.record(row) for row in self._all("due_outgoing", {"now": to_ms(now), "limit": limit})]

    def unsure_outgoing(self, changed_before: datetime, limit: int) -> list[Outgoing]:
        wanted = {"before": to_ms(changed_before), "limit": limit}
        return [OUTGOING.record(row) for row in self._all("unsure_outgoing", wanted)]

    def unreported_outgoing(self, now: datetime, limit: int) -> list[Outgoing]:
        wanted = {"now": to_ms(now), "limit": limit}
        return [OUTGOING.record(row) for row in self._all("unreported_outgoing", wanted)]

    def held_outgoing(self, now: datetime, limit: int) -> list[Outgoing]:
        return [OUTGOING.record(row) for row in self._all("held_outgoing", {"now": to_ms(now), "limit": limit})]

    def list_outgoing(self, wish: OutgoingWish, limit: int) -> list[Outgoing]:
        wanted = {
            "hotel_id": wish.hotel_id,
            "state": code(wish.state),
            "case_id": wish.case_id,
            "channel": code(wish.channel),
            "after": wish.after,
        }
        return [OUTGOING.record(row) for row in self._listed("outgoing", limit, wanted, {})]

    def outgoing_of_case(self, case_id: CaseId) -> list[Outgoing]:
        return [OUTGOING.record(row) for row in self._all("outgoing_of_case", {"case_id": case_id})]

    def consent(self, identity: ChannelIdentity, purpose: str) -> Consent | None:
        handle = {
            "handle_kind": identity.kind.value,
            "handle_scope": identity.scope,
            "handle_value": identity.value,
        }
        row = self._one("consent", {**handle, "purpose": purpose})
        return None if row is None else CONSENT.record(row)

    def get_notice(self, case_id: CaseId, channel: Channel) -> Notice | None:
        row = self._one("get_notice", {"case_id": case_id, "channel": channel.value})
        return None if row is None else NOTICE.record(row)

    def channel_settings(self, hotel_id: str) -> list[ChannelSetting]:
        return [SETTING.record(row) for row in self._all("channel_settings", {"hotel_id": hotel_id})]

    def get_presence(self, name: str) -> Presence | None:
        row = self._one("get_presence", {"user_name": name})
        return None if row is None else presence_of(row)

    def list_presence(self) -> list[Presence]:
        return [presence_of(row) for row in self._all("list_presence", {})]

    def get_cursor(self, name: str) -> str | None:
        row = self._one("get_cursor", {"name": name})
        return None if row is None else str(row[0])
