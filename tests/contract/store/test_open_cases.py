"""Open cases in the store: counted by how they stand, warned of, and found by the day they come back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.case import Case, CaseId, CaseStatus
from integration.ports.queue_records import CaseWish, OpenCases, WarnedCase
from tests.builders import a_case
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW


def case(number: int, **over: Any) -> Case:
    made = a_case(case_id=CaseId(f"cas_{number}"), channel="whatsapp", clocks='{"next_waits":1}')
    due = NOW + timedelta(minutes=number)
    times = {"due_at": due, "warn_at": due - timedelta(minutes=1), "escalate_at": due + timedelta(minutes=1)}
    return replace(made, **{**times, "waiting_since": NOW - timedelta(seconds=number), **over})


def put(store: Played, *cases: Case) -> None:
    for one in cases:
        store.write(lambda tx, one=one: tx.add_case(one))  # type: ignore[misc]


def test_open_cases_are_counted_by_hotel_and_channel(store: Played) -> None:
    put(
        store, case(1), case(2), case(3, status=CaseStatus.WAITING), case(4, channel="email", due_at=None, warn_at=None)
    )
    put(store, case(5, status=CaseStatus.RESOLVED), case(6, joined_into=CaseId("cas_1")))
    found = store.read(lambda tx: tx.count_open_cases(NOW + timedelta(minutes=2)))
    assert found == [
        OpenCases("BELEK1", "email", 1, 0, 0, 0, 0, NOW - timedelta(seconds=4)),
        OpenCases("BELEK1", "whatsapp", 3, 1, 1, 2, 1, NOW - timedelta(seconds=3)),
    ]


def test_a_store_without_open_cases_counts_none(store: Played) -> None:
    put(store, case(1, status=CaseStatus.RESOLVED))
    assert store.read(lambda tx: tx.count_open_cases(NOW)) == []
    assert store.read(lambda tx: tx.warned_cases(NOW)) == []


def test_cases_to_be_warned_of_are_given_with_their_clocks(store: Played) -> None:
    put(store, case(1), case(2), case(3, status=CaseStatus.RESOLVED))
    found = store.read(lambda tx: tx.warned_cases(NOW))
    assert found == [WarnedCase(CaseId("cas_1"), "BELEK1", '{"next_waits":1}')]


def test_cases_are_found_by_the_day_they_come_back_and_by_their_warning(store: Played) -> None:
    put(store, case(1, due_on=date(2027, 5, 1)), case(2, due_on=date(2027, 5, 2)), case(3))
    put(store, case(4, due_on=date(2027, 4, 1), status=CaseStatus.RESOLVED))

    def ids(**wish: Any) -> list[str]:
        return [one.case_id for one in store.read(lambda tx: tx.list_cases(CaseWish(**wish), 10))]

    assert ids(due_by=date(2027, 5, 1)) == ["cas_1"]
    assert ids(due_by=date(2027, 5, 2)) == ["cas_2", "cas_1"]
    assert ids(warning_by=NOW + timedelta(minutes=1)) == ["cas_2", "cas_1"]
    assert ids(is_open=True) == ["cas_3", "cas_2", "cas_1"]
