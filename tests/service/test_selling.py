"""A sale through the service, rung by rung."""

from datetime import timedelta

from integration.errors import PmsRejected
from tests.fakes.surroundings import NOW
from tests.service.house import ANNA, CARD, HOLD, QUOTE, House, play


def test_a_quote_names_choices_prices_and_terms():
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/quotes", {**QUOTE, "child_ages": [6], "language": "de", "promo": "EARLY10"})
        assert reply.status == 200
        assert [one["pick"] for one in reply.json["choices"]] == [1, 2, 3]
        assert reply.json["valid_until"] == "2027-05-01T09:30:00Z"
        assert reply.json["promo"] == {"code": "EARLY10", "check": "valid"}
        assert reply.headers["cache-control"] == "no-store"

    play(story)


def test_a_new_reservation_answers_201_with_its_place_and_its_key():
    async def story(house: House) -> None:
        reply = await house.book()
        assert (reply.status, reply.json["status"], reply.json["request_key"]) == (201, "hold", "k-1")
        assert reply.headers["location"] == f"/v1/reservations/{reply.json['reservation_id']}"
        assert reply.headers["idempotency-key"] == "k-1"
        assert "idempotency-replayed" not in reply.headers
        shown = await house.agent.get(reply.headers["location"])
        assert shown.json["reservation_id"] == reply.json["reservation_id"]

    play(story)


def test_the_same_key_gives_the_same_answer_and_books_once():
    async def story(house: House) -> None:
        offer_id = await house.offer()
        sale = {**CARD, "offer_id": offer_id}
        first = await house.agent.post("/v1/reservations", sale, key="k-1")
        again = await house.agent.post("/v1/reservations", sale, key='"k-1"')
        assert (again.status, again.raw) == (first.status, first.raw) == (201, first.raw)
        assert again.headers["location"] == first.headers["location"]
        assert again.headers["idempotency-replayed"] == "true"
        assert house.office.pms.count("create_booking") == 1

    play(story)


def test_the_same_key_with_another_command_is_refused():
    async def story(house: House) -> None:
        offer_id = await house.offer()
        await house.agent.post("/v1/reservations", {**CARD, "offer_id": offer_id}, key="k-1")
        other = await house.agent.post("/v1/reservations", {**CARD, "offer_id": offer_id, "pick": 2}, key="k-1")
        assert (other.status, other.json["code"]) == (422, "key_reused")

    play(story)


def test_dates_and_codes_book_without_an_offer():
    async def story(house: House) -> None:
        sale = {**HOLD, **QUOTE, "room_type": "FAM", "rate_plan": "HB-FLEX"}
        del sale["pick"]
        reply = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (reply.status, reply.json["room_type"], reply.json["rate_plan"]) == (201, "FAM", "HB-FLEX")

    play(story)


def test_a_hold_climbs_to_option_is_paid_and_is_confirmed_by_the_deposit():
    async def story(house: House) -> None:
        held = (await house.book()).json
        place = f"/v1/reservations/{held['reservation_id']}"
        option = await house.agent.post(f"{place}/option", {"minutes": 60})
        assert (option.status, option.json["status"], option.json["expires_at"]) == (
            200,
            "option",
            "2027-05-01T10:00:00Z",
        )
        assert option.headers["idempotency-key"].startswith("key_")
        payment = {"amount": option.json["deposit_due"], "method": "transfer"}
        paid = await house.agent.post(f"{place}/pay", payment, key="p-1")
        assert (paid.json["status"], paid.json["payment"]["deposit_met"]) == ("confirmed", True)
        again = await house.agent.post(f"{place}/pay", payment, key="p-1")
        assert (again.raw, again.headers["idempotency-replayed"]) == (paid.raw, "true")
        assert house.office.pms.count("post_deposit") == 1
        history = await house.agent.get(f"{place}/history")
        assert [line["action"] for line in history.json["history"]] == ["hold_placed", "option_taken", "paid"]

    play(story)


def test_confirming_without_a_guarantee_is_refused_and_with_one_is_done():
    async def story(house: House) -> None:
        place = (await house.book()).headers["location"]
        bare = await house.agent.post(f"{place}/confirm")
        assert (bare.status, bare.json["code"], bare.json["field"]) == (409, "not_guaranteed", "guarantee")
        good = await house.agent.post(f"{place}/confirm", {"guarantee": "agency"})
        assert (good.status, good.json["status"]) == (200, "confirmed")

    play(story)


def test_a_change_is_shown_before_it_is_made():
    async def story(house: House) -> None:
        place = (await house.book(CARD)).headers["location"]
        shown = await house.agent.post(f"{place}/change", {"nights": 8, "dry_run": True})
        assert (shown.status, shown.json["dry_run"], shown.json["nights"]) == (200, True, 7)
        assert house.office.pms.count("change_booking") == 0
        wished = {"nights": 8, "expected_total": shown.json["new_total"]}
        made = await house.agent.post(f"{place}/change", wished, key="c-1")
        assert (made.json["nights"], made.json["total"]) == (8, shown.json["new_total"])
        moved = await house.agent.post(
            f"{place}/change", {"nights": 9, "expected_total": {"amount": "1.00", "currency": "EUR"}}
        )
        assert (moved.status, moved.json["code"]) == (409, "price_changed")
        assert moved.json["new_total"]["currency"] == "EUR"

    play(story)


def test_a_cancellation_shows_its_penalty_first_and_can_be_taken_back():
    async def story(house: House) -> None:
        place = (await house.book(CARD)).headers["location"]
        shown = await house.agent.post(f"{place}/cancel", {"dry_run": True})
        assert (shown.json["dry_run"], shown.json["status"]) == (True, "confirmed")
        done = await house.agent.post(f"{place}/cancel", {"reason": "illness"})
        assert (done.json["status"], done.json["penalty"]) == ("cancelled", shown.json["penalty"])
        back = await house.agent.post(f"{place}/reinstate")
        assert (back.status, back.json["status"]) == (200, "confirmed")

    play(story)


