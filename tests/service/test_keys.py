"""Every write takes a request key: the same one gives the same status, body and place, and says so."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from integration.errors import PmsUnavailable
from tests.service.client import Reply
from tests.service.house import ANNA, House, play

KEY = "k-again"
Ask = Callable[[House, dict[str, Any]], Awaitable[Reply]]
WRITES: dict[str, Ask] = {
    "startCall": lambda house, _ids: house.agent.post("/v1/calls", {"phone": ANNA["phone"]}, key=KEY),
    "endCall": lambda house, ids: house.agent.post(f"/v1/calls/{ids['call']}/end", {"outcome": "sold"}, key=KEY),
    "noteOffer": lambda house, ids: house.agent.post(
        f"/v1/offers/{ids['offer']}/note", {"text": "Sea view.", "requests": ["late_check_in"]}, key=KEY
    ),
    "noteReservation": lambda house, ids: house.agent.post(
        f"/v1/reservations/{ids['reservation']}/note", {"text": "Quiet room."}, key=KEY
    ),
    "noteGuest": lambda house, ids: house.agent.post(f"/v1/guests/{ids['guest']}/note", {"text": "Nuts."}, key=KEY),
    "createGuest": lambda house, _ids: house.agent.post("/v1/guests", ANNA, key=KEY),
    "updateGuest": lambda house, ids: house.agent.patch(f"/v1/guests/{ids['guest']}", {"language": "de"}, key=KEY),
}


async def a_sale(house: House) -> dict[str, Any]:
    """A call in which a room was held for a guest: the ids."""
    call = (await house.agent.post("/v1/calls", {"phone": ANNA["phone"]})).json
    held = (await house.book()).json
    return {
        "call": call["call_id"],
        "offer": held["offer_id"],
        "reservation": held["reservation_id"],
        "guest": held["guest_id"],
    }


@pytest.mark.parametrize("name", WRITES)
def test_the_same_key_gives_the_same_answer_and_says_that_it_is_a_repeat(name: str):
    async def story(house: House) -> None:
        ids = await a_sale(house)
        first, again = await WRITES[name](house, ids), await WRITES[name](house, ids)
        assert first.status in {200, 201}
        assert (again.status, again.raw) == (first.status, first.raw)
        assert (first.headers["idempotency-key"], again.headers["idempotency-key"]) == (KEY, KEY)
        assert first.headers.get("location") == again.headers.get("location")
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        lines = [fields for _, event, fields in house.log.lines if event == name and fields.get("replayed")]
        assert len(lines) == 1

    play(story)


def test_the_same_key_with_another_text_is_refused_and_noted_nowhere():
    async def story(house: House) -> None:
        ids = await a_sale(house)
        await WRITES["noteReservation"](house, ids)
        place = f"/v1/reservations/{ids['reservation']}"
        other = await house.agent.post(f"{place}/note", {"text": "Loud room."}, key=KEY)
        assert (other.status, other.json["code"]) == (422, "key_reused")
        shown = await house.agent.get(place)
        assert [note["text"] for note in shown.json["notes"]] == ["Quiet room."]

    play(story)


def test_a_key_of_one_agent_is_not_anothers():
    async def story(house: House) -> None:
        ids = await a_sale(house)
        await WRITES["noteGuest"](house, ids)
        other = await house.chief.post(f"/v1/guests/{ids['guest']}/note", {"text": "Nuts."}, key=KEY)
        assert (other.status, "idempotency-replayed" in other.headers) == (200, False)

    play(story)


def test_after_an_outage_the_same_key_goes_on():
    async def story(house: House) -> None:
        ids = await a_sale(house)
        house.office.pms.fail_next("update_profile", PmsUnavailable("down"))
        assert (await WRITES["updateGuest"](house, ids)).status == 503
        made = await WRITES["updateGuest"](house, ids)
        assert (made.status, "idempotency-replayed" in made.headers) == (200, False)

    play(story)


def test_a_write_without_a_key_is_given_one():
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/calls", {})
        assert reply.headers["idempotency-key"].startswith("key_")

    play(story)
