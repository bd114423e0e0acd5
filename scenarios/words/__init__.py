"""The words that come with Santral: what guests write when they want to book, cancel, complain or cannot wait.

`service.toml` holds them in Turkish, English, German and Russian, as data: a hotel adds its own in its hotel file. The
file is read once and checked like any other.
"""

import tomllib
from functools import cache
from importlib.resources import files

from domain.signals import mark_called
from domain.tagging import WordRule, WordRules
from scenarios.schema.service import Tags, WordRow, Words


@cache
def shipped_words() -> Words:
    """The shipped words, checked."""
    text = files("scenarios").joinpath("words", "service.toml").read_text(encoding="utf-8")
    return Words.model_validate(tomllib.loads(text))


def word_rules(tags: Tags | None = None) -> WordRules:
    """The shipped rules and the hotel's own; one of the hotel's with the code of a shipped one replaces it."""
    words, tags = shipped_words(), tags or Tags()
    rows = {row.code: row for row in words.rules} if tags.shipped_words else {}
    rows.update({row.code: row for row in tags.rules})
    tell_tales = dict[str, tuple[str, ...]](words.tell_tales.items())
    return WordRules(tuple(map(_rule, rows.values())), tell_tales)


def _rule(row: WordRow) -> WordRule:
    return WordRule(row.code, mark_called(row.gives), row.language, tuple(row.any_of), tuple(row.unless))
