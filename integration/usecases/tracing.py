"""Traces: every write leaves an audit row and a line in the reservation's history.

The audit row holds who, role, action, ids and the names of the fields touched. Personal values appear only as digests,
keyed with a random key per guest: destroying that key later makes them unreadable without breaking the log.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from domain.access import Actor
from domain.guest import GuestId
from domain.reservation import HistoryLine, Reservation, ReservationState
from integration.ports.records import AuditEntry
from integration.ports.store import ReadTx, Tx


def audit(
    tx: Tx,
    actor: Actor,
    now: datetime,
    action: str,
    ids: Mapping[str, str | None],
    *,
    fields: tuple[str, ...] = (),
    digests: Mapping[str, str] | None = None,
    reason: str = "",
) -> None:
    """Write one audit row; ids that are None are left out."""
    known = {name: value for name, value in ids.items() if value is not None}
    tx.add_audit(
        AuditEntry(
            at=now,
            actor=actor.name,
            role=actor.role.value,
            via=actor.via,
            action=action,
            ids=known,
            fields=fields,
            digests=digests,
            reason=reason,
        )
    )


def digests_of(tx: ReadTx, guest_id: GuestId, values: Mapping[str, str | None]) -> dict[str, str]:
    """Keyed digests (HMAC-SHA256, 16 bytes in hex) of a guest's values; empty once the guest's key is destroyed."""
    key = tx.subject_key(guest_id)
    if key is None:
        return {}
    return {
        name: hmac.new(key, f"{name}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]
        for name, value in values.items()
        if value
    }


def record_move(  # noqa: PLR0913 - every part of a trace is its own
    tx: Tx,
    actor: Actor,
    now: datetime,
    action: str,
    after: Reservation,
    *,
    before: ReservationState | None,
    detail: Mapping[str, str] | None = None,
    fields: tuple[str, ...] = (),
    reason: str = "",
) -> None:
    """Write the history line and the audit row of a step in a reservation's life."""
    tx.add_history(
        after.reservation_id,
        HistoryLine(
            at=now,
            actor=actor.name,
            action=action,
            from_state=before,
            to_state=after.state,
            detail=tuple((detail or {}).items()),
        ),
    )
    ids = {
        "hotel_id": after.hotel_id,
        "reservation_id": after.reservation_id,
        "pms_ref": after.pms_ref,
        "guest_id": after.guest_id,
        "call_id": after.call_id,
        "case_id": after.case_id,
        "request_key": after.request_key,
    }
    audit(tx, actor, now, action, ids, fields=fields, reason=reason)
