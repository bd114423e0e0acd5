"""Persons and guest files: a person is every file that standing merges tie together.

A **guest file** is a row in `guests` with the identities that point to it. A merge is an edge from one file (the loser)
to another (the winner); nothing is moved, so undoing it takes the edge away and the files are two persons again. The
file at the end of the edges, the **root**, stands for the person.
"""

from collections.abc import Iterable

from domain.case import Case, CaseId
from domain.guest import ChannelIdentity, GuestId
from integration.ports.store import ReadTx

MOST_EDGES = 1_000


def root_of(tx: ReadTx, guest_id: GuestId) -> GuestId:
    """The file that stands for the person this file belongs to."""
    at = guest_id
    for _ in range(MOST_EDGES):
        merge = tx.merge_of_loser(at)
        if merge is None:
            break
        at = merge.winner
    return at


def files_of(tx: ReadTx, guest_id: GuestId) -> list[GuestId]:
    """Every file of the person, the root first."""
    found = [root_of(tx, guest_id)]
    for one in found:
        found += [merge.loser for merge in tx.merges_into(one) if merge.loser not in found]
    return found


def identities_of(tx: ReadTx, files: Iterable[GuestId]) -> tuple[ChannelIdentity, ...]:
    """How a person is known, over all files."""
    guests = (tx.get_guest(one) for one in files)
    return tuple(identity for guest in guests if guest is not None for identity in guest.identities)


def cases_of_person(tx: ReadTx, guest_id: GuestId, hotel_id: str) -> list[Case]:
    """Every case of the person at a hotel."""
    return [case for file in files_of(tx, guest_id) for case in tx.cases_of_guest(file, hotel_id)]


def standing_case(tx: ReadTx, case_id: CaseId) -> Case | None:
    """The case, or the one it was joined into; None when there is none."""
    case = tx.get_case(case_id)
    for _ in range(MOST_EDGES):
        if case is None or case.joined_into is None:
            break
        case = tx.get_case(case.joined_into)
    return case
