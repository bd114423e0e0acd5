"""A guest who writes, and the digital agent who answers: WhatsApp, web chat and Instagram.

The guest's messages are the providers' webhooks; some are delivered twice, some in the wrong order. The agent finds the
case in his inbox, answers, quotes and sells when that is what the guest wants, and closes the case. What two turns do
not solve the rules hand over: then a colleague takes the handoff and rings the guest up.

An agent has several chats at once because contacts come when they come; each has its own script.
"""

from collections.abc import Generator
from dataclasses import dataclass, field

from numpy.random import Generator as Dice

from loadtests.scripts import contents
from loadtests.scripts.asking import Going, Numbers, Person, place_in, surely
from loadtests.scripts.inbox import find_case, read_case
from loadtests.scripts.people import answer_words, first_words, mark_of, more_words
from loadtests.scripts.replies import replies
from loadtests.scripts.selling import Deal, Sell
from loadtests.scripts.steps import NO_ANSWER, Answer, Ask, Body, Contact, Pause, Script, Step, World
from loadtests.scripts.telephone import PARTS, ends, phone_agent, start
from loadtests.scripts.wires import Written, deliver, fetch_chat
from loadtests.words import Persona

MOST_TURNS = 4
OPEN_HANDOFF = frozenset({"triggered", "offered", "accepted", "connected", "callback"})
STEPS = ("accepted", "connected", "solved")
CLOSED = frozenset({"move_not_allowed", "outcome_missing", "refused"})


def chat_agent(contact: Contact, world: World, numbers: Numbers) -> Person:
    """The digital agent who takes this contact's messages."""
    place = place_in(world.tokens["operator"], contact.number, 1, PARTS)
    hotel = world.hotel_of(contact)
    return Person(world, Persona.DIGITAL, "operator", place, numbers, contact.number, contact.language, hotel.hotel_id)


def chats(contact: Contact, world: World, dice: Dice) -> Script:
    """One conversation, from the first message to the end of its case."""
    yield from Chat(contact, world, dice).run()


