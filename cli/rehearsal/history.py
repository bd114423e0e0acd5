"""The history: one row for every request and one for its answer, as JSON Lines; its digest is the rehearsal's identity.

    {"at": 1813006815123, "by": "agent03", "what": "invoke", "verb": "hold", "key": "000017-1-book", "try": 1}
    {"at": 1813006816001, "by": "agent03", "what": "ok", "verb": "hold", "key": "000017-1-book", "try": 1, "id": "..."}

`what`: `invoke`, then `ok`, `fail` (a final no, with its code), `unknown` (it may have happened) or `later` (nothing
happened: unavailable, busy or in flight). `do` rows are the nemesis: faults, the front desk, the night audit.
"""

import hashlib
import json
from collections import Counter
from typing import TextIO

from integration.adapters.virtual_time import VirtualClock

VERDICTS = ("ok", "fail", "unknown", "later")


class History:
    """Counts, digests and, when there is a file, keeps the rows."""

    def __init__(self, clock: VirtualClock, out: TextIO | None = None) -> None:
        """`out` takes the rows."""
        self._clock, self._out = clock, out
        self._digest = hashlib.sha256()
        self.rows = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self.codes: Counter[str] = Counter()

    def note(self, by: str, what: str, verb: str, **more: object) -> None:
        """Add a row."""
        self.rows += 1
        self.counts[verb, what] += 1
        if "code" in more:
            self.codes[str(more["code"])] += 1
        row = {"at": self._clock.now_ms(), "by": by, "what": what, "verb": verb, **more}
        line = json.dumps(row, separators=(",", ":")) + "\n"
        self._digest.update(line.encode())
        if self._out is not None:
            self._out.write(line)

    @property
    def digest(self) -> str:
        """SHA-256 of all rows so far."""
        return self._digest.hexdigest()

    def by_verb(self) -> list[dict[str, object]]:
        """How often each verb was asked, and what came of it; a nemesis's deeds are under `done`."""
        verbs = sorted({verb for verb, _ in self.counts})
        return [
            {
                "verb": verb,
                "asked": self.counts[verb, "invoke"],
                **{what: self.counts[verb, what] for what in VERDICTS},
                "done": self.counts[verb, "do"],
            }
            for verb in verbs
        ]
