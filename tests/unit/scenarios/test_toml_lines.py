"""Every key of a TOML file is found on its line."""

import tomllib
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from scenarios.toml_lines import KeyPath, key_lines, line_of
from tests.unit.scenarios.hotel_texts import belek_text

TEXT = """# a comment with [brackets] and = signs
title = "one # not a comment"
"quoted key" = 'it"s'

[a.b]
c.d = 1
list = [
  1,   # first
  { x = "}", y = [2, 3] },
]
long = \"\"\"
fake = 1
[fake]
\"\"\"
[[item]]
name = "first"
[[item]]
name = "second"
[item.inner]
deep = 2
[[item.inner.rows]]
v = 1
"""


def test_keys_of_tables_arrays_and_inline_tables_have_their_lines():
    lines = key_lines(TEXT)
    expected = {
        ("title",): 2,
        ("quoted key",): 3,
        ("a", "b"): 5,
        ("a", "b", "c", "d"): 6,
        ("a", "b", "list", 0): 8,
        ("a", "b", "list", 1, "y"): 9,
        ("a", "b", "long"): 11,
        ("item", 0, "name"): 16,
        ("item", 1, "name"): 18,
        ("item", 1, "inner", "deep"): 20,
        ("item", 1, "inner", "rows", 0, "v"): 22,
    }
    assert {path: lines[path] for path in expected} == expected
    assert not any("fake" in path for path in lines)


def test_a_key_that_is_not_there_has_the_line_of_its_nearest_parent():
    lines = key_lines(TEXT)
    assert line_of(lines, ("item", 1, "missing")) == 17
    assert line_of(lines, ("nowhere", "at", "all")) == 1


@given(st.lists(st.text(alphabet="ab\"\\#[]{}=,\n'", max_size=12), max_size=8))
def test_any_text_value_leaves_the_lines_after_it_right(values: list[str]):
    rows = [f"k{i} = {_basic(value)}" for i, value in enumerate(values)]
    lines = key_lines("\n".join(rows))
    assert lines == {(f"k{i}",): i + 1 for i in range(len(values))}


def _basic(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for step, inner in items:
        yield (*path, step)
        yield from _paths(inner, (*path, step))


def test_every_key_the_parser_finds_in_a_hotel_file_has_a_line_that_names_it():
    text = belek_text()
    lines, rows = key_lines(text), text.splitlines()
    for path in _paths(tomllib.loads(text)):
        assert path in lines, path
        if isinstance(path[-1], str):
            assert path[-1] in rows[lines[path] - 1], path
