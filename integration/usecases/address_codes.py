"""The digits of a code, which are stored nowhere: a keyed hash of the message's number, made when they are needed.

The key is the random one every guest has (`tracing.digests_of`), so whoever reads outbox, case or audit finds a mark
where the code stands; the digits are put in its place for the carrier alone, at the moment of sending, also when
another process does that. To check what was read back they are made again. With the guest's key they are gone.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.address_code import CODE_DIGITS
from domain.guest import GuestId
from domain.outbound import Purpose
from integration.ports.outbound import NotTaken
from integration.ports.queue_records import Outgoing
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.templates import CODE_MARK


def digits_of(tx: ReadTx, guest_id: GuestId, code_id: str) -> str | None:
    """The six digits; None for a guest whose key is destroyed."""
    key = tx.subject_key(guest_id)
    if key is None:
        return None
    digest = hmac.new(key, f"address_code\0{code_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


async def spelt_out(desk: Desk, row: Outgoing) -> Outgoing:
    """The row as its carrier must have it: with the digits, if it brings a code. NotTaken when there are none."""
    guest_id = row.guest_id
    if row.purpose != Purpose.ADDRESS_CODE or guest_id is None:
        return row
    digits = await desk.store.read(lambda tx: digits_of(tx, guest_id, row.outbox_id))
    if digits is None:
        raise NotTaken("guest_forgotten")
    return replace(row, document=_filled(row.document, digits))


def _filled(document: Mapping[str, Any], digits: str) -> dict[str, Any]:
    template = document.get("template") or {}
    values = [str(one).replace(CODE_MARK, digits) for one in template.get("values", ())]
    text = str(document.get("text", "")).replace(CODE_MARK, digits)
    return {**document, "text": text, "template": {**template, "values": values}}
