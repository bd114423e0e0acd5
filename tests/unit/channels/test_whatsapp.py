"""WhatsApp: proofs on raw bytes, every type of message, people with and without a number, batches."""

import re

import pytest

from domain.contact import Handle, Sender
from domain.guest import IdentityKind
from integration.adapters.channels.whatsapp import WhatsApp
from integration.adapters.phones import GuestPhones
from integration.errors import ConfigurationError
from integration.ports.channels import ArrivalKind, Greeting, SignatureFault, Unbelieved, Unreadable
from tests.unit.channels.posting import (
    APP_SECRET,
    VERIFY,
    WHATSAPP,
    arrivals,
    as_json,
    delivery,
    fixture,
    from_graph,
    kinds,
    only,
)

NUMBER = Handle(IdentityKind.PHONE, "+905000000012")
BSUID = Handle(IdentityKind.WHATSAPP_USER, "TR.13491208655302741918", "pf-1")


def envelope(*messages: object, contacts: tuple[object, ...] = ()) -> dict[str, object]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "902420000001", "phone_number_id": "106"},
        "contacts": list(contacts),
        "messages": list(messages),
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102", "changes": [{"field": "messages", "value": value}]}],
    }


def a_text(number: str = "wamid.1", body: object = "Merhaba") -> dict[str, object]:
    return {"from": "905000000012", "id": number, "timestamp": "1783681500", "type": "text", "text": {"body": body}}


def test_metas_golden_signature_is_believed() -> None:
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    mark = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
    assert WHATSAPP.receive(delivery(body, {"x-hub-signature-256": mark})) == ()


def test_the_signature_is_of_the_bytes_and_not_of_what_they_mean() -> None:
    sent = as_json(envelope(a_text(body="ışık 🙏")))
    escaped = sent.replace("ışık 🙏".encode(), rb"\u0131\u015f\u0131k \ud83d\ude4f")
    mark = from_graph(sent).headers
    assert only(WHATSAPP.receive(from_graph(escaped))).text == "ışık 🙏"
    assert WHATSAPP.receive(delivery(escaped, mark)) == Unbelieved(SignatureFault.WRONG)


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        ({}, SignatureFault.MISSING),
        ({"x-hub-signature-256": ""}, SignatureFault.MISSING),
        ({"x-hub-signature-256": "sha256=00"}, SignatureFault.WRONG),
        ({"x-hub-signature-256": "\udcff"}, SignatureFault.WRONG),
    ],
)
def test_missing_and_wrong_are_told_apart(headers: dict[str, str], fault: SignatureFault) -> None:
    assert WHATSAPP.receive(delivery(b"{}", headers)) == Unbelieved(fault)


def test_both_secrets_are_believed_while_one_replaces_the_other() -> None:
    wire = WhatsApp.of(["the new secret", APP_SECRET], VERIFY)
    assert isinstance(wire.receive(from_graph(b"{}", "the new secret")), tuple)
    assert isinstance(wire.receive(from_graph(b"{}")), tuple)
    assert wire.receive(from_graph(b"{}", "a third one")) == Unbelieved(SignatureFault.WRONG)


