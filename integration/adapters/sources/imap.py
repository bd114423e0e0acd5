"""A mailbox as a source: mails in the order of their UIDs, a batch at a time.

The cursor is `validity:uid:tries`. UIDs mean something only while the mailbox's UIDVALIDITY stays the same; when it
has changed all mails are fetched again from the configured day on, and those that were seen have no second effect,
because a mail's number is made of the mail (`adapters.channels.mail`) and not of where it lay.

A mail that the server will not give, or on which the connection breaks again and again, must not stop those behind it:
`tries` counts how often the next one could not be had, and after a while it is passed by and stored as unreadable; it
still lies in the mailbox for people to read. Every command has its time; a server that keeps us waiting is hung up on.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from integration.adapters.sources.mail_line import LineBroken, MailLine, Place, Refused
from integration.ports.channels import Delivery
from integration.ports.pulls import Batch, Fetched, PullFailed

T = TypeVar("T")
COMMAND_LIMIT_S = 60.0
BATCH_S = 20.0
MOST_MAILS, MOST_BATCH_BYTES = 50, 4_000_000
WINDOW, MOST_WINDOWS = 20_000, 500
TRIES_REFUSED, TRIES_CUT = 3, 10
NOT_GIVEN = "The mail server does not give this mail."


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to which mail everything is stored, and how often the one behind it could not be had."""

    validity: int = 0
    uid: int = 0
    tries: int = 0

    @classmethod
    def of(cls, text: str, validity: int) -> "Cursor":
        """The stored one; from the beginning when it is of another UIDVALIDITY."""
        parts = text.split(":")
        if len(parts) == 3 and all(part.isdigit() for part in parts) and int(parts[0]) == validity:  # noqa: PLR2004
            return cls(validity, int(parts[1]), int(parts[2]))
        return cls(validity)

    def __str__(self) -> str:
        """As it is stored."""
        return f"{self.validity}:{self.uid}:{self.tries}"


class ImapSource:
    """One folder of one mailbox, from a day on. `make` opens lines; a test hands in its own limits."""

    def __init__(self, place: Place, since: date, *, command_limit_s: float = COMMAND_LIMIT_S) -> None:
        """Connect nowhere yet."""
        self._place, self._since = place, since
        self._limit_s = command_limit_s
        self._line: MailLine | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[int] = deque()
        self._looked_to = 0

    async def fetch(self, cursor: str, now: datetime) -> Batch:
        """The next mails. PullFailed: `no_connection`, `login_refused`, `folder_refused`, `odd_answer`, `line_cut`,
        `too_slow`, `search_refused`."""
        line = await self._opened()
        place = Cursor.of(cursor, line.validity)
        is_end = await self._look(line, place.uid)
        return await self._batch(line, place, now, is_end=is_end)

    async def confirm(self, batch: Batch) -> None:
        """A mailbox need not be told."""

    async def rest(self) -> None:
        """Log out."""
        line, thread = self._line, self._thread
        self._line, self._thread = None, None
        self._waiting.clear()
        if line is not None and thread is not None:
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(thread, line.close))
        if thread is not None:
            thread.shutdown(wait=False)

    async def _opened(self) -> MailLine:
        if self._line is None:
            self._line, self._thread = MailLine(self._place), ThreadPoolExecutor(1, thread_name_prefix="imap")
            self._waiting.clear()
            self._looked_to = 0
            try:
                await self._command(self._line.open)
            except LineBroken as error:
                raise PullFailed(str(error)) from None
        return self._line

    async def _look(self, line: MailLine, after: int) -> bool:
        """Find out which mails come next; True when none are behind those. A window of UIDs at a time, because the
        answer is one line, and a mailbox of many years has gaps."""
        self._looked_to = max(self._looked_to, after)
        for _ in range(MOST_WINDOWS):
            if self._waiting or self._looked_to + 1 >= line.next_uid:
                break
            last = min(self._looked_to + WINDOW, line.next_uid - 1)
            try:
                found = await self._command(partial(line.search, self._looked_to + 1, last, self._since))
            except LineBroken as error:
                raise PullFailed(str(error)) from None
            except Refused:
                raise PullFailed("search_refused") from None
            self._looked_to = last
            self._waiting.extend(found)
        return self._looked_to + 1 >= line.next_uid

    async def _batch(self, line: MailLine, place: Cursor, now: datetime, *, is_end: bool) -> Batch:
        loop, bodies, size = asyncio.get_running_loop(), list[Fetched](), 0
        began = loop.time()
        while self._waiting and len(bodies) < MOST_MAILS and size < MOST_BATCH_BYTES and loop.time() - began < BATCH_S:
            uid = self._waiting[0]
            try:
                raw = await self._command(partial(line.fetch, uid))
            except (LineBroken, Refused, PullFailed) as error:
                return self._stuck(bodies, place, uid, error, now)
            self._waiting.popleft()
            if raw is not None:
                bodies.append(Fetched(Delivery(raw, {}, self._url(line.validity, uid), now)))
                size += len(raw)
            place = Cursor(line.validity, uid)
        if not self._waiting:
            place = Cursor(line.validity, max(place.uid, self._looked_to))
        return Batch(tuple(bodies), str(place), is_last=is_end and not self._waiting)

    def _stuck(self, bodies: list[Fetched], place: Cursor, uid: int, error: Exception, now: datetime) -> Batch:
        """What there is up to a mail that cannot be had; it is passed by when that has happened often enough."""
        is_refused = isinstance(error, Refused)
        tries = place.tries + 1
        problem = "mail_refused" if is_refused else str(error)
        if tries < (TRIES_REFUSED if is_refused else TRIES_CUT):
            return Batch(tuple(bodies), str(Cursor(place.validity, place.uid, tries)), problem=problem)
        bodies.append(Fetched(Delivery(b"", {}, self._url(place.validity, uid), now), NOT_GIVEN))
        self._waiting.popleft()
        is_over = not is_refused
        return Batch(
            tuple(bodies), str(Cursor(place.validity, uid)), is_last=is_over, problem=problem if is_over else ""
        )

    def _url(self, validity: int, uid: int) -> str:
        """Where a mail lay, as in RFC 5092, without the user."""
        return f"imap://{self._place.host}/{self._place.folder};UIDVALIDITY={validity}/;UID={uid}"

    async def _command(self, work: Callable[[], T]) -> T:
        """One command in the line's thread. Out of time or given up: the line is cut, which ends the command too."""
        line, loop = self._line, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limit_s):
                return await loop.run_in_executor(self._thread, work)
        except TimeoutError:
            if line is not None:
                line.cut()
            raise PullFailed("too_slow") from None
        except asyncio.CancelledError:
            if line is not None:
                line.cut()
            raise
