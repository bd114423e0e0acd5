"""From method and path to an operation.

Paths are matched segment by segment on their raw (percent-encoded) form, so an id that contains a slash is one segment.
A fixed segment beats a placeholder. Unknown path: 404; known path, other method: 405 with `Allow`; a path of the
vendor's document that this mock does not play: 404 that says so.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from pms_mock.protocol.problem import Problem
from pms_mock.protocol.wire import Operation, wire


@dataclass(slots=True)
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    operations: dict[str, Operation | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The operation, and its placeholders with their raw texts."""

    operation: Operation
    segments: tuple[tuple[str, str], ...]


def match(method: str, raw_path: str) -> Match:
    """The operation for a request line; raises 404 or 405."""
    parts = raw_path.split("/")[1:]
    node = _walk(_tree(), parts)
    if node is None or not node.operations:
        raise Problem(404, "GEN00404", "There is nothing at this path", raw_path[:200])
    if method not in node.operations:
        allow = ", ".join(sorted(name for name, operation in node.operations.items() if operation)) or "GET"
        raise Problem(405, "GEN00405", f"{method[:20]} is not possible here", headers={"allow": allow})
    operation = node.operations[method]
    if operation is None:
        raise Problem(404, "GEN00501", "The operation is in the vendor's document and this mock does not offer it")
    names = operation.template.split("/")[1:]
    segments = tuple((n[1:-1], part) for n, part in zip(names, parts, strict=True) if n.startswith("{"))
    return Match(operation, segments)


def _walk(node: _Node, parts: list[str]) -> _Node | None:
    for part in parts:
        following = node.fixed.get(part) or (node.any if part else None)
        if following is None:
            return None
        node = following
    return node


@lru_cache(maxsize=1)
def _tree() -> _Node:
    root = _Node()
    for operation in wire().operations.values():
        _plant(root, operation.template).operations[operation.method] = operation
    for method, template in wire().elsewhere:
        _plant(root, template).operations[method] = None
    return root


def _plant(node: _Node, template: str) -> _Node:
    for part in template.split("/")[1:]:
        if part.startswith("{"):
            node.any = node.any or _Node()
            node = node.any
        else:
            node = node.fixed.setdefault(part, _Node())
    return node
