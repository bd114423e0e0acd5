"""What a run tells its caller: the body of `--json`, and of the table."""

from typing import Any

from cli.load_reports import result_body
from cli.loadtest.runs import Outcome

Body = dict[str, Any]


def body_of(outcome: Outcome) -> Body:
    """The verdict and every line of it; `trouble`: why the run was broken off, if it was."""
    return {
        **result_body(outcome.result),
        "trouble": outcome.trouble,
        "folder": str(outcome.folder),
        "report": str(outcome.report),
    }
