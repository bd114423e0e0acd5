"""What is repeated, what is not, and what each failure means."""

import asyncio
from datetime import timedelta

import pytest

from domain.reservation import PmsRef
from integration.adapters.ohip.transport import AnswerLost, NeverLeft
from integration.errors import (
    ConfigurationError,
    PmsError,
    PmsOutcomeUnknown,
    PmsProtocolError,
    PmsRejected,
    PmsUnavailable,
)
from integration.ports.pms import BookingChange, BookingSearch, Deposit
from integration.settings import PmsCredentials
from tests.builders import a_hotel, eur, pms_terms
from tests.fakes.surroundings import NOW
from tests.unit.ohip.jumping import run_jumping
from tests.unit.ohip.scripted import Rig, ScriptedTransport, a_reply, a_rig

REF = PmsRef("351022")
GUARANTEES = {"resGuarantees": [{"guaranteeCode": "HOLD", "reserveInventory": True}]}
PROBLEM = {
    "type": "urn:x", "title": "No room for Deniz Yilmaz", "status": 400, "detail": "Deniz Yilmaz +905321112233",
    "o:errorCode": "RSV00001", "o:errorPath": "reservations.reservation[0].roomStay",
}  # fmt: skip


def read(rig: Rig) -> int:
    """One read through the adapter."""
    return len(run_jumping(lambda: rig.pms.read_guarantees(rig.hotel, NOW.date())))


def write(rig: Rig) -> None:
    """One write through the adapter."""
    run_jumping(lambda: rig.pms.reinstate_booking(rig.hotel, REF))


# ---- reads


def test_a_read_is_repeated_after_a_reset_and_then_answers() -> None:
    rig = a_rig(AnswerLost("reset"), a_reply(200, GUARANTEES))
    assert read(rig) == 1
    assert len(rig.transport.sent) == 2


@pytest.mark.parametrize("failure", [NeverLeft("refused"), AnswerLost("reset"), a_reply(500), a_reply(503)])
def test_a_read_is_repeated_twice_at_most(failure: object) -> None:
    rig = a_rig(failure)  # type: ignore[arg-type]
    with pytest.raises(PmsError):
        read(rig)
    assert len(rig.transport.sent) == 3


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (NeverLeft("refused"), PmsUnavailable),
        (a_reply(503, retry_after="1"), PmsUnavailable),
        (a_reply(429), PmsUnavailable),
        (a_reply(403), PmsUnavailable),
        (a_reply(401), PmsUnavailable),
        (AnswerLost("reset"), PmsUnavailable),
        (a_reply(500), PmsProtocolError),
        (a_reply(302), PmsProtocolError),
        (a_reply(200, b"<html>"), PmsProtocolError),
        (a_reply(200, b""), PmsProtocolError),
        (a_reply(200, {"resGuarantees": "none"}), PmsProtocolError),
        (a_reply(200, b"\xff\xfe"), PmsProtocolError),
        (a_reply(400, PROBLEM), PmsRejected),
        (a_reply(404), PmsRejected),
    ],
)
def test_each_failure_of_a_read_has_its_meaning(failure: object, kind: type[PmsError]) -> None:
    with pytest.raises(kind) as caught:
        read(a_rig(failure))  # type: ignore[arg-type]
    assert type(caught.value) is kind


@pytest.mark.parametrize("final", [a_reply(400, PROBLEM), a_reply(403), a_reply(200, b"<html>")])
def test_a_read_that_was_answered_is_not_repeated(final: object) -> None:
    rig = a_rig(final)  # type: ignore[arg-type]
    with pytest.raises(PmsError):
        read(rig)
    assert len(rig.transport.sent) == 1


def test_repeats_of_a_read_stay_inside_its_time_limit() -> None:
    async def story() -> float:
        rig = a_rig(a_reply(429, retry_after="3"))
        with pytest.raises(PmsUnavailable):
            await rig.pms.read_guarantees(rig.hotel, NOW.date())
        return asyncio.get_running_loop().time()

    assert run_jumping(story) <= 5.0


def test_repeats_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    read(a_rig(AnswerLost("reset"), a_reply(200, GUARANTEES)))
    assert capsys.readouterr() == ("", "")


