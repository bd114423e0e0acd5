"""What the mock refuses: anything that is not in the document, in the dialect's own words, and never with a 500."""

import base64
import json
import random

import pytest

from tests.contract.mock.small_hotel import (
    APP_KEY,
    AVAIL,
    HOTEL,
    RES,
    Caller,
    a_caller,
    a_change,
    a_create,
    a_reservation,
    a_store,
)

STAY = {"roomStayStartDate": "2026-07-10", "roomStayEndDate": "2026-07-12"}
TOKENS = "/oauth/v1/tokens"


def post_raw(caller: Caller, body: bytes, path: str = RES) -> int:
    return caller.raw("POST", path, body=body, headers={**caller.headers(), "content-type": "application/json"}).status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"{} {}",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b'{"a":"\\ud800"}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":1,"a":2}',
        b'{"reservations":{},"reservations":{}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"\\u0000":1}',
        b'{"reservations":"\\u0000"}',
        b'{"a":0x1}',
        b"{'a':1}",
        b'{"a":01}',
        b"\xef\xbb\xbf{}",
        b'{"reservations":null}',
        b'{"reservations":[]}',
        b'{"reservations":{"reservation":[]}}',
        b'{"reservations":{"reservation":[null]}}',
        b'{"reservations":{"reservation":[{}]}}',
        b"\x00" * 100,
    ],
)
def test_a_hostile_body_is_a_400_with_the_dialects_error(body: bytes) -> None:
    caller = a_caller()
    reply = caller.raw("POST", RES, body=body, headers={**caller.headers(), "content-type": "application/json"})
    assert (reply.status, {"type", "title", "o:errorCode"} <= set(reply.json)) == (400, True)


def test_an_unknown_field_is_refused_with_its_path() -> None:
    reply = a_caller().post(RES, {"reservations": {"reservation": [{**a_reservation(), "roomStay": {"nonsense": 1}}]}})
    assert (reply.status, reply.json["o:errorPath"]) == (400, "reservations.reservation[0].roomStay")


@pytest.mark.parametrize(
    "changes",
    [
        {"arrival": "2026-7-10"},
        {"arrival": "2026-02-30"},
        {"arrival": "20260710"},
        {"arrival": 20260710},
        {"guests": {"adults": "2"}},
        {"guests": {"adults": 2.0}},
        {"guests": {"adults": True}},
        {"guests": {"adults": 0}},
        {"guests": {"adults": -1}},
        {"guests": {"adults": 99}},
        {"guests": {"adults": 2, "children": 1, "childAges": [{"age": 25}]}},
        {"guests": {"adults": 10**17}},
        {"guests": {"adults": 2, "children": 2, "childAges": [{"age": 3}]}},
        {"guests": {"adults": 1, "children": -1}},
        {"arrival": "2026-07-12", "departure": "2026-07-10"},
        {"arrival": "2026-07-12", "departure": "2026-07-12"},
        {"arrival": "2026-05-20"},
        {"departure": "2027-12-31"},
        {"arrival": "9999-12-30", "departure": "9999-12-31"},
        {"arrival": "0001-01-01", "departure": "0001-01-02"},
        {"room": "X"},
        {"plan": "X"},
        {"guarantee": "X"},
        {"system": "X"},
        {"room": "X" * 21},
        {"units": 0},
        {"units": -1},
        {"units": 51},
        {"units": 10**15},
        {"reservationStatus": "Cancelled"},
        {"reservationStatus": "Nonsense"},
        {"hotelId": "OTHER"},
        {"reservationGuests": []},
        {"reservationGuests": [{"profileInfo": {"profileIdList": [{"id": "nobody"}]}}]},
        {"comments": [{"comment": {"text": {"value": "x"}, "type": "NONE"}}]},
        {"comments": [{}]},
        {"reservationPaymentMethods": [{"paymentMethod": "GOLD"}]},
        {"reservationPackages": [{"packageCode": "NONE"}]},
        {"stay": {"promotion": {"promotionCode": "NONE"}}},
        {"ref": ""},
        {"ref": "x" * 81},
        {"preferenceCollection": [{"preferenceType": "ROOM", "preference": [{"preferenceValue": "NONE"}]}]},
    ],
)
def test_a_create_that_does_not_fit_is_refused_and_leaves_nothing(changes: dict[str, object]) -> None:
    caller = a_caller()
    reply = caller.post(RES, a_create(**changes))
    assert (reply.status, caller.get(RES).status) == (400, 204)


