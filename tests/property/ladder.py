"""The selling ladder as a state machine: real use cases, an inline store, a fake hotel, a clock that is moved by hand.

Each rule is something that can happen: an agent asks, a request is lost (done, not done, or done late), the hotel's
desk acts, time passes, a worker makes its round. What use cases refuse is fine; what they leave behind is checked after
every step, and once more when everything has come to rest. A machine of another verb inherits from this one and adds
its rules: `ask` keeps the request, so that `asks_again` repeats it too.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.access import Actor, Role
from domain.errors import DomainError
from domain.money import Money
from domain.reservation import Guarantee, PmsRef, Reservation, ReservationState
from integration.errors import PmsOutcomeUnknown, PmsUnavailable, ServiceError
from integration.ports.records import Intent, IntentState, TaskKind
from integration.usecases.answers import Answer
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.cancel_reservation import cancel_reservation, reinstate_reservation
from integration.usecases.change_reservation import change_reservation
from integration.usecases.change_wish import ChangeWish
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.move_reservation import confirm_reservation, extend_reservation, take_option
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.resolve_intents import resolve_intents
from integration.usecases.stay_wish import StayWish
from integration.usecases.watch_intents import watch_intents
from integration.usecases.write_guest import GuestCard
from tests.builders import a_hotel, pms_terms
from tests.fakes.desk import an_office
from tests.fakes.pms_house import Held

T = TypeVar("T")
AGENT, CHIEF = Actor("agent7", Role.OPERATOR), Actor("chief", Role.SUPERVISOR)
WORKER = Actor("worker", Role.ADMIN)
METHOD = next(iter(pms_terms().payment_methods))
ARRIVAL, ROOM, ROOMS = date(2027, 5, 2), "VILLA", 2
WRITES = ("create_booking", "change_booking", "cancel_booking", "reinstate_booking", "post_deposit", "create_profile")
S = ReservationState
CODES = {S.HOLD: {"HOLD"}, S.OPTION: {"OPT"}, S.CONFIRMED: {"CARD", "PAID", "AGENCY", "COMPANY"}}
OVER = {S.EXPIRED, S.CANCELLED, S.ROLLED_BACK}
places = st.integers(0, 7)
SPANS = [timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=16), timedelta(hours=3), timedelta(hours=25)]


class SellingLadder(RuleBasedStateMachine):
    """One hotel with two villas; `requests`: everything that was asked, by key; `told`: keys that were answered."""

    def __init__(self) -> None:
        super().__init__()
        hotel = a_hotel()
        types = {**hotel.room_types, ROOM: replace(hotel.room_types[ROOM], room_count=ROOMS)}
        self.office = an_office(replace(hotel, room_types=types))
        self.house = self.office.pms.house(self.office.hotel)
        self.runner = asyncio.Runner()
        self.requests: list[tuple[str, Callable[[], Awaitable[Answer]]]] = []
        self.told: dict[str, str] = {}
        self.names: list[str] = []
        self.at_the_desk: set[PmsRef] = set()
        self.firm: set[PmsRef] = set()

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    def key(self) -> str:
        return f"key-{len(self.requests)}"

    def ask(self, do: Callable[[], Awaitable[Answer]]) -> None:
        """A new request, under the key that `key` gave."""
        key = self.key()
        self.requests.append((key, do))
        self._asked(key, do)

    def _asked(self, key: str, do: Callable[[], Awaitable[Answer]]) -> None:
        try:
            answer = self.run(do())
        except (DomainError, ServiceError):
            assert key not in self.told, f"{key} was answered before and is refused now"
            return
        name = str(answer.body["reservation_id"])
        assert self.told.setdefault(key, name) == name
        if name not in self.names:
            self.names.append(name)

    def name(self, place: int) -> str:
        return self.names[place % len(self.names)]

    def one(self, name: str) -> Reservation:
        found = self.run(self.office.desk.store.read(lambda tx: tx.list_reservations(limit=200)))
        return next(one for one in found if one.reservation_id == name)

    @rule(
        to=st.sampled_from([S.HOLD, S.HOLD, S.OPTION, S.CONFIRMED]), nights=st.integers(1, 2), guest=st.integers(0, 2)
    )
    def books(self, to: ReservationState, nights: int, guest: int) -> None:
        wish = StayWish(ARRIVAL, nights, 2, room_type=ROOM, rate_plan="UAI-FLEX", currency="EUR")
        card = GuestCard("Ayşe Yılmaz", f"+90532111223{guest}")
        guarantee = Guarantee.CARD if to is S.CONFIRMED else None
        request = BookRequest(to, self.key(), wish=wish, card=card, guarantee=guarantee)
        self.ask(lambda: book_stay(self.office.desk, AGENT, request))

    @precondition(lambda self: self.names)
    @rule(place=places)
    def takes_an_option(self, place: int) -> None:
        """An agent's word replaces the desk's, which nobody has told him of."""
        name, key = self.name(place), self.key()
        self.firm.discard(PmsRef(self.one(name).pms_ref or ""))
        self.ask(lambda: take_option(self.office.desk, AGENT, name, key))

    @precondition(lambda self: self.names)
    @rule(place=places, guarantee=st.sampled_from([Guarantee.CARD, Guarantee.AGENCY, None]))
    def confirms(self, place: int, guarantee: Guarantee | None) -> None:
        name, key = self.name(place), self.key()
        self.ask(lambda: confirm_reservation(self.office.desk, AGENT, name, key, guarantee))

    @precondition(lambda self: self.names)
    @rule(place=places, share=st.sampled_from([1, 1, 2]))
    def pays(self, place: int, share: int) -> None:
        name, key = self.name(place), self.key()
        due = self.one(name).deposit_due
        amount = Money.from_minor(max(1, due.minor // share), due.currency)
        self.ask(lambda: pay_reservation(self.office.desk, AGENT, name, key, amount, METHOD))

    @precondition(lambda self: self.names)
    @rule(place=places, nights=st.integers(1, 3))
    def changes(self, place: int, nights: int) -> None:
        name, key = self.name(place), self.key()
        self.ask(lambda: change_reservation(self.office.desk, AGENT, name, key, ChangeWish(nights=nights)))

    @precondition(lambda self: self.names)
    @rule(place=places)
    def cancels(self, place: int) -> None:
        name, key = self.name(place), self.key()
        self.ask(lambda: cancel_reservation(self.office.desk, AGENT, name, key, "the guest asked"))

    @precondition(lambda self: self.names)
    @rule(place=places)
    def reinstates(self, place: int) -> None:
        name, key = self.name(place), self.key()
        self.ask(lambda: reinstate_reservation(self.office.desk, AGENT, name, key))

    @precondition(lambda self: self.names)
    @rule(place=places, hours=st.integers(1, 30))
    def extends(self, place: int, hours: int) -> None:
        name, key, until = self.name(place), self.key(), self.office.clock.now() + timedelta(hours=hours)
        self.ask(lambda: extend_reservation(self.office.desk, CHIEF, name, key, until))

    @precondition(lambda self: self.requests)
    @rule(place=st.integers(0, 30))
    def asks_again(self, place: int) -> None:
        self._asked(*self.requests[-1 - place % len(self.requests)])

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        """What was on its way has arrived by then."""
        self.office.pms.run_late()
        self.office.clock.advance(seconds=span.total_seconds())

    @rule()
    def sweeps(self) -> None:
        self.run(lapse_due(self.office.desk, WORKER))

    @rule()
    def looks_for_outcomes(self) -> None:
        self.run(resolve_intents(self.office.desk, WORKER))
        self.run(watch_intents(self.office.desk, WORKER))

    @rule(operation=st.sampled_from(WRITES), how=st.sampled_from(["done", "not done", "late", "never left"]))
    def loses_a_request(self, operation: str, how: str) -> None:
        if how == "never left":
            self.office.pms.fail_next(operation, PmsUnavailable("down"))
        else:
            self.office.pms.fail_next(operation, PmsOutcomeUnknown("lost"), executed=how == "done", late=how == "late")

    @precondition(lambda self: self.names)
    @rule(place=places, code=st.sampled_from(["CARD", "PAID"]))
    def the_desk_confirms(self, place: int, code: str) -> None:
        """A hold or option that is still alive; the sweep has to see it."""
        one = self.one(self.name(place))
        held = self.house.bookings.get(PmsRef(one.pms_ref or ""))
        if held is None or held.booking.status != "Reserved":
            return
        held.booking = replace(held.booking, guarantee_code=code)
        self.at_the_desk.add(held.booking.pms_ref)
        if one.state in {S.HOLD, S.OPTION} and not self.unsettled(one):
            self.firm.add(held.booking.pms_ref)

    @precondition(lambda self: self.names)
    @rule(place=places)
    def the_desk_checks_in(self, place: int) -> None:
        ref = PmsRef(self.one(self.name(place)).pms_ref or "")
        if ref in self.house.bookings and self.house.bookings[ref].booking.status == "Reserved":
            self.house.set_status(ref, "InHouse")
            self.at_the_desk.add(ref)

    def unsettled(self, one: Reservation) -> list[Intent]:
        found = self.run(self.office.desk.store.read(lambda tx: tx.unsettled_intents(limit=100)))
        return [
            each
            for each in found
            if each.state is not IntentState.OPEN
            and (each.reservation_id == one.reservation_id or each.external_ref == one.external_ref)
        ]

    def reservations(self) -> list[Reservation]:
        return self.run(self.office.desk.store.read(lambda tx: tx.list_reservations(limit=200)))

    def standing(self, reference: str) -> list[Held]:
        return [
            held
            for held in self.house.bookings.values()
            if reference in held.booking.references and held.booking.status != "Cancelled"
        ]

    @invariant()
    def no_room_is_sold_that_is_not_there(self) -> None:
        taken: Counter[tuple[str, date]] = Counter()
        for held in self.house.bookings.values():
            if held.takes_stock:
                taken.update((held.booking.room_type, night) for night in held.booking.stay.nights())
        assert {cell: count for cell, count in self.house.sold.items() if count} == dict(taken)
        assert all(self.house.left(*cell) >= 0 for cell in taken)

    @invariant()
    def what_was_answered_is_known(self) -> None:
        assert set(self.told.values()) <= {str(one.reservation_id) for one in self.reservations()}

    @invariant()
    def both_sides_agree_on_what_is_settled(self) -> None:
        found = list(self.differences())
        assert found == [], found

    def differences(self) -> Iterator[str]:
        for one in self.reservations():
            if not self.unsettled(one):
                yield from self.differs(one)
            if one.pms_ref in self.firm and one.state is S.EXPIRED:
                yield f"{one.reservation_id}: confirmed at the desk and expired"
            if one.state is S.EXPIRED and one.deposit_due <= one.paid and one.paid.amount > 0:
                yield f"{one.reservation_id}: paid and expired"

    def differs(self, one: Reservation) -> Iterator[str]:
        name, standing = one.reservation_id, self.standing(one.external_ref)
        if len(standing) != (one.state not in OVER):
            yield f"{name}: {one.state} here, {len(standing)} records stand"
        held = self.house.bookings[PmsRef(one.pms_ref or "")]
        if len({deposit.reference for deposit in held.deposits}) < len(held.deposits):
            yield f"{name}: a payment is there twice"
        paid = sum(deposit.amount.minor for deposit in held.deposits)
        if paid != one.paid.minor:
            yield f"{name}: {one.paid} paid here, {paid} in the PMS"
        if one.state in CODES and one.pms_ref not in self.at_the_desk:
            yield from self.looks_differ(one, held)

    def looks_differ(self, one: Reservation, held: Held) -> Iterator[str]:
        if held.booking.guarantee_code not in CODES[one.state]:
            yield f"{one.reservation_id}: {one.state} here, {held.booking.guarantee_code} in the PMS"
        here = (one.stay, one.room_type, one.total)
        there = (held.booking.stay, held.booking.room_type, held.booking.total)
        if here != there:
            yield f"{one.reservation_id}: {here} here, {there} in the PMS"

    def teardown(self) -> None:
        """Nobody asks any more; a day and more goes by with the workers at work."""
        try:
            self.comes_to_rest()
        finally:
            self.run(self.office.desk.store.close())
            self.runner.close()

    def comes_to_rest(self) -> None:
        self.office.pms.forget_failures()
        for span in (timedelta(0), timedelta(minutes=2), timedelta(minutes=20), *[timedelta(hours=9)] * 6):
            self.time_passes(span)
            self.sweeps()
            self.looks_for_outcomes()
            self.sweeps()
        self.both_sides_agree_on_what_is_settled()
        waiting = {each.intent_id for one in self.reservations() for each in self.unsettled(one)}
        tasks = self.run(
            self.office.desk.store.read(lambda tx: tx.list_tasks(hotel_id=None, open_only=True, limit=200))
        )
        asked = {task.ids.get("intent_id") for task in tasks if task.kind is TaskKind.DEPOSIT_UNKNOWN}
        assert waiting <= asked, f"writes have neither an end nor a person to decide: {sorted(waiting - asked)}"
        assert not [one for one in self.reservations() if one.state in {S.HOLD, S.OPTION} and not self.unsettled(one)]
