"""Put contacts into their cases, and every case in order, in one transaction (docs/algorithms/intake.md 3 and 4).

`settle` is told which cases may be concerned and which contacts are new. It takes all contacts of these cases, parts
them by person (a merge or its undoing has changed who that is), cuts each person's contacts into cases
(`domain.joining`), and writes what is different: new contacts, contacts that change their case, cases that become part
of another one or stand by themselves again. A case belongs to the contact it was opened for; where several cases
become one, the earliest stands and the others point to it, so whatever names them still finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from domain.access import Actor
from domain.case import Case, CaseId, CaseKind, CaseStatus, LeadStatus
from domain.contact import MessageId, Sender
from domain.joining import Ending, Touch, groups_of
from integration.ports.queue_records import CaseEvent, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.contacts import ContactEvent, event_of, in_order, number_of
from integration.usecases.desk import Desk
from integration.usecases.fold_case import events_of, fold
from integration.usecases.handoff_case_rules import raise_by_rules
from integration.usecases.people import cases_of_person, root_of

NOWHERE = CaseId("")
REOPEN = timedelta(hours=24)
Places = Mapping[MessageId, CaseId]


def near(desk: Desk, tx: ReadTx, row: StoredMessage, hotel_id: str) -> list[Case]:
    """The cases of the row's person that the row may have to do with; none without a guest."""
    if row.guest_id is None:
        return []
    window = max(desk.hotel(hotel_id).rules.join_window, REOPEN)
    found = cases_of_person(tx, row.guest_id, hotel_id)
    return [case for case in found if case.opened_at - window <= row.at <= _last(case) + window]


def _last(case: Case) -> datetime:
    return max(one for one in (case.last_at, case.resolved_at, case.opened_at) if one is not None)


def settle(
    desk: Desk, tx: Tx, actor: Actor, hotel_id: str, cases: Iterable[Case], fresh: Sequence[StoredMessage] = ()
) -> Places:
    """Bring these cases of one hotel, and new contacts, into order; says where the new contacts are."""
    known = {row.message_id: row for case in cases for row in tx.messages_of(case.case_id)}
    new = {row.message_id for row in fresh}
    rows = [*known.values(), *fresh]
    owners = _owners(rows)
    places: dict[MessageId, CaseId] = {}
    for group in _groups(desk, tx, hotel_id, rows):
        mine = {row.message_id for row in group}
        keep, gone = _chosen(desk, group, mine, owners)
        moved = [_placed(row, keep, owners, mine) for row in group]
        for before, after in zip(group, moved, strict=True):
            if after.message_id in new:
                tx.add_message(after)
            elif after != before:
                tx.update_message(after)
            places[after.message_id] = keep
        _write(desk, tx, actor, _Made(hotel_id, keep, gone, moved))
    return places


def _owners(rows: Iterable[StoredMessage]) -> dict[CaseId, MessageId]:
    """The contact each case was opened for: the first that was ever put into it (our numbers count up)."""
    found: dict[CaseId, MessageId] = {}
    for row in rows:
        if row.home_case != NOWHERE:
            found[row.home_case] = min(row.message_id, found.get(row.home_case, row.message_id))
    return found


def _groups(desk: Desk, tx: ReadTx, hotel_id: str, rows: Iterable[StoredMessage]) -> list[list[StoredMessage]]:
    """Contacts by person, cut into cases. Those of nobody we know stay where they are, or together by call."""
    people: dict[str, list[StoredMessage]] = {}
    for row in rows:
        people.setdefault(_person(tx, row), []).append(row)
    window = desk.hotel(hotel_id).rules.join_window
    found: list[list[StoredMessage]] = []
    for mine in people.values():
        by_number = {number_of(row): row for row in mine}
        cases = {number: _cases_of(row) for number, row in by_number.items()}
        endings = _endings(tx, {CaseId(one) for one in chain.from_iterable(cases.values())})
        touches = [Touch(row.at.timestamp(), number, _tie(row)) for number, row in by_number.items()]
        cut = groups_of(touches, endings, cases, window_s=window.total_seconds(), reopen_s=REOPEN.total_seconds())
        found += [[by_number[number] for number in group] for group in cut]
    return found