@dataclass
class Chat:
    """One guest and one digital agent. `said`: what the guest wrote, each message once; `is_asked`: whether he has been
    asked to buy."""

    contact: Contact
    world: World
    dice: Dice
    agent: Person = field(init=False)
    mark: str = field(init=False)
    case_id: str = ""
    said: list[str] = field(default_factory=list)
    is_asked: bool = False

    def __post_init__(self) -> None:
        """Who acts."""
        self.mark = mark_of(self.world.plan.run_id, self.contact)
        self.agent = chat_agent(self.contact, self.world, Numbers(self.world.plan.run_id, str(self.contact.number)))

    def run(self) -> Script:
        """Turn by turn. What is solved is closed in the second turn at the latest; a handoff ends the chat."""
        turns = max(1, min(self.contact.turns, MOST_TURNS))
        for turn in range(turns):
            if turn:
                yield Pause(float(self.dice.exponential(self.world.load.think.guest_s)))
            case = yield from self._asked(turn)
            if not case:
                return
            if not self.contact.unsolved_turns and turn in {1, turns - 1}:
                yield from self._closes(case, sends=turn == 0)
            case = yield from self._answers()
            handoff = _open_handoff(case)
            if handoff is not None:
                yield from self._by_telephone(case, handoff)
                return
        if self.contact.unsolved_turns:
            yield from self._closes(case, sends=True)

    def _asked(self, turn: int) -> Generator[Step, Answer, Body]:
        """The guest writes, and the agent reads it in the case; nothing when it did not come in."""
        is_in = yield from self._writes(turn)
        if not is_in:
            return {}
        at = self.world.clock()
        yield Pause(float(self.dice.exponential(self.world.load.think.typing_s)))
        if not self.case_id:
            self.case_id = yield from find_case(self.agent, self.contact.channel, self.mark, at)
        return (yield from read_case(self.agent, self.case_id, self.said)) if self.case_id else {}

    def _writes(self, turn: int) -> Generator[Step, Answer, bool]:
        """The guest's message or messages of a turn; whether all were taken."""
        now, count = self.world.clock(), 2 if turn == 0 and self.dice.random() < 0.3 else 1  # noqa: PLR2004 - a third
        written = []
        for one in range(count):
            words = first_words if turn == 0 and one == 0 else more_words
            text = f"{words(self.contact, self.mark)} {turn + 1}.{one + 1}"
            written.append(Written(self.contact, text, self.mark, f"{turn + 1}.{one + 1}", now))
        self.said += [one.text for one in written]
        asks = [deliver(self.world, self.contact.channel, one) for one in written]
        if self.dice.random() < self.world.load.shares.double_delivery:
            asks = [*reversed(asks), asks[0]]
        taken = True
        for ask in asks:
            answer = yield from surely(ask)
            taken = taken and answer.is_good
        return taken

    def _answers(self) -> Generator[Step, Answer, Body]:
        """The agent answers. Gives the case as it stands then."""
        text = answer_words(self.contact)
        answer = yield from replies(self.agent, self.case_id, self.contact.channel, text)
        if answer.is_good and self.contact.channel == "web_chat":
            yield fetch_chat(self.world, self.contact, text)
        return (yield from read_case(self.agent, self.case_id, self.said))

    def _closes(self, case: Body, *, sends: bool) -> Script:
        """A sale is tried, once, when that was what the guest wanted, and the case ends. A document is an answer too:
        where it would be the second one that solves nothing, no offer is sent, and the summary when all is done."""
        deal, sell = Deal("service"), None
        if self.contact.intent == "sales" and case["guest_id"] and not self.is_asked:
            self.is_asked = True
            one = case["case_id"]
            sell = Sell(self.agent, self.contact, self.world, self.dice, case["guest_id"], case_id=one, sends=sends)
            deal = yield from sell.run()
        yield from closes(self.agent, case, deal, self.world.hotel_of(self.contact).lost_reasons)
        if sell is not None and not sends:
            yield from sell.sums_up(deal)

    def _by_telephone(self, case: Body, handoff: Body) -> Script:
        """A colleague takes the handoff, rings the guest up and solves it."""
        colleague = phone_agent(self.contact, self.world, self.agent.numbers)
        answer = yield from surely(_step(colleague, handoff, "accepted"))
        if not answer.is_good:
            return
        wish = {"guest_id": case["guest_id"], "direction": "out"}
        same_case = contents.has(case_id=self.case_id)
        call = yield from surely(start(colleague, wish, same_case))
        if not call.is_good:
            return
        yield from surely(_step(colleague, handoff, "connected"))
        deal = Deal("service")
        if self.contact.intent == "sales":
            sell = Sell(colleague, self.contact, self.world, self.dice, case["guest_id"], call.body["call_id"])
            deal = yield from sell.run()
        yield from surely(_step(colleague, handoff, "solved"))
        yield from ends(colleague, self.contact, self.world, call.body, deal)


def closes(agent: Person, case: Body, deal: Deal, reasons: tuple[str, ...]) -> Going:
    """A lead is won or lost, or stays open to be followed up; a case without one is resolved, if it is not yet."""
    one = case["case_id"]
    if case["status"] == "resolved":
        return NO_ANSWER
    if case["lead"] in {None, "won", "lost"}:
        ask = _close(agent, "resolve", f"/v1/cases/{one}/resolve", {}, one, status="resolved")
    elif deal.reservation:
        wish = {"reservation_id": deal.reservation}
        ask = _close(agent, "lead_win", f"/v1/leads/{one}/win", wish, one, lead="won", **wish)
    elif deal.outcome == "follow_up":
        ask = _close(agent, "lead_start", f"/v1/leads/{one}/start", {}, one, lead="in_progress")
    else:
        wish = {"reason": deal.reason or reasons[-1]}
        ask = _close(agent, "lead_lose", f"/v1/leads/{one}/lose", wish, one, lead="lost", lost_reason=wish["reason"])
    return (yield from surely(ask))


def _close(agent: Person, operation: str, path: str, body: Body, case_id: str, **wanted: str) -> Ask:
    return agent.write(
        operation, path, body, told=contents.told_case, check=contents.has(**wanted), noes=CLOSED,
        about={"ref": case_id, "case_id": case_id},
    )  # fmt: skip


def _step(agent: Person, handoff: Body, state: str) -> Ask:
    one = handoff["handoff_id"]
    return agent.write(
        "handoff_step", f"/v1/handoffs/{one}/step", {"state": state},
        told=lambda answer: {"ref": one, "status": contents.text_of(answer.body.get("state"))},
        check=contents.has(handoff_id=one, state=state), noes=CLOSED, about={"case_id": handoff["case_id"]},
    )  # fmt: skip


def _open_handoff(case: Body) -> Body | None:
    return next((one for one in case.get("handoffs", ()) if one["state"] in OPEN_HANDOFF), None)
