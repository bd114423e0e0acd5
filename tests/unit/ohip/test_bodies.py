"""What we send: whole, in the vendor's words, with amounts to the cent."""

import copy
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from domain.rates import DepositRule
from domain.reservation import PmsRef
from integration.adapters.ohip import bodies, bodies_desk
from integration.ports.pms import BookingChange, CallRecord, Deposit, ProfileDraft, Turnaway
from tests.builders import ARRIVAL, a_hotel, a_party, a_rate_plan, a_stay, eur, night_prices
from tests.fakes.surroundings import NOW
from tests.unit.ohip.scripted import a_draft

HOTEL = a_hotel()
REF = PmsRef("351022")
DEADLINE = datetime(2027, 5, 2, 15, 0, tzinfo=UTC)
GUEST = ProfileDraft("Ayşe", "Yılmaz", "tr", "TR", "+905321112233", "ayse@example.com", "SNT-G")
CALL = CallRecord(NOW, NOW + timedelta(minutes=6), "+905321112233", "Ayşe", "Yılmaz", "PRICE", "asked for a villa", REF)
TURNAWAY = Turnaway(a_stay(), a_party(2, 6), 1, "FAM", "UAI-FLEX", eur("310.00"), "PRICE", "too dear")
WHOLE_CHANGE = BookingChange(
    "PAID", a_stay(nights=4), a_party(3), 2, "FAMSV", "UAI-NREF", night_prices(a_stay(nights=4)), DEADLINE, ("a", "b")
)
EXAMPLES: dict[str, tuple[str, str, bytes]] = {
    "create": ("rsv", "createReservation", bodies.create_body(
        HOTEL, a_draft(deadline=DEADLINE, promo="EARLY10", comments=("late",), rooms=2))),
    "create a hold": ("rsv", "createReservation", bodies.create_body(HOTEL, a_draft(guarantee_code="HOLD"))),
    "change": ("rsv", "changeReservation", bodies.change_body(HOTEL, REF, WHOLE_CHANGE)),
    "cancel": ("rsv", "cancelReservation", bodies.cancel_body(HOTEL, REF, "OPTEXP", "SNT-1-X", "over")),
    "reinstate": ("rsv", "reinstateReservation", bodies.reinstate_body(HOTEL, REF)),
    "deposit": ("csh", "depositPayment", bodies.deposit_body(HOTEL, REF, Deposit("PAY", eur(5)), "CASH", "PAID")),
    "profile": ("crm", "profile", bodies_desk.new_profile_body(HOTEL, GUEST)),
    "changed profile": ("crm", "profile", bodies_desk.profile_body(HOTEL, GUEST, "likes tea", {"phone": "T1"})),
    "call": ("rsv", "registerCall", bodies_desk.call_body(HOTEL, CALL)),
    "turnaway": ("rsv", "registerTurnaway", bodies_desk.turnaway_body(HOTEL, TURNAWAY)),
}  # fmt: skip


def specification() -> Path:
    default = Path(__file__).parents[3] / ".." / "shared" / "pms-specs"
    return Path(os.environ.get("SANTRAL_PMS_SPECS", default)) / "ohip" / "subset"


def strict(definitions: dict[str, Any]) -> dict[str, Any]:
    """The two overlays: ISO dates fit, objects are closed."""

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("format") == "date" and node.get("maxLength", 10) < 10:
                del node["maxLength"]
            if node.get("type") == "object" and isinstance(node.get("properties"), dict):
                node.setdefault("additionalProperties", False)
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    closed = copy.deepcopy(definitions)
    visit(closed)
    return closed


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_we_send_fits_the_vendors_document(name: str) -> None:
    spec, definition, body = EXAMPLES[name]
    path = specification() / f"{spec}.subset.json"
    if not path.exists():
        pytest.skip("the vendor's specification is not here (SANTRAL_PMS_SPECS names its folder)")
    definitions = strict(json.loads(path.read_text(encoding="utf-8"))["definitions"])
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions}
    assert [error.message for error in Draft4Validator(schema).iter_errors(json.loads(body))] == []


def created(**over: Any) -> Any:
    return json.loads(bodies.create_body(HOTEL, a_draft(**over)))["reservations"]["reservation"][0]


def changed(change: BookingChange) -> Any:
    return json.loads(bodies.change_body(HOTEL, REF, change))["reservations"][0]


def test_a_reservation_carries_our_reference_under_our_system_code() -> None:
    assert created()["externalReferences"] == [{"id": "SNT-1", "idContext": "SANTRAL"}]


def test_amounts_are_json_numbers_with_two_decimals() -> None:
    assert b'"amountBeforeTax":310.00,"currencyCode":"EUR"' in bodies.create_body(HOTEL, a_draft())
    assert b'"postingAmount":{"amount":5.00,"currencyCode":"EUR"}' in EXAMPLES["deposit"][2]


def test_nights_at_one_price_are_one_rate_and_its_end_is_the_last_night() -> None:
    nightly = (*night_prices(a_stay(nights=3), eur(200)), *night_prices(a_stay(date(2027, 7, 13), 2), eur("210.50")))
    rate = created(stay=a_stay(nights=5), nightly=nightly)["roomStay"]["roomRates"][0]
    assert [(one["start"], one["end"], one["base"]["amountBeforeTax"]) for one in rate["rates"]["rate"]] == [
        ("2027-07-10", "2027-07-12", 200.0), ("2027-07-13", "2027-07-14", 210.5),
    ]  # fmt: skip
    assert (rate["start"], rate["end"], rate["fixedRate"], rate["taxIncluded"]) == (
        "2027-07-10", "2027-07-14", True, True,
    )  # fmt: skip


