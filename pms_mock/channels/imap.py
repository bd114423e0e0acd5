"""A mail server that people fetch from: the part of IMAP4rev1 (RFC 3501) that a reader needs, on the loopback only.

CAPABILITY, NOOP, LOGIN, STARTTLS, SELECT, EXAMINE, UID SEARCH (UID, SINCE, ALL), UID FETCH (UID, FLAGS, RFC822.SIZE,
BODY.PEEK[] and its first bytes), LOGOUT; literals in both directions. What it shows, and what is wrong with it, is the
`Folder`. `trust`: speaks TLS from the first byte; `upgrade`: offers STARTTLS and takes no login before it.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pms_mock.channels.imap_mailbox import Folder, Kept

_LOOPBACK = "127.0.0.1"
_MOST_LINE = 64 * 1024
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LITERAL = re.compile(rb"\{(\d{1,7})\}$")
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|\(([^()]*)\)|([^\s()"]+(?:\[[^\]]*\][^\s]*)?)')
_PART = re.compile(r"BODY(?:\.PEEK)?\[\](?:<0\.(\d+)>)?", re.IGNORECASE)
_SINCE = re.compile(r"SINCE (\d{1,2})-(\w{3})-(\d{4})", re.IGNORECASE)
_RANGE = re.compile(r"UID (\d+|\*)(?::(\d+|\*))?", re.IGNORECASE)


@dataclass
class ImapServer:
    """One user's folders by name. `connections` counts; `spoken`: the commands, without what was said with them."""

    folders: Mapping[str, Folder]
    user: str = "info@belek.example"
    password: str = "stand-in"  # noqa: S105 - good for nothing outside of the stand-in
    trust: ssl.SSLContext | None = None
    upgrade: ssl.SSLContext | None = None
    connections: int = 0
    spoken: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _open: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def start(self, port: int = 0) -> tuple[str, int]:
        """Listen; the host and port."""
        self._server = await asyncio.start_server(self._serve, _LOOPBACK, port, limit=_MOST_LINE, ssl=self.trust)
        return _LOOPBACK, self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
            for task in list(self._open):
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - it runs in one
        self._open.add(task)
        self.connections += 1
        talk = _Talk(self, reader, writer)
        try:
            await talk.run()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._open.discard(task)
            talk.hang_up()


