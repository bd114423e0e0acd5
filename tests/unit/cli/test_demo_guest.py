"""The demo's guest writes as a provider delivers: the service's own wires prove and read what she sends."""

import json
from datetime import UTC, datetime

import pytest

from cli.demo_guest import IGSID, NUMBER, USER, channels_text, instagram_body, signed, whatsapp_body
from domain.contact import Channel, Sender
from domain.guest import IdentityKind
from integration.adapters.channel_hooks import hooks_of
from integration.ports.channels import Delivery, SignatureFault, Unbelieved

NOW = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
BODIES = {
    "whatsapp": whatsapp_body("A quiet room?", "n1", NOW),
    "instagram": instagram_body("A quiet room?", "n1", NOW),
}
KNOWN_AS = {
    "whatsapp": {(IdentityKind.PHONE, NUMBER), (IdentityKind.WHATSAPP_USER, USER)},
    "instagram": {(IdentityKind.INSTAGRAM_USER, IGSID)},
}


def a_delivery(name: str, **more: str) -> Delivery:
    raw = json.dumps(BODIES[name]).encode()
    headers = {key.lower(): value for key, value in signed(raw, **more).items()}
    return Delivery(raw, headers, f"https://hotel.example/hooks/{name}", NOW)


@pytest.mark.parametrize("name", BODIES)
def test_what_she_writes_is_proven_and_hers(name: str) -> None:
    hook = hooks_of(channels_text("DEMO1"), {})[name]
    found = hook.wire.receive(a_delivery(name))
    assert isinstance(found, tuple)
    (arrival,) = found
    assert (hook.hotel_id, arrival.channel, arrival.text) == ("DEMO1", Channel(name), "A quiet room?")
    assert (arrival.sender, arrival.at) == (Sender.GUEST, NOW)
    assert {(one.kind, one.value) for one in arrival.handles} == KNOWN_AS[name]


@pytest.mark.parametrize("name", BODIES)
def test_what_another_secret_signed_is_refused(name: str) -> None:
    found = hooks_of(channels_text("DEMO1"), {})[name].wire.receive(a_delivery(name, secret="a guess"))
    assert found == Unbelieved(SignatureFault.WRONG)
