"""Faults on demand, each kind once over the in-process application: what the caller sees, and what the hotel holds."""

import asyncio
from datetime import timedelta

import pytest

from pms_mock import control
from pms_mock.app import create_app
from pms_mock.control import ControlError, LostAnswer, Unreachable
from pms_mock.faults.kinds import KINDS
from pms_mock.faults.rules import Fault
from pms_mock.store import MockStore
from tests.contract.mock import vendor
from tests.contract.mock.small_hotel import (
    AVAIL,
    HOTEL,
    RES,
    Caller,
    Json,
    Reply,
    a_caller,
    a_cancel,
    a_change,
    a_create,
    a_store,
    ask,
)

STAY = {"roomStayStartDate": "2026-07-10", "roomStayEndDate": "2026-07-12"}
DEPOSITS = f"/csh/v1/hotels/{HOTEL}/reservations"


def a_house() -> tuple[MockStore, Caller]:
    store = a_store()
    return store, a_caller(store)


def a_booking(caller: Caller, **changes: object) -> str:
    made = caller.post(RES, a_create(**changes))
    assert made.status == 201, made.raw
    return made.id


def found(caller: Caller, ref: str = "REF-1") -> int:
    reply = caller.get(RES, externalReferenceIds=ref, externalSystemCodes="SANTRAL")
    return int(reply.json["reservations"]["count"]) if reply.status == 200 else 0


def stay_of(caller: Caller, number: str) -> Json:
    stay: Json = caller.get(f"{RES}/{number}").json["reservations"]["reservation"][0]["roomStay"]
    return stay


def guarantee_of(caller: Caller, number: str) -> str:
    return str(stay_of(caller, number)["guarantee"]["guaranteeCode"])


def a_deposit(number: str, **changes: object) -> Json:
    return {
        "criteria": {
            "hotelId": HOTEL,
            "reservationId": {"id": number, "type": "Reservation"},
            "paymentMethod": {"paymentMethod": "BT"},
            "postingAmount": {"amount": 100, "currencyCode": "EUR"},
            "postingReference": "PAY-1",
            "guaranteeCode": "PAID",
            **changes,
        }
    }


def test_down_refuses_unread_and_every_operation_meets_it() -> None:
    store, caller = a_house()
    control.add_fault(store, "down", times=-1)
    for act in (
        lambda: caller.get(RES),
        lambda: caller.post(RES, a_create()),
        lambda: caller.get("/nowhere"),
        caller.login,
    ):
        with pytest.raises(Unreachable):
            act()
    control.clear_faults(store)
    assert (found(caller), {entry.fault for _, entry in control.ledger(store)[1:5]}) == (0, {"down"})


@pytest.mark.parametrize("wait", ["", "30"])
def test_a_status_comes_without_a_body_and_with_retry_after_only_when_told(wait: str) -> None:
    store, caller = a_house()
    control.add_fault(store, "status", "reads", param=429, retry_after=wait)
    refused = caller.get(RES)
    assert (refused.status, refused.raw, refused.headers.get("retry-after", "")) == (429, b"", wait)


def test_a_token_that_expires_in_the_middle_of_a_call_is_dead_from_then_on() -> None:
    store, caller = a_house()
    control.add_fault(store, "token_expired", "postReservation")
    first, again = caller.post(RES, a_create()), caller.post(RES, a_create())
    assert (first.status, again.status, caller.login().post(RES, a_create()).status) == (401, 401, 201)
    assert vendor.SPECS.is_dir() is False or vendor.answer_misfits("POST", RES, 401, first.raw) == []


def test_a_truncated_answer_breaks_off_in_the_middle_after_the_work() -> None:
    store, caller = a_house()
    control.add_fault(store, "truncated", "postReservation")
    with pytest.raises(LostAnswer):
        caller.post(RES, a_create())
    assert found(caller) == 1


def test_garbage_is_a_success_that_nobody_can_read() -> None:
    store, caller = a_house()
    control.add_fault(store, "garbage", "postReservation")
    reply = caller.post(RES, a_create())
    assert (reply.status, reply.raw[:6], found(caller)) == (201, b"<html>", 1)


@vendor.needs_specs
def test_warnings_come_on_a_success_that_still_fits_the_document() -> None:
    store, caller = a_house()
    control.add_fault(store, "warnings", times=-1, text="Overbooked")
    replies = [
        ("POST", RES, caller.post(RES, a_create())),
        ("GET", RES, caller.get(RES)),
        ("GET", AVAIL, caller.get(AVAIL, **STAY)),
    ]
    assert {reply.json["warnings"][0]["shortText"] for _, _, reply in replies} == {"Overbooked"}
    assert [vendor.answer_misfits(verb, path, reply.status, reply.raw) for verb, path, reply in replies] == [[]] * 3


