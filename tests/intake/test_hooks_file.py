"""`channels.toml`: what it says, and what is refused with the key that is wrong."""

import pytest

from domain.contact import Channel
from integration.adapters.channel_hooks import WIRES, hooks_of
from integration.errors import ConfigurationError

SECRETS = {"SANTRAL_SECRET_WA": "a-secret-of-this-test", "SANTRAL_SECRET_TOKEN": "verify-me-please"}
WHATSAPP = """
public_url = "https://calls.example.com/"
[hooks.whatsapp]
wire = "whatsapp"
hotel = "belek1"
secrets = ["env:SANTRAL_SECRET_WA"]
verify_token = "env:SANTRAL_SECRET_TOKEN"
accounts = { "100000000000002" = "side1" }
"""


def test_secrets_come_from_the_environment_by_the_names_the_file_gives():
    (hook,) = hooks_of(WHATSAPP, SECRETS).values()
    assert (hook.name, hook.channel, hook.hotel_id) == ("whatsapp", Channel.WHATSAPP, "BELEK1")
    assert hook.hotel_of("100000000000002") == "SIDE1"
    assert hook.hotel_of("another") == "BELEK1"
    assert hook.public_url == "https://calls.example.com"
    assert "a-secret" not in repr(hook.name)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("hooks = 5", "hooks"),
        ("[hook.whatsapp]\nwire='whatsapp'", "hooks"),
        ("[hooks.x]\nhotel='BELEK1'", "wire"),
        ("[hooks.x]\nwire='fax'\nhotel='BELEK1'", "fax"),
        ("[hooks.'../x']\nwire='cti'\nhotel='BELEK1'", "../x"),
        (WHATSAPP + "secret = 'typo'", "secret"),
        (WHATSAPP.replace('hotel = "belek1"', ""), "hotel"),
        ("[hooks.x]\nwire='cti'\nhotel='BELEK1'\ntokens=['short']", "x"),
        ("[hooks.x]\nwire='cti'\nhotel='BELEK1'\ntokens='0123456789abcdef'", "tokens"),
        ("[hooks", "TOML"),
    ],
)
def test_a_slip_is_refused_and_named(text: str, word: str):
    with pytest.raises(ConfigurationError) as caught:
        hooks_of(text, SECRETS)
    assert word in str(caught.value)


def test_a_secret_that_is_not_set_is_named_and_none_is_shown():
    with pytest.raises(ConfigurationError) as caught:
        hooks_of(WHATSAPP, {"SANTRAL_SECRET_TOKEN": "verify-me-please"})
    assert "SANTRAL_SECRET_WA" in str(caught.value)
    assert "verify-me" not in str(caught.value)


EXCHANGE = "tokens = ['0123456789abcdef0123']"
KEY = "secrets = ['whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=']"
PARTS = {
    "whatsapp": "secrets = ['a-secret-of-mine']\nverify_token = 'verify-me-please'",
    "instagram": "secrets = ['a-secret-of-mine']\nverify_token = 'verify-me-please'",
    "cti": EXCHANGE,
    "verimor": EXCHANGE,
    "verimor_sms": EXCHANGE,
    "netgsm": EXCHANGE,
    "twilio": "secrets = ['a-secret-of-mine']",
    "web_chat": KEY,
    "web_form": KEY,
    "partner": KEY,
    "expedia": EXCHANGE,
    "agoda": EXCHANGE,
    "iyzico": "secrets = ['a-secret-of-mine']\nmerchant = 'M1'",
    "paytr": "merchant = 'M1'\nkey = 'MERCHANTKEY'\nsalt = 'SALTSALTSALT'",
}


@pytest.mark.parametrize("kind", sorted(WIRES))
def test_every_wire_can_be_set_up(kind: str):
    (hook,) = hooks_of(f"[hooks.one]\nwire = '{kind}'\nhotel = 'BELEK1'\n{PARTS[kind]}", {}).values()
    assert hook.channel in set(Channel)
