"""What a stay costs now, in one room type on one rate plan, asked for without leaving an offer behind."""

from domain.errors import NoRoomLeft
from domain.hotel import HotelTerms
from domain.offer import Candidate
from integration.usecases.desk import Desk
from integration.usecases.quote_stay import read
from integration.usecases.reading_rates import candidates_of
from integration.usecases.stay_wish import StayWish, question_of


async def price_of(desk: Desk, hotel: HotelTerms, wish: StayWish) -> Candidate:
    """The candidate of a wish that names room type and rate plan; NoRoomLeft when it cannot be sold. Writes nothing."""
    found = candidates_of(hotel, await read(desk, hotel, question_of(desk, hotel, wish)))
    if found:
        return found[0]
    raise NoRoomLeft(
        "{room_type} on {rate_plan} cannot be sold for these dates.",
        room_type=wish.room_type or "-",
        rate_plan=wish.rate_plan or "-",
        hint="Quote the dates to see why and what else there is.",
    )
