"""The guest file of whoever rings: by the number alone, until somebody gives him a name.

A call that an agent starts meets people as a call of the exchange does: a mobile number nobody knows gets a file of its
own, so that the guest's next call or message joins the same case. A line of a house, a switchboard or an agency is no
person's number and gets none. The agent read the number off a display, so nothing vouches for it: it recognises, and no
document goes there. When the guest is named during the call, that file is his: it gets his name, or, where he is known
by another number already, is tied to his file by a merge that can be taken back.
"""

from dataclasses import replace

from domain.access import Actor
from domain.case import Call
from domain.contact import Handle, Vouching
from domain.guest import NAMELESS, ChannelIdentity, GuestId, GuestProfile, IdentityKind
from domain.identity import LineKind, Strength, weigh
from integration.ports.queue_records import GuestMerge, IdentityFact
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.join_case import refold
from integration.usecases.people import files_of
from integration.usecases.recognise_guest import add_guest
from integration.usecases.tracing import audit

SAID_IN_CALL = "named_in_call"
_READ_OFF = frozenset({Strength.STRONG})
_SEEN = frozenset({Strength.STRONG, Strength.ALONE})
_EVIDENCE = "phone, typed: The caller was named during a call from this number."
_LANGUAGES = {"TR": "tr", "DE": "de", "AT": "de", "CH": "de", "RU": "ru", "BY": "ru", "KZ": "ru"}


def met_by_number(
    desk: Desk, tx: Tx, actor: Actor, phone: str, vouching: Vouching = Vouching.TYPED
) -> GuestProfile | None:
    """The guest file of a number, a new one for a person's own number and, where the network showed it, for a house's;
    None for a line that many share."""
    identity = ChannelIdentity(IdentityKind.PHONE, phone)
    known = tx.find_guest(identity)
    strengths = _SEEN if vouching is Vouching.NETWORK else _READ_OFF
    if known is not None or not _is_worth(desk, phone, strengths):
        return known
    region, now = desk.phones.region(phone), desk.clock.now()
    fresh = GuestProfile(
        GuestId(desk.ids.new("gst")), "", NAMELESS, _LANGUAGES.get(region, "en"), region, (identity,), now
    )
    made = add_guest(desk, tx, actor, fresh, action="guest_met")
    tx.put_guest(made, frozenset())
    if tx.get_identity_fact(identity) is None:
        tx.put_identity_fact(IdentityFact(identity.kind, identity.scope, phone, vouching, now, now))
    return made


def _is_worth(desk: Desk, phone: str, strengths: frozenset[Strength]) -> bool:
    if any(phone in hook.never_link for hook in desk.hooks.values()):
        return False
    line: LineKind = desk.phones.line(phone)
    return weigh(Handle(IdentityKind.PHONE, phone), line).rule.strength in strengths


def tie_guest(desk: Desk, tx: Tx, actor: Actor, call: Call | None, guest_id: GuestId) -> GuestId:
    """A caller nobody knew is now known: his call and case say so."""
    if call is None or not call.is_open or call.guest_id == guest_id:
        return guest_id
    if call.guest_id is not None:
        _tie_number(desk, tx, actor, call, GuestId(call.guest_id), guest_id)
        return guest_id
    tx.update_call(replace(call, guest_id=guest_id))
    for row in tx.messages_of(call.case_id):
        if row.guest_id is None:
            tx.update_message(replace(row, guest_id=guest_id))
    case = tx.get_case(call.case_id)
    if case is not None and case.guest_id is None:
        tx.update_case(replace(case, guest_id=guest_id))
    return guest_id


def _tie_number(desk: Desk, tx: Tx, actor: Actor, call: Call, met: GuestId, guest_id: GuestId) -> None:
    """The number he rings from is his, unless it is a house's or belongs to somebody already."""
    if not _is_free_number(desk, tx, met) or met in files_of(tx, guest_id):
        return
    tx.update_call(replace(call, guest_id=guest_id))
    merge = GuestMerge(
        desk.ids.new("mrg"), files_of(tx, guest_id)[0], met, SAID_IN_CALL, _EVIDENCE, actor.name, desk.clock.now()
    )
    tx.add_merge(merge)
    ids = {"guest_id": merge.winner, "other_guest_id": met, "merge_id": merge.merge_id}
    audit(tx, actor, merge.at, "guests_merged", ids, reason=SAID_IN_CALL)
    if tx.messages_of(call.case_id):
        refold(desk, tx, actor, call.case_id)


def _is_free_number(desk: Desk, tx: ReadTx, met: GuestId) -> bool:
    file = tx.get_guest(met)
    if file is None or not file.is_only_a_number or len(files_of(tx, met)) > 1:
        return False
    return all(_is_worth(desk, one.value, _READ_OFF) for one in file.identities)
