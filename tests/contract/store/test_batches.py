"""Batches and their rows in both stores: what is written is found, in its order, and a line is written over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from domain.errors import NotFound
from integration.ports.batches import Batch, BatchKind, BatchRow, RowStatus
from integration.ports.store import Tx
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW
from tests.postgres import a_database

BATCH = Batch("bat_1", BatchKind.RESERVATIONS, "BELEK1", "it", "Şubat.xlsx", "d" * 64, NOW)
ROWS = [
    BatchRow(2, RowStatus.OK, "", "", "res_1", "row-1"),
    BatchRow(3, RowStatus.FAILED, "no_room_left", "STD can no longer be had.", None, "row-2"),
    BatchRow(10, RowStatus.UNKNOWN, "pms_outcome_unknown", "", None, "row-3"),
]


def _add(batch: Batch, tx: Tx) -> None:
    tx.add_batch(batch)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Played]:
    with Played(url=a_database() if request.param == "postgresql" else "") as played:
        yield played


def test_a_batch_is_found_by_its_id_and_by_its_file(store: Played) -> None:
    others = [
        replace(BATCH, batch_id="bat_2", actor="other"), replace(BATCH, batch_id="bat_3", hotel_id=""),
        replace(BATCH, batch_id="bat_4", kind=BatchKind.CALLS), replace(BATCH, batch_id="bat_5", digest="e" * 64),
    ]  # fmt: skip
    for one in (BATCH, *others):
        store.write(partial(_add, one))
    assert store.read(lambda tx: tx.get_batch("bat_1")) == BATCH
    assert store.read(lambda tx: tx.get_batch("bat_9")) is None
    assert store.read(lambda tx: tx.batches_of(BATCH.kind, "BELEK1", "d" * 64)) == [others[0], BATCH]
    assert [one.batch_id for one in store.read(lambda tx: tx.list_batches(2))] == ["bat_5", "bat_4"]


def test_its_end_and_its_counts_are_kept(store: Played) -> None:
    done = replace(BATCH, finished_at=NOW + timedelta(minutes=1), ok=1, failed=2, skipped=3)
    store.write(lambda tx: tx.add_batch(BATCH))
    store.write(lambda tx: tx.update_batch(done))
    assert store.read(lambda tx: tx.get_batch("bat_1")) == done
    with pytest.raises(NotFound):
        store.write(lambda tx: tx.update_batch(replace(done, batch_id="bat_9")))


def test_rows_come_by_line_and_a_line_is_written_over(store: Played) -> None:
    store.write(lambda tx: tx.add_batch(BATCH))
    store.write(lambda tx: tx.put_batch_rows("bat_1", reversed(ROWS)))
    assert store.read(lambda tx: tx.list_batch_rows("bat_1", after=0, limit=10)) == ROWS
    assert store.read(lambda tx: tx.list_batch_rows("bat_1", after=2, limit=1)) == ROWS[1:2]
    assert store.read(lambda tx: tx.list_batch_rows("bat_1", after=0, limit=10, troubled=True)) == ROWS[1:]
    settled = replace(ROWS[2], status=RowStatus.OK, code="", made="res_2")
    store.write(lambda tx: tx.put_batch_rows("bat_1", [settled]))
    assert store.read(lambda tx: tx.get_batch_row("bat_1", 10)) == settled
    assert store.read(lambda tx: tx.get_batch_row("bat_1", 4)) is None
    assert store.read(lambda tx: tx.count_batch_rows("bat_1")) == {RowStatus.OK: 2, RowStatus.FAILED: 1}
