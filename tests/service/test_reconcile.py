"""`/v1/reconcile` and the board over HTTP: who may, what is said, and that a repeated decision decides once."""

from integration.errors import PmsOutcomeUnknown
from integration.usecases.resolve_intents import resolve_intents
from integration.workers.resolver import RESOLVER
from integration.workers.watch import Watch
from tests.service.house import CARD, House, play


def test_a_comparison_reports_and_a_repair_mends():
    async def story(house: House) -> None:
        sold = (await house.book(CARD)).json
        office = house.office
        assert (await house.agent.post("/v1/reconcile", {})).status == 403
        assert (await house.chief.get("/v1/reconcile")).status == 404
        office.pms.house(office.hotel).cancel(sold["pms_ref"], "desk", "")
        found = (await house.chief.post("/v1/reconcile", {})).json
        assert (found["status"], found["left"], found["repair"]) == ("different", 1, False)
        (row,) = found["different"]
        assert [row[key] for key in ("reservation_id", "field", "here", "there", "repair")] == [
            sold["reservation_id"], "status", "confirmed", "cancelled", None,
        ]  # fmt: skip
        mended = (await house.chief.post("/v1/reconcile", {"repair": True})).json
        assert (mended["status"], mended["different"][0]["repair"]) == ("repaired", "adopted")
        shown = (await house.chief.get("/v1/reconcile", comparison_id=found["comparison_id"])).json
        assert shown["different"] == found["different"]
        newest = (await house.chief.get("/v1/reconcile")).json
        assert newest["comparison_id"] == mended["comparison_id"]
        assert (await house.chief.get("/v1/reconcile", after=1)).json["different"] == []

    play(story)


def test_a_deposit_is_decided_once_by_a_supervisor():
    async def story(house: House) -> None:
        held = (await house.book()).json
        office = house.office
        office.pms.fail_next("post_deposit", PmsOutcomeUnknown("lost"))
        payment = {"amount": {"amount": "400.00", "currency": "EUR"}, "method": "cash"}
        path = f"/v1/reservations/{held['reservation_id']}/pay"
        assert (await house.agent.post(path, payment, key="p")).status == 504
        office.clock.advance(minutes=2)
        await resolve_intents(office.desk, RESOLVER)
        (task,) = (await house.agent.get("/v1/tasks")).json["tasks"]
        one = f"/v1/tasks/{task['task_id']}"
        assert [way["way"] for way in (await house.agent.get(one)).json["ways"]] == ["happened", "not_happened"]
        assert (await house.agent.post(f"{one}/decision", {"happened": True}, key="d0")).status == 403
        assert (await house.agent.post(f"{one}/done", {}, key="d1")).status == 409
        first = await house.chief.post(f"{one}/decision", {"happened": True}, key="d")
        again = await house.chief.post(f"{one}/decision", {"happened": True}, key="d")
        assert (first.status, first.json["decision"]) == (200, "happened")
        assert (again.headers["idempotency-replayed"], again.json["decision"]) == ("true", "happened")
        shown = (await house.agent.get(f"/v1/reservations/{held['reservation_id']}")).json
        assert (shown["status"], shown["paid"]["amount"]) == ("confirmed", "400.00")
        assert (await house.agent.get("/v1/tasks/tsk_none")).status == 404

    play(story)


def test_the_watch_of_the_service_says_what_came_late():
    async def story(house: House) -> None:
        office = house.office
        office.pms.fail_next("create_booking", PmsOutcomeUnknown("lost"), late=True)
        body = {**CARD, "offer_id": await house.offer()}
        assert (await house.agent.post("/v1/reservations", body, key="k")).status == 504
        office.clock.advance(seconds=office.hotel.rules.settle.total_seconds() + 1)
        sold = (await house.agent.post("/v1/reservations", body, key="k")).json
        office.pms.run_late()
        office.clock.advance(minutes=2)
        await Watch(office.desk, house.log).work()
        assert "late_execution_seen" in house.log.events()
        held = office.pms.house(office.hotel).bookings
        assert [number for number, one in held.items() if one.booking.status == "Reserved"] == [sold["pms_ref"]]

    play(story)
