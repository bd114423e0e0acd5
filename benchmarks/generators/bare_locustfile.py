"""Locust as its manual writes it: users that post as fast as they can, for `BENCH_SECONDS`.

Prints how many requests that made and what they cost this process, as one line of JSON.
"""

import json
import os
import resource
import time

import gevent
from locust import FastHttpUser, events, task
from locust.env import Environment

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
HEADERS = {"Content-Type": "application/json"}


class BareUser(FastHttpUser):
    @task
    def post(self) -> None:
        self.client.post("/hold", data='{"n":1}', headers=HEADERS, name="hold")


def look(environment: Environment) -> tuple[int, float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return environment.stats.total.num_requests, time.perf_counter(), used.ru_utime + used.ru_stime


def watch(environment: Environment) -> None:
    before = look(environment)
    gevent.sleep(SECONDS)
    requests, wall_s, cpu_s = (later - earlier for earlier, later in zip(before, look(environment), strict=True))
    print(json.dumps({"requests": requests, "wall_s": wall_s, "cpu_s": cpu_s}), flush=True)
    if environment.runner is not None:
        environment.runner.quit()


def join(environment: Environment, **_: object) -> None:
    environment.events.spawning_complete.add_listener(lambda **_: gevent.spawn(watch, environment))


events.init.add_listener(join)
