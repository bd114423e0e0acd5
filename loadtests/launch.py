"""How the generator is started: as a process of its own, because gevent patches the whole interpreter.

One process alone plays all contacts. For more, Locust's own master counts and each worker plays its share; workers may
stand on other machines if the run's folder does too.
"""

import sys
from collections.abc import Mapping
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from loadtests.run_plan import RunPlan, read_plan

FOLDER_VARIABLE = "SANTRAL_LOAD_FOLDER"
LOCUSTFILE = Path(__file__).with_name("locustfile.py")
MASTER_PORT = 5557
SPAWNED_A_SECOND = 100


class Role(StrEnum):
    """What a generator process does: all of it, only counting, or a share."""

    ALONE = "alone"
    MASTER = "master"
    WORKER = "worker"


def is_installed() -> bool:
    """Whether Locust is there (the optional extra `load`)."""
    return find_spec("locust") is not None


def generator_command(
    folder: Path,
    *,
    role: Role = Role.ALONE,
    processes: int = 1,
    background: int = 0,
    host: str = "127.0.0.1",
    port: int = MASTER_PORT,
    locustfile: Path = LOCUSTFILE,
) -> list[str]:
    """The command of one generator process of the run in `folder`. `processes`: workers, for the master; `background`:
    scripts that go on beside the contacts, each in a user of its own; `host`, `port`: where the master listens.
    OSError or msgspec.DecodeError when there is no plan.
    """
    plan = read_plan(folder)
    command = [sys.executable, "-m", "locust", "-f", str(locustfile), "--loglevel", "WARNING"]
    if role is Role.WORKER:
        return [*command, "--worker", "--master-host", host, "--master-port", str(port)]
    users = users_of(plan, processes, background)
    command += ["--headless", "--only-summary", "--exit-code-on-error", "0", "--host", plan.url]
    command += ["-u", str(users), "-r", str(min(users, SPAWNED_A_SECOND * processes))]
    if role is Role.MASTER:
        command += ["--master", "--expect-workers", str(processes)]
        command += ["--master-bind-host", host, "--master-bind-port", str(port)]
    return command


def users_of(plan: RunPlan, processes: int, background: int) -> int:
    """Locust users of all processes together. Locust deals them out evenly, and the first process plays all that goes
    on beside the contacts: every process gets as many, and those it has no use for stay idle."""
    pool = plan.users or plan.pool
    return processes * (-(-pool // processes) + background)


def generator_env(folder: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a generator process, made of the caller's own."""
    return {**env, FOLDER_VARIABLE: str(folder.resolve())}
