"""The operator's calls: the exchange rings, the screen says who it is, and the call ends with a result.

A sales call goes through the six steps of a telephone sale; any other looks the guest up, notes what was asked, and
ends as service. One caller in five is a regular, whom the service must know again once he has a profile.
"""

from collections.abc import Generator
from datetime import timedelta
from urllib.parse import quote as quoted_for_url
from zoneinfo import ZoneInfo

from numpy.random import Generator as Dice

from loadtests.scripts import contents
from loadtests.scripts.asking import Going, Numbers, Person, place_in, surely
from loadtests.scripts.exchange import Line
from loadtests.scripts.people import REGULARS, card_of, card_of_regular
from loadtests.scripts.selling import Deal, Sell
from loadtests.scripts.steps import Answer, Ask, Body, Check, Contact, Pause, Script, Step, World
from loadtests.words import Persona

REGULAR_SHARE = 0.2
PARTS = 2
_LOOK_S = 20.0


def phone_agent(contact: Contact, world: World, numbers: Numbers) -> Person:
    """The operator who takes this contact's call."""
    tokens = world.tokens["operator"]
    place = place_in(tokens, contact.number, 0, PARTS)
    hotel = world.hotel_of(contact)
    return Person(world, Persona.OPERATOR, "operator", place, numbers, contact.number, contact.language, hotel.hotel_id)


def takes_call(contact: Contact, world: World, dice: Dice) -> Script:
    """One call, from the first ring to its result."""
    agent = phone_agent(contact, world, Numbers(world.plan.run_id, str(contact.number)))
    is_regular = dice.random() < REGULAR_SHARE
    card = card_of_regular(int(dice.integers(REGULARS))) if is_regular else card_of(contact)
    phone = card["phone"]
    line = Line(world, contact, agent, phone)
    yield from line.rings()
    check = contents.all_of(known_by(world, phone), line.joined)
    call = yield from surely(start(agent, {"phone": phone, "direction": "in"}, check))
    if not call.is_good:
        yield from line.goes_down()
        return
    yield Pause(contact.first_reply_s)
    guest_id = yield from _profile(agent, world, card, call.body)
    deal = Deal("follow_up")
    if guest_id and contact.intent == "sales":
        deal = yield from Sell(agent, contact, world, dice, guest_id, call.body["call_id"]).run()
    elif guest_id:
        yield from _serve(agent, phone, guest_id)
        deal = Deal("service")
    yield from line.goes_down()
    yield Pause(min(contact.wrap_s, contact.work_s))
    yield from ends(agent, contact, world, call.body, deal)


def start(agent: Person, body: Body, check: Check) -> Ask:
    """The call begins."""
    whole = contents.all_of(contents.has(call_id=None, case_id=None, hotel_id=agent.hotel_id), check)
    wish, about = {**body, "hotel": agent.hotel_id}, {"channel": "phone"}
    return agent.write("call_start", "/v1/calls", wish, told=contents.told_call, check=whole, about=about)


def known_by(world: World, phone: str) -> Check:
    """A number whose guest has a profile already must be known again."""
    is_known = phone in world.known

    def check(answer: Answer) -> str:
        found = answer.body.get("guest") or answer.body.get("candidates")
        return "guest_not_recognised" if is_known and not found else ""

    return check


def _profile(agent: Person, world: World, card: dict[str, str], call: Body) -> Generator[Step, Answer, str]:
    """The caller's profile, made when there is none. Gives the guest's id, empty when it could not be made."""
    known = call.get("guest")
    if known and known.get("name"):
        return str(known["guest_id"])
    ask = agent.write(
        "guest_create", "/v1/guests", {**card, "hotel": agent.hotel_id},
        told=lambda answer: {"ref": contents.text_of(answer.body.get("guest_id"))}, check=contents.has(guest_id=None),
    )  # fmt: skip
    answer = yield from surely(ask)
    if not answer.is_good:
        return ""
    world.known.add(card["phone"])
    return str(answer.body["guest_id"])


def _serve(agent: Person, phone: str, guest_id: str) -> Going:
    """Find the guest and what he has booked, and note what he asked for."""
    found = agent.read("guest_find", f"/v1/guests?phone={quoted_for_url(phone)}&hotel={agent.hotel_id}", check=_found)
    yield found
    yield Pause(_LOOK_S)
    yield agent.read("reservations", f"/v1/reservations?guest_id={guest_id}&limit=10", check=_listed)
    note = agent.write(
        "guest_note", f"/v1/guests/{guest_id}/note", {"text": "Asked about the transfer.", "hotel": agent.hotel_id},
        told=lambda _answer: {"ref": guest_id}, check=contents.has(text="Asked about the transfer."),
    )  # fmt: skip
    answer = yield from surely(note)
    return answer


def _found(answer: Answer) -> str:
    return "" if answer.body.get("guests") else "guest_not_found"


def _listed(answer: Answer) -> str:
    return "" if isinstance(answer.body.get("reservations"), list) else "no_list"


def ends(agent: Person, contact: Contact, world: World, call: Body, deal: Deal) -> Going:
    """The call ends with its result; a sale that lapsed meanwhile is followed up."""
    answer = yield from surely(_end(agent, contact, world, call, deal))
    if answer.code == "outcome_missing":
        answer = yield from surely(_end(agent, contact, world, call, Deal("follow_up")))
    return answer


def _end(agent: Person, contact: Contact, world: World, call: Body, deal: Deal) -> Ask:
    body: Body = {"outcome": deal.outcome}
    if deal.outcome == "not_sold":
        body["lost_reason"] = deal.reason
    if deal.outcome == "follow_up":
        zone = ZoneInfo(world.hotel_of(contact).time_zone)
        due = world.clock().astimezone(zone).date() + timedelta(days=max(1, contact.follow_up_days))
        body["due"] = due.isoformat()
    check = contents.has(call_id=call["call_id"], outcome=deal.outcome, ended_at=None)
    noes = frozenset({"outcome_missing"}) if deal.outcome == "sold" else frozenset[str]()
    return agent.write(
        "call_end", f"/v1/calls/{call['call_id']}/end", body, told=contents.told_call, check=check, noes=noes,
        about={"channel": "phone", "call_id": call["call_id"], "case_id": call["case_id"]},
    )  # fmt: skip
