"""Opening a PostgreSQL store by its address. The only entry to the modules that need the driver."""

from integration.adapters.store.audit_keeper import Keeper, Seal
from integration.adapters.store.postgres_inline import InlinePostgresStore
from integration.adapters.store.postgres_link import Link
from integration.adapters.store.postgres_place import place_of
from integration.adapters.store.postgres_schema import make_ready
from integration.ports.store import Store


def open_postgres(url: str, seal: Seal, *, inline: bool, create: bool) -> Store:
    """Open the store of a database; see `integration.adapters.store.open_database`."""
    link = Link(place_of(url))
    try:
        make_ready(link.connection, link.place, create=create)
        keeper = _keeper(link, seal)
    except BaseException:
        link.close()
        raise
    if inline:
        return InlinePostgresStore(link, keeper)
    from integration.adapters.store.postgres import PostgresStore  # noqa: PLC0415 - asyncio and threads: the service

    return PostgresStore(link, keeper)


def _keeper(link: Link, seal: Seal) -> Keeper:
    """An audit that is still empty may be given a key and a file of checkpoints; any other needs its own."""
    row = link.connection.execute("SELECT EXISTS (SELECT FROM audit)").fetchone()
    is_empty = row == (False,)
    if is_empty:
        seal.make()
    keeper = seal.keeper()
    if is_empty and keeper.checkpoints is not None:
        keeper.checkpoints.start()
    return keeper
