"""A reservation's life on the wire: stock, price, change, cancel, reinstate, deposit, lock, search."""

from datetime import timedelta

import pytest

from pms_mock import control
from tests.contract.mock.small_hotel import (
    AVAIL,
    HOTEL,
    RES,
    Caller,
    Json,
    a_caller,
    a_cancel,
    a_change,
    a_create,
    a_profile,
    a_stay,
    a_store,
)

EXT = f"/rsv/v1/hotels/{HOTEL}/externalSystems"


def read(caller: Caller, number: str, *fetch: str) -> Json:
    shown: Json = caller.get(f"{RES}/{number}", fetchInstructions=list(fetch)).json["reservations"]["reservation"][0]
    return shown


def left(caller: Caller, room: str = "FAMSV", day: str = "2026-07-10") -> int:
    query = {"dateRangeStart": day, "dateRangeEnd": day, "roomCountRequested": 1, "roomTypes": room}
    inventory = caller.get(f"/inv/v1/hotels/{HOTEL}/hotelInventory", **query).json["hotelInventories"][0]
    count: int = inventory["roomTypeInventories"][0]["inventoryCounts"][0]["availableCount"]
    return count


def deposit(caller: Caller, number: str, **changes: object) -> int:
    criteria = {
        "paymentMethod": {"paymentMethod": "CA"},
        "postingAmount": {"amount": 100, "currencyCode": "EUR"},
        **changes,
    }
    path = f"/csh/v1/hotels/{HOTEL}/reservations/{number}/depositPayments"
    return caller.post(path, {"criteria": criteria}).status


def test_a_created_reservation_is_named_in_location_and_takes_a_room() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    assert (read(caller, number)["reservationStatus"], left(caller), left(caller, day="2026-07-12")) == (
        "Reserved",
        4,
        5,
    )


def test_the_last_room_is_sold_once_and_the_next_create_is_refused_with_the_dialects_code() -> None:
    caller = a_caller()
    made = [caller.post(RES, a_create(ref=f"R{n}")) for n in range(6)]
    assert [reply.status for reply in made] == [201] * 5 + [400]
    assert (made[-1].json["o:errorCode"], left(caller)) == ("RSV00001", 0)


def test_a_stay_is_refused_when_only_one_of_its_nights_is_full() -> None:
    caller = a_caller()
    for n in range(5):
        caller.post(RES, a_create(ref=f"R{n}", arrival="2026-07-11", departure="2026-07-12"))
    refused = caller.post(RES, a_create(arrival="2026-07-10", departure="2026-07-13"))
    assert (refused.status, left(caller), left(caller, day="2026-07-12")) == (400, 5, 5)


def test_a_tentative_guarantee_takes_no_room_and_is_counted_apart() -> None:
    caller = a_caller()
    caller.post(RES, a_create(guarantee="TENT"))
    query = {
        "dateRangeStart": "2026-07-10",
        "dateRangeEnd": "2026-07-10",
        "roomCountRequested": 1,
        "includeTentativeInventory": "true",
    }
    inventory = caller.get(f"/inv/v1/hotels/{HOTEL}/hotelInventory", **query, roomTypes="FAMSV").json[
        "hotelInventories"
    ][0]
    row = inventory["roomTypeInventories"][0]["inventoryCounts"][0]
    assert (row["availableCount"], row["availableTentativeCount"]) == (5, 4)


def test_several_rooms_are_one_reservation() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create(units=3)).id
    assert (left(caller), read(caller, number)["roomStay"]["total"]["amountAfterTax"]) == (2, 3 * 2 * 410.0)


def test_the_same_external_reference_twice_makes_two_reservations() -> None:
    caller = a_caller()
    caller.post(RES, a_create(ref="SAME"))
    caller.post(RES, a_create(ref="SAME"))
    found = caller.get(f"{EXT}/SANTRAL/reservations/SAME").json["reservations"]["reservation"]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("systems", "status"),
    [({}, 204), ({"externalSystemCodes": "SANTRAL"}, 200), ({"externalSystemCodes": "CALLCENTRE"}, 204)],
)
def test_a_search_by_reference_looks_in_external_unless_told_the_system(systems: Json, status: int) -> None:
    caller = a_caller()
    caller.post(RES, a_create(ref="R", system="SANTRAL"))
    assert caller.get(RES, externalReferenceIds="R", **systems).status == status


