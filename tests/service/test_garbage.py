"""Whatever comes in, what goes out is documented and is never our own fault.

The test client holds every answer to the API document, so each example also checks status and shape.
"""

import asyncio
import json
import re
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.service.client import closed_document
from tests.service.house import ANNA, QUOTE, House, open_house

DAYS = st.dates().map(str) | st.sampled_from(["2027-07-10", "2027-02-30", "0001-01-01", "9999-12-31", ""])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.integers(-2, 40)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | DAYS
    | st.datetimes().map(lambda at: f"{at.isoformat()}+14:00")
    | st.sampled_from(
        ["BELEK1", "STD", "UAI-FLEX", "EUR", "TRY", "hold", "option", "confirmed", "card", "cash", "sold", "in"]
    )
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
IDS = st.sampled_from(["", "x", "res_000001", "%2e%2e", "\0", "ş", "a" * 300])


@cache
def house() -> House:
    return asyncio.run(open_house())


def bodies() -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and properties of every body."""
    doc = closed_document()
    found = []
    for path, item in doc["paths"].items():
        for method, one in item.items():
            if "requestBody" in one:
                name = one["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                found.append((path, method.upper(), doc["components"]["schemas"][name].get("properties", {})))
    return found


def filled(path: str, draw: Any) -> str:
    return re.sub(r"{\w+}", lambda _: draw(IDS).replace("/", "") or "-", path)


@given(st.data())
def test_garbage_in_a_body_is_never_our_fault(data: st.DataObject) -> None:
    path, method, properties = data.draw(st.sampled_from(bodies()))
    body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(properties, LEAVES | JSON)) | JSON, label="body")
    place = filled(path, data.draw)
    raw = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    reply = asyncio.run(house().boss.ask(method, place, raw=raw, headers=headers, key="k"))
    assert reply.status != 500, reply.json


@given(st.data())
def test_a_nearly_good_body_is_never_our_fault(data: st.DataObject) -> None:
    good = {
        "/v1/quotes": QUOTE,
        "/v1/reservations": {"to": "option", **QUOTE, "room_type": "STD", "rate_plan": "UAI-FLEX", "guest": ANNA},
        "/v1/guests": ANNA,
        "/v1/calls": {"phone": "0532 111 22 33"},
    }
    path = data.draw(st.sampled_from(sorted(good)))
    doc = closed_document()
    name = doc["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    field = data.draw(st.sampled_from(sorted(doc["components"]["schemas"][name]["properties"])))
    body = {**good[path], field: data.draw(LEAVES | JSON)}
    key = data.draw(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20), label="key")
    reply = asyncio.run(house().boss.post(path, body, key=key))
    assert reply.status != 500, reply.json


@given(st.data())
def test_garbage_in_a_query_is_never_our_fault(data: st.DataObject) -> None:
    paths = closed_document()["paths"]
    path = data.draw(st.sampled_from([path for path, item in paths.items() if "get" in item]))
    known = [part["name"] for part in paths[path]["get"].get("parameters", ()) if part["in"] == "query"]
    values = st.text(max_size=20) | DAYS | st.integers(-(10**20), 10**20).map(str)
    params = data.draw(
        st.dictionaries(st.sampled_from([*known, "x"]), values | st.lists(values, max_size=3), max_size=4)
    )
    reply = asyncio.run(house().boss.ask("GET", filled(path, data.draw), params=params))
    assert reply.status != 500, reply.json


@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/x+json", "text/html", ""]))
def test_bytes_that_are_no_json_are_never_our_fault(raw: bytes, media: str) -> None:
    for path, method, _ in bodies():
        place = path.replace("{", "").replace("}", "")
        reply = asyncio.run(house().boss.ask(method, place, raw=raw, headers={"content-type": media}, key="k"))
        assert reply.status != 500, reply.json
