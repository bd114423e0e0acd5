"""The agent's screen: price beside availability, warnings, history, one click for an offer, masked personal data."""

import re
from datetime import date, timedelta

from cli.channel_desk import memory_of
from cli.demo_client import Reply
from cli.golive.facts import Facts, Missing
from cli.golive.ground import REFUSED, Body, Ground, Talker, good
from cli.golive.probes_integration import hang_up, ringing
from domain.availability import Restriction, RestrictionKind
from domain.reservation import Guarantee
from domain.stay import StayDates
from pms_mock import control

SELLING_FIELDS = ("total", "nightly", "available_rooms", "availability", "alerts", "cancellation_policy")
VIAS = {"whatsapp": "whatsapp", "sms": "netgsm", "email": "smtp"}
_CODE = re.compile(r"(?<![\w.:+-])\d{6}(?![\w.:-])")
_SHORTEST, _LOOK_AHEAD, _STEP = 2, 360, 80
_MIN_STAY = {RestrictionKind.MIN_STAY, RestrictionKind.MIN_STAY_THROUGH}


async def one_screen(ground: Ground, facts: Facts) -> None:
    """One answer has room, price, nights, rooms free, warnings and terms of each choice."""
    quote = await ground.quote(await ground.open_day())
    facts.need("choices", quote["choices"], len(quote["choices"]))
    for name in SELLING_FIELDS:
        facts.need(name, all(one.get(name) is not None for one in quote["choices"]))


async def warnings(ground: Ground, facts: Facts) -> None:
    """A day is closed in the PMS and turns red here; a stay shorter than a minimum is warned of."""
    day = await ground.open_day() + timedelta(days=7)
    room_type = next(iter(ground.hotel.room_types))
    store = control.open_store(str(ground.settings.mock_path))
    scope = (ground.hotel.pms.pms_hotel_id, day.isoformat(), (day + timedelta(days=1)).isoformat(), room_type)
    try:
        control.close_sales(store, *scope)
        quote = await ground.quote(day, 2, room_type=room_type)
    finally:
        control.open_sales(store, *scope)
        store.close()
    found = {(one["level"], one["code"]) for room in quote["closed"] for one in room["alerts"]}
    facts.need("stop_sale", ("red", "stop_sale") in found, "red" if found else "no warning")
    rule = await _min_stay(ground)
    facts.need("min_stay_rule_in_pms", rule, f"{rule.start}:{rule.unit}" if rule else "none to try with")
    if rule:
        facts.need("min_stay", "min_stay" in await _codes(ground, rule), f"{rule.start} for 1 night")


async def _min_stay(ground: Ground) -> Restriction | None:
    """The first minimum stay ahead."""
    begin = ground.today + timedelta(days=1)
    for offset in range(0, _LOOK_AHEAD, _STEP):
        stay = StayDates.of_nights(begin + timedelta(days=offset), _STEP)
        rules = [one for one in await ground.desk.pms.read_restrictions(ground.hotel, stay) if one.kind in _MIN_STAY]
        fit = [one for one in rules if (one.unit or 0) >= _SHORTEST and one.end > begin]
        if fit:
            return min(fit, key=lambda one: one.start)
    return None


async def _codes(ground: Ground, rule: Restriction) -> set[str]:
    """Warnings for one night on the rule's days."""
    found: set[str] = set()
    day = max(rule.start, ground.today + timedelta(days=1))
    for offset in range(min((rule.end - day).days + 1, 7)):
        more = {} if rule.room_type is None else {"room_type": rule.room_type}
        quote = await ground.quote(day + timedelta(days=offset), 1, **more)
        rooms = (*quote["closed"], *quote["choices"])
        found |= {one["code"].removesuffix("_through") for room in rooms for one in room["alerts"]}
    return found


async def repeat_guest(ground: Ground, facts: Facts) -> None:
    """Who has stayed is told from who has not before the agent says hello."""
    call = await ringing(ground)
    await hang_up(ground, call)
    facts.need("repeat", call["repeat"] is True)
    facts.need("stays", call["stays"], len(call["stays"]))
    other = await ground.post("/v1/calls", {"phone": ground.phone(), "hotel": ground.hotel.hotel_id})
    await hang_up(ground, other)
    facts.need("stranger_is_none", other["repeat"] is False)


