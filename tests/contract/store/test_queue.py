"""The one queue's records: what is written comes back, keys are unique, states change once."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from domain.case import Case, CaseId, CaseKind, CaseStatus, LeadStatus
from domain.contact import Channel, MessageId, Sender, Vouching
from domain.guest import ChannelIdentity, GuestId, IdentityKind
from domain.presence import Presence, PresenceState
from integration.adapters.store import case_tables, queue_rows
from integration.adapters.store.record_mapping import Mapped
from integration.ports.channels import ArrivalKind
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
    Outgoing,
    OutgoingState,
    OutgoingWish,
    StoredDelivery,
    StoredHandoff,
    StoredMessage,
    Suggestion,
)
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW

LATER = NOW + timedelta(minutes=5)
PHONE = ChannelIdentity(IdentityKind.PHONE, "+905000000001")
OF_TABLE = {
    "DELIVERY": case_tables.DELIVERIES,
    "INBOX": case_tables.INBOX,
    "MESSAGE": case_tables.MESSAGES,
    "EVENT": case_tables.CASE_EVENTS,
    "HANDOFF": case_tables.HANDOFFS,
    "FACT": case_tables.IDENTITY_FACTS,
    "MERGE": case_tables.GUEST_MERGES,
    "SUGGESTION": case_tables.SUGGESTIONS,
    "OUTGOING": case_tables.OUTBOX,
    "CONSENT": case_tables.CONSENTS,
    "NOTICE": case_tables.NOTICES,
    "SETTING": case_tables.CHANNEL_SETTINGS,
}


@pytest.mark.parametrize("name", sorted(OF_TABLE))
def test_a_record_has_the_fields_of_its_table_in_order(name: str) -> None:
    mapped: Mapped[Any] = getattr(queue_rows, name)
    assert mapped.names == tuple(column.name for column in OF_TABLE[name].c)


def a_delivery(number: int = 1) -> StoredDelivery:
    return StoredDelivery(
        f"dlv_{number}", Channel.WHATSAPP, "wa", DeliveryState.PENDING, NOW, {"x-hub": "sha256=ü"}, b"\x00{\xff"
    )


def a_message(number: int = 1, **over: Any) -> StoredMessage:
    made = StoredMessage(
        MessageId(f"msg_{number}"),
        CaseId("cas_1"),
        CaseId("cas_1"),
        Channel.WHATSAPP,
        "acc",
        Sender.GUEST,
        NOW + timedelta(seconds=number),
        NOW,
        "Merhaba İ ı 😀",
        f"wamid.{number}",
        guest_id=GuestId("gst_1"),
        handle_kind=IdentityKind.PHONE,
        handle_scope="",
        handle_value="+905000000001",
        document={"attachments": [{"kind": "image"}]},
    )
    return replace(made, **over)


def an_outgoing(number: int = 1) -> Outgoing:
    return Outgoing(
        f"out_{number}",
        "BELEK1",
        Channel.WHATSAPP,
        "transactional",
        "reply",
        OutgoingState.QUEUED,
        CaseId("cas_1"),
        None,
        GuestId("gst_1"),
        IdentityKind.PHONE,
        "",
        "+905000000001",
        "agent7",
        f"key-{number}",
        NOW,
        NOW,
        NOW,
        document={"text": "Привет"},
    )


def test_a_delivery_keeps_its_bytes_and_leaves_the_pending_ones_when_done(store: Played) -> None:
    store.write(lambda tx: tx.add_delivery(a_delivery()))
    assert store.read(lambda tx: tx.pending_deliveries(10)) == [a_delivery()]
    done = replace(a_delivery(), state=DeliveryState.DONE, tries=1)
    store.write(lambda tx: tx.update_delivery(done))
    assert store.read(lambda tx: tx.pending_deliveries(10)) == []
    assert store.read(lambda tx: tx.list_deliveries(channel=Channel.WHATSAPP, state=None, after=None, limit=5)) == [
        done
    ]


def test_an_arrival_has_its_effect_once(store: Played) -> None:
    row = InboxRow(Channel.WHATSAPP, "acc", "wamid.1", "dlv_1", ArrivalKind.MESSAGE, NOW, CaseId("cas_1"))
    assert store.write(lambda tx: tx.add_inbox(row))
    assert not store.write(lambda tx: tx.add_inbox(replace(row, delivery_id="dlv_2")))
    assert store.read(lambda tx: tx.get_inbox(Channel.WHATSAPP, "acc", "wamid.1")) == row


def test_messages_of_a_case_come_by_time_and_are_found_by_the_providers_number(store: Played) -> None:
    for number in (2, 1):
        store.write(lambda tx, one=number: tx.add_message(a_message(one)))  # type: ignore[misc]
    assert store.read(lambda tx: tx.messages_of(CaseId("cas_1"))) == [a_message(1), a_message(2)]
    assert store.read(lambda tx: tx.find_message(Channel.WHATSAPP, "wamid.2")) == a_message(2)
    assert [one.message_id for one in store.read(lambda tx: tx.messages_of_guest(GuestId("gst_1"), 1))] == ["msg_2"]
    moved = a_message(2, case_id=CaseId("cas_2"))
    store.write(lambda tx: tx.update_message(moved))
    assert store.read(lambda tx: tx.get_message(MessageId("msg_2"))) == moved


def test_events_of_a_case_are_numbered(store: Played) -> None:
    event = CaseEvent(CaseId("cas_1"), 0, NOW, "tag_added", "agent7", {"tag": "vip"})
    store.write(lambda tx: tx.add_case_event(event))
    store.write(lambda tx: tx.add_case_event(event))
    assert store.read(lambda tx: tx.case_events(CaseId("cas_1"))) == [replace(event, line=1), replace(event, line=2)]


def test_a_handoff_changes_its_state_once(store: Played) -> None:
    made = StoredHandoff(
        "hnd_1", CaseId("cas_1"), "BELEK1", "two_turns", "triggered", Channel.WHATSAPP, Channel.PHONE, None, None,
        NOW, NOW, None, {"asked": "price", "offers": ["off_1"]}, (("triggered", "rules", "2027"),),
    )  # fmt: skip
    store.write(lambda tx: tx.add_handoff(made))
    offered = replace(made, state="offered", changed_at=LATER)
    assert store.write(lambda tx: tx.update_handoff(offered, expected="triggered"))
    assert not store.write(lambda tx: tx.update_handoff(offered, expected="triggered"))
    assert store.read(lambda tx: tx.list_handoffs(hotel_id="BELEK1", state="offered")) == [offered]
    assert store.read(lambda tx: tx.list_handoffs(state="triggered")) == []


def test_a_merge_stands_until_it_is_undone_and_is_never_forgotten(store: Played) -> None:
    merge = GuestMerge("mrg_1", GuestId("gst_1"), GuestId("gst_2"), "same_phone", "e", "rules", NOW)
    store.write(lambda tx: tx.add_merge(merge))
    assert store.read(lambda tx: tx.merge_of_loser(GuestId("gst_2"))) == merge
    assert store.read(lambda tx: tx.merges_into(GuestId("gst_1"))) == [merge]
    assert store.write(lambda tx: tx.undo_merge("mrg_1", LATER, "chief", "other person"))
    assert not store.write(lambda tx: tx.undo_merge("mrg_1", LATER, "chief", "again"))
    undone = replace(merge, undone_at=LATER, undone_by="chief", reason="other person")
    assert store.read(lambda tx: tx.merge_of_loser(GuestId("gst_2"))) is None
    assert store.read(lambda tx: tx.merges_of(GuestId("gst_2"))) == [undone]


def test_facts_suggestions_consents_notices_settings_and_cursors_come_back(store: Played) -> None:
    fact = IdentityFact(IdentityKind.PHONE, "", "+905000000001", Vouching.NETWORK, NOW, LATER)
    hint = Suggestion(GuestId("gst_1"), GuestId("gst_2"), "same_name_and_stay", "e", NOW)
    early = Consent(IdentityKind.PHONE, "", "+905000000001", "marketing", NOW, "given", "web", "guest")
    late = replace(early, at=LATER, state="withdrawn")
    notice = Notice(CaseId("cas_1"), Channel.WHATSAPP, "v2", "tr", NOW)
    setting = ChannelSetting("BELEK1", Channel.WHATSAPP, 1, NOW, "chief", NOW, {"role": "hybrid"})

    def work(tx: Any) -> None:
        tx.put_identity_fact(fact)
        tx.put_suggestion(hint)
        tx.add_consent(early)
        tx.add_consent(late)
        tx.put_notice(notice)
        assert tx.add_channel_setting(setting)
        assert not tx.add_channel_setting(setting)
        tx.put_cursor("imap:desk", "1:1", NOW)
        tx.put_cursor("imap:desk", "1:7", LATER)

    store.write(work)
    assert store.read(lambda tx: tx.get_identity_fact(PHONE)) == fact
    assert store.read(lambda tx: tx.suggestions_of(GuestId("gst_2"))) == [hint]
    assert store.read(lambda tx: tx.consent(PHONE, "marketing")) == late
    assert store.read(lambda tx: tx.consent(PHONE, "calls")) is None
    assert store.read(lambda tx: tx.get_notice(CaseId("cas_1"), Channel.WHATSAPP)) == notice
    assert store.read(lambda tx: tx.channel_settings("BELEK1")) == [setting]
    assert store.read(lambda tx: tx.get_cursor("imap:desk")) == "1:7"
    assert store.read(lambda tx: tx.get_cursor("imap:other")) is None


def test_an_outgoing_message_has_one_key_and_moves_from_state_to_state_once(store: Played) -> None:
    assert store.write(lambda tx: tx.add_outgoing(an_outgoing()))
    assert not store.write(lambda tx: tx.add_outgoing(replace(an_outgoing(), outbox_id="out_2")))
    assert store.read(lambda tx: tx.due_outgoing(NOW, 5)) == [an_outgoing()]
    assert store.read(lambda tx: tx.outgoing_of_key("BELEK1", "agent7", "key-1")) == an_outgoing()
    sending = replace(an_outgoing(), state=OutgoingState.SENDING, attempts=1)
    assert store.write(lambda tx: tx.update_outgoing(sending, expected=OutgoingState.QUEUED))
    assert not store.write(lambda tx: tx.update_outgoing(sending, expected=OutgoingState.QUEUED))
    assert store.read(lambda tx: tx.due_outgoing(NOW, 5)) == []
    assert store.read(lambda tx: tx.unsure_outgoing(NOW, 5)) == [sending]
    accepted = replace(sending, state=OutgoingState.ACCEPTED, provider_id="wamid.9")
    store.write(lambda tx: tx.update_outgoing(accepted, expected=OutgoingState.SENDING))
    assert store.read(lambda tx: tx.find_outgoing(Channel.WHATSAPP, "wamid.9")) == accepted
    assert store.read(lambda tx: tx.outgoing_of_case(CaseId("cas_1"))) == [accepted]


def test_what_was_not_reported_and_what_is_held_is_found_when_it_is_due(store: Played) -> None:
    ours = {
        number: replace(an_outgoing(number), state=state, channel=channel, due_at=due)
        for number, (state, channel, due) in enumerate(
            (
                (OutgoingState.ACCEPTED, Channel.SMS, NOW),
                (OutgoingState.ACCEPTED, Channel.SMS, LATER),
                (OutgoingState.ACCEPTED, Channel.WHATSAPP, NOW),
                (OutgoingState.HELD, Channel.WHATSAPP, NOW),
                (OutgoingState.HELD, Channel.SMS, LATER),
                (OutgoingState.UNDELIVERABLE, Channel.SMS, NOW),
            )
        )
    }
    for one in ours.values():
        store.write(lambda tx, row=one: tx.add_outgoing(row))  # type: ignore[misc]
    assert store.read(lambda tx: tx.unreported_outgoing(NOW, 5)) == [ours[0]]
    assert store.read(lambda tx: tx.unreported_outgoing(LATER, 5)) == [ours[0], ours[1]]
    assert store.read(lambda tx: tx.held_outgoing(NOW, 5)) == [ours[3]]
    assert store.read(lambda tx: tx.held_outgoing(LATER, 1)) == [ours[3]]
    assert store.read(lambda tx: tx.list_outgoing(OutgoingWish(), 2)) == [ours[5], ours[4]]
    held = OutgoingWish("BELEK1", OutgoingState.HELD, "cas_1", Channel.SMS)
    assert store.read(lambda tx: tx.list_outgoing(held, 5)) == [ours[4]]
    assert store.read(lambda tx: tx.list_outgoing(OutgoingWish(after="out_1"), 5)) == [ours[0]]
    assert store.read(lambda tx: tx.list_outgoing(OutgoingWish(hotel_id="SIDE1"), 5)) == []


def a_case(number: int, **over: Any) -> Case:
    made = Case(
        CaseId(f"cas_{number}"),
        "BELEK1",
        CaseKind.SALES,
        CaseStatus.OPEN,
        "whatsapp",
        NOW,
        "rules",
        "gst_1",
        LeadStatus.OPEN,
        priority=2,
        tags=("reservation", "vip"),
        language="ru",
        due_at=NOW + timedelta(minutes=number),
        clocks='{"first": 1}',
    )
    return replace(made, **over)


def test_cases_are_listed_by_wish_and_the_breaching_ones_first_due_first(store: Played) -> None:
    resolved = a_case(3, status=CaseStatus.RESOLVED, resolved_at=NOW, tags=())
    for one in (a_case(2), a_case(1, assignee="agent7"), resolved):
        store.write(lambda tx, case=one: tx.add_case(case))  # type: ignore[misc]

    def ids(**wish: Any) -> list[str]:
        return [one.case_id for one in store.read(lambda tx: tx.list_cases(CaseWish(**wish), 10))]

    assert store.read(lambda tx: tx.get_case(CaseId("cas_3"))) == resolved
    assert ids(hotel_id="BELEK1") == ["cas_3", "cas_2", "cas_1"]
    assert ids(tag="vip") == ["cas_2", "cas_1"]
    assert ids(tag="vi") == []
    assert ids(assignee="agent7") == ["cas_1"]
    assert ids(breaching_by=NOW + timedelta(minutes=5)) == ["cas_1", "cas_2"]
    assert ids(breaching_by=NOW + timedelta(minutes=1)) == ["cas_1"]
    assert ids(after=CaseId("cas_2")) == ["cas_1"]
    assert store.read(lambda tx: tx.cases_of_guest(GuestId("gst_1"), "BELEK1"))[0].case_id == "cas_3"


def test_every_field_of_a_case_is_a_column() -> None:
    assert {one.name for one in fields(Case)} == {column.name for column in case_tables_of_cases()}


def case_tables_of_cases() -> Any:
    from integration.adapters.store.tables import CASES

    return CASES.c


def test_who_is_at_the_desk_is_kept_once_a_name(store: Played) -> None:
    first = Presence("ayse", PresenceState.AVAILABLE, NOW, LATER, ("tr", "en"))
    later = Presence("ayse", PresenceState.AWAY, LATER, LATER + timedelta(minutes=1))
    other = Presence("deniz", PresenceState.OFFLINE, NOW, LATER)

    def keep(tx: Any) -> None:
        for one in (other, first, later):
            tx.put_presence(one)

    store.write(keep)
    assert store.read(lambda tx: tx.list_presence()) == [later, other]
    assert store.read(lambda tx: (tx.get_presence("ayse"), tx.get_presence("nobody"))) == (later, None)
