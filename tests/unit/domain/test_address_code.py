"""A code for an address: when it is alive, how many there may be, and which one counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.address_code import CODE_LIFE, MOST_TRIES, AddressCode, CodeState, check_may_send, live_code
from domain.errors import CodeExpired, TooManyCodes
from domain.guest import GuestId, IdentityKind
from tests.fakes.surroundings import NOW

ANNA, MAX = GuestId("gst_1"), GuestId("gst_2")


def a_code(number: int = 1, minutes: int = 0, guest_id: GuestId = ANNA) -> AddressCode:
    at = NOW + timedelta(minutes=minutes)
    own = (IdentityKind.PHONE, "", "+905000000001", f"out_{number}", guest_id)
    return AddressCode(*own, CodeState.SENT, at, at + CODE_LIFE)


def test_a_code_is_dead_at_its_instant_and_once_it_was_used() -> None:
    code = a_code()
    assert code.is_live(NOW + CODE_LIFE - timedelta(milliseconds=1))
    assert not code.is_live(NOW + CODE_LIFE)
    assert not replace(code, state=CodeState.USED).is_live(NOW)


def test_the_last_wrong_try_spends_it() -> None:
    code = a_code()
    for left in reversed(range(MOST_TRIES)):
        code = code.missed()
        assert (code.tries_left, code.is_live(NOW)) == (left, left > 0)


def test_an_address_gets_three_codes_within_any_hour() -> None:
    known = [a_code(1), a_code(2, 20), a_code(3, 40)]
    check_may_send(known[1:], NOW + timedelta(minutes=41))
    with pytest.raises(TooManyCodes, match="in 19 min"):
        check_may_send(known, NOW + timedelta(minutes=41))
    with pytest.raises(TooManyCodes, match="in 1 min"):
        check_may_send(known, NOW + timedelta(minutes=60, milliseconds=-1))
    check_may_send(known, NOW + timedelta(minutes=60))


def test_the_newest_code_of_the_persons_files_counts() -> None:
    known = [a_code(1), a_code(2, 1), a_code(3, 2, MAX)]
    at = NOW + timedelta(minutes=3)
    assert live_code(known, [ANNA], at) == known[1]
    assert live_code(known, [ANNA, MAX], at) == known[2]
    with pytest.raises(CodeExpired):
        live_code(known, [GuestId("gst_3")], at)
