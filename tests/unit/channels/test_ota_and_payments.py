"""Messages inside OTAs, and payment providers' notices."""

import pytest

from domain.contact import Handle, Sender
from domain.guest import IdentityKind
from integration.adapters.channels.iyzico import Iyzico
from integration.adapters.channels.ota import number_to_confirm
from integration.adapters.channels.paytr import PayTr
from integration.adapters.channels.proof import hmac_sha256
from integration.errors import ConfigurationError
from integration.ports.channels import ArrivalKind, SignatureFault, Unbelieved, Unreadable
from tests.unit.channels.posting import (
    AGODA,
    BOOKING,
    EXPEDIA,
    IYZICO,
    IYZICO_SECRET,
    PAYTR,
    TOKEN,
    arrivals,
    as_json,
    delivery,
    fixture,
    from_iyzico,
    only,
)

STAY = (Handle(IdentityKind.OTA_RESERVATION, "3812391309", "booking"),)
HOSTED = "CHECKOUT_FORM_AUTH2490000100000000-feed-4000-8000-000000000001opt_01JSUCCESS"


def test_a_pulled_batch_is_messages_of_one_conversation() -> None:
    asked, answered, redacted = arrivals(BOOKING.receive(delivery(fixture("booking/latest.json"))))
    assert {one.handles for one in (asked, answered, redacted)} == {STAY}
    assert {one.thread for one in (asked, answered, redacted)} == {"f3a9c29d-480d"}
    assert (asked.account, asked.name, asked.text) == ("booking/4321", "Jan K.", "Can we check in at 10:00?")
    assert (answered.sender, answered.name) == (Sender.AGENT, "")
    assert (redacted.text, redacted.facts["redacted"]) == ("", "yes")


def test_the_whole_batch_is_confirmed_also_what_could_not_be_read() -> None:
    assert number_to_confirm(fixture("booking/latest.json")) == 3
    assert number_to_confirm(as_json({"data": {"messages": [1, 2]}})) == 2
    assert number_to_confirm(b"no") == 0
    found = arrivals(BOOKING.receive(delivery(as_json({"data": {"messages": [1, {"message_id": "m"}]}}))))
    assert [one.kind for one in found] == [ArrivalKind.OTHER, ArrivalKind.MESSAGE]


def test_an_answer_that_is_no_batch_is_kept() -> None:
    assert isinstance(BOOKING.receive(delivery(b"<html>")), Unreadable)
    assert only(BOOKING.receive(delivery(b"{}"))).kind is ArrivalKind.OTHER


def test_thin_alerts_name_what_must_be_fetched() -> None:
    expedia = only(EXPEDIA.receive(delivery(fixture("ota/expedia.json"))))
    agoda = only(AGODA.receive(delivery(fixture("ota/agoda.json"), {"authorization": f"Bearer {TOKEN}"})))
    assert (expedia.provider_id, expedia.account, expedia.facts["fetch"]) == ("m-1", "expedia/987", "yes")
    assert (agoda.provider_id, agoda.thread) == ("0f6a1f9e-0000-4000-8000-000000000001", "c-9")
    assert [one.handles[0].scope for one in (expedia, agoda)] == ["expedia", "agoda"]


def test_alerts_without_their_proof_are_not_believed() -> None:
    assert EXPEDIA.receive(delivery(path="/hooks/expedia")) == Unbelieved(SignatureFault.MISSING)
    assert AGODA.receive(delivery(b"{}")) == Unbelieved(SignatureFault.MISSING)
    assert AGODA.receive(delivery(b"{}", {"authorization": "Bearer x"})) == Unbelieved(SignatureFault.WRONG)


def test_iyzico_signs_chosen_values_and_the_key_among_them() -> None:
    found = only(IYZICO.receive(from_iyzico(fixture("iyzico/hosted.json"), IYZICO_SECRET + HOSTED)))
    assert (found.kind, found.provider_id) == (ArrivalKind.PAYMENT, "b0a1")
    assert (found.facts["status"], found.facts["reference"]) == ("paid", "opt_01J")
    assert "amount" not in found.facts


def test_iyzicos_direct_format_signs_other_values() -> None:
    signed = IYZICO_SECRET + "PAYMENT_API24900002opt_02JFAILURE"
    found = only(IYZICO.receive(from_iyzico(fixture("iyzico/direct.json"), signed)))
    assert found.facts["status"] == "failed"


def test_a_subscription_of_iyzico_is_proven_and_left_alone() -> None:
    body = {
        "iyziEventType": "subscription.order.success",
        "subscriptionReferenceCode": "S",
        "orderReferenceCode": "O",
        "customerReferenceCode": "C",
        "iyziReferenceCode": "r",
    }
    signed = "3400001" + IYZICO_SECRET + "subscription.order.successSOC"
    assert only(IYZICO.receive(from_iyzico(as_json(body), signed))).kind is ArrivalKind.OTHER


def test_iyzico_is_not_believed_without_the_key_with_the_raw_body_or_unread() -> None:
    body = fixture("iyzico/hosted.json")
    raw = {"x-iyz-signature-v3": hmac_sha256(IYZICO_SECRET.encode(), body).hex()}
    assert IYZICO.receive(delivery(body)) == Unbelieved(SignatureFault.MISSING)
    assert IYZICO.receive(delivery(body, raw)) == Unbelieved(SignatureFault.WRONG)
    assert IYZICO.receive(from_iyzico(b"no json", IYZICO_SECRET)) == Unbelieved(SignatureFault.WRONG)
    changed = body.replace(b"SUCCESS", b"FAILURE")
    assert IYZICO.receive(from_iyzico(changed, IYZICO_SECRET + HOSTED)) == Unbelieved(SignatureFault.WRONG)


def test_paytrs_golden_hash_is_believed_and_answered_ok() -> None:
    found = only(PAYTR.receive(delivery(fixture("paytr/link.form"))))
    assert (found.kind, found.provider_id) == (ArrivalKind.PAYMENT, "OID1:success")
    expected = {"status": "paid", "amount": "34.56", "currency": "TRY", "reference": "CB1", "test": "yes"}
    assert expected.items() <= found.facts.items()
    assert PAYTR.answer == "OK"


def test_paytr_with_another_amount_is_not_believed() -> None:
    body = fixture("paytr/link.form")
    assert PAYTR.receive(delivery(body.replace(b"3456", b"9999"))) == Unbelieved(SignatureFault.WRONG)
    assert PAYTR.receive(delivery(b"merchant_oid=OID1")) == Unbelieved(SignatureFault.MISSING)


def test_a_links_proof_does_not_pass_for_an_iframes_with_a_longer_order_number() -> None:
    moved = fixture("paytr/link.form").replace(b"callback_id=CB1&", b"").replace(b"OID1", b"CB1OID1")
    assert PAYTR.receive(delivery(moved)) == Unbelieved(SignatureFault.WRONG)
    iframe = PayTr.of("100001", [("MERCHANTKEY", "SALT")], is_link=False)
    assert iframe.receive(delivery(fixture("paytr/link.form"))) == Unbelieved(SignatureFault.WRONG)


def test_payment_secrets_that_are_none_are_refused() -> None:
    for made in (lambda: Iyzico.of("1", [""]), lambda: PayTr.of("1", []), lambda: PayTr.of("1", [("MERCHANTKEY", "")])):
        with pytest.raises(ConfigurationError):
            made()
