"""`santral demo`: the main job end to end on embedded defaults. It needs no home: it makes one and throws it away."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Context, Exit, Option

from cli.context import Session, session_of
from cli.exit_codes import ExitCode
from cli.nouns import verbs
from cli.options import Verb
from cli.screens import homes, lessons
from domain.errors import InvalidInput

if TYPE_CHECKING:
    from cli.demo import Outcome

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
    no_load: Annotated[
        bool, Option("--no-load", help="End after the story: no season, no load, no readiness.")
    ] = False,
) -> None:
    """Sell a stay from the ringing telephone to the confirmed reservation, and check every step."""
    from cli.demo import default_report_dir, run_demo

    session = session_of(ctx)
    if lesson is not None:
        return _taught(session, lesson)
    folder = report_dir or default_report_dir()
    outcome = run_demo(session.settings, session.environ, folder, session.talk)
    if no_load:
        session.show(outcome.body, homes.told, rows="checks")
        is_good, is_interrupted = outcome.verdict == "PASS", False
    else:
        is_good, is_interrupted = _and_golive(session, outcome, folder)
    if is_interrupted:
        raise Exit(ExitCode.INTERRUPTED)
    if not is_good:
        raise Exit(ExitCode.THRESHOLD)
    return None


def _and_golive(session: Session, outcome: "Outcome", folder: Path) -> tuple[bool, bool]:
    """The season, the load and readiness behind the story: whether all is good, and whether it was broken off."""
    from cli.demo_golive import end_of_demo, report_lines

    ended = end_of_demo(session, folder)
    with outcome.report.open("a", encoding="utf-8") as report:
        report.write("\n".join(report_lines(ended, folder)) + "\n")
    is_good = outcome.verdict == "PASS" and ended.verdict.value == "PASS"
    verdict = ended.verdict.value if outcome.verdict == "PASS" else outcome.verdict
    body = {**outcome.body, "verdict": verdict, "story": outcome.verdict, "golive": ended.body}
    session.show(body, homes.told_whole, rows="checks")
    return is_good, ended.is_interrupted


def _taught(session: Session, name: str) -> None:
    """Play an exercise. InvalidInput for one there is none of."""
    from cli.lesson_rollback import LESSONS, run_lesson

    if name not in LESSONS:
        raise InvalidInput("There is no lesson {name}.", name=name[:40], hint=", ".join(LESSONS), field="lesson")
    body = run_lesson(session.settings, session.environ, session.talk)
    session.show(body, lessons.learnt, rows="checks")
    if body["verdict"] != "PASS":
        raise Exit(ExitCode.THRESHOLD)
