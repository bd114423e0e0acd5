"""Reservations: how long a hold lasts, what confirms it, what happens when nobody comes, what a rollback leaves."""

from dataclasses import replace
from datetime import datetime, timedelta

from cli.golive.facts import Facts, Missing
from cli.golive.ground import REFUSED, Body, Ground
from cli.golive.probes_integration import wrong_one
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.reservation import Guarantee, ReservationState
from integration.usecases.mark_no_show import mark_no_show

LEAST_HOLD, MOST_HOLD = timedelta(minutes=15), timedelta(minutes=30)
LATER = timedelta(days=1, hours=2)
NEXT_DAYS = 90


async def hold_time(ground: Ground, facts: Facts) -> None:
    """Each hotel's hold is within the trade's bounds, and a hold ends when its hotel's file says so."""
    for hotel in ground.config.hotels.values():
        hold, option = hotel.rules.hold, hotel.rules.option
        facts.need(f"{hotel.hotel_id}:hold", LEAST_HOLD <= hold <= MOST_HOLD, hold)
        facts.need(f"{hotel.hotel_id}:option", option > hold, option)
    held = await ground.sell("hold")
    lasts = datetime.fromisoformat(held["expires_at"]) - datetime.fromisoformat(held["created_at"])
    facts.same("a_hold_lasts", ground.hotel.rules.hold, timedelta(seconds=round(lasts.total_seconds())))


async def paid(ground: Ground) -> Body:
    """A hold whose deposit is paid: as it was held, as it was then, and the PMS's word at both times. Once a run."""
    if "paid" not in ground.kept:
        held = await ground.sell("hold")
        before = (await ground.in_pms(held["pms_ref"])).guarantee_code
        money = {"amount": held["deposit_due"], "method": "cash"}
        after = await ground.post(f"/v1/reservations/{held['reservation_id']}/pay", money)
        code = (await ground.in_pms(held["pms_ref"])).guarantee_code
        ground.kept["paid"] = {"held": held, "after": after, "held_code": before, "paid_code": code}
    return dict(ground.kept["paid"])


async def confirms_itself(ground: Ground, facts: Facts) -> None:
    """A paid deposit and a given guarantee each confirm without another step."""
    told = await paid(ground)
    facts.same("held", "hold", told["held"]["status"])
    facts.same("after_payment", "confirmed", told["after"]["status"])
    facts.same("same_record", told["held"]["pms_ref"], told["after"]["pms_ref"])
    held = await ground.sell("option")
    place = f"/v1/reservations/{held['reservation_id']}/confirm"
    facts.same("after_guarantee", "confirmed", (await ground.post(place, {"guarantee": "card"}))["status"])


async def hold_confirmed_mapping(ground: Ground, facts: Facts) -> None:
    """The PMS carries the hold's code while it is held, and the deposit's once it is paid."""
    told, codes = await paid(ground), ground.hotel.pms.guarantee_codes
    facts.same("held_in_pms", codes.get(ReservationState.HOLD), told["held_code"])
    facts.same("paid_in_pms", codes.get(Guarantee.DEPOSIT), told["paid_code"])
    facts.need("they_differ", told["held_code"] != told["paid_code"])


async def cancel_no_show(ground: Ground, facts: Facts) -> None:
    """A cancellation shows its cost first; a guest who never came is marked on the morning after, and back."""
    sold = await ground.sell()
    place = f"/v1/reservations/{sold['reservation_id']}/cancel"
    shown = await ground.post(place, {"dry_run": True})
    facts.need("penalty_shown_first", shown["dry_run"] and "penalty" in shown, shown["penalty"]["amount"])
    gone = await ground.post(place, {"reason": "illness"})
    facts.same("cancelled", "cancelled", gone["status"])
    facts.same("in_pms", "Cancelled", (await ground.in_pms(sold["pms_ref"])).status)
    missed, back = await _never_came(ground, await _arriving(ground))
    facts.same("no_show", "no_show", missed["status"])
    facts.need("no_show_penalty", missed["penalty"] is not None, (missed["penalty"] or {}).get("amount", ""))
    facts.same("came_after_all", "confirmed", back["status"])


async def _arriving(ground: Ground) -> Body:
    """A reservation that arrives as soon as there is a room. Missing when there is none."""
    for ahead in range(NEXT_DAYS):
        day = ground.today + timedelta(days=ahead)
        if (await ground.quote(day))["choices"]:
            return await ground.sell(check_in=day)
    raise Missing(f"no room for an arrival in the next {NEXT_DAYS} days")


async def _never_came(ground: Ground, one: Body) -> tuple[Body, Body]:
    """The morning after: no-show, and back. The clock of this one desk is put forward."""
    ahead = datetime.fromisoformat(one["check_in"]).date() - ground.today
    later = replace(ground.settings, clock_offset=ground.settings.clock_offset + ahead + LATER)
    ends: list[object] = []
    desk, actor = open_desk(later, at_end=ends.append), Actor("golive", Role.SUPERVISOR, "golive")
    try:
        missed = await mark_no_show(desk, actor, one["reservation_id"], ground.fresh())
        back = await mark_no_show(desk, actor, one["reservation_id"], ground.fresh(), undo=True)
        return missed.body, back.body
    finally:
        await desk.pms.close()
        await desk.store.close()
        for close in ends:
            close()  # type: ignore[operator]


async def rollback_reservation(ground: Ground, facts: Facts) -> None:
    """Undone here and in the PMS; then the undoing undone: the same record stands as it stood."""
    told = await wrong_one(ground)
    made, again = told["made"], told["again"]
    facts.same("rolled_back", "rolled_back", told["gone"]["status"])
    facts.same("rolled_back_in_pms", "Cancelled", told["gone_in_pms"])
    facts.same("undone", "applied", told["undone"]["state"])
    names = ("status", "pms_ref", "check_in", "check_out", "room_type", "rate_plan", "total", "guarantee")
    for name in names:
        facts.same(name, made[name], again[name])
    facts.same("again_in_pms", "Reserved", told["again_in_pms"])


async def rollback_mechanism(ground: Ground, facts: Facts) -> None:
    """A plan before every rollback, rights to it, and a log whose chain verifies after it."""
    told = await wrong_one(ground)
    facts.need("planned_first", told["applied"]["planned_at"], f"{len(told['applied']['steps'])} steps")
    proof = await ground.get("/v1/audit/verify", ground.supervisor)
    facts.same("audit", "whole", proof["status"])
    facts.tell("rows", proof["rows"])
    other = await ground.post("/v1/reservations", await _wish(ground), ground.supervisor)
    asked = {"reservation_id": other["reservation_id"], "reason": "not mine"}
    reply = await ground.operator.post("/v1/rollbacks", asked, key=ground.fresh())
    guarded = reply.status >= REFUSED or reply.body.get("needs_supervisor") is True
    facts.need("others_work_needs_a_supervisor", guarded, reply.body.get("code", "planned for a supervisor"))


async def _wish(ground: Ground) -> Body:
    quote = await ground.quote(await ground.open_day())
    return {
        "to": "confirmed", "guarantee": "card", "offer_id": quote["offer_id"], "pick": quote["choices"][0]["pick"],
        "guest": {"name": "Deniz Aksoy", "phone": ground.phone()},
    }  # fmt: skip
