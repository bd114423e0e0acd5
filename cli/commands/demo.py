"""`santral demo`: the main job end to end on embedded defaults. It needs no home: it makes one and throws it away."""

from pathlib import Path
from typing import Annotated

from typer import Context, Exit, Option

from cli.context import Session, session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import homes, lessons
from domain.errors import InvalidInput

app = verbs()


@app.command(cls=Verb)
def demo(
    ctx: Context,
    report_dir: Annotated[
        Path | None, Option("--report-dir", help="Folder of the report; default: ./santral-demo.", show_default=False)
    ] = None,
    lesson: Annotated[
        str | None, Option("--lesson", help="A training exercise instead: rollback.", show_default=False)
    ] = None,
) -> None:
    """Sell a stay from the ringing telephone to the confirmed reservation, and check every step."""
    from cli.demo import default_report_dir, run_demo

    session = session_of(ctx)
    if lesson is not None:
        return _taught(session, lesson)
    outcome = run_demo(session.settings, session.environ, report_dir or default_report_dir(), session.talk)
    session.show(outcome.body, homes.told, rows="checks")
    if outcome.verdict != "PASS":
        raise Exit(ExitCode.THRESHOLD)
    return None


def _taught(session: Session, name: str) -> None:
    """Play an exercise. InvalidInput for one there is none of."""
    from cli.lesson_rollback import LESSONS, run_lesson

    if name not in LESSONS:
        raise InvalidInput("There is no lesson {name}.", name=name[:40], hint=", ".join(LESSONS), field="lesson")
    body = run_lesson(session.settings, session.environ, session.talk)
    session.show(body, lessons.learnt, rows="checks")
    if body["verdict"] != "PASS":
        raise Exit(ExitCode.THRESHOLD)
