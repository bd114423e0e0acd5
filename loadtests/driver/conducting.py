"""Ties a run to Locust: one process alone, or Locust's own master and workers.

Alone, the window starts as soon as all users stand ready. With workers, the master waits until all of them have
spawned, then tells each its index, how many they are, and one instant at which all start; each plays every so-manieth
contact, writes its own files and reports back. When all have, the master ends the run.
"""

import logging

import gevent
from locust.env import Environment
from locust.event import Events
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner, Runner, WorkerRunner

from loadtests.driver.clock import NS, now_ns
from loadtests.driver.locust_table import own_stats
from loadtests.driver.run import Run
from loadtests.run_plan import write_start

BEGIN, DONE = "santral_begin", "santral_done"
CANNOT_BEGIN = 3
LEAD_ALONE_S, LEAD_TOGETHER_S, GRACE_S = 0.5, 1.0, 15.0
_WATCH_S = 0.1
_LOG = logging.getLogger("santral.load")


def conduct(run: Run, events: Events) -> None:
    """Has Locust's events drive the run."""

    def join(environment: Environment, runner: Runner | None, **_: object) -> None:
        if isinstance(runner, MasterRunner):
            Master(run, environment, runner)
        elif runner is not None:
            Player(run, environment, runner)

    events.init.add_listener(join)


class Player:
    """A process that makes load: alone, or one of the workers."""

    def __init__(self, run: Run, environment: Environment, runner: Runner) -> None:
        """Listen to Locust."""
        self._run, self._environment, self._runner = run, environment, runner
        self._stats, events = environment.stats, environment.events
        if isinstance(runner, WorkerRunner):
            self._stats = own_stats(environment)
            runner.register_message(BEGIN, self._told)
        else:
            events.spawning_complete.add_listener(self._alone)
        events.test_start.add_listener(self._anew)
        events.test_stopping.add_listener(self._broken_off)
        events.quitting.add_listener(self._broken_off)

    def _anew(self, **_: object) -> None:
        if self._run.is_finished and isinstance(self._runner, WorkerRunner):
            self._stats.clear_all()
        self._run.renew()

    def _alone(self, **_: object) -> None:
        if not self._run.has_begun:
            t0_ns = now_ns() + int(LEAD_ALONE_S * NS)
            write_start(self._run.folder, t0_ns)
            self._begin(t0_ns, 0, 1, self._runner.target_user_count)

    def _told(self, msg: Message, **_: object) -> None:
        told = msg.data or {}
        if not self._run.has_begun:
            self._begin(told["t0_ns"], told["index"], told["processes"])

    def _begin(self, t0_ns: int, index: int, processes: int, users: int | None = None) -> None:
        try:
            self._run.begin(t0_ns, index, processes, users)
        except (OSError, ValueError) as error:
            _LOG.error("the run cannot begin: %s", error)
            self._environment.process_exit_code = CANNOT_BEGIN
            gevent.spawn(end, self._environment)
        else:
            gevent.spawn(self._watch)

    def _watch(self) -> None:
        is_whole = self._run.watch()
        self._run.finish(self._stats, is_whole=is_whole)
        if isinstance(self._runner, WorkerRunner):
            self._runner.send_message(DONE, {"is_whole": is_whole})
        else:
            end(self._environment)

    def _broken_off(self, **_: object) -> None:
        self._run.finish(self._stats, is_whole=False)


class Master:
    """The process that only counts: it starts the workers together and ends the run when all have ended."""

    def __init__(self, run: Run, environment: Environment, runner: MasterRunner) -> None:
        """Listen to Locust and to the workers."""
        self._run, self._environment, self._runner = run, environment, runner
        self._waited_for: set[str] = set()
        self._has_begun = False
        environment.events.test_start.add_listener(self._anew)
        environment.events.spawning_complete.add_listener(self._start)
        runner.register_message(DONE, self._done)

    def _anew(self, **_: object) -> None:
        self._has_begun = False

    def _start(self, **_: object) -> None:
        if self._has_begun:
            return
        self._has_begun = True
        workers = sorted(self._runner.clients, key=self._runner.get_worker_index)
        t0_ns = now_ns() + int(LEAD_TOGETHER_S * NS)
        write_start(self._run.folder, t0_ns)
        self._waited_for = set(workers)
        for index, worker in enumerate(workers):
            self._runner.send_message(BEGIN, {"t0_ns": t0_ns, "index": index, "processes": len(workers)}, worker)
        gevent.spawn(self._watch)

    def _done(self, msg: Message, **_: object) -> None:
        self._waited_for.discard(msg.node_id)

    def _watch(self) -> None:
        limit = now_ns() + int((self._run.plan.limit_s + LEAD_TOGETHER_S + GRACE_S) * NS)
        while self._waited_for and now_ns() < limit:
            gevent.sleep(_WATCH_S)
            gone = {one for one in self._waited_for if self._is_gone(one)}
            if gone:
                _LOG.error("%d generator processes are gone; their contacts are lost", len(gone))
                self._waited_for -= gone
        end(self._environment)

    def _is_gone(self, worker: str) -> bool:
        node = self._runner.clients.get(worker)
        return node is None or node.state == STATE_MISSING


def end(environment: Environment) -> None:
    """Ends Locust, or only its test when people look at it in the browser."""
    options, runner = environment.parsed_options, environment.runner
    if runner is None:
        return
    if options is None or options.headless:
        runner.quit()
    else:
        runner.stop()
