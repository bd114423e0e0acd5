"""Who plays what: the script of a contact, the scripts that run beside all contacts, and the world they share.

The telephone is the operator's. WhatsApp, web chat and Instagram are chats; a sales contact of the web site that takes
one turn fills the form in instead. Letters are typed in, an OTA alerts. A channel without a hook in the run's home
(`LoadHotel.hooks`) is a lead by hand.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np
from numpy.random import Generator as Dice

from loadtests.run_plan import RunPlan
from loadtests.scripts.chats import chats
from loadtests.scripts.leads import fills_form, writes_letter
from loadtests.scripts.office import administers, looks_at_clock, watches
from loadtests.scripts.ota import writes_in_ota
from loadtests.scripts.steps import Contact, Script, World
from loadtests.scripts.telephone import takes_call
from scenarios.demand import DayDraw, DemandPlan
from scenarios.schema.season import Scenario

_CONTACTS, _CHIEFS, _ADMINS = 1, 2, 3
_CHATS = frozenset({"whatsapp", "web_chat", "instagram"})


def world_of(
    plan: RunPlan,
    scenario: Scenario,
    tokens: Mapping[str, tuple[str, ...]],
    now: Callable[[], datetime],
    is_over: Callable[[], bool],
) -> World:
    """The world of a process. ValueError for a scenario without `[load]`."""
    load = scenario.load
    if load is None:
        raise ValueError("the scenario has no section [load]")
    return World(
        plan,
        load,
        {str(channel): share for channel, share in scenario.selling.conversion.items()},
        tokens,
        now,
        is_over,
    )


def contact_of(demand: DemandPlan, draw: DayDraw, row: int, number: int) -> Contact:
    """One row of a drawn day as a contact."""
    sales = draw.sales
    return Contact(
        number=number,
        at_s=float(draw.at[row]),
        channel=demand.channels[draw.channel[row]],
        language=demand.languages[draw.language[row]],
        intent=demand.intents[draw.intent[row]],
        hotel=int(draw.hotel[row]),
        work_s=float(draw.work[row]),
        wrap_s=float(draw.wrap[row]),
        first_reply_s=float(draw.first_reply[row]),
        patience_s=float(draw.patience[row]),
        turns=int(draw.turns[row]),
        unsolved_turns=int(draw.unsolved_turns[row]),
        signals=int(draw.signals[row]),
        convert_u=float(sales.convert_u[row]),
        lead_days=int(sales.lead_days[row]),
        nights=int(sales.nights[row]),
        adults=int(sales.adults[row]),
        has_children=bool(sales.has_children[row]),
        stage_u=float(sales.stage_u[row]),
        lapse_u=float(sales.lapse_u[row]),
        follow_up_days=int(sales.follow_up_days[row]),
    )


def dice_of(plan: RunPlan, kind: int, number: int) -> Dice:
    """The dice of one script: the same for the same seed, whichever process plays it."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((plan.seed, plan.replication, kind, number))))


def script_of(contact: Contact, world: World) -> Script:
    """What happens when this contact comes. The first ones of a process look at the service's clock before."""
    return _told_the_time(world, _script(contact, world)) if world.skew is None else _script(contact, world)


def _told_the_time(world: World, script: Script) -> Script:
    if world.skew is None and world.tokens.get("supervisor"):
        yield from looks_at_clock(world)
    yield from script


def _script(contact: Contact, world: World) -> Script:
    dice = dice_of(world.plan, _CONTACTS, contact.number)
    hooks = world.hotel_of(contact).hooks if world.plan.hook_secret else {}
    if contact.channel == "phone":
        return takes_call(contact, world, dice)
    if contact.channel == "web_chat" and contact.intent == "sales" and contact.turns <= 1 and "web_form" in hooks:
        return fills_form(contact, world, dice)
    if contact.channel in _CHATS and contact.channel in hooks:
        return chats(contact, world, dice)
    if contact.channel == "ota" and "ota" in hooks:
        return writes_in_ota(contact, world, dice)
    return writes_letter(contact, world, dice)


def background(world: World, process: int) -> list[Script]:
    """The scripts of supervisors and admins, which only the first generator process plays."""
    if process:
        return []
    shares, tokens = world.load.shares, world.tokens
    chiefs = range(shares.supervisors if tokens.get("supervisor") else 0)
    admins = range(shares.admins if tokens.get("admin") else 0)
    return [
        *(watches(world, place, dice_of(world.plan, _CHIEFS, place)) for place in chiefs),
        *(administers(world, place, dice_of(world.plan, _ADMINS, place)) for place in admins),
    ]
