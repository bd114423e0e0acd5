"""Writes the journal: a line before a write is sent, and a line when it is known what became of it.

Each line is one unbuffered append. A generator that is killed between the two has left the first, so that the audit
knows of every write that may have happened.
"""

from pathlib import Path

import msgspec

from loadtests.journal import Entry

_ENCODER = msgspec.json.Encoder()


class JournalFile:
    """Appends entries to a file (`loadtests.journal.read_journal` reads it). OSError when the disk is full."""

    def __init__(self, path: Path) -> None:
        """Opens the file."""
        self._file = path.open("ab", buffering=0)

    def write(self, entry: Entry) -> None:
        """One entry, in the file when this returns."""
        self._file.write(_ENCODER.encode(entry) + b"\n")

    def close(self) -> None:
        """No more entries."""
        self._file.close()
