"""docs/cli.md is what the program does today."""

from pathlib import Path

from cli.nouns import ELSEWHERE, NOUNS, VERBS, Nouns
from cli.reference import contexts, render, root_command

PAGE = Path(__file__).parents[3] / "docs/cli.md"


def test_the_page_of_commands_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run: make docs"


def test_the_tables_of_nouns_and_verbs_name_what_there_is() -> None:
    paths = {context.command_path for context in contexts(root_command())}
    assert {f"santral {noun}" for noun in NOUNS} <= paths
    assert set(NOUNS) >= VERBS
    named = {
        f"santral {noun} {verb}" for noun, places in ELSEWHERE.items() for verbs in places.values() for verb in verbs
    }
    assert named <= paths


def test_the_help_of_a_noun_is_the_same_in_the_list_and_on_its_page() -> None:
    root = root_command()
    assert isinstance(root, Nouns)
    for noun in set(NOUNS) - VERBS:
        assert root.get_command(None, noun).help == NOUNS[noun]


def test_every_command_takes_json_after_the_verb() -> None:
    for context in contexts(root_command()):
        assert "--json" in {option for one in context.command.params for option in one.opts}, context.command_path
