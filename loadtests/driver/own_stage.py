"""What `locust -f loadtests/locustfile.py` plays when nobody has made a run for it: a stage of its own.

`santral loadtest by-hand` runs beside Locust for as long as Locust does: it makes home, mock PMS and service (or, with
`--host`, looks at a service that runs already), tells the run's folder, and judges when Locust quits. Its verdict is
Locust's exit code. `SANTRAL_LOAD_SCENARIO` names the scenario, `SANTRAL_LOAD_TOKENS` the tokens of `--host`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.event import Events

from loadtests.stage_command import stage_command

SPAWNED_A_SECOND = 100
_ROOT = Path(__file__).resolve().parents[2]


class OwnStage:
    """A run that waits for this Locust."""

    def __init__(self, environ: Mapping[str, str], words: Sequence[str]) -> None:
        """Have it made. SystemExit when it does not come up; it has said why."""
        path = os.pathsep.join(filter(None, (str(_ROOT), environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            stage_command(environ, words), env={**environ, "PYTHONPATH": path}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            sys.exit(self._process.wait() or 1)
        self.folder = str(json.loads(line)["folder"])

    def serve(self, events: Events, users: int) -> None:
        """End with Locust. `users`: how many the run needs, which is what Locust proposes then."""

        def propose(parser: LocustArgumentParser, **_: object) -> None:
            parser.set_defaults(num_users=users, spawn_rate=min(users, SPAWNED_A_SECOND))

        def judge(environment: Environment, **_: object) -> None:
            sys.stdout.write(self._process.communicate()[0])
            environment.process_exit_code = self._process.returncode

        events.init_command_line_parser.add_listener(propose)
        events.quitting.add_listener(judge)
