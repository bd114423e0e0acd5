"""Checkpoints: what the head of the audit was, written to a file outside the database.

One JSON line each, `{"seq", "mac", "at", "hmac"}`, appended and synced: when a command ends, when the service falls
idle or ends, and every few hundred rows. Somebody who may write the database but not this file cannot cut the audit's
tail unseen, so keep it on another disk, append-only (SANTRAL_AUDIT_CHECKPOINTS). A restore of a backup does cut the
tail; it says so with a line that has `"restored": true`, which takes back the checkpoints after it and is told by
every later verification. A checkpoint that cannot be written fails no booking: it is missing, and `santral doctor` and
`audit verify` (rows behind) tell.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from integration.adapters.store.chain import Chain
from integration.ports.records import AuditRestore


class Mark(msgspec.Struct, omit_defaults=True):
    """One line. `at`: instant of the row, milliseconds since 1970; `mac`, `hmac`: hexadecimal."""

    seq: int
    mac: str
    at: int
    hmac: str
    restored: bool = False


_decode = msgspec.json.Decoder(Mark).decode
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Marks:
    """All that a file says. `forged`: numbers of the lines whose proof does not hold."""

    macs: dict[int, bytes] = field(default_factory=dict)
    count: int = 0
    forged: list[int] = field(default_factory=list)
    restores: list[AuditRestore] = field(default_factory=list)
    is_missing: bool = False

    def take_back(self, seq: int, at: int) -> None:
        """A backup that ended at `seq` was restored."""
        gone = [one for one in self.macs if one > seq]
        for one in gone:
            del self.macs[one]
        self.restores.append(AuditRestore(seq, at, max(gone, default=seq) - seq))


class Checkpoints:
    """One file."""

    def __init__(self, path: Path, chain: Chain) -> None:
        """Nothing is opened yet."""
        self.path = path
        self._chain = chain

    def start(self) -> None:
        """Begin the file, unless it is there: from now on, one that is missing was taken away."""
        if not self.path.exists():
            self.append(0, b"", 0)

    def append(self, seq: int, mac: bytes, at: int, *, restored: bool = False) -> bool:
        """Write one checkpoint and sync it; False when the file cannot be written."""
        proof = self._chain.mark_proof(seq, at, mac, restored=restored)
        line = _encode(Mark(seq, mac.hex(), at, proof.hex(), restored)) + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, _mended(descriptor) + line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            return False
        return True

    def read(self) -> Marks:
        """All checkpoints that still count. A line that a crash has torn counts for nothing."""
        marks = Marks()
        try:
            with self.path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    self._take(marks, number, line)
        except OSError:
            marks.is_missing = True
        return marks

    def _take(self, marks: Marks, number: int, line: bytes) -> None:
        try:
            mark = _decode(line)
            mac, proof = bytes.fromhex(mark.mac), bytes.fromhex(mark.hmac)
        except ValueError:
            return
        if proof != self._chain.mark_proof(mark.seq, mark.at, mac, restored=mark.restored):
            marks.forged.append(number)
            return
        marks.count += 1
        if mark.restored:
            marks.take_back(mark.seq, mark.at)
        marks.macs[mark.seq] = mac


def _mended(descriptor: int) -> bytes:
    """A line's end, when the last line has none: a crash tore it."""
    size = os.fstat(descriptor).st_size
    return b"" if not size or os.pread(descriptor, 1, size - 1) == b"\n" else b"\n"
