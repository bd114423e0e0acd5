"""The users of the pool: Locust's `FastHttpUser`, each with one connection of its own, all pulling from one run."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from locust import FastHttpUser, events, task

from loadtests.arrivals import NobodyComesError
from loadtests.driver.conducting import conduct
from loadtests.driver.own_stage import OwnStage
from loadtests.driver.run import Cast, Run
from loadtests.driver.wire import bare, send
from scenarios.file_faults import FileError

FOLDER = "SANTRAL_LOAD_FOLDER"
NETWORK_TIMEOUT_S, CONNECTION_TIMEOUT_S = 30.0, 10.0


def users_of(environ: Mapping[str, str], words: Sequence[str], cast: Cast) -> type[FastHttpUser]:
    """The class of users that play the run whose folder the environment names, else one of their own; SystemExit with a
    sentence when that cannot be. `words`: Locust's own."""
    folder = environ.get(FOLDER)
    stage = None if folder else OwnStage(environ, words)
    run = _run_of(folder if stage is None else stage.folder, cast)
    if stage is not None:
        stage.serve(events, run.users)
    conduct(run, events)

    class LoadUser(FastHttpUser):
        """One of the pool."""

        host = run.plan.url
        network_timeout = NETWORK_TIMEOUT_S
        connection_timeout = CONNECTION_TIMEOUT_S
        concurrency = 1
        max_redirects = 0
        insecure = False

        @task
        def work(self) -> None:
            run.serve(partial(send, bare(self.client)))

    return LoadUser


def _run_of(folder: str | None, cast: Cast) -> Run:
    try:
        return Run(Path(folder or ""), cast)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        sys.exit(f"{FOLDER}={folder} is not the folder of a run: {error}")
    except (FileError, NobodyComesError) as error:
        sys.exit(str(error))
