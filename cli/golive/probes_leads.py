"""Leads and the one queue: matched to guests, followed up, closed with a reason; consents; cases, clocks, tags."""

import asyncio
import json

import aiohttp

from cli.demo_guest import NUMBER, signed, whatsapp_body
from cli.golive.facts import Facts, Missing
from cli.golive.ground import REFUSED, Body, Ground
from cli.golive.probes_integration import hang_up
from cli.golive.probes_screen import proven_guest
from cli.loadtest.audit_rows import store_rows

TAGS = ["reservation", "support", "vip", "ota"]
PATIENCE_S, STEP_S = 10.0, 0.1
_NO_CASE = "SELECT count(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.case_id = m.case_id)"
_CASE_OF = "SELECT case_id FROM messages WHERE provider_id = '{}'"


async def _lead(ground: Ground, **more: object) -> Body:
    who = {} if "guest_id" in more or "phone" in more else {"phone": ground.phone()}
    wish = {"name": "Deniz Aksoy", "text": "A week in June?", "hotel": ground.hotel.hotel_id, **who, **more}
    return await ground.post("/v1/leads", wish)


async def one_lead_queue(ground: Ground, facts: Facts) -> None:
    """Leads of several channels are rows of one list."""
    made = {channel: await _lead(ground, channel=channel) for channel in ("phone", "web_form", "partner")}
    for channel, one in made.items():
        rows = (await ground.get(f"/v1/leads?limit=200&channel={channel}"))["cases"]
        facts.need(channel, any(row["case_id"] == one["case_id"] for row in rows), one["case_id"])


async def lead_matched(ground: Ground, facts: Facts) -> None:
    """A lead with the number of a guest we know is that guest's."""
    guest = await proven_guest(ground)
    lead = await _lead(ground, phone=guest["phone"], name=guest["name"])
    facts.same("guest", guest["guest_id"], lead["guest_id"])
    facts.tell("case", lead["case_id"])


async def lead_status(ground: Ground, facts: Facts) -> None:
    """Open, in progress, lost; and won by a reservation that stands."""
    one = await _lead(ground)
    seen = [one["lead"]]
    place = f"/v1/leads/{one['case_id']}"
    seen.append((await ground.post(f"{place}/start", {}))["lead"])
    seen.append((await ground.post(f"{place}/lose", {"reason": next(iter(ground.hotel.lost_reasons))}))["lead"])
    other = await _lead(ground)
    sold = await ground.sell(guest_id=other["guest_id"])
    won = await ground.post(f"/v1/leads/{other['case_id']}/win", {"reservation_id": sold["reservation_id"]})
    facts.same("seen", "open,in_progress,lost,won", ",".join([*seen, won["lead"]]))


async def lost_reason(ground: Ground, facts: Facts) -> None:
    """Every hotel has its reasons; no lead and no call is lost without one."""
    for hotel in ground.config.hotels.values():
        facts.need(f"{hotel.hotel_id}:reasons", hotel.lost_reasons, len(hotel.lost_reasons))
    one, reason = await _lead(ground), next(iter(ground.hotel.lost_reasons))
    place = f"/v1/leads/{one['case_id']}/lose"
    facts.need("no_loss_without_reason", await ground.refused(place, {}) >= REFUSED)
    facts.same("kept", reason, (await ground.post(place, {"reason": reason}))["lost_reason"])


async def consents(ground: Ground, facts: Facts) -> None:
    """A consent is kept and taken back; every hotel says where its notice stands, and which text it is."""
    guest = await proven_guest(ground)
    place = f"/v1/guests/{guest['guest_id']}/consents"
    for state in ("granted", "withdrawn"):
        rows = (await ground.post(place, {"via": "sms", "state": state}))["consents"]
        facts.need(state, any(one["state"] == state for one in rows))
    for hotel in ground.config.hotels.values():
        notice = f"{hotel.notice_version} {hotel.notice_url}".strip()
        facts.need(f"{hotel.hotel_id}:notice", hotel.notice_version and hotel.notice_url, notice or "none")


