"""The contacts of one process, handed out by intended time to whichever user is free.

A fixed pool of users is steadier than a greenlet for each arrival, but it can run out: then a contact waits for a user,
which no server is to blame for. So it is counted: `late` are contacts that nobody was free for when they were due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Pool:
    """`numbers`: the contacts in order of time; `due_ns`: when each is due (None: closed load, due when taken); `most`:
    users that may serve them, of whom `size` do."""

    numbers: Sequence[int]
    due_ns: Sequence[int] | None
    most: int
    size: int = 0
    begun: int = 0
    ended: int = 0
    late: int = 0
    busy: int = 0
    most_busy: int = 0
    _places: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        """Nobody has come yet."""
        self._places = iter(range(len(self.numbers)))

    def join(self) -> bool:
        """One more user; False when there are enough."""
        has_room = self.size < self.most
        self.size += has_room
        return has_room

    def take(self, now_ns: int) -> tuple[int, int] | None:
        """The next contact and when it is due; None when there are no more."""
        place = next(self._places, None)
        if place is None:
            return None
        due = now_ns if self.due_ns is None else self.due_ns[place]
        self.late += due < now_ns
        return self.numbers[place], due

    def begin(self) -> None:
        """A user begins with the contact it took."""
        self.begun += 1
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)

    def leave(self, *, is_ended: bool) -> None:
        """The user is done with it, or was torn away from it."""
        self.busy -= 1
        self.ended += is_ended

    @property
    def planned(self) -> int:
        """How many must begin; closed load plans nothing by time."""
        return self.begun if self.due_ns is None else len(self.numbers)

    @property
    def is_done(self) -> bool:
        """Whether all have come and gone."""
        return self.ended >= len(self.numbers)
