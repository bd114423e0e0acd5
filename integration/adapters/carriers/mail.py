"""E-mail by SMTP (RFC 5321), through the house's own mail server.

The Message-ID is made of the outbox id, so whoever receives the same mail twice can know it. The stages are watched
one by one: until the last line of the mail is written nothing can have been taken, and a 4xx then says "later"; from
then on only an answer settles it, and without one nobody knows, for SMTP cannot be asked. Automatic answers say so
(`Auto-Submitted`, RFC 3834), advertisements how to be spared (`List-Unsubscribe`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

import aiosmtplib

from domain.contact import Channel, Sender
from domain.outbound import MessageKind
from integration.ports.outbound import Accepted, CarrierError, Looked, MaybeTaken, NotSent, NotTaken
from integration.ports.queue_records import Outgoing

LIMIT_S = 10.0
_REFUSED = 500
Server = Callable[[], Awaitable[tuple[str, int]]]


def at(host: str, port: int) -> Server:
    """A server that is always in one place."""

    async def place() -> tuple[str, int]:
        return host, port

    return place


@dataclass(frozen=True, slots=True)
class MailCarrier:
    """`server`: gives host and port; `sender`: the mailbox it is from, `name`: what stands beside it; `security`: none,
    starttls or tls."""

    server: Server
    sender: str
    name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "none"
    channel: Channel = Channel.EMAIL

    async def send(self, one: Outgoing) -> Accepted:
        """One mail to one receiver."""
        mail = self.mail_of(one)
        host, port = await self.server()
        client = aiosmtplib.SMTP(
            hostname=host,
            port=port,
            timeout=LIMIT_S,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
        )
        try:
            await self._announce(client, one.handle_value)
            await _hand_over(client, mail.as_bytes(policy=SMTP))
        finally:
            client.close()
        return Accepted(self._message_id(one), self.sender)

    async def look_up(self, _one: Outgoing) -> Accepted | Looked:
        """SMTP cannot be asked."""
        return Looked.SILENT

    async def close(self) -> None:
        """Nothing is kept open."""

    def mail_of(self, one: Outgoing) -> EmailMessage:
        """The mail as it goes out."""
        mail = EmailMessage()
        mail["Message-ID"] = f"<{self._message_id(one)}>"
        mail["Date"] = format_datetime(one.created_at)
        mail["From"] = formataddr((self.name, self.sender))
        mail["To"] = one.handle_value
        mail["Subject"] = " ".join(str(one.document.get("subject") or self.name or self.sender).split())
        answered = str(one.document.get("in_reply_to") or "").strip("<> \r\n")
        if answered:
            mail["In-Reply-To"] = mail["References"] = f"<{answered}>"
        if one.document.get("sender") == Sender.AUTOMATIC:
            mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
        if one.kind == MessageKind.COMMERCIAL:
            mail["List-Unsubscribe"] = f"<mailto:{self.sender}?subject=unsubscribe>"
        mail.set_content(str(one.document.get("text", "")), cte="base64")
        return mail

    def _message_id(self, one: Outgoing) -> str:
        return f"{one.outbox_id}@{self.sender.partition('@')[2]}"

    async def _announce(self, client: aiosmtplib.SMTP, receiver: str) -> None:
        """Until here nothing can have been taken."""
        try:
            await client.connect()
            if self.user:
                await client.login(self.user, self.password)
            await client.ehlo()
            await client.mail(self.sender)
            await client.rcpt(receiver)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _before_it_left(error) from error


async def _hand_over(client: aiosmtplib.SMTP, raw: bytes) -> None:
    """From here on only an answer tells. 4xx after the mail is a refusal of the server: it may be sent again."""
    try:
        await client.data(raw)
    except aiosmtplib.SMTPDataError as error:
        raise NotTaken(f"smtp_{error.code}") if error.code >= _REFUSED else NotSent(f"smtp_{error.code}") from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise MaybeTaken("no_answer") from error
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        return


def _before_it_left(error: Exception) -> CarrierError:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return NotSent("unauthorised")
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= _REFUSED:
        return NotTaken(f"smtp_{error.code}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return NotSent(f"smtp_{error.code}")
    return NotSent("no_connection")
