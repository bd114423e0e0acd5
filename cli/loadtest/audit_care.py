"""Messages, calls, cases and leads: what was acknowledged is there, and nothing hangs in the air."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cli.loadtest.audit_promises import CALL, CASE, SENDING, Promises
from cli.loadtest.audit_rows import Rows

_OF_A_CASE = frozenset({"message", "lead", "call_ringing", "call_answered", "call_ended"})


@dataclass(slots=True)
class Seen:
    """How often an acknowledged message was taken in, and the cases it stands in."""

    taken: int = 0
    cases: list[str] = field(default_factory=list)


def messages_in_one_case(told: Promises, rows: Rows) -> Iterator[str]:
    """Each acknowledged message was taken in once and stands in one case, once."""
    seen = _seen(told, rows)
    for number, one in seen.items():
        if wrong := _wrong(one):
            yield f"{number}: {wrong}"


def _seen(told: Promises, rows: Rows) -> dict[str, Seen]:
    seen = {number: Seen() for number in told.messages}
    for number, kind in rows("SELECT provider_id, kind FROM inbox"):
        one = _named(seen, number)
        if one is not None and kind in _OF_A_CASE:
            one.taken += 1
    for number, case_id in rows(
        "SELECT m.provider_id, c.case_id FROM messages m JOIN cases c ON c.case_id = m.case_id"
        " WHERE m.provider_id IS NOT NULL"
    ):
        one = _named(seen, number)
        if one is not None:
            one.cases.append(case_id)
    return seen


def _wrong(one: Seen) -> str:
    if one.taken != 1:
        return f"taken in {one.taken} times" if one.taken else "acknowledged and never taken in"
    return "" if len(one.cases) == 1 else f"in {len(one.cases)} cases" if one.cases else "acknowledged and in no case"


def _named(seen: dict[str, Seen], number: str) -> Seen | None:
    """By the number the provider gave, or by that number with the provider's own letters in front (`n-...`)."""
    return seen.get(number) or seen.get(number.partition("-")[2])


def no_message_without_case(rows: Rows) -> Iterator[str]:
    """Every message, and every arrival that belongs into a case, is in one that exists; nothing waits to be read."""
    for message, case_id in rows(
        "SELECT m.message_id, m.case_id FROM messages m LEFT JOIN cases c ON c.case_id = m.case_id"
        " WHERE c.case_id IS NULL"
    ):
        yield f"{message}: its case {case_id} is not there"
    for number, kind in rows(
        "SELECT i.provider_id, i.kind FROM inbox i LEFT JOIN messages m ON m.provider_id = i.provider_id"
        " WHERE i.message_id IS NULL AND m.message_id IS NULL AND i.kind IN ('message', 'lead')"
    ):
        yield f"{number}: a {kind} in no case"
    for delivery, state, problem in rows(
        "SELECT delivery_id, state, coalesce(problem, '') FROM deliveries WHERE state <> 'done'"
    ):
        yield f"{delivery}: a delivery that is {state} {problem}".rstrip()


def calls_and_cases_kept(told: Promises, rows: Rows) -> Iterator[str]:
    """Every call, case and message of ours that an answer named; a call whose end was acknowledged has ended."""
    missing = dict(told.things)
    tables = {CASE: ("case_id", "cases"), CALL: ("call_id", "calls"), SENDING: ("outbox_id", "outbox")}
    for column, table in tables.values():
        for (name,) in rows(f"SELECT {column} FROM {table}"):  # noqa: S608 - our names
            missing.pop(name, None)
    yield from (f"{name}: acknowledged under {key}, not in our store" for name, key in missing.items())
    for (name,) in rows("SELECT call_id FROM calls WHERE ended_at IS NULL"):
        if name in told.call_ends:
            yield f"{name}: its end was acknowledged, and it is still open"
