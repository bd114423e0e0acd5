"""Every answer of every operation fits the vendor's document, in its strictest reading."""

import json

from pms_mock.operations import HANDLERS
from pms_mock.protocol import derive
from pms_mock.protocol.wire import wire
from tests.contract.mock import vendor
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
    a_rate_plan,
    a_reservation,
    a_room_type,
    a_stay,
    a_store,
)

PAR, INV, CSH, RSV = (
    f"/par/v1/hotels/{HOTEL}",
    f"/inv/v1/hotels/{HOTEL}",
    f"/csh/v1/hotels/{HOTEL}",
    f"/rsv/v1/hotels/{HOTEL}",
)


def everything(caller: Caller) -> None:
    """Use every operation, in its success and in its refusals."""
    selling(caller)
    guests(caller)
    number = booking(caller)
    changing(caller, number)
    front_office(caller, number)
    refusals(caller)


def selling(caller: Caller) -> None:
    stay = {"roomStayStartDate": "2026-07-10", "roomStayEndDate": "2026-07-14"}
    infos = {"ratePlanInfo": "true", "roomTypeInfo": "true", "includeClosedRates": "true"}
    caller.get(AVAIL, **stay, adults=2, childAge=[6, 9], promotionCode="EARLY", hotelPackage="HONEY", **infos)
    caller.get(AVAIL, **stay, adults=9)
    caller.get(f"{AVAIL}/alternate", startDate="2026-07-10", endDate="2026-07-14", duration="3", adults=2)
    caller.get(f"{PAR}/guarantees", arrivalDate="2026-07-10", ratePlanCode="UAI-FLEX")
    caller.get(f"{PAR}/guarantees", arrivalDate="2026-07-10", guaranteeCode="NONE")
    caller.get(f"{PAR}/rates/UAI-FLEX", ratePlanCodeList="UAI-NREF")
    caller.get(f"{PAR}/rates/NONE")
    caller.get(f"{PAR}/restrictions")
    closed = {
        "restrictionStatus": {"code": "MinimumLengthOfStay", "unit": 5},
        "start": "2026-08-01",
        "end": "2026-08-31",
    }
    caller.post(f"{PAR}/restrictions", {"restriction": {**closed, "roomTypes": ["STD"], "monday": True}})
    caller.post(
        f"{PAR}/restrictions",
        {"restriction": {"restrictionStatus": {"code": "Closed"}, "start": "2026-09-01", "end": "2026-09-02"}},
    )
    caller.get(f"{PAR}/restrictions", restrictionSearchCriteriaStartDate="2026-08-01", end="2026-09-30")
    caller.get(AVAIL, roomStayStartDate="2026-09-01", roomStayEndDate="2026-09-03", includeClosedRates="true")
    dates = {"dateRangeStart": "2026-07-10", "dateRangeEnd": "2026-07-12", "roomCountRequested": 1}
    caller.get(f"{INV}/hotelInventory", **dates, includeTentativeInventory="true")
    caller.get(f"{INV}/hotelInventory", **dates, houseLevel="true", roomClasses="ALL", dailyInventory="false")
    limits = {"houseSellLimits": [{"date": "2026-07-20", "amount": 3, "flatOrPercentage": "Flat"}]}
    caller.put(f"{INV}/sellLimits", {"sellLimitsByDate": limits})


def guests(caller: Caller) -> None:
    details = vendor_example("14-profile-create.json")["body"]["profileDetails"]
    made = caller.post(
        "/crm/v1/profiles", {"profileDetails": details, "externalReferences": [{"id": "X1", "idContext": "SANTRAL"}]}
    )
    caller.post(
        "/crm/v1/guests", {"guestDetails": {"customer": {"personName": [{"surname": "Ivanova", "givenName": "Анна"}]}}}
    )
    caller.put(
        f"/crm/v1/profiles/{made.id}",
        {"profileDetails": {"emails": {"emailInfo": [{"email": {"emailAddress": "a@b.example"}}]}}},
    )
    caller.get("/crm/v1/profiles", phone="+905321112233", fetchInstructions=["HistoryReservation", "Profile"])
    caller.get("/crm/v1/profiles", phone="+1555")
    everything_shown = [
        "Profile",
        "Communication",
        "Preference",
        "Comment",
        "HistoryReservation",
        "FutureReservation",
        "Keyword",
    ]
    caller.get("/crm/v1/profiles/900123", fetchInstructions=everything_shown)
    caller.get("/crm/v1/profiles/nobody")


