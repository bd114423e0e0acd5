"""A person as an answer: files, how each is known and who vouches for it, merges and what is suggested."""

from domain.access import Actor
from domain.guest import IdentityKind
from domain.identity import LINK_RULES, SAID
from integration.ports.queue_records import GuestMerge, Suggestion
from integration.usecases.answers import Body
from integration.usecases.merge_guests import FileOfPerson, Person
from integration.usecases.views import guest_body, instant

_WHY = {rule.code: rule.why for rule in LINK_RULES}


def person_body(person: Person, actor: Actor) -> Body:
    """All of it; clear data masked for a role that may not see it."""
    return {
        "person": person.files[0].guest.guest_id,
        "files": [_file_body(one, actor) for one in person.files],
        "cases": list(person.cases),
        "merges": [merge_body(one) for one in person.merges],
        "suggestions": [_suggestion_body(one) for one in person.suggestions],
    }


def merge_body(merge: GuestMerge) -> Body:
    """One merge and, when it was undone, by whom and why."""
    return {
        "merge_id": merge.merge_id,
        "winner": merge.winner,
        "loser": merge.loser,
        "rule": merge.rule,
        "why": _WHY.get(merge.rule, ""),
        "evidence": merge.evidence,
        "actor": merge.actor,
        "at": instant(merge.at),
        "undone_at": instant(merge.undone_at),
        "undone_by": merge.undone_by,
        "reason": merge.reason,
    }


def _file_body(one: FileOfPerson, actor: Actor) -> Body:
    body: Body = guest_body(one.guest, actor) or {}
    shown = [
        {
            **identity,
            "scope": identity["scope"].removeprefix(f"{SAID}:"),
            "is_only_said": identity["scope"].startswith(f"{SAID}:"),
            "vouching": fact.vouching.value if fact else None,
            "first_seen": instant(fact.first_seen) if fact else None,
            "last_seen": instant(fact.last_seen) if fact else None,
        }
        for identity, fact in zip(body["identities"], one.facts, strict=True)
    ]
    is_guest = any(identity.kind is IdentityKind.PMS_PROFILE for identity in one.guest.identities)
    return {**body, "identities": shown, "in_pms": is_guest}


def _suggestion_body(one: Suggestion) -> Body:
    return {
        "one": one.one,
        "other": one.other,
        "rule": one.rule,
        "evidence": one.evidence,
        "at": instant(one.at),
        "state": one.state,
    }
