"""What a probe notes while it looks: facts that must hold, and facts that are told beside them.

A line is ready when its probe came to its end, noted at least one fact that must hold, and all of them do. Evidence is
made of names and values that need no translation.
"""

from dataclasses import dataclass, field

from cli.golive.lines import Line, Stands, State

MISSING = "!"


class Missing(Exception):
    """Something a probe cannot go on without; its text is the evidence."""


@dataclass
class Facts:
    """The notes of one probe."""

    needed: list[tuple[str, bool, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def need(self, name: str, holds: object, value: object = "") -> None:
        """A fact that must hold. `value`: what was seen."""
        self.needed.append((name, bool(holds), str(value)))

    def same(self, name: str, wanted: object, seen: object) -> None:
        """Two things that must be equal."""
        self.need(name, wanted == seen, seen if wanted == seen else f"{seen}, not {wanted}")

    def tell(self, name: str, value: object) -> None:
        """A fact beside it."""
        self.told.append(f"{name}={value}")

    def stands(self, line: Line, missing: str = "") -> Stands:
        """The line as it stands; `missing`: why the probe could not go on."""
        broken = [_said(MISSING + name, value) for name, holds, value in self.needed if not holds]
        broken += [MISSING + missing] if missing else []
        good = [_said(name, value) for name, holds, value in self.needed if holds]
        is_ready = bool(good) and not broken
        state = State.READY if is_ready else State.NOT_READY
        return Stands(line, state, "; ".join([*broken, *good, *self.told]) or f"{MISSING}nothing was seen")


def _said(name: str, value: str) -> str:
    return f"{name}={value}" if value else name
