"""Who a contact is from: the guest file its sender's handles point to, and what they prove about other files.

The best handle (`domain.identity.best_first`) says whose file it is. A handle nobody knew comes to the file of a strong
one beside it; two strong ones with files of their own are one person's, and the files are merged, the older one
standing. No merge is made where the two cannot be one person, or where a person once took the two apart: then it is a
suggestion. A telephone number that two proven users share links nobody any more: it gets a file of its own, with the
contacts that had nothing else to go by. All of this is the same whatever order the contacts come in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.access import Actor, Role
from domain.case import CaseId
from domain.contact import Handle
from domain.guest import NAMELESS, ChannelIdentity, GuestId, GuestProfile, IdentityKind
from domain.identity import Evidence, LineKind, Strength, best_first, conflicts, surer, weigh
from integration.ports.channels import Arrival
from integration.ports.queue_records import GuestMerge, IdentityFact, Suggestion
from integration.ports.store import ReadTx, Tx
from integration.usecases.desk import Desk
from integration.usecases.people import files_of, identities_of, root_of
from integration.usecases.recognise_guest import add_guest, name_keys
from integration.usecases.tracing import audit

INTAKE = Actor("intake", Role.ADMIN, "intake")
SHARED = "shared_number"
CONFLICT = "conflict"
PARTED = "parted_before"
_MOST_NAME = 80
_MOST_ROWS = 100_000
_LANGUAGES = {"TR": "tr", "DE": "de", "AT": "de", "CH": "de", "RU": "ru", "BY": "ru", "KZ": "ru"}


@dataclass
class Changes:
    """What a recognition has changed: persons whose files are new to each other, cases whose contacts changed hands."""

    joined: set[GuestId] = field(default_factory=set)
    disturbed: set[CaseId] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Known:
    """A guest file, and the handle by which it was found or made."""

    guest_id: GuestId
    handle: Handle


@dataclass(frozen=True, slots=True)
class Recognition:
    """One contact being recognised."""

    desk: Desk
    tx: Tx
    arrival: Arrival
    at: datetime
    never: frozenset[str]
    changes: Changes

    def known(self) -> Known | None:
        """Who it is, a new file for somebody nobody knows; None when there is nothing to know anybody by."""
        found = best_first(self._weighed((*self.arrival.handles, *self.arrival.former)))
        if not found:
            return None
        first, others = found[0], found[1:]
        owner = self.tx.find_guest(first.identity)
        guest_id = self._named(owner).guest_id if owner is not None else self._place(first, others)
        self._hint(guest_id, first)
        for other in others:
            self._link(guest_id, first, other)
        for one in found:
            self._note(one)
        return Known(guest_id, first.handle)

    def _weighed(self, handles: Iterable[Handle]) -> list[Evidence]:
        return [weigh(one, self._line(one)) for one in dict.fromkeys(handles) if one.value]

    def _line(self, handle: Handle) -> LineKind:
        if handle.kind is not IdentityKind.PHONE:
            return LineKind.UNKNOWN
        return LineKind.SHARED if handle.value in self.never else self.desk.phones.line(handle.value)

    def _place(self, first: Evidence, others: Sequence[Evidence]) -> GuestId:
        """Somebody new by his best handle: he comes to the file of a strong one beside it, or gets his own."""
        for other in others:
            owner = self.tx.find_guest(other.identity) if _may_link(first, other) else None
            if owner is None or is_shared(self.tx, owner.guest_id):
                continue
            if not self._clash((first.identity,), identities_of(self.tx, files_of(self.tx, owner.guest_id))):
                self._know(self._named(owner), first.identity)
                return owner.guest_id
        return self._new(first.identity).guest_id

    def _link(self, guest_id: GuestId, first: Evidence, other: Evidence) -> None:
        owner = self.tx.find_guest(other.identity)
        if not _may_link(first, other):
            self._hint(guest_id, other)
        elif owner is None:
            self._add(guest_id, other)
        elif root_of(self.tx, owner.guest_id) != root_of(self.tx, guest_id):
            self._bring_together(guest_id, owner.guest_id, other)

    def _add(self, guest_id: GuestId, other: Evidence) -> None:
        guest = self.tx.get_guest(guest_id)
        files = files_of(self.tx, guest_id)
        if guest is not None and not self._clash((other.identity,), identities_of(self.tx, files)):
            self._know(guest, other.identity)
            return
        self._suggest(guest_id, self._new(other.identity).guest_id, CONFLICT, other)

    def _hint(self, guest_id: GuestId, other: Evidence) -> None:
        """What is only said of somebody, or proves only a house: a person may see who it could be."""
        if other.rule.strength is not Strength.WEAK:
            return
        for identity in (other.handle.identity, other.identity):
            owner = self.tx.find_guest(identity)
            if owner is not None and root_of(self.tx, owner.guest_id) != root_of(self.tx, guest_id):
                self._suggest(guest_id, owner.guest_id, other.rule.code, other)

    def _bring_together(self, one: GuestId, other: GuestId, proof: Evidence) -> None:
        """Two files, one person, as far as the rules can tell."""
        if is_shared(self.tx, other):
            self._suggest(one, other, SHARED, proof)
            return
        mine, theirs = files_of(self.tx, one), files_of(self.tx, other)
        if self._clash(identities_of(self.tx, mine), identities_of(self.tx, theirs)):
            self._contest(one, other, proof)
        elif was_parted(self.tx, mine, theirs):
            self._suggest(one, other, PARTED, proof)
        else:
            merge = tie(self.desk, self.tx, INTAKE, (mine[0], theirs[0]), proof.rule.code, _shown(proof), self.at)
            self.changes.joined.add(merge.winner)

    def _contest(self, one: GuestId, owner: GuestId, proof: Evidence) -> None:
        """A number that leads to two people: it is nobody's, unless the hotel's records say whose it is."""
        theirs = identities_of(self.tx, files_of(self.tx, owner))
        registered = any(identity.kind is IdentityKind.PMS_PROFILE for identity in theirs)
        if registered or proof.handle.kind is not IdentityKind.PHONE:
            self._suggest(one, owner, CONFLICT, proof)
            return
        alone = self._split_off(owner, proof)
        for other in {one, owner} - {alone}:
            self._suggest(other, alone, SHARED, proof)

    def _split_off(self, owner: GuestId, proof: Evidence) -> GuestId:
        """A file for a number alone, with the contacts that had only the number."""
        guest = self.tx.get_guest(owner)
        if guest is None or guest.identities == (proof.identity,):
            self._untie(owner)
            return owner
        alone = self._new(proof.identity).guest_id
        rest = tuple(one for one in guest.identities if one != proof.identity)
        self.tx.put_guest(replace(guest, identities=rest), keys_of(self.desk, guest))
        for row in self.tx.messages_of_guest(owner, _MOST_ROWS):
            if (row.handle_kind, row.handle_value) == (proof.handle.kind, proof.handle.value):
                self.tx.update_message(replace(row, guest_id=alone))
                self.changes.disturbed.add(row.case_id)
        return alone

    def _untie(self, guest_id: GuestId) -> None:
        """Take back the merges that a machine made with this file."""
        for merge in self.tx.merges_of(guest_id):
            if merge.undone_at is None and merge.actor == INTAKE.name:
                files = files_of(self.tx, guest_id)
                for hotel_id in self.desk.hotels:
                    found = (case for file in files for case in self.tx.cases_of_guest(file, hotel_id))
                    self.changes.disturbed |= {case.case_id for case in found}
                self.tx.undo_merge(merge.merge_id, self.desk.clock.now(), INTAKE.name, SHARED)

    def _clash(self, some: Iterable[ChannelIdentity], others: Iterable[ChannelIdentity]) -> bool:
        """Whether they cannot be one person's. A provider that tells of a new handle has said that they are."""
        told = {one.identity for one in (*self.arrival.handles, *self.arrival.former)} if self.arrival.former else set()
        left, right = (tuple(one for one in side if one not in told) for side in (some, others))
        return bool(conflicts(left, right))

    def _new(self, identity: ChannelIdentity) -> GuestProfile:
        given, surname = self._name()
        region = self.desk.phones.region(identity.value) if identity.kind is IdentityKind.PHONE else ""
        guest = GuestProfile(
            guest_id=GuestId(self.desk.ids.new("gst")),
            given_name=given,
            surname=surname,
            language=self.arrival.language[:2] or _LANGUAGES.get(region, "en"),
            nationality=region,
            identities=(identity,),
            created_at=self.at,
        )
        added = add_guest(self.desk, self.tx, INTAKE, guest, action="guest_met")
        if surname == NAMELESS:
            self.tx.put_guest(added, frozenset())
        return added

    def _name(self) -> tuple[str, str]:
        said = " ".join("".join(mark for mark in self.arrival.name if mark.isprintable()).split())[:_MOST_NAME].strip()
        return self.desk.names.split(said) if said else ("", NAMELESS)

    def _named(self, guest: GuestProfile) -> GuestProfile:
        """A guest who had no name gets the one he now goes by."""
        given, surname = self._name()
        if guest.surname != NAMELESS or guest.given_name or surname == NAMELESS:
            return guest
        named = replace(guest, given_name=given, surname=surname)
        self.tx.put_guest(named, keys_of(self.desk, named))
        return named

    def _know(self, guest: GuestProfile, identity: ChannelIdentity) -> None:
        after = guest.known_as(identity)
        self.tx.put_guest(after, keys_of(self.desk, after))

    def _suggest(self, one: GuestId, other: GuestId, rule: str, proof: Evidence) -> None:
        low, high = sorted((one, other))
        if any((low, high) == (known.one, known.other) for known in self.tx.suggestions_of(one)):
            return
        self.tx.put_suggestion(Suggestion(GuestId(low), GuestId(high), rule, _shown(proof), self.at))

    def _note(self, one: Evidence) -> None:
        """Who vouches for an identity, and when it was seen first and last."""
        identity = one.identity
        known = self.tx.get_identity_fact(identity)
        first = min(self.at, known.first_seen) if known else self.at
        last = max(self.at, known.last_seen) if known else self.at
        vouching = surer(one.handle.vouching, known.vouching) if known else one.handle.vouching
        fact = IdentityFact(identity.kind, identity.scope, identity.value, vouching, first, last)
        if fact != known:
            self.tx.put_identity_fact(fact)


