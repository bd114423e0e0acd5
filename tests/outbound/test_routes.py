"""Answers and offers over HTTP: the contract's shapes, keys, masks and problems."""

from dataclasses import replace

from domain.access import Role
from domain.outbound import ConsentState
from integration.http.app import create_app
from integration.usecases.keep_users import add_user, make_token
from tests.builders import an_actor
from tests.outbound.mailroom import NUMBER, Mailroom, play
from tests.outbound.sales import a_booking, an_offer_made
from tests.service.client import Client


async def a_client(room: Mailroom) -> Client:
    boss = an_actor(Role.ADMIN, "boss")
    await add_user(room.desk, boss, "agent7", Role.OPERATOR)
    return Client(create_app(room.desk), await make_token(room.desk, boss, "agent7"))


def test_an_answer_is_sent_once_for_its_key_and_shows_no_number():
    async def story(room: Mailroom) -> None:
        client, case = await a_client(room), await room.writes()
        path = f"/v1/cases/{case.case_id}/messages"
        first = await client.post(path, {"text": "Yes."}, key="k1")
        again = await client.post(path, {"text": "Yes."}, key="k1")
        assert (first.status, first.json["status"]) == (200, "accepted")
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json == first.json
        assert NUMBER[1:] not in first.raw.decode()
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_problems_say_what_is_wrong():
    async def story(room: Mailroom) -> None:
        client, case = await a_client(room), await room.writes()
        path = f"/v1/cases/{case.case_id}/messages"
        assert (await client.post("/v1/cases/cas_none/messages", {"text": "x"})).status == 404
        assert (await client.post(path, {"text": ""})).status == 422
        assert (await client.post(path, {"text": "x", "via": "pigeon"})).status == 422
        room.memory.add_fault("whatsapp", "lost_answer")
        unknown = await client.post(path, {"text": "x"}, key="k1")
        assert (unknown.status, unknown.json["code"]) == (504, "pms_outcome_unknown")
        pending = await client.post(path, {"text": "x"}, key="k1")
        assert (pending.status, pending.json["code"]) == (409, "outcome_pending")
        room.clock.advance(hours=25)
        late = await client.post(path, {"text": "x"}, key="k2")
        assert (late.status, late.json["code"]) == (409, "window_closed")
        assert len(room.sent("whatsapp")) == 1

    play(story)


def test_an_offer_a_summary_and_a_payment_link_go_out():
    async def story(room: Mailroom) -> None:
        client = await a_client(room)
        one = await a_booking(room)
        assert one.offer_id is not None
        via = {"via": "whatsapp"}
        sent = await client.post(f"/v1/offers/{one.offer_id}/send", via)
        assert (sent.status, sent.json["purpose"]) == (200, "offer")
        summary = await client.post(f"/v1/reservations/{one.reservation_id}/send", via)
        assert summary.json["purpose"] == "summary"
        link = await client.post(f"/v1/reservations/{one.reservation_id}/payment-link", via)
        assert (link.json["channel"], link.json["status"]) == ("payment", "accepted")
        refused = await client.post(f"/v1/offers/{one.offer_id}/send", {"via": "phone"})
        assert refused.status == 422

    play(story)


def test_a_consent_is_kept_and_taken_back():
    async def story(room: Mailroom) -> None:
        client, case = await a_client(room), await room.writes()
        path = f"/v1/guests/{case.guest_id}/consents"
        for state in (ConsentState.GRANTED, ConsentState.WITHDRAWN):
            kept = await client.post(path, {"via": "sms", "state": state.value})
            assert kept.status == 200
            rows = {one["purpose"]: one["state"] for one in kept.json["consents"]}
            assert rows == {"call": None, "message": state.value, "email": None}
            room.clock.advance(seconds=1)

    play(story)


def test_an_offer_of_a_call_without_a_guest_has_nobody_to_go_to():
    async def story(room: Mailroom) -> None:
        client, offer = await a_client(room), await an_offer_made(room)
        lone = replace(offer, offer_id=type(offer.offer_id)("off_lone"), call_id=None, case_id=None)
        await room.desk.store.transact(lambda tx: tx.add_offer(lone))
        reply = await client.post("/v1/offers/off_lone/send", {"via": "sms"})
        assert (reply.status, reply.json["code"]) == (422, "invalid_input")

    play(story)
