"""One broken promise of a scenario file: where it stands and what is wrong.

Sentences are written for the person who edits the file: they name the code
that was found and, when one is near, the code that was probably meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A key path into the file (array items numbered from 0) and one sentence."""

    path: KeyPath
    message: str


def meant(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean X?` when a known word is near, else the short list, else nothing."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    if near:
        return f"; did you mean {near[0]}?"
    return f" (known: {', '.join(words)})" if 0 < len(words) <= 12 else ""  # noqa: PLR2004 - what fits in a sentence


def unknown(path: KeyPath, what: str, code: str, known: Iterable[str]) -> Fault:
    """Make the fault for a code that no list of the file holds."""
    return Fault(path, f"unknown {what} {code}{meant(code, known)}")


def repeated(path: KeyPath, codes: Iterable[str], key: str) -> Iterator[Fault]:
    """Yield a fault for every code that stands in its list a second time."""
    seen: set[str] = set()
    for i, code in enumerate(codes):
        if code in seen:
            yield Fault((*path, i, key), f"the code {code} stands twice in {'.'.join(map(str, path))}")
        seen.add(code)