@pytest.mark.parametrize(
    "rate",
    [
        {"base": {"amountBeforeTax": -1}},
        {"base": {"amountBeforeTax": 1e300}},
        {"base": {"amountAfterTax": 10.001}},
        {"base": {"amountBeforeTax": 10, "currencyCode": "USD"}},
        {"base": {}},
        {},
        {"base": {"amountBeforeTax": "10"}},
        {"start": "2026-07-10", "end": "2026-07-10", "base": {"amountAfterTax": 10}},
        {"start": "2026-07-01", "base": {"amountAfterTax": 10}},
        {"end": "2026-08-01", "base": {"amountAfterTax": 10}},
    ],
)
def test_a_sent_rate_that_is_not_possible_is_refused(rate: dict[str, object]) -> None:
    rates = [{"roomType": "FAMSV", "ratePlanCode": "UAI-FLEX", "rates": {"rate": [rate]}}]
    assert a_caller().post(RES, a_create(rates=rates)).status == 400


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "adults=2&adults=3",
        "adults=two",
        "adults=2.0",
        "adults=",
        "adults=0",
        "adults=-1",
        "adults=99999999999999999999",
        "childAge=25",
        "childAge=6&childAge=x",
        "children=1&childAge=3&childAge=4",
        "roomType=NONE",
        "ratePlanCode=NONE",
        "promotionCode=NONE",
        "includeClosedRates=yes",
        "includeClosedRates=True",
        "limit=0",
        "limit=201",
        "pagePointerKey=x",
        "roomStayQuantity=0",
        "%FF=1",
        "adults=%FF",
        "adults=2%00",
        "bucket1Count=1",
        "rateCategory=X",
        "membershipLevel=GOLD",
        "hotelPackage=NONE",
        "adults=%EF%BC%92",
    ],
)
def test_a_query_that_does_not_fit_is_refused(query: str) -> None:
    caller = a_caller()
    text = f"roomStayStartDate=2026-07-10&roomStayEndDate=2026-07-12&{query}"
    assert caller.raw("GET", AVAIL, query=text, headers=caller.headers()).status == 400


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-07-10", "2026-07-10"),
        ("2026-07-10", "2026-07-09"),
        ("2026-07-10", "2026-10-09"),
        ("2026-05-31", "2026-06-02"),
        ("2026-07-10", None),
        (None, "2026-07-10"),
        ("10.07.2026", "2026-07-12"),
        ("2026-13-01", "2026-13-02"),
    ],
)
def test_dates_that_cannot_be_stayed_are_refused(start: str | None, end: str | None) -> None:
    query = {"roomStayStartDate": start, "roomStayEndDate": end}
    assert a_caller().get(AVAIL, **{k: v for k, v in query.items() if v}).status == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_hotelid": "OTHER"}, 403),
        ({"x_hotelid": None}, 400),
        ({"x_app_key": None}, 400),
        ({"x_app_key": "short"}, 400),
        ({"x_app_key": "51ecd082-8997-4c69-af34-2f72b83645ff"}, 401),
        ({"authorization": None}, 401),
        ({"authorization": "Bearer x"}, 401),
        ({"authorization": "Basic eDp4"}, 401),
        ({"authorization": "Bearer \xff"}, 401),
        ({"x_unknown": "1"}, 400),
        ({"accept": "text/html"}, 406),
        ({"accept": "application/json;q=0"}, 406),
        ({"accept": "text/html, application/*;q=0.5"}, 204),
        ({"x_request_id": "no"}, 400),
        ({"x_request_id": "41ecd082-8997-4c69-af34-2f72b83645ff"}, 204),
        ({"x_externalsystem": "X" * 41}, 400),
        ({"Accept-Language": "tr"}, 204),
    ],
)
def test_headers_are_held_against_the_document(headers: dict[str, str | None], status: int) -> None:
    assert a_caller().call("GET", RES, query=None, body=None, **headers).status == status


def test_a_document_header_sent_twice_is_refused() -> None:
    caller = a_caller()
    pairs = [*caller.headers().items(), ("x-hotelid", HOTEL)]
    assert caller.raw("GET", RES, headers=pairs).status == 400


def test_an_unauthorised_answer_says_how_to_authenticate() -> None:
    reply = a_caller().call("GET", RES, authorization=None)
    assert reply.headers["www-authenticate"].startswith("Bearer")


