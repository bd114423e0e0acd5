"""Answers that can be given again: the body of a done write, or the refusal it ended in.

Bodies are JSON-able and in the words of the contract, the same for CLI and service; they hold ids, states, days and
money, never a guest's name or number, so one stored answer serves every role.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import errors
from domain.errors import DomainError, Refused

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """`replayed` says that nothing was done this time: the same key had its answer already."""

    body: Body
    replayed: bool


def refusal_of(error: DomainError) -> Body:
    """A refusal as it is stored."""
    return {
        "template": error.template,
        "params": {name: str(value) for name, value in error.params.items()},
        "hint": error.hint,
        "field": error.field,
    }


def _classes(root: type[DomainError]) -> Mapping[str, type[DomainError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found.update(_classes(child))
    return found


def refusal_from(code: str, body: str | None) -> DomainError:
    """The stored refusal, ready to be raised again."""
    kept = json.loads(body or "{}")
    cls = _classes(errors.DomainError).get(code, Refused)
    return cls(
        kept.get("template", "Refused."),
        hint=kept.get("hint", ""),
        field=kept.get("field", ""),
        **kept.get("params", {}),
    )
