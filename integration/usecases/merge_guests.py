"""Merge two guest files into one person, and take them apart again, without time limit.

A merge is an edge and an event; the files stay as they are. So to undo it is to take the edge away: every contact is
of the file its sender's handle points to, also one that came in between, and cases that both files share are cut
anew, each contact going back to the case it was opened for (docs/algorithms/dedupe-and-unmerge.md). What was decided
on a shared case while the two were one (a tag, a lead's status) stays with the case it was decided on.
"""

from dataclasses import dataclass

from domain.access import Actor, Permission
from domain.case import CaseId
from domain.errors import InvalidInput, NotFound, Refused
from domain.guest import GuestId, GuestProfile
from integration.ports.queue_records import GuestMerge, IdentityFact, Suggestion
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.join_case import settle
from integration.usecases.once import UNCLAIMED, Claim
from integration.usecases.people import cases_of_person, files_of, root_of
from integration.usecases.recognise_guest import load_guest
from integration.usecases.tracing import audit
from integration.usecases.who_is_it import tie

BY_HAND = "by_hand"
_MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class FileOfPerson:
    """One guest file, with who vouches for each of its identities (None where nobody said)."""

    guest: GuestProfile
    facts: tuple[IdentityFact | None, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A person: the files, the root first, every merge that was ever made of them and what is suggested."""

    files: tuple[FileOfPerson, ...]
    merges: tuple[GuestMerge, ...]
    suggestions: tuple[Suggestion, ...]
    cases: tuple[CaseId, ...] = ()


def check_may_merge(actor: Actor) -> None:
    """Forbidden below supervisors: it changes whose every message is."""
    actor.require(Permission.MERGE)


async def merge_guests(
    desk: Desk, actor: Actor, one: str, other: str, reason: str, claim: Claim = UNCLAIMED
) -> GuestMerge:
    """Say that two files are one person; the older file stands. Forbidden, Refused when they are, NotFound."""
    check_may_merge(actor)
    why = reason_of(reason)

    def work(tx: Tx) -> GuestMerge:
        roots = root_of(tx, load_guest(tx, one).guest_id), root_of(tx, load_guest(tx, other).guest_id)
        if roots[0] == roots[1]:
            raise Refused("These two are one person already.", field="other")
        merge = tie(desk, tx, actor, roots, BY_HAND, why, desk.clock.now())
        _decide(tx, actor, merge)
        put_in_order(desk, tx, actor, merge.winner)
        claim.settle(tx, merge.merge_id, merge.at)
        return merge

    return await desk.store.transact(work)


async def unmerge_guest(desk: Desk, actor: Actor, guest_id: str, reason: str, claim: Claim = UNCLAIMED) -> GuestMerge:
    """Take a file out of the person it was merged into. `guest_id`: the file, or the merge's number. Forbidden,
    NotFound when it stands for itself."""
    check_may_merge(actor)
    why = reason_of(reason)

    def work(tx: Tx) -> GuestMerge:
        merge = tx.get_merge(guest_id) or tx.merge_of_loser(load_guest(tx, guest_id).guest_id)
        if merge is None or merge.undone_at is not None:
            raise NotFound("This guest is merged into no other.", field="guest")
        cases = _cases(desk, tx, merge.winner)
        now = desk.clock.now()
        tx.undo_merge(merge.merge_id, now, actor.name, why)
        ids = {"guest_id": merge.winner, "other_guest_id": merge.loser, "merge_id": merge.merge_id}
        audit(tx, actor, now, "guests_parted", ids, reason=why)
        _settle(desk, tx, actor, cases)
        claim.settle(tx, merge.merge_id, now)
        return tx.get_merge(merge.merge_id) or merge

    return await desk.store.transact(work)


async def show_person(desk: Desk, actor: Actor, guest_id: str) -> Person:
    """Everything that is known of who somebody is. NotFound."""
    actor.require(Permission.READ)

    def work(tx: ReadTx) -> Person:
        load_guest(tx, guest_id)
        files = files_of(tx, GuestId(guest_id))
        merges = {merge.merge_id: merge for file in files for merge in tx.merges_of(file)}
        suggested = {(one.one, one.other): one for file in files for one in tx.suggestions_of(file)}
        return Person(
            tuple(_file(tx, file) for file in files),
            tuple(sorted(merges.values(), key=lambda one: one.at)),
            tuple(one for one in suggested.values() if one.state == "open"),
            tuple(case_id for found in _cases(desk, tx, files[0]).values() for case_id in found),
        )

    return await desk.store.read(work)


def put_in_order(desk: Desk, tx: Tx, actor: Actor, guest_id: GuestId) -> None:
    """Cut the cases of a person anew, at every hotel."""
    _settle(desk, tx, actor, _cases(desk, tx, guest_id))


def _cases(desk: Desk, tx: ReadTx, guest_id: GuestId) -> dict[str, list[CaseId]]:
    return {hotel_id: [case.case_id for case in cases_of_person(tx, guest_id, hotel_id)] for hotel_id in desk.hotels}


def _settle(desk: Desk, tx: Tx, actor: Actor, cases: dict[str, list[CaseId]]) -> None:
    for hotel_id, case_ids in cases.items():
        found = [case for case in map(tx.get_case, case_ids) if case is not None]
        if found:
            settle(desk, tx, actor, hotel_id, found)


def _decide(tx: Tx, actor: Actor, merge: GuestMerge) -> None:
    """A suggestion of this very pair is settled by it."""
    for known in tx.suggestions_of(merge.winner):
        if merge.loser in {known.one, known.other} and known.state == "open":
            tx.put_suggestion(
                Suggestion(known.one, known.other, known.rule, known.evidence, known.at, "accepted", actor.name)
            )


def _file(tx: ReadTx, guest_id: GuestId) -> FileOfPerson:
    guest = load_guest(tx, guest_id)
    return FileOfPerson(guest, tuple(tx.get_identity_fact(one) for one in guest.identities))


def reason_of(text: str) -> str:
    """Why, cleaned; InvalidInput for nothing."""
    why = text.strip()[:_MOST_REASON]
    if not why:
        raise InvalidInput("Say why.", field="reason")
    return why
