"""Targets from thirty days: small steps inside bounds, nothing from few cases, no case judged by a later promise."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Role
from domain.errors import ChangedSincePlan, Forbidden, InvalidInput, NotFound, Refused
from domain.kpi import Share, Spread
from domain.kpi_calibration import BOUNDS, FIRST, LEAST_CASES, MOST_STEP, Seen, Verdict, bounds_of, propose, stepped
from domain.kpi_row import Dimension, Period
from integration.adapters.store import open_store
from integration.usecases.channel_roles import ChannelWish, set_channel
from integration.usecases.kpi_calibrate import approve_targets, decline_targets, list_proposals, propose_targets
from tests.builders import an_actor
from tests.intake.reception import Writer
from tests.kpi.floor import BOSS, Counted
from tests.kpi.weeks import HOTEL, put_days

AYSE = an_actor(Role.SUPERVISOR, "ayse")
NOW = datetime(2027, 6, 23, 9, tzinfo=UTC)
FIRST_DAY = date(2027, 5, 24)
SPAN = Period(FIRST_DAY, date(2027, 6, 22))


def a_month(store: Any = None) -> Counted:
    """Thirty days up to yesterday."""
    floor = Counted.on(store) if store is not None else Counted()
    floor.be(NOW)
    floor.change(lambda tx: put_days(tx, FIRST_DAY, 30, FIRST_DAY, 6))
    return floor


def proposed(floor: Counted, **more: Any) -> dict[str, Any]:
    return asyncio.run(propose_targets(floor.reception.desk, BOSS, HOTEL, **more))


def row_of(body: dict[str, Any], channel: str, target: str) -> dict[str, Any]:
    return next(row for row in body["rows"] if (row["channel"], row["target"]) == (channel, target))


def a_seen(seconds: list[int], *, still_open: int = 0, current: float = 120.0, channel: str = "whatsapp") -> Seen:
    found = Spread()
    for one in seconds:
        found.add(one)
    for _ in range(still_open):
        found.add(50_000, is_open=True)
    return Seen(channel, FIRST, current, found, Share())


@given(
    st.sampled_from(["whatsapp", "phone", "email", "instagram"]),
    st.sampled_from(["first_response_s", "resolution_s"]),
    st.floats(1, 200_000),
    st.floats(0, 300_000),
)
def test_a_step_is_a_fifth_at_most_and_goes_towards_what_was_seen(
    channel: str, target: str, current: float, candidate: float
) -> None:
    found, _ = stepped(channel, target, current, candidate)
    assert current * (1 - MOST_STEP) - 1e-6 <= found <= current * (1 + MOST_STEP) + 1e-6
    bounds = bounds_of(channel, target)
    if bounds.floor_s <= current <= bounds.ceiling_s:
        assert bounds.floor_s <= found <= bounds.ceiling_s
    wanted = min(max(candidate, bounds.floor_s), bounds.ceiling_s)
    assert (found - current) * (wanted - current) >= 0


def test_steps_go_on_until_they_arrive() -> None:
    target = 120.0
    for _ in range(12):
        target, _ = stepped("whatsapp", FIRST, target, 300.0)
    assert target == 300.0


def test_every_floor_is_below_its_ceiling() -> None:
    assert all(one.floor_s < one.ceiling_s for kinds in BOUNDS.values() for one in kinds.values())


@pytest.mark.parametrize(
    ("seconds", "still_open", "verdict"),
    [
        ([100] * (LEAST_CASES - 1), 0, Verdict.TOO_FEW),
        ([100] * (LEAST_CASES - 1), 1, Verdict.PROPOSED),
        ([100] * 60, 30, Verdict.TOO_OPEN),
        ([120] * 60, 0, Verdict.UNCHANGED),
        ([100] * 60, 0, Verdict.PROPOSED),
    ],
)
def test_the_verdict_rests_on_enough_cases_that_are_over(seconds: list[int], still_open: int, verdict: Verdict) -> None:
    assert propose(a_seen(seconds, still_open=still_open)).verdict is verdict


def test_open_cases_make_no_target_look_easy() -> None:
    """Of 100 cases 30 wait still: three quarters of those that are over took 60 s, of all nobody knows."""
    assert propose(a_seen([60] * 70)).p75_s == 60
    assert propose(a_seen([60] * 70, still_open=30)).p75_s is None


def test_a_proposal_changes_nothing_and_holds_its_evidence() -> None:
    floor = a_month()
    body = proposed(floor)
    row = row_of(body, "whatsapp", FIRST)
    assert (row["verdict"], row["current_s"], row["proposed_s"]) == ("proposed", 120.0, 140.0)
    assert row["p75_s"] > 144
    assert row["held"] == ["step"]
    assert row["low"] < row["in_target"] < row["high"]
    assert row["n"] >= LEAST_CASES
    assert (body["from"], body["to"]) == (SPAN.first.isoformat(), SPAN.last.isoformat())
    assert floor.reception.read(lambda tx: tx.channel_settings(HOTEL)) == []


def test_the_evidence_is_the_reports_own_figures() -> None:
    floor = a_month()
    rows = floor.report(SPAN, Dimension.CHANNEL, kpis=("frt_s",)).rows
    line = next(row for row in rows if row.by == {"channel": "whatsapp"})
    seen = row_of(proposed(floor), "whatsapp", FIRST)
    assert (seen["n"], seen["open_n"], seen["p75_s"]) == (line.n, line.open_n, line.percentiles[75])
    assert seen["in_target"] == line.in_target


def test_days_of_an_outage_can_be_left_out() -> None:
    floor = a_month()
    without = proposed(floor, without=[FIRST_DAY, FIRST_DAY + timedelta(days=1)])
    assert without["without"] == ["2027-05-24", "2027-05-25"]
    assert row_of(without, "phone", FIRST)["n"] < row_of(proposed(floor), "phone", FIRST)["n"]


def test_who_proposed_does_not_approve_and_an_operator_does_neither() -> None:
    floor = a_month()
    desk, the_id = floor.reception.desk, proposed(floor)["proposal_id"]
    with pytest.raises(Forbidden, match="somebody else"):
        asyncio.run(approve_targets(desk, BOSS, the_id))
    with pytest.raises(Forbidden):
        asyncio.run(approve_targets(desk, an_actor(), the_id))
    with pytest.raises(Forbidden):
        asyncio.run(propose_targets(desk, an_actor(), HOTEL))
    with pytest.raises(NotFound):
        asyncio.run(approve_targets(desk, AYSE, "tgt_none"))


def test_old_cases_are_never_judged_by_new_targets() -> None:
    """The report of the old days is the same to the last line; a case after midnight has the new promise."""
    floor = a_month()
    desk = floor.reception.desk
    floor.writes(Writer("+905330000001", name="Old"), NOW)
    before = floor.report(SPAN, *Dimension).rows
    body = asyncio.run(approve_targets(desk, AYSE, proposed(floor)["proposal_id"]))
    assert (body["state"], body["effective_from"]) == ("approved", "2027-06-23T21:00:00Z")
    assert floor.report(SPAN, *Dimension).rows == before
    floor.writes(Writer("+905330000002", name="New"), datetime(2027, 6, 24, 9, tzinfo=UTC))
    floor.replies("+905330000001", datetime(2027, 6, 24, 9, 1, tzinfo=UTC))
    floor.report(SPAN)
    (old,) = floor.reception.read(lambda tx: tx.kpi_cases_on(HOTEL, NOW.date()))
    (new,) = floor.reception.read(lambda tx: tx.kpi_cases_on(HOTEL, date(2027, 6, 24)))
    assert (old.frt_target_s, new.frt_target_s) == (120.0, 140.0)
    assert new.resolution_target_s == 48 * 60


def test_one_channel_can_be_approved_alone_and_the_rest_stays() -> None:
    floor = a_month()
    desk = floor.reception.desk
    asyncio.run(approve_targets(desk, AYSE, proposed(floor)["proposal_id"], channels=("whatsapp",)))
    settings = floor.reception.read(lambda tx: tx.channel_settings(HOTEL))
    assert [(one.channel.value, one.version, one.set_by) for one in settings] == [("whatsapp", 1, "ayse")]
    with pytest.raises(InvalidInput, match="Nothing is proposed"):
        asyncio.run(approve_targets(desk, AYSE, proposed(floor)["proposal_id"], channels=("email",)))


def test_what_else_was_set_of_a_channel_stays() -> None:
    floor = a_month()
    desk = floor.reception.desk
    asyncio.run(set_channel(desk, BOSS, HOTEL, "whatsapp", ChannelWish(turns=3), "k-1"))
    asyncio.run(approve_targets(desk, AYSE, proposed(floor)["proposal_id"]))
    newest = max(
        (one for one in floor.reception.read(lambda tx: tx.channel_settings(HOTEL)) if one.channel.value == "whatsapp"),
        key=lambda one: one.version,
    )
    assert newest.document["turns"] == 3
    assert newest.document["first_response_s"] == 140.0


def test_targets_that_were_changed_by_hand_in_between_stop_an_approval() -> None:
    floor = a_month()
    desk, the_id = floor.reception.desk, proposed(floor)["proposal_id"]
    asyncio.run(set_channel(desk, BOSS, HOTEL, "whatsapp", ChannelWish(first_response_s=90.0), "k-1"))
    with pytest.raises(ChangedSincePlan):
        asyncio.run(approve_targets(desk, AYSE, the_id))
    settings = floor.reception.read(lambda tx: tx.channel_settings(HOTEL))
    assert {one.channel.value for one in settings} == {"whatsapp"}


def test_targets_do_not_count_from_the_past() -> None:
    floor = a_month()
    the_id = proposed(floor)["proposal_id"]
    with pytest.raises(InvalidInput, match="from now on"):
        asyncio.run(approve_targets(floor.reception.desk, AYSE, the_id, since=NOW - timedelta(hours=1)))
    with pytest.raises(InvalidInput, match="that is over"):
        proposed(floor, last=NOW.date())


def test_a_proposal_is_decided_once_and_a_newer_one_takes_its_place() -> None:
    floor = a_month()
    desk = floor.reception.desk
    old, new = proposed(floor)["proposal_id"], proposed(floor)["proposal_id"]
    with pytest.raises(Refused, match="does not wait"):
        asyncio.run(approve_targets(desk, AYSE, old))
    asyncio.run(decline_targets(desk, AYSE, new))
    with pytest.raises(Refused, match="declined"):
        asyncio.run(approve_targets(desk, AYSE, new))
    states = [row["state"] for row in asyncio.run(list_proposals(desk, BOSS, HOTEL))["rows"]]
    assert sorted(states) == ["declined", "replaced"]


def test_a_cycle_moves_a_target_by_a_fifth_however_often_it_is_approved() -> None:
    """From 120 s to 140 s at most in thirty days; a target set by hand beyond that begins a cycle of its own."""
    floor = a_month()
    desk = floor.reception.desk
    asyncio.run(approve_targets(desk, AYSE, proposed(floor)["proposal_id"], since=NOW))
    for later in (timedelta(seconds=1), timedelta(days=1)):
        floor.be(NOW + later)
        row = row_of(proposed(floor), "whatsapp", FIRST)
        assert (row["current_s"], row["verdict"]) == (140.0, "unchanged")
    asyncio.run(set_channel(desk, BOSS, HOTEL, "whatsapp", ChannelWish(first_response_s=200.0), "k-1"))
    floor.be(NOW + timedelta(days=1, seconds=1))
    assert row_of(proposed(floor), "whatsapp", FIRST)["proposed_s"] == 240.0


def test_a_new_cycle_moves_it_again() -> None:
    floor = a_month()
    asyncio.run(approve_targets(floor.reception.desk, AYSE, proposed(floor)["proposal_id"], since=NOW))
    floor.change(lambda tx: put_days(tx, SPAN.last + timedelta(days=1), 32, FIRST_DAY, 6))
    for days, wanted in ((30, None), (31, 165.0)):
        floor.be(NOW + timedelta(days=days))
        assert row_of(proposed(floor, last=SPAN.last + timedelta(days=days)), "whatsapp", FIRST)["proposed_s"] == wanted


def test_a_span_that_has_nothing_to_change_waits_for_nobody_and_replaces_nothing() -> None:
    floor = a_month()
    waiting = proposed(floor)
    empty = proposed(floor, last=FIRST_DAY - timedelta(days=40))
    assert (empty["state"], empty["rows"]) == ("unchanged", [])
    listed = asyncio.run(list_proposals(floor.reception.desk, BOSS, HOTEL))["rows"]
    assert {one["proposal_id"]: one["state"] for one in listed} == {
        waiting["proposal_id"]: "proposed",
        empty["proposal_id"]: "unchanged",
    }
    with pytest.raises(Refused):
        asyncio.run(approve_targets(floor.reception.desk, AYSE, empty["proposal_id"]))


def test_a_proposal_outlives_a_restart(tmp_path: Path) -> None:
    place = tmp_path / "store.sqlite"
    floor = a_month(open_store(place, inline=True, create=True))
    desk, body = floor.reception.desk, proposed(floor)
    asyncio.run(desk.store.close())
    again = replace(desk, store=open_store(place, inline=True, create=False))
    told = asyncio.run(approve_targets(again, AYSE, body["proposal_id"]))
    assert told["rows"] == body["rows"]
    asyncio.run(again.store.close())
