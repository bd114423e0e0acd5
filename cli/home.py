"""A Santral home: the folder that holds the store, the embedded mock PMS and the hotel files.

    .santral/home.json        made last: when it was set up, and the mock's own demo credentials
    .santral/santral.sqlite   our store
    .santral/pms.sqlite       the embedded mock PMS
    .santral/hotels/*.toml    one file a hotel, meant to be edited

A home is built in a folder beside it and renamed when it is whole, so a half-made one never looks like one.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from domain.errors import InvalidInput, NotFound, Refused
from integration.errors import ConfigurationError, StoreUnavailable
from integration.settings import PmsCredentials
from pms_mock.store import StoreError

MARK = "home.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Home:
    """What `home.json` says: what the mock was seeded with, and its credentials, invented and good for nothing else."""

    set_up_on: date
    seed: int
    profiles: int
    is_small: bool
    client: Mapping[str, str]

    @property
    def credentials(self) -> PmsCredentials:
        """What the embedded mock asks for."""
        return PmsCredentials(**self.client)


def is_home(folder: Path) -> bool:
    """Whether a folder is a whole home."""
    return (folder / MARK).is_file()


def read_home(folder: Path) -> Home:
    """The home in a folder; NotFound when there is none, ConfigurationError when it cannot be read."""
    if not is_home(folder):
        raise NotFound("There is no Santral home at {place}; run `santral init`.", place=str(folder))
    try:
        kept = json.loads((folder / MARK).read_text(encoding="utf-8"))
        client = {name: str(value) for name, value in kept["mock_client"].items()}
        PmsCredentials(**client)
        return Home(
            date.fromisoformat(kept["set_up_on"]), int(kept["seed"]), int(kept["profiles"]), bool(kept["small"]), client
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError("{place} cannot be read.", place=str(folder / MARK)) from error


def write_mark(folder: Path, home: Home) -> None:
    """Write `home.json`."""
    kept = {
        "format": FORMAT,
        "set_up_on": home.set_up_on.isoformat(),
        "seed": home.seed,
        "profiles": home.profiles,
        "small": home.is_small,
        "mock_client": dict(home.client),
    }
    text = json.dumps(kept, indent=2)
    (folder / MARK).write_text(f"{text}\n", encoding="utf-8")


def check_place(folder: Path, *, force: bool) -> None:
    """Refused when something is there that must not go: a home without `force`, anything else always."""
    if is_home(folder):
        if not force:
            raise Refused(
                "There is a Santral home at {place} already.",
                place=str(folder),
                hint="--force makes a new one in its place.",
            )
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("{place} is in use and is not a Santral home.", place=str(folder))


@contextmanager
def building(folder: Path, *, force: bool) -> Iterator[Path]:
    """Give a fresh folder beside `folder`; it takes its place when all went well and is gone when not."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(prefix=f"{folder.name}.", suffix=".new", dir=folder.parent))
    except OSError as error:
        raise InvalidInput(
            "{place} cannot be made: {why}.", place=str(folder), why=error.strerror or "", field="home"
        ) from error
    try:
        yield fresh
        _put_in_place(fresh, folder, force=force)
    except (OSError, sqlite3.Error, StoreError) as error:
        raise StoreUnavailable(
            "The home at {place} cannot be made: {why}.",
            place=str(folder),
            why=getattr(error, "strerror", None) or str(error),
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, folder: Path, *, force: bool) -> None:
    check_place(folder, force=force)
    old = fresh.with_suffix(".old")
    if is_home(folder):
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError as error:
        if old.exists():
            old.rename(folder)
        raise Refused("{place} is in use and is not a Santral home.", place=str(folder)) from error
    shutil.rmtree(old, ignore_errors=True)
