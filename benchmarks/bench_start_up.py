"""How long a person waits for `santral` to start, against an interpreter that does nothing."""

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import cpu_of_process, interleaved
from benchmarks.registry import Row, benchmark

HELP_LIMIT = 9.0
RUN_MAIN = "from cli.main import main; main()"


@benchmark("start-up")
def help_against_a_bare_interpreter() -> Iterator[Row]:
    what = "CPU of `santral --help` / `python -c pass`"
    if find_spec("cli.main") is None:
        yield Row(what, None, HELP_LIMIT, note="cli.main does not exist yet")
        return
    with tempfile.TemporaryDirectory() as empty:
        run = partial(cpu_of_process, cwd=Path(empty))
        taken = interleaved(
            11,
            bare=lambda: run([sys.executable, "-c", "pass"]),
            help=lambda: run([sys.executable, "-c", RUN_MAIN, "--help"]),
        )
    note = f"{taken['help'] * 1000:.0f} ms / {taken['bare'] * 1000:.0f} ms"
    yield Row(what, taken["help"] / taken["bare"], HELP_LIMIT, note=note)
