"""Paths and queries, percent-encoded by hand: most values are codes and days that need nothing done to them."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

Pairs = Iterable[tuple[str, str]]


@lru_cache(maxsize=4096)
def encoded(text: str) -> str:
    """One path segment or query value."""
    return quote(text, safe="")


def with_query(path: str, pairs: Pairs) -> str:
    """`path?name=value&...`; repeated names make a `multi` list. Names are ours and need no encoding."""
    return f"{path}?{'&'.join([f'{name}={encoded(value)}' for name, value in pairs])}"


def personal(text: str) -> str:
    """A value that names a person, encoded without being remembered."""
    return quote(text, safe="")
