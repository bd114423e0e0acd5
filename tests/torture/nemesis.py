"""The nemesis: kills and pauses processes, arms faults and confirms at the front desk, drawn from one seed.

`Site` is the service of two workers at one address, whichever process serves it; a service that was killed whole, as
by a power cut, comes up again a minute later by the house's clocks, so that nobody's patience with what was in flight
has to be waited out. A stopped process (SIGSTOP) stays away for longer than the time limit of a write and the settle
time together: what it had not read yet runs when it goes on, and makes true doubles.
"""

import asyncio
import os
import signal
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from cli.mock_faults import rules_of
from pms_mock import control
from scenarios.fault_profiles import load_profile
from tests.torture.books import store_rows
from tests.torture.house import HOTEL, NOW, House, a_process, workers_of
from tests.torture.sellers import Clock
from tests.torture.told import Told

TIME_LIMITS = {"SANTRAL_PMS_WRITE_TIMEOUT": "2", "SANTRAL_PMS_READ_TIMEOUT": "2", "SANTRAL_PMS_BREAKER_TRIAL": "1"}
WORKERS = 2
FAULTS: tuple[tuple[str, str, float | None], ...] = (
    ("lost_answer", "writes", None),
    ("5xx_after_commit", "writes", None),
    ("late_execution", "postReservation", 4.0),
    ("late_execution", "writes", 1.0),
    ("201_without_location", "postReservation", None),
    ("lookup_lag", "postReservation", 2.0),
    ("slow", "*", 0.5),
    ("slow", "writes", 3.0),
    ("status", "*", 503),
    ("truncated", "*", None),
    ("deposit_without_guarantee", "postDepositPayment", None),
)
PROFILES = ("bad-day", "moving-hotel", "throttled")
TIME_LEFT = timedelta(seconds=4)
DARK = timedelta(seconds=65)
LONG_S, LEAD_S = 10.0, 1.5
DESK_LOOKS = 20


class Site:
    """The service at its address. `clock` is the house's time."""

    def __init__(self, house: House, pms_url: str, end: ExitStack) -> None:
        """Starts it."""
        self._house, self._pms_url, self._end = house, pms_url, end
        self.clock = Clock(NOW)
        self.process, self.url = self._up(0)
        self._port = int(self.url.rpartition(":")[2])
        self.is_up = True

    def _up(self, port: int) -> "tuple[subprocess.Popen[str], str]":
        words = ("cli.main", "serve", "--workers", str(WORKERS), "--port", str(port))
        told = {**self._house.environ(self._pms_url, self.clock()), **TIME_LIMITS}
        return self._end.enter_context(a_process(*words, **told))

    def workers(self) -> list[int]:
        """The processes that serve now."""
        return workers_of(self.process)

    def cut_power(self) -> None:
        """Kill all of it at once."""
        self.is_up = False
        numbers = self.workers()
        self.process.kill()
        for number in numbers:
            send(number, signal.SIGKILL)
        self.process.wait(30)

    def restore_power(self, after: timedelta) -> None:
        """Come up again at the same address, so much later by all clocks."""
        self.clock.jump(after)
        self._house.set_pms_clock(self.clock())
        self.process, _ = self._up(self._port)
        self.is_up = True


