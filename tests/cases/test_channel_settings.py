"""Hours, languages and the notice of a channel are set from an instant on, and what is past stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from domain.contact import Channel
from domain.errors import Forbidden, InvalidInput
from integration.usecases.channel_roles import ChannelWish, set_channel, show_channel
from integration.usecases.channel_roles_live import hotel_on, policy_of
from tests.cases.desk import AGENT, BOSS, Floor, run
from tests.intake.reception import MIDNIGHT, Writer

NINE = MIDNIGHT + timedelta(hours=6)
ANNA = Writer("+905320000001", "TR.1111111111", "Anna")


def set_it(floor: Floor, channel: str = "whatsapp", **wish: Any) -> dict[str, Any]:
    found: dict[str, Any] = floor.answered(
        set_channel(floor.reception.desk, BOSS, None, channel, ChannelWish(**wish), floor.key())
    )
    return found


def writes(floor: Floor, minutes: float = 0) -> Any:
    floor.reception.write(ANNA, "Merhaba", NINE + timedelta(minutes=minutes))
    floor.reception.take_in()
    (case,) = floor.reception.cases()
    return case


def test_hours_that_are_set_move_what_is_due():
    floor = Floor()
    floor.reception.office.clock.set(NINE - timedelta(days=1))
    shown = set_it(floor, hours=("mon-fri 12:00-18:00",))
    assert (shown["hours"], shown["open_now"]) == (["mon-fri 12:00-18:00"], False)
    case = writes(floor)
    assert case.due_at == NINE + timedelta(hours=3, minutes=2)


def test_what_has_passed_counts_by_the_hours_that_stood_then():
    floor = Floor()
    case = writes(floor)
    assert case.due_at == NINE + timedelta(minutes=2)
    floor.reception.office.clock.set(NINE + timedelta(minutes=1))
    set_it(floor, hours=("mon-fri 12:00-18:00",))
    floor.tag(case.case_id, "support")
    case = floor.reception.cases()[0]
    assert case.due_at == NINE + timedelta(hours=3, minutes=1)
    floor.reception.office.clock.set(NINE + timedelta(minutes=5))
    set_it(floor, hours=("hotel",))
    floor.tag(case.case_id, "reservation")
    assert floor.reception.cases()[0].due_at == NINE + timedelta(minutes=6)
    assert run(show_channel(floor.reception.desk, AGENT, None, "whatsapp"))["hours"] is None


def test_a_closed_telephone_offers_nobody_a_guest():
    floor = Floor()
    floor.hire("deniz")
    floor.reception.office.clock.set(NINE - timedelta(hours=1))
    set_it(floor, "phone", hours=("12:00-18:00",))
    floor.reception.write(ANNA, "Rezervasyonumu iptal etmek istiyorum", NINE)
    floor.reception.take_in()
    (one,) = floor.reception.read(lambda tx: tx.list_handoffs())
    assert (one.state, one.due_at) == ("callback", NINE + timedelta(hours=3, minutes=30))


def test_other_channels_and_hotels_holidays_stay_as_the_file_has_them():
    floor = Floor()
    set_it(floor, hours=("mon-sun 09:00-10:00",))
    since, until = NINE, NINE + timedelta(days=400)
    desk = floor.reception.desk
    mine = desk.serving.policy("BELEK1", since, until)
    found = floor.reception.read(lambda tx: policy_of(desk, tx, "BELEK1", since, until))
    assert {name: found.spans(name) for name in mine.hours if name != "whatsapp"} == {
        name: spans for name, spans in mine.hours.items() if name != "whatsapp"
    }
    assert len(found.spans("whatsapp").starts) < 1461 - 10


def test_languages_and_notice_are_the_channels_own():
    floor = Floor()
    shown = set_it(floor, languages=("EN", "tr"), notice_url="https://hotel.example/kvkk", notice_version="2027-06")
    assert (shown["languages"], shown["notice_version"]) == (["en", "tr"], "2027-06")
    desk = floor.reception.desk
    there = floor.reception.read(lambda tx: hotel_on(desk, tx, "BELEK1", Channel.WHATSAPP))
    elsewhere = floor.reception.read(lambda tx: hotel_on(desk, tx, "BELEK1", Channel.EMAIL))
    assert (there.languages, there.notice_url) == (("en", "tr"), "https://hotel.example/kvkk")
    assert elsewhere == floor.reception.desk.hotel("BELEK1")
    kept = set_it(floor, turns=3)
    assert (kept["languages"], kept["notice_url"]) == (["en", "tr"], "https://hotel.example/kvkk")
    assert set_it(floor, notice_url="")["notice_url"] is None


@pytest.mark.parametrize(
    "wish",
    [
        {"hours": ()}, {"hours": ("nine to five",)}, {"languages": ("nl",)}, {"languages": ()},
        {"notice_url": "http://hotel.example/kvkk"}, {"notice_url": "https://x"}, {"notice_version": "v" * 41},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_sets_nothing(wish: dict[str, Any]):
    floor = Floor()
    with pytest.raises(InvalidInput):
        set_it(floor, **wish)
    assert run(show_channel(floor.reception.desk, AGENT, None, "whatsapp"))["versions"] == []


def test_only_an_administrator_sets_a_channel():
    floor = Floor()
    with pytest.raises(Forbidden):
        run(set_channel(floor.reception.desk, AGENT, None, "whatsapp", ChannelWish(turns=3), "k"))
