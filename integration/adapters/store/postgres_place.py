"""Where a PostgreSQL store is, and what its errors mean for a person. The password is in no sentence and no `repr`.

An error of PostgreSQL carries an SQLSTATE of five characters; the first two are its class. One without is of the
connection. What no table here knows is a bug of ours, and is passed on as it came.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.errors import InvalidInput
from integration.errors import ConfigurationError, StoreUnavailable
from integration.usecases.marks import N_

# What holds unless the address says otherwise. A server whose machine is gone is noticed in some 25 seconds.
DEFAULTS: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "santral",
    "client_encoding": "utf8",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25000,
}
_BUSY = N_("The store {place} is busy: another process has been writing for more than {seconds} seconds.")
_LOST = N_("The connection to the store {place} was lost.")
_FULL = N_("The disk that holds the store {place} is full.")
_LATE = N_("The store {place} took too long to answer.")
_UNWRITABLE = N_("The store {place} cannot be written.")
_FORBIDDEN = N_("The database user of the store {place} may not do that; docs/operations.md names the rights.")
_CROWDED = N_("The store {place} has no connection left for us.")
_DAMAGED = N_("The store {place} is damaged; restore it from a backup.")
_NO_MEMORY = N_("There is not enough memory to use the store {place}.")
_FAILED = N_("The disk failed while the store {place} was read or written.")
_OTHER = N_("The store {place} is not as we left it; run `santral store check`.")
_SAYINGS = {
    "55P03": _BUSY,
    "57014": _LATE,
    "53100": _FULL,
    "53200": _NO_MEMORY,
    "53300": _CROWDED,
    "25006": _UNWRITABLE,
    "25P03": _LOST,
    "42501": _FORBIDDEN,
    "42P01": _OTHER,
    "3F000": _OTHER,
}
_CLASSES = {"08": _LOST, "40": _BUSY, "57": _LOST, "58": _FAILED, "XX": _DAMAGED}
CONFLICTS = frozenset({"40001", "40P01"})
BUSY_S = 5
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Place:
    """`parameters`: what the driver is given, password included; as text: what a person is told."""

    name: str
    parameters: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        """Host, port and database."""
        return self.name

    def reason(self, error: BaseException) -> str:
        """Why there is no connection, in the words of the driver; without a password, should one ever stand there."""
        lines = str(error).strip().splitlines() or ["no reason given"]
        password = str(self.parameters.get("password") or "")
        told = lines[0].rpartition("failed: ")[2].removesuffix(".")[:_LONGEST_REASON]
        return told.replace(password, "***") if password else told


def place_of(url: str) -> Place:
    """The place an address names. ConfigurationError for one that cannot be read; it is not repeated there."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise ConfigurationError(
            "SANTRAL_DATABASE_URL cannot be read.", hint="Write postgresql://user:password@host:5432/database."
        ) from None
    parameters = {**DEFAULTS, **{name: value for name, value in given.items() if value is not None}}
    host = parameters.get("host") or parameters.get("hostaddr") or "localhost"
    port = f":{parameters['port']}" if parameters.get("port") else ""
    return Place(f"postgresql://{host}{port}/{parameters.get('dbname') or ''}", parameters)


def conflicts(error: BaseException) -> bool:
    """Whether the server took a transaction back only because it met another one."""
    return isinstance(error, psycopg.Error) and error.sqlstate in CONFLICTS


def said(error: psycopg.Error, place: Place) -> StoreUnavailable | None:
    """The sentence for a failure of the world around the database; None for anything else (a bug of ours)."""
    state = error.sqlstate
    if state is None:
        is_connection = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        template = _LOST if is_connection else None
    else:
        template = _SAYINGS.get(state) or _CLASSES.get(state[:2])
    return None if template is None else StoreUnavailable(template, place=str(place), seconds=BUSY_S)


def own(error: BaseException, place: Place) -> BaseException:
    """What a caller should be told of an error that came up in a transaction."""
    is_no_text = isinstance(error, psycopg.DataError) and error.sqlstate is None and "NUL" in str(error)
    if is_no_text or isinstance(error, UnicodeEncodeError):
        return InvalidInput("A text holds characters that are no characters; type it again.")
    if isinstance(error, psycopg.Error):
        return said(error, place) or error
    return error


@contextmanager
def telling(place: Place) -> Iterator[None]:
    """Turn what the driver raises into our own errors."""
    try:
        yield
    except (psycopg.Error, UnicodeEncodeError) as error:
        told = own(error, place)
        if told is error:
            raise
        raise told from error
