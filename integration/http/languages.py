"""Which language a problem is told in: the best of those we speak that the caller's Accept-Language names.

English when it names none. Only the first part of a tag counts (`tr-TR` is `tr`); `q=0` means "not this one".
"""

from functools import lru_cache

SPOKEN = ("en", "tr", "de", "ru")
_MOST = 200


def _weight(part: str) -> tuple[str, float]:
    tag, _, rest = part.partition(";")
    name, _, value = rest.strip().partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip().lower().partition("-")[0], weight


@lru_cache(maxsize=256)
def language_of(accept_language: str) -> str:
    """`tr-TR,tr;q=0.9,en;q=0.8` -> `tr`."""
    wishes = [_weight(part) for part in accept_language[:_MOST].split(",")]
    known = [(weight, tag) for tag, weight in wishes if tag in SPOKEN and weight > 0]
    return max(known, key=lambda one: one[0])[1] if known else SPOKEN[0]
