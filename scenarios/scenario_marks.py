"""Where a number comes from: every value of a scenario may say so, and reports print it.

A value is written bare or as `{ value = 0.14, source = "derived", note = "..." }`; a table may carry `source` and
`note` for all its values that say nothing of their own. The marks are taken off before the schema sees the content.
`fact`: a named source says so; `derived`: worked out from data; `assumption`: nobody knows yet; `what_if`: set on the
command line; `unmarked`: the file says nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from scenarios.file_faults import dotted
from scenarios.schema.faults import Fault, KeyPath, meant

Source = Literal["fact", "derived", "assumption", "what_if", "unmarked"]
WRITTEN: tuple[Source, ...] = ("fact", "derived", "assumption")
_MARK_KEYS = frozenset({"value", "source", "note"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Source and note of a value or table."""

    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One value a result rests on: its path, where it comes from, and the file that says so."""

    path: str
    value: object
    source: Source
    note: str = ""
    file: str = ""


@dataclass(slots=True)
class Stripped:
    """Content without marks. `aliases`: paths in the file (with a `value` step) by paths in the content."""

    content: dict[str, object]
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    aliases: dict[KeyPath, KeyPath] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def strip_marks(content: Mapping[str, object]) -> Stripped:
    """Take the marks off a file's content."""
    stripped = Stripped({})
    found = _without(content, (), (), stripped)
    stripped.content = found if isinstance(found, dict) else {}
    return stripped


def _without(value: object, path: KeyPath, place: KeyPath, into: Stripped) -> object:
    if isinstance(value, list):
        return [_without(one, (*path, i), (*place, i), into) for i, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    own = {key: one for key, one in value.items() if key in _MARK_KEYS}
    if path and ("source" in own or "note" in own):
        _mark(own, path, place, into)
        if "value" in own and not set(value) - _MARK_KEYS:
            into.aliases[path] = (*place, "value")
            return _without(own["value"], path, (*place, "value"), into)
        value = {key: one for key, one in value.items() if key not in {"source", "note"}}
    return {key: _without(one, (*path, key), (*place, key), into) for key, one in value.items()}


def _mark(own: dict[str, object], path: KeyPath, place: KeyPath, into: Stripped) -> None:
    source, note = own.get("source", "unmarked"), own.get("note", "")
    if "source" in own and source not in WRITTEN:
        into.faults.append(Fault((*place, "source"), f"{source!r} is no source{meant(str(source), WRITTEN)}"))
    elif not isinstance(note, str):
        into.faults.append(Fault((*place, "note"), "text in quotes is expected"))
    else:
        into.marks[path] = Mark(source, note)  # type: ignore[arg-type]


def leaves(content: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every value with its path. A list is one value, unless it is a list of tables."""
    if isinstance(content, dict):
        for key, one in content.items():
            yield from leaves(one, (*path, key))
    elif isinstance(content, list) and any(isinstance(one, dict) for one in content):
        for i, one in enumerate(content):
            yield from leaves(one, (*path, i))
    else:
        yield path, content


def nearest(marks: Mapping[KeyPath, Mark], path: KeyPath) -> Mark:
    """The mark of a value: its own, else that of the nearest table around it."""
    return next((marks[path[:end]] for end in range(len(path), 0, -1) if path[:end] in marks), Mark("unmarked"))


def assumption(path: KeyPath, value: object, mark: Mark, file: str) -> Assumption:
    """A value with its mark, for people."""
    return Assumption(dotted(path), _number(value), mark.source, mark.note, file)


def _number(value: object) -> object:
    """Decimals as the float nearest to them, whole ones as whole numbers."""
    if isinstance(value, list):
        return [_number(one) for one in value]
    if isinstance(value, dict):
        return {key: _number(one) for key, one in value.items()}
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    return int(value) if value == value.to_integral_value() else float(value)
