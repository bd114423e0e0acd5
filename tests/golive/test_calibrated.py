"""Targets are of the data when a calibration gave them, somebody approved, and they count by now."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from cli.golive.calibrated import calibrated, waiting
from domain.access import Role
from integration.usecases.channel_roles import ChannelWish, set_channel
from integration.usecases.kpi_calibrate import approve_targets, decline_targets
from tests.builders import an_actor
from tests.kpi.floor import BOSS, Counted
from tests.kpi.test_calibration import AYSE, FIRST_DAY, NOW, a_month, proposed
from tests.kpi.weeks import HOTEL

NEXT_DAY = datetime(2027, 6, 24, 9, tzinfo=UTC)


def channels(floor: Counted, now: datetime = NEXT_DAY, first: date | None = FIRST_DAY) -> list[str]:
    return [one.channel for one in floor.reception.read(lambda tx: calibrated(tx, HOTEL, now, first))]


def approved(floor: Counted, **more: Any) -> str:
    the_id = str(proposed(floor)["proposal_id"])
    asyncio.run(approve_targets(floor.reception.desk, AYSE, the_id, **more))
    return the_id


def test_approved_targets_are_evidence_from_the_day_they_count() -> None:
    floor = a_month()
    the_id = approved(floor)
    assert channels(floor, NOW) == []
    assert floor.reception.read(lambda tx: waiting(tx, HOTEL, NOW)) == [the_id]
    assert "whatsapp" in channels(floor)
    assert floor.reception.read(lambda tx: waiting(tx, HOTEL, NEXT_DAY)) == []
    said = [str(one) for one in floor.reception.read(lambda tx: calibrated(tx, HOTEL, NEXT_DAY, FIRST_DAY))]
    assert f"whatsapp:2880s since 2027-06-23 ({the_id})" in said


def test_a_proposal_that_waits_or_was_declined_is_none() -> None:
    floor = a_month()
    the_id = str(proposed(floor)["proposal_id"])
    assert channels(floor) == []
    asyncio.run(decline_targets(floor.reception.desk, AYSE, the_id))
    assert channels(floor) == []
    assert floor.reception.read(lambda tx: waiting(tx, HOTEL, NEXT_DAY)) == []


def test_only_channels_that_were_approved_count() -> None:
    floor = a_month()
    approved(floor, channels=("whatsapp",))
    assert channels(floor) == ["whatsapp"]


def test_a_target_set_by_hand_since_is_not_of_the_data() -> None:
    floor = a_month()
    approved(floor)
    floor.be(NEXT_DAY)
    wish = ChannelWish(resolution_s=600.0)
    asyncio.run(set_channel(floor.reception.desk, an_actor(Role.ADMIN, "boss"), HOTEL, "whatsapp", wish, "k-1"))
    assert "whatsapp" not in channels(floor)
    assert channels(floor)


def test_thirty_days_that_begin_before_the_first_contact_are_none() -> None:
    floor = a_month()
    approved(floor)
    assert channels(floor, first=date(2027, 5, 25)) == []
    assert channels(floor, first=None) == []


def test_who_set_targets_by_hand_has_calibrated_nothing() -> None:
    floor = a_month()
    asyncio.run(set_channel(floor.reception.desk, BOSS, HOTEL, "whatsapp", ChannelWish(resolution_s=900.0), "k-1"))
    assert channels(floor) == []
