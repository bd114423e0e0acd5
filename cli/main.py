"""`santral NOUN VERB`: parse, run, and turn whatever happens into an answer and an exit code.

The one blanket `except` of the program is here. A person gets one clear sentence on stderr, with a hint; a script
that asked for JSON gets `{"error": {"code", "message", "hint"}}` on stdout; both get the exit code of
`cli/exit_codes.py`. Nothing heavy is imported: nouns are loaded when they are named.
"""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

import typer
from typer.main import get_group

from cli.context import Session
from cli.exit_codes import ExitCode, code_of
from cli.nouns import Nouns

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
app = typer.Typer(
    name="santral",
    cls=Nouns,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Joins a hotel's call centre to its PMS: one screen, one record.",
)


def _version(ctx: typer.Context, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        typer.echo(f"santral {version('santral')}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", is_eager=True, callback=_version, help="Show the version."),
) -> None:
    """Joins a hotel's call centre to its PMS: one screen, one record."""


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run one command and give its exit code, all that was written out."""
    return _written_out(_run(arguments, session))


def _run(arguments: Sequence[str] | None, session: Session | None) -> int:
    typed = list(sys.argv[1:] if arguments is None else arguments)
    session = session or Session()
    try:
        try:
            return _carried_out(typed, session)
        finally:
            session.close()
    except BrokenPipeError:
        return ExitCode.DONE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:
        return _failed(error, typed, session)


def _carried_out(typed: list[str], session: Session) -> int:
    command = get_group(app)
    try:
        with command.make_context("santral", typed, obj=session) as ctx:
            command.invoke(ctx)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return ExitCode.INTERRUPTED
    return ExitCode.DONE


def _written_out(code: int) -> int:
    """The exit code, once what was said has left us. Whoever reads it may have stopped (`| head`): then nothing is
    left to be said, nor at the end of the process.
    """
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            if number == 1 and not isinstance(error, BrokenPipeError):
                lost = _unwritable(error)
                code = code or lost
    return code


def _unwritable(error: OSError) -> int:
    """Our output has nowhere to go (a full disk): say so to whoever still listens."""
    with suppress(OSError):
        sys.stderr.write(f"The answer cannot be written: {error.strerror}.\n")
    return ExitCode.UNAVAILABLE


def _failed(error: Exception, typed: Sequence[str], session: Session) -> int:
    from cli import failures

    if wants_json(typed):
        session.options.json = True
    if "--debug" in typed:
        session.options.debug = True
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return _unwritable(error)
    code = code_of(error)
    try:
        failures.tell(error, code, session)
    except OSError as lost:
        if lost.errno in _NO_ROOM:
            _unwritable(lost)
    return code


def wants_json(typed: Sequence[str]) -> bool:
    """Whether JSON was asked for, also when the rest of the line could not be read."""
    return "--json" in typed or "--format=json" in typed or ("--format", "json") in pairwise(typed)


if __name__ == "__main__":
    sys.exit(main())