def test_another_hotels_path_is_forbidden() -> None:
    assert a_caller().get("/rsv/v1/hotels/OTHER/reservations").status == 403


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("application/json;charset=UTF-8", 201),
        ('application/json; charset="utf-8"', 201),
        ("application/json; charset=latin-1", 415),
        ("text/json", 415),
        ("", 415),
        ("application/xml", 415),
    ],
)
def test_a_body_has_to_be_json_in_utf8(content_type: str, status: int) -> None:
    assert a_caller().call("POST", RES, body=a_create(), content_type=content_type).status == status


def test_sizes_have_limits() -> None:
    caller = a_caller()
    declared = {**caller.headers(), "content-type": "application/json", "content-length": "99999999"}
    assert post_raw(caller, b" " * 1_100_000) == 413
    assert caller.raw("POST", RES, body=b"{}", headers=declared).status == 413
    assert caller.raw("GET", RES, query="text=" + "x" * 9000, headers=caller.headers()).status == 414
    assert caller.raw("GET", "/" + "x" * 9000, headers=caller.headers()).status == 414


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/rsv/v1", 404),
        ("GET", f"{RES}/", 404),
        ("GET", f"{RES}//x", 404),
        ("PATCH", RES, 405),
        ("DELETE", RES, 405),
        ("HEAD", RES, 405),
        ("PUT", AVAIL, 405),
        ("POST", f"/csh/v1/hotels/{HOTEL}/reservations/1/payments", 404),
        ("GET", "/shop/v1/hotels", 404),
        ("PUT", "/blk/v1/blocks/1/blockCutOff", 404),
        ("GET", "/rsv/v1/../etc", 404),
        ("BREW", RES, 405),
    ],
)
def test_paths_and_methods_outside_the_offer(method: str, path: str, status: int) -> None:
    caller = a_caller()
    reply = caller.raw(method, path, headers=caller.headers())
    assert (reply.status, "allow" in reply.headers) == (status, status == 405)


def test_an_operation_that_is_not_offered_says_so() -> None:
    caller = a_caller()
    reply = caller.raw("POST", f"/csh/v1/hotels/{HOTEL}/reservations/1/payments", headers=caller.headers())
    assert "does not offer" in reply.json["title"]


@pytest.mark.parametrize(
    ("form", "changes", "status"),
    [
        ("grant_type=password&username=SANTRAL_INT&password=santral-password", {}, 200),
        ("grant_type=client_credentials&scope=any", {"enterpriseid": "ENT1"}, 200),
        ("grant_type=client_credentials&scope=any", {}, 401),
        ("grant_type=client_credentials&scope=any", {"enterpriseid": "ENT2"}, 401),
        ("grant_type=client_credentials&scope=any", {"enterpriseid": "lower"}, 400),
        ("grant_type=client_credentials", {"enterpriseid": "ENT1"}, 400),
        ("grant_type=password&username=SANTRAL_INT&password=wrong", {}, 401),
        ("grant_type=password&username=SANTRAL_INT", {}, 400),
        ("grant_type=magic", {}, 400),
        ("", {}, 400),
        ("grant_type=password&nonsense=1", {}, 400),
        ("grant_type=password&grant_type=password", {}, 400),
        ("grant_type=password&username=SANTRAL_INT&password=santral-password", {"authorization": "Basic !!"}, 401),
        (
            "grant_type=password&username=SANTRAL_INT&password=santral-password",
            {"authorization": "Basic " + base64.b64encode(b"santral:no").decode()},
            401,
        ),
        ("grant_type=password&username=SANTRAL_INT&password=santral-password", {"authorization": "Bearer x"}, 401),
        (
            "grant_type=password&username=SANTRAL_INT&password=santral-password",
            {"x-app-key": "51ecd082-8997-4c69-af34-2f72b83645ff"},
            401,
        ),
        (
            "grant_type=password&username=SANTRAL_INT&password=santral-password",
            {"content-type": "application/json"},
            415,
        ),
        ("grant_type=password&username=OTHER_INT&password=other-password", {}, 401),
    ],
)
def test_tokens_are_given_to_whom_they_belong(form: str, changes: dict[str, str], status: int) -> None:
    caller = a_caller()
    basic = "Basic " + base64.b64encode(b"santral:santral-secret").decode()
    headers = {
        "authorization": basic,
        "x-app-key": APP_KEY,
        "content-type": "application/x-www-form-urlencoded",
        **changes,
    }
    assert caller.raw("POST", TOKENS, body=form.encode(), headers=headers).status == status


