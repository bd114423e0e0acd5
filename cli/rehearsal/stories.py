"""What agent and caller do, step by step: the real use cases, one after the other, until one says a final no.

A story is a list of steps drawn with the caller. `|hours`, `|days` and `|lapsed` end the call; what is left comes back
to the queue as an errand for whoever is free then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from cli.rehearsal.callers import Caller
from cli.rehearsal.line import Ask, Line, Said
from domain.case import CallEnd, CallOutcome
from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.usecases.answers import Answer
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.cancel_reservation import cancel_reservation, reinstate_reservation
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.keyed_writes import end_call_once, note_reservation_once, start_call_once
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.quote_stay import quote_stay
from integration.usecases.stay_wish import StayWish
from integration.usecases.take_calls import CallStart
from integration.usecases.write_guest import GuestCard

PAUSES_S = {"|hours": (2 * 3_600, 9 * 3_600), "|days": (86_400, 6 * 86_400), "|lapsed": (1_200, 4_000)}
BY_DATES_ONE_IN = 4
GUARANTEES = (Guarantee.CARD, Guarantee.CARD, Guarantee.AGENCY, Guarantee.COMPANY)


@dataclass(frozen=True, slots=True)
class Errand:
    """What is left to do for a caller: `body` is the reservation as last told, `pause` what lies before it."""

    caller: Caller
    steps: tuple[str, ...]
    chance: Random
    turn: int = 0
    body: dict[str, Any] | None = None
    request: BookRequest | None = None
    booked_by: str = ""

    @property
    def reservation_id(self) -> str:
        """Of the reservation it is about."""
        return str((self.body or {})["reservation_id"])

    def key(self, verb: str) -> str:
        """The request key of its next step."""
        return f"{self.caller.number:06d}-{self.turn}-{verb}"


Step = Callable[[Line, Errand], Awaitable[tuple[Said, Errand]]]


async def serve(line: Line, errand: Errand) -> tuple[str, Errand] | None:
    """Work through an errand up to its next pause; answers the pause and what is left, or None when it is over."""
    is_call = errand.body is None
    call_id = await _start(line, errand) if is_call else None
    while errand.steps and not errand.steps[0].startswith("|"):
        await line.house.clock.sleep(_talk_s(errand))
        step, errand = errand.steps[0], replace(errand, steps=errand.steps[1:], turn=errand.turn + 1)
        said, errand = await STEPS[step](line, errand)
        if not said.is_ok:
            errand = replace(errand, steps=())
    if call_id is not None:
        await _end(line, errand, call_id)
    if not errand.steps or errand.body is None:
        return None
    return errand.steps[0], replace(errand, steps=errand.steps[1:])


def _talk_s(errand: Errand) -> float:
    """How long they talk before the next step."""
    talk = errand.chance.uniform(20, 150)
    return talk / 150 if errand.caller.hurries and errand.turn == 0 else talk


async def _start(line: Line, errand: Errand) -> str | None:
    start, key = CallStart(phone=errand.caller.person.phone), errand.key("call")
    said = await line.ask(
        "call_start", key, errand.chance, lambda actor: start_call_once(line.house.desk, actor, start, key)
    )
    return str(said.body["call_id"]) if said.is_ok else None


async def _end(line: Line, errand: Errand, call_id: str) -> None:
    desk, end = line.house.desk, _ending(line, errand)
    key = errand.key("bye")
    said = await line.ask("call_end", key, errand.chance, lambda actor: end_call_once(desk, actor, call_id, end, key))
    if said.code == "outcome_missing":
        lost, again = _lost(line), errand.key("bye-again")
        await line.ask("call_end", again, errand.chance, lambda actor: end_call_once(desk, actor, call_id, lost, again))


def _ending(line: Line, errand: Errand) -> CallEnd:
    if errand.body is None:
        return _lost(line)
    if errand.body["status"] == ReservationState.CONFIRMED.value:
        return CallEnd(CallOutcome.SOLD)
    today = line.house.terms.today(line.house.clock.now())
    return CallEnd(CallOutcome.FOLLOW_UP, due_on=today + timedelta(days=1))


def _lost(line: Line) -> CallEnd:
    return CallEnd(CallOutcome.NOT_SOLD, lost_reason=next(iter(line.house.terms.lost_reasons)))


async def _hold(line: Line, errand: Errand) -> tuple[Said, Errand]:
    return await _book(line, errand, ReservationState.HOLD, None)


async def _book_at_once(line: Line, errand: Errand) -> tuple[Said, Errand]:
    return await _book(line, errand, ReservationState.CONFIRMED, errand.chance.choice(GUARANTEES))


async def _book(line: Line, errand: Errand, to: ReservationState, guarantee: Guarantee | None) -> tuple[Said, Errand]:
    """Quote, then book the first choice; one in four books by dates."""
    person, key = errand.caller.person, errand.key("book")
    card = GuestCard(f"{person.given_name} {person.surname}", person.phone, person.email, person.language)
    wish = _wish(line, errand)
    request = BookRequest(to, key, card=card, guarantee=guarantee, wish=wish)
    if errand.chance.randrange(BY_DATES_ONE_IN):
        quoted = await line.ask("quote", errand.key("quote"), errand.chance, _quote(line, wish))
        if not quoted.is_ok or not quoted.body["choices"]:
            return Said("fail", code="nothing_sellable"), errand
        request = replace(request, wish=None, offer_id=quoted.body["offer_id"], pick=1)
    said = await line.ask(to.value, key, errand.chance, lambda actor: book_stay(line.house.desk, actor, request))
    who = (line.agent.name, key)
    if said.is_ok:
        line.told.created[who] = str(said.body["reservation_id"])
        return said, replace(errand, body=said.body, request=request, booked_by=line.agent.name)
    if said.what == "fail":
        line.told.refused.add(who)
    return said, errand


def _wish(line: Line, errand: Errand) -> StayWish:
    wanted, plans = errand.caller.wanted, list(line.house.terms.rate_plans)
    return StayWish(
        wanted.check_in, wanted.nights, wanted.adults, wanted.child_ages, currency=wanted.currency,
        room_type=wanted.room_type, rate_plan=errand.chance.choice(plans),
    )  # fmt: skip


def _quote(line: Line, wish: StayWish) -> Ask:
    async def ask(actor: Any) -> Answer:  # noqa: ANN401 - an Actor
        offer = (await quote_stay(line.house.desk, actor, wish)).offer
        return Answer({"offer_id": offer.offer_id, "choices": len(offer.choices)}, replayed=False)

    return ask


async def _moved(line: Line, errand: Errand, verb: str, do: Ask, *, chief: bool = False) -> tuple[Said, Errand]:
    said = await line.ask(verb, errand.key(verb), errand.chance, do, chief=chief)
    return said, replace(errand, body=said.body) if said.is_ok and "status" in said.body else errand


async def _option(line: Line, errand: Errand) -> tuple[Said, Errand]:
    name, key = errand.reservation_id, errand.key("option")
    return await _moved(line, errand, "option", lambda actor: take_option(line.house.desk, actor, name, key))


async def _confirm(line: Line, errand: Errand) -> tuple[Said, Errand]:
    name, key, guarantee = errand.reservation_id, errand.key("confirm"), errand.chance.choice(GUARANTEES)
    return await _moved(
        line, errand, "confirm", lambda actor: confirm_reservation(line.house.desk, actor, name, key, guarantee)
    )


async def _extend(line: Line, errand: Errand) -> tuple[Said, Errand]:
    name, key = errand.reservation_id, errand.key("extend")
    until = line.house.clock.now() + timedelta(minutes=errand.chance.randint(30, 300))
    return await _moved(
        line, errand, "extend", lambda actor: extend_reservation(line.house.desk, actor, name, key, until), chief=True
    )


async def _pay(line: Line, errand: Errand, share: int = 1) -> tuple[Said, Errand]:
    """The deposit due, or a part of it."""
    due = (errand.body or {})["deposit_due"]
    minor = Money.of(due["amount"], due["currency"]).minor // share
    amount = Money.from_minor(max(minor, 100), due["currency"])
    name, key = errand.reservation_id, errand.key("pay")
    method = errand.chance.choice(list(line.house.terms.pms.payment_methods))
    said, after = await _moved(
        line, errand, "pay", lambda actor: pay_reservation(line.house.desk, actor, name, key, amount, method)
    )
    if said.is_ok:
        line.told.paid[line.agent.name, key] = name
    return said, after


async def _pay_part(line: Line, errand: Errand) -> tuple[Said, Errand]:
    return await _pay(line, errand, share=3)


async def _change(line: Line, errand: Errand) -> tuple[Said, Errand]:
    """A night more or less, or another room, at the price of the day."""
    nights, name, key = errand.caller.wanted.nights, errand.reservation_id, errand.key("change")
    rooms = [one.code for one in line.house.terms.room_types.values() if one.takes(2, 1)]
    wish = errand.chance.choice(
        [ChangeWish(nights=nights + 1), ChangeWish(nights=max(1, nights - 1)), ChangeWish(room_type=rooms[-1])]
    )
    return await _moved(
        line, errand, "change", lambda actor: change_reservation(line.house.desk, actor, name, key, wish)
    )


async def _cancel(line: Line, errand: Errand) -> tuple[Said, Errand]:
    name, key = errand.reservation_id, errand.key("cancel")
    return await _moved(
        line, errand, "cancel", lambda actor: cancel_reservation(line.house.desk, actor, name, key, "the guest asked")
    )


async def _reinstate(line: Line, errand: Errand) -> tuple[Said, Errand]:
    name, key = errand.reservation_id, errand.key("reinstate")
    return await _moved(
        line, errand, "reinstate", lambda actor: reinstate_reservation(line.house.desk, actor, name, key)
    )


async def _note(line: Line, errand: Errand) -> tuple[Said, Errand]:
    name, key = errand.reservation_id, errand.key("note")
    return await _moved(
        line, errand, "note",
        lambda actor: note_reservation_once(line.house.desk, actor, name, "Arrives late in the evening.", key),
    )  # fmt: skip


async def _repeat(line: Line, errand: Errand) -> tuple[Said, Errand]:
    """The booking asked again with the key it has: the same reservation, and said to be a replay."""
    request = errand.request
    if request is None or errand.booked_by != line.agent.name:
        return Said("ok"), errand
    said = await line.ask(
        "repeat", request.request_key, errand.chance, lambda actor: book_stay(line.house.desk, actor, request)
    )
    line.told.repeated += 1
    if said.is_ok and (not said.replayed or said.body["reservation_id"] != errand.reservation_id):
        line.told.twisted.append(f"key {request.request_key}: {said.body['reservation_id']}, not a replay")
    return said, errand


STEPS: dict[str, Step] = {
    "hold": _hold,
    "book": _book_at_once,
    "confirm": _confirm,
    "option": _option,
    "extend": _extend,
    "pay": _pay,
    "pay_part": _pay_part,
    "change": _change,
    "cancel": _cancel,
    "reinstate": _reinstate,
    "note": _note,
    "repeat": _repeat,
}
