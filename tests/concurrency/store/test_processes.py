"""Several processes on one file or database, and one that is killed in the middle of its work."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from tests.concurrency.store.child import first_of, second_of
from tests.concurrency.store.places import Place
from tests.contract.store.playing import Played

ROOT = Path(__file__).resolve().parents[3]
DEADLINE_S = 60
ENDLESS = 10**9


@contextmanager
def child(place: Place, name: str, rounds: int, callers: int = 4) -> "Iterator[subprocess.Popen[str]]":
    """A booking process; killed when the test has waited too long for it."""
    with subprocess.Popen(place.command(name, rounds, callers), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        timer = Timer(DEADLINE_S, process.kill)
        timer.start()
        try:
            yield process
        finally:
            timer.cancel()
            process.kill()


def acknowledged(process: "subprocess.Popen[str]", least: int) -> set[int]:
    """Numbers the child has said are done, once there are enough of them; the child is then killed with -9."""
    assert process.stdout is not None
    told: set[int] = set()
    for line in process.stdout:
        told.add(int(line))
        if len(told) == least:
            process.kill()
    return told


def audit_numbers(store: Played) -> list[int]:
    return [json.loads(row)["seq"] for row in store.read(lambda tx: tx.tail_audit(10**6))]


def has(store: Played, subject: str) -> bool:
    return store.read(lambda tx: tx.subject_key(subject)) is not None


def test_what_was_acknowledged_survives_a_kill_and_nothing_is_there_by_half(place: Place) -> None:
    with child(place, "a", ENDLESS) as process:
        told = acknowledged(process, 200)
        assert process.wait(DEADLINE_S) == -9
    assert len(told) >= 200
    with place.opened() as store:
        assert all(has(store, first_of("a", number)) for number in told)
        numbers = range(max(told) + 100)
        halves = [n for n in numbers if has(store, first_of("a", n)) != has(store, second_of("a", n))]
        assert halves == []
        kept = audit_numbers(store)
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) == sum(has(store, first_of("a", number)) for number in numbers)


def test_two_processes_number_the_audit_without_gap_or_double(place: Place) -> None:
    with child(place, "a", 150) as one, child(place, "b", 150) as other:
        outputs = [process.communicate(timeout=DEADLINE_S)[0] for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0]
    assert [len(output.split()) for output in outputs] == [150, 150]
    with place.opened() as store:
        assert audit_numbers(store) == list(range(1, 301))


def test_processes_that_make_the_same_store_at_once_make_one(place: Place) -> None:
    names = ["a", "b", "c", "d"]
    crowd = [subprocess.Popen(place.command(name, 1, 1), cwd=ROOT, stdout=subprocess.DEVNULL) for name in names]
    assert [process.wait(DEADLINE_S) for process in crowd] == [0, 0, 0, 0]
    with place.opened() as store:
        assert audit_numbers(store) == [1, 2, 3, 4]
