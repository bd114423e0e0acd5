"""What verifying the audit costs: a walk of 100,000 rows in a file, against hashing the same bytes and nothing else.

Plain hashing has the bodies in memory and chains HMAC-SHA256 over them: no verification can do less. The walk reads
the rows from the file in steps, holds columns against bodies, and the end against head and checkpoints. CPU time.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from integration.adapters.store import open_store
from integration.adapters.store.audit_walk import plain_hashing
from integration.ports.records import AuditEntry
from integration.ports.store import AuditCheck, ReadTx, Store, Tx

ROWS = 100_000
STEP = 2000
ROUNDS = 5
PROMISED_PER_S = 100_000
IDS = {"hotel_id": "BELEK1", "reservation_id": "res_" + "1" * 26, "guest_id": "gst_" + "1" * 26, "request_key": "key-1"}
ENTRY = AuditEntry(
    datetime(2027, 5, 1, tzinfo=UTC), "agent7", "operator", "http", "hold", IDS, ("state",), {"g": "d" * 32}
)


def _fill(tx: Tx) -> None:
    for _ in range(ROWS):
        tx.add_audit(ENTRY)


async def _walk(store: Store) -> None:
    check: AuditCheck | None = None
    while check is None or not check.is_done:
        check = await store.read(_further(check))
    report = check.report()
    if report.findings or report.rows != ROWS:
        raise RuntimeError("the audit does not verify")


def _further(so_far: AuditCheck | None) -> Callable[[ReadTx], AuditCheck]:
    return lambda tx: tx.check_audit(so_far, STEP)


def _seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


@benchmark("audit")
def verify_audit() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        store = open_store(Path(folder) / "audit.sqlite", inline=True, create=True)
        runner.run(store.transact(_fill))
        bodies = [one.encode() for one in runner.run(store.read(lambda tx: tx.tail_audit(ROWS)))]
        taken = interleaved(
            ROUNDS,
            plain=lambda: _seconds(lambda: plain_hashing(b"k" * 32, bodies)),
            walk=lambda: _seconds(lambda: runner.run(_walk(store))),
        )
        runner.run(store.close())
    rate = ROWS / taken["walk"]
    note = f"{rate:.0f} rows/s against {ROWS / taken['plain']:.0f} rows/s hashed"
    yield Row("audit verify, walk / plain hashing", taken["walk"] / taken["plain"], None, Sense.AT_MOST, note)
    yield Row(
        f"audit verify, rows/s / {PROMISED_PER_S}", rate / PROMISED_PER_S, 1.0, Sense.AT_LEAST, f"{rate:.0f} rows/s"
    )
