"""The nemesis: what a month does to a call centre besides ringing.

Each day another fault profile from ten to two at the hotel (`timetable`), or one profile every day. The front desk
confirms holds and options without telling anyone, checks guests in and forgets some, and closes the day at three in
the morning.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cli.mock_faults import rules_of
from cli.rehearsal.history import History
from cli.rehearsal.house import House
from cli.rehearsal.plan import NO_FAULTS, TIMETABLE
from pms_mock import control
from pms_mock.protocol.problem import Problem
from scenarios.fault_profiles import load_profile
from scenarios.schema.faults_profile import FaultProfile

ROTA = ("bad-day", "outage", "moving-hotel", "bad-day", "throttled", "")
FAULTS_FROM, FAULTS_FOR = timedelta(hours=10), timedelta(hours=4)
AUDIT_AT, ARRIVALS_AT = timedelta(hours=3), timedelta(hours=15)
CONFIRM_SHARE, COMES_SHARE = 0.04, 0.9
DESK_CODES = ("CARD", "PAID")
HOUR = timedelta(hours=1)


class Nemesis:
    """`confirmed`: numbers of records that the front desk confirmed."""

    def __init__(self, house: House, history: History) -> None:
        """Load the fault profiles. FaultProfileError for one that cannot be used."""
        self._house, self._history = house, history
        self._chance = house.stream("nemesis")
        self._begin = house.clock.now()
        self._rota = [_profile(name) for name in _names(house.plan.faults)]
        self.confirmed: set[str] = set()

    async def run(self) -> None:
        """Go on for ever; cancelled at the end."""
        hour = 0
        while True:
            day, of_day = divmod(hour, 24)
            await self._until(self._begin + hour * HOUR)
            self._act(day, timedelta(hours=of_day))
            hour += 1

    def stop(self) -> None:
        """No more faults; what is late still comes."""
        control.clear_faults(self._house.mock)

    async def _until(self, moment: datetime) -> None:
        await self._house.clock.sleep((moment - self._house.clock.now()).total_seconds())

    def _act(self, day: int, of_day: timedelta) -> None:
        if of_day == FAULTS_FROM:
            self._load(day)
        elif of_day == FAULTS_FROM + FAULTS_FOR:
            self.stop()
        elif of_day == AUDIT_AT:
            closed = control.night_audit(self._house.mock, self._house.terms.pms.pms_hotel_id)
            numbers = {name: len(found) for name, found in closed.items()}
            self._history.note("night-audit", "do", "night_audit", **numbers)
        elif of_day == ARRIVALS_AT:
            self._check_in()
        self._confirm_some()

    def _load(self, day: int) -> None:
        profile = self._rota[day % len(self._rota)] if self._rota else None
        if profile is None:
            return
        now = self._house.clock.now()
        control.load_faults(self._house.mock, rules_of(profile, now, lambda hotel: hotel, profile.seed + day))
        self._history.note("nemesis", "do", "faults", rules=len(profile.fault))

    def _check_in(self) -> None:
        """Most of those who are to arrive today stand at the desk."""
        hotel = self._house.terms.pms.pms_hotel_id
        today = self._house.terms.today(self._house.clock.now()).isoformat()
        rows = self._asked(
            "SELECT id FROM reservation WHERE hotel = ? AND arrival = ? AND status = 'Reserved'"
            " AND guarantee NOT IN ('HOLD', 'OPT') ORDER BY id", hotel, today,
        )  # fmt: skip
        came = 0
        for (number,) in rows:
            if self._chance.random() < COMES_SHARE:
                came += self._at_the_desk(partial(control.check_in, self._house.mock, hotel, str(number)))
        self._history.note("front-desk", "do", "check_in", count=came)

    def _confirm_some(self) -> None:
        """A few holds and options are made firm at the desk, well before their deadline."""
        hotel = self._house.terms.pms.pms_hotel_id
        limit = int((self._house.clock.now() + timedelta(seconds=30)).timestamp() * 1000)
        ours = self._house.ours.execute(
            "SELECT pms_ref FROM reservations WHERE state IN ('hold', 'option') AND expires_at > ? ORDER BY pms_ref",
            (limit,),
        ).fetchall()
        for (number,) in ours:
            if self._chance.random() >= CONFIRM_SHARE:
                continue
            code = self._chance.choice(DESK_CODES)
            if self._at_the_desk(partial(control.set_guarantee, self._house.mock, hotel, number, code)):
                self.confirmed.add(number)
                self._history.note("front-desk", "do", "desk_confirm", ref=number)

    def _at_the_desk(self, deed: Callable[[], None]) -> bool:
        """Whether the hotel's own system allowed it."""
        try:
            deed()
        except Problem:
            return False
        return True

    def _asked(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._house.mock.reading() as connection:
            return connection.execute(sql, values).fetchall()


def _names(faults: str) -> tuple[str, ...]:
    return {TIMETABLE: ROTA, NO_FAULTS: ()}.get(faults, (faults,))


def _profile(name: str) -> FaultProfile | None:
    return load_profile(name) if name else None
