"""The load generator: how many requests one process can make with journal and checks on, and how late it is.

Held against users as Locust's own manual writes them, on the same server that only answers, by requests per second of
the generator's own CPU time, because the server shares the machine. Lateness is measured in open load: 500 contacts a
second, a server that takes 20 ms, 100 users. wrk, where it is installed, says what a generator written in C can do.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import interleaved
from benchmarks.registry import Row, Sense, benchmark
from loadtests.generator import read_health
from loadtests.launch import generator_command, generator_env
from loadtests.result import read_result
from loadtests.run_plan import RESULT, SAMPLES, TOKENS, RunPlan, write_plan
from loadtests.samples import read_samples
from scenarios.scenario_loader import load_scenario

HERE = Path(__file__).with_name("generators")
OURS, BARE = HERE / "our_locustfile.py", HERE / "bare_locustfile.py"
ROUNDS, SECONDS, USERS, ASKS = 3, 4.0, 20, 100
RATE, POOL, SERVER_MS, AIM, MOST_LAG_MS = 500.0, 100, 20, 0.6, 10.0
SPEED, TEN = 900.0, 36_000.0
OURS_ROW = "requests per CPU second of the load generator, journal and checks on, against bare Locust FastHttpUser"
WRK_ROW = "requests a second of the load generator against wrk"
CHAIN_ROW = "whole chain, generator to service to mock PMS over sockets: {}, 95th percentile"
CHAIN_PEAK, LEAST_SHARE = "4", 0.02
LAG_ROW = "lag of the load generator at 500 contacts a second, 99th percentile"


@contextmanager
def trivial_server(late_ms: int = 0) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.generators.trivial_server", str(late_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def a_plan(url: str, rate: float, users: int | None) -> RunPlan:
    loaded = load_scenario("smoke")
    return RunPlan(
        run_id="bench", name="smoke", url=url, scenario=loaded.content, scenario_path="smoke", settings=(),
        seed=loaded.scenario.seed, replication=0, first_day=0, start_s=TEN, end_s=TEN + SECONDS * SPEED,
        season_start="", speed=SPEED, peak=1.0, pool=POOL, processes=1, hotels=(), rate=rate, users=users,
        limit_s=SECONDS if users else 60.0,
    )  # fmt: skip


@contextmanager
def played(url: str, rate: float, users: int | None, asks: int) -> Iterator[Path]:
    """The folder of a run that has ended."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_plan(folder, a_plan(url, rate, users))
        (folder / TOKENS).write_text("{}", encoding="utf-8")
        env = generator_env(folder, {**os.environ, "BENCH_ASKS": str(asks)})
        command = generator_command(folder, locustfile=OURS)
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        yield folder


def our_cost(url: str, rates: list[float]) -> float:
    """CPU seconds of a request; its wall rate joins `rates`."""
    with played(url, 200.0, USERS, ASKS) as folder:
        (health,) = read_health(folder)
        count = len(read_samples([folder / SAMPLES.format(0)]))
    rates.append(count / health.wall_s)
    return statistics.mean(health.cpu) * health.wall_s / count


def bare_cost(url: str, rates: list[float]) -> float:
    command = [sys.executable, "-m", "locust", "-f", str(BARE), "--headless", "--only-summary", "--host", url]
    command += ["-u", str(USERS), "-r", str(USERS)]
    env = {**os.environ, "BENCH_SECONDS": str(SECONDS)}
    talk = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    told = json.loads(talk.splitlines()[0])
    rates.append(told["requests"] / told["wall_s"])
    return float(told["cpu_s"] / told["requests"])


def wrk_rate(url: str) -> float:
    command = ["wrk", "-t1", f"-c{USERS}", f"-d{int(SECONDS)}s", url]
    talk = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return next(float(line.split()[-1]) for line in talk.splitlines() if line.startswith("Requests/sec"))


def lag_ms() -> np.ndarray:
    """Lags of a run in open load."""
    with trivial_server(SERVER_MS) as url, played(url, RATE, None, 1) as folder:
        found: np.ndarray = read_samples([folder / SAMPLES.format(0)]).lag_ms
    return found


@benchmark("load")
def load() -> Iterator[Row]:
    if find_spec("locust") is None:
        yield Row(OURS_ROW, ratio=None, note="Locust is not installed: the extra `load` brings it")
        return
    ours: list[float] = []
    bare: list[float] = []
    with trivial_server() as url:
        cost = interleaved(ROUNDS, ours=lambda: our_cost(url, ours), bare=lambda: bare_cost(url, bare))
        c = wrk_rate(url) if shutil.which("wrk") else None
    rate, bare_rate = statistics.median(ours), statistics.median(bare)
    note = f"{1 / cost['ours']:,.0f} against {1 / cost['bare']:,.0f}; by the clock {rate:,.0f} against {bare_rate:,.0f}"
    yield Row(OURS_ROW, cost["bare"] / cost["ours"], AIM, Sense.AT_LEAST, note)
    if c is None:
        yield Row(WRK_ROW, ratio=None, note="wrk is not installed")
    else:
        yield Row(WRK_ROW, rate / c, note=f"{rate:,.0f}/s against {c:,.0f}/s")
    rounds = [lag_ms() for _ in range(ROUNDS)]
    p99 = statistics.median(float(np.percentile(one, 99)) for one in rounds)
    p50 = statistics.median(float(np.percentile(one, 50)) for one in rounds)
    yield Row(
        LAG_ROW, p99, MOST_LAG_MS, note=f"median {p50:.2f} ms, {len(rounds[0]):,} contacts, {POOL} users", unit=" ms"
    )


def chain_rows(folder: Path) -> Iterator[Row]:
    """The latencies of a run of the whole chain, by group, and where the time about their 95th percentile goes."""
    found = read_result(folder)
    for group in found.groups:
        if group.window != "whole" or group.name == "other" or group.p95.ms is None:
            continue
        parts = ", ".join(f"{name} {share:.0%}" for name, share in group.parts.items() if share >= LEAST_SHARE)
        note = f"{group.p95.n:,} at {found.load.multiple or 0:,.0f} times the real peak: {parts}"
        yield Row(CHAIN_ROW.format(group.name), group.p95.ms, note=note, unit=" ms")


@benchmark("load_chain")
def load_chain() -> Iterator[Row]:
    if find_spec("locust") is None:
        yield Row(CHAIN_ROW.format("..."), ratio=None, note="Locust is not installed: the extra `load` brings it")
        return
    with TemporaryDirectory() as name:
        command = [sys.executable, "-c", "from cli.entry import run; run()", "loadtest", "run", "smoke"]
        command += ["--minutes", "30", "--peak", CHAIN_PEAK, "--out", name, "--json"]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        folders = [one.parent for one in Path(name).glob(f"*/{RESULT}")]
        if not folders:
            yield Row(CHAIN_ROW.format("..."), ratio=None, note=f"the run ended with {done.returncode}")
            return
        yield from chain_rows(folders[0])
