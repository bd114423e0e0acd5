"""What is typed to find reservations, and the search it makes."""

from dataclasses import dataclass
from typing import Annotated

from typer import Option

from cli.inputs import a_day_or_none, codes
from cli.parameters import Limit
from integration.usecases.look_up import ReservationSearch


@dataclass(frozen=True, slots=True)
class SearchFields:
    """Options of a listing."""

    status: Annotated[
        list[str] | None, Option("--status", help="Only of this status; may be repeated.", show_default=False)
    ] = None
    guest: Annotated[str | None, Option("--guest", help="Only of this guest.", show_default=False)] = None
    arrival_from: Annotated[
        str | None, Option("--from", help="Arrival on or after, YYYY-MM-DD.", show_default=False)
    ] = None
    arrival_to: Annotated[str | None, Option("--to", help="Arrival on or before, YYYY-MM-DD.", show_default=False)] = (
        None
    )
    after: Annotated[str | None, Option("--after", help="Go on behind this id.", show_default=False)] = None
    limit: Limit = 50


def search_of(typed: SearchFields, hotel_id: str | None) -> ReservationSearch:
    """The search of a listing."""
    return ReservationSearch(
        hotel_id=hotel_id,
        status=codes(typed.status),
        guest_id=typed.guest,
        arrival_from=a_day_or_none(typed.arrival_from, "from"),
        arrival_to=a_day_or_none(typed.arrival_to, "to"),
        after=typed.after,
        limit=typed.limit,
    )
