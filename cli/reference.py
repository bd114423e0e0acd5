"""Writes docs/cli.md from the commands themselves, so that the page cannot say what the program does not do.

`make docs` writes the page and `make check` refuses an old one. The walk goes through every group of the console
application, loading each command as if somebody had typed it; the architecture tests use the same walk to find a
command without help.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from cli.options import SharedOption

NAME = "santral"
HEADER = """# Commands

Written by `make docs` from the program itself. Exit codes: [exit-codes.md](exit-codes.md). The options of `santral`
itself are taken by every command, before the noun or after the verb.
"""


def root_command() -> Any:  # noqa: ANN401 - a command of the click that Typer carries, which exports no types
    """Give the console application as one command with everything under it."""
    app = import_module("cli.main").app
    return import_module("typer.main").get_command(app) if hasattr(app, "registered_commands") else app


def contexts(command: Any, name: str = NAME, parent: Any = None) -> Iterator[Any]:  # noqa: ANN401
    """Yield a context for a command and for all below it, groups first, in the order that `--help` shows."""
    context = command.context_class(command, info_name=name, parent=parent)
    yield context
    if hasattr(command, "list_commands"):
        for child in command.list_commands(context):
            yield from contexts(command.get_command(context, child), child, context)


def _parameters(context: Any) -> Iterator[str]:  # noqa: ANN401
    rows = [record for record in (_record(parameter, context) for parameter in context.command.params) if record]
    if rows:
        yield "| parameter | meaning |\n|---|---|"
        yield from (f"| `{left}` | {right} |" for left, right in rows)
        yield ""


def _record(parameter: Any, context: Any) -> tuple[str, str] | None:  # noqa: ANN401
    if getattr(parameter, "hidden", False) or (isinstance(parameter, SharedOption) and context.parent is not None):
        return None
    if parameter.param_type_name == "argument":
        left, right = parameter.make_metavar(context), parameter.help or ""
    else:
        left, right = parameter.get_help_record(context) or ("", "")
    return " ".join(left.split()).replace("|", "\\|"), " ".join(right.split()).replace("|", "\\|")


def _section(context: Any) -> Iterator[str]:  # noqa: ANN401
    depth = len(context.command_path.split())
    yield f"{'#' * min(depth + 1, 4)} {context.command_path}\n"
    yield f"{(context.command.help or '').strip()}\n"
    yield f"    {' '.join([context.command_path, *context.command.collect_usage_pieces(context)])}\n"
    yield from _parameters(context)


def render() -> str:
    """Give the whole page as Markdown."""
    lines = [line for context in contexts(root_command()) for line in _section(context)]
    return HEADER + "\n" + "\n".join(lines).rstrip() + "\n"
