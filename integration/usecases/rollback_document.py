"""The documents of a rollback: what a plan and its steps keep beside their columns, as JSON text.

A step keeps the snapshots it leads from and to, the version of the reservation it expects to find, and, once done, the
version it left. No guest's name or number stands in them.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from domain.rollback import Snapshot
from domain.stay import StayDates
from integration.ports.rollbacks import Rollback, RollbackStep
from integration.usecases.answers import Body
from integration.usecases.before_change import (
    money_of,
    nightly_of,
    nightly_text,
    party_of,
    party_text,
    terms_of,
    terms_text,
)
from integration.usecases.views import instant


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """Whose writes are undone, in which hotels, on how many reservations; and what else was written in the scope that
    a rollback leaves alone (kind -> number).
    """

    actors: tuple[str, ...]
    hotels: tuple[str, ...]
    size: int
    left_alone: dict[str, int]


@dataclass(frozen=True, slots=True)
class StepDocument:
    """What a step needs. `version`: of the reservation when it was planned; `left`: the one it left when done;
    `task_id`: the task it put on the board or takes off it; `language`: the guest's.
    """

    before: Snapshot | None = None
    after: Snapshot | None = None
    version: int = 0
    left: int | None = None
    pms_ref: str | None = None
    amount: Money | None = None
    task_id: str | None = None
    language: str = "en"


def plan_text(document: PlanDocument) -> str:
    """As JSON."""
    return _text(
        {
            "actors": list(document.actors),
            "hotels": list(document.hotels),
            "size": document.size,
            "left_alone": document.left_alone,
        }
    )


def plan_of(one: Rollback) -> PlanDocument:
    """The document of a plan."""
    kept = json.loads(one.document)
    return PlanDocument(tuple(kept["actors"]), tuple(kept["hotels"]), kept["size"], kept["left_alone"])


def step_text(document: StepDocument) -> str:
    """As JSON; what is not there is left out."""
    parts = {
        "before": snapshot_parts(document.before),
        "after": snapshot_parts(document.after),
        "version": document.version,
        "left": document.left,
        "pms_ref": document.pms_ref,
        "amount": None if document.amount is None else str(document.amount),
        "task_id": document.task_id,
        "language": document.language,
    }
    return _text({name: value for name, value in parts.items() if value is not None})


def step_of(step: RollbackStep) -> StepDocument:
    """The document of a step."""
    kept = json.loads(step.document)
    return StepDocument(
        before=snapshot_of(kept.get("before")),
        after=snapshot_of(kept.get("after")),
        version=kept["version"],
        left=kept.get("left"),
        pms_ref=kept.get("pms_ref"),
        amount=money_of(kept["amount"]) if "amount" in kept else None,
        task_id=kept.get("task_id"),
        language=kept["language"],
    )


def with_document(step: RollbackStep, **changed: object) -> RollbackStep:
    """The step with parts of its document changed."""
    return replace(step, document=step_text(replace(step_of(step), **changed)))  # type: ignore[arg-type]


def snapshot_parts(one: Snapshot | None) -> Body | None:
    """A snapshot as JSON-able parts."""
    if one is None:
        return None
    return {
        "state": one.state.value,
        "check_in": one.stay.check_in.isoformat(),
        "check_out": one.stay.check_out.isoformat(),
        "party": party_text(one.party),
        "room_type": one.room_type,
        "rate_plan": one.rate_plan,
        "rate_code": one.rate_code,
        "board": one.board,
        "nightly": nightly_text(one.nightly),
        "total": str(one.total),
        "deposit_due": str(one.deposit_due),
        "terms": terms_text(one.cancellation),
        "guarantee": one.guarantee.value if one.guarantee else None,
        "expires_at": instant(one.expires_at),
        "previous_state": one.previous_state.value if one.previous_state else None,
    }


def snapshot_of(kept: Body | None) -> Snapshot | None:
    """The snapshot of its parts."""
    if kept is None:
        return None
    stay = StayDates(date.fromisoformat(kept["check_in"]), date.fromisoformat(kept["check_out"]))
    total = money_of(kept["total"])
    return Snapshot(
        state=ReservationState(kept["state"]),
        stay=stay,
        party=party_of(kept["party"]),
        room_type=kept["room_type"],
        rate_plan=kept["rate_plan"],
        rate_code=kept["rate_code"],
        board=kept["board"],
        nightly=nightly_of(kept["nightly"], stay.check_in, total.currency),
        total=total,
        deposit_due=money_of(kept["deposit_due"]),
        cancellation=terms_of(kept["terms"]),
        guarantee=Guarantee(kept["guarantee"]) if kept["guarantee"] else None,
        expires_at=datetime.fromisoformat(kept["expires_at"]) if kept["expires_at"] else None,
        previous_state=ReservationState(kept["previous_state"]) if kept["previous_state"] else None,
    )


def _text(parts: Body) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
