"""Rows of the records that only the integration keeps: intents, answers, audit, users, other sellers' rates, tasks."""

from datetime import date

import msgspec

from domain.access import Role
from integration.adapters.store.chain import Head
from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.scalars import from_ms, from_ms_or_none, json_text, minor, money, to_ms, to_ms_or_none
from integration.ports.records import (
    AuditEntry,
    Intent,
    IntentKind,
    IntentState,
    OtherSellerRate,
    StoredAnswer,
    Task,
    TaskKind,
    User,
)

_canonical = msgspec.json.Encoder(order="sorted").encode
_mapping = msgspec.json.Decoder(dict[str, str]).decode


def intent_columns(intent: Intent) -> Columns:
    """An intent as it is stored."""
    return {
        "intent_id": intent.intent_id,
        "kind": intent.kind.value,
        "state": intent.state.value,
        "hotel_id": intent.hotel_id,
        "actor": intent.actor,
        "request_key": intent.request_key,
        "fingerprint": intent.fingerprint,
        "external_ref": intent.external_ref,
        "command": intent.command,
        "created_at": to_ms(intent.created_at),
        "deadline": to_ms(intent.deadline),
        "sent_at": to_ms_or_none(intent.sent_at),
        "settled_at": to_ms_or_none(intent.settled_at),
        "watch_until": to_ms_or_none(intent.watch_until),
        "reservation_id": intent.reservation_id,
        "guest_id": intent.guest_id,
        "pms_ref": intent.pms_ref,
        "attempts": intent.attempts,
        "note": intent.note,
        "batch_id": intent.batch_id,
        "prepared": intent.prepared,
    }


def intent_of(row: Row) -> Intent:
    """The intent of a row."""
    (intent_id, kind, state, hotel_id, actor, request_key, fingerprint, external_ref, command, *rest) = row
    (created_at, deadline, sent_at, settled_at, watch_until, reservation_id, guest_id, pms_ref, *rest) = rest
    attempts, note, batch_id, prepared = rest
    return Intent(
        intent_id=intent_id,
        kind=IntentKind(kind),
        state=IntentState(state),
        hotel_id=hotel_id,
        actor=actor,
        request_key=request_key,
        fingerprint=fingerprint,
        external_ref=external_ref,
        command=command,
        created_at=from_ms(created_at),
        deadline=from_ms(deadline),
        sent_at=from_ms_or_none(sent_at),
        settled_at=from_ms_or_none(settled_at),
        watch_until=from_ms_or_none(watch_until),
        reservation_id=reservation_id,
        guest_id=guest_id,
        pms_ref=pms_ref,
        attempts=attempts,
        note=note,
        batch_id=batch_id,
        prepared=prepared,
    )


def answer_columns(answer: StoredAnswer) -> Columns:
    """A stored answer as it is stored."""
    return {
        "hotel_id": answer.hotel_id,
        "actor": answer.actor,
        "request_key": answer.request_key,
        "fingerprint": answer.fingerprint,
        "created_at": to_ms(answer.created_at),
        "until": to_ms(answer.until),
        "intent_id": answer.intent_id,
        "error_code": answer.error_code,
        "body": answer.body,
    }


def answer_of(row: Row) -> StoredAnswer:
    """The stored answer of a row."""
    hotel_id, actor, request_key, fingerprint, created_at, until, intent_id, error_code, body = row
    return StoredAnswer(
        hotel_id, actor, request_key, fingerprint, from_ms(created_at), from_ms(until), intent_id, error_code, body
    )


def audit_columns(entry: AuditEntry, seq: int) -> Columns:
    """An audit row, not sealed yet.

    `body` is canonical JSON as RFC 8785 has it (sorted keys, no spaces, UTF-8; numbers are integers), `seq` included.
    """
    at = to_ms(entry.at)
    body = {
        "seq": seq,
        "at": at,
        "actor": entry.actor,
        "role": entry.role,
        "via": entry.via,
        "action": entry.action,
        "ids": dict(entry.ids),
        "fields": entry.fields,
        "digests": None if entry.digests is None else dict(entry.digests),
        "reason": entry.reason,
    }
    text = _canonical(body).decode()
    return {"seq": seq, "at": at, "actor": entry.actor, "action": entry.action, "body": text, "mac": None}


def head_columns(head: Head) -> Columns:
    """The audit's head as it is stored."""
    return {"seq": head.seq, "mac": head.mac, "sealed": head.sealed, "proof": head.proof}


def head_of(row: Row) -> Head:
    """The head of a row."""
    seq, mac, sealed, proof = row
    return Head(seq, bytes(mac), sealed, bytes(proof))


def user_of(row: Row) -> User:
    """The user of a row with the count of their active tokens."""
    name, role, created_at, revoked_at, token_count = row
    return User(name, Role(role), from_ms(created_at), from_ms_or_none(revoked_at), token_count)


def rate_columns(rate: OtherSellerRate) -> Columns:
    """Another seller's price."""
    return {
        "hotel_id": rate.hotel_id,
        "stay_on": rate.stay_on.isoformat(),
        "room_type": rate.room_type,
        "seller": rate.seller,
        "board": rate.board,
        "currency": rate.price.currency,
        "price": minor(rate.price),
        "seen_on": rate.seen_on.isoformat(),
    }


def rate_of(row: Row) -> OtherSellerRate:
    """The price of a row."""
    hotel_id, stay_on, room_type, seller, board, currency, price, seen_on = row
    night, seen = date.fromisoformat(stay_on), date.fromisoformat(seen_on)
    return OtherSellerRate(hotel_id, seller, night, room_type, board, money(price, currency), seen)


def task_columns(task: Task) -> Columns:
    """A task as it is stored."""
    return {
        "task_id": task.task_id,
        "kind": task.kind.value,
        "hotel_id": task.hotel_id,
        "created_at": to_ms(task.created_at),
        "ids": json_text(dict(task.ids)),
        "detail": task.detail,
        "done_at": to_ms_or_none(task.done_at),
        "done_by": task.done_by,
        "decision": task.decision,
        "note": task.note,
    }


def task_of(row: Row) -> Task:
    """The task of a row."""
    task_id, kind, hotel_id, created_at, ids, detail, done_at, *ended = row
    return Task(
        task_id, TaskKind(kind), hotel_id, from_ms(created_at), _mapping(ids), detail, from_ms_or_none(done_at), *ended
    )
