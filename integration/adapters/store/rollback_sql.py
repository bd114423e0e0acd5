"""The statements about rollbacks and their steps, in SQLAlchemy Core; only the compile step imports this."""

from typing import Any

from integration.adapters.store.statements import Insert


def changes(insert: Insert) -> dict[str, Any]:  # noqa: ARG001 - upserts differ by dialect
    """The statements that write."""
    return {}


def fixed() -> dict[str, Any]:
    """The statements that read, whose conditions never vary."""
    return {}
