"""TLS or nothing, hostile mails, and many of them."""

import asyncio
import shutil
import ssl
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from integration.adapters.channels.mail import MOST_BYTES
from integration.adapters.sources.imap import MOST_BATCH_BYTES
from integration.adapters.sources.mail_line import Security
from integration.ports.queue_records import DeliveryState
from tests.pulls.house import Post, a_post, mail

OPENSSL = shutil.which("openssl")
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key for this machine, in one file."""
    if OPENSSL is None:
        pytest.skip("there is no openssl to make a certificate with")
    place = tmp_path_factory.mktemp("trust")
    subprocess.run(
        [
            OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(place / "key.pem"), "-out", str(place / "cert.pem"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    both = place / "both.pem"
    both.write_bytes((place / "cert.pem").read_bytes() + (place / "key.pem").read_bytes())
    return both


def served_with(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(("security", "way"), [(Security.TLS, "trust"), (Security.STARTTLS, "upgrade")])
def test_a_mailbox_is_read_over_tls(certificate: Path, security: Security, way: str):
    async def story() -> None:
        place = {"security": security, "ca_file": str(certificate)}
        async with a_post({way: served_with(certificate)}, place) as post:
            post.folder.add(mail(1, "ş" * 100_000))
            assert (await post.house.round()).stored == 1

    asyncio.run(story())


@pytest.mark.parametrize(("security", "way"), [(Security.TLS, "trust"), (Security.STARTTLS, "upgrade")])
def test_a_server_that_nobody_vouches_for_is_not_told_the_password(certificate: Path, security: Security, way: str):
    async def story() -> None:
        async with a_post({way: served_with(certificate)}, {"security": security}) as post:
            asyncio.get_running_loop().set_exception_handler(lambda *_: None)
            assert (await post.house.round()).problem == "no_connection"
            assert "LOGIN" not in post.server.spoken

    asyncio.run(story())


def test_a_server_that_does_not_offer_starttls_is_not_told_the_password_in_the_clear():
    async def story() -> None:
        async with a_post(place={"security": Security.STARTTLS}) as post:
            assert (await post.house.round()).problem == "no_connection"
            assert "LOGIN" not in post.server.spoken

    asyncio.run(story())


HOSTILE = {
    "empty": b"",
    "no head": b"\r\n\r\nhello",
    "no body": b"From: a@example.org\r\n",
    "nul": mail(1, "before\0after"),
    "no addresses": b"From: \xff\xfe<>@\r\nTo: ,,,\r\nDate: 99 Foo 2\r\nMessage-ID: <>\r\n\r\nhello\r\n",
    "long line": b"From: a@example.org\r\nSubject: " + b"x" * MEGABYTE + b"\r\n\r\nhello\r\n",
    "looks like the protocol": mail(2, "a1 OK done\r\n* BYE\r\n)\r\n* 1 FETCH (UID 1 BODY[] {5}\r\n{3}\r\n"),
    "nested": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(200)),
    "injected": b"From: a@example.org\r\nSubject: =?utf-8?q?x=0D=0ABcc:_b@example.org?=\r\n\r\nhello\r\n",
}


def test_hostile_mails_stop_nobody():
    async def story() -> None:
        async with a_post() as post:
            for raw in HOSTILE.values():
                post.folder.add(raw)
            post.folder.add(mail(99))
            assert (await post.house.round()).stored == len(HOSTILE) + 1
            assert [one.body for one in await post.house.stored()] == [*HOSTILE.values(), mail(99)]
            assert await post.house.take_in() == len(HOSTILE) + 1
            assert {one.state for one in await post.house.stored()} == {DeliveryState.DONE}
            assert any("(99)" in text for text in await post.house.texts())

    asyncio.run(story())


def test_of_a_mail_that_is_too_large_only_the_beginning_is_fetched():
    async def story() -> None:
        async with a_post() as post:
            post.folder.add(mail(1, "x" * (MOST_BYTES + MEGABYTE)))
            post.folder.add(mail(2))
            await post.house.round()
            assert [len(one.body) for one in await post.house.stored()] == [MOST_BYTES + 1, len(mail(2))]

    asyncio.run(story())


def test_a_thousand_mails_need_no_more_memory_than_a_batch_of_them():
    async def story() -> None:
        async with a_post() as post:
            fill(post)
            batches: list[int] = []
            fetch = post.source.fetch

            async def counted(cursor: str, now: object) -> object:
                batch = await fetch(cursor, now)  # type: ignore[arg-type]
                batches.append(sum(len(one.delivery.body) for one in batch.bodies))
                return batch

            post.source.fetch = counted  # type: ignore[method-assign, assignment]
            tracemalloc.start()
            try:
                assert (await post.house.round()).stored == 1_000
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert sum(batches) > 60 * MEGABYTE
            assert max(batches) <= MOST_BATCH_BYTES + 70_000
            assert peak < 4 * MOST_BATCH_BYTES

    asyncio.run(story())


def fill(post: Post) -> None:
    """A thousand mails of 64 KB."""
    for number in range(1_000):
        post.folder.add(mail(number, "x" * 64_000))
