"""`[pulls.NAME]` in channels.toml, and `santral channel pull`."""

import asyncio
import io
import json
from dataclasses import replace

import pytest

from cli.context import Session
from cli.main import main
from domain.access import Actor, Role
from domain.contact import Channel
from domain.errors import Forbidden, NotFound
from integration.adapters.channel_hooks import hooks_of
from integration.adapters.sources.reading import pulls_of
from integration.errors import ConfigurationError
from integration.ports.pulls import Batch, Pull, PullFailed
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.pull_now import pull_now
from integration.usecases.take_delivery import hook_of
from tests.pulls.house import a_house, a_post, mail
from tests.pulls.test_worker import Script

SECRETS = {
    "SANTRAL_SECRET_INFO": "a-secret-of-this-test",
    "SANTRAL_SECRET_ID": "machine",
    "SANTRAL_SECRET_KEY": "key-7",
}
IMAP = """
[pulls.info]
source = "imap"
hotel = "belek1"
address = "Info@Belek.example"
authserv_id = "mx.belek.example"
host = "imap.belek.example"
user = "info@belek.example"
password = "env:SANTRAL_SECRET_INFO"
since = "2027-03-01"
"""
BOOKING = """
[pulls.booking]
source = "booking"
hotel = "BELEK1"
accounts = { "booking/4321" = "side1" }
base = "https://supply-xml.booking.com/messaging"
token_url = "https://connectivity-authentication.booking.com/token-based-authentication/exchange"
client_id = "env:SANTRAL_SECRET_ID"
client_secret = "env:SANTRAL_SECRET_KEY"
every_s = 10
"""


def test_a_mailbox_and_a_queue_are_read_from_the_file():
    found = pulls_of(IMAP + BOOKING, SECRETS, is_live=True)
    info, booking = found["info"], found["booking"]
    assert (info.hook.channel, info.hook.hotel_id, info.every_s) == (Channel.EMAIL, "BELEK1", 30)
    assert (booking.hook.channel, booking.hook.hotel_of("booking/4321"), booking.every_s) == (Channel.OTA, "SIDE1", 10)
    assert "secret" not in repr(found)
    assert hooks_of(IMAP + BOOKING, SECRETS) == {}


def test_outside_of_this_machine_nothing_is_reached_unless_the_house_is_live():
    for text in (IMAP, BOOKING):
        with pytest.raises(ConfigurationError, match="not this machine"):
            pulls_of(text, SECRETS)
    pulls_of(IMAP.replace("imap.belek.example", "localhost") + 'security = "plain"', SECRETS)
    pulls_of(BOOKING.replace("https://supply-xml.booking.com", "http://127.0.0.1:8").replace(
        "https://connectivity-authentication.booking.com", "http://127.0.0.1:8"), SECRETS)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (IMAP + 'security = "plain"', "TLS"),
        (IMAP + 'security = "ssl"', "security"),
        (BOOKING.replace("https://supply", "http://supply"), "TLS"),
        (IMAP.replace("env:SANTRAL_SECRET_INFO", "typed-here"), "password"),
        (IMAP.replace("env:SANTRAL_SECRET_INFO", "env:SANTRAL_SECRET_NONE"), "SANTRAL_SECRET_NONE"),
        (BOOKING.replace("env:SANTRAL_SECRET_KEY", "key-7"), "client_secret"),
        (IMAP.replace('since = "2027-03-01"', ""), "since"),
        (IMAP.replace("2027-03-01", "spring"), "since"),
        (IMAP + "passwrod = 'typo'", "passwrod"),
        (IMAP + "port = 0", "port"),
        (IMAP + "every_s = true", "every_s"),
        (IMAP + 'folder = "Gelen ku\\u0131"', "folder"),
        (IMAP + "ca_file = '/nowhere.pem'", "ca_file"),
        (BOOKING.replace("https://supply", "https://user:word@supply"), "base"),
        (IMAP.replace('"imap"', '"pop3"'), "pop3"),
        (IMAP.replace("pulls.info", "pulls.'../x'"), "../x"),
        (IMAP + "[hooks.info]\nwire = 'cti'", "info"),
        ("pulls = 5", "pulls"),
        ("[pulls", "TOML"),
    ],
)
def test_a_slip_is_refused_and_named_and_no_secret_is_shown(text: str, word: str):
    with pytest.raises(ConfigurationError) as caught:
        pulls_of(text, SECRETS, is_live=True)
    assert word in str(caught.value)
    assert "typed-here" not in str(caught.value)
    assert "a-secret" not in str(caught.value)


def test_nobody_can_post_mails_to_a_source():
    """What is fetched proves nothing about its origin, so there must be no door for it."""
    desk = a_house(Script(Batch((), ""))).desk
    assert desk.hook("info") is not None
    with pytest.raises(NotFound):
        hook_of(desk, "info")


def santral(desk: Desk, *words: str) -> tuple[int, str]:
    out = io.StringIO()
    session = Session(environ={}, out=out, err=io.StringIO(), stdin=io.StringIO(), opener=lambda *_: desk)
    return main([*words], session), out.getvalue()


def with_pulls(desk: Desk, **sources: Script) -> Desk:
    (pull,) = desk.pulls.values()
    pulls = {name: Pull(replace(pull.hook, name=name), source, 30.0) for name, source in sources.items()}
    return replace(desk, pulls=pulls)


def test_the_command_fetches_and_takes_in_for_a_house_without_a_service():
    async def story() -> Body:
        async with a_post() as post:
            post.folder.add(mail(1))
            post.folder.add(mail(1))
            return await pull_now(post.house.desk, Actor("ayse", Role.ADMIN, "cli"), None)

    (row,) = asyncio.run(story())["sources"]
    assert row == {"name": "info", "channel": "email", "stored": 2, "not_given": 0, "effects": 1, "problem": None}


def test_one_that_fails_stops_no_other_and_ends_with_five():
    bad, good = Script(PullFailed("login_refused")), Script(Batch((), ""))
    desk = with_pulls(a_house(good).desk, bad=bad, good=good)
    code, said = santral(desk, "channel", "pull", "--json")
    rows = {row["name"]: row["problem"] for row in json.loads(said)["sources"]}
    assert (code, rows) == (5, {"bad": "login_refused", "good": None})


def test_one_source_is_named_and_an_unknown_one_is_not_found():
    one, other = Script(Batch((), "")), Script(Batch((), ""))
    desk = with_pulls(a_house(one).desk, one=one, other=other)
    assert santral(desk, "channel", "pull", "one")[0] == 0
    assert (one.fetched, other.fetched) == (1, 0)
    assert santral(desk, "channel", "pull", "none")[0] == 4
    assert santral(replace(desk, pulls={}), "channel", "pull")[0] == 0


def test_only_an_administrator_fetches():
    desk = a_house(Script(Batch((), ""))).desk
    with pytest.raises(Forbidden):
        asyncio.run(pull_now(desk, Actor("ayse", Role.OPERATOR, "http"), None))
