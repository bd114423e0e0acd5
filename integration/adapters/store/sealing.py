"""Seal the audit rows that were written before there was a chain: once, at the upgrade to it."""

from collections.abc import Callable
from typing import Any

from integration.adapters.store.access import Connection
from integration.adapters.store.chain import Chain
from integration.adapters.store.record_rows import head_columns
from integration.adapters.store.texts import texts_of

BATCH = 2000


def sealer(chain: Chain, dialect: str) -> Callable[[Connection], None]:
    """What the migration calls with the driver's connection, inside its transaction."""
    sql = texts_of(dialect).statements

    def batch(connection: Connection, after: int, until: int) -> list[Any]:
        parameters = {"after": after, "until": until, "limit": BATCH}
        return connection.execute(sql["audit_rows"], parameters).fetchall()

    def seal(connection: Connection) -> None:
        seq, mac = 0, b""
        (until,) = connection.execute(sql["last_audit"], {}).fetchone()
        while rows := batch(connection, seq, until):
            for seq, _, _, _, body, _ in rows:
                mac = chain.link(mac, bytes(body))
                connection.execute(sql["seal_audit"], {"the_id": seq, "mac": mac})
        head = chain.head(until, mac, until)
        connection.execute(sql["put_audit_head"], head_columns(head))

    return seal
