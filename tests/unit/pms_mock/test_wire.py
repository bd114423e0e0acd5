"""Small promises of the wire: formats, routing, fitting, the checker that can fail."""

import pytest

from pms_mock.protocol.fitting import fitted
from pms_mock.protocol.problem import Problem
from pms_mock.protocol.routing import match
from pms_mock.protocol.wire import is_day, is_instant
from tests.contract.mock import vendor


@pytest.mark.parametrize("text", ["2026-07-10", "2028-02-29"])
def test_iso_days_that_exist_are_days(text: str) -> None:
    assert is_day(text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-29", "2026-7-1", "20260710", "2026-W28-5", "2026-07-10T00:00:00", "", "２０２６-07-10", "2026-07-10\n"],
)
def test_other_texts_are_not_days(text: str) -> None:
    assert not is_day(text)


@pytest.mark.parametrize("text", ["2026-06-03T18:00:00", "2026-06-03T18:00:00Z", "2026-06-03T18:00:00.123456789+03:00"])
def test_instants_may_leave_their_offset_to_the_property(text: str) -> None:
    assert is_instant(text)


@pytest.mark.parametrize(
    "text", ["2026-06-03", "2026-06-03 18:00:00", "2026-06-03T25:00:00", "2026-06-03T18:00", "now"]
)
def test_other_texts_are_not_instants(text: str) -> None:
    assert not is_instant(text)


def test_a_fixed_segment_beats_a_placeholder() -> None:
    found = match("GET", "/rsv/v1/calls/statistics")
    assert (found.operation.id, found.segments) == ("getCallStatistics", ())


def test_placeholders_are_handed_on_as_they_were_sent() -> None:
    found = match("GET", "/rsv/v1/hotels/H%201/reservations/9")
    assert found.segments == (("hotelId", "H%201"), ("reservationId", "9"))


@pytest.mark.parametrize(
    ("path", "status"), [("/rsv/v1/hotels//reservations", 404), ("", 404), ("*", 404), ("/rsv/v1/calls", 405)]
)
def test_what_is_not_there_is_said(path: str, status: int) -> None:
    with pytest.raises(Problem) as caught:
        match("GET", path)
    assert caught.value.status == status


def test_a_value_is_cut_to_what_the_other_document_has() -> None:
    sent = {"roomStay": {"arrivalDate": "2026-07-10", "nonsense": 1}, "shares": [], "comments": [{"odd": 1}]}
    assert fitted(sent, "rsv/hotelReservationType") == {"roomStay": {"arrivalDate": "2026-07-10"}, "comments": [{}]}


@vendor.needs_specs
def test_the_checker_of_answers_can_fail() -> None:
    path = "/rsv/v1/hotels/H/reservations/1"
    assert vendor.answer_misfits("GET", path, 200, b'{"reservations":{"reservation":[{"nonsense":1}]}}')
    assert vendor.answer_misfits("GET", path, 299, b"")
    assert vendor.answer_misfits("GET", path, 400, b'{"status":400}')
