"""From settings to a desk: hotel files, the embedded mock's ASGI application, and `integration.bootstrap`.

The only place that knows both the mock and the integration. Hotel files are read when a use case first asks for a
hotel and the mock is imported with the first request to it, so a command that only looks into our store pays for
neither.
"""

import tomllib
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from cli.home import read_home
from cli.home_pulls import HomePulls
from cli.stand_ins import LazyCarriers
from domain.hotel import HotelTerms
from integration.errors import ConfigurationError, ServiceError, StoreUnavailable
from integration.settings import PmsCredentials, Settings
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from pms_mock.store import MockStore, StoreError, Trouble

if TYPE_CHECKING:
    from domain.hours import OpenSpans
    from domain.sla import ServicePolicy
    from integration.adapters.calendars import ServiceCalendars
    from integration.ports.hooks import Hook
    from integration.ports.serving import ServingRules
    from scenarios.schema.hotel import Hotel

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
OnCall = Callable[[str, float, str], None]
AtEnd = Callable[[Callable[[], None]], object]
NEW_PMS = N_("`santral pms seed --yes` makes a new one; your own store is whole.")
OTHER_PMS = N_("Move it away; then `santral pms seed --yes` makes a new one. Your own store is whole.")
_OF_THE_DISK = {
    Trouble.FULL: N_("The disk of the mock PMS's file {place} is full."),
    Trouble.NOT_WRITABLE: N_("The mock PMS's file {place} cannot be written."),
    Trouble.LOCKED: N_("The mock PMS's file {place} stays locked by another process."),
    Trouble.FAILED: N_("The disk of the mock PMS's file {place} failed: {why}."),
}
_OF_THE_FILE = {
    Trouble.DAMAGED: N_("The mock PMS's file {place} is damaged."),
    Trouble.NOT_OURS: N_("{place} is not a store of the mock PMS."),
    Trouble.OTHER_VERSION: N_("{place} is a store of another version of the mock PMS."),
}


class EventLog(Protocol):
    """Where the integration tells what it met."""

    def warning(self, event: str, **fields: object) -> object: ...


class NoLog:
    """A command tells its one answer; what the integration met on the way is for the service's log."""

    def warning(self, event: str, **fields: object) -> None:
        """Pass by."""


class Hotels(Mapping[str, HotelTerms]):
    """The hotels of a home by id, read when first asked for."""

    def __init__(self, folder: Path, set_up_on: date) -> None:
        """Remember where."""
        self._folder, self._set_up_on = folder, set_up_on

    @cached_property
    def files(self) -> "dict[str, Hotel]":
        """The checked hotel files by id."""
        from scenarios.loader import load_hotel

        found: dict[str, Hotel] = {}
        for path in sorted(self._folder.glob("*.toml")):
            one = load_hotel(path)
            if one.hotel.id in found:
                raise ConfigurationError("Two hotel files are of {hotel}.", hotel=one.hotel.id)
            found[one.hotel.id] = one
        if not found:
            raise ConfigurationError("There is no hotel file in {place}.", place=str(self._folder))
        return found

    @cached_property
    def _terms(self) -> dict[str, HotelTerms]:
        from integration.adapters.hotel_terms import terms_of

        return {hotel_id: terms_of(one, self._set_up_on) for hotel_id, one in self.files.items()}

    def __getitem__(self, hotel_id: str) -> HotelTerms:
        """One hotel."""
        return self._terms[hotel_id]

    def __iter__(self) -> Iterator[str]:
        """All ids."""
        return iter(self._terms)

    def __len__(self) -> int:
        """How many."""
        return len(self._terms)


class HomeServing:
    """How the hotels of a home serve; their rules are made when a case first asks for them."""

    def __init__(self, hotels: Hotels) -> None:
        """Remember which."""
        self._hotels = hotels

    @cached_property
    def _calendars(self) -> "ServiceCalendars":
        from integration.adapters.calendars import ServiceCalendars
        from scenarios.service import service_rules

        return ServiceCalendars({hotel_id: service_rules(one) for hotel_id, one in self._hotels.files.items()})

    def rules(self, hotel_id: str) -> "ServingRules":
        """NotFound for a hotel that is not of this home."""
        return self._calendars.rules(hotel_id)

    def policy(self, hotel_id: str, since: datetime, until: datetime) -> "ServicePolicy":
        """With the hours of that time laid out."""
        return self._calendars.policy(hotel_id, since, until)

    def spans(self, hotel_id: str, lines: tuple[str, ...], since: datetime, until: datetime) -> "OpenSpans":
        """Other hours, laid out in the same way."""
        return self._calendars.spans(hotel_id, lines, since, until)