def test_a_500_after_the_commit_hides_what_was_done_but_not_a_refusal() -> None:
    store, caller = a_house()
    control.add_fault(store, "5xx_after_commit", "postReservation", param=502, times=2)
    done, refused = caller.post(RES, a_create()), caller.post(RES, a_create(room="NONE"))
    assert (done.status, done.raw, refused.status, found(caller)) == (502, b"", 400, 1)


def test_a_201_may_come_without_its_location() -> None:
    store, caller = a_house()
    control.add_fault(store, "201_without_location", "postReservation")
    reply = caller.post(RES, a_create())
    assert (reply.status, "location" in reply.headers, found(caller)) == (201, False, 1)


def test_a_new_record_is_invisible_to_searches_for_a_while_and_readable_by_its_id() -> None:
    store, caller = a_house()
    control.add_fault(store, "lookup_lag", "postReservation", param=30)
    number = a_booking(caller)
    by_reference = f"/rsv/v1/hotels/{HOTEL}/externalSystems/SANTRAL/reservations/REF-1"
    early = (found(caller), caller.get(by_reference).status, caller.get(f"{RES}/{number}").status)
    control.clock(store, advance=timedelta(seconds=30))
    assert (early, found(caller), caller.get(by_reference).status) == ((0, 204, 200), 1, 200)


def test_new_guests_and_deposits_can_lag_too() -> None:
    store, caller = a_house()
    number = a_booking(caller)
    control.add_fault(store, "lookup_lag", "writes", param=30, times=-1)
    caller.post(
        "/crm/v1/guests", {"guestDetails": {"customer": {"personName": [{"surname": "Lagging", "givenName": "Ayse"}]}}}
    )
    caller.post(f"{DEPOSITS}/{number}/depositPayments", a_deposit(number))

    def look() -> list[int]:
        guests = caller.get("/crm/v1/profiles", profileName="Lagging")
        return [guests.status, caller.get(f"{DEPOSITS}/{number}/depositPayments").status]

    early = look()
    control.clock(store, advance=timedelta(seconds=30))
    assert (early, look()) == ([204, 204], [200, 200])


def test_the_shop_cache_sells_yesterdays_availability_until_it_is_old_enough() -> None:
    store, caller = a_house()
    control.add_fault(store, "stale_availability", "getHotelAvailability", param=60, times=-1)

    def rooms() -> int:
        reply = caller.get(AVAIL, **STAY, roomType="FAMSV", ratePlanCode="UAI-FLEX")
        return int(reply.json["hotelAvailability"][0]["roomStays"][0]["roomRates"][0]["numberOfUnits"])

    before = rooms()
    a_booking(caller)
    stale = rooms()
    control.clock(store, advance=timedelta(seconds=60))
    assert (before, stale, rooms()) == (5, 5, 4)


def test_the_price_changes_between_search_and_book_whatever_rate_was_sent() -> None:
    store, caller = a_house()
    control.add_fault(store, "price_changed", "postReservation", param=10)
    sent = {
        "rate": [{"base": {"amountAfterTax": 410, "currencyCode": "EUR"}, "start": "2026-07-10", "end": "2026-07-11"}]
    }
    rate = {"roomType": "FAMSV", "ratePlanCode": "UAI-FLEX", "numberOfUnits": 1, "fixedRate": True, "rates": sent}
    number = a_booking(caller, rates=[rate])
    assert stay_of(caller, number)["total"]["amountAfterTax"] == 902


@pytest.mark.parametrize("code", ["Closed", "ClosedForArrival", "ClosedForDeparture", "MinimumLengthOfStay"])
def test_a_restriction_appears_between_offer_and_book_and_goes_again(code: str) -> None:
    store, caller = a_house()
    control.add_fault(store, "restriction_appears", param=60, code=code)
    refused, again = caller.post(RES, a_create()), caller.post(RES, a_create())
    control.clock(store, advance=timedelta(seconds=60))
    other = caller.post(RES, a_create(room="STD"))
    assert (refused.json["o:errorCode"], again.status, other.status) == ("RSV00003", 400, 201)
    assert (caller.post(RES, a_create()).status, len(control.faults(store))) == (201, 1)