def test_a_reference_without_a_system_belongs_to_external() -> None:
    caller = a_caller()
    caller.post(RES, a_create(externalReferences=[{"id": "R"}]))
    assert caller.get(RES, externalReferenceIds="R").json["reservations"]["count"] == 1


def test_an_unknown_system_is_refused_in_lookups_too() -> None:
    caller = a_caller()
    assert caller.get(f"{EXT}/NONE/reservations/R").status == 400
    assert caller.get(RES, externalReferenceIds="R", externalSystemCodes="NONE").status == 400


def test_a_reference_with_a_slash_is_one_segment() -> None:
    caller = a_caller()
    caller.post(RES, a_create(ref="A/B"))
    assert caller.get(f"{EXT}/SANTRAL/reservations/A%2FB").status == 200


def test_a_session_hold_takes_a_room_is_hidden_and_can_be_dropped() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create(hold={"onHold": True})).id
    hidden = [
        caller.get(f"{RES}/{number}").status,
        caller.get(f"{EXT}/SANTRAL/reservations/REF-1").status,
        caller.get(RES).status,
    ]
    shown = caller.get(f"{RES}/{number}", includeInSession="true").status
    assert (hidden, shown, left(caller), caller.delete(f"{RES}/{number}").status, left(caller)) == (
        [204] * 3,
        200,
        4,
        200,
        5,
    )


def test_only_a_session_hold_can_be_deleted() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    assert (caller.delete(f"{RES}/{number}").status, caller.delete(f"{RES}/1").status) == (400, 404)


def test_a_sent_rate_is_honoured_to_the_cent() -> None:
    caller = a_caller()
    rates = [
        {
            "roomType": "FAMSV",
            "ratePlanCode": "UAI-FLEX",
            "rates": {"rate": [{"base": {"amountAfterTax": 399.99, "currencyCode": "EUR"}}]},
        }
    ]
    number = caller.post(RES, a_create(rates=rates)).id
    control_price(caller)
    stay = read(caller, number)["roomStay"]
    assert (stay["total"]["amountAfterTax"], stay["roomRates"][0]["fixedRate"]) == (799.98, True)


def control_price(caller: Caller) -> None:
    """Read something in between, so that nothing is cached from the create."""
    caller.get(AVAIL, roomStayStartDate="2026-07-10", roomStayEndDate="2026-07-12")


def test_an_amount_before_tax_is_given_back_and_taxed_once() -> None:
    caller = a_caller()
    rates = [
        {"roomType": "FAMSV", "ratePlanCode": "UAI-FLEX", "rates": {"rate": [{"base": {"amountBeforeTax": 100.0}}]}}
    ]
    base = read(caller, caller.post(RES, a_create(rates=rates)).id)["roomStay"]["roomRates"][0]["rates"]["rate"][0][
        "base"
    ]
    assert (base["amountBeforeTax"], base["amountAfterTax"]) == (100.0, 112.0)


def test_a_change_of_dates_moves_the_stock_and_prices_only_the_new_nights() -> None:
    store = a_store()
    caller = a_caller(store)
    number = caller.post(RES, a_create(arrival="2026-07-10", departure="2026-07-12")).id
    control.set_price(store, HOTEL, "UAI-FLEX", "FAMSV", "2026-07-01", "2026-07-31", "500.00")
    caller.put(f"{RES}/{number}", a_change(roomStay={"arrivalDate": "2026-07-11", "departureDate": "2026-07-13"}))
    assert [left(caller, day=f"2026-07-{d}") for d in (10, 11, 12, 13)] == [5, 4, 4, 5]
    assert read(caller, number)["roomStay"]["total"]["amountAfterTax"] == 910.0


def test_a_change_that_finds_no_room_changes_nothing() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create(room="STD")).id
    for n in range(5):
        caller.post(RES, a_create(ref=f"R{n}"))
    moved = caller.put(
        f"{RES}/{number}",
        a_change(roomStay={"roomRates": [{"roomType": "FAMSV"}]}, comments=[{"comment": {"text": {"value": "x"}}}]),
    )
    assert (moved.status, left(caller, "STD"), read(caller, number, "Comments")["comments"]) == (400, 9, [])


