"""What is wrong is said once, clearly, in RFC 9457; and nothing is written."""

import asyncio
import json
from dataclasses import replace

import pytest

from domain.errors import DomainError
from integration.adapters.phrases import CataloguePhrases
from integration.errors import OutcomePending, OutcomeUnknown, PmsOutcomeUnknown, PmsUnavailable, ServiceError
from integration.http.app import create_app
from integration.http.edge_errors import EdgeError
from integration.http.problem import KINDS
from integration.http.visit import MAX_BODY
from tests.service.client import Client
from tests.service.house import CARD, HOLD, QUOTE, House, play


def every_class(root: type[Exception]) -> set[type[Exception]]:
    return {root}.union(*(every_class(child) for child in root.__subclasses__()))


ROOTS: tuple[type[Exception], ...] = (DomainError, ServiceError, EdgeError)
ERRORS = set[type[Exception]]().union(*(every_class(root) for root in ROOTS))


def test_every_error_class_has_its_own_row_in_the_table():
    ours = {
        cls
        for cls in ERRORS
        if cls.__module__.startswith(("domain.", "integration.")) and not cls.__name__.startswith("_")
    }
    assert ours == set(KINDS)


def test_every_code_is_used_once():
    codes = [cls.code for cls in KINDS]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes))


BAD_WISHES = [
    ({**QUOTE, "check_in": "2027-04-30"}, 422, "invalid_input", "check_in"),
    ({**QUOTE, "nights": 0}, 422, "invalid_input", "nights"),
    ({**QUOTE, "nights": -3}, 422, "invalid_input", "nights"),
    ({**QUOTE, "nights": 400}, 422, "invalid_input", "nights"),
    ({**QUOTE, "nights": "7"}, 422, "schema_violation", "nights"),
    ({**QUOTE, "nights": True}, 422, "schema_violation", "nights"),
    ({**QUOTE, "adults": 0}, 422, "invalid_input", "adults"),
    ({**QUOTE, "child_ages": [25]}, 422, "invalid_input", "child_ages"),
    ({**QUOTE, "child_ages": ["6"]}, 422, "schema_violation", "child_ages[0]"),
    ({**QUOTE, "rooms": 0}, 422, "invalid_input", "rooms"),
    ({**QUOTE, "hotel": "NOWHERE"}, 404, "not_found", "hotel"),
    ({**QUOTE, "room_type": "CELLAR"}, 404, "not_found", None),
    ({**QUOTE, "rate_plan": "FREE"}, 404, "not_found", None),
    ({**QUOTE, "board": "XX"}, 404, "not_found", "board"),
    ({**QUOTE, "currency": "XYZ"}, 422, "invalid_input", "currency"),
    ({**QUOTE, "call_id": "cal_none"}, 404, "not_found", "call"),
    ({**QUOTE, "check_in": "tomorrow"}, 422, "schema_violation", "check_in"),
    ({**QUOTE, "colour": "red"}, 422, "schema_violation", "colour"),
    ({"nights": 7}, 422, "schema_violation", "check_in"),
    ([], 422, "schema_violation", None),
]


@pytest.mark.parametrize(("wish", "status", "code", "field"), BAD_WISHES)
def test_a_wish_that_cannot_be_meant_is_refused_and_leaves_no_offer(wish, status, code, field):
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/quotes", wish)
        assert (reply.status, reply.json["code"], reply.json["field"]) == (status, code, field)
        assert reply.json["type"] == f"urn:santral:problem:{code}"
        assert reply.json["detail"]
        assert reply.json["instance"] == "/v1/quotes"
        assert (await house.agent.get("/v1/offers")).json["offers"] == []

    play(story)