def test_a_closed_house_sells_nothing_and_says_so() -> None:
    store, caller = a_house()
    control.add_fault(store, "house_closed", "getHotelAvailability", param=60)
    shut = caller.get(AVAIL, **STAY)
    assert (shut.json["hotelAvailability"][0]["closed"], caller.post(RES, a_create()).status) == (True, 400)
    control.clock(store, advance=timedelta(seconds=60))
    assert caller.post(RES, a_create()).status == 201
    if vendor.SPECS.is_dir():
        assert vendor.answer_misfits("GET", AVAIL, shut.status, shut.raw) == []


def test_a_house_that_is_closed_already_is_not_closed_once_more() -> None:
    store, caller = a_house()
    control.add_fault(store, "house_closed", "reads", param=60, times=-1)
    for _ in range(3):
        caller.get(AVAIL, **STAY)
    with store.reading() as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("restriction", "fault_trace")
        ]
    assert counts == [1, 1]


def test_a_lock_of_another_user_stops_a_write_for_a_while() -> None:
    store, caller = a_house()
    number = a_booking(caller)
    control.add_fault(store, "locked", "postCancelReservation", param=60, user="FRONTDESK")
    refused = caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
    control.clock(store, advance=timedelta(seconds=60))
    again = caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
    assert (refused.json["o:errorCode"], refused.json["detail"], again.status) == ("RSV00031", "FRONTDESK", 201)


def test_a_guarantee_code_is_silently_replaced() -> None:
    store, caller = a_house()
    control.add_fault(store, "guarantee_replaced", "postReservation", guarantee="TENT")
    number = a_booking(caller, guarantee="HOLD")
    control.add_fault(store, "guarantee_replaced", "putReservation")
    change = {"hotelId": HOTEL, "roomStay": {"guarantee": {"guaranteeCode": "NONE"}}}
    first, changed = guarantee_of(caller, number), caller.put(f"{RES}/{number}", a_change(**change)).status
    assert (first, changed, guarantee_of(caller, number)) == ("TENT", 200, "HOLD")


def test_a_deposit_is_posted_and_its_guarantee_code_forgotten() -> None:
    store, caller = a_house()
    number = a_booking(caller, guarantee="OPT")
    control.add_fault(store, "deposit_without_guarantee")
    posted = caller.post(f"{DEPOSITS}/{number}/depositPayments", a_deposit(number))
    assert (posted.status, guarantee_of(caller, number)) == (201, "OPT")


def test_the_front_desk_confirms_just_before_it_is_asked() -> None:
    store, caller = a_house()
    number = a_booking(caller, guarantee="HOLD")
    control.add_fault(store, "confirmed_by_front_desk", "getReservation", guarantee="PAID")
    assert guarantee_of(caller, number) == "PAID"


def test_late_execution_breaks_first_and_works_later_on_a_timer() -> None:
    store, caller = a_house()
    control.add_fault(store, "late_execution", "postReservation", param=0.05)

    async def story() -> list[int]:
        async def send(method: str, query: str, body: bytes = b"") -> Reply:
            own = {**caller.headers(), "content-type": "application/json"}
            return await ask(caller.app, method, RES, query, body, own)

        import json

        with pytest.raises(LostAnswer):
            await send("POST", "", json.dumps(a_create()).encode())
        seen = [(await send("GET", "")).status, len(reservations(store))]
        await asyncio.sleep(0.12)
        return [*seen, len(reservations(store))]

    assert asyncio.run(story()) == [204, 0, 1]
    entry = control.ledger(store)[-1][1]
    assert (entry.operation, entry.status, entry.fault, entry.external_reference) == (
        "postReservation", 201, "late_execution", "REF-1",
    )  # fmt: skip


def reservations(store: MockStore) -> list[str]:
    return [
        line
        for line in control.dump(store)
        if line.startswith('{"table":"reservation"') or '"table":"reservation",' in line
    ]


def test_what_a_dead_process_had_postponed_is_done_once_by_another() -> None:
    store, caller = a_house()
    control.add_fault(store, "late_execution", "postReservation", param=30)
    with pytest.raises(LostAnswer):
        caller.post(RES, a_create())
    other = Caller(create_app(store), token=caller.token)
    early = found(other)
    control.clock(store, advance=timedelta(seconds=31))
    assert (early, found(other), found(caller)) == (0, 1, 1)


