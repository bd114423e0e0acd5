"""Translate hotel files and drawn guests into the seed document of the mock PMS.

The mock knows nothing of Santral, so its seed is its own plain JSON: lists of
dicts with texts for days and amounts. This module is the only place that
speaks both languages. Guests and reservations are lazy - each pass over them
draws the same rows again - so twenty thousand profiles never stand in memory
at once unless somebody asks for that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from cli.mock_seed_hotel import (
    code_lists,
    products,
    promotion_rows,
    restriction_rows,
    script_rows,
    sell_message_rows,
)
from scenarios.people.draw import Person, draw_languages, draw_people
from scenarios.schema.hotel import Hotel
from scenarios.seasons import PriceCalendar
from scenarios.stays.fill import Stay, draw_stays
from scenarios.stays.horizon import HISTORY_DAYS, Horizon, horizon

Json = dict[str, Any]

PROFILES = 20_000
SMALL_PROFILES = 200
SMALL_HISTORY_DAYS = 60
SMALL_SCALE = 0.05
SISTER_PROFILE_SHARE = 0.65
NUMBERS_PER_HOTEL = 1_000_000
MAX_PROFILES = 200_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
CONFIRMATIONS_PER_HOTEL = 10_000_000
BACK_DAYS = 31
AHEAD_DAYS = 31
STATUSES = {
    "reserved": "Reserved",
    "in_house": "InHouse",
    "checked_out": "CheckedOut",
    "cancelled": "Cancelled",
    "no_show": "NoShow",
}
OTA_CONTEXT = "External"


class SeedChoiceError(ValueError):
    """Hotels that cannot be seeded together; the sentence says why."""

    code = "seed_choice"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are drawn anew on every pass; the same seed gives the same rows."""

    draw: Callable[[], Iterator[Json]]

    def __iter__(self) -> Iterator[Json]:
        """Start a fresh pass."""
        return self.draw()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one hotel's seed is drawn from; `index` keeps numbers of different hotels apart."""

    hotel: Hotel
    index: int
    seed: int
    span: Horizon
    profiles: int
    scale: float

    def stream(self, purpose: str) -> Random:
        return Random(f"santral/{self.seed}/{self.hotel.id}/{self.span.start.isoformat()}/{purpose}")

    def languages(self) -> list[str]:
        return draw_languages(self.stream("languages"), self.hotel.guests, self.profiles)

    @property
    def first_profile(self) -> int:
        return (self.index + 1) * NUMBERS_PER_HOTEL + 1


def seed_document(
    hotels: Sequence[Hotel], seed: int, start: date, *, profiles_per_hotel: int = PROFILES, small: bool = False
) -> Json:
    """Give the mock's seed document (`format` 1) for `hotels` as of the business date `start`.

    The first hotel gets `profiles_per_hotel` guests, its sisters fewer, by
    their rooms. `small` makes a thin book for tests: 200 guests at most, two
    months of history, few stays apart from the sold-out days. `profiles` and
    `reservations` are iterables that can be passed over again; `plain` turns
    the whole into lists. Raises `SeedChoiceError` for hotels that clash,
    a start outside the years 2000-2100 or an impossible number of profiles.
    """
    _check_choice(hotels, start, profiles_per_hotel)
    span = horizon(start, history_days=SMALL_HISTORY_DAYS if small else HISTORY_DAYS)
    first = min(profiles_per_hotel, SMALL_PROFILES) if small else profiles_per_hotel
    return {
        "format": 1,
        "clients": _clients(hotels),
        "external_systems": sorted({OTA_CONTEXT, *(hotel.pms.system_code for hotel in hotels)}),
        "hotels": [
            _hotel(_Plan(hotel, i, seed, span, _profiles(hotels, i, first), SMALL_SCALE if small else 1.0))
            for i, hotel in enumerate(hotels)
        ],
    }


def plain(document: Json) -> Json:
    """Give the document with every lazy list drawn out, ready for a JSON file."""
    hotels = [
        {key: list(value) if isinstance(value, Rows) else value for key, value in hotel.items()}
        for hotel in document["hotels"]
    ]
    return {**document, "hotels": hotels}


