"""A number that an agent typed proves itself: a code goes there and is read back (docs/algorithms/outbound.md 8)."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from domain.access import Actor
from domain.address_code import CODE_LIFE, MOST_TRIES
from domain.contact import Channel, Vouching
from domain.errors import (
    ChannelNotVerified,
    CodeExpired,
    CodeWrong,
    InvalidInput,
    NotFound,
    Refused,
    TooManyCodes,
)
from domain.guest import ChannelIdentity, IdentityKind
from integration.errors import OutcomeUnknown
from integration.usecases.address_wish import AddressWish
from integration.usecases.answers import Body
from integration.usecases.check_code import check_code
from integration.usecases.lead_add import LeadCard, add_lead
from integration.usecases.list_cases import show_case
from integration.usecases.send_code import send_code
from integration.usecases.send_offer import send_summary
from integration.usecases.write_guest import GuestCard
from tests.builders import a_reservation
from tests.outbound.mailroom import AGENT, CHIEF, EMAIL, Mailroom, play
from tests.outbound.test_routes import a_client

TYPED = "+49 151 23456789"
E164 = "+4915123456789"
PHONE = ChannelIdentity(IdentityKind.PHONE, E164)
SMS = AddressWish(phone=TYPED)


async def a_lead(room: Mailroom, **who: str) -> Body:
    """Somebody whose number and address an agent has typed."""
    card = {"name": "Anna Schmidt", "phone": TYPED, "email": EMAIL, **who}
    answer = await add_lead(room.desk, AGENT, LeadCard(GuestCard(**card)), f"lead-{card}")
    return answer.body


async def sent(room: Mailroom, guest_id: str, key: str = "s1", wish: AddressWish = SMS) -> Body:
    return (await send_code(room.desk, AGENT, guest_id, wish, key)).body


async def tried(room: Mailroom, guest_id: str, code: str, key: str, actor: Actor = AGENT, **wish: Any) -> Body:
    return (await check_code(room.desk, actor, guest_id, AddressWish(**(wish or {"phone": TYPED})), code, key)).body


def body_of(room: Mailroom, provider: str) -> str:
    return str(room.sent(provider)[-1].body)


def code_in(room: Mailroom, provider: str = "netgsm") -> str:
    """What the guest sees."""
    (found,) = set(re.findall(r"(?<![\w.:+-])\d{6}(?![\w.:-])", body_of(room, provider)))
    return str(found)


async def vouching(room: Mailroom, identity: ChannelIdentity = PHONE) -> Vouching | None:
    fact = await room.desk.store.read(lambda tx: tx.get_identity_fact(identity))
    return fact.vouching if fact is not None else None


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_typed_number_gets_documents_once_its_code_was_read_back():
    async def story(room: Mailroom) -> None:
        lead = await a_lead(room)
        one = a_reservation(guest_id=lead["guest_id"], case_id=lead["case_id"])
        await room.desk.store.transact(lambda tx: tx.add_reservation(one))
        with pytest.raises(ChannelNotVerified):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "d1")
        body = await sent(room, lead["guest_id"])
        assert (body["status"], body["purpose"], body["channel"]) == ("accepted", "address_code", "sms")
        assert body["expires_at"] == "2027-05-01T09:10:00Z"
        proven = await tried(room, lead["guest_id"], code_in(room), "c1")
        assert (proven["how"], proven["vouching"], proven["kind"]) == ("code_read_back", "code", "phone")
        assert await vouching(room) is Vouching.CODE
        summary = await send_summary(room.desk, AGENT, one.reservation_id, Channel.SMS, "d2")
        assert summary.body["status"] == "accepted"

    play(story)


def test_the_digits_stand_nowhere_but_in_the_message_that_left():
    async def story(room: Mailroom) -> None:
        lead = await a_lead(room)
        body = await sent(room, lead["guest_id"])
        code = code_in(room)
        row = await room.row(body["outbox_id"])
        shown = await show_case(room.desk, CHIEF, lead["case_id"])
        trail = await room.desk.store.read(lambda tx: tx.tail_audit(50))
        codes = await room.desk.store.read(lambda tx: tx.codes_of(PHONE, room.clock.now() - CODE_LIFE))
        assert "******" in str(row.document)
        for place in (row, body, shown, trail, codes):
            assert code not in re.findall(r"(?<!\d)\d{6}(?!\d)", str(place))

    play(story)


def test_it_stands_in_the_guests_case_and_answers_nobody():
    async def story(room: Mailroom) -> None:
        case = await room.writes()
        assert case.guest_id is not None
        room.clock.advance(minutes=1)
        await sent(room, case.guest_id)
        assert (await room.case(case.case_id)).waiting_since is not None
        await tried(room, case.guest_id, code_in(room), "c1")
        shown = await show_case(room.desk, AGENT, case.case_id)
        contact = shown["contacts"][-1]
        assert (contact["sender"], contact["channel"]) == ("automatic", "sms")
        (event,) = [one for one in shown["events"] if one["kind"] == "address_proven"]
        assert event["detail"] == {"kind": "phone", "how": "code_read_back", "channel": "sms"}
        assert event["actor"] == AGENT.name

    play(story)


def test_five_wrong_tries_spend_a_code():
    async def story(room: Mailroom) -> None:
        lead = await a_lead(room)
        await sent(room, lead["guest_id"])
        code = code_in(room)
        for left in reversed(range(MOST_TRIES)):
            with pytest.raises(CodeWrong, match=f"{left} tries"):
                await tried(room, lead["guest_id"], other_than(code), f"c{left}")
        with pytest.raises(CodeExpired):
            await tried(room, lead["guest_id"], code, "right")
        assert await vouching(room) is None

    play(story)


def test_repeating_a_wrong_try_under_its_key_costs_nothing_and_a_slip_neither():
    async def story(room: Mailroom) -> None:
        lead = await a_lead(room)
        await sent(room, lead["guest_id"])
        code = code_in(room)
        for _ in range(MOST_TRIES + 1):
            with pytest.raises(CodeWrong, match="4 tries"):
                await tried(room, lead["guest_id"], other_than(code), "same")
            for slip in ("12345", "1234567", "12345x", "", "१२३४५६"):
                with pytest.raises(InvalidInput, match="has 6 digits"):
                    await tried(room, lead["guest_id"], slip, "slip")
        spaced = f" {code[:3]} {code[3:]} "
        assert (await tried(room, lead["guest_id"], spaced, "right"))["kind"] == "phone"
        again = await check_code(room.desk, AGENT, lead["guest_id"], SMS, spaced, "right")
        assert again.replayed

    play(story)


def test_a_code_is_dead_at_its_instant_works_once_and_a_newer_one_replaces_it():
    async def story(room: Mailroom) -> None:
        guest_id = (await a_lead(room))["guest_id"]
        await sent(room, guest_id, "s1")
        first = code_in(room)
        await sent(room, guest_id, "s2")
        second = code_in(room)
        assert first != second
        with pytest.raises(CodeWrong):
            await tried(room, guest_id, first, "c1")
        await tried(room, guest_id, second, "c2")
        with pytest.raises(CodeExpired):
            await tried(room, guest_id, second, "c3")
        await sent(room, guest_id, "s3")
        room.clock.advance(seconds=CODE_LIFE.total_seconds())
        with pytest.raises(CodeExpired):
            await tried(room, guest_id, code_in(room), "c4")

    play(story)


def test_an_address_gets_three_codes_an_hour_whoever_asks():
    async def story(room: Mailroom) -> None:
        guest_id = (await a_lead(room))["guest_id"]
        for number in range(3):
            await sent(room, guest_id, f"s{number}")
            room.clock.advance(minutes=5)
        with pytest.raises(TooManyCodes, match="in 45 min"):
            await send_code(room.desk, CHIEF, guest_id, SMS, "s4")
        assert len(room.sent("netgsm")) == 3
        room.clock.advance(minutes=45)
        await sent(room, guest_id, "s5")
        replayed = await send_code(room.desk, AGENT, guest_id, SMS, "s5")
        assert replayed.replayed
        assert len(room.sent("netgsm")) == 4

    play(story)


def test_a_code_goes_by_whatsapp_template_and_by_mail_too():
    async def story(room: Mailroom) -> None:
        lead = await a_lead(room)
        await sent(room, lead["guest_id"], "s1", AddressWish(phone=TYPED, via=Channel.WHATSAPP))
        assert '"type": "template"' in body_of(room, "whatsapp").replace("'", '"')
        assert (await tried(room, lead["guest_id"], code_in(room, "whatsapp"), "c1"))["kind"] == "phone"
        mail = AddressWish(email=EMAIL)
        await sent(room, lead["guest_id"], "s2", mail)
        proven = await tried(room, lead["guest_id"], code_in(room, "smtp"), "c2", CHIEF, email=EMAIL)
        assert proven["value"] == EMAIL
        assert await vouching(room, ChannelIdentity(IdentityKind.EMAIL, EMAIL)) is Vouching.CODE

    play(story)


def test_a_code_that_could_not_leave_goes_out_later_by_the_service_but_not_when_it_is_over():
    async def story(room: Mailroom) -> None:
        guest_id = (await a_lead(room))["guest_id"]
        room.memory.add_fault("netgsm", "429")
        assert (await sent(room, guest_id))["status"] == "queued"
        await room.round(seconds=60)
        assert (await tried(room, guest_id, code_in(room), "c1"))["kind"] == "phone"
        room.memory.add_fault("netgsm", "429")
        late = await sent(room, guest_id, "s2")
        await room.round(seconds=CODE_LIFE.total_seconds())
        assert (await room.row(late["outbox_id"])).problem == "too_late"
        assert len(room.sent("netgsm")) == 1
        assert await room.tasks() == []

    play(story)


def test_a_code_whose_answer_was_lost_can_be_read_back_and_becomes_nobodys_task():
    async def story(room: Mailroom) -> None:
        guest_id = (await a_lead(room))["guest_id"]
        room.memory.add_fault("netgsm", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await sent(room, guest_id)
        assert (await tried(room, guest_id, code_in(room), "c1"))["how"] == "code_read_back"
        await room.round(seconds=60)
        await room.round(seconds=CODE_LIFE.total_seconds())
        assert await room.tasks() == []

    play(story)


def test_what_a_code_cannot_prove_is_refused():
    async def story(room: Mailroom) -> None:
        lead = await a_lead(room)
        other = await a_lead(room, name="Max Mueller", phone="+49 151 23456780", email="max@example.com")
        guest_id = lead["guest_id"]
        refusals: list[tuple[AddressWish, type[Exception], str]] = [
            (AddressWish(phone="+49 151 23456780"), Refused, "belongs to another guest"),
            (AddressWish(phone="0850 222 33 44"), Refused, "Many people share"),
            (AddressWish(phone=TYPED, email=EMAIL), InvalidInput, "not both"),
            (AddressWish(phone=TYPED, via=Channel.EMAIL), InvalidInput, "No code reaches"),
            (AddressWish(email=EMAIL, via=Channel.SMS), InvalidInput, "No code reaches"),
            (AddressWish(phone=TYPED, via=Channel.INSTAGRAM), InvalidInput, "No code reaches"),
            (AddressWish(phone="12"), InvalidInput, "too short"),
        ]
        for number, (wish, error, words) in enumerate(refusals):
            with pytest.raises(error, match=words):
                await sent(room, guest_id, f"s{number}", wish)
        with pytest.raises(NotFound):
            await sent(room, "gst_none", "s9")
        with pytest.raises(CodeExpired):
            await tried(room, other["guest_id"], "123456", "c1", phone="+49 151 23456780")
        assert room.sent("netgsm") == []

    play(story)


def test_without_a_word_the_first_number_we_have_is_meant():
    async def story(room: Mailroom) -> None:
        guest_id = (await a_lead(room))["guest_id"]
        assert (await sent(room, guest_id, "s1", AddressWish()))["channel"] == "sms"
        assert (await sent(room, guest_id, "s2", AddressWish(via=Channel.EMAIL)))["channel"] == "email"

    play(story)


def test_a_number_nobody_knew_becomes_the_guests_by_its_code():
    async def story(room: Mailroom) -> None:
        guest_id = (await a_lead(room))["guest_id"]
        new = AddressWish(phone="+49 151 23456781")
        await sent(room, guest_id, "s1", new)
        owner = ChannelIdentity(IdentityKind.PHONE, "+4915123456781")
        assert await room.desk.store.read(lambda tx: tx.find_guest(owner)) is None
        await tried(room, guest_id, code_in(room), "c1", phone="+49 151 23456781")
        found = await room.desk.store.read(lambda tx: tx.find_guest(owner))
        assert found is not None
        assert found.guest_id == guest_id

    play(story)


def test_over_http_it_is_sent_checked_masked_and_refused():
    async def story(room: Mailroom) -> None:
        client, lead = await a_client(room), await a_lead(room)
        place = f"/v1/guests/{lead['guest_id']}/codes"
        first = await client.post(place, {"phone": TYPED}, key="s")
        again = await client.post(place, {"phone": TYPED}, key="s")
        assert (first.status, first.json["status"], again.headers["idempotency-replayed"]) == (200, "accepted", "true")
        code = code_in(room)
        wrong: Mapping[str, Any] = {"phone": TYPED, "code": other_than(code)}
        refused = await client.post(f"{place}/check", wrong)
        assert (refused.status, refused.json["code"], refused.json["field"]) == (409, "code_wrong", "code")
        assert (await client.post(f"{place}/check", {"phone": TYPED, "code": "x"})).status == 422
        proven = await client.post(f"{place}/check", {"phone": TYPED, "code": code}, key="c")
        assert (proven.status, proven.json["how"]) == (200, "code_read_back")
        for reply in (first, proven):
            assert "23456789" not in reply.raw.decode()
        over = await client.post(f"{place}/check", {"phone": TYPED, "code": code})
        assert (over.status, over.json["code"]) == (409, "code_expired")
        for _ in range(2):
            await client.post(place, {"phone": TYPED})
        assert (await client.post(place, {"phone": TYPED})).json["code"] == "too_many_codes"

    play(story)
