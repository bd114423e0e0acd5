"""What every import says of its rows: outcomes in the reader's language, and which rows are alike.

A reason never repeats what was typed about a person: the sheet and the line say that. Rows that are alike within one
file are different things; they are told apart by counting, so the same file names them alike the next time.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.errors import DomainError
from integration.ports.batches import BatchRow, RowStatus
from integration.usecases.desk import Desk
from integration.usecases.marks import N_, written

PERSONAL = frozenset({"name", "phone", "email", "note", "guest"})
_KEY_DIGITS = 32


def key_of(identity: str, occurrence: int, generation: int = 0) -> str:
    """The request key of a row without one. `occurrence`: how many like it stand above; `generation`: how often it
    ended for good before (refused, or made and rolled back)."""
    digest = hashlib.sha256(f"{identity}\0{occurrence}".encode()).hexdigest()[:_KEY_DIGITS]
    return f"row-{digest}-{generation}" if generation else f"row-{digest}"


def spoken_of(error: DomainError) -> tuple[str, Mapping[str, object]]:
    """The sentence of a row's refusal, without what was typed about a person."""
    if error.field in PERSONAL and error.params:
        return N_("What stands under {column} cannot be used."), {"column": error.field}
    return error.template, error.params


@dataclass(frozen=True, slots=True)
class Teller:
    """Says outcomes in one language."""

    desk: Desk
    language: str

    def said(
        self,
        line: int,
        status: RowStatus,
        code: str,
        template: str,
        params: Mapping[str, object] | None = None,
        key: str = "",
    ) -> BatchRow:
        """An outcome with its sentence."""
        phrases = self.desk.phrases
        text = phrases.say(self.language, template, written(phrases, self.language, params) if params else None)
        return BatchRow(line, status, code, text, None, key)

    def refused(self, line: int, error: DomainError, key: str = "") -> BatchRow:
        """A row that a rule refused."""
        template, params = spoken_of(error)
        return self.said(line, RowStatus.FAILED, error.code, template, params, key)


@dataclass
class Occurrences:
    """How many rows of each identity have been seen; some 100 bytes a row."""

    _seen: set[int] = field(default_factory=set)
    _counts: dict[int, int] = field(default_factory=dict)

    def of(self, identity: str) -> int:
        """How many like it stand above; counts it."""
        mark = hash(identity)
        if mark not in self._seen:
            self._seen.add(mark)
            return 0
        self._counts[mark] = self._counts.get(mark, 0) + 1
        return self._counts[mark]
