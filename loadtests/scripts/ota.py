"""A guest who writes inside an OTA: a thin alert comes, and an agent sees to it.

The alert has no text, so his case is known by the reservation the OTA names, which is an identity of its guest. The
person who sees to it must see clear, so it is a supervisor; he answers inside the OTA, where we cannot look, and closes
the case.
"""

from numpy.random import Generator as Dice

from loadtests.scripts.asking import Numbers, Person, surely
from loadtests.scripts.chats import closes
from loadtests.scripts.inbox import find_case, read_case
from loadtests.scripts.people import mark_of
from loadtests.scripts.selling import Deal
from loadtests.scripts.steps import Contact, Pause, Script, World
from loadtests.scripts.wires import Written, deliver
from loadtests.words import Persona


def ota_agent(contact: Contact, world: World) -> Person:
    """The supervisor who sees to it."""
    tokens = world.tokens["supervisor"]
    numbers = Numbers(world.plan.run_id, str(contact.number))
    place, hotel = contact.number % len(tokens), world.hotel_of(contact)
    return Person(world, Persona.DIGITAL, "supervisor", place, numbers, contact.number, hotel_id=hotel.hotel_id)


def writes_in_ota(contact: Contact, world: World, dice: Dice) -> Script:
    """One alert, twice when the provider is unsure, and its case."""
    mark = mark_of(world.plan.run_id, contact)
    now = world.clock()
    alert = deliver(world, "ota", Written(contact, "", mark, "ota", now))
    answer = yield from surely(alert)
    if answer.is_good and dice.random() < world.load.shares.double_delivery:
        yield from surely(alert)
    if not answer.is_good:
        return
    agent = ota_agent(contact, world)
    yield Pause(float(dice.exponential(world.load.think.typing_s)))
    case_id = yield from find_case(agent, "ota", mark, now)
    case = (yield from read_case(agent, case_id, [])) if case_id else {}
    if case:
        yield Pause(contact.work_s)
        reasons = world.hotel_of(contact).lost_reasons
        yield from closes(agent, case, Deal("not_sold", reasons[-1]), reasons)
