"""The schema of a PostgreSQL store: is it there, is it ours and today's, and making it in an empty database.

The store wants a database, or a schema first in `search_path`, of its own. It is made from the shipped text in one
transaction under the writers' lock, so of several who make it at once the first does and the others find it made.
"""

from domain.errors import NotFound
from integration.adapters.store.postgres_link import BEGIN_WRITE, Connection
from integration.adapters.store.postgres_place import Place, telling
from integration.adapters.store.revisions import check_revision
from integration.adapters.store.texts import texts_of
from integration.errors import ConfigurationError

_STATE = (
    "SELECT current_setting('server_encoding'), to_regclass('alembic_version') IS NOT NULL, EXISTS (SELECT FROM "
    "pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm'))"
)


def revision_of(connection: Connection, place: Place) -> str | None:
    """The schema's revision; empty for an empty database, None for somebody else's.

    ConfigurationError for a database that cannot keep every letter there is.
    """
    encoding, is_stamped, has_tables = connection.execute(_STATE, prepare=False).fetchone() or ("", False, False)
    if encoding != "UTF8":
        raise ConfigurationError("The database {place} is not kept in UTF8; make one that is.", place=str(place))
    if not is_stamped:
        return None if has_tables else ""
    row = connection.execute("SELECT version_num FROM alembic_version", prepare=False).fetchone()
    return None if row is None else str(row[0])


def fill(connection: Connection) -> None:
    """Make the schema, inside the transaction under way."""
    for statement in texts_of("postgresql").ddl:
        connection.execute(statement, prepare=False)


def install(connection: Connection, place: Place) -> None:
    """Make the schema, unless another process has just done so."""
    connection.execute(BEGIN_WRITE, prepare=False)
    try:
        if revision_of(connection, place) == "":
            fill(connection)
        connection.execute("COMMIT", prepare=False)
    except BaseException:
        if not connection.closed:
            connection.execute("ROLLBACK", prepare=False)
        raise


def make_ready(connection: Connection, place: Place, *, create: bool) -> None:
    """Make what is missing when `create`, and see that the schema is today's.

    NotFound for an empty database, ConfigurationError or StoreUnavailable for another schema.
    """
    with telling(place):
        found = revision_of(connection, place)
        if found == "":
            if not create:
                raise NotFound("There is no Santral store at {place}; run `santral init`.", place=str(place))
            install(connection, place)
            found = revision_of(connection, place)
    check_revision(found, texts_of("postgresql"), str(place))
