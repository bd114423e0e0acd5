"""What senders of short messages and mail servers tell of our messages, taken apart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from integration.adapters.carriers.sms import verimor_report
from integration.adapters.channels.mail import Mailbox
from integration.ports.channels import Arrival, ArrivalKind, Greeting, SignatureFault, Unbelieved, Unreadable
from pms_mock.channels.callbacks import bounce
from pms_mock.channels.memory import Sent
from tests.unit.channels.posting import VERIMOR_SMS, delivery, fixture, proven

BOX = Mailbox("reservations@hotel.example")
OURS = "out_000001@hotel.example"
SENT = Sent(1, "smtp", 1_800_000_000_000, "smtp.1", OURS, "anna@example.com", {"headers": {"from": "h@hotel.example"}})


def rows(body: bytes) -> tuple[Arrival, ...]:
    found = VERIMOR_SMS.receive(delivery(body))
    assert isinstance(found, tuple)
    return found


def test_each_row_is_a_receipt_of_our_own_number_and_what_guests_write_is_left_alone() -> None:
    arrived, lost, waits, inbound = rows(fixture("verimor/sms_reports.json"))
    assert [one.kind for one in (arrived, lost, waits)] == [ArrivalKind.RECEIPT] * 3
    assert (arrived.facts["status"], arrived.facts["outbox_id"], arrived.about) == (
        "delivered", "out_000001", "5000001",
    )  # fmt: skip
    assert arrived.at == datetime(2026, 7, 10, 11, 5, tzinfo=UTC)
    assert (lost.facts["status"], lost.facts["code"], lost.facts["operator_code"]) == ("failed", "not_delivered", "27")
    assert (waits.facts["status"], "outbox_id" in waits.facts) == ("sent", False)
    assert inbound.kind is ArrivalKind.OTHER


def test_the_same_report_has_the_same_number_and_another_status_another_one() -> None:
    first, again = (rows(fixture("verimor/sms_reports.json"))[0].provider_id for _ in range(2))
    later = rows(fixture("verimor/sms_reports.json").replace(b"DELIVERED", b"EXPIRED", 1))[0].provider_id
    assert (first == again, first == later) == (True, False)


def test_a_report_without_the_secret_in_its_path_is_not_believed() -> None:
    body = fixture("verimor/sms_reports.json")
    assert VERIMOR_SMS.receive(delivery(body, path="/hooks/any")) == Unbelieved(SignatureFault.MISSING)
    wrong = delivery(body, path="/hooks/any/another-secret-of-length")
    assert VERIMOR_SMS.receive(wrong) == Unbelieved(SignatureFault.WRONG)


@pytest.mark.parametrize("body", [b"{}", b"[", b"5", b'[1], "rows": []', b"]["])
def test_what_is_no_list_of_rows_is_unreadable_or_kept(body: bytes) -> None:
    found = VERIMOR_SMS.receive(delivery(body))
    assert isinstance(found, Unreadable) or all(one.kind is ArrivalKind.OTHER for one in found)  # type: ignore[union-attr]


def test_an_empty_test_is_greeted() -> None:
    assert VERIMOR_SMS.receive(delivery(b"")) == Greeting("OK")


@pytest.mark.parametrize(
    ("word", "status"),
    [("DELIVERED", "delivered"), ("SENDING", "sent"), ("WAITING", "sent"), ("SENT", "sent"), ("EXPIRED", "failed"),
     ("BLACKLISTED_DESTINATION_ADDRESS", "failed"), ("", "")],
)  # fmt: skip
def test_verimors_words_for_how_a_message_stands(word: str, status: str) -> None:
    assert verimor_report(word).status == status


def mail(raw: bytes) -> Arrival:
    found = BOX.receive(proven(BOX, raw))
    assert isinstance(found, tuple)
    return found[0]


def test_a_mail_servers_report_on_our_mail_is_a_receipt() -> None:
    found = mail(bounce(SENT, "5.2.2"))
    assert (found.kind, found.about) == (ArrivalKind.RECEIPT, OURS)
    assert {name: found.facts[name] for name in ("status", "code", "outbox_id")} == {
        "status": "failed", "code": "5.2.2", "outbox_id": "out_000001",
    }  # fmt: skip
    assert found.handles == ()


def test_a_report_that_brings_the_whole_mail_back_is_read_too() -> None:
    raw = bounce(SENT).replace(b"text/rfc822-headers; charset=us-ascii", b"message/rfc822")
    assert mail(raw).facts["outbox_id"] == "out_000001"


@pytest.mark.parametrize(
    "change",
    [
        (b"report-type=delivery-status", b"report-type=disposition-notification"),
        (b"multipart/report", b"multipart/mixed"),
        (b"out_000001@", b"somebody@"),
        (b"Action: failed", b"Action: eaten"),
        (b"message/delivery-status", b"text/plain"),
        (b"Message-ID: <out", b"X-Message-ID: <out"),
    ],
)
def test_any_other_mail_stays_a_mail(change: tuple[bytes, bytes]) -> None:
    assert mail(bounce(SENT).replace(*change)).kind is ArrivalKind.MESSAGE


def test_a_report_that_is_cut_anywhere_raises_nothing() -> None:
    raw = bounce(SENT)
    kinds = {mail(raw[:end]).kind for end in range(0, len(raw), 7)}
    assert kinds <= {ArrivalKind.RECEIPT, ArrivalKind.MESSAGE, ArrivalKind.OTHER}


def test_two_reports_on_one_mail_are_two_events() -> None:
    delayed, failed = (
        mail(bounce(SENT, status, action)) for status, action in (("4.4.1", "delayed"), ("5.4.1", "failed"))
    )
    assert (delayed.facts["status"], failed.facts["status"]) == ("sent", "failed")
    assert delayed.provider_id != failed.provider_id
    assert mail(bounce(replace(SENT, number=2))).provider_id != failed.provider_id
