"""`python -m benchmarks [--only NAME] [--write]`: run the registered benchmarks and print one table.

Ends with 7 when a promise was missed, like every other failed threshold of Santral. `--write` also puts the table into
docs/performance.md between its two markers, and needs a full run, so that the page never mixes two machines.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tabulate import tabulate

from benchmarks.registry import Row, load_all

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
HEADERS = ("what", "measured", "promise", "verdict", "figures")
THRESHOLD_FAILED = 7


def measured(only: str | None) -> Iterator[Row]:
    """Run the benchmarks, all or the one named, and yield their rows.

    Each goes to stderr as it comes, so that a run that is ended early has said what it measured.
    """
    registered = load_all()
    if only is not None and only not in registered:
        raise SystemExit(f"no benchmark is called {only}; there are: {', '.join(registered)}")
    for name, measure in registered.items():
        if only in {None, name}:
            print(f"measuring {name} ...", file=sys.stderr)
            for row in measure():
                print(f"  {row.what}: {_figure(row) or '-'} {row.verdict} {row.note}".rstrip(), file=sys.stderr)
                yield row


def _figure(row: Row) -> str:
    if row.ratio is None:
        return ""
    return f"{row.ratio:.2f}{row.unit}" if row.unit else f"{row.ratio:g}"


def table(rows: Iterable[Row], form: str) -> str:
    """Draw the rows as a tabulate table of the given form."""
    cells = [
        (
            row.what,
            _figure(row),
            "" if row.limit is None else f"{row.sense} {row.limit:g}{row.unit}",
            row.verdict,
            row.note,
        )
        for row in rows
    ]
    return tabulate(cells, HEADERS, tablefmt=form, disable_numparse=True)


def machine() -> str:
    """What was measured on, in one line: no name of it, and nothing that tells where it stands."""
    names = [line.partition(":")[2].strip() for line in _cpu_facts() if line.startswith("model name")]
    cpu = names[0] if names else platform.machine()
    python = f"Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({cpu}), {python} on {platform.system()}."


def _cpu_facts() -> list[str]:
    facts = Path("/proc/cpuinfo")
    return facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []


def write(rows: Iterable[Row]) -> None:
    """Put the table between the markers of docs/performance.md."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{before}{BEGIN}\n{table(rows, 'github')}\n\n{machine()}\n{END}{after}"
    PAGE.write_text(text, encoding="utf-8")


def main() -> int:
    """Parse, measure, print; answer 0, or 7 when a promise was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what is promised about speed.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--only", metavar="NAME", help="run one benchmark")
    choice.add_argument("--write", action="store_true", help="keep the table in docs/performance.md")
    options = parser.parse_args()
    rows = list(measured(options.only))
    print(table(rows, "simple"), machine(), sep="\n\n")
    if options.write:
        write(rows)
    return THRESHOLD_FAILED if any(row.verdict == "MISSED" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
