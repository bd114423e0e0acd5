"""Selling to one guest, on the telephone or in a chat: quote, offer, hold, and what becomes of the hold.

The guest asks for the dates that the contact was drawn with, and for others near by. Nothing sellable is an answer: he
is told so and the contact ends. Who buys was drawn too; of those who buy, the scenario's shares take an option, pay by
link, or change their mind, and the rest is confirmed by card or by a deposit. Sold out since the quote means the next
choice, another price a new quote.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from numpy.random import Generator as Dice

from loadtests.run_plan import LoadHotel
from loadtests.scripts import contents
from loadtests.scripts.asking import Person, surely
from loadtests.scripts.contents import Sale, Wish
from loadtests.scripts.replies import is_sent
from loadtests.scripts.steps import Answer, Body, Contact, Pause, Step, World

MOST_QUOTES = 3
SEND_SHARE, NOTE_SHARE, AT_ONCE_SHARE, DEPOSIT_SHARE, LATER_SHARE = 0.3, 0.3, 0.3, 0.5, 0.5
NOT_SENT = frozenset({"channel_not_verified", "window_closed", "offer_expired", "consent_missing"})
SOLD_OUT = frozenset({"no_room_left", "price_changed", "offer_expired"})
NOT_HELD = SOLD_OUT | {"too_many_holds"}
LAPSED = frozenset({"reservation_lapsed", "move_not_allowed", "reservation_busy"})
NO_LINK = NOT_SENT | {"refused"}
VERIFIED = "whatsapp"
HAS_NUMBER = frozenset({"phone", VERIFIED})
_NO_ROOM = "no_availability"


@dataclass(frozen=True, slots=True)
class Deal:
    """How it ended: an outcome of a call, the reason of a loss, and the reservation that stands, if one does."""

    outcome: str
    reason: str = ""
    reservation: str = ""


@dataclass
class Sell:
    """One guest and one agent. `guest_id` of a guest who is known; `call_id` when they are on the telephone, `case_id`
    when he writes. `sends`: whether offer and summary go out in writing on the way."""

    agent: Person
    contact: Contact
    world: World
    dice: Dice
    guest_id: str
    call_id: str | None = None
    case_id: str | None = None
    sends: bool = True

    @property
    def _hotel(self) -> LoadHotel:
        return self.world.hotel_of(self.contact)

    @property
    def _is_reached(self) -> bool:
        """Whether the offer may go to a number that is known."""
        return self.sends and bool(self._belongs) and self.contact.channel in HAS_NUMBER

    @property
    def _belongs(self) -> dict[str, str]:
        """The call or the case that offers and reservations stand in."""
        named = {"call_id": self.call_id, "case_id": self.case_id}
        return {name: value for name, value in named.items() if value is not None}

    def run(self) -> Generator[Step, Answer, Deal]:
        """From the first quote to the end."""
        quote = yield from self._quotes()
        if quote is None:
            return Deal("follow_up")
        if not quote["choices"]:
            return Deal("not_sold", _NO_ROOM)
        if self._is_reached and self.dice.random() < SEND_SHARE:
            yield from self._sends("offer_send", f"/v1/offers/{quote['offer_id']}/send")
        yield self._think()
        if self.contact.convert_u >= self.world.conversion.get(self.contact.channel, 0.0):
            return self._no()
        deal = yield from self._buys(quote)
        if self.sends:
            yield from self.sums_up(deal)
        return deal

    def sums_up(self, deal: Deal) -> Generator[Step, Answer, None]:
        """What was booked, in writing, to a number that is known."""
        if deal.reservation and self.contact.channel == VERIFIED:
            yield from self._sends("summary", f"/v1/reservations/{deal.reservation}/send")

    def _quotes(self) -> Generator[Step, Answer, Body | None]:
        """One to three quotes; the last that has something to sell, else the last; None when there was none."""
        wish, found = self._wish(), None
        for _ in range(1 + int(self.dice.integers(MOST_QUOTES))):
            answer = yield from self._quote(wish)
            if not answer.is_good:
                break
            found = answer.body if answer.body["choices"] or found is None or not found["choices"] else found
            wish = self._other(wish, answer.body)
            yield self._think()
        return found

    def _quote(self, wish: Wish) -> Generator[Step, Answer, Answer]:
        body = {**wish.body(), "language": self.contact.language}
        market = self._hotel.markets.get(self.contact.language)
        body |= {"market": market} if market else {}
        body |= self._belongs
        check = contents.quoted(wish, self._belongs, self.world.clock())
        return (yield from surely(self.agent.ask("quote", "/v1/quotes", body, check=check)))

    def _wish(self) -> Wish:
        contact, hotel = self.contact, self._hotel
        children = 1 + int(self.dice.integers(2)) if contact.has_children else 0
        ages = tuple(int(one) for one in self.dice.integers(3, 12, children))
        adults = max(1, min(contact.adults, hotel.most_adults))
        today = self.world.clock().astimezone(ZoneInfo(hotel.time_zone)).date()
        return Wish(hotel.hotel_id, today + timedelta(days=contact.lead_days), max(1, contact.nights), adults, ages)

    def _other(self, wish: Wish, quote: Body) -> Wish:
        """What he asks for next: the other dates he was offered, else some of his own."""
        offered = [one for one in quote["alternatives"] if one["kind"] == "other_dates"]
        if not quote["choices"] and offered:
            start, nights = date.fromisoformat(offered[0]["check_in"]), int(offered[0]["nights"])
        else:
            start, nights = wish.check_in + timedelta(days=int(self.dice.integers(1, 8))), wish.nights
        return Wish(wish.hotel_id, start, nights, wish.adults, wish.child_ages)

    def _sends(self, operation: str, path: str) -> Generator[Step, Answer, Answer]:
        ask = self.agent.write(
            operation, path, {"via": VERIFIED}, told=contents.told_sending, check=is_sent, noes=NOT_SENT
        )
        return (yield from surely(ask))

    def _no(self) -> Deal:
        """He does not buy: not yet, when he can be rung up again, or for a reason of the hotel's list."""
        if self.call_id is not None and self.contact.lapse_u < LATER_SHARE:
            return Deal("follow_up")
        reasons = [one for one in self._hotel.lost_reasons if one != _NO_ROOM] or [_NO_ROOM]
        return Deal("not_sold", reasons[int(self.dice.integers(len(reasons)))])

    def _buys(self, quote: Body) -> Generator[Step, Answer, Deal]:
        """A reservation from one of the choices, then the rest."""
        shares, u = self.world.load.shares, self.contact.stage_u
        is_at_once = u >= shares.release + shares.option + shares.pay_link and self.dice.random() < AT_ONCE_SHARE
        to = "confirmed" if is_at_once else "hold"
        answer = yield from self._reserve(quote, to)
        if not answer.is_good:
            return Deal("not_sold", _NO_ROOM) if answer.code in SOLD_OUT else Deal("follow_up")
        one = answer.body
        yield self._think()
        if self.dice.random() < NOTE_SHARE:
            yield from self._note(one)
        return Deal("sold", reservation=one["reservation_id"]) if is_at_once else (yield from self._after(one))

    def _reserve(self, quote: Body, to: str) -> Generator[Step, Answer, Answer]:
        """The first choice; the next when it is gone; after another price a new quote. Three tries at most."""
        place = 0
        answer = yield from self._book(quote, place, to)
        for _ in range(2):
            if answer.code == "price_changed":
                again = yield from self._quote(_wish_of(quote))
                if not again.is_good or not again.body["choices"]:
                    break
                quote, place = again.body, 0
            elif answer.code == "no_room_left" and place + 1 < len(quote["choices"]):
                place += 1
            else:
                break
            answer = yield from self._book(quote, place, to)
        return answer

    def _book(self, quote: Body, place: int, to: str) -> Generator[Step, Answer, Answer]:
        choice = quote["choices"][place]
        sale = Sale(_wish_of(quote), choice["total"], choice["room_type"], choice["rate_plan"], self._belongs)
        body = {"to": to, "offer_id": quote["offer_id"], "pick": choice["pick"], "guest_id": self.guest_id}
        body |= {"call_id": self.call_id} if self.call_id is not None else {}
        body |= {"guarantee": "card"} if to == "confirmed" else {}
        ask = self.agent.write(
            "hold" if to == "hold" else "confirm", "/v1/reservations", body, told=contents.told_reservation,
            check=contents.reserved(sale, to, self.world.clock()), noes=NOT_HELD,
            about={"quoted": choice["total"]["amount"], "channel": self.contact.channel},
        )  # fmt: skip
        return (yield from surely(ask))

    def _after(self, held: Body) -> Generator[Step, Answer, Deal]:
        """What becomes of a hold."""
        shares, u = self.world.load.shares, self.contact.stage_u
        if u < shares.release:
            yield from self._move(held, "cancel", {"reason": "changed his mind"}, "cancelled")
            return Deal("not_sold", self._hotel.lost_reasons[0])
        if u < shares.release + shares.option:
            yield from self._move(held, "option", {}, "option")
            return Deal("follow_up", reservation=held["reservation_id"])
        if u < shares.release + shares.option + shares.pay_link and self.contact.channel == VERIFIED:
            answer = yield from self._link(held)
            if answer.is_good:
                return Deal("follow_up", reservation=held["reservation_id"])
        return (yield from self._secured(held))

    def _secured(self, held: Body) -> Generator[Step, Answer, Deal]:
        """Confirmed by a deposit or by card."""
        due = contents.amount_of(held["deposit_due"])
        if due and self.dice.random() < DEPOSIT_SHARE:
            body = {"amount": held["deposit_due"], "method": "card"}
            answer = yield from self._move(held, "pay", body, "confirmed")
        else:
            answer = yield from self._move(held, "confirm", {"guarantee": "card"}, "confirmed")
        return Deal("sold", reservation=held["reservation_id"]) if answer.is_good else Deal("follow_up")

    def _move(self, held: Body, verb: str, body: Body, to: str) -> Generator[Step, Answer, Answer]:
        one = held["reservation_id"]
        check = contents.reserved(self._sale(held), to, self.world.clock())
        ask = self.agent.write(
            verb, f"/v1/reservations/{one}/{verb}", body, told=contents.told_reservation, check=check, noes=LAPSED,
            about={"ref": one, "quoted": held["total"]["amount"], "channel": self.contact.channel},
        )  # fmt: skip
        return (yield from surely(ask))

    def _sale(self, held: Body) -> Sale:
        """The same reservation, whatever is done to it."""
        return Sale(
            _wish_of(held), held["total"], held["room_type"], held["rate_plan"], self._belongs,
            held["reservation_id"], held["pms_ref"],
        )  # fmt: skip

    def _link(self, held: Body) -> Generator[Step, Answer, Answer]:
        """A payment link makes the hold an option; the answer speaks of the message alone, so the rest is looked at."""
        one = held["reservation_id"]
        ask = self.agent.write(
            "payment_link", f"/v1/reservations/{one}/payment-link", {"via": VERIFIED},
            told=lambda _answer: {"ref": one, "status": "option"}, check=is_sent, noes=NO_LINK | LAPSED,
            about={"ref": one},
        )  # fmt: skip
        answer = yield from surely(ask)
        if answer.is_good:
            check = contents.reserved(self._sale(held), "option", self.world.clock())
            yield self.agent.read("reservation", f"/v1/reservations/{one}", check=check)
        return answer

    def _note(self, held: Body) -> Generator[Step, Answer, Answer]:
        one = held["reservation_id"]
        ask = self.agent.write(
            "note", f"/v1/reservations/{one}/note", {"text": "Arrives late."}, told=lambda _answer: {"ref": one},
            check=contents.has(reservation_id=one), noes=LAPSED,
        )  # fmt: skip
        return (yield from surely(ask))

    def _think(self) -> Pause:
        return Pause(float(self.dice.exponential(self.world.load.think.agent_s)))


def _wish_of(body: Body) -> Wish:
    """The stay of an offer or a reservation."""
    ages = tuple(body["child_ages"])
    return Wish(body["hotel_id"], date.fromisoformat(body["check_in"]), body["nights"], body["adults"], ages)