def test_no_match_is_none() -> None:
    rig = a_rig(a_reply(204))
    assert run_jumping(lambda: rig.pms.read_booking(rig.hotel, REF)) is None


def test_a_reference_that_is_not_found_is_an_empty_answer_and_was_asked_for_with_our_system_code() -> None:
    rig = a_rig(a_reply(204))
    assert run_jumping(lambda: rig.pms.find_bookings(rig.hotel, BookingSearch(reference="SNT-1"))) == ()
    assert "externalReferenceIds=SNT-1&externalSystemCodes=SANTRAL" in rig.transport.sent[0].path


# ---- writes


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (NeverLeft("refused"), PmsUnavailable),
        (a_reply(429), PmsUnavailable),
        (a_reply(403), PmsUnavailable),
        (a_reply(400, PROBLEM), PmsRejected),
        (a_reply(404), PmsRejected),
        (a_reply(409), PmsRejected),
        (a_reply(413), PmsRejected),
        (AnswerLost("reset"), PmsOutcomeUnknown),
        (a_reply(408), PmsOutcomeUnknown),
        (a_reply(500, PROBLEM), PmsOutcomeUnknown),
        (a_reply(502), PmsOutcomeUnknown),
        (a_reply(503, retry_after="1"), PmsOutcomeUnknown),
        (a_reply(302, location="/elsewhere"), PmsOutcomeUnknown),
        (a_reply(200, b"<html>"), PmsOutcomeUnknown),
        (a_reply(200, b'{"reservations": ['), PmsOutcomeUnknown),
        (a_reply(200, b"[1]"), PmsOutcomeUnknown),
    ],
)
def test_each_failure_of_a_write_has_its_meaning_and_it_is_sent_once(failure: object, kind: type[PmsError]) -> None:
    rig = a_rig(failure)  # type: ignore[arg-type]
    with pytest.raises(kind) as caught:
        write(rig)
    assert type(caught.value) is kind
    assert len(rig.transport.sent) == 1


@pytest.mark.parametrize("success", [a_reply(200, {}), a_reply(200), a_reply(204), a_reply(201, {"links": []})])
def test_a_write_succeeds_with_any_readable_success(success: object) -> None:
    rig = a_rig(success)  # type: ignore[arg-type]
    write(rig)
    assert len(rig.transport.sent) == 1


def test_a_write_that_is_refused_for_its_token_is_sent_once_more_with_a_new_one() -> None:
    rig = a_rig(a_reply(401), a_reply(200, {}))
    write(rig)
    assert [request.token for request in rig.transport.sent] == ["t1", "t2"]
    assert [event for event, _ in rig.events] == ["pms_token_refused"]


def test_a_write_whose_second_token_is_refused_too_is_given_up() -> None:
    rig = a_rig(a_reply(401))
    with pytest.raises(PmsUnavailable):
        write(rig)
    assert len(rig.transport.sent) == 2


def test_a_lost_answer_after_a_refused_token_is_unknown() -> None:
    rig = a_rig(a_reply(401), AnswerLost("reset"))
    with pytest.raises(PmsOutcomeUnknown):
        write(rig)
    assert len(rig.transport.sent) == 2


def test_a_change_that_cannot_read_what_it_is_missing_changes_nothing_and_may_be_sent_again() -> None:
    rig = a_rig(a_reply(200, b"<html>"))
    change = BookingChange(room_type="FAM")
    with pytest.raises(PmsUnavailable):
        run_jumping(lambda: rig.pms.change_booking(rig.hotel, REF, change))
    assert {request.method for request in rig.transport.sent} == {"GET"}


# ---- 429


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (None, 1.0),
        ("soon", 1.0),
        ("Sat, 01 May 2027 09:00:30 GMT", 30.0),
        ("Fri, 30 Apr 2027 09:00:30 GMT", 0),
    ],
)
def test_a_throttled_call_says_when_to_come_back(header: str | None, seconds: float) -> None:
    rig = a_rig(a_reply(429, **({"retry_after": header} if header else {})))
    with pytest.raises(PmsUnavailable) as caught:
        write(rig)
    assert caught.value.retry_after == seconds


