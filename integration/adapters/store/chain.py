"""The audit's chain: each row is sealed with a key and with the row before it.

A row's `mac` is HMAC-SHA256(key, mac of the row before + the stored bytes of `body`), so an edit, a removal, a swap
or an insertion breaks the chain at that row, and nobody without the key can mend it. A cut tail leaves a sound chain;
so the **head** (number, mac, and a proof over both) is kept in one row of its own, written with every audit row, and
**checkpoints** of it are kept outside the database (`checkpoints.py`): an older head put back with its own valid proof
disagrees with those. `sealed` counts the rows that were written before there was a chain and were sealed at the
upgrade; what happened to them earlier cannot be proved.
"""

from dataclasses import dataclass
from hmac import compare_digest, digest

GENESIS = bytes(32)
_HASH = "sha256"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: number and mac of the last row, rows sealed at the upgrade, the proof over all three."""

    seq: int = 0
    mac: bytes = b""
    sealed: int = 0
    proof: bytes = b""


class Chain:
    """Seals and proves with one key."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes or more."""
        self._key = key

    def link(self, before: bytes, body: bytes) -> bytes:
        """The mac of a row; `before` is the mac of the one before, empty for the first."""
        return digest(self._key, (before or GENESIS) + body, _HASH)

    def head(self, seq: int, mac: bytes, sealed: int) -> Head:
        """The head with its proof."""
        return Head(seq, mac, sealed, self._proof("head", seq, sealed, mac))

    def is_genuine(self, head: Head) -> bool:
        """Whether the head was written with this key; that of an empty audit has no proof yet."""
        if not head.seq:
            return head == Head()
        return compare_digest(self._proof("head", head.seq, head.sealed, head.mac), head.proof)

    def mark_proof(self, seq: int, at: int, mac: bytes, *, restored: bool) -> bytes:
        """The proof of a checkpoint."""
        return self._proof("restored" if restored else "checkpoint", seq, at, mac)

    def _proof(self, label: str, first: int, second: int, mac: bytes) -> bytes:
        return digest(self._key, b"santral audit %s\0%d\0%d\0%b" % (label.encode(), first, second, mac), _HASH)
