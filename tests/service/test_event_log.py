"""The log says what was done to which ids, and nothing about anybody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from integration.adapters.logs import ALLOWED, WITHHELD, configure_logs
from integration.errors import PmsOutcomeUnknown, PmsUnavailable
from integration.http.app import create_app
from tests.service.client import Client
from tests.service.house import ANNA, QUOTE, House, play

PERSONAL = (
    "Anna",
    "Schmidt",
    "23456789",
    "anna.schmidt",
    "example.com",
    "feather",
    "shellfish",
    "call her back",
    "snt_",
)


@pytest.fixture
def stderr() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs(stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_whole_sale_leaves_ids_and_no_personal_data_in_the_log(stderr):
    async def story(house: House) -> None:
        app = create_app(house.office.desk)
        agent, chief = Client(app, house.agent.token), Client(app, house.chief.token)
        call = (await agent.post("/v1/calls", {"phone": ANNA["phone"]})).json
        guest = (await agent.post("/v1/guests", ANNA)).json
        offer = (await agent.post("/v1/quotes", QUOTE)).json
        await agent.post(f"/v1/offers/{offer['offer_id']}/note", {"text": "shellfish"})
        sale = {"to": "hold", "offer_id": offer["offer_id"], "pick": 1, "guest": ANNA, "note": "feather pillow"}
        house.office.pms.fail_next("create_booking", PmsUnavailable("Anna Schmidt"))
        assert (await agent.post("/v1/reservations", sale, key="k-1")).status == 503
        place = (await agent.post("/v1/reservations", sale, key="k-1")).headers["location"]
        await agent.post(f"{place}/note", {"text": "feather allergy"})
        house.office.pms.fail_next("read_rates", RuntimeError("Anna Schmidt 23456789"))
        assert (await agent.post("/v1/quotes", QUOTE)).status == 500
        house.office.pms.fail_next("change_booking", PmsOutcomeUnknown("Anna"), executed=True)
        await agent.post(f"{place}/confirm", {"guarantee": "card"})
        await agent.post(f"/v1/guests/{guest['guest_id']}/reveal", {"reason": "call her back"})
        await agent.get("/v1/guests", name="Anna Schmidt")
        await agent.get("/v1/guests", email=ANNA["email"])
        await chief.post(f"{place}/cancel", {"reason": "Anna is ill"})
        await agent.post(f"/v1/calls/{call['call_id']}/end", {"outcome": "follow_up", "due": "2027-06-01"})
        logging.getLogger("uvicorn.error").error("Exception for %s", "Anna Schmidt")

    play(story)
    text = stderr.getvalue()
    assert [word for word in PERSONAL if word.lower() in text.lower()] == []
    events = [line["event"] for line in lines(stderr)]
    assert {
        "startCall",
        "createReservation",
        "confirmReservation",
        "revealGuest",
        "request_failed",
        "internal_error",
    } <= set(events)
    sold = next(line for line in lines(stderr) if line["event"] == "createReservation")
    assert (sold["request_key"], sold["actor"], sold["status"], sold["replayed"]) == ("k-1", "agent7", "hold", False)
    assert str(sold["at"]).endswith("Z")


def test_a_field_that_is_not_on_the_list_is_withheld(stderr):
    structlog.get_logger().info(
        "guest_called", name="Anna", phone="+4915123456789", guest_id="gst_1", code="call her back"
    )
    (line,) = lines(stderr)
    assert (line["name"], line["phone"], line["code"], line["guest_id"]) == (WITHHELD, WITHHELD, WITHHELD, "gst_1")


def test_an_exception_is_logged_by_its_class_alone(stderr):
    structlog.get_logger().error("failed", exc_info=ValueError("Anna Schmidt"))
    (line,) = lines(stderr)
    assert line["error_class"] == "ValueError"
    assert "Anna" not in stderr.getvalue()


def test_a_librarys_sentence_stays_out_of_the_log(stderr):
    logging.getLogger("asyncio").error("Task for %s", "Anna", exc_info=KeyError("Anna"))
    (line,) = lines(stderr)
    assert (line["event"], line["logger"], line["error_class"], line["level"]) == (
        "library_log",
        "asyncio",
        "KeyError",
        "error",
    )


def test_the_list_holds_no_word_for_a_person():
    assert {"name", "phone", "email", "text", "note", "reason", "address", "detail", "message"} & ALLOWED == set()
