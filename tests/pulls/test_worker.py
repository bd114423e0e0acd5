"""The worker of a source: it goes on, slows down when something is wrong, and says so once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from integration.adapters.logs import only_codes
from integration.errors import StoreUnavailable
from integration.ports.channels import Delivery
from integration.ports.pulls import Batch, Fetched, PullFailed
from integration.workers.pulls import SLOWEST_S, Pulls
from tests.pulls.house import House, a_house, mail
from tests.service.house import Ears

OK = Batch((), "1")


class Script:
    """A source that does what it is told, then goes on with the last."""

    def __init__(self, *steps: Batch | Exception) -> None:
        self._steps: Sequence[Batch | Exception] = steps
        self.fetched = 0

    async def fetch(self, _cursor: str, _now: datetime) -> Batch:
        step = self._steps[min(self.fetched, len(self._steps) - 1)]
        self.fetched += 1
        if isinstance(step, Exception):
            raise step
        return step

    async def confirm(self, _batch: Batch) -> None:
        """Nobody asks."""

    async def rest(self) -> None:
        """Nothing is open."""


class Worker:
    """The worker of a scripted source, and what it says."""

    def __init__(self, *steps: Batch | Exception, house: House | None = None) -> None:
        self.source = Script(*steps)
        self.house = house or a_house(self.source)
        self.ears = Ears()
        self.counted: list[tuple[str, str]] = []
        self.woken: list[str] = []
        count = lambda name, outcome: self.counted.append((name, outcome))  # noqa: E731
        self.worker = Pulls(self.house.desk, self.ears, self.house.pull, wake=self.woken.append, count=count)

    def rounds(self, number: int) -> list[float]:
        """Work so many rounds; the pauses after them."""

        async def run() -> list[float]:
            pauses = []
            for _ in range(number):
                await self.worker._guarded()
                pauses.append(self.worker._every_s)
            return pauses

        return asyncio.run(run())


def test_a_source_that_fails_is_asked_less_and_less_often_and_told_of_once():
    one = Worker(*[PullFailed("login_refused")] * 9, OK, OK)
    pauses = one.rounds(11)
    assert pauses == [60, 120, 240, 480, *[SLOWEST_S] * 5, 30, 30]
    told = [only_codes(None, "", {"event": event, **fields}) for _, event, fields in one.ears.lines]
    assert told == [
        {"event": "pull_failed", "hook": "info", "code": "login_refused"},
        {"event": "pull_works_again", "hook": "info"},
    ]
    assert one.counted == [("info", "failed_login_refused")] * 9


def test_a_source_that_says_when_to_come_again_is_left_alone_until_then():
    assert Worker(PullFailed("rate_limited", retry_after_s=400)).rounds(1) == [400]


def test_a_failure_of_any_kind_slows_down_and_ends_nothing():
    one = Worker(RuntimeError("a bug"), StoreUnavailable("The disk is full."), OK)
    assert one.rounds(3) == [60, 120, 30]
    assert [event for _, event, _ in one.ears.lines] == ["pull_failed", "pull_failed"]


def test_what_was_stored_wakes_the_intake_and_what_was_not_given_is_told():
    at = a_house(Script(OK)).desk.clock.now()
    bodies = (
        Fetched(Delivery(mail(1), {}, "imap://x/", at)),
        Fetched(Delivery(b"", {}, "imap://x/", at), "Not given."),
    )
    one = Worker(Batch(bodies, "2"))
    one.rounds(1)
    assert len(one.woken) == 1
    assert one.counted == [("info", "stored"), ("info", "not_given")]
    assert [event for _, event, _ in one.ears.lines] == ["pull_passed_by"]


def test_one_that_hangs_holds_up_no_other():
    class Hangs(Script):
        async def fetch(self, cursor: str, now: datetime) -> Batch:
            await asyncio.Event().wait()
            return await super().fetch(cursor, now)

    house = a_house(Hangs(OK), name="hangs")
    good = Script(OK)
    other = replace(house.pull, hook=replace(house.pull.hook, name="good"), source=good)
    ears = Ears()
    workers = [Pulls(house.desk, ears, pull) for pull in (house.pull, other)]

    async def run() -> None:
        tasks = [asyncio.ensure_future(worker.run()) for worker in workers]
        for _ in range(500):
            if good.fetched >= 3:
                break
            await asyncio.sleep(0)
        for worker, task in zip(workers, tasks, strict=True):
            worker.stop()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    assert good.fetched >= 3


def test_a_worker_that_is_stopped_ends_after_the_batch_under_way():
    one = Worker(*[Batch((), str(number), is_last=False) for number in range(50)])
    one.worker.stop()
    one.rounds(1)
    assert one.source.fetched == 1


def test_a_second_process_finds_the_lease_taken_and_says_nothing():
    one = Worker(OK)
    now = one.house.desk.clock.now()
    asyncio.run(
        one.house.desk.store.transact(lambda tx: tx.take_lease("pull:info", "another", now, now + timedelta(minutes=1)))
    )
    assert one.rounds(1) == [30]
    assert (one.source.fetched, one.ears.lines) == (0, [])
