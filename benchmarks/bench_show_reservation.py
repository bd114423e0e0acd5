"""How long a person waits for `santral reservation show`, against an interpreter that does nothing."""

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import cpu_of_process, interleaved
from benchmarks.registry import Row, benchmark

SHOW_LIMIT = 40.0
RUN_MAIN = "import sys; from cli.main import main; sys.exit(main())"
BOOKING = (
    "reservation", "hold", "--nights", "3", "--adults", "2", "--room-type", "STD", "--rate-plan", "UAI-FLEX",
    "--phone", "0532 111 22 33", "--name", "Ayse Yilmaz", "--check-in", "2027-07-10", "--json",
)  # fmt: skip


def ran(home: Path, *words: str) -> str:
    from cli.context import Session
    from cli.main import main

    out = io.StringIO()
    session = Session(
        environ={"SANTRAL_HOME": str(home), "SANTRAL_AS_OF": "2027-05-01T09:00Z"}, out=out, err=io.StringIO()
    )
    if code := main(words, session):
        raise RuntimeError(f"santral {' '.join(words)} ended with {code}")
    return out.getvalue()


@benchmark("show-reservation")
def show_against_a_bare_interpreter() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as empty:
        home = Path(empty) / ".santral"
        ran(home, "init", "--small", "--start", "2027-05-01")
        held = json.loads(ran(home, *BOOKING))["reservation_id"]
        run = partial(cpu_of_process, cwd=Path(empty))
        taken = interleaved(
            11,
            bare=lambda: run([sys.executable, "-c", "pass"]),
            table=lambda: run([sys.executable, "-c", RUN_MAIN, "reservation", "show", held]),
            document=lambda: run([sys.executable, "-c", RUN_MAIN, "reservation", "show", held, "--json"]),
        )
    for name, limit in (("table", SHOW_LIMIT), ("document", SHOW_LIMIT)):
        note = f"{taken[name] * 1000:.0f} ms / {taken['bare'] * 1000:.0f} ms"
        what = f"CPU of `santral reservation show` ({name}) / `python -c pass`"
        yield Row(what, taken[name] / taken["bare"], limit, note=note)
