"""Where an offer stands, and what is sold from it: in a call, or in a case whose guest writes.

A call named is the offer's, and its case with it. A case named (a chat, a mail, a form) is the offer's without any
call, even while the agent is on the telephone with somebody else. Where neither is named, it is the agent's open call.
"""

from typing import NamedTuple

from domain.access import Actor
from domain.case import Call, CallId, Case, CaseId
from domain.errors import InvalidInput, NotFound
from domain.guest import GuestId
from domain.offer import Offer
from integration.ports.store import ReadTx
from integration.usecases.people import standing_case


class Place(NamedTuple):
    """A call, or the case of somebody who writes; neither when nobody knows whose it is."""

    call: Call | None
    case: Case | None = None

    @property
    def case_id(self) -> CaseId | None:
        """The case, the call's where there is one."""
        return self.call.case_id if self.call else self.case.case_id if self.case else None

    @property
    def guest_id(self) -> GuestId | None:
        """Who rings or writes, as far as he is known."""
        found = self.call.guest_id if self.call else self.case.guest_id if self.case else None
        return GuestId(found) if found is not None else None


def place_of(tx: ReadTx, actor: Actor, hotel_id: str, *, call_id: str | None, case_id: str | None) -> Place:
    """The place named. NotFound; InvalidInput when both are named, so that an offer never stands in two cases."""
    if case_id is None:
        return Place(call_of(tx, actor, hotel_id, call_id))
    if call_id is not None:
        raise InvalidInput("Name the call or the case, not both.", field="case_id")
    case = standing_case(tx, CaseId(case_id))
    if case is None:
        raise NotFound("There is no case {case_id}.", case_id=case_id, field="case_id")
    return Place(None, case)


def place_of_sale(tx: ReadTx, actor: Actor, hotel_id: str, call_id: str | None, offer: Offer | None) -> Place:
    """Where a sale stands: in the call named, else where its offer stands."""
    if call_id is None and offer is not None and offer.call_id is None and offer.case_id is not None:
        return Place(None, standing_case(tx, offer.case_id))
    return Place(call_of(tx, actor, hotel_id, call_id or (offer.call_id if offer else None)))


def call_of(tx: ReadTx, actor: Actor, hotel_id: str, call_id: str | None) -> Call | None:
    """The call named (NotFound when there is none), else the actor's open call, else None; an import has none."""
    if call_id is None:
        return tx.open_call(actor.name, hotel_id) if actor.via != "import" else None
    call = tx.get_call(CallId(call_id))
    if call is None:
        raise NotFound("There is no call {call_id}.", call_id=call_id, field="call")
    return call