@pytest.mark.parametrize("secrets", [[], [""], ["short"], [APP_SECRET, ""]])
def test_an_empty_secret_is_refused_because_anybody_could_sign_with_it(secrets: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        WhatsApp.of(secrets, VERIFY)


def test_a_challenge_with_our_token_is_given_back_and_another_is_not() -> None:
    asked = f"/hooks/whatsapp?hub.mode=subscribe&hub.verify_token={VERIFY}&hub.challenge=1158201444"
    assert WHATSAPP.receive(delivery(path=asked, method="GET")) == Greeting("1158201444")
    wrong = asked.replace(VERIFY, "another")
    assert WHATSAPP.receive(delivery(path=wrong, method="GET")) == Unbelieved(SignatureFault.WRONG)
    assert WHATSAPP.receive(delivery(path="/hooks/whatsapp", method="GET")) == Unbelieved(SignatureFault.MISSING)


def test_every_type_of_message_is_read() -> None:
    found = arrivals(WHATSAPP.receive(from_graph(fixture("whatsapp/messages.json"))))
    assert {one.kind for one in found} == {ArrivalKind.MESSAGE}
    assert all(one.handles == (NUMBER, BSUID) and one.name == "Ayşe İlkışık" and one.at for one in found)
    assert [one.text for one in found] == [
        "Merhaba, 10 Temmuz için İki kişilik oda var mı? ışık 🙏",
        *("bu oda mı?", "", "teklif", "", "", "Belek Serik, Antalya", "", "2. seçenek", "Junior Suite", "Sent"),
        *("Evet", "", "", "", "Reklamdan geldim"),
    ]
    assert [one.attachments[0].kind if one.attachments else "" for one in found] == [
        *("", "image", "video", "document", "audio", "sticker", "location", "contact", "", "", "", ""),
        *("unknown", "unknown", "unknown", ""),
    ]
    assert found[3].attachments[0].name == "teklif İmzalı.pdf"
    assert found[6].attachments[0].ref == "36.85,31.05"
    assert (found[8].about, found[8].facts["choice"]) == ("wamid.OURS1", "offer-2")
    assert found[13].facts == {"type": "unsupported", "code": "131051"}
    assert found[14].facts == {"type": "hologram"}
    assert found[15].facts["source_id"] == "120212"


def test_the_card_of_somebody_else_is_no_handle_of_the_sender() -> None:
    card = arrivals(WHATSAPP.receive(from_graph(fixture("whatsapp/messages.json"))))[7]
    assert card.attachments[0].name == "Ольга П."
    assert card.handles == (NUMBER, BSUID)


def test_a_reaction_an_edit_and_a_deletion_are_about_a_message_and_are_none() -> None:
    found = arrivals(WHATSAPP.receive(from_graph(fixture("whatsapp/about.json"))))
    assert [(one.kind, one.about, one.text) for one in found] == [
        (ArrivalKind.REACTION, "wamid.OURS1", "👍🏽"),
        (ArrivalKind.REACTION, "wamid.OURS1", ""),
        (ArrivalKind.MESSAGE_EDITED, "wamid.THEIRS1", "11 Temmuz"),
        (ArrivalKind.MESSAGE_DELETED, "wamid.THEIRS2", ""),
    ]
    assert len({one.provider_id for one in found}) == 4


def test_a_writer_without_a_number_is_known_by_his_business_scoped_id() -> None:
    found = only(WHATSAPP.receive(from_graph(fixture("whatsapp/without_number.json"))))
    assert found.handles == (Handle(IdentityKind.WHATSAPP_USER, "DK.0rQ7xPz1Kf", "pf-1"),)
    assert (found.name, found.facts["username"]) == ("Søren 🌊", "soren.travels")


def test_a_changed_number_names_the_old_handle_and_the_new() -> None:
    moved, renamed, reinstalled, unknown = arrivals(WHATSAPP.receive(from_graph(fixture("whatsapp/system.json"))))
    assert (moved.former, moved.handles) == ((NUMBER,), (Handle(IdentityKind.PHONE, "+905000000013"),))
    assert [one.value for one in (*renamed.former, *renamed.handles)] == ["TR.111", "TR.222"]
    assert reinstalled.former == reinstalled.handles == (NUMBER,)
    assert {moved.kind, renamed.kind, reinstalled.kind} == {ArrivalKind.HANDLE_CHANGED}
    assert unknown.kind is ArrivalKind.OTHER


def test_receipts_carry_status_reason_and_our_own_number() -> None:
    read, delivered, failed = arrivals(WHATSAPP.receive(from_graph(fixture("whatsapp/statuses.json"))))
    assert [one.facts["status"] for one in (read, delivered, failed)] == ["read", "delivered", "failed"]
    assert (read.about, read.handles) == ("wamid.OURS1", (NUMBER, BSUID))
    assert delivered.facts["outbox_id"] == "out_01J"
    assert failed.facts["code"] == "131047"
    assert delivered.provider_id == "wamid.OURS1:delivered:1783681505"


def test_a_call_over_whatsapp_begins_and_ends() -> None:
    rings, ends = arrivals(WHATSAPP.receive(from_graph(fixture("whatsapp/calls.json"))))
    assert (rings.kind, ends.kind) == (ArrivalKind.CALL_RINGING, ArrivalKind.CALL_ENDED)
    assert rings.thread == ends.thread == "wacid.ABGG1"
    assert (ends.facts["talk_s"], ends.facts["direction"], ends.handles[0]) == ("120", "in", NUMBER)


def test_what_a_colleague_wrote_in_the_app_is_ours_and_belongs_to_the_guest() -> None:
    found = only(WHATSAPP.receive(from_graph(fixture("whatsapp/echoes.json"))))
    assert (found.sender, found.handles) == (Sender.AGENT, (NUMBER,))


def test_a_change_of_an_unknown_kind_is_kept_as_other_with_a_stable_number() -> None:
    first = only(WHATSAPP.receive(from_graph(fixture("whatsapp/template_status.json"))))
    again = only(WHATSAPP.receive(from_graph(fixture("whatsapp/template_status.json"))))
    assert first.kind is ArrivalKind.OTHER
    assert first.provider_id == again.provider_id
    assert re.fullmatch(r"digest:[0-9a-f]{32}", first.provider_id)


def test_a_thousand_messages_in_one_body_are_a_thousand_arrivals() -> None:
    people = [{"profile": {"name": f"N{n}"}, "wa_id": f"90500000{n:04d}"} for n in range(1000)]
    rows = [{**a_text(f"wamid.{n}"), "from": f"90500000{n:04d}"} for n in range(1000)]
    found = arrivals(WHATSAPP.receive(from_graph(as_json(envelope(*rows, contacts=tuple(people))))))
    assert len({one.provider_id for one in found}) == 1000
    assert (found[999].name, found[999].handles[0].value) == ("N999", "+905000000999")


def test_a_body_of_four_megabytes_is_read() -> None:
    text = "Ж" * 2_000_000
    assert only(WHATSAPP.receive(from_graph(as_json(envelope(a_text(body=text)))))).text == text


def test_one_message_of_the_wrong_type_does_not_take_the_batch_with_it() -> None:
    rows = [a_text("wamid.1"), a_text("wamid.2", body=["no", "text"]), 5, None, a_text("wamid.3")]
    body = as_json(envelope(*rows))
    found = arrivals(WHATSAPP.receive(from_graph(body)))
    assert [one.kind.value for one in found] == ["message", "other", "other", "other", "message"]
    assert found[1].facts["why"] == "Not of the expected type: value.messages.text.body."
    assert len({one.provider_id for one in found}) == 5
    assert [one.provider_id for one in arrivals(WHATSAPP.receive(from_graph(body)))] == [
        one.provider_id for one in found
    ]


def test_half_an_emoji_and_a_nul_are_mended_and_nothing_else_changes() -> None:
    body = as_json(envelope(a_text(body="HALF"), a_text("wamid.2", "ok"))).replace(b"HALF", rb"a\ud83d\u0000b")
    first, second = arrivals(WHATSAPP.receive(from_graph(body)))
    assert (first.text, second.text) == ("a\ufffdb", "ok")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b"[]", b"NaN", b"5", b"[" * 100_000, b'{"a":' * 100_000])
def test_a_proven_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    assert isinstance(WHATSAPP.receive(from_graph(body)), Unreadable)


def test_a_name_that_stands_twice_counts_once_the_last_time() -> None:
    body = as_json(envelope(a_text(body="B"))).replace(b'"body":"B"', b'"body":"A","body":"B"')
    assert only(WHATSAPP.receive(from_graph(body))).text == "B"


def test_a_number_the_numbering_plan_does_not_know_stays_as_it_came() -> None:
    row = {**a_text(), "from": "447700900123"}
    assert only(WHATSAPP.receive(from_graph(as_json(envelope(row))))).handles[0].value == "+447700900123"


def test_kinds_of_an_empty_change_are_other() -> None:
    assert kinds(WHATSAPP.receive(from_graph(as_json(envelope())))) == [ArrivalKind.OTHER]


@pytest.mark.parametrize("number", ["905000000012", "491713920055", "79000000012", "31612345678", "442079460123"])
def test_whatsapps_spelling_of_a_number_is_that_of_every_other_channel(number: str) -> None:
    row = {**a_text(), "from": number}
    spelt = only(WHATSAPP.receive(from_graph(as_json(envelope(row))))).handles[0].value
    assert spelt == GuestPhones().normalise(f"+{number}")
