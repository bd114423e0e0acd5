"""How long the sweep takes over 5,000 holds that run out together: a worst morning after the service stood still.

A home of the default hotel whose PMS answers in this process and whose rate share does not hold it back, so it is our
own work and the mock's that are measured. One hold is sold the usual way; its reservation is then copied onto 5,000
records of the seeded book, which the front desk makes holds. Each lapse reads the record, cancels it, and commits its
intent and its outcome, as any other. With a real hotel's share (15 calls a second) the PMS's limit decides: two calls
a hold, some seven holds a second.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.registry import Row, benchmark
from cli.seeding import Wish, make_home
from cli.wiring import open_desk
from domain.access import Actor, Role
from domain.reservation import PmsRef, Reservation, ReservationId, ReservationState
from integration.adapters.clock import SystemClock
from integration.ports.store import Tx
from integration.settings import Settings, settings_from
from integration.usecases.book_stay import book_stay
from integration.usecases.booking_request import BookRequest
from integration.usecases.desk import Desk
from integration.usecases.lapse_reservations import lapse_due
from integration.usecases.stay_wish import StayWish
from integration.usecases.write_guest import GuestCard
from pms_mock import control

HOLDS, A_ROUND = 5_000, 500
ADMIN = Actor("bench", Role.ADMIN, "cli")
ANNA = GuestCard("Anna Schmidt", "+49 151 23456789", None, "de", "DE")


def _home(folder: Path) -> Settings:
    now = SystemClock().now()
    settings = settings_from({"SANTRAL_HOME": str(folder / "home"), "SANTRAL_ACTOR": "bench"}, now, folder)
    make_home(settings, Wish(profiles=200), now, lambda _text: None)
    return settings


def _unhindered(desk: Desk) -> Desk:
    hotels = desk.hotels.items()
    free = {name: replace(one, pms=replace(one.pms, share_per_second=1e6, burst=10**6)) for name, one in hotels}
    return replace(desk, hotels=free)


def _made_holds(settings: Settings, pms_hotel: str, code: str) -> list[str]:
    """The numbers of records to come that are holds now."""
    with closing(control.open_store(str(settings.mock_path))) as store:
        with store.reading() as connection:
            found = connection.execute(
                "SELECT id FROM reservation WHERE hotel = ? AND status = 'Reserved' ORDER BY arrival DESC LIMIT ?",
                (pms_hotel, HOLDS),
            ).fetchall()
        for (number,) in found:
            control.set_guarantee(store, pms_hotel, str(number), code)
    return [str(number) for (number,) in found]


def _copied(tx: Tx, first: Reservation, numbers: list[str]) -> None:
    for place, number in enumerate(numbers):
        name = ReservationId(f"{first.reservation_id[:-5]}{place:05}")
        once = {"reservation_id": name, "request_key": f"key-{place}", "external_ref": f"SNT-{place:032}"}
        due = first.created_at - timedelta(minutes=1)
        tx.add_reservation(replace(first, **once, pms_ref=PmsRef(number), expires_at=due))  # type: ignore[arg-type]


async def _ready(settings: Settings, desk: Desk) -> int:
    """Everything due; how many."""
    hotel = next(iter(desk.hotels.values()))
    first_day = SystemClock().now().date() + timedelta(days=60)
    wish = StayWish(first_day, 2, 2, hotel_id=hotel.hotel_id, room_type="STD", rate_plan="UAI-FLEX")
    made = (await book_stay(desk, ADMIN, BookRequest(ReservationState.HOLD, "bench-hold", wish=wish, card=ANNA))).body
    numbers = _made_holds(settings, hotel.pms.pms_hotel_id, hotel.pms.guarantee_codes[ReservationState.HOLD])
    first = await desk.store.read(lambda tx: tx.get_reservation(ReservationId(made["reservation_id"])))
    if first is None:
        raise RuntimeError("the hold is not in the store")
    await desk.store.transact(lambda tx: _copied(tx, first, [one for one in numbers if one != first.pms_ref]))
    return sum(one != first.pms_ref for one in numbers)


async def _swept(settings: Settings) -> tuple[int, float]:
    with ExitStack() as end:
        desk = _unhindered(open_desk(settings, at_end=end.callback))
        due, lapsed = await _ready(settings, desk), 0
        began = time.perf_counter()
        for _ in range(due // A_ROUND + 1):
            lapsed += len((await lapse_due(desk, ADMIN, limit=A_ROUND)).expired)
        taken = time.perf_counter() - began
        await desk.pms.close()
        await desk.store.close()
    if lapsed != due:
        raise RuntimeError(f"{lapsed} of {due} holds lapsed")
    return due, taken


@benchmark("sweep")
def sweep() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="santral-bench-") as folder:
        due, taken = asyncio.run(_swept(_home(Path(folder))))
    note = f"{due / taken:.0f} holds/s, PMS in this process"
    yield Row(f"sweep of {due:,} due holds, seconds", taken, note=note, unit="s")
