"""The nouns of `santral`, each loaded only when it is named.

A table gives the one-line help, so `santral --help` shows all nouns without importing one of them: a command pays for the
libraries it uses and for no others.
"""

from importlib import import_module
from typing import Any

from typer import Typer
from typer.main import get_command, get_group

from cli.options import Noun

VERBS = frozenset({"demo", "init", "serve"})
NOUNS = {
    "demo": "The main job end to end on embedded defaults, with a report.",
    "init": "Make a Santral home: store, hotel files and a seeded mock hotel.",
    "serve": "Run the integration service.",
    "pms": "Run and control the mock PMS.",
    "call": "Start, end and list telephone calls.",
    "guest": "Find, create and keep guests.",
    "reservation": "Quote, hold, confirm, change and cancel stays.",
    "offer": "What was offered, and other sellers' prices.",
    "user": "Users of the service and their tokens.",
    "audit": "Who did what.",
}


def a_noun(text: str) -> Typer:
    """An application for one noun; its verbs are added with `@verb(app)`."""
    return Typer(cls=Noun, help=text, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def a_verb() -> Typer:
    """An application for a noun that is a verb by itself (`santral init`)."""
    return Typer(add_completion=False, rich_markup_mode=None)


def load(name: str) -> Any:  # noqa: ANN401 - a command of the click that Typer carries
    """Import a noun's module and give its command; None for an unknown noun."""
    if name not in NOUNS:
        return None
    app: Typer = import_module(f"cli.commands.{name}").app
    command = get_command(app) if name in VERBS else get_group(app)
    command.name = name
    return command


class Nouns(Noun):
    """The root group."""

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401 - Typer hands over what it knows
        """Let "did you mean" know the names."""
        super().__init__(**attrs)
        self.commands = dict.fromkeys(NOUNS)  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """All nouns, in the table's order."""
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Load the noun that was typed."""
        return load(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """Write the table without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))


__all__ = ["NOUNS", "Nouns", "a_noun", "a_verb", "load"]
