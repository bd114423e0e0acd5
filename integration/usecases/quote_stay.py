"""Quote a stay: live price and availability, two or three choices, and which "no" for the rest.

One PMS call brings every room type on every plan with its price and the reason when it cannot be sold; a second brings
room counts; restrictions are read only when something is restricted, so that the agent hears *which* rule stands in
the way. The offer is stored with its price, kept until `valid_until`. Nothing sellable is an answer too: other dates,
sister hotels, a waiting list. The house's own comparison with other sellers travels beside the offer and never inside
it.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

from domain.access import Actor, Permission
from domain.case import Call, CallId
from domain.errors import NotFound
from domain.guest import GuestId
from domain.hotel import HotelTerms
from domain.offer import Offer, OfferId
from integration.ports.pms import RateAnswer, RateQuestion, RateState, RoomCounts
from integration.ports.records import OtherSellerRate, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.alternatives import alternatives_to
from integration.usecases.desk import Desk
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
    reading = await read(desk, hotel, question)
    shown = shown_of(hotel, reading, wish)
    alternatives = () if shown.choices else await alternatives_to(desk, hotel, question, wish, reading)
    priced = partial(draft, choices=shown.choices, closed=shown.closed, alternatives=alternatives)

    def work(tx: Tx) -> Quote:
        kept = tx.get_offer(offer_id) if offer_id is not None else None
        return Quote(kept) if kept is not None else _store(tx, actor, wish, priced)

    return await desk.store.transact(work)


async def read(desk: Desk, hotel: HotelTerms, question: RateQuestion) -> Reading:
    """Rates and counts side by side; restrictions and our own live holds only where something does not sell.

    For a reservation's own change no counts are read: the inventory does not know that its own rooms come free.
    """
    answer, counts = await _rates_and_counts(desk, hotel, question)
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
    """Belongs to the call named, else to the actor's open call; speaks the guest's language unless told otherwise."""
    call = call_of(tx, actor, draft.keywords["hotel_id"], wish.call_id)
    guest = tx.get_guest(GuestId(call.guest_id)) if call is not None and call.guest_id is not None else None
    return draft(
        call_id=call.call_id if call else None,
        case_id=call.case_id if call else None,
        language=wish.language or (guest.language if guest else wish.spoken),
    )


def call_of(tx: ReadTx, actor: Actor, hotel_id: str, call_id: str | None) -> Call | None:
    """The call named (NotFound when there is none), else the actor's open call, else None; an import has none."""
    if call_id is None:
        return tx.open_call(actor.name, hotel_id) if actor.via != "import" else None
    call = tx.get_call(CallId(call_id))
    if call is None:
        raise NotFound("There is no call {call_id}.", call_id=call_id, field="call")
    return call


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