def test_after_a_429_nothing_is_sent_until_the_pms_wants_it() -> None:
    rig = a_rig(a_reply(429, retry_after="60"), a_reply(200, {}))

    async def story() -> None:
        for _ in range(2):
            with pytest.raises(PmsUnavailable):
                await rig.pms.reinstate_booking(rig.hotel, REF)
        assert len(rig.transport.sent) == 1
        await asyncio.sleep(61)
        await rig.pms.reinstate_booking(rig.hotel, REF)

    run_jumping(story)
    assert len(rig.transport.sent) == 2


def test_a_full_share_is_unavailable_with_a_time_to_come_back() -> None:
    hotel = a_hotel(pms=pms_terms(share_per_second=0.1, burst=1))
    rig = a_rig(a_reply(200, GUARANTEES), hotel=hotel)

    async def story() -> PmsUnavailable:
        await rig.pms.read_guarantees(hotel, NOW.date())
        with pytest.raises(PmsUnavailable) as caught:
            await rig.pms.read_guarantees(hotel, NOW.date())
        return caught.value

    error = run_jumping(story)
    assert error.retry_after == pytest.approx(10, abs=0.5)
    assert len(rig.transport.sent) == 1


# ---- tokens


def test_twenty_calls_at_once_fetch_one_token() -> None:
    rig = a_rig(a_reply(200, GUARANTEES))

    async def story() -> None:
        await asyncio.gather(*(rig.pms.read_guarantees(rig.hotel, NOW.date()) for _ in range(20)))

    run_jumping(story)
    assert len(rig.transport.tokens) == 1


def test_a_token_is_renewed_two_minutes_before_its_end() -> None:
    rig = a_rig(a_reply(200, GUARANTEES))
    read(rig)
    rig.clock.advance(seconds=3600 - 121)
    read(rig)
    assert len(rig.transport.tokens) == 1
    rig.clock.advance(seconds=2)
    read(rig)
    assert [request.token for request in rig.transport.sent] == ["t1", "t1", "t2"]


def test_a_read_with_a_refused_token_is_asked_again_with_a_new_one() -> None:
    rig = a_rig(a_reply(401), a_reply(200, GUARANTEES))
    assert read(rig) == 1
    assert [request.token for request in rig.transport.sent] == ["t1", "t2"]


def test_one_caller_that_gives_up_does_not_take_the_token_from_the_others() -> None:
    rig = a_rig(a_reply(200, GUARANTEES))

    async def story() -> int:
        first = asyncio.ensure_future(rig.pms.read_guarantees(rig.hotel, NOW.date()))
        second = asyncio.ensure_future(rig.pms.read_guarantees(rig.hotel, NOW.date()))
        await asyncio.sleep(0)
        first.cancel()
        return len(await second)

    assert run_jumping(story) == 1
    assert len(rig.transport.tokens) == 1


@pytest.mark.parametrize(
    "failure",
    [
        a_reply(401),
        a_reply(500),
        NeverLeft("refused"),
        AnswerLost("reset"),
        a_reply(200, {}),
        a_reply(200, {"access_token": "a\nb"}),
    ],
)
def test_a_write_without_a_token_never_left(failure: object) -> None:
    rig = a_rig(token_script=(failure,) * 3)  # type: ignore[arg-type]
    with pytest.raises(PmsUnavailable):
        write(rig)
    assert rig.transport.sent == []


def test_the_password_grant_is_used_with_a_user_name_and_client_credentials_without() -> None:
    rig = a_rig()
    read(rig)
    assert rig.transport.tokens[0].body == b"grant_type=password&username=user&password=word"
    rig = a_rig(credentials=PmsCredentials("client", "secret", "app-key", enterprise_id="ENT"))
    read(rig)
    request = rig.transport.tokens[0]
    assert (request.body or b"").startswith(b"grant_type=client_credentials&scope=")
    assert request.headers["enterpriseId"] == "ENT"
    assert request.headers["authorization"] == "Basic Y2xpZW50OnNlY3JldA=="


def test_a_credential_that_would_split_a_header_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigurationError):
        a_rig(credentials=PmsCredentials("client", "secret", "app\r\nx-evil: 1"))


# ---- what is told