class HomeHooks(Mapping[str, "Hook"]):
    """The hooks of a home by name, read when first asked for; ConfigurationError then when one cannot be used."""

    def __init__(self, settings: Settings) -> None:
        """Remember where."""
        self._settings = settings

    @cached_property
    def _hooks(self) -> "Mapping[str, Hook]":
        from integration.adapters.channel_hooks import read_hooks

        return read_hooks(self._settings.channels_path, self._settings.secrets)

    def __getitem__(self, name: str) -> "Hook":
        """One hook."""
        return self._hooks[name]

    def __iter__(self) -> Iterator[str]:
        """All names."""
        return iter(self._hooks)

    def __len__(self) -> int:
        """How many."""
        return len(self._hooks)


def open_mock(path: Path, clock_offset: timedelta = timedelta()) -> MockStore:
    """The embedded mock's file; ConfigurationError when it is not there or not this mock's, StoreUnavailable when its
    disk is what is wrong."""
    if not path.is_file():
        raise ConfigurationError("The mock PMS has lost its file {place}.", place=str(path), hint=NEW_PMS)
    return open_or_make_mock(path, clock_offset)


def open_or_make_mock(path: Path, clock_offset: timedelta = timedelta()) -> MockStore:
    """The same, and an empty file when there is none."""
    try:
        return MockStore(str(path), clock_offset_s=clock_offset.total_seconds())
    except StoreError as error:
        raise explained(path, error) from error


def explained(path: Path, error: StoreError) -> ServiceError:
    """What is wrong with the mock's file, in a sentence."""
    if error.trouble in _OF_THE_DISK:
        return StoreUnavailable(_OF_THE_DISK[error.trouble], place=str(path), why=str(error.__cause__ or ""))
    return ConfigurationError(_OF_THE_FILE[error.trouble], place=str(path), hint=OTHER_PMS)


class EmbeddedMock:
    """The mock PMS as an ASGI application; its file is opened at once, its code imported with the first request."""

    def __init__(self, settings: Settings) -> None:
        """Open the file; ConfigurationError when it is not there or not this mock's."""
        self._offset_s = settings.clock_offset.total_seconds()
        self._store = open_mock(settings.mock_path)

    @cached_property
    def _app(self) -> Any:  # noqa: ANN401 - an ASGI application
        from pms_mock.app import create_app

        return create_app(self._store, clock_offset_s=self._offset_s)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        await self._app(scope, receive, send)


def _asks_the_mock(settings: Settings) -> bool:
    """Whether the home's demo credentials are meant: the embedded mock, or one on this machine and none were given."""
    if settings.is_embedded:
        return True
    host = urlsplit(settings.pms_url).hostname or ""
    return settings.credentials == PmsCredentials() and (host in {"localhost", "::1"} or host.startswith("127."))


def open_desk(
    settings: Settings,
    *,
    at_end: AtEnd | None = None,
    log: EventLog | None = None,
    on_call: OnCall | None = None,
    inline: bool = True,
) -> Desk:
    """A desk on a home. NotFound without one; ConfigurationError or StoreUnavailable when it cannot be used.

    `at_end` is told what to call when the desk is no longer needed, besides closing its PMS and store.
    """
    from integration.bootstrap import build

    home = read_home(settings.home)
    if not settings.database_url and not settings.store_path.is_file():
        raise StoreUnavailable(
            "The store {place} is missing.", place=str(settings.store_path),
            hint="`santral store restore FILE` puts a backup in its place.",
        )  # fmt: skip
    mock = EmbeddedMock(settings) if settings.is_embedded else None
    if mock is not None and at_end is not None:
        at_end(mock.close)
    hotels = Hotels(settings.hotels_dir, home.set_up_on)
    return build(
        settings,
        hotels,
        log=log or NoLog(),
        app=mock,
        credentials=home.credentials if _asks_the_mock(settings) else None,
        on_call=on_call,
        inline=inline,
        serving=HomeServing(hotels),
        hooks=HomeHooks(settings),
        pulls=HomePulls(settings),
        carriers=lambda clock, ids: LazyCarriers(settings, clock, ids),
    )


def zone_of(settings: Settings) -> Callable[[str], tzinfo]:
    """Time zones of the home's hotels by id, without the rest of their files; UTC for an unknown one."""

    @lru_cache
    def zones() -> dict[str, tzinfo]:
        from zoneinfo import ZoneInfo

        found: dict[str, tzinfo] = {}
        for path in settings.hotels_dir.glob("*.toml"):
            try:
                hotel = tomllib.loads(path.read_text(encoding="utf-8"))["hotel"]
                found[hotel["id"]] = ZoneInfo(hotel["time_zone"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return found

    return lambda hotel_id: zones().get(hotel_id, UTC)
