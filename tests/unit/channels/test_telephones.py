"""The telephone wires: neutral CTI, Verimor, Netgsm and Twilio."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.contact import Handle
from domain.guest import IdentityKind
from integration.adapters.channels.cti import NeutralCti
from integration.adapters.channels.twilio import TwilioVoice, signature_of
from integration.errors import ConfigurationError
from integration.ports.channels import Arrival, ArrivalKind, Greeting, SignatureFault, Unbelieved, Wire
from tests.unit.channels.posting import (
    CTI,
    NETGSM,
    NOW,
    TOKEN,
    TWILIO,
    VERIMOR,
    arrivals,
    as_json,
    delivery,
    fixture,
    form,
    from_twilio,
    only,
)

CALLER = (Handle(IdentityKind.PHONE, "+905000000012"),)
GERMAN = (Handle(IdentityKind.PHONE, "+491713920055"),)
NEW_CALL = {"event": "newCall", "from": "05000000012", "to": "02420000001", "direction": "in", "callId": "c-1"}


@pytest.mark.parametrize("wire", [CTI, VERIMOR, NETGSM])
def test_without_a_signature_the_secret_path_is_the_proof(wire: Wire) -> None:
    assert wire.receive(delivery()) == Greeting("OK")
    assert wire.receive(delivery(path="/hooks/cti")) == Unbelieved(SignatureFault.MISSING)
    assert wire.receive(delivery(path=f"/hooks/cti/{TOKEN}x")) == Unbelieved(SignatureFault.WRONG)
    assert wire.receive(delivery(path=f"/hooks/cti/{TOKEN}/")) == Greeting("OK")


@pytest.mark.parametrize(
    ("remote", "is_believed"),
    [("198.51.100.7", True), ("::ffff:198.51.100.7", True), ("203.0.113.7", False), ("", False), ("not one", False)],
)
def test_a_list_of_addresses_keeps_others_out(remote: str, is_believed: bool) -> None:
    wire = NeutralCti.of("exchange", [TOKEN], ["198.51.100.0/24"])
    expected = Greeting("OK") if is_believed else Unbelieved(SignatureFault.WRONG)
    assert wire.receive(delivery(remote=remote)) == expected


@pytest.mark.parametrize(("tokens", "networks"), [(["short"], []), ([], []), ([TOKEN], ["300.1.2.3"])])
def test_a_door_that_does_not_close_is_refused(tokens: list[str], networks: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        NeutralCti.of("exchange", tokens, networks)


def test_neutral_events_come_as_json_or_as_a_form() -> None:
    by_json, by_form = only(CTI.receive(delivery(as_json(NEW_CALL)))), only(CTI.receive(delivery(form(**NEW_CALL))))
    assert by_json == by_form
    assert (by_json.kind, by_json.handles, by_json.thread) == (ArrivalKind.CALL_RINGING, CALLER, "c-1")
    assert by_json.facts == {"direction": "in", "dialled": "02420000001"}


def test_neutral_answer_and_hangup_carry_agent_and_cause() -> None:
    answered = {**NEW_CALL, "event": "answer", "answeringNumber": "1001", "user": ["Ali"]}
    ended = {**NEW_CALL, "event": "hangup", "cause": "noAnswer", "timestamp": "1783681500"}
    one, two = (only(CTI.receive(delivery(as_json(body)))) for body in (answered, ended))
    assert (one.kind, one.facts["agent"]) == (ArrivalKind.CALL_ANSWERED, "1001")
    assert (two.kind, two.facts["cause"]) == (ArrivalKind.CALL_ENDED, "no_answer")
    assert two.at == datetime(2026, 7, 10, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize("caller", ["anonymous", "", "1003", "+266696687"])
def test_a_withheld_number_and_an_extension_are_no_handle(caller: str) -> None:
    assert only(CTI.receive(delivery(as_json({**NEW_CALL, "from": caller})))).handles == ()


@pytest.mark.parametrize("caller", ["493055571600", "+49 30 55571600", "00493055571600"])
def test_a_number_that_begins_with_its_country_needs_no_plus(caller: str) -> None:
    arrival = only(CTI.receive(delivery(as_json({**NEW_CALL, "from": caller}))))
    assert [one.value for one in arrival.handles] == ["+493055571600"]


def test_an_outbound_call_belongs_to_the_one_who_was_rung() -> None:
    body = {**NEW_CALL, "direction": "out", "from": "1003", "to": "0049 171 3920055"}
    assert only(CTI.receive(delivery(as_json(body)))).handles == GERMAN


@pytest.mark.parametrize("odd", [{"event": "transfer"}, {"direction": "up"}, {"callId": ""}, {"callId": ["c"]}])
def test_a_neutral_event_that_is_none_is_other(odd: dict[str, object]) -> None:
    assert only(CTI.receive(delivery(as_json({**NEW_CALL, **odd})))).kind is ArrivalKind.OTHER


def verimor(name: str) -> Arrival:
    return only(VERIMOR.receive(delivery(fixture(f"verimor/{name}.form"))))


def test_verimors_clocks_are_those_of_istanbul() -> None:
    rings = verimor("ringing")
    assert rings.at == datetime(2027, 7, 10, 11, 5, tzinfo=UTC)
    assert (rings.kind, rings.handles, rings.facts["dialled"]) == (ArrivalKind.CALL_RINGING, CALLER, "02420000001")


def test_verimors_record_of_an_answered_call_has_wait_and_talk() -> None:
    ended = verimor("hangup")
    assert ended.kind is ArrivalKind.CALL_ENDED
    expected = {"wait_s": "20", "talk_s": "240", "missed": "no", "cause": "normal_clearing", "agent": "1001"}
    assert expected.items() <= ended.facts.items()
    assert ended.thread == verimor("answer").thread == verimor("ringing").thread
    assert len({ended.provider_id, verimor("answer").provider_id, verimor("ringing").provider_id}) == 3


def test_verimors_missed_call_is_known_from_its_record() -> None:
    missed = verimor("missed")
    assert (missed.facts["missed"], missed.facts["cause"], missed.facts["wait_s"]) == ("yes", "cancel", "45")


def test_a_filled_answer_time_decides_against_the_field_that_an_early_page_explains_the_other_way() -> None:
    body = fixture("verimor/hangup.form").replace(b"answered=true", b"answered=false")
    assert only(VERIMOR.receive(delivery(body))).facts["missed"] == "no"


def test_verimors_outbound_and_inside_calls() -> None:
    out, inside = verimor("outbound"), verimor("internal")
    assert (out.handles, out.facts["direction"], out.facts["agent"]) == (GERMAN, "out", "1003")
    assert (inside.kind, inside.handles) == (ArrivalKind.OTHER, ())


def netgsm() -> list[Arrival]:
    rows = msgspec.json.decode(fixture("netgsm/events.json"))
    return [only(NETGSM.receive(delivery(as_json(row)))) for row in rows]


def test_netgsms_events_and_its_record_are_of_one_call() -> None:
    rings, menu, queue, answered, ended, record, missed = netgsm()
    assert [one.kind.value for one in (rings, menu, queue, answered, ended, record, missed)] == [
        *("call_ringing", "other", "other", "call_answered", "call_ended", "call_ended", "call_ended"),
    ]
    assert {one.thread for one in (rings, menu, answered, ended, record)} == {"1783681500.3556"}
    assert {one.handles for one in (rings, answered, ended, record)} == {CALLER}
    assert (rings.at, answered.facts["wait_s"], ended.facts["talk_s"]) == (
        datetime(2026, 7, 10, 11, 5, 0, 926000, tzinfo=UTC),
        "14",
        "164",
    )
    assert len({one.provider_id for one in netgsm()}) == 7


def test_netgsms_record_says_direction_queue_and_whether_it_was_missed() -> None:
    record, missed = netgsm()[5:]
    assert (record.facts["direction"], record.facts["queue"], record.facts["missed"]) == ("in", "Rezervasyon", "no")
    assert record.at == datetime(2026, 7, 10, 11, 7, 44, tzinfo=UTC)
    assert missed.facts["missed"] == "yes"


def test_twilios_golden_signature_is_reproduced() -> None:
    signed = (
        "https://mycompany.com/myapp.php?foo=1&bar=2CallSidCA1234567890ABCDECaller+14158675309"
        "Digits1234From+14158675309To+18005551212"
    )
    assert signature_of(b"12345", signed.encode()) == b"RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("signed_url", "seen_url"),
    [
        ("https://hotel.example/hooks/twilio?a=1", "https://hotel.example:443/hooks/twilio?a=1"),
        ("https://hotel.example:443/hooks/twilio?a=1", "https://hotel.example/hooks/twilio?a=1"),
        ("https://hotel.example/hooks/twilio", "https://hotel.example:8443/hooks/twilio"),
    ],
)
def test_twilio_is_believed_with_and_without_the_port(signed_url: str, seen_url: str) -> None:
    from integration.ports.channels import Delivery

    mark = signature_of(b"12345678", (signed_url + "CallSidCACallStatusringing").encode()).decode()
    came = Delivery(form(CallSid="CA", CallStatus="ringing"), {"x-twilio-signature": mark}, seen_url, NOW)
    assert only(TWILIO.receive(came)).kind is ArrivalKind.CALL_RINGING


def test_twilio_wrong_and_missing_are_told_apart() -> None:
    body = fixture("twilio/ringing.form")
    assert TWILIO.receive(delivery(body)) == Unbelieved(SignatureFault.MISSING)
    other = TwilioVoice.of("exchange", ["another-token"])
    assert other.receive(from_twilio(body)) == Unbelieved(SignatureFault.WRONG)
    altered = delivery(body + b"&x=1", from_twilio(body).headers, "/hooks/twilio")
    assert TWILIO.receive(altered) == Unbelieved(SignatureFault.WRONG)


def test_a_repeated_field_is_signed_once_for_each_of_its_values() -> None:
    body = b"CallSid=CA&CallStatus=busy&Digits=2&Digits=1&Digits=2"
    assert only(TWILIO.receive(from_twilio(body))).kind is ArrivalKind.CALL_ENDED


def test_twilios_events_are_ordered_by_their_sequence_and_not_by_their_coming() -> None:
    done = only(TWILIO.receive(from_twilio(fixture("twilio/completed.form"))))
    rings = only(TWILIO.receive(from_twilio(fixture("twilio/ringing.form"))))
    assert (rings.facts["sequence"], done.facts["sequence"]) == ("0", "2")
    assert (rings.handles, rings.at) == (GERMAN, datetime(2027, 7, 10, 11, 5, tzinfo=UTC))
    assert (done.kind, done.facts["talk_s"], done.thread) == (ArrivalKind.CALL_ENDED, "93", rings.thread)


def test_a_json_body_of_twilio_is_proven_by_its_digest_in_the_query() -> None:
    import hashlib

    body = as_json({"CallSid": "CA", "CallStatus": "ringing"})
    path = f"/hooks/twilio?bodySHA256={hashlib.sha256(body).hexdigest()}"
    mark = signature_of(b"12345678", f"https://hotel.example{path}".encode()).decode()
    headers = {"x-twilio-signature": mark, "content-type": "application/json"}
    assert only(TWILIO.receive(delivery(body, headers, path))).kind is ArrivalKind.CALL_RINGING
    assert TWILIO.receive(delivery(body + b" ", headers, path)) == Unbelieved(SignatureFault.WRONG)


def test_every_fixture_is_one_delivery_that_stays_the_same() -> None:
    again = [only(VERIMOR.receive(delivery(fixture("verimor/missed.form")))) for _ in range(2)]
    assert again[0] == again[1]
    assert arrivals(VERIMOR.receive(delivery(fixture("verimor/missed.form")))) == (again[0],)
