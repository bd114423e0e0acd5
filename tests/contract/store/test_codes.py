"""Codes that prove an address, in both stores: newest first, of one address only, forgotten after a while."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.address_code import CODE_LIFE, AddressCode, CodeState
from domain.guest import ChannelIdentity, GuestId, IdentityKind
from integration.adapters.store import case_tables, code_rows
from integration.ports.store import Tx
from tests.contract.store.playing import Played
from tests.fakes.surroundings import NOW
from tests.postgres import a_database

PHONE = ChannelIdentity(IdentityKind.PHONE, "+905000000001")
HOUR = timedelta(hours=1)


def a_code(number: int = 1, value: str = PHONE.value, minutes: int = 0) -> AddressCode:
    at = NOW + timedelta(minutes=minutes)
    own = (IdentityKind.PHONE, "", value, f"out_{number}", GuestId("gst_1"))
    return AddressCode(*own, CodeState.SENT, at, at + CODE_LIFE)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Played]:
    with Played(url=a_database() if request.param == "postgresql" else "") as played:
        yield played


def test_a_code_has_the_fields_of_its_table_in_order() -> None:
    assert code_rows.CODE.names == tuple(column.name for column in case_tables.ADDRESS_CODES.c)


def test_codes_of_an_address_come_back_newest_first_and_are_written_over(store: Played) -> None:
    codes = [a_code(1), a_code(2, minutes=1), a_code(3, "+905000000002")]

    def work(tx: Tx) -> None:
        for one in codes:
            tx.put_code(one)
        tx.put_code(codes[0].missed())

    store.write(work)
    assert store.read(lambda tx: tx.codes_of(PHONE, NOW - HOUR)) == [codes[1], replace(codes[0], tries=1)]
    assert store.read(lambda tx: tx.codes_of(PHONE, NOW)) == [codes[1]]


def test_old_codes_are_forgotten(store: Played) -> None:
    store.write(lambda tx: tx.put_code(a_code(1)))
    store.write(lambda tx: tx.put_code(a_code(2, minutes=1)))
    store.write(lambda tx: tx.drop_codes(NOW + timedelta(seconds=30)))
    assert [one.code_id for one in store.read(lambda tx: tx.codes_of(PHONE, NOW - HOUR))] == ["out_2"]