def keys_of(desk: Desk, guest: GuestProfile) -> frozenset[str]:
    """Keys to find a guest by his name; nobody is found by not having one."""
    return frozenset() if guest.surname == NAMELESS else name_keys(desk, guest)


def is_shared(tx: ReadTx, guest_id: GuestId) -> bool:
    """Whether this file is a number that leads to several people."""
    return any(one.rule == SHARED for one in tx.suggestions_of(guest_id))


def was_parted(tx: ReadTx, some: Iterable[GuestId], others: Iterable[GuestId]) -> bool:
    """Whether a person has taken these two apart before."""
    theirs = set(others)
    return any(
        merge.undone_at is not None and merge.undone_by != INTAKE.name and theirs & {merge.winner, merge.loser}
        for file in some
        for merge in tx.merges_of(file)
    )


def tie(
    desk: Desk, tx: Tx, actor: Actor, roots: tuple[GuestId, GuestId], rule: str, evidence: str, at: datetime
) -> GuestMerge:
    """Merge two roots: the older file stands."""
    winner, loser = sorted(roots, key=lambda one: (_made_at(tx, one), one))
    merge = GuestMerge(desk.ids.new("mrg"), winner, loser, rule, evidence, actor.name, at)
    tx.add_merge(merge)
    ids = {"guest_id": winner, "other_guest_id": loser, "merge_id": merge.merge_id}
    audit(tx, actor, desk.clock.now(), "guests_merged", ids, reason=rule)
    return merge


def _made_at(tx: ReadTx, guest_id: GuestId) -> float:
    guest = tx.get_guest(guest_id)
    return guest.created_at.timestamp() if guest is not None else 0.0


def _may_link(first: Evidence, other: Evidence) -> bool:
    return first.rule.strength is Strength.STRONG and other.rule.strength is Strength.STRONG


def _shown(proof: Evidence) -> str:
    """The evidence without clear data: what kind of handle, and who vouches for it."""
    return f"{proof.handle.kind.value}, {proof.handle.vouching.value}: {proof.rule.why}"
