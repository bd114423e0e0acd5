"""The canonical text of a store: the same seed document gives the same bytes.

One JSON object a line, tables in a fixed order, rows by their keys, members sorted. What depends on the wall clock or
is secret stays out: tokens, locks, the ledger, the clock itself, the clients' secrets.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

_encode = msgspec.json.Encoder(order="deterministic").encode
_QUERIES = {
    "client": "SELECT client_id, app_key, username, enterprise_id, hotels FROM client ORDER BY client_id",
    "external_system": "SELECT code FROM external_system ORDER BY code",
    "hotel": "SELECT hotel, position, doc FROM hotel ORDER BY hotel",
    "restriction": "SELECT hotel, code, unit, los, room_class, room_type, rate_plan, start, until, weekdays"
    " FROM restriction"
    " ORDER BY hotel, code, start, until, room_class, room_type, rate_plan, unit, los, weekdays",
    "sell_limit": "SELECT * FROM sell_limit ORDER BY hotel, day, scope, code",
    "price": "SELECT * FROM price ORDER BY hotel, day, rate_plan, room_type",
    "stock": "SELECT * FROM stock WHERE sold <> 0 OR tentative <> 0 ORDER BY hotel, day, room_type",
    "profile": "SELECT * FROM profile ORDER BY id",
    "profile_contact": "SELECT * FROM profile_contact ORDER BY kind, value, profile",
    "profile_ref": "SELECT * FROM profile_ref ORDER BY ref, system, profile",
    "reservation": "SELECT * FROM reservation ORDER BY id",
    "reservation_ref": "SELECT * FROM reservation_ref ORDER BY reservation, system, ref",
    "reservation_comment": "SELECT * FROM reservation_comment ORDER BY id",
    "cancellation": "SELECT * FROM cancellation ORDER BY number",
    "deposit": "SELECT * FROM deposit ORDER BY id",
    "call": "SELECT * FROM call ORDER BY id",
    "turnaway": "SELECT * FROM turnaway ORDER BY id",
}


def dump_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """The lines, each with its line feed."""
    for table, query in _QUERIES.items():
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield _encode({"table": table, **dict(zip(names, row, strict=True))}).decode() + "\n"
