"""The parts of the scripts that need no service: numbers, signatures, shares of tokens, what is known of a write."""

from collections import Counter
from dataclasses import replace

import phonenumbers
import pytest

from loadtests.journal import Fate
from loadtests.scripts.asking import is_worth_repeating, place_in, wait_of
from loadtests.scripts.people import OTHERS, REGULARS, card_of_regular, first_words, mark_of, number_of
from loadtests.scripts.steps import Answer, Ask
from loadtests.words import Persona
from tests.loadtests.stage import a_contact


def problem(status: int, code: str) -> Answer:
    return Answer(status, raw=f'{{"code": "{code}"}}'.encode())


def test_every_guest_has_a_drama_number_of_his_own_that_a_numbering_plan_takes():
    numbers = {number_of(a_contact(one)) for one in range(OTHERS)}
    assert len(numbers) == OTHERS
    assert numbers.isdisjoint(card_of_regular(one)["phone"] for one in range(REGULARS))
    assert all(one[5:10] == "55501" for one in numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(one)) for one in list(numbers)[::97])


def test_what_a_contact_writes_has_his_own_word_in_it():
    words = {first_words(a_contact(one), mark_of("run7", a_contact(one))) for one in range(50)}
    assert len(words) == 50


def test_who_telephones_is_not_who_chats_as_long_as_there_are_two():
    tokens = ("a", "b", "c", "d", "e")
    phones, chats = ({place_in(tokens, one, part, 2) for one in range(40)} for part in (0, 1))
    assert (phones, chats) == ({0, 2, 4}, {1, 3})
    assert place_in(("a",), 7, 1, 2) == 0
    assert Counter(place_in(tokens, one, 0, 2) for one in range(30)) == {0: 10, 2: 10, 4: 10}


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (Answer(201), Fate.ACKNOWLEDGED),
        (problem(409, "no_room_left"), Fate.REFUSED),
        (problem(503, "pms_unavailable"), Fate.REFUSED),
        (problem(503, "store_unavailable"), Fate.UNKNOWN),
        (problem(504, "pms_outcome_unknown"), Fate.UNKNOWN),
        (problem(409, "in_flight"), Fate.UNKNOWN),
        (problem(409, "outcome_pending"), Fate.UNKNOWN),
        (problem(500, "internal_error"), Fate.UNKNOWN),
        (Answer(0, error="timeout"), Fate.UNKNOWN),
        (Answer(502, raw=b"<html>"), Fate.UNKNOWN),
    ],
)
def test_only_an_answer_that_proves_something_settles_a_write(answer: Answer, fate: Fate):
    assert answer.fate is fate


def test_an_expected_no_is_no_problem_and_any_other_is():
    ask = Ask("hold", Persona.OPERATOR, "POST", "/v1/reservations", {}, key="k", noes=frozenset({"no_room_left"}))
    assert ask.problem(problem(409, "no_room_left")) == ""
    assert ask.problem(problem(409, "pms_rejected")) == "status_409"
    assert ask.problem(Answer(0, error="timeout")) == "timeout"
    assert ask.problem(Answer(0)) == "no_answer"
    again = replace(ask, is_repeat=True)
    assert (ask.problem(problem(409, "in_flight")), again.problem(problem(409, "in_flight"))) == ("status_409", "")
    assert again.problem(problem(504, "pms_outcome_unknown")) == "status_504"


def test_a_write_is_repeated_when_that_may_tell_more_and_after_the_advised_wait():
    assert is_worth_repeating(Answer(0, error="connection"))
    assert is_worth_repeating(problem(409, "outcome_pending"))
    assert not is_worth_repeating(problem(409, "no_room_left"))
    assert not is_worth_repeating(Answer(200))
    waits = [wait_of(Answer(503, {"retry-after": advised})) for advised in ("", "0", "3", "120", "soon")]
    assert waits == [1.0, 1.0, 3.0, 5.0, 1.0]
