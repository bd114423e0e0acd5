"""Whatever is sent to any wire, it answers and never raises; what is proven is kept; the same gives the same."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.ports.channels import Arrival, Delivery, Received, Unbelieved, Unreadable, Wire
from tests.unit.channels.posting import (
    BOOKING,
    EVERY_WIRE,
    FIXTURES,
    IYZICO,
    MAILBOX,
    NOW,
    PAYTR,
    TOKEN,
    WHATSAPP,
    delivery,
    fixture,
    from_graph,
    proven,
)

SETTINGS = settings(max_examples=1500, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))
BODIES = [
    path.relative_to(FIXTURES).as_posix()
    for path in sorted(FIXTURES.rglob("*"))
    if path.suffix in {".json", ".form", ".eml"} and path.name != "events.json"
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**64), max_value=2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
OWN = {"Instagram": "instagram", "WebWire": "web", "BookingMessages": "booking", "ExpediaAlerts": "ota"} | {
    "AgodaAlerts": "ota",
    "Iyzico": "iyzico",
}
HEADERS = (
    *("x-hub-signature-256", "x-twilio-signature", "webhook-id", "webhook-timestamp", "webhook-signature"),
    *("authorization", "x-iyz-signature-v3", "content-type"),
)


def is_an_answer(received: Received) -> bool:
    return not isinstance(received, tuple) or all(is_storable(one) for one in received)


def is_storable(one: Arrival) -> bool:
    """A number, and text that every database keeps."""
    texts = [one.provider_id, one.account, one.name, one.text, one.thread, one.about, one.subject]
    texts += [*one.facts.values(), *(handle.value for handle in (*one.handles, *one.former))]
    texts += [text for part in one.attachments for text in (part.name, part.ref, part.mime_type)]
    for text in texts:
        text.encode()
    is_aware = one.at is None or one.at.utcoffset() is not None
    return bool(one.provider_id) and is_aware and not any("\0" in text for text in texts)


@pytest.mark.parametrize("wire", EVERY_WIRE, ids=lambda wire: f"{type(wire).__name__}-{wire.channel}")
@SETTINGS
@given(body=st.binary(max_size=200), headers=st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=40)))
def test_any_bytes_with_any_headers_are_answered(wire: Wire, body: bytes, headers: dict[str, str]) -> None:
    assert is_an_answer(wire.receive(delivery(body, headers)))
    assert is_an_answer(wire.receive(proven(wire, body)))


@pytest.mark.parametrize("wire", EVERY_WIRE, ids=lambda wire: f"{type(wire).__name__}-{wire.channel}")
@SETTINGS
@given(url=st.text(max_size=60), method=st.sampled_from(["GET", "POST", ""]), remote=st.text(max_size=20))
def test_any_url_is_answered(wire: Wire, url: str, method: str, remote: str) -> None:
    for address in (url, f"https://[{url}", f"https://hotel.example/{url}?{url}"):
        assert is_an_answer(wire.receive(Delivery(b"{}", {"x-twilio-signature": url}, address, NOW, method, remote)))


def mutated(value: object, place: int, new: object) -> tuple[object, int]:
    """The value with its `place`th node replaced, and how many nodes it has from there."""
    if place == 0:
        return new, -1
    place -= 1
    if isinstance(value, dict):
        fields = {}
        for name, one in value.items():
            fields[name], place = mutated(one, place, new) if place >= 0 else (one, place)
        return fields, place
    if isinstance(value, list):
        rows = []
        for one in value:
            changed, place = mutated(one, place, new) if place >= 0 else (one, place)
            rows.append(changed)
        return rows, place
    return value, place


@pytest.mark.parametrize("wire", EVERY_WIRE, ids=lambda wire: f"{type(wire).__name__}-{wire.channel}")
@SETTINGS
@given(data=st.data())
def test_a_wrong_type_anywhere_in_a_real_body_is_answered_alike_each_time(wire: Wire, data: st.DataObject) -> None:
    own = OWN.get(type(wire).__name__, "whatsapp")
    name = data.draw(st.sampled_from([one for one in BODIES if one.endswith(".json") and one.startswith(own)]))
    value, _ = mutated(msgspec.json.decode(fixture(name)), data.draw(st.integers(1, 120)), data.draw(VALUES))
    body = msgspec.json.encode(value) if _is_small(value) else b"{}"
    first = wire.receive(proven(wire, body))
    assert is_an_answer(first)
    assert wire.receive(proven(wire, body)) == first


def _is_small(value: object) -> bool:
    try:
        msgspec.json.encode(value)
    except (OverflowError, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("wire", EVERY_WIRE, ids=lambda wire: f"{type(wire).__name__}-{wire.channel}")
def test_another_providers_body_is_answered(wire: Wire, name: str) -> None:
    body = fixture(name)
    assert is_an_answer(wire.receive(proven(wire, body)))
    for cut in range(0, len(body), max(1, len(body) // 6)):
        assert is_an_answer(wire.receive(proven(wire, body[:cut])))


@pytest.mark.parametrize("wire", EVERY_WIRE, ids=lambda wire: f"{type(wire).__name__}-{wire.channel}")
@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 20_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"entry":[' + b"1," * 5_000 + b"1]}",
        b'{"a":' + b"9" * 100_000 + b"}",
        b'{"a":1e999999}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"\\u0000":"\\u0000"}',
        b"a=1&" * 5_000,
        b"%00=%ff&%u=%",
        b"From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\n\nx\n" * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000,
        b"From: " + b"(" * 50_000,
        b"Content-Type: text/plain; " + b"".join(b"x*%d=a; " % n for n in range(20_000)) + b"\r\n\r\nhi",
    ],
    ids=lambda body: repr(body[:16]),
)
def test_bombs_are_answered(wire: Wire, body: bytes) -> None:
    assert is_an_answer(wire.receive(proven(wire, body)))


@SETTINGS
@given(data=st.data())
def test_any_mail_is_kept(data: st.DataObject) -> None:
    lines = st.sampled_from(
        [
            *(b"From: =?utf-8?b?//8=?= <a@b.test>", b"From: a@b, <>,(((", b"To: \xff\xfe", b"Subject: =?x?q?=FF?="),
            *(b"Content-Type: multipart/mixed", b'Content-Type: multipart/mixed; boundary=""', b"\xff: y"),
            *(b"Content-Type: text/plain; charset*0*=x''%ff; charset*1=z", b"Content-Transfer-Encoding: base64"),
            *(
                b"Content-Disposition: attachment; filename*=utf-99''%ff",
                b"Date: 99 Foo",
                b"References: <a> <b",
            ),
            *(b"Authentication-Results: mx.hotel.example; dmarc=pass header.from=", b"Message-ID: \x00<>", b"", b"--"),
            *(b"Content-Type: message/rfc822", b"content", b"Date: Sat, 10 Jul 9999 99:99:99 +9999", b"=?utf-8?q?"),
        ]
    )
    raw = b"\r\n".join(data.draw(st.lists(lines | st.binary(max_size=30), max_size=14)))
    found = MAILBOX.receive(delivery(raw))
    assert isinstance(found, tuple)
    assert len(found) == 1
    assert is_storable(found[0])
    assert MAILBOX.receive(delivery(raw)) == found


@SETTINGS
@given(rows=st.lists(VALUES, max_size=6))
def test_no_row_of_a_batch_is_lost_whatever_it_is(rows: list[object]) -> None:
    try:
        body = msgspec.json.encode({"data": {"messages": rows}})
    except (OverflowError, ValueError):
        return
    received = BOOKING.receive(delivery(body))
    assert isinstance(received, Unreadable) or (isinstance(received, tuple) and len(received) == len(rows))


@SETTINGS
@given(given_hash=st.text(max_size=60), name=st.sampled_from(["token", "status", "iyziEventType", "paymentId"]))
def test_no_made_up_proof_of_a_payment_is_believed(given_hash: str, name: str) -> None:
    body = msgspec.json.encode({name: given_hash, "iyziReferenceCode": "r"})
    assert isinstance(IYZICO.receive(delivery(body, {"x-iyz-signature-v3": given_hash})), Unbelieved)
    assert isinstance(PAYTR.receive(delivery(b"merchant_oid=1&callback_id=2&hash=" + given_hash.encode())), Unbelieved)


def test_a_token_in_another_place_of_the_path_does_not_open_the_door() -> None:
    from tests.unit.channels.posting import CTI

    assert isinstance(CTI.receive(delivery(path=f"/hooks/{TOKEN}/cti-with-a-long-name")), Unbelieved)


@SETTINGS
@given(data=st.data())
def test_a_wrong_type_in_one_message_leaves_the_others_as_they_were(data: st.DataObject) -> None:
    body = msgspec.json.decode(fixture("whatsapp/messages.json"))
    rows = body["entry"][0]["changes"][0]["value"]["messages"]
    whole = WHATSAPP.receive(from_graph(msgspec.json.encode(body)))
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place], _ = mutated(rows[place], data.draw(st.integers(0, 9)), data.draw(st.lists(st.booleans())))
    damaged = WHATSAPP.receive(from_graph(msgspec.json.encode(body)))
    assert isinstance(whole, tuple)
    assert isinstance(damaged, tuple)
    assert len(damaged) == len(whole)
    assert [one for spot, one in enumerate(damaged) if spot != place] == [
        one for spot, one in enumerate(whole) if spot != place
    ]
