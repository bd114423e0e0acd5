"""Stopped between the door and the effect, at every named point: nothing is lost, nothing is doubled."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from integration.usecases.take_in import take_pending
from tests.intake.day import a_day
from tests.intake.reception import MIDNIGHT, Reception, Writer, a_reception, digest, message, signed, webhook

POINTS = ("delivery_read", "effects_made", "effects_stored")
ANNA = Writer("+905320000001", "TR.1111111111", "Anna")


class Killed(BaseException):
    """The process is gone."""


def stopping_at(desk: Reception, point: str, passing: int) -> Reception:
    """The same desk, whose process dies at the n-th passing of a point."""
    passed = 0

    def look(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == passing:
            raise Killed

    return replace(desk, desk=replace(desk.desk, point=look))


def deliver_all(desk: Reception) -> None:
    for sent in a_day(5, 40):
        desk.deliver(sent.hook, sent.delivery)
    many = [(ANNA, message(ANNA, f"no {one}", MIDNIGHT + timedelta(seconds=one), f"w{one}")) for one in range(250)]
    desk.deliver("whatsapp", signed(webhook(*many), MIDNIGHT + timedelta(minutes=5)))


def state_of(desk: Reception) -> str:
    cases = desk.cases()
    found: str = desk.read(lambda tx: digest(tx, cases))
    return found


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("passing", [1, 3])
def test_a_process_that_dies_while_taking_in_neither_loses_nor_doubles(point: str, passing: int):
    whole, torn = a_reception(), a_reception()
    for desk in (whole, torn):
        deliver_all(desk)
    whole.take_in()
    doomed = stopping_at(torn, point, passing)
    with pytest.raises(Killed):
        doomed.take_in()
    asyncio.run(take_pending(torn.desk, 10_000))
    assert torn.read(lambda tx: tx.pending_deliveries(10)) == []
    assert state_of(torn) == state_of(whole)


def test_one_arrival_that_cannot_be_taken_in_costs_only_itself():
    desk = a_reception()
    texts = ["good", "bad", "also good"]
    written = [(ANNA, message(ANNA, text, MIDNIGHT, f"w{place}")) for place, text in enumerate(texts)]
    desk.deliver("whatsapp", signed(webhook(*written), MIDNIGHT))

    class Choking:
        """Cannot read one word."""

        def read(self, text: str) -> object:
            if "bad" in text:
                raise ValueError(text)
            return desk.desk.serving.rules("BELEK1").words.read(text)

    class Rules:
        words = Choking()
        priority = desk.desk.serving.rules("BELEK1").priority
        handoffs = desk.desk.serving.rules("BELEK1").handoffs

    class Serving:
        def rules(self, _hotel_id: str) -> Rules:
            return Rules()

        policy = staticmethod(desk.desk.serving.policy)

    choking = replace(desk, desk=replace(desk.desk, serving=Serving()))  # type: ignore[arg-type]
    assert [(one.effects, one.is_done, one.problem) for one in choking.take_in()] == [(2, False, "ValueError")]
    assert desk.texts() == [["good", "also good"]]
    assert [one.effects for one in desk.take_in()] == [1]
    assert sorted(desk.texts()[0]) == sorted(texts)
