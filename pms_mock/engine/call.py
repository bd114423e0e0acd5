"""One authorised request inside one transaction: what a handler is given, and the checks that many handlers share."""

import sqlite3
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from pms_mock.engine.days import local_day, utc_text
from pms_mock.engine.hotel import Hotel
from pms_mock.engine.world import Hotels, World
from pms_mock.protocol.problem import bad_request, unknown_code
from pms_mock.protocol.wire import Operation

Json = dict[str, Any]
MAX_ROWS = 200
DEFAULT_ROWS = 20


@dataclass(slots=True)
class Call:
    """The request, its transaction, and who asks. `hotel` is the one of `x-hotelid`."""

    connection: sqlite3.Connection
    world: World
    hotels: Hotels
    hotel: Hotel
    user: str
    client_hotels: tuple[str, ...]
    operation: Operation
    segments: Json
    query: Json
    body: Json
    base_url: str = ""
    guard: bool = True
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> str:
        return local_day(self.world.now_ms, self.hotel.zone)

    @property
    def now_text(self) -> str:
        return utc_text(self.world.now_ms)

    def location(self, path: str) -> tuple[str, str]:
        """The `Location` header of something created."""
        return ("location", self.base_url + path)

    def offers(self, *names: str) -> None:
        """Refuse a query parameter that is in the document and that this mock would otherwise silently ignore."""
        for name, value in self.query.items():
            if name not in names and value != self.operation.query[name].get("default"):
                raise bad_request(
                    "The parameter is in the document and this mock does not offer it", name, code="GEN00501"
                )

    def page(self) -> tuple[int, int]:
        """(limit, offset), refused beyond the vendor's 200 rows."""
        limit, offset = self.query.get("limit", DEFAULT_ROWS), self.query.get("offset", 0)
        if not 1 <= limit <= MAX_ROWS:
            raise bad_request(f"The limit is not between 1 and {MAX_ROWS}", "limit", code="GEN00006")
        if offset < 0:
            raise bad_request("The offset is negative", "offset")
        return limit, offset


def links(call: Call, path: str, operation: str) -> list[Json]:
    """The vendor's way of pointing at a resource."""
    return [
        {"href": call.base_url + path, "rel": "self", "templated": False, "method": "GET", "operationId": operation}
    ]


def unseen(column: str, kind: str) -> str:
    """The condition that leaves out records which searches do not show yet (lookup lag); needs `:lag_now`."""
    trace = f"SELECT ref FROM fault_trace WHERE kind = '{kind}' AND due_ms > :lag_now"  # noqa: S608 - our words
    return f"CAST({column} AS TEXT) NOT IN ({trace})"


def known(kind: str, codes: Iterable[object], configured: Container[Any], path: str) -> None:
    """Refuse the first code that is not configured."""
    for code in codes:
        if code not in configured:
            raise unknown_code(kind, code, path)


def same_hotel(call: Call, value: object, path: str) -> None:
    """Refuse a body that names another hotel than the path."""
    if value is not None and value != call.hotel.id:
        raise bad_request("The body names another hotel", path)


def paging(limit: int, offset: int, count: int, total: int) -> Json:
    """The vendor's paging members."""
    return {
        "totalPages": -(-total // limit),
        "offset": offset,
        "limit": limit,
        "hasMore": offset + count < total,
        "totalResults": total,
        "count": count,
    }
