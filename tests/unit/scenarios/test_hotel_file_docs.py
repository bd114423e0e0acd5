"""The page for IT names every key a hotel file may hold."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.schema.hotel import Hotel
from scenarios.schema.selling import PLACEHOLDERS

PAGE = Path(__file__).parents[3] / "docs" / "hotel-file.md"


def keys() -> Iterator[str]:
    schema = Hotel.model_json_schema()
    yield from schema["properties"]
    for definition in schema["$defs"].values():
        if definition.get("title") not in {"Labels", "MonthDay"}:
            yield from definition.get("properties", {})


@pytest.mark.parametrize("key", sorted(set(keys())))
def test_every_key_of_the_schema_is_explained(key: str):
    assert re.search(rf"\b{key}\b", PAGE.read_text(encoding="utf-8")), key


def test_every_placeholder_is_listed():
    listed = set(re.findall(r"`\{(\w+)\}`", PAGE.read_text(encoding="utf-8")))
    assert listed == PLACEHOLDERS