@pytest.mark.parametrize(
    ("raw", "media", "status", "code"),
    [
        (b"", "application/json", 400, "body_missing"),
        (b"  ", "application/json", 400, "body_missing"),
        (b"{", "application/json", 400, "body_malformed"),
        (b"\xff\xfe", "application/json", 400, "body_malformed"),
        (b'{"adults":"\\ud800"}', "application/json", 400, "body_malformed"),
        (b"{}", "text/plain", 415, "media_unsupported"),
        (b"{}", "", 415, "media_unsupported"),
        (b"[" * 100_000, "application/json", 400, "body_malformed"),
        (b'{"adults":' + b"9" * 5000 + b"}", "application/json", 400, "body_malformed"),
        (b'{"adults":' + b"9" * 30 + b"}", "application/json", 422, "schema_violation"),
        (b" " * (MAX_BODY + 1), "application/json", 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(raw, media, status, code):
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/quotes", raw=raw, headers={"content-type": media})
        assert (reply.status, reply.json["code"]) == (status, code)

    play(story)


def test_a_body_announced_too_large_is_refused_unread():
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/quotes", raw=b"{}", headers={"content-length": str(MAX_BODY + 1)})
        assert reply.status == 413

    play(story)


def test_a_schema_violation_names_every_field_and_repeats_nothing_that_was_typed():
    async def story(house: House) -> None:
        sale = {"to": "forever", "guest": {"name": "Anna", "telephone": "0532 111 22 33"}, "pick": "1"}
        reply = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert reply.status == 422
        assert {one["field"] for one in reply.json["errors"]} == {"to", "guest.telephone", "pick"}
        assert b"0532" not in reply.raw
        assert b"forever" not in reply.raw

    play(story)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "request_key_missing"),
        ({"idempotency-key": ""}, "request_key_malformed"),
        ({"idempotency-key": '""'}, "request_key_malformed"),
        ({"idempotency-key": "x" * 256}, "request_key_malformed"),
        ({"idempotency-key": "schlüssel"}, "request_key_malformed"),
    ],
)
def test_a_sale_without_a_good_key_is_not_made(headers, code):
    async def story(house: House) -> None:
        sale = {**HOLD, "offer_id": await house.offer()}
        reply = await house.agent.post("/v1/reservations", sale, headers=headers)
        assert (reply.status, reply.json["code"]) == (400, code)
        paid = await house.agent.post(
            "/v1/reservations/res_1/pay",
            {"amount": {"amount": "1.00", "currency": "EUR"}, "method": "cash"},
            headers=headers,
        )
        assert (paid.status, paid.json["code"]) == (400, code)
        assert house.office.pms.count("create_booking") == 0

    play(story)


@pytest.mark.parametrize(
    ("sale", "status", "code"),
    [
        ({"to": "hold"}, 422, "invalid_input"),
        ({**HOLD, "offer_id": "off_none"}, 404, "not_found"),
        ({**HOLD, **QUOTE, "offer_id": "off_none"}, 422, "invalid_input"),
        ({**HOLD, "pick": None, "check_in": "2027-07-10", "nights": 7}, 422, "invalid_input"),
        ({**CARD, "guarantee": None}, 409, "not_guaranteed"),
        ({**CARD, "guarantee": "promise"}, 422, "schema_violation"),
    ],
)
def test_a_sale_that_says_too_little_or_too_much_is_refused(sale, status, code):
    async def story(house: House) -> None:
        reply = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (reply.status, reply.json["code"]) == (status, code)
        assert house.office.pms.count("create_booking") == 0

    play(story)


def test_a_choice_that_is_not_on_the_offer_and_an_offer_that_is_over_are_refused():
    async def story(house: House) -> None:
        offer_id = await house.offer()
        missing = await house.agent.post("/v1/reservations", {**HOLD, "offer_id": offer_id, "pick": 9}, key="k-1")
        assert (missing.status, missing.json["field"]) == (422, "pick")
        house.office.clock.advance(minutes=30)
        over = await house.agent.post("/v1/reservations", {**HOLD, "offer_id": offer_id}, key="k-2")
        assert (over.status, over.json["code"]) == (409, "offer_expired")

    play(story)


@pytest.mark.parametrize("phone", ["abc", "12", "+", "0" * 40])
def test_a_telephone_number_that_is_none_is_refused_everywhere(phone):
    async def story(house: House) -> None:
        for reply in (
            await house.agent.post("/v1/calls", {"phone": phone}),
            await house.agent.post("/v1/guests", {"name": "Anna", "phone": phone}),
            await house.agent.get("/v1/guests", phone=phone),
        ):
            assert (reply.status, reply.json["code"], reply.json["field"]) == (422, "invalid_input", "phone")

    play(story)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/quotes/"),
        ("GET", "/v1/reservations/res_none"),
        ("GET", "/v1/reservations/\0"),
        ("GET", "/v1/offers/off_none"),
        ("GET", "/v1/guests/gst_none"),
        ("POST", "/v1/reservations/res_none/confirm"),
    ],
)
def test_what_is_not_there_is_not_found(method, path):
    async def story(house: House) -> None:
        reply = await house.agent.ask(method, path)
        assert reply.status == 404

    play(story)