def test_every_call_carries_key_hotel_and_token() -> None:
    rig = a_rig()
    read(rig)
    headers = rig.transport.sent[0].headers
    assert headers["authorization"] == "Bearer t1"
    assert headers["x-app-key"] == "app-key"
    assert headers["x-hotelid"] == "BELEK1"


def test_a_refusal_keeps_the_code_and_path_and_shows_nobodys_name() -> None:
    rig = a_rig(a_reply(400, PROBLEM))
    with pytest.raises(PmsRejected) as caught:
        write(rig)
    error = caught.value
    assert (error.status, error.pms_code, error.pms_path) == (
        400, "RSV00001", "reservations.reservation[0].roomStay",
    )  # fmt: skip
    assert error.params["detail"] == "Deniz Yilmaz +905321112233"
    assert str(error) == "The PMS refused reinstate_booking (RSV00001)."
    assert "Deniz" not in f"{error!r}{rig.events}"


def test_a_code_that_is_no_code_is_not_kept() -> None:
    rig = a_rig(a_reply(400, {"o:errorCode": "call Deniz, +90 532", "o:errorPath": "for Deniz Yilmaz"}))
    with pytest.raises(PmsRejected) as caught:
        write(rig)
    assert (caught.value.pms_code, caught.value.pms_path) == ("", "")
    assert str(caught.value) == "The PMS refused reinstate_booking (HTTP 400)."


@pytest.mark.parametrize("body", [b"", b"<html>Deniz</html>", b'{"detail": 5}', b"[]"])
def test_a_refusal_without_a_readable_body_is_still_a_refusal(body: bytes) -> None:
    with pytest.raises(PmsRejected) as caught:
        write(a_rig(a_reply(422, body)))
    assert caught.value.status == 422


def test_a_warning_with_a_success_is_logged_by_its_code() -> None:
    rig = a_rig(a_reply(200, {"warnings": [{"code": "W1", "shortText": "Deniz Yilmaz"}]}))
    write(rig)
    assert rig.events == [("pms_warning", {"operation": "reinstate_booking", "code": "W1"})]


def test_an_unreadable_answer_is_logged_without_its_content() -> None:
    rig = a_rig(a_reply(200, {"resGuarantees": [{"guaranteeCode": ["Deniz Yilmaz"]}]}))
    with pytest.raises(PmsProtocolError):
        read(rig)
    assert rig.events == [
        ("pms_answer_unreadable", {"operation": "guarantees", "where": "`$.resGuarantees[0].guaranteeCode`"})
    ]


def test_every_request_that_went_out_is_reported() -> None:
    rig = a_rig(NeverLeft("refused"), AnswerLost("reset"), a_reply(200, GUARANTEES))
    read(rig)
    assert [(operation, outcome) for operation, _, outcome in rig.calls] == [
        ("guarantees", "never_left"), ("guarantees", "lost"), ("guarantees", "200"),
    ]  # fmt: skip
    assert all(seconds > 0 for _, seconds, _ in rig.calls), (
        "a request takes time on a loop whose clock stands still too"
    )


def test_closing_lets_the_transport_go() -> None:
    rig = a_rig()
    run_jumping(rig.pms.close)
    assert rig.transport.is_closed


def test_a_deposit_is_never_sent_a_second_time_by_itself() -> None:
    rig = a_rig(AnswerLost("reset"))
    deposit = Deposit("PAY-1", eur(300))
    with pytest.raises(PmsOutcomeUnknown):
        run_jumping(lambda: rig.pms.post_deposit(rig.hotel, REF, deposit, "CASH", "PAID"))
    assert len(rig.transport.sent) == 1


def test_a_short_lived_token_is_still_used_for_half_its_life() -> None:
    rig = a_rig(a_reply(200, GUARANTEES), token_script=(a_reply(200, {"access_token": "short", "expires_in": 60}),))
    read(rig)
    rig.clock.advance(seconds=29)
    read(rig)
    assert len(rig.transport.tokens) == 1
    rig.clock.at += timedelta(seconds=2)
    read(rig)
    assert len(rig.transport.tokens) == 2


def test_the_script_of_these_tests_satisfies_the_transport() -> None:
    from integration.adapters.ohip.transport import Transport

    transport: Transport = ScriptedTransport()
    run_jumping(transport.close)