def test_a_token_dies_after_its_hour() -> None:
    from datetime import timedelta

    from pms_mock import control

    store = a_store()
    caller = a_caller(store)
    control.clock(store, advance=timedelta(seconds=3599))
    alive = caller.get(RES).status
    control.clock(store, advance=timedelta(seconds=1))
    assert (alive, caller.get(RES).status) == (204, 401)


def test_no_token_is_readable_in_the_store() -> None:
    store = a_store()
    caller = a_caller(store)
    with store.reading() as connection:
        stored = connection.execute("SELECT hash, client_id, user FROM token").fetchall()
    assert all(caller.token not in str(value) and caller.token.encode() != value for row in stored for value in row)


def mangled(rng: random.Random, value: object) -> object:
    """The value with one random thing wrong somewhere inside."""
    odd: list[object] = [
        None,
        True,
        -1,
        0,
        10**17,
        1e300,
        "",
        "x" * 3000,
        "\u202e'; DROP TABLE",
        [],
        {},
        [[]],
        {"id": {}},
        "2026-99-99",
        "9999-12-31",
    ]
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        return {**value, key: mangled(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.9:
        return [mangled(rng, value[0]), *value[1:]]
    return rng.choice(odd)


@pytest.mark.parametrize("seed", range(4))
def test_mangled_requests_never_become_a_server_error(seed: int) -> None:
    rng = random.Random(seed)
    caller = a_caller()
    number = caller.post(RES, a_create()).id
    bodies = [
        (
            "POST",
            RES,
            a_create(
                guests={"adults": 1, "children": 1, "childAges": [{"age": 3}]},
                comments=[{"comment": {"text": {"value": "x"}}}],
            ),
        ),
        (
            "PUT",
            f"{RES}/{number}",
            a_change(
                roomStay={"departureDate": "2026-07-13"}, reservationIdList=[{"id": number, "type": "Reservation"}]
            ),
        ),
        (
            "POST",
            f"{RES}/{number}/cancellations",
            {"reason": {"code": "GUEST"}, "reservations": [{"hotelId": HOTEL}], "verificationOnly": True},
        ),
        (
            "POST",
            "/crm/v1/profiles",
            {
                "profileDetails": {
                    "customer": {"personName": [{"surname": "A"}]},
                    "emails": {"emailInfo": [{"email": {"emailAddress": "a"}}]},
                }
            },
        ),
        (
            "PUT",
            "/crm/v1/profiles/900123",
            {"profileDetails": {"telephones": {"telephoneInfo": [{"id": "T1", "telephone": {"phoneNumber": "1"}}]}}},
        ),
        (
            "POST",
            f"/csh/v1/hotels/{HOTEL}/reservations/{number}/depositPayments",
            {
                "criteria": {
                    "paymentMethod": {"paymentMethod": "CA"},
                    "postingAmount": {"amount": 1, "currencyCode": "EUR"},
                }
            },
        ),
        (
            "POST",
            f"/par/v1/hotels/{HOTEL}/restrictions",
            {
                "restriction": {
                    "restrictionStatus": {"code": "MinimumLengthOfStay", "unit": 2},
                    "start": "2026-11-01",
                    "end": "2026-11-02",
                }
            },
        ),
        (
            "PUT",
            f"/inv/v1/hotels/{HOTEL}/sellLimits",
            {"sellLimitsByDate": {"houseSellLimits": [{"date": "2026-11-01", "amount": 1}]}},
        ),
        (
            "POST",
            "/rsv/v1/calls",
            {
                "call": {
                    "dateTimeSpan": {"startDateTime": "2026-06-01T10:00:00Z", "endDateTime": "2026-06-01T10:00:01Z"}
                }
            },
        ),
        ("PUT", f"{RES}/{number}/locks", {"hotelId": HOTEL, "lockHandle": 1}),
    ]
    for _ in range(150):
        method, path, body = rng.choice(bodies)
        raw = json.dumps(mangled(rng, body)).encode()
        reply = caller.raw(method, path, body=raw, headers={**caller.headers(), "content-type": "application/json"})
        assert reply.status < 500, (method, path, raw, reply.raw)
