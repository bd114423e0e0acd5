"""The stage of a run: store, mock PMS and service on this machine, started in order and ended in the other.

The service's clock is shifted so that it stands at the scenario's hour when the load begins and goes on from there; a
service that is started again has moved on by the real time that has passed. The mock's clock is shifted in its file,
and needs no help.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from cli.home import read_home
from cli.loadtest.processes import Server
from integration.ports.surroundings import Clock
from integration.settings import PmsCredentials, Settings
from pms_mock import control
from pms_mock.store import MockStore

WARM_UP = timedelta(seconds=5)
# What the environment may say of another Santral, which must not reach this one.
_OTHERS = (
    "SANTRAL_HOTEL", "SANTRAL_AS_OF", "SANTRAL_CHANNELS", "SANTRAL_OUTBOUND", "SANTRAL_PMS_URL", "SANTRAL_AUDIT_KEY",
    "SANTRAL_AUDIT_CHECKPOINTS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a stage stands on: the run's settings, the caller's environment, the machine's clock, the run's folder, the
    instant of the season; `host`: address of the service when other machines are to reach it."""

    settings: Settings
    environ: Mapping[str, str]
    clock: Clock
    folder: Path
    start: datetime
    host: str = ""


class Stage:
    """Mock PMS and service, running. Use as `async with Stage(grounds) as stage`."""

    def __init__(self, grounds: Grounds) -> None:
        """Start nothing yet."""
        self.grounds = grounds
        self._began = grounds.clock.now()
        self.pms = Server("pms", ("pms", "serve"), self._pms_env, grounds.folder)
        words = ("serve", "--host", grounds.host) if grounds.host else ("serve",)
        self.service = Server("service", words, self._service_env, grounds.folder)
        self._end = AsyncExitStack()
        self._mock: MockStore | None = None

    async def __aenter__(self) -> Self:
        """Start the PMS, then the service. StoreUnavailable when one does not come up; nothing is left running."""
        async with AsyncExitStack() as end:
            self._mock = control.open_store(str(self.grounds.settings.mock_path))
            end.callback(self._mock.close)
            self._began = self.grounds.clock.now()
            control.clock(self._mock, set=self.season_at(self._began))
            for server in (self.pms, self.service):
                end.push_async_callback(server.stop)
                await server.start()
            self._end = end.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End them, if they run."""
        await self.stop()

    async def stop(self) -> None:
        """End them. Broken off, it has asked each of them to end; a second time it does nothing."""
        await self._end.aclose()

    @property
    def mock(self) -> MockStore:
        """The mock's file."""
        assert self._mock is not None  # noqa: S101 - it is open while the stage is up
        return self._mock

    @property
    def settings(self) -> Settings:
        """The run's settings with our clock at the season's hour, as it goes on."""
        now = self.grounds.clock.now()
        return replace(self.grounds.settings, clock_offset=self.season_at(now) - now)

    def season_at(self, now: datetime) -> datetime:
        """What the service's clock shows at an instant of the machine's."""
        return self.grounds.start - WARM_UP + (now - self._began)

    def _plain(self) -> dict[str, str]:
        settings = self.grounds.settings
        return {
            **self.grounds.environ, **dict.fromkeys(_OTHERS, ""), "SANTRAL_HOME": str(settings.home),
            "SANTRAL_LANG": settings.language, "SANTRAL_DATABASE_URL": settings.database_url,
        }  # fmt: skip

    def _pms_env(self) -> Mapping[str, str]:
        return self._plain()

    def _service_env(self) -> Mapping[str, str]:
        secrets = {f"SANTRAL_PMS_{name.upper()}": value for name, value in asdict(self._credentials()).items()}
        now = self.season_at(self.grounds.clock.now())
        return {**self._plain(), **secrets, "SANTRAL_PMS_URL": self.pms.url, "SANTRAL_AS_OF": now.isoformat()}

    def _credentials(self) -> PmsCredentials:
        return read_home(self.grounds.settings.home).credentials
