"""What an alert says. One code has several sentences, from the one that tells most to the one that needs nothing.

Alerts carry codes and parameters out of the domain; which parameters there are depends on what the PMS told. The first
sentence whose placeholders can all be filled is said, so a stop-sale of one day, of a week and of unknown length each
get a sentence of their own.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache

from domain.availability import Alert, AlertCode
from integration.ports.surroundings import Phrases
from integration.usecases.marks import N_, N_n, names_in, written

_ALERTS: Mapping[AlertCode, tuple[str | tuple[str, str], ...]] = {
    AlertCode.STOP_SALE: (
        N_("Sales are closed on {day}."),
        N_("Sales are closed from {start} to {end}."),
        N_("Sales are closed."),
    ),
    AlertCode.SOLD_OUT: (N_("Sold out on {day}."), N_("Sold out from {start} to {end}."), N_("Sold out.")),
    AlertCode.HELD: (
        N_("The last rooms are on hold until {expires}; they may come free again."),
        N_("The last rooms are on hold; they may come free again."),
    ),
    AlertCode.OPTIONED: (
        N_("The last rooms are under option until {expires}; they may come free again."),
        N_("The last rooms are under option; they may come free again."),
    ),
    AlertCode.OVER_OCCUPANCY: (
        N_n("This room type takes at most {n} guest.", "This room type takes at most {n} guests."),
        N_("Too many guests for this room type."),
    ),
    AlertCode.CLOSED_TO_ARRIVAL: (
        N_("No arrivals on {day}."),
        N_("No arrivals from {start} to {end}."),
        N_("No arrivals on this day."),
    ),
    AlertCode.CLOSED_TO_DEPARTURE: (
        N_("No departures on {day}."),
        N_("No departures from {start} to {end}."),
        N_("No departures on this day."),
    ),
    AlertCode.MIN_STAY: (
        N_n("On {day} the minimum stay is {n} night.", "On {day} the minimum stay is {n} nights."),
        N_n(
            "From {start} to {end} the minimum stay is {n} night.",
            "From {start} to {end} the minimum stay is {n} nights.",
        ),
        N_n("The minimum stay is {n} night.", "The minimum stay is {n} nights."),
        N_("The stay is too short for these dates."),
    ),
    AlertCode.MAX_STAY: (
        N_n("On {day} the longest stay is {n} night.", "On {day} the longest stay is {n} nights."),
        N_n(
            "From {start} to {end} the longest stay is {n} night.",
            "From {start} to {end} the longest stay is {n} nights.",
        ),
        N_n("The longest stay is {n} night.", "The longest stay is {n} nights."),
        N_("The stay is too long for these dates."),
    ),
    AlertCode.TOO_LATE: (
        N_n("Must be booked at least {n} day before arrival.", "Must be booked at least {n} days before arrival."),
        N_("It is too late to book this arrival."),
    ),
    AlertCode.TOO_EARLY: (
        N_n("Can be booked at most {n} day before arrival.", "Can be booked at most {n} days before arrival."),
        N_("This arrival cannot be booked yet."),
    ),
    AlertCode.RESTRICTED: (
        N_("Not for sale on {day}, by a rule of the hotel."),
        N_("Not for sale from {start} to {end}, by a rule of the hotel."),
        N_("Not for sale, by a rule of the hotel."),
    ),
    AlertCode.FEW_LEFT: (N_n("Only {n} room left.", "Only {n} rooms left."), N_("Only a few rooms left.")),
    AlertCode.OPTION_ONLY: (N_("Can be sold as an option only."),),
    AlertCode.FREE: (N_n("{n} room free.", "{n} rooms free."), N_("Free.")),
}


@lru_cache(maxsize=1024)
def alert_text(phrases: Phrases, language: str, alert: Alert, zone: tzinfo | None = None) -> str:
    """Say an alert with as much as its parameters tell: `start`, `end`, `expires` (ISO), `unit`, `left` or `most`.

    `zone`: the hotel's, for `expires`; without it the instant's own is used.
    """
    params, count = _told(alert, zone)
    known = {*params, *(("n",) if count is not None else ())}
    line = next(line for line in _ALERTS[alert.code] if names_in(line if isinstance(line, str) else line[0]) <= known)
    if isinstance(line, str):
        return phrases.say(language, line, written(phrases, language, params))
    return phrases.say_n(language, *line, count or 0, written(phrases, language, params))


def _told(alert: Alert, zone: tzinfo | None) -> tuple[dict[str, object], int | None]:
    """Days and instants of an alert, and its number."""
    params: dict[str, object] = {}
    count: int | None = None
    for name, value in alert.params:
        if name in {"start", "end"}:
            params[name] = date.fromisoformat(str(value))
        elif name == "expires":
            at = datetime.fromisoformat(str(value))
            params[name] = at.astimezone(zone) if zone is not None else at
        elif name in {"unit", "left", "most"}:
            count = int(value)
    if "start" in params and params["start"] == params.get("end"):
        params["day"] = params["start"]
    return params, count
