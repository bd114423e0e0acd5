"""A run whose load a person makes with Locust itself, headless or in its browser.

Everything stands as for any run: home, mock PMS, service, tokens, timetable. Only the generator is not ours to start.
The run's folder is told in one line on stdout; the load begins when Locust says so, may be watched for as long as
anybody likes, and is over when our stdin ends or says anything. Then the books are held together and judged.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import TextIO

from cli.loadtest.generators import Generator
from loadtests.run_plan import read_plan

Announce = Callable[[Path, str], None]


class ByHand(Generator):
    """Nothing is started here. `announce`: tells folder and address; `told`: where the end is said."""

    def __init__(
        self, folder: Path, environ: Mapping[str, str], background: int, announce: Announce, told: TextIO | None = None
    ) -> None:
        """As `Generator`; nobody listens yet."""
        super().__init__(folder, environ, background)
        self._place, self._announce, self._told_by = folder, announce, told or sys.stdin
        self._over = Event()

    async def start(self, *, workers: int, expect: int, listen: str) -> None:  # noqa: ARG002 - not ours to start
        """Say where the run is, and listen for its end."""
        Thread(target=self._listen, daemon=True).start()
        plan = await asyncio.to_thread(read_plan, self._place)
        self._announce(self._place, plan.url)

    def _listen(self) -> None:
        self._told_by.readline()
        self._over.set()

    @property
    def is_over(self) -> bool:
        """Whether somebody has said so."""
        return self._over.is_set()
