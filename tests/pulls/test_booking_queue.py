"""A queue that is confirmed by counting: stored first, told once, never told blindly."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from integration.adapters.ohip.transport import Headers, Reply
from integration.adapters.sources.booking import TOKEN_LIFE, Account, BookingSource
from integration.ports.pulls import Batch, PullFailed
from tests.fakes.surroundings import NOW
from tests.pulls.house import Queue, a_queue


def with_queue(story: Callable[[Queue], Awaitable[None]], waiting: int = 0) -> None:
    async def run() -> None:
        async with a_queue() as one:
            for number in range(waiting):
                one.queue.write(f"message {number}", reservation=f"r{number}")
            await story(one)

    asyncio.run(run())


def test_messages_become_cases_and_the_queue_is_empty():
    async def story(one: Queue) -> None:
        assert (await one.house.round()).stored == 3
        assert one.queue.waiting() == []
        assert await one.house.take_in() == 250
        assert len(await one.house.texts()) == 250
        assert one.queue.asked == ["exchange", *["latest", "confirm"] * 3, "latest"]

    with_queue(story, waiting=250)


@pytest.mark.parametrize("point", ["batch_fetched", "batch_stored", "batch_confirmed"])
def test_a_process_that_dies_around_storing_and_confirming_neither_loses_nor_doubles(point: str):
    async def story(one: Queue) -> None:
        await one.house.die(point)
        assert len(one.queue.waiting()) == (50 if point == "batch_confirmed" else 150)
        one.queue.write("meanwhile", reservation="late")
        await one.house.round()
        assert one.queue.waiting() == []
        assert await one.house.take_in() == 151
        assert len(await one.house.texts()) == 151

    with_queue(story, waiting=150)


@pytest.mark.parametrize("fault", ["lost_answer", "never"])
def test_a_confirmation_whose_answer_is_lost_is_not_repeated_and_takes_nothing_unread(fault: str):
    async def story(one: Queue) -> None:
        one.queue.faults.append(("confirm", fault))
        assert (await one.house.round()).problem == "line_cut"
        assert one.queue.asked.count("confirm") == 1
        for number in range(5):
            one.queue.write(f"new {number}", reservation=f"n{number}")
        await one.house.round()
        assert one.queue.waiting() == []
        assert await one.house.take_in() == 10
        assert len(await one.house.texts()) == 10

    with_queue(story, waiting=5)


def test_a_confirmation_that_is_repeated_takes_what_nobody_has_read():
    """The twin: what would happen."""

    async def story(one: Queue) -> None:
        now = one.house.desk.clock.now()
        batch = await one.source.fetch("", now)
        one.queue.write("unread")
        await one.source.confirm(batch)
        await one.source.confirm(batch)
        assert one.queue.waiting() == []

    with_queue(story, waiting=5)


def test_the_same_batch_again_is_confirmed_and_not_stored_again():
    async def story(one: Queue) -> None:
        one.queue.faults.extend([("confirm", "500")] * 3)
        rounds = [await one.house.round() for _ in range(4)]
        assert [each.stored for each in rounds] == [1, 0, 0, 0]
        assert [each.problem for each in rounds] == ["status_500"] * 3 + [""]
        assert len(await one.house.stored()) == 1
        assert one.queue.waiting() == []

    with_queue(story, waiting=3)


def test_one_token_serves_for_its_hour_and_a_refused_one_is_replaced_once():
    async def story(one: Queue) -> None:
        for _ in range(3):
            await one.house.round()
        assert one.queue.asked.count("exchange") == 1
        one.queue.faults.append(("latest", "401"))
        assert (await one.house.round()).problem == ""
        assert one.queue.asked.count("exchange") == 2
        one.house.reception.office.clock.advance(seconds=(TOKEN_LIFE + timedelta(seconds=1)).total_seconds())
        await one.house.round()
        assert one.queue.asked.count("exchange") == 3

    with_queue(story)


@pytest.mark.parametrize(
    ("kind", "fault", "code", "wait"),
    [
        ("exchange", "401", "login_refused", 0),
        ("exchange", "500", "status_500", 0),
        ("exchange", "never", "line_cut", 0),
        ("latest", "429", "rate_limited", 7),
        ("latest", "500", "status_500", 0),
        ("latest", "lost_answer", "line_cut", 0),
    ],
)
def test_what_goes_wrong_is_told_by_a_code_and_the_next_round_reads_on(kind: str, fault: str, code: str, wait: int):
    async def story(one: Queue) -> None:
        one.queue.faults.append((kind, fault))
        pulled = await one.house.round()
        assert (pulled.problem, pulled.retry_after_s, pulled.stored) == (code, wait, 0)
        assert (await one.house.round()).stored == 1

    with_queue(story, waiting=2)


def test_two_processes_do_not_fetch_from_one_queue_at_a_time():
    async def story(one: Queue) -> None:
        desk = one.house.desk
        now = desk.clock.now()
        await desk.store.transact(lambda tx: tx.take_lease("pull:booking", "another", now, now + timedelta(seconds=60)))
        assert (await one.house.round()).is_elsewhere
        assert one.queue.asked == []

    with_queue(story, waiting=2)


def test_a_process_that_lost_its_lease_meanwhile_stores_and_confirms_nothing():
    async def story(one: Queue) -> None:
        desk, fetch = one.house.desk, one.source.fetch

        async def slow(cursor: str, now: object) -> object:
            batch = await fetch(cursor, now)  # type: ignore[arg-type]
            at = one.house.reception.office.clock.advance(minutes=10)
            await desk.store.transact(
                lambda tx: tx.take_lease("pull:booking", "another", at, at + timedelta(minutes=1))
            )
            return batch

        one.source.fetch = slow  # type: ignore[method-assign, assignment]
        assert (await one.house.round()).is_elsewhere
        assert "confirm" not in one.queue.asked
        assert await one.house.stored() == []

    with_queue(story, waiting=2)


class Scripted:
    """A transport that answers what it is told to."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def send(self, method: str, path: str, headers: Headers, body: bytes | None, timeout_s: float) -> Reply:
        return Reply(200, {}, b'{"jwt": "t"}' if method == "POST" else self.body)

    async def close(self) -> None:
        """Nothing is open."""


def batch_of(body: bytes) -> Batch:
    way = Scripted(body)
    source = BookingSource(Account("id", "secret"), way, way, "https://ota.example/messaging")
    return asyncio.run(source.fetch("", NOW))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": {"messages": {}}}', b"[" * 9999])
def test_an_answer_that_cannot_be_read_is_neither_stored_nor_confirmed(body: bytes):
    with pytest.raises(PullFailed, match="odd_answer"):
        batch_of(body)


@pytest.mark.parametrize(("told", "count"), [(2, 2), (1, 1), (150, 2), (0, 2), (-1, 2), (None, 2)])
def test_never_more_is_confirmed_than_was_given(told: int | None, count: int):
    rows = [{"message_id": 7, "content": "\ud83d"}, {"message_id": "b"}]
    body = json.dumps({"data": {"number_of_messages": told, "messages": rows}}).encode()
    assert batch_of(body).receipt == count


@pytest.mark.parametrize("body", [b"", b'{"data": {"messages": []}}', b'{"data": {"number_of_messages": 5}}'])
def test_nothing_waiting_is_nothing_to_confirm(body: bytes):
    batch = batch_of(body)
    assert (batch.receipt, batch.bodies, batch.is_last) == (0, (), True)