class _Talk:
    """One connection."""

    def __init__(self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._is_known = False
        self._is_safe = server.upgrade is None
        self._folder: Folder | None = None
        self._commands: Mapping[str, Callable[[str, list[str]], Awaitable[None]]] = {
            "CAPABILITY": self._capability,
            "NOOP": self._noop,
            "LOGIN": self._login,
            "STARTTLS": self._starttls,
            "SELECT": self._select,
            "EXAMINE": self._select,
            "UID": self._uid,
        }

    async def run(self) -> None:
        self._say("* OK stand-in ready")
        while True:
            await self._writer.drain()
            tag, name, words = await self._command()
            self._server.spoken.append(f"{name} {words[0].upper()}" if name == "UID" and words else name)
            if any(name in one.silent for one in self._server.folders.values()):
                await asyncio.Event().wait()
            if name == "LOGOUT":
                self._say("* BYE", f"{tag} OK done")
                await self._writer.drain()
                return
            if name not in self._commands:
                self._say(f"{tag} BAD unknown command")
                continue
            await self._commands[name](tag, words)

    def hang_up(self) -> None:
        self._writer.close()

    async def _command(self) -> tuple[str, str, list[str]]:
        """Tag, name and words of one command; literals are waited for."""
        words: list[str] = []
        while True:
            line = (await self._reader.readuntil(b"\r\n"))[:-2]
            literal = _LITERAL.search(line)
            words += [_plain(found) for found in _WORD.finditer(line[: literal.start()] if literal else line)]
            if literal is None:
                break
            self._say("+ go on")
            await self._writer.drain()
            words.append((await self._reader.readexactly(int(literal[1]))).decode("latin-1"))
        if len(words) < 2:  # noqa: PLR2004 - tag and name
            raise ValueError("no command")
        return words[0], words[1].upper(), words[2:]

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._writer.write(line.encode("latin-1") + b"\r\n")

    async def _capability(self, tag: str, _words: list[str]) -> None:
        offered = "IMAP4rev1" if self._is_safe else "IMAP4rev1 STARTTLS LOGINDISABLED"
        self._say(f"* CAPABILITY {offered}", f"{tag} OK done")

    async def _noop(self, tag: str, _words: list[str]) -> None:
        self._say(f"{tag} OK done")

    async def _starttls(self, tag: str, _words: list[str]) -> None:
        if self._server.upgrade is None or self._is_safe:
            self._say(f"{tag} BAD not offered")
            return
        self._say(f"{tag} OK begin")
        await self._writer.drain()
        await self._writer.start_tls(self._server.upgrade)
        self._is_safe = True

    async def _login(self, tag: str, words: list[str]) -> None:
        if not self._is_safe:
            self._say(f"{tag} NO [PRIVACYREQUIRED] not in the clear")
            return
        self._is_known = words == [self._server.user, self._server.password]
        self._say(f"{tag} OK welcome" if self._is_known else f"{tag} NO [AUTHENTICATIONFAILED] {words[:1]} is unknown")

    async def _select(self, tag: str, words: list[str]) -> None:
        folder = self._server.folders.get(words[0]) if words else None
        if not self._is_known or folder is None:
            self._say(f"{tag} NO no such folder")
            return
        self._folder = folder
        self._say(
            f"* {len(folder.mails)} EXISTS",
            "* 0 RECENT",
            f"* OK [UIDVALIDITY {folder.validity}] valid",
            f"* OK [UIDNEXT {folder.next_uid}] next",
            r"* FLAGS (\Seen \Answered)",
            f"{tag} OK [READ-ONLY] open",
        )

    async def _uid(self, tag: str, words: list[str]) -> None:
        if self._folder is None or len(words) < 2:  # noqa: PLR2004 - what, and of which
            self._say(f"{tag} BAD no folder is open")
        elif words[0].upper() == "SEARCH":
            self._search(tag, self._folder, " ".join(words[1:]))
        elif words[0].upper() == "FETCH":
            await self._fetch(tag, self._folder, words[1], words[2] if len(words) > 2 else "")  # noqa: PLR2004
        else:
            self._say(f"{tag} BAD unknown")

    def _search(self, tag: str, folder: Folder, wish: str) -> None:
        spans, day = _RANGE.search(wish), _SINCE.search(wish)
        first, last = _span(folder, spans[1], spans[2]) if spans else (1, folder.next_uid)
        since = date(int(day[3]), _MONTHS.index(day[2].lower()) + 1, int(day[1])) if day else None
        found = [str(one.uid) for one in folder.between(first, last, since)]
        self._say(" ".join(("* SEARCH", *found)), f"{tag} OK done")

    async def _fetch(self, tag: str, folder: Folder, which: str, items: str) -> None:
        first, _, last = which.partition(":")
        uids = {one.uid for one in folder.between(*_span(folder, first, last or None), None)}
        for place, one in enumerate(folder.mails, 1):
            if one.uid in uids:
                if one.uid in folder.refused:
                    self._say(f"{tag} NO [SERVERBUG] that mail cannot be read")
                    return
                await self._one(folder, place, one, items)
            elif folder.chatty:
                self._say(rf"* {place} FETCH (FLAGS (\Seen) UID {one.uid})")
        self._say(f"{tag} OK done")

    async def _one(self, folder: Folder, place: int, one: Kept, items: str) -> None:
        part = _PART.search(items)
        if part is None:
            self._say(f"* {place} FETCH (UID {one.uid} RFC822.SIZE {len(one.raw)})")
            return
        folder.fetched.append(one.uid)
        raw = one.raw[: int(part[1])] if part[1] else one.raw
        mark = "BODY[]<0>" if part[1] else "BODY[]"
        self._writer.write(f"* {place} FETCH (UID {one.uid} {mark} {{{len(raw)}}}\r\n".encode())
        if one.uid in folder.cut_after:
            self._writer.write(raw[: folder.cut_after[one.uid]])
            await self._writer.drain()
            raise ConnectionResetError("on demand")
        self._writer.write(raw + b")\r\n")
        await self._writer.drain()


def _plain(found: "re.Match[bytes]") -> str:
    """A word without its quotes or brackets."""
    if found[1] is not None:
        return re.sub(rb"\\(.)", rb"\1", found[1]).decode("latin-1")
    return (found[2] if found[2] is not None else found[3]).decode("latin-1")


def _span(folder: Folder, first: str, last: str | None) -> tuple[int, int]:
    """UIDs from and to; `*` is the highest there is, and the two may stand in either order."""
    highest = folder.mails[-1].uid if folder.mails else 0
    ends = [highest if one == "*" else int(one) for one in (first, last or first)]
    return min(ends), max(ends)
