"""A service built to die: `python -m tests.torture.doomed`, told by the environment as any service is.

It is the real one, put together of the same parts, with one more: whenever a write passes a named point
(`desk.point`), the home's doom file is looked at. It holds a point's name and a number n; the n-th passing after the
file appeared is answered with kill -9, as a power cut would.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import structlog
import uvicorn

from cli.serving import listen
from cli.wiring import open_desk
from integration.adapters.clock import SystemClock
from integration.adapters.logs import configure_logs
from integration.http.app import create_app
from integration.settings import settings_from
from integration.workers.intake import Intake
from integration.workers.sweep import Sweep


class Doom:
    """Called at every point; kills the process at the one that was named."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed = 0

    def __call__(self, name: str) -> None:
        try:
            wanted, number = self._file.read_text("ascii").split()
        except FileNotFoundError:
            return
        self._passed += name == wanted
        if name == wanted and self._passed == int(number):
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    configure_logs()
    settings = settings_from(os.environ, SystemClock().now(), Path.cwd())
    ends: list[Callable[[], None]] = []
    desk = open_desk(settings, at_end=ends.append, log=structlog.get_logger("santral.pms"), inline=False)
    desk = replace(desk, point=Doom(settings.home / "doom"))
    intake = Intake(desk, structlog.get_logger("santral.intake"))
    app = create_app(
        desk,
        workers=[Sweep(desk, structlog.get_logger("santral.sweep")), intake],
        on_close=[desk.pms.close, desk.store.close],
        wake=intake.wake,
    )
    listener = listen("127.0.0.1", 0)
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    config = uvicorn.Config(app, ws="none", access_log=False, log_config=None, lifespan="on")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
