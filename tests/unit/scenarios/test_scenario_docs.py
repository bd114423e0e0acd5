"""The planner's page names every key a scenario may hold, and every scenario that comes along."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.scenario_loader import shipped_scenarios
from scenarios.schema.season import Scenario

PAGE = Path(__file__).parents[3] / "docs" / "scenario-file.md"


def keys() -> Iterator[str]:
    schema = Scenario.model_json_schema()
    yield from schema["properties"]
    for definition in schema["$defs"].values():
        yield from definition.get("properties", {})


@pytest.mark.parametrize("key", sorted(set(keys())))
def test_every_key_of_the_schema_is_explained(key: str):
    assert re.search(rf"\b{key}\b", PAGE.read_text(encoding="utf-8")), key


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_is_listed(name: str):
    assert f"| `{name}` |" in PAGE.read_text(encoding="utf-8")