def _person(tx: ReadTx, row: StoredMessage) -> str:
    if row.guest_id is not None:
        return root_of(tx, row.guest_id)
    return f"case:{row.case_id}" if row.case_id != NOWHERE else f"call:{row.thread or row.message_id}"


def _cases_of(row: StoredMessage) -> tuple[str, ...]:
    return tuple({row.case_id, row.home_case} - {NOWHERE})


def _tie(row: StoredMessage) -> str | None:
    """A reply of ours is of the case it answers."""
    is_ours = row.sender is not Sender.GUEST and row.actor is not None and event_of(row) is ContactEvent.MESSAGE
    return row.home_case if is_ours else None


def _endings(tx: ReadTx, cases: set[CaseId]) -> list[Ending]:
    return [
        Ending(event.at.timestamp(), event.case_id, event.kind == "resolved")
        for event in events_of(tx, cases)
        if event.kind in {"resolved", "reopened"}
    ]


def _chosen(
    desk: Desk, group: Sequence[StoredMessage], mine: set[MessageId], owners: Mapping[CaseId, MessageId]
) -> tuple[CaseId, tuple[CaseId, ...]]:
    """The case that stands for a group, and those that become part of it."""
    own = list(dict.fromkeys(row.home_case for row in in_order(group) if owners.get(row.home_case) in mine))
    if not own:
        return CaseId(desk.ids.new("cas")), ()
    return own[0], tuple(own[1:])


def _placed(
    row: StoredMessage, keep: CaseId, owners: Mapping[CaseId, MessageId], mine: set[MessageId]
) -> StoredMessage:
    """A contact whose home is another person's case is at home where it is now."""
    is_at_home = row.home_case != NOWHERE and owners[row.home_case] in mine
    return replace(row, case_id=keep, home_case=row.home_case if is_at_home else keep)


@dataclass(frozen=True, slots=True)
class _Made:
    hotel_id: str
    keep: CaseId
    gone: tuple[CaseId, ...]
    rows: Sequence[StoredMessage]


def _write(desk: Desk, tx: Tx, actor: Actor, made: _Made) -> None:
    for case_id in made.gone:
        _join(desk, tx, actor, case_id, made.keep)
    before = tx.get_case(made.keep)
    events = events_of(tx, {made.keep, *made.gone})
    after = fold(desk, tx, before or _new_case(made, actor), made.rows, events)
    if before is None:
        tx.add_case(after)
    elif after != before:
        if before.joined_into is not None:
            _tell(desk, tx, actor, made.keep, "parted_from", before.joined_into)
        tx.update_case(replace(after, version=before.version + 1))
    raise_by_rules(desk, tx, actor, after, made.rows, events)


def _new_case(made: _Made, actor: Actor) -> Case:
    first = in_order(made.rows)[0]
    opener = first.actor or actor.name
    return Case(
        made.keep, made.hotel_id, CaseKind.SALES, CaseStatus.OPEN, first.channel.value, first.at, opener,
        lead_status=LeadStatus.OPEN,
    )  # fmt: skip


def _join(desk: Desk, tx: Tx, actor: Actor, case_id: CaseId, into: CaseId) -> None:
    case = tx.get_case(case_id)
    if case is not None and case.joined_into != into:
        tx.update_case(replace(case, joined_into=into, version=case.version + 1))
        _tell(desk, tx, actor, case_id, "joined_into", into)


def _tell(desk: Desk, tx: Tx, actor: Actor, case_id: CaseId, kind: str, other: CaseId) -> None:
    tx.add_case_event(CaseEvent(case_id, 0, desk.clock.now(), kind, actor.name, {"case_id": other}))


def refold(desk: Desk, tx: Tx, actor: Actor, case_id: CaseId) -> Case:
    """Compute a case anew after something was done to it by hand; it must have a contact."""
    case = tx.get_case(case_id)
    if case is None or not tx.messages_of(case_id):
        raise ValueError("a case without contacts cannot be computed from them")
    settle(desk, tx, actor, case.hotel_id, [case])
    return tx.get_case(case_id) or case
