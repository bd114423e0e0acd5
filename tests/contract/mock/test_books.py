"""The books are right after any order of commands, and after processes are killed in the middle of them."""

import asyncio
import os
import random
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from pms_mock import control
from pms_mock.engine.days import nights
from pms_mock.store import MockStore
from tests.contract.mock.small_hotel import HOTEL, RES, Caller, a_caller, a_cancel, a_change, a_create, a_store
from tests.contract.mock.test_server import children, headers, served

DAYS = [f"2026-07-{day:02d}" for day in range(10, 16)]


def books_are_right(store: MockStore) -> None:
    """Stock is exactly what live reservations hold, and never more than there is."""
    sold: Counter[tuple[str, str]] = Counter()
    tentative: Counter[tuple[str, str]] = Counter()
    with store.reading() as connection:
        for room, arrival, departure, units, deducts in connection.execute(
            "SELECT room_type, arrival, departure, units, deducts FROM reservation"
            " WHERE status IN ('Reserved', 'InHouse')"
        ):
            for day in nights(arrival, departure):
                (sold if deducts else tentative)[room, day] += units
        rows = connection.execute("SELECT room_type, day, sold, tentative, capacity, forced FROM stock").fetchall()
    assert {(room, day): (s, t) for room, day, s, t, _, _ in rows if s or t} == {
        cell: (sold[cell], tentative[cell]) for cell in sold.keys() | tentative.keys()
    }
    assert all(
        0 <= s <= capacity + forced and (forced == max(0, s - capacity)) for _, _, s, _, capacity, forced in rows
    )


def one_command(rng: random.Random, store: MockStore, caller: Caller, numbers: list[str]) -> None:
    first = rng.randrange(5)
    arrival, departure = DAYS[first], DAYS[rng.randrange(first + 1, 6)]
    number = rng.choice(numbers) if numbers else "1"
    guarantee, room = rng.choice(["HOLD", "TENT", "PAID"]), rng.choice(["FAMSV", "STD"])
    force = rng.random() < 0.1
    match rng.randrange(9):
        case 0 | 1 | 2:
            hold = {"onHold": rng.random() < 0.2}
            reply = caller.post(
                RES,
                a_create(
                    arrival=arrival,
                    departure=departure,
                    room=room,
                    guarantee=guarantee,
                    units=rng.randint(1, 3),
                    overrideInventoryCheck=force,
                    hold=hold,
                ),
            )
            if reply.status == 201:
                numbers.append(reply.id)
        case 3:
            stay = {"arrivalDate": arrival, "departureDate": departure, "roomRates": [{"roomType": room}]}
            caller.put(f"{RES}/{number}", a_change(roomStay=stay, overrideInventoryCheck=force))
        case 4:
            caller.put(f"{RES}/{number}", a_change(roomStay={"guarantee": {"guaranteeCode": guarantee}}))
        case 5:
            caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
        case 6:
            caller.put(f"{RES}/{number}/cancellations", {"overrideInventory": force})
        case 7:
            caller.delete(f"{RES}/{number}")
        case _:
            criteria = {"paymentMethod": {"paymentMethod": "CA"}, "postingAmount": {"amount": 1, "currencyCode": "EUR"}}
            body = {"criteria": {**criteria, "guaranteeCode": guarantee, "overrideInventoryCheck": force}}
            caller.post(f"/csh/v1/hotels/{HOTEL}/reservations/{number}/depositPayments", body)


@pytest.mark.parametrize("seed", range(6))
def test_stock_is_what_live_reservations_hold_after_any_order_of_commands(seed: int) -> None:
    rng = random.Random(seed)
    store = a_store()
    caller = a_caller(store)
    numbers: list[str] = []
    for _ in range(120):
        one_command(rng, store, caller, numbers)
        books_are_right(store)
    assert {reply.status for _, _, reply in caller.seen} <= {200, 201, 400, 404}


def test_stock_is_right_after_the_night_audit_and_the_desk() -> None:
    store = a_store()
    caller = a_caller(store)
    numbers = [
        caller.post(RES, a_create(ref=f"R{n}", arrival="2026-06-01", departure="2026-06-05")).id for n in range(4)
    ]
    control.check_in(store, HOTEL, numbers[0])
    control.clock(store, advance=timedelta(days=1))
    control.night_audit(store, HOTEL)
    books_are_right(store)
    control.check_in(store, HOTEL, numbers[1])
    books_are_right(store)


async def agent(session: aiohttp.ClientSession, name: int, acknowledged: list[str]) -> None:
    """Books and cancels, again and again, whatever breaks on the way."""
    for step in range(30):
        ref = f"A{name}-{step}"
        try:
            async with session.post(RES, json=a_create(ref=ref, room="STD")) as reply:
                if reply.status != 201:
                    continue
                number = reply.headers["Location"].rsplit("/", 1)[1]
                acknowledged.append(ref)
            async with session.post(f"{RES}/{number}/cancellations", json=a_cancel(number)) as reply:
                assert reply.status < 500
        except aiohttp.ClientError:
            await asyncio.sleep(0.02)


async def killer(parent: int) -> None:
    rng = random.Random(1)
    for _ in range(6):
        await asyncio.sleep(0.15)
        workers = [c for c in children(parent) if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]
        if workers:
            os.kill(rng.choice(workers), signal.SIGKILL)


def test_the_books_are_right_when_workers_are_killed_in_the_middle(tmp_path: Path) -> None:
    store = a_store(str(tmp_path / "hotel.db"))
    own, acknowledged = headers(store), list[str]()

    async def story(url: str, parent: int) -> None:
        async with aiohttp.ClientSession(url, headers=own) as session:
            await asyncio.gather(killer(parent), *(agent(session, name, acknowledged) for name in range(6)))

    with served(store, 2) as (url, process):
        asyncio.run(story(url, process.pid))
    books_are_right(store)
    with store.reading() as connection:
        written = sorted(ref for (ref,) in connection.execute("SELECT ref FROM reservation_ref"))
        booked = "SELECT external_reference FROM ledger WHERE operation = 'postReservation' AND status = 201"
        recorded = sorted(ref for (ref,) in connection.execute(booked))
    assert (set(acknowledged) <= set(written), recorded) == (True, written)