def test_a_wrong_method_is_told_which_ones_there_are():
    async def story(house: House) -> None:
        for path, allowed in (
            ("/v1/reservations", "GET, POST"),
            ("/v1/guests/gst_1", "GET, PATCH"),
            ("/v1/quotes", "POST"),
        ):
            reply = await house.agent.ask("DELETE", path)
            assert (reply.status, reply.headers["allow"], reply.json["code"]) == (405, allowed, "method_not_allowed")

    play(story)


def test_a_pms_that_cannot_be_reached_says_when_to_come_back():
    async def story(house: House) -> None:
        house.office.pms.fail_next("read_rates", PmsUnavailable("Our share is full.", retry_after=6.2))
        reply = await house.agent.post("/v1/quotes", QUOTE)
        assert (reply.status, reply.json["code"], reply.headers["retry-after"]) == (503, "pms_unavailable", "7")
        assert house.log.events() == ["request_failed"]

    play(story)


def test_an_unknown_outcome_is_504_and_the_same_key_finds_it_out():
    async def story(house: House) -> None:
        sale = {**CARD, "offer_id": await house.offer()}
        pms = house.office.pms
        pms.fail_next("create_booking", PmsOutcomeUnknown("lost"), late=True)
        lost = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (lost.status, lost.json["code"], lost.headers["idempotency-key"]) == (504, OutcomeUnknown.code, "k-1")
        pending = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (pending.status, pending.json["code"], pending.headers["retry-after"]) == (
            409,
            OutcomePending.code,
            "120",
        )
        pms.run_late()
        found = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (found.status, found.json["status"], pms.count("create_booking")) == (201, "confirmed", 1)

    play(story)


def test_two_at_once_under_one_key_are_one_sale():
    async def story(house: House) -> None:
        sale = {**CARD, "offer_id": await house.offer()}
        pms, arrived, go = house.office.pms, asyncio.Event(), asyncio.Event()

        async def wait(operation: str) -> None:
            if operation == "create_booking":
                arrived.set()
                await go.wait()

        pms.before = wait
        first = asyncio.create_task(house.agent.post("/v1/reservations", sale, key="k-1"))
        await arrived.wait()
        second = await house.agent.post("/v1/reservations", sale, key="k-1")
        assert (second.status, second.json["code"], second.headers["retry-after"]) == (409, "in_flight", "5")
        assert second.json["detail"] == "This request is being carried out, for 60 s more at most."
        go.set()
        assert (await first).status == 201

    play(story)


def test_our_own_fault_is_a_numbered_problem_without_a_trace_or_a_name():
    async def story(house: House) -> None:
        house.office.pms.fail_next("read_rates", RuntimeError("Anna Schmidt +4915123456789"))
        reply = await house.agent.post("/v1/quotes", QUOTE)
        assert (reply.status, reply.json["code"]) == (500, "internal_error")
        assert b"Anna" not in reply.raw
        assert b"Traceback" not in reply.raw
        level, event, fields = house.log.lines[-1]
        assert (level, event, fields["error_class"]) == ("error", "internal_error", "RuntimeError")
        assert str(fields["request_id"]) in reply.json["instance"]
        assert str(fields["place"]).startswith("integration.")
        assert "Anna" not in json.dumps(fields)

    play(story)


def test_a_problem_is_told_in_the_callers_language():
    async def story(house: House) -> None:
        app = create_app(replace(house.office.desk, phrases=CataloguePhrases()), log=house.log)
        for header, language in (
            ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
            ("fr, en;q=0.1", "en"),
            ("*", "en"),
            ("tr;q=0, de", "de"),
        ):
            client = Client(app, house.agent.token, {"accept-language": header})
            reply = await client.get("/v1/reservations/res_none")
            assert (reply.headers["content-language"], reply.json["code"]) == (language, "not_found")

    play(story)
