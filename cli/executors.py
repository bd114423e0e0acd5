"""Where replications run: here, on a pool of processes, or on a Dask cluster (`--executor dask://host:port`).

All three are executors of `concurrent.futures`, so the engine does not know which one it has. `dask://local` starts a
cluster of `--workers` processes on this machine, which shows that a remote one would do. Whoever presses Ctrl-C wants
an end, not a season more and not a page from every process: workers go at once and say nothing.
"""

import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Any, cast

from domain.errors import InvalidInput
from integration.errors import ConfigurationError, ServiceError
from integration.usecases.marks import N_

DASK = "dask://"
LOCAL = "local"
MOST_WORKERS = 256


@contextmanager
def executor_of(name: str, workers: int) -> Iterator[Executor | None]:
    """An executor by its name: empty for processes on this machine (None with one worker: this process).

    InvalidInput for a name that is none, ConfigurationError when Dask is missing, ServiceError when its scheduler does
    not answer.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise InvalidInput("Workers are 1 to {most}.", most=MOST_WORKERS, field="workers")
    if name.startswith(DASK):
        with _dask(name.removeprefix(DASK), workers) as executor:
            yield executor
    elif name:
        raise _no_executor()
    elif workers == 1:
        yield None
    else:
        with _pool(workers) as pool:
            yield pool


def _no_executor() -> InvalidInput:
    return InvalidInput("An executor is dask://local or dask://HOST:PORT.", field="executor")


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    before = set(active_children())
    pool = ProcessPoolExecutor(workers, mp_context=get_context("forkserver"), initializer=_end_quietly)
    try:
        yield pool
    except BrokenProcessPool:
        raise ServiceError(
            "A process of the simulation was ended from outside.",
            hint=N_("It may have wanted more memory than there is: --workers 1 needs least."),
        ) from None
    except KeyboardInterrupt:
        for child in set(active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_quietly() -> None:
    """What a worker does at Ctrl-C, which reaches all processes of a terminal: end, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _dask(address: str, workers: int) -> Iterator[Executor]:
    host, _, port = address.rpartition(":")
    if address != LOCAL and not (host and port.isdecimal()):
        raise _no_executor()
    try:
        import distributed
    except ImportError:
        raise ConfigurationError("Dask is not installed; install santral with its dask extra.") from None
    dask: Any = distributed
    if address == LOCAL:
        with (
            dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
            dask.Client(cluster) as client,
        ):
            yield cast("Executor", client.get_executor())
        return
    try:
        client = dask.Client(f"tcp://{address}", timeout="10s")
    except (OSError, ValueError) as error:
        raise ServiceError(
            "The Dask scheduler at {address} does not answer ({reason}).", address=address, reason=type(error).__name__
        ) from None
    with client:
        yield cast("Executor", client.get_executor())
