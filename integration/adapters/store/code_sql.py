"""The statements about codes that prove an address, in SQLAlchemy Core; only the compile step imports this."""

from typing import Any

import sqlalchemy as sa

from integration.adapters.store.case_tables import ADDRESS_CODES
from integration.adapters.store.statements import Insert, text, whole


def changes(insert: Insert) -> dict[str, Any]:
    """The statements that write."""
    put = insert(ADDRESS_CODES)
    rest = {column.name: put.excluded[column.name] for column in ADDRESS_CODES.c if not column.primary_key}
    return {
        "put_code": put.on_conflict_do_update(index_elements=list(ADDRESS_CODES.primary_key), set_=rest),
        "drop_codes": sa.delete(ADDRESS_CODES).where(ADDRESS_CODES.c.created_at < whole("before")),
    }


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    own = [ADDRESS_CODES.c[name] == text(name) for name in ("kind", "scope", "value")]
    return {
        "codes_of": sa.select(ADDRESS_CODES)
        .where(*own, ADDRESS_CODES.c.created_at > whole("since"))
        .order_by(ADDRESS_CODES.c.code_id.desc()),
    }