def booking(caller: Caller) -> str:
    made = caller.post(
        RES,
        {
            **a_create(guarantee="OPT", stay={"promotion": {"promotionCode": "EARLY"}}),
            "fetchInstructions": ["Comments"],
        },
    )
    caller.post(RES, vendor_example("01-create-option.json")["body"])
    shown = [
        "Comments",
        "TotalCostOfStay",
        "ReservationPolicies",
        "TotalDepositPaid",
        "ReservationPaymentMethods",
        "Preferences",
    ]
    caller.get(f"{RES}/{made.id}", fetchInstructions=shown, includeInSession="true")
    caller.get(f"{RES}/1")
    caller.get(f"{RSV}/externalSystems/SANTRAL/reservations/REF-1")
    caller.get(f"{RSV}/externalSystems/SANTRAL/reservations/NONE")
    caller.get(
        RES,
        arrivalStartDate="2026-07-01",
        arrivalEndDate="2026-07-31",
        fetchInstructions=["Deposits", "RevenuesAndBalances"],
    )
    caller.get(RES, surname="nobody")
    return made.id


def changing(caller: Caller, number: str) -> None:
    caller.put(f"{RES}/{number}/locks", {"hotelId": HOTEL})
    held = caller.put(f"{RES}/{number}/locks", {"hotelId": HOTEL}).json["existingReservationLock"]["lockHandle"]
    caller.put(f"{RSV}/locks/{held}", {"additionalTimeToLive": 60})
    udf = {"characterUDFs": [{"name": "UDFC01", "value": "x"}]}
    comment = {"comment": {"text": {"value": "Late arrival"}, "type": "GEN"}}
    caller.put(
        f"{RES}/{number}",
        a_change(roomStay={"departureDate": "2026-07-15"}, userDefinedFields=udf, comments=[comment], lockHandle=held),
    )
    caller.delete(f"{RSV}/locks/{held}")
    caller.post(
        f"{RES}/{number}/paymentMethods", {"reservationPaymentMethods": [{"paymentMethod": "CA", "folioView": 1}]}
    )
    caller.get(f"{RES}/{number}/paymentMethods", includeAmounts="true")
    caller.get(f"{RES}/{number}/policies")
    caller.get(f"{CSH}/reservations/{number}/depositPayments")
    deposit = {"paymentMethod": {"paymentMethod": "BT"}, "postingAmount": {"amount": 100.5, "currencyCode": "EUR"}}
    caller.post(
        f"{CSH}/reservations/{number}/depositPayments",
        {"criteria": {**deposit, "guaranteeCode": "PAID", "postingReference": "P-1"}},
    )
    caller.get(f"{CSH}/reservations/{number}/depositPayments")
    caller.post(f"{RES}/{number}/cancellations", a_cancel(number, verificationOnly=True))
    caller.get(f"{RES}/{number}/cancellationHistory")
    caller.post(f"{RES}/{number}/cancellations", a_cancel(number, item={"externalCancellationId": "OURS-1"}))
    caller.get(f"{RES}/{number}/cancellationHistory")
    caller.get(f"{RES}/{number}")
    caller.get(RES, searchTypes="Cancellation")
    caller.put(f"{RES}/{number}/cancellations", {"hotelId": HOTEL, "overrideInventory": False})
    held_in_session = caller.post(RES, a_create(hold={"onHold": True}, ref="SESSION"))
    caller.delete(f"{RES}/{held_in_session.id}")


def front_office(caller: Caller, number: str) -> None:
    caller.get(f"{RSV}/script", languageCode="TR")
    caller.get(f"{RSV}/script", languageCode="XX")
    caller.get("/rsv/v1/sellMessages", hotelId=HOTEL, startDate="2026-07-01", endDate="2026-07-02")
    caller.get("/rsv/v1/calls/statistics", start="2026-05-20", end="2026-06-10")
    about = {"reservationIdList": [{"id": number, "type": "Reservation"}], "hotelId": HOTEL}
    call = {**vendor_example("07-call.json")["body"]["call"], "reservation": about}
    logged = caller.post("/rsv/v1/calls", {"call": call})
    caller.get("/rsv/v1/calls/statistics", start="2026-05-20", end="2026-06-10")
    lost = vendor_example("06-turnaway.json")["body"]["turnaway"]
    caller.post(f"{RSV}/turnaways", {"turnaway": {**lost, "callId": {"id": logged.id, "type": "Call"}}})


