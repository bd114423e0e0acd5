"""Shapes of who a guest is: files, evidence, merges, suggestions."""

from integration.http.shapes.kinds import Instant, Shape
from integration.http.shapes.messages import Sending


class KnownBy(Shape):
    """A way to know somebody; `vouching` says who stands for it, `is_only_said`: nobody but the guest."""

    kind: str
    value: str
    scope: str
    is_only_said: bool
    vouching: str | None
    first_seen: Instant | None
    last_seen: Instant | None


class GuestFile(Shape):
    """One file of a person; name, telephone and e-mail masked when `masked`."""

    guest_id: str
    name: str
    language: str
    nationality: str
    vip: bool
    identities: list[KnownBy]
    masked: bool
    in_pms: bool


class Merge(Shape):
    """`loser` belongs to `winner`'s person; undone when `undone_at` says so."""

    merge_id: str
    winner: str
    loser: str
    rule: str
    why: str
    evidence: str
    actor: str
    at: Instant
    undone_at: Instant | None
    undone_by: str | None
    reason: str | None


class LinkSuggestion(Shape):
    """Two files that may be one person; a person decides."""

    one: str
    other: str
    rule: str
    evidence: str
    at: Instant
    state: str


class Person(Shape):
    """Everything that is known of who somebody is; the first file stands for the person."""

    person: str
    files: list[GuestFile]
    cases: list[str]
    merges: list[Merge]
    suggestions: list[LinkSuggestion]


class CodeSent(Sending):
    """A code on its way; it can be read back until `expires_at`."""

    expires_at: Instant


class AddressProven(Shape):
    """A number or address that is the guest's from now on; `how`: code_read_back."""

    guest_id: str
    kind: str
    value: str
    vouching: str
    how: str
    proven_at: Instant
