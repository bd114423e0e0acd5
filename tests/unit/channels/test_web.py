"""Web chat, web form and partners under Standard Webhooks."""

from datetime import timedelta

import pytest

from domain.contact import Sender, Vouching
from domain.guest import IdentityKind
from integration.adapters.channels.standard import StandardKeys, signature
from integration.errors import ConfigurationError
from integration.ports.channels import ArrivalKind, SignatureFault, Unbelieved
from tests.unit.channels.posting import CHAT, FORM, NOW, PARTNER, as_json, delivery, fixture, only, standard


def test_the_specifications_golden_vector_is_reproduced() -> None:
    key = StandardKeys.of(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "chat").keys[0]
    made = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert made == b"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_true_signature_of_another_time_is_old(seconds: int) -> None:
    sent = NOW + timedelta(seconds=seconds)
    assert CHAT.receive(standard(b"{}", sent=sent)) == Unbelieved(SignatureFault.OLD)
    assert CHAT.receive(standard(b"{}", sent=sent, key=b"x" * 32)) == Unbelieved(SignatureFault.WRONG)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_of_the_three_headers_is_needed(name: str) -> None:
    headers = {one: value for one, value in standard(b"{}").headers.items() if one != name}
    assert CHAT.receive(delivery(b"{}", headers)) == Unbelieved(SignatureFault.MISSING)


def test_a_replaced_key_is_believed_beside_the_new_one() -> None:
    came = standard(fixture("web/message.json"))
    both = {**came.headers, "webhook-signature": f"v1,AAAA v2,no {came.headers['webhook-signature']}"}
    assert only(CHAT.receive(delivery(came.body, both))).kind is ArrivalKind.MESSAGE
    none = {**came.headers, "webhook-signature": "v1,AAAA nonsense ,"}
    assert CHAT.receive(delivery(came.body, none)) == Unbelieved(SignatureFault.WRONG)


@pytest.mark.parametrize("secrets", [[], ["whsec_"], ["whsec_c2hvcnQ="], ["not base64 !"]])
def test_a_secret_of_fewer_than_24_bytes_is_refused(secrets: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        StandardKeys.of(secrets, "chat")


def test_a_chat_message_is_vouched_for_by_the_site_and_what_was_typed_is_a_claim() -> None:
    found = only(CHAT.receive(standard(fixture("web/message.json"), "msg_5")))
    assert (found.provider_id, found.thread, found.language) == ("msg_5", "chat-5", "ru")
    assert found.text == "Есть ли детский клуб? 👶"
    assert [(one.kind, one.value, one.vouching) for one in found.handles] == [
        (IdentityKind.WEB_VISITOR, "v-77", Vouching.NETWORK),
        (IdentityKind.PHONE, "+905000000012", Vouching.CLAIMED),
        (IdentityKind.EMAIL, "olga@example.test", Vouching.CLAIMED),
    ]
    assert found.attachments[0].kind == "image"


def test_what_the_sites_machine_wrote_stops_no_clock() -> None:
    body = fixture("web/message.json").replace(b'"visitor_id"', b'"sender": "automatic", "visitor_id"')
    found = only(CHAT.receive(standard(body)))
    assert (found.sender, found.is_automatic) == (Sender.AUTOMATIC, True)


def test_a_lead_carries_dates_people_source_and_consent() -> None:
    found = only(FORM.receive(standard(fixture("web/lead.json"))))
    assert (found.kind, found.name, found.language, found.text) == (
        ArrivalKind.LEAD,
        "Klaus Beispiel",
        "de",
        "Meerblick bitte",
    )
    expected = {
        "check_in": "2027-07-10",
        "nights": "7",
        "adults": "2",
        "child_ages": "4,9",
        "source": "google",
        "lead_id": "8812",
        "consent": "commercial_email",
        "hotel": "BELEK1",
    }
    assert expected.items() <= found.facts.items()
    assert "unread" not in found.facts


def test_a_lead_with_odd_fields_is_still_a_lead_and_says_which() -> None:
    data = {"name": 7, "phone": "0500 000 00 12", "check_in": "soon", "adults": "two", "nights": 0, "child_ages": [{}]}
    found = only(PARTNER.receive(standard(as_json({"type": "lead.created", "data": data}))))
    assert found.kind is ArrivalKind.LEAD
    assert found.handles[0].value == "+905000000012"
    assert set(found.facts["unread"].split(", ")) == {
        *("data.name", "data.check_in", "data.adults", "data.nights", "data.child_ages")
    }
    assert found.facts["source"] == "tour-agency"


@pytest.mark.parametrize("body", [{"type": "x"}, {"type": "message.created"}, {"type": 5, "data": {"text": "a"}}])
def test_an_event_we_do_not_know_is_kept_under_its_own_number(body: object) -> None:
    found = only(CHAT.receive(standard(as_json(body), "msg_9")))
    assert (found.kind, found.provider_id) == (ArrivalKind.OTHER, "msg_9")
