"""Integration: what the agent sees is what the PMS has, in one record, and what was wrong can be undone."""

from datetime import date

from cli.golive.facts import Facts, Missing
from cli.golive.ground import Body, Ground
from cli.loadtest.audit_rows import pms_rows
from domain.stay import StayDates
from integration.adapters.ohip.check import check_mapping
from integration.errors import ServiceError
from loadtests.words import CheckStatus

NIGHTS = 2
_REPEAT = """
SELECT c.value FROM profile_contact c JOIN reservation r ON r.profile = c.profile
WHERE c.kind = 'phone' AND r.status = 'CheckedOut' GROUP BY c.value HAVING count(DISTINCT c.profile) = 1
ORDER BY c.value LIMIT 1
"""


async def live_price(ground: Ground, facts: Facts) -> None:
    """What the quote shows is free and costs what the PMS says, before the sale and after it."""
    day = await ground.open_day()
    quote = await ground.quote(day)
    first = quote["choices"][0]
    there = await ground.rooms_left(first["room_type"], quote["check_in"], quote["nights"])
    facts.same(f"rooms_free:{first['room_type']}", there, first["available_rooms"])
    sold = await ground.sell(check_in=day)
    facts.same("price", _money(first["total"]), _money(sold["total"]))
    facts.same("price_in_pms", str((await ground.in_pms(sold["pms_ref"])).total), _money(sold["total"]))
    left = await ground.rooms_left(first["room_type"], quote["check_in"], quote["nights"])
    facts.same("rooms_free_after_sale", there - 1, left)


def _money(body: Body) -> str:
    return f"{body['amount']} {body['currency']}"


async def ringing(ground: Ground) -> Body:
    """A guest who has stayed rings: what is on the agent's screen. Missing when the PMS knows no such guest."""
    with pms_rows(ground.settings.mock_path) as rows:
        found = [str(phone) for (phone,) in rows(_REPEAT)]
    if not found:
        raise Missing("no guest of the PMS has stayed before")
    return await ground.post("/v1/calls", {"phone": found[0], "hotel": ground.hotel.hotel_id})


async def hang_up(ground: Ground, call: Body, outcome: str = "service") -> Body:
    """End a call."""
    return await ground.post(f"/v1/calls/{call['call_id']}/end", {"outcome": outcome})


async def guest_history(ground: Ground, facts: Facts) -> None:
    """A call shows stays, notes and preferences that the PMS keeps."""
    call = await ringing(ground)
    await hang_up(ground, call)
    facts.need("read_from_pms", call["pms_read"])
    facts.need("stays", call["stays"], len(call["stays"]))
    facts.need("notes_and_preferences_shown", {"notes", "preferences"} <= call.keys(),
               f"{len(call['notes'])}+{len(call['preferences'])}")  # fmt: skip


async def status_mapping(ground: Ground, facts: Facts) -> None:
    """Each hotel file's codes against the guarantees its PMS takes."""
    for hotel in ground.config.hotels.values():
        codes = ",".join(f"{name.value}:{code}" for name, code in hotel.pms.guarantee_codes.items())
        try:
            await check_mapping(ground.config.pms, hotel, hotel.today(ground.config.clock.now()))
        except ServiceError as error:
            facts.need(hotel.hotel_id, holds=False, value=str(error))
        else:
            facts.need(hotel.hotel_id, holds=True, value=codes)


async def one_record_in_call(ground: Ground, facts: Facts) -> None:
    """A call that sells: one live record in the PMS while it is still open; and so in every call of the load."""
    call = await ground.post("/v1/calls", {"phone": ground.phone(), "hotel": ground.hotel.hotel_id})
    stay = StayDates.of_nights(await ground.open_day(), NIGHTS)
    free = await ground.desk.pms.read_room_counts(ground.hotel, stay)
    sold = await ground.sell(check_in=stay.check_in, call_id=call["call_id"])
    live = await ground.live_records(sold["pms_ref"])
    left = await ground.rooms_left(sold["room_type"], sold["check_in"], sold["nights"])
    open_calls = (await ground.get("/v1/calls?open=true&limit=200"))["calls"]
    facts.need("call_still_open", any(one["call_id"] == call["call_id"] for one in open_calls), call["call_id"])
    facts.same("records_in_pms", 1, live)
    facts.same("rooms_taken", 1, free.least(sold["room_type"], stay) - left)
    await hang_up(ground, call, "sold")
    for check in ground.checks:
        if check.name == "in_pms_before_call_end":
            facts.need("load", check.status is CheckStatus.PASS, check.measured)


async def wrong_one(ground: Ground) -> Body:
    """A reservation made by mistake, rolled back, and the rollback undone: what was seen at each step. Once a run."""
    if "wrong_one" not in ground.kept:
        ground.kept["wrong_one"] = await _undone_and_back(ground)
    return dict(ground.kept["wrong_one"])


async def _undone_and_back(ground: Ground) -> Body:
    day: date = await ground.open_day()
    made = await ground.sell(check_in=day)
    place, ref = f"/v1/reservations/{made['reservation_id']}", made["pms_ref"]
    told: Body = {"made": made}
    plan = await ground.post("/v1/rollbacks", {"reservation_id": made["reservation_id"], "reason": "entered twice"})
    told["applied"] = await ground.post(f"/v1/rollbacks/{plan['rollback_id']}/apply", {})
    told["gone"], told["gone_in_pms"] = await ground.get(place), (await ground.in_pms(ref)).status
    back = await ground.post("/v1/rollbacks", {"rollback_id": plan["rollback_id"], "reason": "it was right"})
    told["undone"] = await ground.post(f"/v1/rollbacks/{back['rollback_id']}/apply", {})
    told["again"], told["again_in_pms"] = await ground.get(place), (await ground.in_pms(ref)).status
    told["history"] = [one["action"] for one in (await ground.get(f"{place}/history"))["history"]]
    return told


async def rollback_and_log(ground: Ground, facts: Facts) -> None:
    """The wrong entry is undone, and history and audit tell who did it and why."""
    told = await wrong_one(ground)
    facts.same("rollback", "applied", told["applied"]["state"])
    facts.need("history", any("rollback" in one for one in told["history"]), ",".join(told["history"]))
    rows = (await ground.get("/v1/audit/tail?limit=200", ground.supervisor))["rows"]
    known = [one for one in rows if told["applied"]["rollback_id"] in str(one)]
    facts.need("audit_rows", known, len(known))
    facts.tell("reason", told["applied"]["reason"])
