"""Nothing commercial leaves without a consent that stands; what advertises is no transactional message."""

import base64
import io
import json
from collections.abc import Mapping
from datetime import datetime

import pytest
import structlog

from domain.contact import Channel
from domain.errors import ConsentMissing, InvalidInput, Refused
from domain.guest import ChannelIdentity, IdentityKind
from domain.outbound import (
    ConsentState,
    MessageKind,
    Purpose,
    Window,
    check_not_commercial,
    commercial_words,
    window_of,
)
from integration.adapters.channels.standard import signature
from integration.adapters.logs import configure_logs
from integration.ports.channels import Delivery
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.usecases.consents import ConsentWish, keep_consent
from integration.usecases.pull_chat import pull_chat
from integration.usecases.queue_message import Draft, put
from integration.usecases.reply_case import reply_case
from integration.workers.outbox import Outbox
from tests.builders import minutes_later
from tests.fakes.surroundings import NOW
from tests.intake.reception import WEB_KEY
from tests.outbound.mailroom import AGENT, NUMBER, Mailroom, play

GRANTED, WITHDRAWN = ConsentState.GRANTED, ConsentState.WITHDRAWN


def an_advertisement(key: str) -> Draft:
    to = ChannelIdentity(IdentityKind.PHONE, NUMBER)
    document = {"text": "Summer discount!", "language": "en"}
    return Draft("BELEK1", Channel.SMS, to, Purpose.CAMPAIGN, document, kind=MessageKind.COMMERCIAL, key=key)


async def queued(room: Mailroom, key: str) -> Outgoing:
    found: Outgoing = await room.desk.store.transact(lambda tx: put(room.desk, tx, AGENT, an_advertisement(key)))
    return found


async def says(room: Mailroom, state: ConsentState, key: str, **more: str) -> None:
    (case,) = await room.cases()
    await keep_consent(room.desk, AGENT, str(case.guest_id), ConsentWish(Channel.SMS, state, **more), key)
    room.clock.advance(seconds=1)


def test_an_advertisement_needs_a_consent_that_stands():
    async def story(room: Mailroom) -> None:
        await room.writes()
        with pytest.raises(ConsentMissing):
            await queued(room, "a1")
        await says(room, GRANTED, "c1")
        await queued(room, "a2")
        assert await room.round() == [OutgoingState.ACCEPTED]
        assert room.sent("netgsm")[0].body["iysfilter"] == "11"
        await says(room, WITHDRAWN, "c2")
        with pytest.raises(ConsentMissing):
            await queued(room, "a3")

    play(story)


def test_a_consent_taken_back_while_the_message_waits_holds_it():
    async def story(room: Mailroom) -> None:
        await room.writes()
        await says(room, GRANTED, "c1")
        row = await queued(room, "a1")
        await says(room, WITHDRAWN, "c2")
        await room.round()
        assert (await room.row(row.outbox_id)).state is OutgoingState.HELD
        assert room.sent("netgsm") == []

    play(story)


def test_a_consent_for_messages_is_none_for_mail_and_its_source_must_be_known():
    async def story(room: Mailroom) -> None:
        await room.writes()
        with pytest.raises(InvalidInput):
            await says(room, GRANTED, "c1", source="HS_MADE_UP")
        (case,) = await room.cases()
        with pytest.raises(InvalidInput):
            await keep_consent(room.desk, AGENT, str(case.guest_id), ConsentWish(Channel.EMAIL, GRANTED), "c2")
        await says(room, GRANTED, "c3")
        mail = Draft(
            "BELEK1", Channel.EMAIL, ChannelIdentity(IdentityKind.EMAIL, "anna@example.com"), Purpose.CAMPAIGN,
            {"text": "x"}, kind=MessageKind.COMMERCIAL, key="m",
        )  # fmt: skip
        with pytest.raises(ConsentMissing):
            await room.desk.store.transact(lambda tx: put(room.desk, tx, AGENT, mail))

    play(story)


