"""Where replications run: here, on a pool of processes, or on a Dask cluster (`--executor dask://host:port`).

All three are executors of `concurrent.futures`, so the engine does not know which one it has. `dask://local` starts a
cluster of `--workers` processes on this machine, which shows that a remote one would do.
"""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, cast

from domain.errors import InvalidInput
from integration.errors import ConfigurationError

DASK = "dask://"
LOCAL = "local"
MOST_WORKERS = 256


@contextmanager
def executor_of(name: str, workers: int) -> Iterator[Executor | None]:
    """An executor by its name: empty for processes on this machine (None with one worker: this process).

    InvalidInput for a name that is none, ConfigurationError when Dask is missing or its scheduler does not answer.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise InvalidInput("Workers are 1 to {most}.", most=MOST_WORKERS, field="workers")
    if name.startswith(DASK):
        with _dask(name.removeprefix(DASK), workers) as executor:
            yield executor
    elif name:
        raise InvalidInput("An executor is dask://local or dask://HOST:PORT.", field="executor")
    elif workers == 1:
        yield None
    else:
        pool = ProcessPoolExecutor(workers, mp_context=get_context("forkserver"))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _dask(address: str, workers: int) -> Iterator[Executor]:
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
        raise ConfigurationError(
            "The Dask scheduler at {address} does not answer ({reason}).", address=address, reason=type(error).__name__
        ) from None
    with client:
        yield cast("Executor", client.get_executor())
