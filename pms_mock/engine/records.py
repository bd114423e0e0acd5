"""Reservations as stored: one row, its references and comments, and the document of everything else that was sent.

In-document members that the hotel has no use for are kept and given back. Card numbers are the exception: only their
last four digits are kept.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from pms_mock.engine.call import Call, known
from pms_mock.engine.draft import Draft
from pms_mock.engine.money import sent_minor
from pms_mock.engine.world import next_id
from pms_mock.protocol.fitting import fitted
from pms_mock.protocol.problem import bad_request, not_found

Json = dict[str, Any]
DEFAULT_SYSTEM = "External"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode
_LAST_DIGITS = 4
_OWN = frozenset(
    {
        "reservationIdList",
        "externalReferences",
        "comments",
        "reservationStatus",
        "computedReservationStatus",
        "hotelId",
        "cancellation",
        "createDateTime",
        "creatorId",
        "lastModifyDateTime",
        "lastModifierId",
        "createBusinessDate",
        "reinstateDate",
        "lockHandle",
        "overrideInventoryCheck",
        "rateSummary",
        "cashiering",
        "reservationPackages",
        "links",
    }
)
_OWN_STAY = frozenset({"arrivalDate", "departureDate", "guestCounts", "guarantee", "roomRates", "promotion", "total"})
_OWN_RATE = frozenset(
    {
        "roomType",
        "ratePlanCode",
        "start",
        "end",
        "numberOfUnits",
        "marketCode",
        "sourceCode",
        "rates",
        "total",
        "guestCounts",
        "promotionCode",
        "fixedRate",
        "packages",
        "taxIncluded",
    }
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of `reservation`, by column name."""

    id: int
    hotel: str
    confirmation: str
    status: str
    profile: str
    room_type: str
    rate_plan: str
    arrival: str
    departure: str
    units: int
    adults: int
    child_ages: str
    guarantee: str
    deducts: int
    on_hold: int
    market: str
    source: str
    promotion: str
    packages: str
    currency: str
    fixed: int
    nights: str
    total_minor: int
    deposit_due: str | None
    created_ms: int
    created_on: str
    creator: str
    modified_ms: int
    modifier: str
    cancel_number: str | None
    cancel_code: str | None
    cancel_text: str | None
    cancelled_on: str | None
    reinstated_on: str | None
    doc: str

    @property
    def draft(self) -> Draft:
        """The stay as a draft, so that a change can start from it."""
        return Draft(
            self.arrival,
            self.departure,
            self.room_type,
            self.rate_plan,
            self.guarantee,
            self.units,
            self.adults,
            tuple(_decode(self.child_ages)),
            bool(self.on_hold),
            self.market,
            self.source,
            self.promotion,
            tuple(_decode(self.packages)),
            bool(self.fixed),
        )

    @property
    def document(self) -> Json:
        """What was sent and is not kept in a column."""
        document: Json = _decode(self.doc)
        return document


def fetch(connection: sqlite3.Connection, hotel: str, number: str) -> Record | None:
    """The reservation of this hotel with this id, or None."""
    if not number.isascii() or not number.isdecimal() or len(number) > 15:  # noqa: PLR2004 - digits of an id
        return None
    row = connection.execute("SELECT * FROM reservation WHERE id = ? AND hotel = ?", (int(number), hotel)).fetchone()
    return Record(*row) if row else None


def required(call: Call) -> Record:
    """The reservation of the path, or the 404 of a write."""
    number = str(call.segments["reservationId"])
    record = fetch(call.connection, call.hotel.id, number.removesuffix(".0"))
    if record is None:
        raise not_found("The reservation does not exist", "reservationId")
    return record


def update(connection: sqlite3.Connection, number: int, **columns: object) -> None:
    """Set columns of one reservation."""
    names = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE reservation SET {names} WHERE id = ?", (*columns.values(), number))  # noqa: S608 - our names


