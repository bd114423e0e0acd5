"""Handoffs: from the store to the domain and back, and in the words of the contract."""

from datetime import datetime

from domain.access import Actor
from domain.case import CaseId
from domain.errors import NotFound
from domain.guest import GuestId
from domain.handoff import Handoff, HandoffId, HandoffPacket, HandoffState, HandoffStep, Trigger
from domain.offer import OfferId
from domain.signals import Signal
from integration.ports.queue_records import StoredHandoff
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.views import guest_body, instant


def find_handoff(tx: ReadTx, handoff_id: str) -> StoredHandoff:
    """The handoff, or NotFound."""
    found = tx.get_handoff(handoff_id)
    if found is None:
        raise NotFound("There is no handoff {handoff_id}.", handoff_id=handoff_id, field="handoff_id")
    return found


def handoff_of(stored: StoredHandoff) -> Handoff:
    """As the rules have it."""
    steps = tuple(
        HandoffStep(HandoffState(state), datetime.fromisoformat(at), actor, *reason)
        for at, state, actor, *reason in stored.history
    )
    return Handoff(
        HandoffId(stored.handoff_id),
        CaseId(stored.case_id),
        Trigger(stored.trigger),
        stored.from_channel,
        stored.to_channel,
        _packet_of(stored),
        steps,
        stored.due_at,
    )


def _packet_of(stored: StoredHandoff) -> HandoffPacket:
    def texts(name: str) -> tuple[str, ...]:
        found = stored.packet.get(name)
        return tuple(map(str, found)) if isinstance(found, list | tuple) else ()

    return HandoffPacket(
        who=str(stored.packet.get("who") or ""),
        asked=str(stored.packet.get("asked") or ""),
        language=str(stored.packet.get("language") or ""),
        offers=tuple(map(OfferId, texts("offers"))),
        promised=texts("promised"),
        turns=int(str(stored.packet.get("turns") or 0)),
        signals=tuple(map(Signal, texts("signals"))),
    )


def stored_handoff(one: Handoff, hotel_id: str, from_actor: str | None, to_actor: str | None) -> StoredHandoff:
    """As the store has it; `who` of the packet is the guest's number, never a name."""
    packet = one.packet
    return StoredHandoff(
        handoff_id=one.handoff_id,
        case_id=one.case_id,
        hotel_id=hotel_id,
        trigger=one.trigger.value,
        state=one.state.value,
        from_channel=one.source,
        to_channel=one.target,
        from_actor=from_actor,
        to_actor=to_actor,
        triggered_at=one.steps[0].at,
        changed_at=one.steps[-1].at,
        due_at=one.due_at,
        packet={
            "who": packet.who,
            "asked": packet.asked,
            "language": packet.language,
            "offers": list(packet.offers),
            "promised": list(packet.promised),
            "turns": packet.turns,
            "signals": [signal.value for signal in packet.signals],
        },
        history=tuple((step.at.isoformat(), step.state.value, step.actor, step.reason) for step in one.steps),
    )


def handoff_body(tx: ReadTx, actor: Actor, stored: StoredHandoff) -> Body:
    """A handoff with its packet; the guest as whoever asks may see him. `due_at`: of the call-back."""
    packet = _packet_of(stored)
    return {
        "handoff_id": stored.handoff_id,
        "case_id": stored.case_id,
        "hotel_id": stored.hotel_id,
        "trigger": stored.trigger,
        "state": stored.state,
        "from_channel": stored.from_channel.value,
        "to_channel": stored.to_channel.value,
        "from_actor": stored.from_actor,
        "to_actor": stored.to_actor,
        "triggered_at": instant(stored.triggered_at),
        "changed_at": instant(stored.changed_at),
        "due_at": instant(stored.due_at),
        "packet": {
            "guest": guest_body(tx.get_guest(GuestId(packet.who)), actor) if packet.who else None,
            "asked": packet.asked,
            "language": packet.language or None,
            "offers": list(packet.offers),
            "promised": list(packet.promised),
            "turns": packet.turns,
            "signals": [signal.value for signal in packet.signals],
        },
        "history": [
            {"at": instant(datetime.fromisoformat(at)), "state": state, "actor": who, "reason": "".join(why) or None}
            for at, state, who, *why in stored.history
        ],
    }