async def proven_guest(ground: Ground) -> Body:
    """A new guest who has read back the codes that were sent to his telephone and his mailbox. Once a run."""
    if "proven" in ground.kept:
        return dict(ground.kept["proven"])
    who = {"name": "Deniz Aksoy", "phone": ground.phone(), "email": f"{ground.fresh()}@example.com"}
    guest = await ground.post("/v1/guests", {**who, "language": "en", "hotel": ground.hotel.hotel_id})
    for address, provider in (({"phone": who["phone"]}, "netgsm"), ({"email": who["email"]}, "smtp")):
        place = f"/v1/guests/{guest['guest_id']}/codes"
        await ground.post(place, {**address, "hotel": ground.hotel.hotel_id})
        await ground.post(
            f"{place}/check", {**address, "code": _code(ground, provider), "hotel": ground.hotel.hotel_id}
        )
    ground.kept["proven"] = {**who, "guest_id": guest["guest_id"]}
    return dict(ground.kept["proven"])


def _code(ground: Ground, provider: str) -> str:
    with memory_of(ground.settings) as memory:
        box = memory.sent(provider)
    found = _CODE.findall(str(box[-1].body)) if box else []
    if not found:
        raise Missing(f"no code arrived by {provider}")
    return str(found[0])


async def offer_one_click(ground: Ground, facts: Facts) -> None:
    """One request sends an offer; the provider's stand-in has it."""
    guest = await proven_guest(ground)
    asked = {"phone": guest["phone"], "guest_id": guest["guest_id"], "hotel": ground.hotel.hotel_id}
    call = await ground.post("/v1/calls", asked)
    quote = await ground.quote(await ground.open_day(), call_id=call["call_id"])
    for via, provider in VIAS.items():
        before = _sent(ground, provider)
        reply = await ground.operator.post(f"/v1/offers/{quote['offer_id']}/send", {"via": via}, key=ground.fresh())
        arrived = _sent(ground, provider) - before
        facts.need(
            via,
            reply.status < REFUSED and arrived == 1,
            f"{reply.body.get('status') or reply.body.get('code')}, {arrived} arrived",
        )
    await hang_up(ground, call)


def _sent(ground: Ground, provider: str) -> int:
    with memory_of(ground.settings) as memory:
        return len(memory.sent(provider))


async def masked_data(ground: Ground, facts: Facts) -> None:
    """An operator sees masks, a supervisor does not; an operator's reveal needs a reason and leaves a trace."""
    guest = await proven_guest(ground)
    place = f"/v1/guests/{guest['guest_id']}?hotel={ground.hotel.hotel_id}"
    masked, clear = await ground.get(place), await ground.get(place, ground.supervisor)
    hidden = [name for name in ("name", "phone", "email") if guest[name] not in str(masked)]
    facts.same("operator_does_not_see", "name,phone,email", ",".join(hidden))
    facts.need("masked", masked["masked"] is True, masked["name"])
    facts.need("supervisor_sees", guest["name"] in str(clear) and clear["masked"] is False)
    reveal = f"/v1/guests/{guest['guest_id']}/reveal"
    facts.need("no_reveal_without_reason", await ground.refused(reveal, {"reason": " "}) >= REFUSED)
    await ground.post(reveal, {"reason": "to send the confirmation by post"})
    rows = (await ground.get("/v1/audit/tail?limit=50", ground.supervisor))["rows"]
    facts.need("reveal_in_audit", any("guest_revealed" in str(one) for one in rows))


async def made_on_one_screen(ground: Ground, facts: Facts) -> None:
    """A quote, then one request: the record is in the PMS, and nothing was typed a second time."""
    counting = _Counting(ground.operator)
    day: date = await ground.open_day()
    wish = {"check_in": day.isoformat(), "nights": 2, "adults": 2, "hotel": ground.hotel.hotel_id}
    quote = good(await counting.post("/v1/quotes", wish), "/v1/quotes")
    asked = {"to": "confirmed", "guarantee": "card", "offer_id": quote["offer_id"], "pick": quote["choices"][0]["pick"],
             "guest": {"name": "Deniz Aksoy", "phone": ground.phone()}}  # fmt: skip
    sold = good(await counting.post("/v1/reservations", asked, key=ground.fresh()), "/v1/reservations")
    facts.same("requests", 2, counting.count)
    facts.same("status", "confirmed", sold["status"])
    facts.same("records_in_pms", 1, await ground.live_records(sold["pms_ref"]))
    code = ground.hotel.pms.guarantee_codes.get(Guarantee.CARD)
    facts.same("confirmed_in_pms", code, (await ground.in_pms(sold["pms_ref"])).guarantee_code)


class _Counting:
    """An agent whose requests are counted."""

    def __init__(self, agent: Talker) -> None:
        self._agent, self.count = agent, 0

    async def post(self, path: str, body: Body, *, key: str | None = None) -> Reply:
        """Count and pass on."""
        self.count += 1
        return await self._agent.post(path, body, key=key)
