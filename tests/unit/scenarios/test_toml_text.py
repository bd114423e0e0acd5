"""Tables written as TOML are read back as they were."""

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from scenarios.scenario_loader import load_scenario
from scenarios.toml_text import toml_text


def test_a_whole_scenario_is_read_back_as_it_was() -> None:
    content = load_scenario().content
    assert tomllib.loads(toml_text(content), parse_float=Decimal) == content


def test_every_kind_of_value_is_read_back_as_it_was() -> None:
    content = {
        "text": 'a "quoted" \\ word', "yes": True, "n": 3, "x": Decimal("1E+2"), "on": date(2027, 6, 1),
        "at": datetime(2027, 6, 1, 10, tzinfo=UTC), "list": [[1, 2], [{"a": 1}]], "none": [],
        "t": {"GB-ENG": {"a b": 1}, "e": 2},
    }  # fmt: skip
    read = tomllib.loads(toml_text(content), parse_float=Decimal)
    assert read == content
    assert isinstance(read["x"], Decimal)


def test_a_value_before_a_table_stays_out_of_it() -> None:
    assert tomllib.loads(toml_text({"t": {"a": 1}, "b": 2})) == {"t": {"a": 1}, "b": 2}


def test_what_toml_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        toml_text({"a": None})
