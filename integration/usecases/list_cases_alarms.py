"""Warn before a clock is late, escalate after it: each once, whoever looks and however often.

What was said is an event of the case, so it is known after a restart and to every process; what this process has said
it also remembers, for cases that stay late would be read again every round. An escalation is for the supervisors: it is
in the audit, in the gauges and first in `santral case list --breaching`, and goes to their mailbox where there is one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.access import Actor
from domain.case import CaseId
from domain.sla import ClockState
from integration.ports.queue_records import CaseEvent, WarnedCase
from integration.ports.store import ReadTx, Tx
from integration.usecases.alert_supervisor import alert_supervisor
from integration.usecases.desk import Desk
from integration.usecases.tracing import audit
from integration.usecases.work_case_views import in_ms, kept_clocks

WARNED, ESCALATED = "warned", "escalated"
CALL_BACK = "call_back"
MOST_AT_ONCE = 500
_SAYS = {ClockState.WARNING: WARNED, ClockState.BREACHED: WARNED, ClockState.ESCALATED: ESCALATED}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to be said: of which case and clock, and of which run of the clock (`started`, milliseconds)."""

    case_id: CaseId
    hotel_id: str
    clock: str
    started: int
    kind: str


@dataclass(frozen=True, slots=True)
class Alarmed:
    """A round: what was said now, and everything that has been said of what is near or late."""

    said: tuple[Alarm, ...]
    known: frozenset[Alarm]


async def sound_alarms(desk: Desk, actor: Actor, known: frozenset[Alarm] = frozenset()) -> Alarmed:
    """Say what is due to be said. `known`: what this process knows to have been said. Two processes at once say nothing
    twice: each looks at the case's events in the transaction that writes."""
    now = desk.clock.now()
    near = await desk.store.read(lambda tx: tx.warned_cases(now))
    wanted = frozenset(alarms_of(near, in_ms(now)))
    fresh = sorted(wanted - known, key=lambda one: (one.case_id, one.clock, one.kind))
    said: list[Alarm] = []
    for start in range(0, len(fresh), MOST_AT_ONCE):
        said += await _said(desk, actor, fresh[start : start + MOST_AT_ONCE])
    return Alarmed(tuple(said), wanted)


async def _said(desk: Desk, actor: Actor, alarms: Iterable[Alarm]) -> list[Alarm]:
    return await desk.store.transact(lambda tx: _say(desk, tx, actor, alarms))


def alarms_of(cases: Iterable[WarnedCase], now_ms: int) -> Iterator[Alarm]:
    """What is to be said of these cases by now; a late clock that was never warned of is warned of."""
    for one in cases:
        clocks = kept_clocks(one.clocks)
        for name, clock in clocks.named():
            state = clock.state(now_ms)
            if state in _SAYS:
                yield Alarm(one.case_id, one.hotel_id, name, clock.ran[-1][0], _SAYS[state])
        until = clocks.call_back_until
        if until is not None and until <= now_ms:
            yield Alarm(one.case_id, one.hotel_id, CALL_BACK, until, ESCALATED)


def _say(desk: Desk, tx: Tx, actor: Actor, alarms: Iterable[Alarm]) -> list[Alarm]:
    now, said = desk.clock.now(), []
    for one in alarms:
        if _was_said(tx, one):
            continue
        detail = {"clock": one.clock, "started": str(one.started)}
        tx.add_case_event(CaseEvent(one.case_id, 0, now, one.kind, actor.name, detail))
        if one.kind == ESCALATED:
            ids = {"hotel_id": one.hotel_id, "case_id": one.case_id, "clock": one.clock}
            audit(tx, actor, now, "case_escalated", ids)
            alert_supervisor(desk, tx, one.hotel_id, one.case_id, one.clock, one.started)
        said.append(one)
    return said


def _was_said(tx: ReadTx, one: Alarm) -> bool:
    return any(
        event.kind == one.kind
        and (event.document.get("clock"), event.document.get("started")) == (one.clock, str(one.started))
        for event in tx.case_events(one.case_id)
    )
