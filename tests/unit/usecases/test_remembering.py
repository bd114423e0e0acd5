"""What is remembered of an object: never another object's, never for ever, never what has changed."""

import asyncio
from dataclasses import replace

from integration.usecases.quote_stay import read
from integration.usecases.reading_rates import Reading
from integration.usecases.remembering import ByObject
from integration.usecases.shown_choices import shown_of
from integration.usecases.stay_wish import question_of
from tests.builders import a_hotel, a_reservation
from tests.fakes.desk import an_office
from tests.unit.usecases.selling import a_wish


def test_the_same_objects_give_what_was_made_of_them_and_equal_ones_do_not() -> None:
    known, made = ByObject[list[int]](), list[int]()
    one, other = [1], [1]
    first = known.get((one,), "en", lambda: made)
    assert known.get((one,), "en", lambda: [2]) is first
    assert known.get((other,), "en", lambda: [3]) == [3]
    assert known.get((one,), "tr", lambda: [4]) == [4]


def test_what_is_full_begins_anew_and_forgets_no_rule() -> None:
    known = ByObject[int](most=2)
    objects = [object() for _ in range(5)]
    assert [known.get((one,), None, lambda n=n: n) for n, one in enumerate(objects)] == [0, 1, 2, 3, 4]  # type: ignore[misc]
    assert known.get((objects[4],), None, lambda: 9) == 4
    assert known.get((objects[0],), None, lambda: 7) == 7


def a_reading() -> Reading:
    office = an_office()
    hotel = office.desk.hotel(None)
    return asyncio.run(read(office.desk, hotel, question_of(office.desk, hotel, a_wish())))


def test_choices_are_worked_out_once_for_one_answer_and_anew_for_the_next() -> None:
    hotel, reading = a_hotel(), a_reading()
    first = shown_of(hotel, reading, a_wish())
    assert shown_of(hotel, reading, a_wish()) is first
    again = shown_of(hotel, replace(reading, answer=replace(reading.answer)), a_wish())
    assert again == first
    assert again is not first


def test_board_and_purpose_of_the_wish_are_not_mixed_up() -> None:
    hotel, reading = a_hotel(), a_reading()
    boards = {choice.candidate.board for choice in shown_of(hotel, reading, a_wish(board="HB")).choices}
    assert boards == {"HB"}
    assert {choice.candidate.board for choice in shown_of(hotel, reading, a_wish()).choices} != boards


def test_with_rooms_of_our_own_in_the_way_nothing_is_remembered() -> None:
    hotel, reading = a_hotel(), a_reading()
    held = replace(reading, ours={"STD": [a_reservation()]})
    assert shown_of(hotel, held, a_wish()) is not shown_of(hotel, held, a_wish())
