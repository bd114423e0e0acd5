"""What a quote costs the service, against a FastAPI handler that returns the same number of bytes and does nothing.

A quote is 3 nights for two and a child in a family room: two choices, one stored offer. Four processes stand side by
side: the hotel's PMS, the constant handler, the service as it is (what the PMS said is kept for 2 s) and a service that
asks the PMS every time. Eight callers ask each of them in turn over kept-alive connections, and what counts is the CPU
time of the process that answers, all its threads, as the system tells it from outside. The same is measured for the
open question: every room type on every plan, three choices.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import repeat
from typing import Any

from benchmarks.asking import Asker
from benchmarks.house import House, a_house
from benchmarks.measure import interleaved
from benchmarks.registry import Row, benchmark
from benchmarks.servers import Server, pms_env, running
from cli.home import read_home

CACHED_LIMIT, ASKING_LIMIT = 5.0, 12.0
ROUNDS = 31
QUOTES = 64
PATH = "/v1/quotes"
UNKEPT_S = "0.000001"
ROOM = {"room_type": "FAM", "child_ages": [6]}
Body = dict[str, Any]


def quote_body(house: House, **more: object) -> Body:
    """What is asked: two months ahead, when nothing is closed."""
    arrival = read_home(house.settings.home).set_up_on + timedelta(days=60)
    return {"check_in": arrival.isoformat(), "nights": 3, "adults": 2, **more}


class Bench:
    """The four processes, and one question."""

    def __init__(self, house: House, asker: Asker, stack: ExitStack) -> None:
        self._asker, self._stack, self._home = asker, stack, house.settings.home
        self._house = house
        pms = stack.enter_context(running("mock", house.settings.mock_path))
        self.kept = stack.enter_context(running("service", self._home, pms_env(house, pms)))
        fresh = pms_env(house, pms, SANTRAL_PMS_READ_CACHE=UNKEPT_S)
        self.asking = stack.enter_context(running("service", self._home, fresh))

    def constant(self, size: int) -> Server:
        place = self._home / f"constant{size}.json"
        place.write_bytes(json.dumps("x" * (size - 2)).encode())
        return self._stack.enter_context(running("constant", place))

    def measured(self, body: Body, choices: int) -> dict[str, float]:
        """CPU seconds per answer by server."""
        answer = self._asker.post(self.kept.url + PATH, body)
        found = len(json.loads(answer)["choices"])
        if found != choices:
            raise RuntimeError(f"the quote has {found} choices, not {choices}")
        servers = {"constant": self.constant(len(answer)), "kept": self.kept, "asking": self.asking}
        return interleaved(ROUNDS, **{name: self._measure(server, body) for name, server in servers.items()})

    def _measure(self, server: Server, body: Body) -> Callable[[], float]:
        def bodies() -> Iterator[Body]:
            return repeat(body, QUOTES)

        return lambda: self._asker.cpu_per_answer(server, PATH, bodies)


@benchmark("quote")
def quote_against_a_constant() -> Iterator[Row]:
    with a_house() as house, asyncio.Runner() as runner, ExitStack() as stack:
        asker = Asker(runner, {"Authorization": f"Bearer {house.token}"})
        stack.callback(asker.close)
        bench = Bench(house, asker, stack)
        two = bench.measured(quote_body(house, **ROOM), 2)
        yield _row("2 choices, reads kept", two, "kept", CACHED_LIMIT)
        yield _row("2 choices, PMS asked each time", two, "asking", ASKING_LIMIT)
        three = bench.measured(quote_body(house), 3)
        yield _row("3 choices of 18, reads kept", three, "kept", None)
        yield _row("3 choices of 18, PMS asked each time", three, "asking", None)


def _row(what: str, taken: dict[str, float], name: str, limit: float | None) -> Row:
    note = f"{taken[name] * 1e6:.0f} us / {taken['constant'] * 1e6:.0f} us"
    return Row(f"CPU of a quote ({what}) / constant bytes", taken[name] / taken["constant"], limit, note=note)