def test_a_full_room_type_can_still_shorten_its_own_stay() -> None:
    caller = a_caller()
    numbers = [caller.post(RES, a_create(ref=f"R{n}", departure="2026-07-13")).id for n in range(5)]
    shortened = caller.put(f"{RES}/{numbers[0]}", a_change(roomStay={"departureDate": "2026-07-12"}))
    assert (shortened.status, left(caller), left(caller, day="2026-07-12")) == (200, 0, 1)


def test_comments_are_appended_and_shown_only_on_demand() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create(comments=[{"comment": {"text": {"value": "one"}, "type": "GEN"}}])).id
    caller.put(f"{RES}/{number}", a_change(comments=[{"comment": {"text": {"value": "two"}, "type": "GEN"}}]))
    texts = [item["comment"]["text"]["value"] for item in read(caller, number, "Comments")["comments"]]
    assert (texts, "comments" in read(caller, number)) == (["one", "two"], False)


def test_fields_without_use_here_are_kept_and_given_back() -> None:
    caller = a_caller()
    udf = {"characterUDFs": [{"name": "UDFC01", "value": "a"}, {"name": "UDFC02", "value": "b"}]}
    number = caller.post(RES, a_create(customReference="X-1", userDefinedFields=udf)).id
    caller.put(f"{RES}/{number}", a_change(userDefinedFields={"characterUDFs": [{"name": "UDFC02", "value": "c"}]}))
    shown = read(caller, number)
    values = {item["name"]: item["value"] for item in shown["userDefinedFields"]["characterUDFs"]}
    assert (shown["customReference"], values) == ("X-1", {"UDFC01": "a", "UDFC02": "c"})


def test_a_card_number_never_reaches_the_store() -> None:
    store = a_store()
    caller = a_caller(store)
    card = {"paymentMethod": "CARD", "paymentCard": {"cardNumber": "4111111111111111"}}
    number = caller.post(RES, a_create(reservationPaymentMethods=[card])).id
    shown = read(caller, number, "ReservationPaymentMethods")["reservationPaymentMethods"][0]["paymentCard"]
    assert (shown["cardNumberLast4Digits"], "4111111111111111" in "".join(control.dump(store))) == ("1111", False)


def test_a_cancel_gives_back_the_room_and_carries_the_callers_number() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    cancelled = caller.post(
        f"{RES}/{number}/cancellations", a_cancel(number, item={"externalCancellationId": "OURS-7"})
    )
    shown = read(caller, number)
    assert (cancelled.status, left(caller), shown["reservationStatus"]) == (201, 5, "Cancelled")
    assert (shown["cancellation"]["cancellationNo"]["id"], shown["cancellation"]["code"]) == ("OURS-7", "GUEST")


def test_a_second_cancel_is_told_so_and_gives_nothing_back() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
    again = caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
    assert (again.status, again.json["o:errorCode"], left(caller)) == (400, "RSV00040", 5)


def test_a_dry_run_of_a_cancel_shows_the_penalty_and_changes_nothing() -> None:
    store = a_store()
    caller = a_caller(store)
    number = caller.post(RES, a_create()).id
    control.clock(store, advance=timedelta(days=37))
    caller.login()
    tried = caller.post(f"{RES}/{number}/cancellations", a_cancel(number, verificationOnly=True))
    policy = tried.json["reservationPolicies"]["cancellationPolicies"][0]["policy"]
    assert (tried.status, policy["amountPercent"]["amount"], read(caller, number)["reservationStatus"]) == (
        201,
        410.0,
        "Reserved",
    )


@pytest.mark.parametrize(
    "body", [{"reason": {}}, {"reason": {"code": "NONE"}}, {"reservations": []}, {"item": {"hotelId": "OTHER"}}]
)
def test_a_cancel_without_a_configured_reason_or_for_another_is_refused(body: Json) -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    assert caller.post(f"{RES}/{number}/cancellations", a_cancel(number, **body)).status == 400


def test_a_cancelled_reservation_cannot_be_changed_or_paid() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
    assert (caller.put(f"{RES}/{number}", a_change(customReference="x")).status, deposit(caller, number)) == (400, 400)


