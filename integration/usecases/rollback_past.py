"""The life of a reservation as a rollback sees it: lines of history, each with the write that made it.

A line of history knows who and what, an intent knows under which key, in which run and since when. They are brought
together in the order in which they happened: a done intent made the first free line of its kind, by its actor, that is
not older than its outcome. Lines without an intent (what was adopted from the PMS) are nobody's of ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.compensation import PastWrite
from domain.money import Money
from domain.reservation import HistoryLine, Reservation
from domain.rollback import Snapshot
from integration.ports.records import Intent, IntentKind, IntentState
from integration.ports.store import ReadTx
from integration.usecases.before_change import found_by, money_of

_ACTIONS: dict[IntentKind, frozenset[str]] = {
    IntentKind.CREATE_BOOKING: frozenset({"hold_placed", "option_placed", "confirmed_placed"}),
    IntentKind.CHANGE_BOOKING: frozenset({"option_taken", "changed", "no_show", "no_show_undone"}),
    IntentKind.CONFIRM_BOOKING: frozenset({"confirmed"}),
    IntentKind.EXTEND_BOOKING: frozenset({"extended"}),
    IntentKind.CANCEL_BOOKING: frozenset({"cancelled"}),
    IntentKind.LAPSE_BOOKING: frozenset({"expired", "adopted_from_pms"}),
    IntentKind.REINSTATE_BOOKING: frozenset({"reinstated"}),
    IntentKind.DEPOSIT: frozenset({"paid"}),
}
_NO_SHOWS = frozenset({"no_show", "no_show_undone"})
Wrong = Callable[[Intent | None], bool]


def making_of(tx: ReadTx, one: Reservation) -> Intent | None:
    """The intent that made a reservation; None for one that was taken over from the PMS."""
    return tx.intent_of_key(one.hotel_id, one.created_by, one.request_key)


def writes_to(tx: ReadTx, one: Reservation) -> list[Intent]:
    """Every done write of a reservation's life, in the order of their outcomes."""
    making = making_of(tx, one)
    known = ([making] if making is not None else []) + tx.intents_of_reservation(one.reservation_id)
    done = [each for each in known if each.state is IntentState.DONE and each.settled_at is not None]
    return sorted(done, key=lambda each: (each.settled_at or each.created_at, each.intent_id))


def lines_with_writes(tx: ReadTx, one: Reservation) -> list[tuple[HistoryLine, Intent | None]]:
    """The history, each line with the intent that made it."""
    lines = tx.history(one.reservation_id)
    made: dict[int, Intent] = {}
    for intent in writes_to(tx, one):
        number = next((n for n, line in enumerate(lines) if n not in made and _is_of(line, intent)), None)
        if number is not None:
            made[number] = intent
    return [(line, made.get(n)) for n, line in enumerate(lines)]


def _is_of(line: HistoryLine, intent: Intent) -> bool:
    if line.actor != intent.actor or (intent.settled_at is not None and line.at < intent.settled_at):
        return False
    if intent.kind is IntentKind.ROLLBACK:
        return line.action.startswith("rollback_") or line.action in _NO_SHOWS
    return line.action in _ACTIONS.get(intent.kind, frozenset())


def past_of(tx: ReadTx, one: Reservation, is_wrong: Wrong) -> list[PastWrite]:
    """The reservation's life, oldest first; `is_wrong` judges the intent of each line (None: a line without one)."""
    now = Snapshot.of(one)
    return [_past(line, intent, now, is_wrong) for line, intent in lines_with_writes(tx, one)]


def _past(line: HistoryLine, intent: Intent | None, now: Snapshot, is_wrong: Wrong) -> PastWrite:
    detail, by_rollback = dict(line.detail), intent is not None and intent.kind is IntentKind.ROLLBACK
    return PastWrite(
        at=line.at,
        actor=line.actor,
        left=line.from_state,
        made=line.to_state,
        before=_before(line.action, detail, now),
        paid=_paid(line.action, detail),
        is_wrong=not by_rollback and is_wrong(intent),
        is_change=line.action == "changed",
        is_lapse=line.action == "expired",
        is_rollback=by_rollback or line.action.startswith("rollback_"),
    )


def _before(action: str, detail: dict[str, str], now: Snapshot) -> Snapshot | None:
    if action == "changed":
        return found_by(detail, now)
    if action == "extended" and detail.get("from"):
        return replace(now, expires_at=datetime.fromisoformat(detail["from"]))
    return None


def _paid(action: str, detail: dict[str, str]) -> Money | None:
    return money_of(detail["amount"]) if action == "paid" and "amount" in detail else None


def last_write(lines: Sequence[tuple[HistoryLine, Intent | None]]) -> Intent | None:
    """The intent of the last line; None when it has none."""
    return lines[-1][1] if lines else None
