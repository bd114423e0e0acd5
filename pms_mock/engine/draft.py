"""What a create or change asks for, read from the vendor's `roomStay` and checked against the hotel's codes.

The dialect spreads a stay over `roomStay` and `roomStay.roomRates[]`. One reservation of this mock has one room type
and one rate plan; several `roomRates` may carry its nights. `end` of a rate is its last night; an `end` on the
departure day is accepted, because the vendor's own examples write it so. Rates that are sent are honoured:
`amountAfterTax` first, then `amountBeforeTax` (tax included when `taxIncluded` or `rateIncludesTax` says so).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pms_mock.engine.call import Call, known
from pms_mock.engine.days import each_day, span
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.money import before_tax, sent_minor, with_tax
from pms_mock.protocol.problem import bad_request, refused

Json = dict[str, Any]
MAX_NIGHTS = 365
MAX_UNITS = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A stay that is asked for. `sent` holds (net, gross) of nights whose price the request gives."""

    arrival: str
    departure: str
    room_type: str
    rate_plan: str
    guarantee: str
    units: int = 1
    adults: int = 0
    child_ages: tuple[int, ...] = ()
    on_hold: bool = False
    market: str = ""
    source: str = ""
    promotion: str = ""
    packages: tuple[str, ...] = ()
    fixed: bool = False
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)


_NOTHING = Draft("", "", "", "", "")


def read_draft(call: Call, reservation: Json, at: str, stored: Draft | None = None) -> Draft:
    """The stay asked for; what the request does not say is taken from `stored`. Raises the dialect's refusals."""
    stay: Json = reservation.get("roomStay") or {}
    rates: list[Json] = stay.get("roomRates") or []
    draft = replace(stored or _NOTHING, sent={})
    draft = _with_dates(draft, stay, f"{at}.roomStay")
    draft = _with_rates(call.hotel, draft, rates, f"{at}.roomStay.roomRates")
    draft = _with_party(call.hotel, draft, stay, rates, f"{at}.roomStay.guestCounts")
    draft = _with_guarantee(call.hotel, draft, stay, f"{at}.roomStay.guarantee")
    draft = _with_extras(call.hotel, draft, reservation, rates, at)
    if rates:
        draft = replace(draft, sent=_sent_rates(call.hotel, draft, rates, f"{at}.roomStay.roomRates"))
    fixed = bool(draft.sent) or any(rate.get("fixedRate") for rate in rates) or draft.fixed
    return replace(draft, fixed=fixed)


def _with_dates(draft: Draft, stay: Json, at: str) -> Draft:
    arrival, departure = stay.get("arrivalDate", draft.arrival), stay.get("departureDate", draft.departure)
    if not arrival or not departure:
        raise bad_request("The stay needs arrivalDate and departureDate", at, code="GEN00004")
    if not 1 <= span(arrival, departure) <= MAX_NIGHTS:
        raise refused("RSV00010", f"The stay is not between 1 and {MAX_NIGHTS} nights", f"{at}.departureDate")
    return replace(draft, arrival=arrival, departure=departure)


def _with_rates(hotel: Hotel, draft: Draft, rates: list[Json], at: str) -> Draft:
    room = _one(rates, "roomType", draft.room_type, at)
    plan = _one(rates, "ratePlanCode", draft.rate_plan, at)
    known("room type", [room], hotel.room_types, f"{at}[0].roomType")
    known("room type", _values(rates, "roomTypeCharged"), hotel.room_types, f"{at}[0].roomTypeCharged")
    known("rate plan", [plan], hotel.rate_plans, f"{at}[0].ratePlanCode")
    moved = bool(draft.rate_plan) and plan != draft.rate_plan
    configured = hotel.rate_plans[plan]
    market = _one(
        rates, "marketCode", configured.market if moved else draft.market or configured.market, at, empty=True
    )
    source = _one(
        rates, "sourceCode", configured.source if moved else draft.source or configured.source, at, empty=True
    )
    known("market code", filter(None, [market]), hotel.markets | {configured.market}, f"{at}[0].marketCode")
    known("source code", filter(None, [source]), hotel.sources | {configured.source}, f"{at}[0].sourceCode")
    units = _one(rates, "numberOfUnits", draft.units, at)
    if not 1 <= units <= MAX_UNITS:
        raise bad_request(f"The number of rooms is not between 1 and {MAX_UNITS}", f"{at}[0].numberOfUnits")
    return replace(draft, room_type=room, rate_plan=plan, market=market, source=source, units=units)


def _with_party(hotel: Hotel, draft: Draft, stay: Json, rates: list[Json], at: str) -> Draft:
    counts = stay.get("guestCounts") or next((rate["guestCounts"] for rate in rates if rate.get("guestCounts")), None)
    if counts is None:
        if draft.adults:
            return draft
        raise bad_request("The stay needs guestCounts", at, code="GEN00004")
    if any((counts.get("childBuckets") or {}).values()):
        raise refused("RSV00012", "The hotel has no child buckets; send childAges", f"{at}.childBuckets")
    sent = counts.get("childAges") or []
    ages = tuple(child.get("age", -1) for child in sent)
    children = counts.get("children", len(ages))
    ages = ages or (hotel.children_max_age,) * min(children, 99)
    return _party(hotel, draft, counts.get("adults", 0), children, ages, at)


