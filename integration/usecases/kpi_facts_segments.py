"""Which market segment a call, a case or an offer belongs to: that of what came of it, else of what was offered.

A reservation's segment is the market its rate is booked under in the PMS. A call, case or offer has the segment of the
first sale that came of it, else of any reservation; else that of its offers, where all they held is of one market.
Calls and offers of which nothing is known by themselves have their case's. What is not known stays empty.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.hotel import HotelTerms
from domain.offer import Offer
from integration.usecases.kpi_facts_sales import sold_at
from integration.usecases.kpi_family import Family, Sale


def segment_of(hotel: HotelTerms, sales: Sequence[Sale], offers: Iterable[Offer]) -> str:
    """By these sales, else by these offers; empty where it is not known."""
    if sales:
        return hotel.pms.market_of(min(sales, key=_place).one.rate_code)
    markets = {hotel.pms.market_of(choice.candidate.rate_code) for offer in offers for choice in offer.choices}
    return markets.pop() if len(markets) == 1 else ""


def family_segment(hotel: HotelTerms, family: Family) -> str:
    """Of a case and all that is its own."""
    return segment_of(hotel, family.sales, family.offers)


def _place(sale: Sale) -> tuple[bool, datetime, str]:
    """Sales first, the earliest before the others."""
    at = sold_at(sale)
    return at is None, at or sale.made_at, sale.one.reservation_id