def _check_choice(hotels: Sequence[Hotel], start: date, profiles: int) -> None:
    if not hotels:
        raise SeedChoiceError("no hotel is given")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise SeedChoiceError(f"the start date {start} lies outside the years {FIRST_YEAR}-{LAST_YEAR}")
    if not 1 <= profiles <= MAX_PROFILES:
        raise SeedChoiceError(f"a hotel can have 1 to {MAX_PROFILES} profiles, not {profiles}")
    ids = [hotel.pms.hotel_id for hotel in hotels]
    if len(set(ids)) != len(ids):
        raise SeedChoiceError(f"the same hotel id is given twice: {', '.join(ids)}")


def _profiles(hotels: Sequence[Hotel], index: int, first: int) -> int:
    if index == 0:
        return first
    return max(1, round(min(first, first * hotels[index].rooms / hotels[0].rooms * SISTER_PROFILE_SHARE)))


def _clients(hotels: Sequence[Hotel]) -> list[Json]:
    clients: dict[str, Json] = {}
    for hotel in hotels:
        credentials = hotel.pms.mock_client.model_dump()
        client = clients.setdefault(credentials["client_id"], {**credentials, "hotels": []})
        if any(client[key] != value for key, value in credentials.items()):
            raise SeedChoiceError(f"the mock client {credentials['client_id']} has other credentials in {hotel.id}")
        client["hotels"].append(hotel.pms.hotel_id)
    return list(clients.values())


def _hotel(plan: _Plan) -> Json:
    hotel = plan.hotel
    first, last = plan.span.start - timedelta(days=BACK_DAYS), plan.span.last + timedelta(days=AHEAD_DAYS)
    return {
        "hotel_id": hotel.pms.hotel_id,
        "name": hotel.hotel.name,
        "timezone": hotel.hotel.time_zone,
        "currency": hotel.hotel.currency,
        "tax_percent": str(hotel.hotel.tax_percent),
        "children_max_age": hotel.settings.max_child_age,
        **products(hotel, PriceCalendar(hotel, first, last)),
        **code_lists(hotel),
        "restrictions": [row for rule in hotel.restrictions for row in restriction_rows(hotel, rule, first, last)],
        "promotions": [row for item in hotel.promotions for row in promotion_rows(hotel, item, plan.span.start, last)],
        "scripts": script_rows(hotel),
        "sell_messages": sell_message_rows(hotel, first, last),
        "profiles": Rows(lambda: _profile_rows(plan)),
        "reservations": Rows(lambda: _reservation_rows(plan)),
    }


def _profile_rows(plan: _Plan) -> Iterator[Json]:
    guests, preferences = plan.hotel.guests, plan.hotel.codes.preferences
    for person in draw_people(plan.stream("people"), guests, preferences, plan.languages(), plan.first_profile):
        yield _profile(person)


def _profile(person: Person) -> Json:
    row: Json = {
        "profile_id": str(person.number),
        "given_name": person.given_name,
        "surname": person.surname,
        "language": person.language.upper(),
        "nationality": person.nationality,
        "phones": [person.phone],
        "emails": [person.email] if person.email else [],
        "preferences": [{"group": choice.group, "code": choice.code} for choice in person.preferences],
        "notes": [person.note] if person.note else [],
    }
    if person.vip_code:
        row["vip_code"] = person.vip_code
    if person.segment:
        row["segment"] = person.segment
    return row


def _reservation_rows(plan: _Plan) -> Iterator[Json]:
    hotel = plan.hotel
    confirmed: dict[str, str] = hotel.status_mapping.confirmed.model_dump()
    first = (plan.index + 1) * CONFIRMATIONS_PER_HOTEL + 1
    stays = draw_stays(hotel, plan.stream("stays"), plan.span, plan.languages(), first_number=first, scale=plan.scale)
    for stay in stays:
        yield _reservation(stay, plan.first_profile, confirmed)


def _reservation(stay: Stay, first_profile: int, confirmed: dict[str, str]) -> Json:
    row: Json = {
        "confirmation": str(stay.number),
        "profile_id": str(first_profile + stay.guest),
        "room_type": stay.room_type,
        "rate_plan": stay.rate_plan,
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
        "adults": stay.adults,
        "child_ages": list(stay.child_ages),
        "amount_per_night": str(stay.amount_per_night),
        "guarantee_code": confirmed[stay.channel.guarantee],
        "status": STATUSES[stay.status],
        "market_code": stay.market_code,
        "source_code": stay.channel.source_code,
        "created_on": stay.created_on.isoformat(),
    }
    if stay.channel.source_code == "OTA":
        row["external_references"] = [{"id": f"OTA-{stay.number}", "id_context": OTA_CONTEXT}]
    return row