def _party(hotel: Hotel, draft: Draft, adults: int, children: int, ages: tuple[int, ...], at: str) -> Draft:
    if adults < 1:
        raise refused("RSV00011", "The stay needs at least one adult", f"{at}.adults")
    if children != len(ages):
        raise bad_request("children and childAges do not agree", f"{at}.childAges")
    if any(not 0 <= age <= hotel.children_max_age for age in ages):
        raise refused("RSV00011", f"A child is not between 0 and {hotel.children_max_age} years", f"{at}.childAges")
    return replace(draft, adults=adults, child_ages=ages)


def _with_guarantee(hotel: Hotel, draft: Draft, stay: Json, at: str) -> Draft:
    guarantee = stay.get("guarantee") or {}
    code = guarantee.get("guaranteeCode", draft.guarantee)
    if not code:
        raise bad_request("The stay needs a guaranteeCode", f"{at}.guaranteeCode", code="GEN00004")
    known("guarantee", [code], hotel.guarantees, f"{at}.guaranteeCode")
    return replace(draft, guarantee=code, on_hold=guarantee.get("onHold", draft.on_hold))


def _with_extras(hotel: Hotel, draft: Draft, reservation: Json, rates: list[Json], at: str) -> Draft:
    promotion = ((reservation.get("roomStay") or {}).get("promotion") or {}).get("promotionCode")
    promotion = promotion or _one(rates, "promotionCode", draft.promotion, f"{at}.roomStay.roomRates", empty=True)
    known("promotion", filter(None, [promotion]), hotel.promotions, f"{at}.roomStay.promotion.promotionCode")
    packages = draft.packages
    if "reservationPackages" in reservation:
        packages = tuple(item.get("packageCode", "") for item in reservation["reservationPackages"])
        known("package", packages, hotel.packages, f"{at}.reservationPackages")
    return replace(draft, promotion=promotion, packages=packages)


def _sent_rates(hotel: Hotel, draft: Draft, rates: list[Json], at: str) -> dict[str, tuple[int, int]]:
    sent: dict[str, tuple[int, int]] = {}
    for index, rate in enumerate(rates):
        gross_sent = bool(rate.get("taxIncluded") or rate.get("rateIncludesTax"))
        for number, amount in enumerate((rate.get("rates") or {}).get("rate") or []):
            path = f"{at}[{index}].rates.rate[{number}]"
            price = _amount(hotel, draft, amount, path, tax_included=gross_sent)
            for day in _days(draft, {**_range(rate), **_range(amount)}, path):
                if sent.setdefault(day, price) != price:
                    raise bad_request("Two rates are sent for one night", path)
    if sent and len(sent) != span(draft.arrival, draft.departure):
        raise refused("RSV00013", "The rates do not cover every night of the stay", at)
    return sent


def _amount(hotel: Hotel, draft: Draft, amount: Json, path: str, *, tax_included: bool) -> tuple[int, int]:
    currency = hotel.rate_plans[draft.rate_plan].currency
    for part in ("base", "total"):
        value = amount.get(part) or {}
        if value.get("currencyCode", currency) != currency:
            raise refused("RSV00014", f"The rate plan is sold in {currency}", f"{path}.{part}.currencyCode")
        if "amountAfterTax" in value:
            gross = sent_minor(value["amountAfterTax"], f"{path}.{part}.amountAfterTax")
            net = value.get("amountBeforeTax")
            return (
                before_tax(gross, hotel.tax_bp) if net is None else sent_minor(net, f"{path}.{part}.amountBeforeTax")
            ), gross
        if "amountBeforeTax" in value:
            net = sent_minor(value["amountBeforeTax"], f"{path}.{part}.amountBeforeTax")
            return (before_tax(net, hotel.tax_bp), net) if tax_included else (net, with_tax(net, hotel.tax_bp))
    raise bad_request("The rate has no amount", f"{path}.base", code="GEN00004")


def _days(draft: Draft, bounds: dict[str, str], path: str) -> Iterator[str]:
    start, end = bounds.get("start", draft.arrival), bounds.get("end", draft.departure)
    if start < draft.arrival or end > draft.departure or end < start:
        raise bad_request("The rate's days are not inside the stay", path)
    return (day for day in each_day(start, end) if day != draft.departure)


def _range(value: Json) -> dict[str, str]:
    return {key: value[key] for key in ("start", "end") if key in value}


def _values(rates: list[Json], key: str) -> list[Any]:
    return [rate[key] for rate in rates if key in rate]


def _one(rates: list[Json], key: str, otherwise: Any, at: str, *, empty: bool = False) -> Any:  # noqa: ANN401 - a code or a count
    values = _values(rates, key) or [otherwise]
    if any(value != values[0] for value in values):
        raise refused("RSV00015", f"One stay has one {key} in this hotel", f"{at}[1].{key}")
    if not values[0] and not empty:
        raise bad_request(f"The stay needs a {key}", f"{at}[0].{key}", code="GEN00004")
    return values[0]
