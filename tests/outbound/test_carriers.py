"""Each carrier against its provider's stand-in, on a real socket: taken, refused, never left, nobody knows, found."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import pytest

from domain.contact import Channel
from domain.guest import IdentityKind
from integration.adapters.carriers.configured import HomeCarriers, Outside
from integration.ports.outbound import WINDOW_CLOSED, Accepted, Carrier, Looked, MaybeTaken, NotSent, NotTaken
from integration.ports.queue_records import Outgoing, OutgoingState
from pms_mock.channels.memory import ChannelMemory
from pms_mock.channels.providers.payments import (
    IYZICO_KEY,
    IYZICO_SECRET,
    PAYTR_KEY,
    PAYTR_MERCHANT,
    PAYTR_SALT,
)
from pms_mock.channels.server import Served, served
from tests.fakes.surroundings import NOW, FakeClock, FakeIds
from tests.outbound.mailroom import EMAIL, NUMBER

BOOKING = {"account": "booking/1234", "thread": "conv-1"}
LINK = {
    "amount": "200.00",
    "currency": "EUR",
    "reservation_id": "res_1",
    "expires_at": (NOW + timedelta(hours=24)).isoformat(),
}


def an_outgoing(channel: Channel, kind: IdentityKind, value: str, **document: Any) -> Outgoing:
    """A row as the outbox hands it over."""
    known = {"text": "Hello İ ı 🌊", "language": "en", "form": "text", "sent_at": NOW.isoformat(), **document}
    return Outgoing(
        outbox_id="out_000001",
        hotel_id="BELEK1",
        channel=channel,
        kind="transactional",
        purpose="reply",
        state=OutgoingState.SENDING,
        case_id=None,
        message_id=None,
        guest_id=None,
        handle_kind=kind,
        handle_scope="",
        handle_value=value,
        actor="agent7",
        request_key="k1",
        created_at=NOW,
        due_at=NOW,
        changed_at=NOW,
        attempts=1,
        document=known,
    )


def table_of(kind: str, place: Served) -> dict[str, Any]:
    """What channels.toml would say."""
    base = f"{place.url}/{kind}"
    sender = {"user": "u", "password": "p", "header": "SANTRAL"}
    found: dict[str, dict[str, Any]] = {
        "whatsapp": {"base": base, "token": "t", "phone_number_id": "1", "templates": {"reply": "reopen"}},
        "instagram": {"base": base, "token": "t", "account": "17"},
        "netgsm": {"base": base, **sender},
        "verimor": {"base": base, **sender},
        "booking": {"base": base, "logon": base, "client_id": "c", "client_secret": "s"},
        "iyzico": {"base": base, "api_key": IYZICO_KEY, "secret": IYZICO_SECRET},
        "paytr": {"base": base, "merchant": PAYTR_MERCHANT, "key": PAYTR_KEY, "salt": PAYTR_SALT},
        "smtp": {
            "host": place.mail_host,
            "port": str(place.mail_port),
            "security": "none",
            "sender": "reservations@hotel.example",
        },
    }
    return {"one": {"kind": kind, "hotels": ["BELEK1"], **found[kind]}}


ROWS = {
    "whatsapp": an_outgoing(Channel.WHATSAPP, IdentityKind.PHONE, NUMBER),
    "instagram": an_outgoing(Channel.INSTAGRAM, IdentityKind.INSTAGRAM_USER, "555"),
    "netgsm": an_outgoing(Channel.SMS, IdentityKind.PHONE, NUMBER),
    "verimor": an_outgoing(Channel.SMS, IdentityKind.PHONE, NUMBER),
    "smtp": an_outgoing(Channel.EMAIL, IdentityKind.EMAIL, EMAIL, subject="Your offer"),
    "booking": an_outgoing(Channel.OTA, IdentityKind.OTA_RESERVATION, "99", **BOOKING),
    "iyzico": an_outgoing(Channel.PAYMENT, IdentityKind.PMS_PROFILE, "res_1", **LINK),
    "paytr": an_outgoing(Channel.PAYMENT, IdentityKind.PMS_PROFILE, "res_1", **LINK),
}
Story = Callable[[Carrier, ChannelMemory], Awaitable[None]]


def play(kind: str, story: Story) -> None:
    """A carrier and its provider's stand-in on sockets of this machine."""

    async def run() -> None:
        memory = ChannelMemory(now_ms=lambda: int(NOW.timestamp() * 1000))
        async with served(memory) as place:
            carriers = HomeCarriers(Outside(FakeClock(), FakeIds()), table_of(kind, place), {})
            carrier = carriers.of("BELEK1", ROWS[kind].channel)
            assert carrier is not None
            try:
                await story(carrier, memory)
            finally:
                await carriers.close()
        memory.close()

    asyncio.run(run())


@pytest.mark.parametrize("kind", ROWS)
def test_a_message_is_taken_with_our_number_and_whole(kind: str):
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        accepted = await carrier.send(ROWS[kind])
        assert accepted.provider_id
        (sent,) = memory.sent(kind)
        if kind not in {"instagram", "netgsm", "booking"}:
            assert "out_000001" in sent.correlation
        if kind not in {"iyzico", "paytr"}:
            assert "Hello İ ı 🌊" in str(sent.body)
        else:
            assert accepted.facts["url"].startswith("https://pay.example.com/")

    play(kind, story)


