"""Offers, summaries and payment links: by template, to verified addresses, counted once when paid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.contact import Channel
from domain.errors import ChannelNotVerified, InvalidInput, OfferExpired
from domain.guest import ChannelIdentity, IdentityKind
from domain.offer import OfferId
from domain.outbound import commercial_words
from domain.reservation import Reservation, ReservationState
from integration.adapters.phrases import CataloguePhrases
from integration.errors import OutcomeUnknown
from integration.ports.queue_records import CaseWish, OutgoingState
from integration.usecases.request_payment import request_payment
from integration.usecases.send_offer import send_offer, send_summary
from integration.usecases.templates import GUEST_TEMPLATES
from pms_mock.channels.callbacks import iyzico_notice, pay_link, paytr_notice
from pms_mock.channels.providers.payments import PAYTR_KEY, PAYTR_MERCHANT, PAYTR_SALT
from tests.outbound.mailroom import AGENT, EMAIL, NUMBER, Mailroom, play
from tests.outbound.sales import a_booking, an_offer_made

PAYTR = {
    "pay": {"kind": "paytr", "hotels": ["BELEK1"], "merchant": PAYTR_MERCHANT, "key": PAYTR_KEY, "salt": PAYTR_SALT}
}
HOLD, OPTION, CONFIRMED = ReservationState.HOLD, ReservationState.OPTION, ReservationState.CONFIRMED


async def stored(room: Mailroom, one: Reservation) -> Reservation:
    found: Reservation = await room.desk.store.read(lambda tx: tx.get_reservation(one.reservation_id))
    return found


async def knows_mail(room: Mailroom, address: str) -> None:
    """An agent types an address."""

    def work(tx) -> None:
        (case,) = tx.list_cases(CaseWish(), 9)
        guest = tx.get_guest(case.guest_id)
        tx.put_guest(guest.known_as(ChannelIdentity(IdentityKind.EMAIL, address)), frozenset())

    await room.desk.store.transact(work)


def test_an_offer_reaches_the_guest_with_its_prices_and_nothing_of_the_house():
    async def story(room: Mailroom) -> None:
        offer = await an_offer_made(room)
        answer = await send_offer(room.desk, AGENT, offer.offer_id, Channel.WHATSAPP, "k1")
        assert answer.body["status"] == "accepted"
        assert answer.body["to"] != NUMBER
        text = room.sent("whatsapp")[0].body["text"]["body"]
        assert "€" in text
        assert "1) " in text
        assert "gst_" not in text

    play(story)


def test_outside_the_window_an_offer_goes_by_the_approved_template():
    async def story(room: Mailroom) -> None:
        offer = await an_offer_made(room)
        room.clock.advance(hours=25)
        later = replace(offer, valid_until=room.clock.now() + timedelta(minutes=10))
        await room.desk.store.transact(lambda tx: tx.add_offer(replace(later, offer_id=OfferId("off_later"))))
        await send_offer(room.desk, AGENT, "off_later", Channel.WHATSAPP, "k1")
        body = room.sent("whatsapp")[0].body
        assert body["template"]["name"] == "stand-in-offer"
        assert len(body["template"]["components"][0]["parameters"]) == 5

    play(story)


def test_a_provider_that_says_the_window_is_closed_gets_the_template_instead():
    async def story(room: Mailroom) -> None:
        offer = await an_offer_made(room)
        room.memory.add_fault("whatsapp", "refused", detail="131047")
        answer = await send_offer(room.desk, AGENT, offer.offer_id, Channel.WHATSAPP, "k1")
        assert answer.body["status"] == "queued"
        assert await room.round() == [OutgoingState.ACCEPTED]
        assert [one.body["type"] for one in room.sent("whatsapp")] == ["template"]

    play(story)


def test_an_offer_that_is_over_is_not_sent():
    async def story(room: Mailroom) -> None:
        offer = await an_offer_made(room)
        room.clock.set(offer.valid_until)
        with pytest.raises(OfferExpired):
            await send_offer(room.desk, AGENT, offer.offer_id, Channel.WHATSAPP, "k1")

    play(story)


def test_a_summary_goes_to_a_verified_address_only_and_holds_no_name():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        with pytest.raises(InvalidInput):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.EMAIL, "k1")
        await knows_mail(room, EMAIL)
        with pytest.raises(ChannelNotVerified):
            await send_summary(room.desk, AGENT, one.reservation_id, Channel.EMAIL, "k2")
        await send_summary(room.desk, AGENT, one.reservation_id, Channel.WHATSAPP, "k3")
        text = room.sent("whatsapp")[0].body["text"]["body"]
        assert one.pms_ref in text
        assert "Anna" not in text
        assert room.sent("smtp") == []

    play(story)


def test_no_template_advertises_in_any_language():
    phrases = CataloguePhrases()
    said = {language: [phrases.say(language, one) for one in GUEST_TEMPLATES] for language in ("tr", "en", "de", "ru")}
    assert {language: commercial_words(" ".join(texts)) for language, texts in said.items()} == dict.fromkeys(said, ())
    assert all(said[language] != said["en"] for language in ("tr", "de", "ru"))


def test_a_payment_link_turns_a_hold_into_an_option_that_ends_with_it():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        answer = await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        assert answer.body["status"] == "accepted"
        after = await stored(room, one)
        assert after.state is OPTION
        await room.round()
        row = await room.row(answer.body["outbox_id"])
        assert row.document["expires_at"] == str(after.expires_at and after.expires_at.isoformat())
        (link,) = room.memory.links()
        assert (link.amount, link.correlation) == (str(after.deposit_due.amount), row.outbox_id)
        assert f"https://pay.example.com/i/{link.token}" in room.sent("whatsapp")[0].body["text"]["body"]

    play(story)


async def _paid(room: Mailroom, one: Reservation, hook: str = "iyzico", times: int = 1) -> None:
    link = pay_link(room.memory, room.memory.links()[0].token)
    notice = iyzico_notice(link) if hook == "iyzico" else paytr_notice(link)
    for _ in range(times):
        await room.tells(hook, notice)
    await room.round(seconds=1)


@pytest.mark.parametrize(("hook", "tables"), [("iyzico", None), ("paytr", PAYTR)])
def test_a_paid_link_told_three_times_confirms_once(hook: str, tables):
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        await room.round()
        await _paid(room, one, hook, times=3)
        after = await stored(room, one)
        assert (after.state, after.paid) == (CONFIRMED, one.deposit_due)
        assert await room.tasks() == []

    play(story, tables)


def test_a_notice_that_the_provider_does_not_bear_out_counts_for_nothing():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        (link,) = room.memory.links()
        lie = replace(link, payment_id="123456", state="paid")
        await room.tells("iyzico", iyzico_notice(lie))
        await room.round(seconds=1)
        assert (await stored(room, one)).paid.amount == 0
        assert await room.tasks() == ["payment_check"]

    play(story)


def test_another_amount_than_the_link_asked_for_is_put_before_a_person():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        (link,) = room.memory.links()
        room.memory.keep_link(replace(link, amount="1.00"))
        await _paid(room, one)
        assert (await stored(room, one)).paid.amount == 0
        assert await room.tasks() == ["payment_check"]

    play(story)


def test_a_payment_for_a_lapsed_reservation_brings_it_back():
    async def story(room: Mailroom) -> None:
        from integration.usecases.lapse_reservations import lapse_due
        from integration.workers.sweep import SWEEPER

        one = await a_booking(room)
        await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        room.clock.advance(hours=30)
        await lapse_due(room.desk, SWEEPER)
        assert (await stored(room, one)).state is ReservationState.EXPIRED
        await _paid(room, one)
        assert (await stored(room, one)).state is CONFIRMED

    play(story)


def test_a_lost_answer_of_the_payment_provider_makes_one_link_and_one_message():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        room.memory.add_fault("iyzico", "lost_answer")
        with pytest.raises(OutcomeUnknown):
            await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        await room.round(seconds=40)
        await room.round(seconds=1)
        assert len(room.memory.links()) == 1
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_nothing_more_than_is_owed_is_asked_for():
    async def story(room: Mailroom) -> None:
        one = await a_booking(room)
        too_much = replace(one.total, amount=one.total.amount + 1)
        with pytest.raises(InvalidInput):
            await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP, too_much)

    play(story)


def test_a_payment_for_a_lapsed_reservation_whose_room_is_gone_is_owed_back_once():
    async def story(room: Mailroom) -> None:
        from integration.usecases.lapse_reservations import lapse_due
        from integration.workers.sweep import SWEEPER

        one = await a_booking(room)
        await request_payment(room.desk, AGENT, one.reservation_id, "p1", Channel.WHATSAPP)
        room.clock.advance(hours=30)
        await lapse_due(room.desk, SWEEPER)
        house = room.reception.office.pms.house(room.desk.hotels["BELEK1"])
        for night in one.stay.nights():
            house.stock[one.room_type, night] = 0
        await _paid(room, one, times=2)
        assert (await stored(room, one)).state is ReservationState.EXPIRED
        assert await room.tasks() == ["refund"]

    play(story)
