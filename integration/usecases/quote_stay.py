"""Quote a stay: live price and availability, two or three choices, and which "no" for the rest.

One PMS call brings every room type on every plan with its price and the reason when it cannot be sold; a second brings
room counts; restrictions are read only when something is restricted, so that the agent hears *which* rule stands in
the way. The offer is stored with its price, kept until `valid_until`. Nothing sellable is an answer too: other dates,
sister hotels, a waiting list. The house's own comparison with other sellers travels beside the offer and never inside
it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Self

from domain.access import Actor, Permission
from domain.hotel import HotelTerms
from domain.offer import Alternative, Offer, OfferId
from integration.ports.pms import RateAnswer, RateQuestion, RateState, RoomCounts
from integration.ports.records import OtherSellerRate, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.alternatives import Elsewhere, alternatives_to, look_elsewhere
from integration.usecases.desk import Desk
from integration.usecases.offer_place import place_of
from integration.usecases.reading_rates import Reading
from integration.usecases.shown_choices import shown_of
from integration.usecases.stay_wish import StayWish, promo_note, question_of
from integration.usecases.tracing import audit

__all__ = ["Quote", "StayWish", "quote_stay"]


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer and what only the house may see beside it."""

    offer: Offer
    house_only: tuple[OtherSellerRate, ...] = ()


async def quote_stay(desk: Desk, actor: Actor, wish: StayWish, *, offer_id: OfferId | None = None) -> Quote:
    """Quote and store the offer. InvalidInput, NotFound, or a PmsError when the PMS cannot be read.

    Of two who quote under one `offer_id` (a sale and its recovery) the first one's offer stands for both.
    """
    actor.require(Permission.SELL)
    hotel = desk.hotel(wish.hotel_id)
    question = question_of(desk, hotel, wish)
    draft = _draft(desk, actor, hotel, wish, question, offer_id)
    if question.rooms > hotel.rules.group_rooms:
        return await _as_group(desk, actor, partial(draft, choices=(), is_group=True), wish)
    async with _Ways(desk, hotel, question, wish) as ways:
        reading = await read(desk, hotel, question, on_closed=ways.begin)
        shown = shown_of(hotel, reading, wish)
        alternatives = () if shown.choices else await ways.out(reading)
    priced = partial(draft, choices=shown.choices, closed=shown.closed, alternatives=alternatives)

    def work(tx: Tx) -> Quote:
        kept = tx.get_offer(offer_id) if offer_id is not None else None
        return Quote(kept) if kept is not None else _store(tx, actor, wish, priced)

    return await desk.store.transact(work)


class _Ways:
    """The ways out of a quote, looked for from the moment nothing is seen to sell, and dropped when not needed."""

    def __init__(self, desk: Desk, hotel: HotelTerms, question: RateQuestion, wish: StayWish) -> None:
        self._asked = (desk, hotel, question)
        self._wish = wish
        self._begun: asyncio.Task[Elsewhere] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._begun is not None:
            self._begun.cancel()
            await asyncio.gather(self._begun, return_exceptions=True)

    def begin(self) -> None:
        """Look elsewhere beside whatever else is being asked."""
        self._begun = self._begun or asyncio.create_task(look_elsewhere(*self._asked, self._wish))

    async def out(self, reading: Reading) -> tuple[Alternative, ...]:
        """All of them."""
        self.begin()
        assert self._begun is not None  # noqa: S101 - begun just now
        return await alternatives_to(*self._asked, reading, self._begun)