@pytest.mark.parametrize("kind", ROWS)
def test_too_many_requests_mean_that_it_never_left(kind: str):
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        memory.add_fault(kind, "429")
        with pytest.raises(NotSent):
            await carrier.send(ROWS[kind])
        assert memory.sent(kind) == []

    play(kind, story)


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("fault", ["lost_answer", "500_after"])
def test_a_lost_answer_and_an_error_after_the_work_mean_that_nobody_knows(kind: str, fault: str):
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        memory.add_fault(kind, fault)
        is_told = (kind, fault) == ("smtp", "500_after")  # 451 behind a mail says that it was not taken
        with pytest.raises(NotSent if is_told else MaybeTaken):
            await carrier.send(ROWS[kind])
        assert len(memory.sent(kind)) == (0 if is_told else 1)

    play(kind, story)


@pytest.mark.parametrize("kind", ROWS)
def test_what_was_lost_is_found_by_whoever_can_be_asked(kind: str):
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        silent = kind in {"whatsapp", "netgsm", "smtp"}
        nothing = Looked.SILENT if silent else Looked.ABSENT
        assert await carrier.look_up(ROWS[kind]) is nothing
        memory.add_fault(kind, "lost_answer")
        with pytest.raises(MaybeTaken):
            await carrier.send(ROWS[kind])
        found = await carrier.look_up(ROWS[kind])
        assert isinstance(found, Accepted) is (not silent and kind != "paytr")

    play(kind, story)


@pytest.mark.parametrize(
    ("kind", "code", "meaning"),
    [
        ("whatsapp", "131047", WINDOW_CLOSED),
        ("whatsapp", "131026", "undeliverable"),
        ("whatsapp", "131050", "guest_stopped_advertising"),
        ("whatsapp", "132001", "template_missing"),
        ("whatsapp", "999999", "code_999999"),
        ("instagram", "2018278", WINDOW_CLOSED),
        ("netgsm", "20", "text_refused"),
        ("netgsm", "50", "consent_registry_refuses"),
        ("verimor", "INVALID_SOURCE_ADDRESS", "invalid_source_address"),
        ("smtp", "550", "smtp_550"),
        ("booking", "closed", "status_400"),
        ("iyzico", "5", "code_5"),
        ("paytr", "009", "code_009"),
    ],
)
def test_a_refusal_keeps_its_meaning(kind: str, code: str, meaning: str):
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        memory.add_fault(kind, "refused", detail=code)
        with pytest.raises(NotTaken) as caught:
            await carrier.send(ROWS[kind])
        assert caught.value.code == meaning

    play(kind, story)


@pytest.mark.parametrize(("kind", "code"), [("whatsapp", "130429"), ("whatsapp", "131056"), ("netgsm", "80")])
def test_a_limit_of_rate_means_later_whatever_the_status_says(kind: str, code: str):
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        memory.add_fault(kind, "refused", detail=code)
        with pytest.raises(NotSent):
            await carrier.send(ROWS[kind])

    play(kind, story)


@pytest.mark.parametrize("kind", [one for one in ROWS if one != "smtp"])
def test_a_provider_that_is_not_there_means_that_it_never_left(kind: str):
    async def run() -> None:
        gone = Served("http://127.0.0.1:9", "127.0.0.1", 9)
        carriers = HomeCarriers(Outside(FakeClock(), FakeIds()), table_of(kind, gone), {})
        carrier = carriers.of("BELEK1", ROWS[kind].channel)
        assert carrier is not None
        with pytest.raises(NotSent):
            await carrier.send(ROWS[kind])
        await carriers.close()

    asyncio.run(run())


def test_whatsapp_writes_to_a_user_without_a_number_and_by_template_outside_the_window():
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        user = replace(ROWS["whatsapp"], handle_kind=IdentityKind.WHATSAPP_USER, handle_value="DE.333")
        await carrier.send(user)
        document = {**user.document, "form": "template", "template": {"name": "reply", "values": ["a", "b"]}}
        await carrier.send(replace(user, document=document))
        free, template = (one.body for one in memory.sent("whatsapp"))
        assert (free["recipient"], "to" in free) == ("DE.333", False)
        assert template["template"]["name"] == "reopen"
        assert [one["text"] for one in template["template"]["components"][0]["parameters"]] == ["a", "b"]

    play("whatsapp", story)


def test_instagram_says_that_a_person_typed_it_after_the_first_day():
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        row = ROWS["instagram"]
        await carrier.send(replace(row, document={**row.document, "form": "person"}))
        assert memory.sent("instagram")[0].body["tag"] == "HUMAN_AGENT"
        with pytest.raises(NotTaken):
            await carrier.send(replace(row, document={**row.document, "form": "template"}))

    play("instagram", story)


def test_a_mail_has_our_number_stands_in_its_thread_and_says_when_a_machine_wrote_it():
    async def story(carrier: Carrier, memory: ChannelMemory) -> None:
        row = ROWS["smtp"]
        more = {"in_reply_to": "<abc@guest.example>", "sender": "automatic", "subject": "Re: a\r\nBcc: x@example.com"}
        await carrier.send(replace(row, document={**row.document, **more}))
        headers = memory.sent("smtp")[0].body["headers"]
        assert headers["message-id"] == "<out_000001@hotel.example>"
        assert headers["in-reply-to"] == "<abc@guest.example>"
        assert headers["auto-submitted"] == "auto-replied"
        assert parseaddr(headers["to"])[1] == EMAIL
        assert "bcc" not in headers

    play("smtp", story)