def test_a_late_request_that_the_hotel_refuses_leaves_its_ledger_row_only() -> None:
    store, caller = a_house()
    control.add_fault(store, "late_execution", "postReservation", param=30)
    with pytest.raises(LostAnswer):
        caller.post(RES, a_create())
    control.close_sales(store, HOTEL, "2026-07-01", "2026-07-31")
    control.clock(store, advance=timedelta(seconds=31))
    assert (found(caller), [e.status for _, e in control.ledger(store) if e.fault]) == (0, [400])


def test_a_delay_may_be_drawn_from_median_and_95th_percentile() -> None:
    slow = {"seconds": 1.0, "median": 0.2, "p95": 0.8}
    at = [round(Fault("slow", slow, luck).delay_s, 3) for luck in (0.0, 1.6448536269514722)]
    assert (at, Fault("slow", {**slow, "median": 0.0, "p95": 0.0}, 3.0).delay_s) == ([0.2, 0.8], 1.0)


def test_a_delay_and_another_fault_can_meet_the_same_request() -> None:
    store, caller = a_house()
    control.add_fault(store, "slow", "writes", param=0.001)
    control.add_fault(store, "lost_answer", "writes")
    with pytest.raises(LostAnswer):
        caller.post(RES, a_create())
    assert control.ledger(store)[-1][1].fault == "slow+lost_answer"


def struck(seed: int, requests: int = 40) -> list[int]:
    store, caller = a_house()
    control.add_fault(store, "status", "getReservation", rate=0.3, seed=seed, times=-1)
    return [caller.get(f"{RES}/1").status for _ in range(requests)]


def test_the_same_seed_strikes_the_same_requests_and_another_seed_others() -> None:
    first = struck(1)
    assert (first == struck(1), first == struck(2), 4 <= first.count(503) <= 20) == (True, False, True)


def test_a_rule_counts_what_it_saw_and_stops_after_its_times() -> None:
    store, caller = a_house()
    control.add_fault(store, "status", "reads", times=2)
    statuses = [caller.get(RES).status for _ in range(4)]
    rule = control.faults(store)[0]
    assert (statuses, rule["seen"], rule["hits"]) == ([503, 503, 204, 204], 2, 2)


def test_a_rule_lives_only_in_its_window_of_the_hotels_clock() -> None:
    store, caller = a_house()
    start = int(control.now(store).timestamp() * 1000) + 60_000
    control.add_fault(store, "status", times=-1, start_ms=start, until_ms=start + 60_000)
    statuses = []
    for _ in range(3):
        statuses.append(caller.get(RES).status)
        control.clock(store, advance=timedelta(seconds=65))
    assert statuses == [204, 503, 204]


def test_a_rule_concerns_its_hotel_and_its_group_of_operations() -> None:
    store, caller = a_house()
    control.add_fault(store, "status", "*", hotel="OTHER", times=-1)
    control.add_fault(store, "status", "writes", times=-1)
    assert (caller.get(RES).status, caller.post(RES, a_create()).status) == (204, 503)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"kind": "odd"}, "odd"),
        ({"kind": "status", "operation": "getNothing"}, "getNothing"),
        ({"kind": "late_execution", "operation": "reads"}, "never meets"),
        ({"kind": "status", "status": 99}, "status"),
        ({"kind": "slow", "median": 1}, "p95"),
        ({"kind": "slow", "seconds": "x"}, "seconds"),
        ({"kind": "lost_answer", "seconds": 1}, "takes no seconds"),
        ({"kind": "down", "rate": 2}, "rate"),
        ({"kind": "restriction_appears", "code": "Odd"}, "code"),
        ({"kind": "price_changed", "percent": -200}, "out of range"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words_and_none_of_its_list_is_armed(fault: Json, says: str) -> None:
    store = a_store()
    with pytest.raises(ControlError, match=says):
        control.load_faults(store, [{"kind": "down"}, fault])
    assert control.faults(store) == []


def test_without_faults_the_file_says_so_and_after_the_last_trace_it_does_again() -> None:
    store, caller = a_house()

    def version() -> int:
        with store.reading() as connection:
            return int(connection.execute("SELECT faults FROM world").fetchone()[0])

    versions = [version()]
    control.add_fault(store, "lookup_lag", "postReservation", param=30)
    a_booking(caller)
    control.clear_faults(store)
    versions.append(version())
    control.clock(store, advance=timedelta(seconds=30))
    caller.get(RES)
    assert (versions[0], versions[1] > 0, version()) == (0, True, 0)


def test_every_kind_is_described_for_people() -> None:
    page = (vendor.ROOT / "docs" / "faults.md").read_text("utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []
