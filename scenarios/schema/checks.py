"""The promises between the sections of a hotel file.

Pydantic sees one value at a time; these checks see two. A mapping must name a
code that exists, seasons must cover the year exactly once, every season needs
a price in every currency, child ages must leave no gap. Each check yields
`Fault`s: where (a key path into the file) and one clear sentence. Nothing is
raised here, because only the loader knows the file's name and lines.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from scenarios.schema.checks_rates import rate_faults, season_faults
from scenarios.schema.checks_references import reference_faults
from scenarios.schema.faults import Fault, KeyPath, repeated, unknown
from scenarios.schema.hotel import Hotel
from scenarios.schema.selling import PLACEHOLDERS, placeholders
from scenarios.schema.settings import PmsStatus

Check = Callable[[Hotel], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class _List:
    path: KeyPath
    codes: tuple[str, ...]
    key: str = "code"


def find_faults(hotel: Hotel) -> tuple[Fault, ...]:
    """Give every broken promise in `hotel`, in no order; empty when the file is sound."""
    checks: tuple[Check, ...] = (
        _unique_codes,
        _guarantee_mapping,
        _cancel_mapping,
        _status_readings,
        season_faults,
        rate_faults,
        _house_facts,
        _occupancies,
        _lost_reasons,
        reference_faults,
        _upsells,
        _scripts,
        _shares,
    )
    return tuple(fault for check in checks for fault in check(hotel))


def _codes(items: Iterable[object], key: str = "code") -> tuple[str, ...]:
    return tuple(str(getattr(item, key)) for item in items)


def _unique_codes(hotel: Hotel) -> Iterator[Fault]:
    lists = (
        _List(("room_types",), _codes(hotel.room_types)),
        _List(("rate_plans",), _codes(hotel.rate_plans)),
        _List(("packages",), _codes(hotel.packages)),
        _List(("guarantees",), _codes(hotel.guarantees)),
        _List(("cancel_reasons",), _codes(hotel.cancel_reasons)),
        _List(("lost_reasons",), _codes(hotel.lost_reasons)),
        _List(("upsells",), _codes(hotel.upsells)),
        _List(("promotions",), _codes(hotel.promotions)),
        _List(("special_requests",), _codes(hotel.special_requests)),
        _List(("purposes",), _codes(hotel.purposes)),
        _List(("seasons",), _codes(hotel.seasons)),
        _List(("codes", "markets"), _codes(hotel.codes.markets)),
        _List(("codes", "sources"), _codes(hotel.codes.sources)),
        _List(("codes", "payment_methods"), _codes(hotel.codes.payment_methods)),
        _List(("codes", "payment_methods"), _codes(hotel.codes.payment_methods, "pms_code"), "pms_code"),
        _List(("codes", "comment_types"), _codes(hotel.codes.comment_types)),
    )
    for entry in lists:
        yield from repeated(entry.path, entry.codes, entry.key)
    plan_codes = [
        (("rate_plans", i, "codes", currency), code)
        for i, plan in enumerate(hotel.rate_plans)
        for currency, code in plan.codes.items()
    ]
    seen: set[str] = set()
    for path, code in plan_codes:
        if code in seen:
            yield Fault(path, f"the code {code} is given to two rate plans")
        seen.add(code)


def _guarantee_mapping(hotel: Hotel) -> Iterator[Fault]:
    mapping = hotel.status_mapping
    mapped = {("hold",): mapping.hold, ("option",): mapping.option}
    confirmed = {("confirmed", kind): code for kind, code in mapping.confirmed.model_dump().items()}
    guarantees = {guarantee.code: guarantee for guarantee in hotel.guarantees}
    for tail, code in (mapped | confirmed).items():
        path = ("status_mapping", *tail)
        if code not in guarantees:
            yield unknown(path, "guarantee code", code, guarantees)
        elif not guarantees[code].reserve_inventory:
            yield Fault(path, f"the guarantee code {code} takes no room out of stock, so it can back no reservation")
    if mapping.hold == mapping.option:
        yield Fault(("status_mapping", "option"), f"hold and option share the code {mapping.hold}: neither can be told")
    for tail, code in confirmed.items():
        if code in mapped.values():
            yield Fault(("status_mapping", *tail), f"the code {code} already means a hold or an option")


def _cancel_mapping(hotel: Hotel) -> Iterator[Fault]:
    known = _codes(hotel.cancel_reasons)
    owner: dict[str, str] = {}
    for reason, code in hotel.status_mapping.cancelled.model_dump().items():
        path = ("status_mapping", "cancelled", reason)
        if code not in known:
            yield unknown(path, "cancel reason", code, known)
        elif code in owner:
            yield Fault(path, f"the code {code} already means {owner[code]}, so it could not be read back")
        owner.setdefault(code, reason)


def _status_readings(hotel: Hotel) -> Iterator[Fault]:
    missing = [status for status in get_args(PmsStatus) if status not in hotel.status_mapping.read]
    if missing:
        yield Fault(("status_mapping", "read"), f"no reading is given for the PMS status {', '.join(missing)}")
    if hotel.status_mapping.read.get("Reserved", "by_guarantee") != "by_guarantee":
        yield Fault(("status_mapping", "read", "Reserved"), "Reserved must be read by_guarantee")
    if hotel.status_mapping.read.get("Cancelled", "by_reason") != "by_reason":
        yield Fault(("status_mapping", "read", "Cancelled"), "Cancelled must be read by_reason")


def _house_facts(hotel: Hotel) -> Iterator[Fault]:
    if hotel.id in hotel.hotel.sisters:
        yield Fault(("hotel", "sisters"), f"{hotel.id} cannot be its own sister hotel")
    if hotel.pms.burst < hotel.pms.requests_per_second:
        yield Fault(("pms", "burst"), "burst is smaller than one second's requests_per_second")


def _occupancies(hotel: Hotel) -> Iterator[Fault]:
    for i, room in enumerate(hotel.room_types):
        if room.max_occupancy > room.max_adults + room.max_children:
            yield Fault(("room_types", i, "max_occupancy"), "more people than max_adults and max_children together")
        if room.max_occupancy < max(room.max_adults, room.max_children):
            yield Fault(("room_types", i, "max_occupancy"), "smaller than max_adults or max_children")


def _lost_reasons(hotel: Hotel) -> Iterator[Fault]:
    kinds: dict[str, str] = {}
    for i, reason in enumerate(hotel.lost_reasons):
        if kinds.setdefault(reason.pms_code, reason.kind) != reason.kind:
            yield Fault(("lost_reasons", i, "kind"), f"{reason.pms_code} is {kinds[reason.pms_code]} further up")


def _upsells(hotel: Hotel) -> Iterator[Fault]:
    for i, upsell in enumerate(hotel.upsells):
        for missing in sorted(hotel.currencies - upsell.prices.keys()):
            yield Fault(("upsells", i, "prices"), f"no price in {missing}")
        if (upsell.kind == "room_upgrade") != (upsell.to_room_type is not None):
            yield Fault(("upsells", i, "kind"), "to_room_type belongs to a room_upgrade, and a room_upgrade needs it")


def _scripts(hotel: Hotel) -> Iterator[Fault]:
    for i, script in enumerate(hotel.scripts):
        for language, text in script.text.model_dump().items():
            path: KeyPath = ("scripts", i, "text", language)
            try:
                used = placeholders(text)
            except ValueError:
                yield Fault(path, "a brace is not closed")
                continue
            for name in sorted(used - PLACEHOLDERS):
                yield unknown(path, "placeholder", "{" + name + "}", ["{" + known + "}" for known in PLACEHOLDERS])


def _shares(hotel: Hotel) -> Iterator[Fault]:
    if sum(hotel.guests.languages.values()) != 1:
        yield Fault(("guests", "languages"), "the shares of the languages do not add up to 1")
    if sum(channel.share for channel in hotel.stays.channels) != 1:
        yield Fault(("stays", "channels"), "the shares of the channels do not add up to 1")
    for name, items in (("vip_levels", hotel.guests.vip_levels), ("segments", hotel.guests.segments)):
        if sum(item.share for item in items) > 1:
            yield Fault(("guests", name), "the shares add up to more than 1")
    for name, weights in (("nights", hotel.stays.nights), ("adults", hotel.stays.adults)):
        if sum(weight.weight for weight in weights) <= 0:
            yield Fault(("stays", name), "all weights are 0")
