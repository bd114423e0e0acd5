"""Nothing leaves this machine by mistake: not by a default, a demo, a test, or a strange spelling of an address."""

import re
import tomllib

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contact import Channel
from domain.errors import InvalidInput
from integration.adapters.carriers.configured import DEFAULTS, HomeCarriers, Outside
from integration.adapters.carriers.guard import checked_base, is_loopback
from integration.adapters.ohip.asgi import AsgiTransport
from integration.adapters.ohip.socket import SocketTransport
from integration.errors import ConfigurationError
from integration.settings import settings_from
from pms_mock.channels.callbacks import Callback, post
from pms_mock.channels.memory import ChannelMemory
from tests.arch.tree import ROOT, SHIPPED, source_files
from tests.fakes.surroundings import NOW, FakeClock, FakeIds
from tests.outbound import mailroom
from tests.outbound.mailroom import InProcess

STRANGE = [
    "http://example.com",
    "https://graph.facebook.com",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1@example.com",
    "http://example.com#127.0.0.1",
    "http://localhost.example.com",
    "http://0x7f000001",
    "http://2130706433",
    "http://127.1",
    "http://[::ffff:8.8.8.8]",
    "http://[fe80::1%25eth0]",
    "http://0.0.0.0",
    "http://10.0.0.1",
    "http://169.254.169.254",
    "http://localhost\\@example.com",
    "ftp://127.0.0.1",
    "127.0.0.1",
    "http://",
    "http://127.0.0.1:99999",
    "http://user:secret@127.0.0.1",
    "http://lоcalhost",
]


@pytest.mark.parametrize("base", STRANGE)
def test_an_address_that_is_not_plainly_this_machine_is_refused(base: str):
    with pytest.raises(ConfigurationError):
        checked_base(base, "one", is_live=False)


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8702/x", "http://[::1]:1", "http://localhost:8702", "http://127.9.9.9"]
)
def test_this_machine_is_reached_without_asking_for_a_name(base: str):
    assert "localhost" not in checked_base(base, "one", is_live=False)


@given(st.text(max_size=40))
def test_whatever_is_written_reaches_the_loopback_or_nothing(text: str):
    for base in (text, f"http://{text}", f"http://{text}/x"):
        try:
            found = checked_base(base, "one", is_live=False)
        except ConfigurationError:
            continue
        host = found.split("//", 1)[1].split("/", 1)[0]
        assert host.startswith(("127.", "[::1]", "[0"))


def test_live_wants_tls_and_credentials_of_its_own():
    real = "https://graph.facebook.com"
    assert checked_base(real, "one", is_live=True, credentials=("real-token",)) == real
    for base, token in ((real, "stand-in"), (real, ""), ("http://graph.facebook.com", "real-token")):
        with pytest.raises(ConfigurationError):
            checked_base(base, "one", is_live=True, credentials=(token,))


def test_live_has_no_stand_ins_to_swallow_messages():
    carriers = HomeCarriers(Outside(FakeClock(), FakeIds(), is_live=True), {}, {})
    assert all(carriers.of("BELEK1", channel) is None for channel in Channel)


def test_a_real_address_without_live_is_told_at_start():
    table = {"kind": "whatsapp", "hotels": ["BELEK1"], "base": "https://graph.facebook.com", "token": "t"}
    carriers = HomeCarriers(Outside(FakeClock(), FakeIds()), {"one": {**table, "phone_number_id": "1"}}, {})
    with pytest.raises(ConfigurationError, match="not this machine"):
        carriers.check()


def test_every_default_carrier_stays_in_this_process():
    carriers = HomeCarriers(Outside(FakeClock(), FakeIds(), stand_ins=InProcess(ChannelMemory())), {}, {})
    for channel in DEFAULTS:
        carrier = carriers.of("BELEK1", channel)
        lines = [getattr(carrier, name) for name in ("line", "logon") if hasattr(carrier, name)]
        assert all(isinstance(line.transport, AsgiTransport) for line in lines)
        assert not any(isinstance(line.transport, SocketTransport) for line in lines)


def test_only_the_word_live_is_live():
    assert not settings_from({}, NOW, ROOT).is_live
    assert settings_from({"SANTRAL_OUTBOUND": "live"}, NOW, ROOT).is_live
    with pytest.raises(InvalidInput):
        settings_from({"SANTRAL_OUTBOUND": "yes"}, NOW, ROOT)


def test_no_demo_scenario_or_test_is_live_or_names_a_real_provider():
    here = {"tests/outbound/test_guard.py"}
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in source_files("tests", *SHIPPED)
    }
    setting = re.compile(r"SANTRAL_OUTBOUND[\"']?\s*[:=,]+\s*[\"']live")
    assert [name for name, text in texts.items() if name not in here and setting.search(text)] == []
    for path in (ROOT / "scenarios").rglob("*.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        assert "carriers" not in content, path


def test_fixtures_use_numbers_and_addresses_that_reach_nobody():
    for number in (mailroom.NUMBER, mailroom.OTHER_NUMBER):
        assert not phonenumbers.is_valid_number(phonenumbers.parse(number))
    assert mailroom.EMAIL.endswith("@example.com")


def test_a_stand_in_tells_back_to_this_machine_only():
    with pytest.raises(ValueError, match="not on this machine"):
        post("http://8.8.8.8/hooks/iyzico", Callback({}, b""))
    with pytest.raises(ValueError, match="does not appear"):
        post("http://example.com/hooks/iyzico", Callback({}, b""))


def test_loopback_is_what_it_says():
    assert [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost", "::ffff:127.0.0.1")] == [True] * 4
    assert [is_loopback(one) for one in ("8.8.8.8", "::ffff:8.8.8.8", "", "LOCALHOST.example")] == [False] * 4
