"""The users of the pool: Locust's `FastHttpUser`, each with one connection of its own, all pulling from one run."""

import sys
from functools import partial
from pathlib import Path

import msgspec
from locust import FastHttpUser, events, task

from loadtests.arrivals import NobodyComesError
from loadtests.driver.conducting import conduct
from loadtests.driver.run import Cast, Run
from loadtests.driver.wire import bare, send
from scenarios.file_faults import FileError

FOLDER = "SANTRAL_LOAD_FOLDER"
NETWORK_TIMEOUT_S, CONNECTION_TIMEOUT_S = 30.0, 10.0


def users_of(folder: str | None, cast: Cast) -> type[FastHttpUser]:
    """The class of users that play the run of a folder; SystemExit with a sentence when there is none."""
    run = _run_of(folder, cast)
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
    if not folder:
        sys.exit(f"Set {FOLDER} to the folder of a run (it holds plan.json and tokens.json).")
    try:
        return Run(Path(folder), cast)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        sys.exit(f"{FOLDER}={folder} is not the folder of a run: {error}")
    except (FileError, NobodyComesError) as error:
        sys.exit(str(error))
