"""The judge: what callers were told held against what both sides hold once all is at rest.

`findings` is a pure function of a history (tests/torture/told.py) and the facts read from the databases; an empty list
means that every promise was kept. It knows nothing of how the service works, so nothing in it can explain a finding
away. tests/torture/test_judge.py plants one lie of each kind and sees that it is noticed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from integration.usecases.one_write import external_reference
from tests.torture.told import ANSWERS, Row

OVER = {"expired", "cancelled"}
FIRM = {"pay", "confirm"}
IN_DOUBT = {"sent", "unknown"}


@dataclass(frozen=True)
class Facts:
    """At rest: our reservations, their history lines, intents and tasks; how many live records each reference has."""

    hotel: str
    ours: list[Row]
    live: Counter[str]
    lines: list[Row] = field(default_factory=list)
    intents: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)

    def ref(self, by: str, key: str) -> str:
        """The reference of an actor's key."""
        return external_reference(self.hotel, by, key)

    @property
    def known(self) -> dict[str, Row]:
        """Our reservations by their id."""
        return {one["reservation_id"]: one for one in self.ours}


def findings(history: list[Row], facts: Facts) -> list[str]:
    """Everything that breaks a promise."""
    return [
        *_recorded(history),
        *_acknowledged(history, facts),
        *_refused(history, facts),
        *_one_key_one_record(facts),
        *_kept(history, facts),
        *_released(facts),
        *_settled(facts),
    ]


def _recorded(history: list[Row]) -> Iterator[str]:
    """Each invoke has exactly one end, and no end is without its invoke."""
    asked: Counter[tuple[str, str, int]] = Counter()
    for one in history:
        if one["what"] == "invoke" or one["what"] in ANSWERS:
            asked[one["by"], one["key"], one["try"]] += 1 if one["what"] == "invoke" else -1
    yield from (f"{key}: try {number} was not recorded whole" for (_, key, number), left in asked.items() if left)


def _acknowledged(history: list[Row], facts: Facts) -> Iterator[str]:
    """A key was told one reservation, no two keys the same one, and it is there, with one live record if it lives."""
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in history:
        if (one["verb"], one["what"]) == ("sell", "ok"):
            told[one["by"], one["key"]].add(one["id"])
    owners = Counter(name for names in told.values() for name in names)
    for (by, key), names in told.items():
        if len(names) > 1:
            yield f"{key}: acknowledged twice, as {' and '.join(sorted(names))}"
        for name in sorted(names):
            if owners[name] > 1:
                yield f"{key}: {name} was acknowledged to {owners[name]} keys"
            yield from _stands(key, name, facts.ref(by, key), facts)


def _stands(key: str, name: str, ref: str, facts: Facts) -> Iterator[str]:
    ours = facts.known.get(name)
    if ours is None:
        yield f"{key}: {name} was acknowledged and is not in the store"
        return
    wanted = 0 if ours["state"] in OVER else 1
    if ours["external_ref"] != ref or facts.live[ref] != wanted:
        yield f"{key}: {name} is {ours['state']} and has {facts.live[ref]} live records"


def _refused(history: list[Row], facts: Facts) -> Iterator[str]:
    """What was refused for good has left no live record."""
    for one in history:
        if (one["verb"], one["what"]) == ("sell", "fail") and facts.live[facts.ref(one["by"], one["key"])]:
            yield f"{one['key']}: refused with {one['code']}, and a record is live"


def _one_key_one_record(facts: Facts) -> Iterator[str]:
    known = {one["external_ref"] for one in facts.ours}
    for ref, count in facts.live.items():
        if count > 1:
            yield f"{ref}: {count} live records"
        if count and ref not in known:
            yield f"{ref}: live in the PMS, unknown here"


def _kept(history: list[Row], facts: Facts) -> Iterator[str]:
    """The last thing that was acknowledged on a reservation still holds, and nobody who paid has lapsed."""
    last = {one["on"]: one for one in history if one["what"] == "ok" and "on" in one}
    for name, one in last.items():
        ours = facts.known.get(name)
        if ours is not None and not _holds(one, ours):
            yield f"{one['key']}: {one['verb']} of {name} was acknowledged, and it is {ours['state']}"
    desk = {one["ref"] for one in history if one["verb"] == "desk_confirm"}
    for ours in facts.ours:
        if ours["state"] == "expired" and 0 < ours["deposit_due"] <= ours["paid"]:
            yield f"{ours['reservation_id']}: paid and expired"
        if ours["state"] == "expired" and ours["pms_ref"] in desk:
            yield f"{ours['reservation_id']}: confirmed at the front desk and expired"


def _holds(told: Row, ours: Row) -> bool:
    if told["verb"] == "cancel":
        return bool(ours["state"] == "cancelled")
    if told["verb"] == "change":
        nights = (date.fromisoformat(ours["check_out"]) - date.fromisoformat(ours["check_in"])).days
        return bool(ours["state"] == "confirmed" and nights == told["nights"])
    return bool(ours["state"] == "confirmed") if told["verb"] in FIRM else True


def _released(facts: Facts) -> Iterator[str]:
    """A hold that ran out was given back once; none is left to lapse."""
    lapses = Counter(one["reservation_id"] for one in facts.lines if one["action"] == "expired")
    for one in facts.ours:
        name, state = one["reservation_id"], one["state"]
        if state == "hold":
            yield f"{name}: still on hold at rest"
        if lapses[name] != (state == "expired"):
            yield f"{name}: {state}, and lapsed {lapses[name]} times"


def _settled(facts: Facts) -> Iterator[str]:
    """Every write has its end, or a person was told."""
    board = " ".join(str(one["ids"]) for one in facts.tasks)
    for one in facts.intents:
        if one["state"] in IN_DOUBT and one["intent_id"] not in board:
            yield f"{one['intent_id']}: {one['kind']} is {one['state']}, and nobody was told"