async def read(
    desk: Desk, hotel: HotelTerms, question: RateQuestion, on_closed: Callable[[], None] | None = None
) -> Reading:
    """Rates and counts side by side; restrictions and our own live holds only where something does not sell.

    `on_closed` is called as soon as the rates show that nothing sells, before the reasons are asked for.
    For a reservation's own change no counts are read: the inventory does not know that its own rooms come free.
    """
    answer, counts = await _rates_and_counts(desk, hotel, question)
    if on_closed is not None and all(one.state != RateState.AVAILABLE for one in answer.room_rates):
        on_closed()
    now = desk.clock.now()
    restricted = answer.house_closed or any(one.state == RateState.RESTRICTED for one in answer.room_rates)
    rules = await desk.pms.read_restrictions(hotel, question.stay) if restricted else ()
    sold_out = sorted({one.room_type for one in answer.room_rates if one.state == RateState.NO_INVENTORY})
    ours = (
        await desk.store.read(
            lambda tx: {code: tx.live_timed(hotel.hotel_id, code, question.stay, now) for code in sold_out}
        )
        if sold_out
        else {}
    )
    return Reading(question, answer, counts, rules, ours, hotel.today(now))


async def _rates_and_counts(
    desk: Desk, hotel: HotelTerms, question: RateQuestion
) -> tuple[RateAnswer, RoomCounts | None]:
    """Both at once: one here, one in a task, which is half of what `gather` costs when both are remembered."""
    if question.own_ref is not None:
        return await desk.pms.read_rates(hotel, question), None
    counting = asyncio.create_task(desk.pms.read_room_counts(hotel, question.stay))
    try:
        answer = await desk.pms.read_rates(hotel, question)
    except BaseException:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
        raise
    return answer, await counting


def _draft(
    desk: Desk, actor: Actor, hotel: HotelTerms, wish: StayWish, question: RateQuestion, offer_id: OfferId | None
) -> "partial[Offer]":
    """The offer as far as it is known before the PMS has been asked."""
    now = desk.clock.now()
    return partial(
        Offer,
        offer_id=offer_id or OfferId(desk.ids.new("off")),
        hotel_id=hotel.hotel_id,
        stay=question.stay,
        party=question.party,
        rooms=question.rooms,
        currency=hotel.currency_for(wish.currency, wish.market),
        created_at=now,
        valid_until=now + hotel.rules.quote_valid,
        actor=actor.name,
        promo=wish.promo.upper() if wish.promo else None,
        promo_note=promo_note(hotel, wish.promo, question.stay, hotel.today(now)),
        purpose=wish.purpose,
    )


def _tied(tx: ReadTx, actor: Actor, draft: "partial[Offer]", wish: StayWish) -> Offer:
    """Belongs to the call or case named, else to the actor's open call; speaks the guest's language unless told
    otherwise."""
    place = place_of(tx, actor, draft.keywords["hotel_id"], call_id=wish.call_id, case_id=wish.case_id)
    guest = tx.get_guest(place.guest_id) if place.guest_id is not None else None
    return draft(
        call_id=place.call.call_id if place.call else None,
        case_id=place.case_id,
        language=wish.language or (guest.language if guest else wish.spoken),
    )


def _store(tx: Tx, actor: Actor, wish: StayWish, draft: "partial[Offer]") -> Quote:
    """Store the offer with its audit row; bring the house's comparison along."""
    tied = _tied(tx, actor, draft, wish)
    tx.add_offer(tied)
    audit(
        tx,
        actor,
        tied.created_at,
        "offer_made",
        {"hotel_id": tied.hotel_id, "offer_id": tied.offer_id, "call_id": tied.call_id, "case_id": tied.case_id},
    )
    shown = {choice.candidate.room_type for choice in tied.choices}
    return Quote(tied, tuple(tx.other_seller_rates(tied.hotel_id, tied.stay, shown)) if shown else ())


async def _as_group(desk: Desk, actor: Actor, draft: "partial[Offer]", wish: StayWish) -> Quote:
    """Above the group size nothing is priced on the telephone: a group lead for the sales office."""

    def work(tx: Tx) -> Quote:
        quote = _store(tx, actor, wish, draft)
        offer = quote.offer
        ids: dict[str, str] = {"offer_id": offer.offer_id}
        if offer.case_id is not None:
            ids["case_id"] = offer.case_id
        detail = f"{offer.rooms} rooms {offer.stay.check_in}..{offer.stay.check_out}"
        tx.add_task(Task(desk.ids.new("tsk"), TaskKind.GROUP, offer.hotel_id, offer.created_at, ids, detail))
        return quote

    return await desk.store.transact(work)
