"""The API document is valid, whole and true."""

import re
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from integration.http.bodies import PayBody
from integration.http.routes import all_routes
from tests.service.client import closed_document
from tests.service.house import House, play

METHODS = {"get", "post", "patch", "put"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = closed_document()["paths"]
    return [(path, method, one) for path, item in paths.items() for method, one in item.items() if method in METHODS]


def test_it_is_served_as_openapi_3_1_without_a_token():
    async def story(house: House) -> None:
        reply = await house.nobody.get("/openapi.json")
        assert (reply.status, reply.json["openapi"]) == (200, "3.1.0")
        assert reply.json["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
        assert reply.json["security"] == [{"token": []}]
        assert reply.json["info"]["version"] == version("santral")

    play(story)


def test_every_route_is_in_it():
    silent = {"/metrics", "/openapi.json"}
    written = {(path, method.upper()) for path, method, _ in operations()}
    routed = {(route.path, next(iter(route.methods))) for route in all_routes()}  # type: ignore[attr-defined]
    signed = ("/hooks/", "/chat/")  # providers ask there by their signature; docs/channels.md describes them
    assert {one for one in routed if one[0] not in silent and not one[0].startswith(signed)} == written


def test_operation_ids_are_unique_and_every_operation_is_explained():
    ids = [one["operationId"] for _, _, one in operations()]
    assert len(ids) == len(set(ids))
    assert [path for path, _, one in operations() if not (one.get("summary") and one.get("description"))] == []


def test_path_parameters_are_declared():
    for path, _, one in operations():
        declared = {part["name"] for part in one.get("parameters", ()) if part["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_every_write_describes_its_body_with_an_example_that_fits_it():
    doc = closed_document()
    for path, method, one in operations():
        if method == "get":
            continue
        content = one["requestBody"]["content"]["application/json"]
        schema = {**content["schema"], "components": doc["components"]}
        Draft202012Validator(schema).validate(content["example"])
        assert (
            doc["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]["additionalProperties"] is False
        ), path


def test_the_example_of_a_payment_works_at_a_shipped_hotel():
    example = PayBody.model_json_schema()["examples"][0]
    hotels = files("scenarios").joinpath("hotels")
    for path in (hotels.joinpath(name) for name in ("belek-resort.toml", "side-resort.toml", "kemer-boutique.toml")):
        if path.is_file():
            assert f'code = "{example["method"]}"' in path.read_text(encoding="utf-8")


def test_every_operation_describes_its_answer_and_its_problems():
    for path, _, one in operations():
        good = [code for code in one["responses"] if code.startswith("2")]
        assert len(good) == 1, path
        assert "$ref" in one["responses"][good[0]]["content"]["application/json"]["schema"], path
        if one.get("security") is None:
            assert {"401", "422"} <= set(one["responses"]), path


def test_schemas_are_valid_and_references_lead_somewhere():
    doc = closed_document()
    for name, schema in doc["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("title") == name
    wanted = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(doc)))
    assert wanted == set(doc["components"]["schemas"])


def test_the_request_key_is_declared_where_it_is_taken():
    declared = {
        one["operationId"]: part["required"]
        for _, _, one in operations()
        for part in one.get("parameters", ())
        if part["name"] == "Idempotency-Key"
    }
    assert {name for name, is_needed in declared.items() if is_needed} == {"createReservation", "payReservation"}
    assert len(declared) == 47
    assert not {"quote", "revealGuest", "expireReservations"} & set(declared)


@pytest.mark.parametrize(
    ("path", "method"), [(path, method) for path, method, one in operations() if "requestBody" in one]
)
def test_every_body_refuses_an_unknown_field(path, method):
    async def story(house: House) -> None:
        place = re.sub(r"{\w+}", "x_1", path)
        reply = await house.boss.ask(method.upper(), place, {"unheard_of": 1}, key="k-1")
        assert reply.status == 422
        assert "unheard_of" in [one["field"] for one in reply.json["errors"]]

    play(story)