def insert(connection: sqlite3.Connection, values: Sequence[object]) -> None:
    """Add one reservation row, in column order."""
    connection.execute(f"INSERT INTO reservation VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - only marks


def add_references(call: Call, number: int, references: list[Json], at: str) -> None:
    """Add external references; the system defaults to the vendor's `External`, and has to be configured."""
    for index, reference in enumerate(references):
        system, ref = reference.get("idContext", DEFAULT_SYSTEM), reference.get("id")
        known("external system", [system], call.hotel.external_systems, f"{at}[{index}].idContext")
        if not ref:
            raise bad_request("The external reference has no id", f"{at}[{index}].id", code="GEN00004")
        call.notes.setdefault("external_reference", ref)
        call.connection.execute("INSERT OR IGNORE INTO reservation_ref VALUES (?, ?, ?)", (system, ref, number))


def add_comments(call: Call, number: int, comments: list[Json], at: str) -> None:
    """Append comments; one that carries the id of an existing comment replaces it."""
    for index, item in enumerate(comments):
        comment = item.get("comment") or {}
        if not (comment.get("text") or {}).get("value"):
            raise bad_request("The comment has no text", f"{at}[{index}].comment.text.value", code="GEN00004")
        kind = comment.get("type")
        known("comment type", filter(None, [kind]), call.hotel.comment_types, f"{at}[{index}].comment.type")
        stamped = {**comment, "createDateTime": call.now_text, "creatorId": call.user}
        done = call.connection.execute(
            "UPDATE reservation_comment SET doc = ? WHERE id = ? AND reservation = ?",
            (_encode(stamped).decode(), _number(item.get("id")), number),
        )
        if not done.rowcount:
            values = (next_id(call.connection, "comment"), number, _encode(stamped).decode())
            call.connection.execute("INSERT INTO reservation_comment VALUES (?, ?, ?)", values)


def leftovers(reservation: Json) -> Json:
    """What is kept of a sent reservation besides the columns."""
    reservation = fitted(reservation, "rsv/hotelReservationType")
    kept = {key: value for key, value in reservation.items() if key not in _OWN and key != "roomStay"}
    stay = reservation.get("roomStay") or {}
    rest = {key: value for key, value in stay.items() if key not in _OWN_STAY}
    if rest:
        kept["roomStay"] = rest
    rates = stay.get("roomRates") or [{}]
    rate = {key: value for key, value in rates[0].items() if key not in _OWN_RATE}
    if rate:
        kept["roomRate"] = rate
    masked: Json = without_cards(kept)
    return masked


def merged(old: Any, new: Any) -> Any:  # noqa: ANN401 - JSON
    """`new` laid over `old`: objects member by member, user defined fields by name, everything else replaced."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list) and _are_named(old) and _are_named(new):
        return list({item["name"]: item for item in [*old, *new]}.values())
    return new


def without_cards(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The value with card numbers cut to their last four digits."""
    if isinstance(value, list):
        return [without_cards(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: without_cards(item) for key, item in value.items() if key not in {"cardNumber", "track2Data"}}
    if isinstance(value.get("cardNumber"), str):
        last = value["cardNumber"][-_LAST_DIGITS:]
        kept |= {"cardNumberLast4Digits": last, "cardNumberMasked": "XXXXXXXXXXXX" + last}
    return kept


def check_documents(call: Call, reservation: Json, at: str) -> str | None:
    """Check the codes in what is kept as a document; answers the day a deposit is due, if one is asked for."""
    for index, method in enumerate(reservation.get("reservationPaymentMethods") or []):
        code = method.get("paymentMethod")
        path = f"{at}.reservationPaymentMethods[{index}].paymentMethod"
        known("payment method", filter(None, [code]), call.hotel.payment_methods, path)
    for group in reservation.get("preferenceCollection") or []:
        for value in group.get("preference") or []:
            pair = (group.get("preferenceType", ""), value.get("preferenceValue", ""))
            known("preference", [pair], call.hotel.preferences, f"{at}.preferenceCollection")
    due = None
    for policy in (reservation.get("reservationPolicies") or {}).get("depositPolicies") or []:
        terms = policy.get("policy") or {}
        amount = (terms.get("amountPercent") or {}).get("amount")
        if amount is not None:
            sent_minor(amount, f"{at}.reservationPolicies.depositPolicies")
        due = ((terms.get("deadline") or {}).get("absoluteDeadline") or "")[:10] or due
    return due


def _are_named(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) and "name" in item for item in items)


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 16 else -1  # noqa: PLR2004
