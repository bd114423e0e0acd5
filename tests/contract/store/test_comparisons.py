"""Comparisons, their findings, the watch and a person's word on a task, as the store keeps them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from integration.ports.comparisons import Comparison, Finding, FindingKind, Gap
from integration.ports.records import Intent, IntentId, IntentKind, IntentState, Task, TaskKind
from tests.builders import a_reservation, a_stay
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW

FIRST, LAST = date(2027, 5, 1), date(2027, 10, 31)


def a_comparison(number: str = "cmp_1", **over: object) -> Comparison:
    made = Comparison(number, "BELEK1", "root", NOW, FIRST, LAST, repairs=True, position=FIRST)
    return replace(made, **over)  # type: ignore[arg-type]


def a_finding(reference: str, **over: object) -> Finding:
    gaps = (Gap("status", "hold", None), Gap("total", None, "5.00 EUR"))
    made = Finding("cmp_1", 0, FindingKind.DIFFERENT, "res_1", "77", reference, gaps)
    return replace(made, **over)  # type: ignore[arg-type]


def an_intent(number: str, **over: object) -> Intent:
    made = Intent(
        IntentId(number), IntentKind.CREATE_BOOKING, IntentState.DONE, "BELEK1", "agent7", number, "f", f"SNT-{number}",
        "{}", NOW, NOW, sent_at=NOW, settled_at=NOW, watch_until=NOW + timedelta(hours=24),
    )  # fmt: skip
    return replace(made, **over)  # type: ignore[arg-type]


def test_a_comparison_comes_back_as_it_was_and_goes_on_from_its_position(store: Played) -> None:
    one = a_comparison()
    store.write(lambda tx: tx.add_comparison(one))
    assert store.read(lambda tx: tx.get_comparison("cmp_1")) == one
    further = replace(one, position=date(2027, 6, 1), counts={"here": 3, "there": 2, "found": 1})
    assert store.write(lambda tx: tx.advance_comparison(further, expected=FIRST))
    assert not store.write(lambda tx: tx.advance_comparison(further, expected=FIRST))
    ended = replace(further, finished_at=NOW)
    assert store.write(lambda tx: tx.advance_comparison(ended, expected=further.position))
    assert not store.write(lambda tx: tx.advance_comparison(ended, expected=further.position))
    assert store.read(lambda tx: tx.get_comparison("cmp_1")) == ended
    assert store.read(lambda tx: tx.get_comparison("cmp_none")) is None


def test_comparisons_are_listed_newest_first_a_hotel_at_a_time(store: Played) -> None:
    for number, hotel in (("cmp_1", "BELEK1"), ("cmp_2", "SIDE1"), ("cmp_3", "BELEK1")):
        store.write(lambda tx, number=number, hotel=hotel: tx.add_comparison(a_comparison(number, hotel_id=hotel)))  # type: ignore[misc]
    assert [one.comparison_id for one in store.read(lambda tx: tx.list_comparisons("BELEK1", 5))] == ["cmp_3", "cmp_1"]
    assert len(store.read(lambda tx: tx.list_comparisons(None, 2))) == 2
    assert store.read(lambda tx: tx.last_restore("BELEK1")) is None
    store.write(lambda tx: tx.add_comparison(a_comparison("cmp_4", actor="store-restore")))
    assert store.read(lambda tx: tx.last_restore("BELEK1")) == NOW
    assert store.read(lambda tx: tx.last_restore("SIDE1")) is None


def test_findings_are_numbered_paged_and_marked(store: Played) -> None:
    store.write(lambda tx: tx.add_comparison(a_comparison()))
    for reference in ("A", "B", "C"):
        store.write(lambda tx, reference=reference: tx.add_finding(a_finding(reference, pms_ref=None)))  # type: ignore[misc]
    store.write(lambda tx: tx.mark_finding("cmp_1", 2, "adopted"))
    found = store.read(lambda tx: tx.findings("cmp_1", after=1, limit=5))
    assert found == [
        a_finding("B", line=2, pms_ref=None, repair="adopted"), a_finding("C", line=3, pms_ref=None),
    ]  # fmt: skip
    left = store.read(lambda tx: tx.findings("cmp_1", after=0, limit=5, unrepaired=True))
    assert [one.external_ref for one in left] == ["A", "C"]
    assert len(store.read(lambda tx: tx.findings("cmp_1", after=0, limit=1))) == 1


def test_arrivals_are_counted_and_come_in_order(store: Played) -> None:
    for number, day in (("1", 12), ("2", 10), ("3", 20)):
        one = a_reservation(
            reservation_id=f"res_{number}", external_ref=number, pms_ref=number, stay=a_stay(date(2027, 7, day))
        )
        store.write(lambda tx, one=one: tx.add_reservation(one))  # type: ignore[misc]
    span = (date(2027, 7, 10), date(2027, 7, 19))
    assert store.read(lambda tx: tx.count_arriving("BELEK1", *span)) == 2
    assert [one.reservation_id for one in store.read(lambda tx: tx.arriving("BELEK1", *span))] == ["res_2", "res_1"]
    assert store.read(lambda tx: tx.arriving("SIDE1", *span)) == []


def test_a_pms_number_means_nothing_without_its_hotel(store: Played) -> None:
    for number, hotel in (("1", "BELEK1"), ("2", "SIDE1")):
        one = a_reservation(reservation_id=f"res_{number}", external_ref=number, hotel_id=hotel)
        store.write(lambda tx, one=one: tx.add_reservation(one))  # type: ignore[misc]
    for number, hotel in (("res_1", "BELEK1"), ("res_2", "SIDE1")):
        found = store.read(lambda tx, hotel=hotel: tx.find_reservation(pms_ref="100001", hotel_id=hotel))  # type: ignore[misc]
        assert found is not None
        assert found.reservation_id == number
    with pytest.raises(ValueError, match="hotel"):
        store.read(lambda tx: tx.find_reservation(pms_ref="100001"))


def test_the_watch_sees_settled_intents_that_are_due(store: Played) -> None:
    later = NOW + timedelta(minutes=5)
    intents = (
        an_intent("due"),
        an_intent("refused", state=IntentState.REFUSED, watch_until=NOW + timedelta(hours=1)),
        an_intent("later", deadline=later),
        an_intent("unknown", state=IntentState.UNKNOWN),
        an_intent("over", watch_until=None),
    )
    for one in intents:
        store.write(lambda tx, one=one: tx.add_intent(one))  # type: ignore[misc]
    assert [one.intent_id for one in store.read(lambda tx: tx.watched_intents(NOW, 9))] == ["refused", "due"]
    assert len(store.read(lambda tx: tx.watched_intents(later, 9))) == 3
    assert store.read(lambda tx: tx.refused_references("BELEK1", ["SNT-refused", "SNT-due", "x"])) == {"SNT-refused"}
    many = [f"x{number}" for number in range(60)]
    assert store.read(lambda tx: tx.refused_references("BELEK1", [*many, "SNT-refused"])) == {"SNT-refused"}
    assert store.read(lambda tx: tx.refused_references("SIDE1", ["SNT-refused"])) == set()
    assert store.read(lambda tx: tx.refused_references("BELEK1", [])) == set()


def test_a_task_keeps_who_ended_it_and_how(store: Played) -> None:
    task = Task("tsk_1", TaskKind.DEPOSIT_UNKNOWN, "BELEK1", NOW, {"intent_id": "int_1"}, "deposit not found")
    store.write(lambda tx: tx.add_task(task))
    assert store.read(lambda tx: tx.get_task("tsk_1")) == task
    assert store.write(lambda tx: tx.finish_task("tsk_1", NOW, by="chief", decision="happened", note="receipt"))
    ended = replace(task, done_at=NOW, done_by="chief", decision="happened", note="receipt")
    assert store.read(lambda tx: tx.get_task("tsk_1")) == ended
    assert not store.write(lambda tx: tx.finish_task("tsk_1", NOW, by="other"))
    assert store.read(lambda tx: tx.get_task("tsk_2")) is None