def test_an_extension_is_the_supervisors():
    async def story(house: House) -> None:
        place = (await house.book()).headers["location"]
        until = {"until": "2027-05-01T09:40:00Z"}
        agent, chief = (
            await house.agent.post(f"{place}/extend", until),
            await house.chief.post(f"{place}/extend", until),
        )
        assert (agent.status, agent.json["code"]) == (403, "forbidden")
        assert (chief.status, chief.json["expires_at"]) == (200, "2027-05-01T09:40:00Z")

    play(story)


def test_a_no_show_is_marked_and_undone_when_the_guest_comes():
    async def story(house: House) -> None:
        place = (await house.book(CARD)).headers["location"]
        early = await house.agent.post(f"{place}/no-show")
        assert (early.status, early.json["code"]) == (409, "refused")
        house.office.clock.set(NOW + timedelta(days=71))
        marked = await house.agent.post(f"{place}/no-show")
        assert (marked.json["status"], "front desk" in marked.json["front_desk"]) == ("no_show", True)
        came = await house.agent.post(f"{place}/no-show", {"undo": True})
        assert came.json["status"] == "confirmed"

    play(story)


def test_a_note_is_kept_here_and_in_the_pms():
    async def story(house: House) -> None:
        place = (await house.book()).headers["location"]
        noted = await house.agent.post(f"{place}/note", {"text": "Quiet room."})
        assert (noted.status, noted.json["in_pms"]) == (200, True)
        live = await house.agent.get(place, live="true")
        assert live.json["notes"][0]["text"] == "Quiet room."
        assert live.json["in_pms"]["pms_ref"] == live.json["pms_ref"]

    play(story)


def test_what_is_due_lapses_when_a_supervisor_asks():
    async def story(house: House) -> None:
        held = (await house.book()).json
        house.office.clock.advance(minutes=15)
        assert (await house.agent.post("/v1/reservations/expire")).status == 403
        swept = await house.chief.post("/v1/reservations/expire")
        assert [one["reservation_id"] for one in swept.json["expired"]] == [held["reservation_id"]]

    play(story)


def test_a_listing_is_filtered_and_paged():
    async def story(house: House) -> None:
        made = [(await house.book(CARD, key=f"k-{number}")).json["reservation_id"] for number in range(3)]
        first = await house.agent.get("/v1/reservations", limit=2, status="confirmed")
        second = await house.agent.get("/v1/reservations", limit=2, after=first.json["next"])
        seen = [one["reservation_id"] for one in (*first.json["reservations"], *second.json["reservations"])]
        assert (seen, second.json["next"]) == (made[::-1], None)
        assert (await house.agent.get("/v1/reservations", status=["hold", "option"])).json["reservations"] == []
        assert (await house.agent.get("/v1/reservations", stauts="hold")).status == 422

    play(story)


def test_an_offer_keeps_notes_and_requests():
    async def story(house: House) -> None:
        offer_id = await house.offer()
        noted = await house.agent.post(
            f"/v1/offers/{offer_id}/note", {"text": "Sea view.", "requests": ["late_check_in"]}
        )
        assert (noted.json["requests"], noted.json["notes"][0]["text"]) == (["late_check_in"], "Sea view.")
        assert "house_only" not in noted.json
        assert [one["offer_id"] for one in (await house.agent.get("/v1/offers")).json["offers"]] == [offer_id]

    play(story)


def test_a_call_is_started_sold_and_ended():
    async def story(house: House) -> None:
        guest = (await house.agent.post("/v1/guests", ANNA)).json
        call = await house.agent.post("/v1/calls", {"phone": "0049 151 23456789"})
        assert (call.status, call.json["guest"]["guest_id"]) == (201, guest["guest_id"])
        sale = {"to": "hold", "offer_id": await house.offer(), "pick": 1}
        held = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (held.json["guest_id"], held.json["call_id"]) == (guest["guest_id"], call.json["call_id"])
        ended = await house.agent.post(f"/v1/calls/{call.json['call_id']}/end", {"outcome": "sold"})
        assert (ended.json["outcome"], ended.json["lead"]) == ("sold", "won")
        assert (await house.agent.get("/v1/calls", open="true")).json["calls"] == []

    play(story)


def test_a_call_without_its_reason_stays_open():
    async def story(house: House) -> None:
        call = (await house.agent.post("/v1/calls", {"phone": "0532 111 22 33"})).json
        end = f"/v1/calls/{call['call_id']}/end"
        for body, code in (({}, "schema_violation"), ({"outcome": "not_sold"}, "outcome_missing")):
            reply = await house.agent.post(end, body)
            assert reply.json["code"] == code
        assert len((await house.agent.get("/v1/calls", open="true")).json["calls"]) == 1
        assert (await house.agent.post(end, {"outcome": "not_sold", "lost_reason": "price"})).json["lead"] == "lost"

    play(story)


def test_a_refusal_of_the_pms_keeps_its_code():
    async def story(house: House) -> None:
        place = (await house.book()).headers["location"]
        error = PmsRejected("The PMS refused it.", status=400, pms_code="RSV00099")
        house.office.pms.fail_next("change_booking", error)
        reply = await house.agent.post(f"{place}/confirm", {"guarantee": "card"}, key="c-1")
        assert (reply.status, "RSV00099" in reply.json["detail"]) == (409, True)
        assert reply.headers["idempotency-key"] == "c-1"

    play(story)
