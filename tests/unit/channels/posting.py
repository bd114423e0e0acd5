"""Deliveries as the providers make them: fixtures, their signatures, and one wire of each kind."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from domain.contact import Channel
from integration.adapters.channels.cti import NeutralCti
from integration.adapters.channels.instagram import Instagram
from integration.adapters.channels.iyzico import Iyzico
from integration.adapters.channels.mail import Mailbox
from integration.adapters.channels.netgsm import Netgsm
from integration.adapters.channels.ota import BookingMessages
from integration.adapters.channels.ota_alerts import AgodaAlerts, ExpediaAlerts
from integration.adapters.channels.paytr import PayTr
from integration.adapters.channels.proof import hmac_sha256
from integration.adapters.channels.standard import signature
from integration.adapters.channels.twilio import TwilioVoice, signature_of
from integration.adapters.channels.verimor import Verimor
from integration.adapters.channels.verimor_sms import VerimorSms
from integration.adapters.channels.web import WebWire
from integration.adapters.channels.whatsapp import WhatsApp
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, Wire

FIXTURES = Path(__file__).parents[2] / "fixtures" / "channels"
NOW = datetime(2026, 7, 10, 11, 10, tzinfo=UTC)
TOKEN = "0123456789abcdef-path"
APP_SECRET, VERIFY = "test_app_secret", "our-verify-token"
WEBHOOK_KEY = bytes(range(32))
WEBHOOK_SECRET = "whsec_" + base64.b64encode(WEBHOOK_KEY).decode()
TWILIO_TOKEN = "12345678"
IYZICO_SECRET = "sandbox-secret-key"
ACCOUNT = "exchange"

WHATSAPP = WhatsApp.of([APP_SECRET], VERIFY, portfolio="pf-1")
INSTAGRAM = Instagram.of([APP_SECRET], VERIFY)
CTI = NeutralCti.of(ACCOUNT, [TOKEN])
VERIMOR = Verimor.of(ACCOUNT, [TOKEN])
VERIMOR_SMS = VerimorSms.of(ACCOUNT, [TOKEN])
NETGSM = Netgsm.of(ACCOUNT, [TOKEN])
TWILIO = TwilioVoice.of(ACCOUNT, [TWILIO_TOKEN])
CHAT = WebWire.of(Channel.WEB_CHAT, "site", [WEBHOOK_SECRET])
FORM = WebWire.of(Channel.WEB_FORM, "site", [WEBHOOK_SECRET])
PARTNER = WebWire.of(Channel.PARTNER, "tour-agency", [WEBHOOK_SECRET])
MAILBOX = Mailbox("info@hotel.example", "mx.hotel.example")
BOOKING = BookingMessages()
EXPEDIA = ExpediaAlerts.of([TOKEN])
AGODA = AgodaAlerts.of([TOKEN])
IYZICO = Iyzico.of("3400001", [IYZICO_SECRET])
PAYTR = PayTr.of("100001", [("MERCHANTKEY", "SALT")])

EVERY_WIRE: tuple[Wire, ...] = (
    *(WHATSAPP, INSTAGRAM, CTI, VERIMOR, NETGSM, TWILIO, CHAT, FORM, PARTNER, MAILBOX, BOOKING, EXPEDIA, AGODA),
    *(IYZICO, PAYTR, VERIMOR_SMS),
)


def fixture(name: str) -> bytes:
    """A payload of `tests/fixtures/channels`."""
    return (FIXTURES / name).read_bytes()


def as_json(value: object) -> bytes:
    """A body of plain values."""
    return msgspec.json.encode(value)


def delivery(
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    path: str = f"/hooks/any/{TOKEN}",
    *,
    method: str = "POST",
    remote: str = "203.0.113.7",
    at: datetime = NOW,
) -> Delivery:
    """A delivery to our public name."""
    return Delivery(body, headers or {}, f"https://hotel.example{path}", at, method, remote)


def from_graph(body: bytes, secret: str = APP_SECRET) -> Delivery:
    """Signed as Meta signs."""
    return delivery(body, {"x-hub-signature-256": "sha256=" + hmac_sha256(secret.encode(), body).hex()})


def standard(body: bytes, number: str = "msg_1", key: bytes = WEBHOOK_KEY, sent: datetime = NOW) -> Delivery:
    """Signed as Standard Webhooks are."""
    seconds = str(int(sent.timestamp()))
    signed = signature(key, number, seconds, body).decode()
    return delivery(body, {"webhook-id": number, "webhook-timestamp": seconds, "webhook-signature": signed})


def from_twilio(body: bytes, path: str = "/hooks/twilio") -> Delivery:
    """Signed as Twilio signs a form."""
    from integration.adapters.channels.reading import form_pairs

    pairs = form_pairs(body) or []
    signed = f"https://hotel.example{path}" + "".join(name + value for name, value in sorted(set(pairs)))
    mark = signature_of(TWILIO_TOKEN.encode(), signed.encode("utf-8", "surrogatepass")).decode()
    return delivery(body, {"x-twilio-signature": mark}, path)


def from_iyzico(body: bytes, signed: str) -> Delivery:
    """Signed over the given text, as iyzico chooses its values."""
    mark = hmac_sha256(IYZICO_SECRET.encode(), signed.encode("utf-8", "surrogatepass")).hex()
    return delivery(body, {"x-iyz-signature-v3": mark})


def form(**fields: str) -> bytes:
    """A form body."""
    return urlencode(fields).encode()


def proven(wire: Wire, body: bytes) -> Delivery:
    """The body, delivered so that the wire believes it (iyzico and PayTR prove values, so theirs is not)."""
    if wire in (WHATSAPP, INSTAGRAM):
        return from_graph(body)
    if wire is TWILIO:
        return from_twilio(body)
    if wire in (CHAT, FORM, PARTNER):
        return standard(body)
    return delivery(body, {"authorization": f"Bearer {TOKEN}"})


def arrivals(received: Received) -> tuple[Arrival, ...]:
    """What arrived; fails when the delivery was not taken."""
    assert isinstance(received, tuple), received
    return received


def only(received: Received) -> Arrival:
    """The one arrival."""
    (found,) = arrivals(received)
    return found


def kinds(received: Received) -> list[ArrivalKind]:
    """Their kinds, in order."""
    return [one.kind for one in arrivals(received)]
