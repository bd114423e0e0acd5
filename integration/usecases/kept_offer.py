"""The offer behind a sale by dates and codes: quoted once, under an id made from the key, so that a retry finds it.

While it is valid its price is the sale's. Once it is over, a sale that has never left is quoted anew, and the new
offer's id is kept in the intent; a sale that may have happened keeps the offer it was sent with.
"""

from domain.access import Actor
from domain.errors import InvalidInput
from domain.offer import Offer, OfferId
from integration.ports.records import Intent, IntentState
from integration.usecases.desk import Desk
from integration.usecases.quote_stay import quote_stay
from integration.usecases.stay_wish import StayWish


def first_offer_id(intent: Intent) -> OfferId:
    """The id of the first offer of an intent's key."""
    return OfferId(f"off_{intent.external_ref.removeprefix('SNT-').lower()}")


async def offer_of_wish(desk: Desk, actor: Actor, wish: StayWish | None, intent: Intent) -> Offer:
    """The offer to sell from, stored. InvalidInput without a wish; a PmsError when it must be quoted and cannot."""
    offer_id = OfferId(intent.prepared) if intent.prepared else first_offer_id(intent)
    kept = await desk.store.read(lambda tx: tx.get_offer(offer_id))
    now = desk.clock.now()
    may_have_happened = intent.watch_until is not None or intent.state is not IntentState.SENT or now >= intent.deadline
    if kept is not None and (may_have_happened or now < kept.valid_until):
        return kept
    if wish is None:
        raise InvalidInput("Say which offer and choice to book.", field="offer_id")
    fresh_id = offer_id if kept is None else OfferId(f"{first_offer_id(intent)}_{intent.attempts}")
    return (await quote_stay(desk, actor, wish, offer_id=fresh_id)).offer


def to_keep(offer: Offer | None, intent: Intent) -> str | None:
    """What the intent must remember of it: nothing, as long as it is the first."""
    if (
        offer is None
        or offer.offer_id == first_offer_id(intent)
        or not offer.offer_id.startswith(first_offer_id(intent))
    ):
        return intent.prepared
    return offer.offer_id
