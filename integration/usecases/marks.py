"""Marks for sentences that stand in tables, and how their parameters are written.

A call `phrases.say(language, "...")` is found by the catalogue's extractor by itself; a template that is kept in a
table and said later is marked with `N_`, one with a plural with `N_n`. Both give back what they get.
"""

import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from domain.money import Money
from integration.ports.surroundings import Phrases


def N_(template: str) -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark a template for the catalogue."""
    return template


def N_n(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Mark a template with its plural for the catalogue."""
    return one, many


@lru_cache(maxsize=512)
def names_in(template: str) -> frozenset[str]:
    """Names between braces. ValueError for a brace that does not close or a name that is more than a name."""
    names = frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)
    if not all(name.isidentifier() for name in names):
        raise ValueError(template)
    return names


def written(phrases: Phrases, language: str, values: Mapping[str, object]) -> dict[str, object]:
    """Values as people of the language write them."""
    return {name: _value(phrases, language, value) for name, value in values.items()}


def _value(phrases: Phrases, language: str, value: object) -> object:
    match value:
        case str():
            return value
        case Money():
            return phrases.money(language, value)
        case date():
            return phrases.day(language, value)
        case bool():
            return value
        case int() | Decimal():
            return phrases.number(language, value)
        case _:
            return value
