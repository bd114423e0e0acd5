"""Scenario files for tests: a small one on the shipped base, and the shipped text with one thing changed."""

from importlib.resources import files

from scenarios.scenario_loader import ScenarioFileError, parse_scenario

MINE = """\
schema = 1
extends = "antalya-high-season"
name = "mine"

[season]
first = 2027-07-01
last = 2027-07-07
"""


def base_text() -> str:
    return files("scenarios").joinpath("antalya-high-season.toml").read_text(encoding="utf-8")


def with_change(old: str, new: str) -> str:
    """Give the base file with the first `old` replaced; it must stand there."""
    text = base_text()
    assert old in text, old
    return text.replace(old, new, 1)


def refusal(text: str, *sets: str) -> ScenarioFileError:
    """Give the error that reading `text` ends in."""
    try:
        parse_scenario(text, "mine.toml", sets)
    except ScenarioFileError as error:
        return error
    raise AssertionError("the file was accepted")


def line_with(text: str, fragment: str) -> int:
    """Give the number of the first line that holds `fragment`."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if fragment in line)
