"""What an IMAP server shows: one folder of mails, and what is wrong with it today.

UIDs grow and are never used twice, until somebody renumbers the folder: then every mail has a new UID and the folder a
new UIDVALIDITY (RFC 3501, section 2.3.1.1), as happens when a mailbox is moved or restored.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import count

FIRST_DAY = date(2027, 5, 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the folder; `came_on`: the day of its arrival."""

    uid: int
    raw: bytes
    came_on: date


@dataclass
class Folder:
    """Mails, oldest first.

    `refused`: UIDs that are answered NO; `cut_after`: the connection breaks after so many bytes of that mail, as often
    as `times` says; `silent`: commands that are never answered; `chatty`: other mails' flags are told in between.
    """

    validity: int = 7
    mails: list[Kept] = field(default_factory=list)
    next_uid: int = 1
    refused: set[int] = field(default_factory=set)
    cut_after: dict[int, int] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    chatty: bool = False
    fetched: list[int] = field(default_factory=list)

    def add(self, raw: bytes, came_on: date = FIRST_DAY) -> int:
        """A mail comes in; its UID."""
        uid = self.next_uid
        self.next_uid += 1
        self.mails.append(Kept(uid, raw, came_on))
        return uid

    def remove(self, uid: int) -> None:
        """Somebody deletes a mail."""
        self.mails = [one for one in self.mails if one.uid != uid]

    def skip(self, uids: int) -> None:
        """As if so many mails had come and gone."""
        self.next_uid += uids

    def renumber(self) -> None:
        """Every mail gets a new UID, and the folder a new UIDVALIDITY."""
        self.validity += 1
        self.mails = [Kept(uid, one.raw, one.came_on) for uid, one in zip(count(1), self.mails, strict=False)]
        self.next_uid = len(self.mails) + 1

    def between(self, first: int, last: int, since: date | None) -> list[Kept]:
        """Mails by UID and day."""
        return [one for one in self.mails if first <= one.uid <= last and (since is None or one.came_on >= since)]
