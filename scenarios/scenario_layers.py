"""One file of a scenario, and how several make one: tables merge key by key, everything else is replaced.

Each layer keeps its lines and marks, so that a value of the whole can be traced to the file and line that wrote it: the
layer that holds the longest part of the value's path, the topmost of equals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scenarios.scenario_marks import Mark, strip_marks
from scenarios.schema.faults import Fault, KeyPath
from scenarios.toml_lines import key_lines


@dataclass(frozen=True, slots=True)
class Layer:
    """One file's content without marks. `lines`: by path of the content, tables included; `extends`: what it builds
    on; `folder`: where the files it names are looked for."""

    file: str
    content: dict[str, object]
    lines: dict[KeyPath, int]
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    extends: str | None = None
    faults: tuple[Fault, ...] = ()
    folder: Path = Path()

    def line(self, path: KeyPath) -> int:
        """Line of a path or of its nearest parent in this file; 0 for what no file wrote."""
        return self.lines.get(path[: self.known(path)], 1) if self.lines else 0

    def known(self, path: KeyPath) -> int:
        """How many steps of a path this file wrote."""
        length = 0
        while length < len(path) and path[: length + 1] in self.lines:
            length += 1
        return length


def layer_of(file: str, text: str, content: dict[str, object], folder: Path) -> Layer:
    """A layer of a file's text and its parsed content."""
    faults: list[Fault] = []
    base = content.get("extends")
    if base is not None and not isinstance(base, str):
        faults.append(Fault(("extends",), "text in quotes is expected"))
        base = None
    stripped = strip_marks({key: value for key, value in content.items() if key != "extends"})
    lines = key_lines(text.replace("\r\n", "\n"))
    for path, place in stripped.aliases.items():
        ahead = len(place)
        inside = {(*path, *known[ahead:]): line for known, line in lines.items() if known[:ahead] == place}
        lines |= inside
    for path, line in list(lines.items()):
        for end in range(1, len(path)):
            lines.setdefault(path[:end], line)
    return Layer(file, stripped.content, lines, stripped.marks, base, (*faults, *stripped.faults), folder)


def merged(contents: Iterable[dict[str, object]]) -> dict[str, object]:
    """Later ones over earlier ones."""
    whole: dict[str, object] = {}
    for content in contents:
        whole = _over(whole, content)
    return whole


def _over(below: dict[str, object], above: dict[str, object]) -> dict[str, object]:
    both = dict(below)
    for key, value in above.items():
        under = both.get(key)
        both[key] = _over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return both


def place_of(layers: Sequence[Layer], path: KeyPath) -> tuple[Layer, int]:
    """The layer that wrote a path of the whole, and its line there."""
    layer = max(reversed(layers), key=lambda one: one.known(path))
    return layer, layer.line(path)