def send(number: int, what: signal.Signals) -> None:
    """A signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(number, what)


@dataclass
class Nemesis:
    """`pause_s`: for how long a process is stopped."""

    house: House
    site: Site
    pms: "subprocess.Popen[str]"
    told: Told
    chance: Random
    pause_s: float = 4.0
    is_over: bool = False
    """Whether all was done that was to be done."""
    _paused: "dict[str, tuple[int, asyncio.Task[None]]]" = field(default_factory=dict)

    async def run(self) -> None:
        """Do each thing in a drawn order, and again while a worker is to be stopped for long; then it is over. No two
        processes of one kind are stopped at once.
        """
        try:
            await self._rounds()
        finally:
            self.is_over = True

    async def _rounds(self) -> None:
        if self.pause_s > LONG_S:
            await asyncio.sleep(LEAD_S)
            await self.pause_worker()
        deeds = (self.profile, self.clear, self.kill_worker, self.kill_service, self.pause_worker, self.pause_pms,
                 self.desk_confirm, self.desk_confirm, self.desk_confirm, self.fault)  # fmt: skip
        while True:
            for deed in self.chance.sample(deeds, len(deeds)):
                await self.fault()
                await asyncio.sleep(self.chance.uniform(0.5, 1.5))
                await deed()
            if not self._long_pause():
                break
        await asyncio.sleep(LEAD_S)

    def _long_pause(self) -> bool:
        return self.pause_s > LONG_S and "pause_worker" in self._paused

    async def heal(self) -> None:
        """Let go of everything."""
        await asyncio.gather(*(task for _, task in self._paused.values()))
        await self.clear()

    async def fault(self) -> None:
        """One fault, a few times."""
        kind, operation, param = self.chance.choice(FAULTS)
        self.house.fault(kind, operation, param, self.chance.randint(1, 6))
        self._note("fault", kind=kind, operation=operation)

    async def profile(self) -> None:
        """A whole profile, for some seconds."""
        name = self.chance.choice(PROFILES)
        profile = load_profile(name)
        rules = rules_of(profile, self.site.clock(), lambda _hotel: HOTEL, profile.seed)
        with self.house.pms_store() as store:
            control.load_faults(store, rules)
        self._note("profile", name=name)

    async def clear(self) -> None:
        """No more faults; what is late still comes."""
        with self.house.pms_store() as store:
            control.clear_faults(store)
        self._note("clear")

    async def kill_worker(self) -> None:
        """kill -9 of one worker that is not stopped; the service replaces it."""
        stopped = {number for number, _ in self._paused.values()}
        for number in self._one_of([one for one in self.site.workers() if one not in stopped]):
            send(number, signal.SIGKILL)
            self._note("kill_worker", pid=number)

    async def kill_service(self) -> None:
        """kill -9 of the service with its workers, and up again. Not while one of them is to be stopped for long."""
        if self._long_pause():
            return
        self.site.cut_power()
        self._note("kill_service")
        await asyncio.to_thread(self.site.restore_power, DARK)
        self._note("service_up")

    async def pause_worker(self) -> None:
        """SIGSTOP of one worker of the service."""
        self._pause("pause_worker", self.site.workers())

    async def pause_pms(self) -> None:
        """SIGSTOP of one worker of the hotel's system."""
        self._pause("pause_pms", workers_of(self.pms))

    async def desk_confirm(self) -> None:
        """The hotel confirms a hold by itself, well before its deadline; one is waited for."""
        for _ in range(DESK_LOOKS):
            for one in self._one_of(await self._holds()):
                with self.house.pms_store() as store, suppress(control.Problem):
                    control.set_guarantee(store, HOTEL, str(one), self.chance.choice(("CARD", "PAID")))
                    self._note("desk_confirm", ref=str(one))
                    return
            await asyncio.sleep(0.1)

    async def _holds(self) -> list[int]:
        wanted = "SELECT pms_ref, expires_at FROM reservations WHERE state = 'hold' ORDER BY pms_ref"
        limit = int((self.site.clock() + TIME_LEFT).timestamp() * 1000)
        rows = await asyncio.to_thread(store_rows, self.house, wanted)
        return [int(row["pms_ref"]) for row in rows if row["expires_at"] > limit]

    def _pause(self, verb: str, numbers: list[int]) -> None:
        if verb not in self._paused:
            for number in self._one_of(numbers):
                self._paused[verb] = number, asyncio.create_task(self._stopped(verb, number))

    async def _stopped(self, verb: str, number: int) -> None:
        send(number, signal.SIGSTOP)
        self._note(verb, pid=number)
        try:
            await asyncio.sleep(self.pause_s if verb == "pause_worker" else min(self.pause_s, 5.0))
        finally:
            send(number, signal.SIGCONT)
            del self._paused[verb]
            self._note("go_on", pid=number)

    def _one_of(self, numbers: list[int]) -> list[int]:
        return [self.chance.choice(numbers)] if numbers else []

    def _note(self, verb: str, **more: object) -> None:
        self.told.note("nemesis", "do", verb, **more)
