"""Score cards: each agent's week beside the house's, with an interval, so that luck is not taken for skill.

A card says `above` or `below` only where the agent's interval leaves the house's figure out and there are at least ten
of what is counted. An operator sees his own card, whoever sees in clear all of them.
"""

from domain.access import Actor, Permission
from domain.kpi import Takings
from domain.kpi_book import DayBook
from domain.kpi_list import KPIS, Better
from domain.kpi_moves import Estimate
from domain.kpi_row import Dimension
from integration.usecases.answers import Body
from integration.usecases.kpi_week_rows import figure_body, figure_of, rounded

AGENT = Dimension.AGENT.value
ON_CARDS = (
    "contact_volume", "call_volume_in", "asa_s", "frt_s", "resolution_s", "missed_lead_rate",
    "lead_to_reservation_rate", "call_to_reservation_rate", "offers", "offer_to_sale_rate", "revenue", "basket_total",
    "in_pms_before_call_end_rate",
)  # fmt: skip
_OF_THE_HOUSE = frozenset({"contact_volume", "call_volume_in", "offers", "revenue"})
LEAST = 10


def cards(book: DayBook, actor: Actor) -> list[Body]:
    """A card for each agent, by name."""
    names = sorted({key for slug in ON_CARDS for key in book.keys(slug, AGENT)} - {""})
    seen = [name for name in names if name == actor.name or actor.may(Permission.SEE_CLEAR)]
    return [{"agent": name, "rows": _rows(book, name)} for name in seen]


def _rows(book: DayBook, agent: str) -> list[Body]:
    found: list[Body] = []
    for slug in ON_CARDS:
        own = book.get(slug, AGENT, agent)
        for currency in sorted(own.amounts) if isinstance(own, Takings) else [""]:
            figure, house = figure_of(slug, own, currency), figure_of(slug, book.get(slug), currency)
            if figure.n or figure.open_n:
                found.append(
                    {
                        "kpi": slug, "unit": KPIS[slug].unit.value, "currency": currency or None,
                        **figure_body(figure), "house": rounded(house.value), **_beside(slug, figure, house),
                    }
                )  # fmt: skip
    return found


def _beside(slug: str, own: Estimate, house: Estimate) -> Body:
    """`above`, `below`, or None where it may be chance; and whether that is good."""
    if slug in _OF_THE_HOUSE or house.value is None or own.low is None or own.high is None or own.n < LEAST:
        return {"beside": None, "better": None}
    if own.low <= house.value <= own.high:
        return {"beside": None, "better": None}
    is_above, better = own.low > house.value, KPIS[slug].better
    good = None if better is Better.NEITHER else is_above is (better is Better.MORE)
    return {"beside": "above" if is_above else "below", "better": good}
