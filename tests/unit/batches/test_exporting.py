"""Reservations written out: what an import reads, page by page, masked for whoever may not see guests in clear."""

import asyncio

from domain.access import Actor
from integration.usecases.export_reservations import EXPORTED, Export, Row
from integration.usecases.look_up import ReservationSearch
from integration.usecases.reservation_rows import COLUMNS
from tests.fakes.desk import Office, an_office
from tests.unit.batches.sheets import a_row, brought_in
from tests.unit.usecases.selling import ADMIN, AGENT


async def exported(office: Office, actor: Actor = ADMIN, search: ReservationSearch | None = None) -> list[Row]:
    export = Export(office.desk, actor, search or ReservationSearch())
    return [row async for page in export.pages() for row in page]


def test_its_columns_are_columns_of_the_import() -> None:
    assert set(EXPORTED) <= set(COLUMNS)


def test_it_goes_over_pages_and_leaves_a_trace() -> None:
    async def story() -> None:
        office = an_office()
        rows = [a_row(number, check_in=f"{1 + number // 15}.09.2027") for number in range(230)]
        await brought_in(office, rows)
        found = await exported(office)
        assert len(found) == len({row["key"] for row in found}) == 230
        assert set(found[0]) == set(EXPORTED)
        tail = await office.desk.store.read(lambda tx: tx.tail_audit(1))
        assert "reservations_exported" in tail[0]

    asyncio.run(story())


def test_guests_are_masked_for_an_operator() -> None:
    async def story() -> None:
        office = an_office()
        await brought_in(office, [a_row(0)])
        (row,) = await exported(office, AGENT)
        assert (row["name"], row["phone"]) == ("A*** S***", "+49 1** *** ** 00")
        (row,) = await exported(office, ADMIN)
        assert (row["name"], row["phone"]) == ("Anna Schmidta", "+4915123000000")

    asyncio.run(story())


def test_states_are_the_live_ones_unless_others_are_asked_for() -> None:
    async def story() -> None:
        office = an_office()
        await brought_in(office, [a_row(0), a_row(1, status="hold", guarantee=None)])
        assert [row["status"] for row in await exported(office)] == ["hold", "confirmed"]
        assert await exported(office, search=ReservationSearch(status=("cancelled",))) == []

    asyncio.run(story())
