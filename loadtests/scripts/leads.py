"""Leads without a talk: the form of the hotel's web site, and letters that an agent types in.

A form is a signed delivery; the agent finds it in his inbox like a message. A letter is a lead by hand (`POST
/v1/leads`), because mail is fetched by the service itself and nobody may post it. Both end like a chat: offered,
held, won or lost.
"""

from numpy.random import Generator as Dice

from loadtests.scripts import contents
from loadtests.scripts.asking import Going, Numbers, Person, surely
from loadtests.scripts.chats import chat_agent, closes
from loadtests.scripts.inbox import find_case, read_case
from loadtests.scripts.people import card_of, first_words, mark_of
from loadtests.scripts.selling import Deal, Sell
from loadtests.scripts.steps import Body, Contact, Pause, Script, World
from loadtests.scripts.wires import Written, deliver


def fills_form(contact: Contact, world: World, dice: Dice) -> Script:
    """A guest fills the form in, and an agent sells to him."""
    mark = mark_of(world.plan.run_id, contact)
    now = world.clock()
    text = first_words(contact, mark)
    taken = yield from surely(deliver(world, "web_form", Written(contact, text, mark, "form", now)))
    if not taken.is_good:
        return
    agent = chat_agent(contact, world, Numbers(world.plan.run_id, str(contact.number)))
    yield Pause(float(dice.exponential(world.load.think.typing_s)))
    case_id = yield from find_case(agent, "web_form", mark, now)
    if case_id:
        yield from _sold(agent, contact, world, dice, case_id, [text])


def writes_letter(contact: Contact, world: World, dice: Dice) -> Script:
    """An agent types a letter in, and sells to who wrote it."""
    mark = mark_of(world.plan.run_id, contact)
    agent = chat_agent(contact, world, Numbers(world.plan.run_id, str(contact.number)))
    text = first_words(contact, mark)
    body = {**card_of(contact), "channel": "email", "text": text, "hotel": agent.hotel_id, "source": "load"}
    answer = yield from add_lead(agent, body)
    if answer.is_good:
        yield Pause(float(dice.exponential(world.load.think.typing_s)))
        yield from _sold(agent, contact, world, dice, answer.body["case_id"], [text])


def add_lead(agent: Person, body: Body) -> Going:
    """A lead by hand."""
    ask = agent.write(
        "lead_add", "/v1/leads", body, told=contents.told_case,
        check=contents.has(case_id=None, hotel_id=agent.hotel_id, lead=None), about={"channel": body["channel"]},
    )  # fmt: skip
    return (yield from surely(ask))


def _sold(agent: Person, contact: Contact, world: World, dice: Dice, case_id: str, said: list[str]) -> Script:
    """Read, sold or not, and closed."""
    case = yield from read_case(agent, case_id, said)
    if not case or not case["guest_id"]:
        return
    deal = Deal("not_sold", "just_asking")
    if contact.intent == "sales":
        deal = yield from Sell(agent, contact, world, dice, case["guest_id"], case_id=case["case_id"]).run()
    reasons = world.hotel_of(contact).lost_reasons
    yield from closes(agent, case, deal if deal.reason in {"", *reasons} else Deal("not_sold", reasons[-1]), reasons)