def test_prices_that_come_back_after_another_are_a_run_of_their_own() -> None:
    first, middle, last = (
        night_prices(a_stay(ARRIVAL + timedelta(days=day), 1), eur(price))[0]
        for day, price in enumerate((200, 250, 200))
    )
    rate = created(stay=a_stay(nights=3), nightly=(first, middle, last))["roomStay"]["roomRates"][0]
    assert len(rate["rates"]["rate"]) == 3


def test_a_party_without_children_sends_no_ages() -> None:
    assert created(party=a_party(2))["roomStay"]["guestCounts"] == {"adults": 2, "children": 0}
    assert created()["roomStay"]["guestCounts"] == {"adults": 2, "children": 1, "childAges": [{"age": 6}]}


def test_an_options_end_is_mirrored_in_property_time_and_exactly() -> None:
    reservation = created(deadline=DEADLINE)
    policy = reservation["reservationPolicies"]["depositPolicies"][0]["policy"]
    assert policy["deadline"] == {"absoluteDeadline": "2027-05-02T18:00:00"}
    assert policy["amountPercent"] == {"basisType": "Nights", "nights": 1}
    assert reservation["userDefinedFields"]["characterUDFs"] == [{"name": "UDFC01", "value": "2027-05-02T15:00:00Z"}]


def test_the_deposit_asked_for_is_the_rate_plans_own_when_it_has_one() -> None:
    plan = a_rate_plan(deposit=DepositRule(percent=eur(30).amount))
    hotel = a_hotel(rate_plans={plan.code: plan})
    body = json.loads(bodies.create_body(hotel, a_draft(deadline=DEADLINE)))["reservations"]["reservation"][0]
    policy = body["reservationPolicies"]["depositPolicies"][0]["policy"]
    assert policy["amountPercent"] == {"basisType": "Percentage", "percent": 30.0}


def test_a_reservation_without_a_deadline_or_promotion_names_neither() -> None:
    reservation = created()
    assert "reservationPolicies" not in reservation
    assert "promotion" not in reservation["roomStay"]
    assert "comments" not in reservation


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (BookingChange(guarantee_code="PAID"), {"roomStay"}),
        (BookingChange(deadline=DEADLINE), {"reservationPolicies", "userDefinedFields"}),
        (BookingChange(comments=("note",)), {"comments"}),
    ],
)
def test_a_change_names_only_what_changes(change: BookingChange, keys: set[str]) -> None:
    assert set(changed(change)) - {"hotelId", "reservationIdList"} == keys


def test_a_guarantee_change_touches_nothing_else_of_the_stay() -> None:
    assert changed(BookingChange(guarantee_code="PAID"))["roomStay"] == {"guarantee": {"guaranteeCode": "PAID"}}


def test_a_cancellation_carries_its_own_id_and_is_carried_out() -> None:
    body = json.loads(EXAMPLES["cancel"][2])
    assert body["verificationOnly"] is False
    assert body["reservations"][0]["externalCancellationId"] == "SNT-1-X"
    assert body["reason"] == {"code": "OPTEXP", "description": "over"}


def test_a_cancellation_id_that_the_pms_would_cut_is_our_bug() -> None:
    with pytest.raises(ValueError, match="50"):
        bodies.cancel_body(HOTEL, REF, "GUEST", "X" * 51, "")


def test_a_new_guest_is_registered_at_the_hotel_and_a_change_leaves_that_alone() -> None:
    new = json.loads(EXAMPLES["profile"][2])
    assert new["profileDetails"]["requestForHotel"] == "BELEK1"
    assert new["externalReferences"] == [{"id": "SNT-G", "idContext": "SANTRAL"}]
    old = json.loads(EXAMPLES["changed profile"][2])["profileDetails"]
    assert "requestForHotel" not in old
    assert "statusCode" not in old
    assert old["telephones"]["telephoneInfo"][0]["id"] == "T1"
    assert "id" not in old["emails"]["emailInfo"][0]


@pytest.mark.parametrize("make", [lambda d: bodies_desk.new_profile_body(HOTEL, d)])
def test_empty_texts_of_a_guest_are_left_out(make: Callable[[ProfileDraft], bytes]) -> None:
    body = json.loads(make(ProfileDraft("", "Y" * 60, "", "", None, None, "")))
    assert body["profileDetails"]["customer"] == {"personName": [{"surname": "Y" * 40, "nameType": "Primary"}]}
    assert "externalReferences" not in body


def test_a_calls_times_are_the_propertys() -> None:
    times = json.loads(EXAMPLES["call"][2])["call"]["dateTimeSpan"]
    assert times == {"startDateTime": "2027-05-01T12:00:00+03:00", "endDateTime": "2027-05-01T12:06:00+03:00"}


def test_a_withheld_number_sends_no_caller() -> None:
    body = json.loads(bodies_desk.call_body(HOTEL, CallRecord(NOW, NOW, None, "", "", None, "")))
    assert set(body["call"]) == {"dateTimeSpan"}


def test_long_comments_of_calls_are_cut_at_what_the_pms_takes() -> None:
    body = json.loads(bodies_desk.call_body(HOTEL, CallRecord(NOW, NOW, None, "", "", None, "x" * 500)))
    assert len(body["call"]["comments"]) == 200