async def written_case(ground: Ground) -> Body:
    """A guest writes on WhatsApp: the case it came into. Once a run. Missing when none comes."""
    if "case" not in ground.kept:
        number = f"wamid.{ground.fresh()}"
        body = whatsapp_body("Do you have a room in June?", number, ground.desk.clock.now())
        raw = json.dumps(body, ensure_ascii=False).encode()
        async with (
            aiohttp.ClientSession(ground.guest_url) as session,
            session.post("/hooks/whatsapp", data=raw, headers=dict(signed(raw))) as answer,
        ):
            if answer.status >= REFUSED:
                raise Missing(f"/hooks/whatsapp: {answer.status}")
        ground.kept["case"] = await _arrived(ground, number)
    return await ground.get(f"/v1/cases/{ground.kept['case']}")


async def _arrived(ground: Ground, number: str) -> str:
    """The case of a message, by the provider's number of it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_S
    while loop.time() < end:
        with store_rows(ground.settings) as rows:
            found = [str(one) for (one,) in rows(_CASE_OF.format(number))]
        if found:
            return found[0]
        await asyncio.sleep(STEP_S)
    raise Missing("what a guest wrote came into no case")


async def one_case_id(ground: Ground, facts: Facts) -> None:
    """Who writes and then rings is in one case; no message is in none."""
    case = await written_case(ground)
    call = await ground.post("/v1/calls", {"phone": NUMBER, "hotel": ground.hotel.hotel_id})
    await hang_up(ground, call)
    facts.same("call_joins_case", case["case_id"], call["case_id"])
    with store_rows(ground.settings) as rows:
        ((without,),), ((count,),) = rows(_NO_CASE), rows("SELECT count(*) FROM messages")
    facts.same("messages_without_case", 0, int(without))
    facts.tell("messages", int(count))


async def first_response_clock(ground: Ground, facts: Facts) -> None:
    """Each channel of each hotel has a first-response target; the clock of a new message runs."""
    for hotel_id in ground.desk.hotels:
        rows = (await ground.get(f"/v1/channels?hotel={hotel_id}"))["rows"]
        known = {one["channel"] for one in rows}
        clocked = {one["channel"] for one in rows if one["first_response_s"]}
        facts.need(f"{hotel_id}:channels", known, len(known))
        facts.same(f"{hotel_id}:with_target", ",".join(sorted(known)), ",".join(sorted(clocked)))
    clock = (await written_case(ground))["clocks"]["first_response"]
    facts.need("clock", clock is not None and clock["started_at"], clock and clock["state"])
    facts.need("due", clock is not None and clock["target_s"], clock and f"{clock['target_s']:g} s")


async def tags(ground: Ground, facts: Facts) -> None:
    """The four tags can be given, and stay."""
    case = await written_case(ground)
    after = await ground.post(f"/v1/cases/{case['case_id']}/tags", {"add": TAGS})
    for one in TAGS:
        facts.need(one, one in after["tags"])


async def duplicates_merged(ground: Ground, facts: Facts) -> None:
    """Two files are one person once a supervisor says so, and two again when he takes it back."""
    where = {"hotel": ground.hotel.hotel_id}
    one = await ground.post("/v1/guests", {"name": "Deniz Aksoy", "phone": ground.phone(), **where})
    other = await ground.post("/v1/guests", {"name": "D. Aksoy", "email": f"{ground.fresh()}@example.com", **where})
    place = f"/v1/guests/{one['guest_id']}"
    asked = {"other": other["guest_id"], "reason": "same person, two channels"}
    merge = await ground.post(f"{place}/merge", asked, ground.supervisor)
    files = (await ground.get(f"{place}/person", ground.supervisor))["files"]
    facts.same("files_of_person", 2, len(files))
    await ground.post(f"/v1/guests/{merge['loser']}/unmerge", {"reason": "they are two"}, ground.supervisor)
    files = (await ground.get(f"{place}/person", ground.supervisor))["files"]
    facts.same("after_unmerge", 1, len(files))