def test_a_reinstatement_takes_a_room_again_or_is_refused() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
    for n in range(5):
        caller.post(RES, a_create(ref=f"R{n}"))
    refused = caller.put(f"{RES}/{number}/cancellations", {"hotelId": HOTEL})
    forced = caller.put(f"{RES}/{number}/cancellations", {"hotelId": HOTEL, "overrideInventory": True})
    assert (refused.status, refused.json["o:errorCode"], forced.status, left(caller)) == (400, "RSV00001", 200, 0)


def test_an_overridden_room_is_not_sold_again_when_it_is_given_back() -> None:
    caller = a_caller()
    numbers = [caller.post(RES, a_create(ref=f"R{n}")).id for n in range(5)]
    forced = caller.post(RES, a_create(overrideInventoryCheck=True))
    caller.post(f"{RES}/{forced.id}/cancellations", a_cancel(forced.id))
    still_full = caller.post(RES, a_create()).status
    caller.post(f"{RES}/{numbers[0]}/cancellations", a_cancel(numbers[0]))
    assert (forced.status, still_full, left(caller)) == (201, 400, 1)


def test_the_history_keeps_every_cancellation() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    for _ in range(2):
        caller.post(f"{RES}/{number}/cancellations", a_cancel(number))
        caller.put(f"{RES}/{number}/cancellations", {})
    assert len(caller.get(f"{RES}/{number}/cancellationHistory").json["cxlActivityLog"]) == 2


def test_a_deposit_with_a_guarantee_confirms_and_is_read_back_by_its_reference() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create(guarantee="OPT")).id
    status = deposit(caller, number, guaranteeCode="PAID", postingReference="PAY-1")
    posted = caller.get(f"/csh/v1/hotels/{HOTEL}/reservations/{number}/depositPayments").json["maturedDeposits"][0]
    shown = read(caller, number, "TotalDepositPaid")
    assert (status, posted["reference"], shown["roomStay"]["guarantee"]["guaranteeCode"]) == (201, "PAY-1", "PAID")
    assert shown["cashiering"]["revenuesAndBalances"]["totalDepositPaid"]["amount"] == 100.0


def test_the_same_deposit_twice_is_money_twice() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    deposit(caller, number, postingReference="P")
    deposit(caller, number, postingReference="P")
    assert (
        read(caller, number, "TotalDepositPaid")["cashiering"]["revenuesAndBalances"]["totalDepositPaid"]["amount"]
        == 200.0
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"postingAmount": {"amount": 0, "currencyCode": "EUR"}},
        {"postingAmount": {"amount": 1, "currencyCode": "USD"}},
        {"postingAmount": {"amount": 1}},
        {"paymentMethod": {}},
        {"paymentMethod": {"paymentMethod": "NONE"}},
        {"guaranteeCode": "NONE"},
        {"hotelId": "OTHER"},
        {"reservationId": {"id": "1"}},
        {"postingAmount": {"amount": 1.001, "currencyCode": "EUR"}},
    ],
)
def test_a_deposit_that_is_not_possible_is_refused(changes: Json) -> None:
    caller = a_caller()
    assert deposit(caller, caller.post(RES, a_create()).id, **changes) == 400


def test_a_tentative_reservation_takes_its_room_when_the_deposit_guarantees_it() -> None:
    caller = a_caller()
    number = caller.post(RES, a_create(guarantee="TENT")).id
    for n in range(5):
        caller.post(RES, a_create(ref=f"R{n}"))
    refused = deposit(caller, number, guaranteeCode="PAID")
    forced = deposit(caller, number, guaranteeCode="PAID", overrideInventoryCheck=True)
    assert (refused, forced) == (400, 201)


def test_a_lock_of_another_user_stops_a_change_and_its_handle_opens_it() -> None:
    store = a_store()
    ours, theirs = a_caller(store), a_caller(store, "other")
    number = ours.post(RES, a_create()).id
    handle = theirs.put(f"{RES}/{number}/locks", {}).json["acquiredReservationLock"]["lockHandle"]
    blocked = [
        ours.put(f"{RES}/{number}", a_change(customReference="x")).status,
        ours.post(f"{RES}/{number}/cancellations", a_cancel(number)).status,
    ]
    wrong = ours.put(f"{RES}/{number}", a_change(customReference="x", lockHandle=1)).status
    own = theirs.put(f"{RES}/{number}", a_change(customReference="x")).status
    opened = ours.put(f"{RES}/{number}", a_change(customReference="x", lockHandle=handle)).status
    assert (blocked, wrong, own, opened) == ([400, 400], 400, 200, 200)


