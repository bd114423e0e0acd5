"""A mail server on this machine that takes every mail and delivers none (RFC 5321, the part a sender needs).

It listens on the loopback only. Faults: `429` answers 421 when the mail is announced (never left), `refused` answers
the code told (say 550) to the receiver, `500_after` reads the mail and answers 451, which says that it was not taken,
`lost_answer` takes it and breaks the connection: the sender cannot know.
"""

import asyncio
from email import message_from_bytes
from email.message import Message
from email.policy import default

from pms_mock.channels.memory import ChannelMemory, Fault

_LOOPBACK = "127.0.0.1"
_MOST_LINE = 64 * 1024


class MailServer:
    """Takes mail. `port` 0 takes any; `address` tells once it listens."""

    def __init__(self, memory: ChannelMemory, port: int = 0) -> None:
        """Listen nowhere yet."""
        self._memory, self._port = memory, port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> tuple[str, int]:
        """Listen; the host and port."""
        self._server = await asyncio.start_server(self._serve, _LOOPBACK, self._port, limit=_MOST_LINE)
        self._port = self._server.sockets[0].getsockname()[1]
        return _LOOPBACK, self._port

    async def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await _Talk(self._memory, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


class _Talk:
    """One connection."""

    def __init__(self, memory: ChannelMemory, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._memory, self._reader, self._writer = memory, reader, writer
        self._receivers: list[str] = []
        self._fault: Fault | None = None

    async def run(self) -> None:
        await self._say("220 stand-in ESMTP")
        while line := await self._reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if not await self._heard(verb.upper(), rest):
                return

    async def _heard(self, verb: str, rest: str) -> bool:
        """Answer one command; False ends the talk."""
        match verb:
            case "EHLO":
                await self._say("250-stand-in", "250-8BITMIME", "250 SMTPUTF8")
            case "MAIL":
                await self._announced()
            case "RCPT":
                await self._addressed(rest)
            case "DATA":
                return await self._taken()
            case "QUIT":
                await self._say("221 bye")
                return False
            case "HELO" | "NOOP" | "RSET" | "AUTH":
                await self._say("235 ok" if verb == "AUTH" else "250 ok")
            case _:
                await self._say("502 not here")
        return True

    async def _announced(self) -> None:
        self._receivers, self._fault = [], self._memory.take_fault("smtp")
        await self._say("421 try later" if self._kind in {"429", "500"} else "250 ok")

    async def _addressed(self, rest: str) -> None:
        if self._kind == "refused":
            await self._say(f"{self._fault.detail or '550'} refused" if self._fault else "550 refused")
            return
        self._receivers.append(rest.partition(":")[2].strip().partition(" ")[0].strip("<>"))
        await self._say("250 ok")

    async def _taken(self) -> bool:
        await self._say("354 go on")
        raw = (await self._reader.readuntil(b"\r\n.\r\n"))[:-5].replace(b"\r\n..", b"\r\n.")
        if self._kind == "500_after":
            await self._say("451 on demand")
            return True
        mail = message_from_bytes(raw, policy=default)
        for receiver in self._receivers:
            number = str(mail["Message-ID"] or "").strip("<> ")
            self._memory.keep("smtp", receiver, _shown(mail), correlation=number)
        if self._kind == "lost_answer":
            self._writer.transport.abort()
            return False
        await self._say("250 taken")
        return True

    @property
    def _kind(self) -> str:
        return self._fault.kind if self._fault is not None else ""

    async def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()


def _shown(mail: Message) -> dict[str, object]:
    part = mail.get_payload(decode=True) if not mail.is_multipart() else b""
    headers = {name.lower(): str(value) for name, value in mail.items()}
    return {"headers": headers, "text": part.decode("utf-8", "replace") if isinstance(part, bytes) else ""}
