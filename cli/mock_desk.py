"""The hand on the home's mock PMS: opening its file, what a stop-sale covers, filling it anew and writing it out."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

from cli.context import Body, Session
from cli.home import read_home
from cli.wiring import explained, open_mock, open_or_make_mock
from domain.hotel import HotelTerms
from pms_mock import control
from pms_mock.store import MockStore, StoreError

Scope = tuple[str | None, str | None]


@contextmanager
def mock_of(session: Session) -> Iterator[MockStore]:
    """The home's mock; NotFound without a home, ConfigurationError without a mock in it, StoreUnavailable when its file
    cannot be used."""
    with _opened(session, open_mock) as store:
        yield store


@contextmanager
def _opened(session: Session, open_file: Callable[[Path, timedelta], MockStore]) -> Iterator[MockStore]:
    settings = session.settings
    read_home(settings.home)
    with closing(open_file(settings.mock_path, settings.clock_offset)) as store:
        try:
            yield store
        except StoreError as error:
            raise explained(settings.mock_path, error) from error


def scopes_of(hotel: HotelTerms, room_type: str | None, rate_plan: str | None) -> list[Scope]:
    """What a stop-sale covers, in the PMS's codes: a rate plan of ours is one code per currency there."""
    room = hotel.room_type(room_type).code if room_type is not None else None
    if rate_plan is None:
        return [(room, None)]
    plan = hotel.rate_plan(rate_plan)
    return [(room, code) for _, code in plan.pms_codes]


def _document(session: Session, seed: int | None, start: date | None, profiles: int | None) -> Body:
    from cli.mock_seed import seed_document
    from scenarios.loader import load_hotel

    home = read_home(session.settings.home)
    hotels = [load_hotel(path) for path in sorted(session.settings.hotels_dir.glob("*.toml"))]
    return seed_document(
        hotels,
        home.seed if seed is None else seed,
        start or home.set_up_on,
        profiles_per_hotel=profiles or home.profiles,
        small=home.is_small and profiles is None,
    )


def reseed(session: Session, seed: int | None, start: date | None, profiles: int | None) -> Body:
    """Empty the mock, or make its file if it was lost, and fill it anew."""
    document = _document(session, seed, start, profiles)
    with _opened(session, open_or_make_mock) as store:
        return {**control.reseed(store, document)}


def dump_of(session: Session, seed: int | None, start: date | None, profiles: int | None) -> Iterator[str]:
    """The canonical text of the home's mock; with a seed or start, of what it would hold after seeding."""
    if seed is None and start is None:
        with mock_of(session) as store:
            yield from control.dump(store)
        return
    with closing(control.open_store(None)) as store:
        control.seed(store, _document(session, seed, start, profiles))
        yield from control.dump(store)
