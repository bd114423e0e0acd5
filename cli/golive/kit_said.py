"""What the kit's documents say: one TOML file a document in `kit_texts/`, every sentence beside its translation.

A sentence is a table of exactly `tr` and `en`; whoever changes one sees the other. `said` gives a file in one language,
its placeholders filled with what the hotel has set.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

Body = dict[str, Any]
LANGUAGES = ("tr", "en")


@cache
def raw(slug: str) -> Body:
    """A file as it stands."""
    text = files("cli").joinpath("golive", "kit_texts", f"{slug}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def said(slug: str, language: str, values: Mapping[str, object]) -> Body:
    """A file in one language (`tr`, else English); a placeholder without a value stays for later."""
    place = "tr" if language == "tr" else "en"
    found: Body = _said(raw(slug), place, _Values(values))
    return found


class _Values(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _said(node: object, place: str, values: _Values) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(node, Mapping):
        if set(node) == set(LANGUAGES):
            return str(node[place]).format_map(values)
        return {name: _said(one, place, values) for name, one in node.items()}
    return [_said(one, place, values) for one in node] if isinstance(node, list) else node
