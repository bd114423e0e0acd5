"""Verification: walk the chain from the first row and hold it against head and checkpoints.

A `Walk` takes rows as they come, so a store of any size is checked in bounded memory and in short reads. What is
added meanwhile is left out: the end is fixed by the head that is read first. After a bad row the walk goes on from
the mac that is stored there, so one edit is one finding; it stops after ten.
"""

from collections.abc import Iterable
from hmac import digest

import msgspec

from integration.adapters.store.chain import GENESIS, Chain, Head
from integration.adapters.store.checkpoints import Marks
from integration.ports.records import AuditFault, AuditFinding, AuditReport

MOST_FINDINGS = 10
MOST_STARTS = 4096
# Number, instant (ms), actor, action and body as stored bytes, mac.
AuditRow = tuple[int, int, bytes, bytes, bytes, bytes | None]


class Stated(msgspec.Struct):
    """What a body says of its own row."""

    seq: int
    at: int
    actor: str
    action: str


_encode = msgspec.json.Encoder().encode
_stated = msgspec.json.Decoder(Stated).decode


def stated(body: bytes) -> Stated | None:
    """What the body says; None when it is no audit body."""
    try:
        return _stated(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


class Walk:
    """One verification under way; satisfies `integration.ports.store.AuditCheck`."""

    def __init__(
        self, chain: Chain, head: Head | None, last: int, marks: Marks | None, strays: Iterable[int] = ()
    ) -> None:
        """`head`, `last` (highest number there is) are of one snapshot, taken after `marks` were read.

        `strays`: numbers of rows below 1, where none of ours ever is.
        """
        self._chain = chain
        self._head = head or Head()
        self._is_genuine = head is not None and chain.is_genuine(head)
        self._last = last
        self._marks = marks or Marks()
        self._known = self._marks.macs
        self._findings: list[AuditFinding] = []
        self._before = b""
        self._starts: dict[tuple[bytes, bytes], bytes] = {}
        self.seq = 0
        self.rows = 0
        self.is_done = False
        if head is None:
            self._find(0, AuditFault.HEAD_MISSING)
        elif not self._is_genuine:
            self._find(0, AuditFault.HEAD_FORGED)
        for line in self._marks.forged[:1]:
            self._find(line, AuditFault.CHECKPOINT_FORGED)
        if self._marks.is_missing:
            self._find(0, AuditFault.CHECKPOINTS_MISSING)
        for seq in strays:
            self._find(seq, AuditFault.EXTRA)

    @property
    def at(self) -> int:
        """The last row that was looked at."""
        return self.seq

    @property
    def until(self) -> int:
        """The last row to look at."""
        return self._last

    def take(self, rows: Iterable[AuditRow]) -> None:
        """Check the next rows."""
        link, known, starts = self._chain.link, self._known, self._starts
        for row in rows:
            seq, at, actor, action, body, mac = row
            start = starts.get((action, actor)) or self._start(action, actor)
            if seq != self.seq + 1:
                self._out_of_turn(seq)
            elif mac is None or mac != link(self._before, body) or not body.startswith(b"%b%d," % (start, at)):
                self._find(seq, _fault(row))
            if seq in known and known[seq] != mac:
                self._find(seq, AuditFault.CHECKPOINT_DIFFERS)
            self._before, self.seq = mac or b"", max(seq, self.seq)
            self.rows += 1
        self.is_done = self.is_done or len(self._findings) >= MOST_FINDINGS

    def _start(self, action: bytes, actor: bytes) -> bytes:
        """How a body begins (canonical JSON, sorted keys) whose row has this action and actor; kept, for they repeat.

        The body is sealed, the columns beside it are not: they must say what it says. That it carries the number of
        its row follows from its place in the chain.
        """
        if len(self._starts) >= MOST_STARTS:
            self._starts.clear()
        names = (_encode(one.decode("utf-8", "backslashreplace")) for one in (action, actor))
        start = b'{"action":%b,"actor":%b,"at":' % tuple(names)
        self._starts[action, actor] = start
        return start

    def _out_of_turn(self, seq: int) -> None:
        if seq > self.seq:
            self._find(self.seq + 1, AuditFault.MISSING)
        else:
            self._find(seq, AuditFault.MOVED)

    def finish(self) -> None:
        """Hold the end against head and checkpoints."""
        head = self._head if self._is_genuine else Head(self.seq, self._before)
        if not self.is_done:
            if self.seq < max(head.seq, max(self._known, default=0)):
                self._find(self.seq + 1, AuditFault.CUT)
            elif self.seq > head.seq:
                self._find(head.seq + 1, AuditFault.EXTRA)
            elif self._before != head.mac:
                self._find(self.seq, AuditFault.ALTERED)
        self.is_done = True

    def _find(self, seq: int, fault: AuditFault) -> None:
        if len(self._findings) < MOST_FINDINGS and AuditFinding(seq, fault) not in self._findings:
            self._findings.append(AuditFinding(seq, fault))

    def report(self) -> AuditReport:
        """What was found so far."""
        newest = max(self._known, default=0)
        return AuditReport(
            rows=self.rows,
            head=self._head.seq,
            sealed=self._head.sealed,
            checkpoints=self._marks.count,
            last_checkpoint=newest,
            restores=tuple(self._marks.restores),
            findings=tuple(self._findings),
        )


def _fault(row: AuditRow) -> AuditFault:
    if row[5] is None:
        return AuditFault.UNSEALED
    said = stated(row[4])
    return AuditFault.MOVED if said is not None and said.seq != row[0] else AuditFault.ALTERED


def plain_hashing(key: bytes, bodies: Iterable[bytes]) -> bytes:
    """The least that any verification must do; what the benchmark compares with."""
    mac = GENESIS
    for body in bodies:
        mac = digest(key, mac + body, "sha256")
    return mac