def refusals(caller: Caller) -> None:
    caller.post(RES, a_create(room="NONE"))
    caller.post(RES, {"reservations": {"reservation": [{**a_reservation(), "nonsense": 1}]}})
    caller.call("GET", AVAIL, x_hotelid="OTHER")
    caller.call("GET", AVAIL, authorization="Bearer nothing")
    caller.call("POST", RES, body={}, content_type="text/plain")
    caller.call("GET", AVAIL, accept="text/html")
    caller.put(f"{RES}/1", a_change(hotelId=HOTEL))


def vendor_example(name: str) -> Json:
    example: Json = json.loads((vendor.SPECS / "examples" / name).read_text("utf-8"))
    text = json.dumps(example)
    if name.startswith("01"):
        text = text.replace("2026-06-03", "2026-06-30")
    loaded: Json = json.loads(text)
    return loaded


@vendor.needs_specs
def test_every_answer_fits_the_vendors_document() -> None:
    caller = a_caller(a_store(reservations=[a_stay(status="CheckedOut", arrival="2025-07-01", departure="2025-07-05")]))
    everything(caller)
    wrong = [
        (method, path, reply.status, misfit)
        for method, path, reply in caller.seen
        for misfit in vendor.answer_misfits(method, path, reply.status, reply.raw)
    ]
    assert wrong == []


@vendor.needs_specs
def test_every_offered_operation_was_answered_with_success() -> None:
    caller = a_caller(a_store(reservations=[a_stay(status="CheckedOut", arrival="2025-07-01", departure="2025-07-05")]))
    everything(caller)
    succeeded = set()
    for method, path, reply in caller.seen:
        found = vendor.operation_of(method, path)
        if found and str(reply.status) in found[1]["responses"] and reply.status in {200, 201}:
            succeeded.add(found[1]["operationId"])
    assert succeeded == set(wire().operations)


@vendor.needs_specs
def test_the_shipped_table_of_the_wire_is_what_the_documents_give() -> None:
    assert derive.WIRE_FILE.read_text("utf-8") == derive.render(derive.derive(vendor.SPECS / "subset"))


def test_every_operation_of_the_table_has_a_handler_and_no_handler_is_idle() -> None:
    assert set(HANDLERS) | {"getToken"} == set(wire().operations)


@vendor.needs_specs
def test_every_example_request_is_accepted_by_a_hotel_that_has_its_codes() -> None:
    caller = a_caller(a_store())
    first = caller.post(RES, vendor_example("01-create-option.json")["body"])
    assert first.status == 201, first.raw
    number = first.id

    def body(name: str) -> Json:
        loaded: Json = json.loads(json.dumps(vendor_example(name)["body"]).replace("351022", number))
        return loaded

    replies = [
        caller.put(f"{RES}/{number}", body("02-confirm-by-change.json")),
        caller.post(f"{CSH}/reservations/{number}/depositPayments", body("03-confirm-by-deposit.json")),
        caller.post(f"{RES}/{number}/cancellations", body("04-cancel.json")),
        caller.put(f"{RES}/{number}/cancellations", body("05-reinstate.json")),
        caller.post(f"{RSV}/turnaways", body("06-turnaway.json")),
        caller.post("/rsv/v1/calls", body("07-call.json")),
        caller.post("/crm/v1/profiles", body("14-profile-create.json")),
    ]
    assert [(reply.status, reply.raw[:200]) for reply in replies if reply.status not in {200, 201}] == []


def test_a_bigger_hotel_answers_every_room_and_rate_of_fourteen_nights_in_one_call() -> None:
    rooms = [a_room_type(code, 20) for code in ("STD", "FAMSV", "R3", "R4", "R5", "R6")]
    prices = [{"room_type": r["code"], "start": "2026-07-01", "end": "2026-08-30", "amount": "100"} for r in rooms]
    plans = [a_rate_plan(code, prices=prices) for code in ("UAI-FLEX", "P2", "P3")]
    caller = a_caller(a_store(room_types=rooms, rate_plans=plans, promotions=[]))
    reply = caller.get(AVAIL, roomStayStartDate="2026-07-10", roomStayEndDate="2026-07-24", includeClosedRates="true")
    rates = reply.json["hotelAvailability"][0]["roomStays"][0]["roomRates"]
    assert (len(rates), {len(rate["rates"]["rate"]) for rate in rates}) == (18, {14})
