"""What `santral doctor` looks at, in the order in which one thing needs another.

Each part is looked at by itself, so that one finding does not hide the next; what needs something that is missing is
left out. The whole audit is walked by `santral store check`, not here: this is quick enough for every morning.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from cli.context import Session
from cli.home import read_home
from cli.wiring import Hotels
from domain.errors import DomainError
from domain.hotel import HotelTerms
from domain.stay import StayDates
from integration.adapters.clock import SystemClock
from integration.adapters.ohip.check import check_mapping
from integration.adapters.peer_clock import clock_skew
from integration.adapters.store.audit_keeper import Keeper, seal_of
from integration.adapters.store.carers import Care, care_of
from integration.adapters.store.inspection import Check, failed
from integration.errors import ServiceError
from integration.settings import Settings
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from scenarios.loader import HotelFileError

OLDEST_SQLITE = (3, 37, 0)
LEAST_FREE_MB = 500
MOST_SKEW_S = 30
MOST_BEHIND = 10_000
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine(session: Session) -> list[Check]:
    """All checks."""
    settings = session.settings
    checks = [_sqlite(sqlite3.sqlite_version_info), _disk(settings.home)]
    home = _tried("home", lambda: read_home(settings.home))
    checks.append(home)
    if home.is_ok:
        store = list(_store(settings))
        has_key = _tried("audit_key", seal_of(settings).chain).is_ok
        checks += [*store, *_hotels(session, has_store=store[0].is_ok and has_key)]
    return checks


def _tried(name: str, look: Callable[[], object]) -> Check:
    """A check that is all right unless looking raises one of our errors, whose sentence is then the hint."""
    try:
        look()
    except (DomainError, ServiceError) as error:
        return failed(name, error.template, **error.params)
    except HotelFileError as error:
        return failed(name, N_("A hotel file cannot be used: {why}"), why=str(error))
    return Check(name, is_ok=True)


def _sqlite(version: tuple[int, ...]) -> Check:
    if version >= OLDEST_SQLITE:
        return Check("sqlite", is_ok=True)
    found = ".".join(map(str, version))
    return failed("sqlite", N_("SQLite {found} is too old; 3.37 or newer is needed."), found=found)


def _disk(home: Path) -> Check:
    place = home if home.exists() else home.absolute().parent
    if not place.exists():
        return failed("disk", N_("{place} does not exist."), place=str(place))
    free = shutil.disk_usage(place).free // 1_000_000
    if free >= LEAST_FREE_MB:
        return Check("disk", is_ok=True)
    return failed("disk", N_("Only {free} MB are free at {place}."), free=free, place=str(place))


def _store(settings: Settings) -> Iterator[Check]:
    care, seal = care_of(settings), seal_of(settings)
    store = _tried("store", care.try_open)
    key = _tried("audit_key", seal.chain)
    yield store
    yield _own(seal.key_path, key) if not settings.audit_key else key
    if store.is_ok:
        yield from care.watch()
        if key.is_ok:
            yield _audit(care, seal.keeper())


def _own(path: Path, key: Check) -> Check:
    """The key's file is its owner's alone."""
    if key.is_ok and path.stat().st_mode & OTHERS:
        return failed("audit_key", N_("Others may read {place}; run `chmod 600` on it."), place=str(path))
    return key


def _audit(care: Care, keeper: Keeper) -> Check:
    """Key and head fit, and checkpoints are being written."""
    head, last = care.read_head(keeper)
    if head is None or head.seq != last or not keeper.chain.is_genuine(head):
        return failed(
            "audit", N_("The end of the audit does not fit its head, or the key; run `santral audit verify`.")
        )
    places = keeper.checkpoints
    if places is None:
        return Check("audit", is_ok=True)
    if not places.path.is_file() or not os.access(places.path, os.W_OK):
        return failed("audit", N_("The audit's checkpoints cannot be written to {place}."), place=str(places.path))
    behind = last - max(places.read().macs, default=0)
    if behind > MOST_BEHIND:
        return failed("audit", N_("{behind} audit rows have no checkpoint; is {place} full?"), behind=behind,
                      place=str(places.path))  # fmt: skip
    return Check("audit", is_ok=True)


def _hotels(session: Session, *, has_store: bool) -> Iterator[Check]:
    """Hotel files, and for each hotel whether its PMS answers and means what the file says: that needs the store."""
    files = _tried("hotel_files", lambda: _read_hotels(session.settings))
    yield files
    if not files.is_ok or not has_store:
        return
    desk = _tried("pms", lambda: session.desk)
    if not desk.is_ok:
        yield desk
        return
    for hotel in session.desk.hotels.values():
        yield from session.run(lambda desk: _pms(desk, hotel))  # noqa: B023 - run at once
    if not session.settings.is_embedded:
        yield session.run(lambda _: _clock(session.settings))


def _read_hotels(settings: Settings) -> None:
    list(Hotels(settings.hotels_dir, read_home(settings.home).set_up_on))


async def _pms(desk: Desk, hotel: HotelTerms) -> list[Check]:
    today = hotel.today(desk.clock.now())
    try:
        await desk.pms.read_room_counts(hotel, StayDates.of_nights(today, 1))
    except ServiceError as error:
        return [failed(f"pms:{hotel.hotel_id}", error.template, **error.params)]
    answers = Check(f"pms:{hotel.hotel_id}", is_ok=True)
    name = f"mapping:{hotel.hotel_id}"
    try:
        await check_mapping(desk.pms, hotel, today)
    except ServiceError as error:
        return [answers, failed(name, error.template, **error.params)]
    return [answers, Check(name, is_ok=True)]


async def _clock(settings: Settings) -> Check:
    """Against the real clock: `--as-of` shifts ours and not theirs."""
    skew = await clock_skew(settings.pms_url, SystemClock().now(), settings.read_timeout_s)
    if skew is None or abs(skew.total_seconds()) <= MOST_SKEW_S:
        return Check("clock", is_ok=True)
    return failed(
        "clock", N_("The clock of the PMS is {seconds} seconds from ours; is NTP running?"),
        seconds=round(skew.total_seconds()),
    )  # fmt: skip
