"""The exact recorder: one line of a CSV file for every request, written the moment its answer is judged.

Locust rounds its times to two digits and counts from the instant of sending; a verdict needs what was due, sent and
done, to the nanosecond. Each line is one unbuffered append to the file, a few microseconds: whoever kills the process
loses at most the line that was being written.
"""

from pathlib import Path

from loadtests.samples import COLUMNS

PARTS = ("queue", "pms", "store", "injected", "total")
NOT_SAID = "-1"


class Recorder:
    """Appends samples to a file (`loadtests.samples.read_samples` reads it). OSError when the disk is full.

    `last_done_ns`: the latest end of a request so far, 0 before the first.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, which gets its line of names if it is new."""
        is_new = not path.exists()
        self._file = path.open("ab", buffering=0)
        self.last_done_ns = 0
        if is_new:
            self._file.write((",".join(COLUMNS) + "\n").encode())

    def write(
        self,
        operation: str,
        persona: str,
        contact: int,
        times: tuple[int, int, int],
        status: int,
        problem: str,
        timing: str,
    ) -> None:
        """One request. `times`: due, sent and done in Unix nanoseconds; `timing`: its `Server-Timing`, or nothing."""
        due, sent, done = times
        self.last_done_ns = max(self.last_done_ns, done)
        line = f"{operation},{persona},{contact},{due},{sent},{done},{status},{problem},{parts_of(timing)}\n"
        self._file.write(line.encode())

    def close(self) -> None:
        """No more lines."""
        self._file.close()


def parts_of(timing: str) -> str:
    """The five columns of milliseconds of `pms;dur=41.2, store;dur=0.9, total;dur=44.0`; -1 for what is not said."""
    if not timing:
        return "-1,-1,-1,-1,-1"
    said: dict[str, str] = {}
    for part in timing.split(","):
        name, _, rest = part.strip().partition(";")
        for word in rest.split(";"):
            key, _, value = word.strip().partition("=")
            if key == "dur" and _is_number(value):
                said[name] = value
    return ",".join([said.get(name, NOT_SAID) for name in PARTS])


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()
