"""The history of a run under a nemesis: what every caller asked, what he was told, and what was done to the house.

    {"at": 1203, "by": "agent3", "what": "invoke", "verb": "sell", "key": "3-7-sell", "try": 2}
    {"at": 1391, "by": "agent3", "what": "ok", "verb": "sell", "key": "3-7-sell", "try": 2, "id": "res_..."}
    {"at": 1400, "by": "nemesis", "what": "do", "verb": "kill_worker", "pid": 4711}

`what`: `invoke`, then `ok`, `fail` (a final no, with its code), `unknown` (it may have happened: no answer, or one
that says so) or `later` (it has not happened yet: busy, in flight, unavailable). Times are milliseconds of the run.
Each row is in the file before the next thing happens, so that a run that hangs leaves its history too.
"""

import json
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Any

Row = dict[str, Any]
ANSWERS = ("ok", "fail", "unknown", "later")


class Told:
    """Keeps the rows, in memory and as JSON Lines. Used from one event loop."""

    def __init__(self, file: Path) -> None:
        """`file` is written anew."""
        self.file = file
        self.rows: list[Row] = []
        self._begin = monotonic()
        self._out = file.open("w", encoding="utf-8", buffering=1)

    def note(self, by: str, what: str, verb: str, **more: object) -> None:
        """Add a row."""
        row = {"at": int((monotonic() - self._begin) * 1000), "by": by, "what": what, "verb": verb, **more}
        self.rows.append(row)
        self._out.write(json.dumps(row, separators=(",", ":")) + "\n")

    def counts(self) -> Counter[tuple[str, str]]:
        """How often each verb met each end."""
        return Counter((one["verb"], one["what"]) for one in self.rows)

    def close(self) -> None:
        """Close the file."""
        self._out.close()

    def about(self, findings: list[str]) -> str:
        """The rows that speak of what was found, and all that was done to the house: for whoever reads the failure."""
        text = " ".join(findings)
        named = {str(one[name]) for one in self.rows for name in ("key", "id") if name in one}
        wanted = {name for name in named if name in text}
        rows = [
            one
            for one in self.rows
            if one["what"] == "do" or {str(one.get("key")), str(one.get("id")), str(one.get("on"))} & wanted
        ]
        return "\n".join(json.dumps(one) for one in rows[:400])
