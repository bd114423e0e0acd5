"""Turns of a conversation whose messages and replies share a second, delivered in any order."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from domain.case import CaseId
from domain.contact import MessageId, Sender
from integration.ports.channels import Delivery
from integration.ports.queue_records import StoredMessage
from integration.ports.store import Tx
from integration.usecases.join_case import refold
from integration.usecases.who_is_it import INTAKE
from tests.intake.reception import MIDNIGHT, Reception, Writer, a_reception, message, signed, webhook

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna")


def said(number: str, wrote: float, heard: float) -> Delivery:
    """Written and heard of so many seconds after nine; WhatsApp stamps the whole second."""
    body = webhook((ANNA, message(ANNA, "And?", NINE + timedelta(seconds=wrote), number)))
    return signed(body, NINE + timedelta(seconds=heard))


def replies(desk: Reception, seconds: float, reply_to: str | None = None) -> None:
    """A person's answer, as the outbox writes it once the provider has taken it."""
    (case,) = desk.cases()
    at = NINE + timedelta(seconds=seconds)

    def work(tx: Tx) -> None:
        first = tx.messages_of(CaseId(case.case_id))[0]
        row: StoredMessage = replace(
            first, message_id=MessageId(f"msg_z{seconds}"), sender=Sender.AGENT, at=at, received_at=at, text="Yes.",
            provider_id=f"out.{seconds}", actor="agent7", reply_to=reply_to, document={},
        )  # fmt: skip
        tx.add_message(row)
        refold(desk.desk, tx, INTAKE, case.case_id)

    asyncio.run(desk.desk.store.transact(work))


def end_of(desk: Reception) -> tuple[bool, int, list[str]]:
    (case,) = desk.cases()
    waits = case.waiting_since is not None
    return waits, len(desk.read(lambda tx: tx.list_handoffs())), [row.sender.value for row in desk.messages(case)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_message_that_crossed_the_reply_is_not_answered_by_it_whatever_came_first(order: tuple[int, ...]):
    desk = a_reception()
    deliveries = [said("w1", 0.0, 0.3), said("w2", 5.9, 6.4), said("w3", 9.1, 9.6)]
    desk.deliver("whatsapp", deliveries[0])
    desk.take_in()
    replies(desk, 5.5)
    for place in order:
        desk.deliver("whatsapp", deliveries[place])
        desk.take_in()
    assert end_of(desk) == (True, 0, ["guest", "agent", "guest", "guest"])
    replies(desk, 12.0)
    assert end_of(desk) == (False, 1, ["guest", "agent", "guest", "guest", "agent"])


def test_a_message_heard_of_before_the_reply_of_its_second_is_answered_by_it():
    desk = a_reception()
    desk.deliver("whatsapp", said("w1", 5.0, 5.2))
    desk.take_in()
    replies(desk, 5.5)
    assert end_of(desk) == (False, 0, ["guest", "agent"])


def test_a_provider_whose_clock_is_ahead_puts_no_message_behind_its_answer():
    desk = a_reception()
    desk.deliver("whatsapp", said("w1", 90.0, 5.0))
    desk.take_in()
    replies(desk, 20.0)
    assert end_of(desk)[0] is False


def test_an_answer_that_names_its_message_stands_behind_it():
    desk = a_reception()
    desk.deliver("whatsapp", said("w1", 5.9, 8.0))
    desk.take_in()
    replies(desk, 5.95, reply_to="w1")
    assert end_of(desk)[0] is False


def test_a_message_nobody_has_seen_is_not_resolved_with_the_case():
    desk = a_reception()
    desk.deliver("whatsapp", said("w1", 0.0, 0.3))
    desk.take_in()
    desk.office.clock.set(NINE + timedelta(seconds=5.5))
    (case,) = desk.cases()
    desk.change(case.case_id, "resolved")
    desk.deliver("whatsapp", said("w2", 5.8, 6.2))
    desk.take_in()
    assert desk.cases()[0].status == "open"
    desk.deliver("whatsapp", said("w3", 4.8, 7.2))
    desk.take_in()
    assert [one.status.value for one in desk.cases()] == ["open"]
