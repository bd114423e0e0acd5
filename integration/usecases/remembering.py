"""Remembering what was made of an object for as long as the very same object comes back.

Many agents ask about the same week within a second. While the PMS's answer is kept (`adapters/read_cache`), one object
answers them all, and what follows from it alone needs to be worked out only once. To look such things up by value would
cost as much as to make them again, so they are found by identity. What is remembered is shared: nobody changes it.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class ByObject(Generic[V]):
    """Up to `most` results by the objects they were made from; when it is full it begins anew."""

    def __init__(self, most: int = 128) -> None:
        self._most = most
        self._known: dict[Hashable, tuple[tuple[object, ...], V]] = {}

    def get(self, objects: tuple[object, ...], rest: Hashable, make: Callable[[], V]) -> V:
        """What was made of these very objects and an equal `rest`; else made now.

        An entry keeps its objects alive, so no other object can come to have their ids while it is there.
        """
        key = (*map(id, objects), rest)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._most:
                self._known.clear()
            known = self._known[key] = objects, make()
        return known[1]