@pytest.mark.parametrize(
    "text",
    [
        "Son şans: %20 İNDİRİM!",
        "KAMPANYA başladı",
        "A special offer",
        "Sonderangebot nur heute",
        "Скидки до 30%",
    ],
)
def test_what_advertises_is_refused_as_a_transactional_message(text: str):
    assert commercial_words(text)
    with pytest.raises(Refused):
        check_not_commercial(text)


@pytest.mark.parametrize(
    "text",
    ["Rezervasyonunuz kesinleşti.", "Ihr Angebot vom Hotel", "Your offer from Belek", "Ваше бронирование подтверждено"],
)
def test_what_tells_of_a_booking_does_not_advertise(text: str):
    assert commercial_words(text) == ()


def test_windows_close_at_their_instant():
    day = 24 * 60
    assert window_of(Channel.WHATSAPP, NOW, minutes_later(day - 1)) is Window.OPEN
    assert window_of(Channel.WHATSAPP, NOW, minutes_later(day)) is Window.CLOSED
    assert window_of(Channel.INSTAGRAM, NOW, minutes_later(day)) is Window.PERSON
    assert window_of(Channel.INSTAGRAM, NOW, minutes_later(7 * day)) is Window.CLOSED
    assert window_of(Channel.WHATSAPP, None, NOW) is Window.CLOSED
    assert window_of(Channel.EMAIL, None, NOW) is Window.OPEN


def test_the_log_and_the_audit_say_nothing_of_whom_or_what_was_written():
    async def story(room: Mailroom) -> None:
        stream = io.StringIO()
        configure_logs(stream)
        case = await room.writes("My secret wish")
        room.memory.add_fault("whatsapp", "429")
        await reply_case(room.desk, AGENT, case.case_id, "A private answer", "k1")
        outbox = Outbox(room.desk, structlog.get_logger("t"))
        await outbox.work()
        room.clock.advance(seconds=20)
        await outbox.work()
        said = stream.getvalue()
        audit = str(await room.desk.store.read(lambda tx: tx.tail_audit(50)))
        assert "message_accepted" in said
        assert "withheld" not in said
        for secret in (NUMBER, NUMBER[1:], "private", "secret", "Anna"):
            assert secret not in said
            assert secret not in audit

    play(story)
    structlog.reset_defaults()


def signed_by_site(body: Mapping[str, object], at: datetime, number: str) -> Delivery:
    raw, stamp = json.dumps(body).encode(), str(int(at.timestamp()))
    mark = signature(base64.b64decode(WEB_KEY.removeprefix("whsec_")), number, stamp, raw).decode()
    headers = {"webhook-id": number, "webhook-timestamp": stamp, "webhook-signature": mark}
    return Delivery(raw, headers, "https://hotel.example/hooks/chat", at)


def test_the_hotel_site_fetches_the_chat_by_its_signature_and_only_its_visitors():
    async def story(room: Mailroom) -> None:
        now = room.clock.now()
        written = {"type": "message.created", "data": {"visitor_id": "v1", "text": "Hello?", "name": "Ada"}}
        await room.delivers("chat", signed_by_site(written, now, "evt-1"))
        (case,) = await room.cases()
        await reply_case(room.desk, AGENT, case.case_id, "Hello Ada", "k1")
        hook = room.desk.hooks["chat"]
        asked = {"type": "messages.wanted", "data": {"visitor_id": "v1"}}
        found = await pull_chat(room.desk, hook, signed_by_site(asked, now, "q-1"))
        assert isinstance(found, dict)
        (said,) = found["messages"]
        assert said["text"].startswith("Hello Ada")
        after = {"type": "messages.wanted", "data": {"visitor_id": "v1", "after": said["message_id"]}}
        assert await pull_chat(room.desk, hook, signed_by_site(after, now, "q-2")) == {"messages": []}
        other = {"type": "messages.wanted", "data": {"visitor_id": "v2"}}
        assert await pull_chat(room.desk, hook, signed_by_site(other, now, "q-3")) == {"messages": []}

    play(story)
