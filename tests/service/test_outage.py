"""An outage of the PMS as agents live it: told at once and since when, read-only from what is known, over by itself."""

from typing import Any

import pytest

from integration.adapters.breaker import Thresholds
from integration.usecases.lapse_reservations import lapse_due
from integration.workers.sweep import SWEEPER
from pms_mock import control
from tests.contract.ohip.house import seed_document
from tests.service.client import Reply
from tests.service.house import ANNA, CARD, HOLD, QUOTE
from tests.service.outage import Outpost, play_outage

HINT = "What is stored can be read, calls and notes can be taken. Repeat this later with the same key."
FEW = 12


async def sold(post: Outpost, key: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
    """A reservation made while all is well."""
    offer = (await post.agent.post("/v1/quotes", QUOTE)).json["offer_id"]
    made = await post.agent.post("/v1/reservations", {**(wish or HOLD), "offer_id": offer}, key=key)
    assert made.status == 201, made.json
    return dict(made.json)


async def gone_down(post: Outpost) -> None:
    """The profile's five minutes of nothing have begun and two agents have met them."""
    assert (await post.agent.post("/v1/quotes", QUOTE)).status == 200
    post.arm("outage")
    post.later(minutes=10, seconds=1)
    for _ in range(2):
        assert (await post.agent.post("/v1/quotes", QUOTE)).status == 503
    post.sent.clear()


def check_told(reply: Reply) -> None:
    """Down, since when, what to do, when to come back."""
    assert (reply.status, reply.json["code"]) == (503, "pms_unavailable"), reply.json
    assert reply.json["detail"] == "The PMS is down; read-only since 12:10."
    assert (reply.json["hint"], reply.json["since"]) == (HINT, "2027-05-01T09:10:01Z")
    assert 1 <= int(reply.headers["retry-after"]) <= 5


def test_while_it_is_down_whatever_needs_the_pms_is_refused_at_once() -> None:
    async def story(post: Outpost) -> None:
        held = await sold(post, "k-1")
        offer = (await post.agent.post("/v1/quotes", QUOTE)).json["offer_id"]
        await gone_down(post)
        place = f"/v1/reservations/{held['reservation_id']}"
        check_told(await post.agent.post("/v1/quotes", QUOTE))
        check_told(await post.agent.post("/v1/reservations", {**CARD, "offer_id": offer}, key="k-2"))
        check_told(await post.agent.post(f"{place}/confirm", {"guarantee": "card"}, key="k-3"))
        pay = {"amount": {"amount": "10.00", "currency": "EUR"}, "method": "link"}
        check_told(await post.agent.post(f"{place}/pay", pay, key="k-4"))
        check_told(await post.agent.post(f"{place}/cancel", {"reason": "guest"}, key="k-5"))
        assert post.sent == []
        assert post.log.events().count("pms_down") == 1

    play_outage(story)


def test_the_twin_without_a_breaker_sends_every_request_into_the_void() -> None:
    async def story(post: Outpost) -> None:
        await gone_down(post)
        for _ in range(FEW):
            assert (await post.agent.post("/v1/quotes", QUOTE)).status == 503
        assert len(post.sent) >= 3 * FEW

    play_outage(story, Thresholds(opens_after=0))


def test_with_it_a_few_requests_are_all_that_is_sent_in_five_minutes() -> None:
    async def story(post: Outpost) -> None:
        await gone_down(post)
        for _ in range(FEW):
            assert (await post.agent.post("/v1/quotes", QUOTE)).status == 503
        assert post.sent == []
        for _ in range(10):
            post.later(seconds=5)
            await post.watch()
        assert len(post.sent) == 10

    play_outage(story)


def test_what_we_know_can_be_read_and_calls_and_notes_be_taken() -> None:
    async def story(post: Outpost) -> None:
        held = await sold(post, "k-1")
        await gone_down(post)
        place = f"/v1/reservations/{held['reservation_id']}"
        shown = await post.agent.get(place)
        assert (shown.status, "pms" in shown.json) == (200, False)
        live = await post.agent.get(place, live="true")
        assert (live.status, live.json["pms"]) == (200, {"state": "down", "since": "2027-05-01T09:10:01Z"})
        assert (await post.agent.get("/v1/reservations")).status == 200
        found = await post.agent.get("/v1/guests", name="Anna Schmidt")
        assert (found.json["guests"][0]["name"], found.json["pms"]["state"]) == ("Anna Schmidt", "down")
        assert (await post.agent.get("/v1/guests", phone=ANNA["phone"])).status == 200
        noted = await post.agent.post(f"{place}/note", {"text": "Late arrival"}, key="k-6")
        assert (noted.status, noted.json["in_pms"]) == (200, False)
        call = await post.agent.post("/v1/calls", {"phone": ANNA["phone"]}, key="k-7")
        assert (call.status, call.json["pms_read"]) == (201, False)
        ended = await post.agent.post(f"/v1/calls/{call.json['call_id']}/end", {"outcome": "service"}, key="k-8")
        assert ended.status == 200
        assert post.sent == []

    play_outage(story)


def test_those_who_watch_see_which_hotel_is_down_and_since_when() -> None:
    async def story(post: Outpost) -> None:
        await gone_down(post)
        ready = await post.agent.get("/readyz")
        down = {"name": "pms:BELEK1", "status": "failed", "error": "pms_unavailable", "since": "2027-05-01T09:10:01Z"}
        assert (ready.status, down in ready.json["checks"]) == (503, True)
        assert b'santral_pms_down{hotel="BELEK1"} 1.0' in (await post.agent.get("/metrics")).raw

    play_outage(story)


def test_a_write_refused_while_it_was_down_goes_on_with_its_key_and_is_booked_once() -> None:
    async def story(post: Outpost) -> None:
        offer = (await post.agent.post("/v1/quotes", QUOTE)).json["offer_id"]
        await gone_down(post)
        sale = {**CARD, "offer_id": offer}
        for _ in range(3):
            check_told(await post.agent.post("/v1/reservations", sale, key="k-1"))
        post.later(minutes=7)
        await post.watch()
        assert post.log.events()[-1] == "pms_up"
        assert b'santral_pms_down{hotel="BELEK1"} 0.0' in (await post.agent.get("/metrics")).raw
        booked = await post.agent.post("/v1/reservations", sale, key="k-1")
        assert (booked.status, booked.json["status"]) == (201, "confirmed")
        again = await post.agent.post("/v1/reservations", sale, key="k-1")
        assert again.headers["idempotency-replayed"] == "true"
        assert (again.json["pms_ref"], post.asked("postReservation")) == (booked.json["pms_ref"], 1)

    play_outage(story)


@pytest.mark.parametrize("probes", [True, False])
def test_it_ends_by_itself_whether_or_not_anybody_asks(probes: bool) -> None:
    async def story(post: Outpost) -> None:
        await gone_down(post)
        post.later(minutes=7)
        if probes:
            await post.watch()
            assert post.desk.line.down_since("BELEK1") is None
        assert (await post.agent.post("/v1/quotes", QUOTE)).status in ({200} if probes else {200, 503})
        assert (await post.agent.post("/v1/quotes", QUOTE)).status == 200

    play_outage(story)


def test_the_sweep_lives_through_it_asks_nothing_and_then_makes_the_trial_itself() -> None:
    async def story(post: Outpost) -> None:
        held = await sold(post, "k-1")
        control.add_fault(post.store, "down", times=-1)
        post.later(minutes=20)
        for _ in range(2):
            assert (await post.agent.post("/v1/quotes", QUOTE)).status == 503
        post.sent.clear()
        for _ in range(3):
            swept = await lapse_due(post.desk, SWEEPER)
            assert swept.left == ((held["reservation_id"], "pms_unavailable"),)
        assert post.sent == []
        control.clear_faults(post.store)
        post.later(seconds=5)
        assert [one["status"] for one in (await lapse_due(post.desk, SWEEPER)).expired] == ["expired"]

    play_outage(story)


@pytest.mark.parametrize("is_write", [True, False])
def test_a_reseeded_mock_costs_a_new_token_and_nobody_notices(is_write: bool) -> None:
    async def story(post: Outpost) -> None:
        held = await sold(post, "k-1")
        control.reseed(post.store, seed_document(post.desk.hotel("BELEK1")))
        control.clock(post.store, set=post.clock.now())
        post.sent.clear()
        if is_write:
            await post.agent.post(f"/v1/reservations/{held['reservation_id']}/note", {"text": "Cot"}, key="k-2")
        else:
            assert (await post.agent.post("/v1/quotes", {**QUOTE, "nights": 3})).status == 200
        refused = [operation for operation, outcome in post.sent if outcome == "401"]
        assert refused
        answered = [operation for operation, outcome in post.sent if outcome != "401"]
        assert sorted(set(refused) & set(answered)) == sorted(set(refused))
        assert len(refused) == len(set(refused))

    play_outage(story)