def test_a_lock_ends_with_its_time() -> None:
    store = a_store()
    ours, theirs = a_caller(store), a_caller(store, "other")
    number = ours.post(RES, a_create()).id
    theirs.put(f"{RES}/{number}/locks", {})
    control.clock(store, advance=timedelta(seconds=301))
    assert ours.put(f"{RES}/{number}", a_change(customReference="x")).status == 200


def test_a_change_is_refused_when_a_restriction_appeared_since() -> None:
    store = a_store()
    caller = a_caller(store)
    number = caller.post(RES, a_create()).id
    control.close_sales(store, HOTEL, "2026-07-12", "2026-07-12", "FAMSV")
    longer = caller.put(f"{RES}/{number}", a_change(roomStay={"departureDate": "2026-07-13"}))
    guarantee = caller.put(f"{RES}/{number}", a_change(roomStay={"guarantee": {"guaranteeCode": "PAID"}}))
    assert (longer.json["o:errorCode"], longer.json["detail"], guarantee.status) == ("RSV00003", "Closed", 200)


def test_searches_find_by_what_the_guest_and_the_stay_are() -> None:
    store = a_store(
        profiles=[a_profile(), a_profile("900124", surname="Ivanov", phones=["+79161234567"], emails=["i@example.com"])]
    )
    caller = a_caller(store)
    made = caller.post(RES, a_create(guarantee="OPT")).id
    other = a_create(ref="R2", arrival="2026-08-01", departure="2026-08-03")
    other["reservations"]["reservation"][0]["reservationGuests"][0]["profileInfo"]["profileIdList"][0]["id"] = "900124"
    caller.post(RES, other)
    queries: list[Json] = [
        {"phone": "0090 532 111 22 33"},
        {"email": "DENIZ@example.com"},
        {"surname": "yil"},
        {"givenName": "Den", "surname": "Yilmaz"},
        {"profileId": "900123"},
        {"guaranteeCodes": "OPT"},
        {"guaranteeCode": "OPT"},
        {"arrivalStartDate": "2026-07-01", "arrivalEndDate": "2026-07-31"},
        {"reservationIdList": made},
        {"text": "yilmaz"},
        {"stayDate": "2026-07-11"},
        {"communication": "+905321112233"},
        {"excludeReservationIds": "350002"},
        {"limit": 1},
        {"departureStartDate": "2026-07-12", "departureEndDate": "2026-07-12"},
    ]
    found = [
        [i["reservationIdList"][0]["id"] for i in caller.get(RES, **q).json["reservations"]["reservationInfo"]]
        for q in queries
    ]
    assert found == [[made]] * len(queries)
    assert caller.get(RES, createdOnStartDate="2026-06-01").json["reservations"]["totalResults"] == 2


def test_a_page_says_what_is_left() -> None:
    store = a_store(
        reservations=[a_stay(f"S{n}", arrival=f"2026-07-{n + 1:02d}", departure="2026-07-20") for n in range(5)]
    )
    page = a_caller(store).get(RES, limit=2, offset=2, orderBy="ArrivalDate", sortOrder="Desc").json["reservations"]
    arrivals = [item["roomStay"]["arrivalDate"] for item in page["reservationInfo"]]
    assert (arrivals, page["hasMore"], page["totalPages"], page["totalResults"]) == (
        ["2026-07-03", "2026-07-02"],
        True,
        3,
        5,
    )


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 201},
        {"offset": -1},
        {"arrivalStartDate": "2026-01-01", "arrivalEndDate": "2026-12-31"},
        {"vipCodes": "X"},
    ],
)
def test_a_search_beyond_the_limits_or_the_offer_is_refused(query: Json) -> None:
    assert a_caller().get(RES, **query).status == 400


def test_a_day_is_the_propertys_day() -> None:
    from datetime import UTC, datetime

    store = a_store()
    control.clock(store, set=datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    caller = a_caller(store)
    number = caller.post(RES, a_create()).id
    yesterday = caller.post(RES, a_create(arrival="2026-06-01", departure="2026-06-03")).status
    assert (read(caller, number)["createBusinessDate"], yesterday) == ("2026-06-02", 400)
