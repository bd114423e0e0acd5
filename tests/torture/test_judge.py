"""The judge notices what it is there for: a twin of a good history for each lie that could be planted in one."""

from collections import Counter
from pathlib import Path

import pytest

from tests.torture.judge import Facts, findings
from tests.torture.told import Row, Told

HOTEL, BY, KEY, ONE = "DEMO1", "agent0", "0-0-sell", "res_1"
REF = Facts(HOTEL, [], Counter()).ref(BY, KEY)


def asked(what: str, verb: str = "sell", key: str = KEY, number: int = 1, **more: object) -> list[Row]:
    """An invoke and its end."""
    who: Row = {"at": 0, "by": BY, "verb": verb, "key": key, "try": number}
    return [{**who, "what": "invoke"}, {**who, "what": what, **more}]


def a_reservation(**more: object) -> Row:
    """One of ours, firm."""
    return {
        "reservation_id": ONE, "external_ref": REF, "state": "confirmed", "pms_ref": "900", "paid": 0,
        "deposit_due": 100, "check_in": "2027-06-03", "check_out": "2027-06-05", **more,
    }  # fmt: skip


def facts(ours: list[Row] | None = None, live: int = 1, **more: list[Row]) -> Facts:
    """At rest: one reservation with its record."""
    return Facts(HOTEL, [a_reservation()] if ours is None else ours, Counter({REF: live}), **more)


GOOD = [*asked("unknown", code="TimeoutError"), *asked("ok", number=2, id=ONE)]
EXPIRED = a_reservation(state="expired")
LAPSED = {"reservation_id": ONE, "action": "expired"}


def test_a_key_that_was_acknowledged_once_and_has_one_record_is_found_good() -> None:
    assert findings(GOOD, facts()) == []


LIES: dict[str, tuple[list[Row], Facts, str]] = {
    "a key acknowledged as two reservations": (
        [*GOOD, *asked("ok", number=3, id="res_2")],
        facts([a_reservation(), a_reservation(reservation_id="res_2")]),
        "acknowledged twice, as res_1 and res_2",
    ),
    "one reservation for two keys": ([*GOOD, *asked("ok", key="0-1-sell", id=ONE)], facts(), "acknowledged to 2 keys"),
    "a double record": (GOOD, facts(live=2), f"{REF}: 2 live records"),
    "a lost record": (GOOD, facts(live=0), "is confirmed and has 0 live records"),
    "a lost reservation": (GOOD, facts([], live=0), "acknowledged and is not in the store"),
    "a record nobody knows": ([], facts([]), "live in the PMS, unknown here"),
    "a refused sale that stands": (asked("fail", code="sold_out"), facts(), "refused with sold_out, and a record"),
    "a guest who paid and lapsed": (
        [],
        facts([{**EXPIRED, "paid": 100}], live=0, lines=[LAPSED]),
        "paid and expired",
    ),
    "a guest the desk confirmed and we lapsed": (
        [{"at": 0, "by": "nemesis", "what": "do", "verb": "desk_confirm", "ref": "900"}],
        facts([EXPIRED], live=0, lines=[LAPSED]),
        "confirmed at the front desk and expired",
    ),
    "a confirmation that is gone": (
        [*GOOD, *asked("ok", "confirm", "0-0-confirm", on=ONE, id=ONE)],
        facts([EXPIRED], live=0, lines=[LAPSED]),
        "confirm of res_1 was acknowledged, and it is expired",
    ),
    "a change that is gone": (
        [*GOOD, *asked("ok", "change", "0-0-change", on=ONE, nights=3, id=ONE)],
        facts(),
        "change of res_1 was acknowledged",
    ),
    "a hold given back twice": (GOOD, facts([EXPIRED], live=0, lines=[LAPSED, LAPSED]), "lapsed 2 times"),
    "a hold nobody gave back": (GOOD, facts([a_reservation(state="hold")]), "still on hold at rest"),
    "a write nobody was told about": (
        GOOD,
        facts(intents=[{"intent_id": "int_1", "kind": "deposit", "state": "unknown"}]),
        "deposit is unknown, and nobody was told",
    ),
    "an answer without its question": (GOOD[1:], facts(), "not recorded whole"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_in_the_history_or_the_books_is_noticed(lie: str) -> None:
    history, at_rest, said = LIES[lie]
    assert [one for one in findings(history, at_rest) if said in one]


def test_a_history_is_in_its_file_as_it_happens_and_shows_the_rows_of_a_finding(tmp_path: Path) -> None:
    told = Told(tmp_path / "history.jsonl")
    told.note(BY, "invoke", "sell", key=KEY, **{"try": 1})
    told.note("nemesis", "do", "kill_worker", pid=7)
    told.note(BY, "invoke", "sell", key="another", **{"try": 1})
    assert len(told.file.read_text("utf-8").splitlines()) == len(told.rows) == 3
    shown = told.about([f"{KEY}: 2 live records"])
    told.close()
    assert KEY in shown
    assert "kill_worker" in shown
    assert "another" not in shown
